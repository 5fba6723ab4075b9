"""Trading sessions and closed days of a venue for some weeks ahead, and how they stand in a fact.

A fact holds texts, so each session is one: `1793975400 1793998800`, with ` early` behind it when the venue closes
before its usual time; each closed day is `1793923200 1794009600 2026-11-06`, its midnights and its date at the venue.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from cockpit.domain import kinds
from cockpit.domain.facts import FactsView

_EARLY = "early"
_MOST_DIGITS = 11  # of a moment: a calendar reaches no further


class TradingSession(Struct, frozen=True):
    """One session of a venue, in UTC epoch seconds: open from `opens` on, closed from `closes` on."""

    opens: float
    closes: float
    ends_early: bool = False


class ClosedDay(Struct, frozen=True):
    """A day of the venue's usual week on which it stays closed: its midnights (UTC epoch seconds) and its date."""

    begins: float
    ends: float
    date: str


def sessions_as_text(sessions: Iterable[TradingSession]) -> tuple[str, ...]:
    """Write sessions as a fact holds them."""
    return tuple(
        f"{one.opens:.0f} {one.closes:.0f}{' ' + _EARLY if one.ends_early else ''}" for one in sessions
    )


def closed_as_text(days: Iterable[ClosedDay]) -> tuple[str, ...]:
    """Write closed days as a fact holds them."""
    return tuple(f"{day.begins:.0f} {day.ends:.0f} {day.date}" for day in days)


def sessions_from_text(texts: Iterable[str]) -> tuple[TradingSession, ...]:
    """Read what `sessions_as_text` wrote, oldest first; what another version wrote otherwise is left out."""
    found = []
    for text in texts:
        words = text.split()
        span = _span(words)
        if span is not None and len(words) <= 3:
            found.append(TradingSession(*span, ends_early=words[2:] == [_EARLY]))
    return tuple(sorted(found, key=lambda one: one.opens))


def closed_from_text(texts: Iterable[str]) -> tuple[ClosedDay, ...]:
    """Read what `closed_as_text` wrote, oldest first; what another version wrote otherwise is left out."""
    found = []
    for text in texts:
        words = text.split()
        span = _span(words)
        if span is not None and len(words) == 3:
            found.append(ClosedDay(*span, words[2]))
    return tuple(sorted(found, key=lambda day: day.begins))


def _span(words: list[str]) -> tuple[float, float] | None:
    if len(words) < 2 or not all(word.isdecimal() and len(word) <= _MOST_DIGITS for word in words[:2]):
        return None
    begins, ends = float(words[0]), float(words[1])
    return (begins, ends) if begins < ends else None


def sessions_ahead(facts: FactsView, venue: str, now: float) -> tuple[TradingSession, ...] | None:
    """Return the sessions of `venue` that are running or ahead, soonest first; None when its hours are not known.

    Where only the next open and close are known, these make one session; its beginning is `now` when it runs.
    """
    subject = f"venue/{venue}"
    seen = facts.fresh(kinds.SESSIONS_AHEAD, subject, now)
    if seen is not None:
        found = tuple(one for one in sessions_from_text(seen.value) if one.closes > now)
        return found or None
    opens = facts.fresh(kinds.NEXT_OPEN, subject, now)
    closes = facts.fresh(kinds.NEXT_CLOSE, subject, now)
    if opens is None or closes is None or closes.value <= now:
        return None
    begins = opens.value if opens.value < closes.value else now
    early = facts.fresh(kinds.EARLY_CLOSE, subject, now)
    return (TradingSession(begins, closes.value, early is not None and early.value),)
