"""What a line of the device-trust list rests on: points, the worst of which gives the line its level."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from cockpit.domain.evidence import Provenance, Seen, V
from cockpit.domain.level import Level
from cockpit.domain.remedy import Remedy
from cockpit.domain.trust.remedies import LOOK_AGAIN
from cockpit.domain.trust.row import TrustGroup, TrustRow
from cockpit.domain.words import moment

_STRENGTH = {provenance: strength for strength, provenance in enumerate(Provenance)}  # strongest first
_EXPLAINING = (Provenance.PUBLISHED, Provenance.INFERRED)  # stands in the detail, not in a calm sentence
_MOST_WEAK_POINTS = 2  # in the sentence; the rest stands in the detail


class Point(Struct, frozen=True):
    """One thing a line rests on. `words` begin small; `at` in UTC epoch seconds, None for what has no moment.

    `is_told`: it explains and never decides.
    """

    level: Level
    words: str
    provenance: Provenance | None = None
    at: float | None = None
    remedy: Remedy | None = None
    is_told: bool = False


def seen_point(level: Level, words: str, seen: Seen[V], now: float, remedy: Remedy | None = None) -> Point:
    """Let a fact speak; when it is too old, nobody knows."""
    if seen.is_fresh(now):
        return Point(level, words, seen.provenance, seen.at, remedy)
    words = f"{words}, but not looked at since"
    return Point(Level.UNKNOWN, words, seen.provenance, seen.at, remedy or LOOK_AGAIN)


def silent(words: str, remedy: Remedy | None = None) -> Point:
    """Say that nothing was seen."""
    return Point(Level.UNKNOWN, words, remedy=remedy)


def told(words: str, provenance: Provenance | None = None, at: float | None = None) -> Point:
    """Say something that decides nothing."""
    return Point(Level.READY, words, provenance, at, is_told=True)


def row_of(
    key: str,
    title: str,
    group: TrustGroup,
    points: Sequence[Point],
    now: float,
    zone: str,
    *,
    proven: str = "",
    ends: float | None = None,
    ends_words: str = "",
    calm: Remedy | None = None,
) -> TrustRow:
    """Make a line of its points: the worst decides, and every one of them stands in the detail.

    A line that is ready was last proven when the oldest of its evidence was seen, and is as sure as the weakest of
    it. `calm` is what can be done although nothing is wrong.
    """
    worst_first = sorted(
        (one for one in points if not one.is_told), key=lambda one: one.level.rank, reverse=True
    )
    detail = tuple(line_of(one, now, zone) for one in points)
    if not worst_first:
        return TrustRow(key, title, group, Level.UNKNOWN, "Nothing is known of it", detail=detail)
    decisive = worst_first[0]
    if decisive.level is Level.READY:
        dated = [one.at for one in worst_first if one.at is not None]
        said = sentence_of([one.words for one in points if one.provenance not in _EXPLAINING])
        sure = weakest([one.provenance for one in worst_first])
        at = min(dated, default=None)
        remedy = calm
    else:
        # Beside a block what nobody knows is not worth a sentence; beside the unknown a known weakness is.
        weak = [one for one in worst_first if one.level in (decisive.level, Level.LIMITED)]
        said = sentence_of([one.words for one in weak[:_MOST_WEAK_POINTS]], "; ")
        sure, at = decisive.provenance, decisive.at
        remedy = next((one.remedy for one in weak if one.remedy is not None), calm)
    return TrustRow(
        key, title, group, decisive.level, said, sure, at, proven, ends, ends_words, remedy, detail
    )


def line_of(point: Point, now: float, zone: str) -> str:
    """Write a point for the detail: its level, what it says, where that comes from and when it was seen.

    Times are those of the clock, not ages, so that the line stays the same while nothing changes.
    """
    where = "" if point.provenance is None else point.provenance.value
    when = "" if point.at is None else moment(point.at, now, zone)
    origin = " ".join(part for part in (where, when) if part)
    head = "Also" if point.is_told else point.level.value.capitalize()
    return f"{head}: {point.words}" + (f" ({origin})" if origin else "")


def sentence_of(words: Sequence[str], between: str = ", ") -> str:
    """Join what was said to a sentence without a full stop, beginning large."""
    text = between.join(one for one in words if one)
    return text[:1].upper() + text[1:]


def weakest(provenances: Sequence[Provenance | None]) -> Provenance | None:
    """Return the least sure of them; None when none is known. What was attested never passes for measured."""
    known = [one for one in provenances if one is not None]
    return max(known, key=lambda one: _STRENGTH[one], default=None)
