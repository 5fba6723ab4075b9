"""What was seen today of sessions and data, as spans: a value, from when to when it was confirmed."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from cockpit.domain import kinds
from cockpit.domain.evidence import MOST_AHEAD, Observation, Provenance, Value
from cockpit.domain.kinds import HOUR

KEPT = 36 * HOUR  # a day of the desk, wherever it begins, and the evening before
MOST = 1500  # spans; a session that flaps all day leaves some hundred
_KINDS = (
    kinds.UPSTREAM,
    kinds.DOOR,
    kinds.CONNECTED_AT,
    kinds.DATA_TAKEN,
    kinds.FEED,
    kinds.PORTAL_STAGE,
    kinds.OAUTH_STATE,
    kinds.OPENED_AT,
)
FACTS = frozenset(kind.name for kind in _KINDS)
"""The names of the facts on which custody rests: what a journal has to give back of a day."""

FRESH_FOR = {kind.name: kind.fresh_for for kind in _KINDS}


class Span(Struct, frozen=True):
    """A value that held: when it was first and last confirmed (UTC epoch seconds), never stale between."""

    subject: str
    fact: str
    value: Value
    first: float
    last: float
    provenance: Provenance = Provenance.MEASURED

    @property
    def fresh_until(self) -> float:
        """Until when it speaks, unless something newer does."""
        return self.last + FRESH_FOR[self.fact]


class History(Struct, frozen=True):
    """The spans of the last day and a half, in the order in which they began."""

    spans: tuple[Span, ...] = ()


def heard(history: History, observations: Iterable[Observation], now: float) -> History:
    """Return the history after `observations`; the same one when they say nothing of custody.

    An observation older than the newest of its fact is left out, and so is one from the future of `now` (UTC epoch
    seconds): a clock was wrong.
    """
    news = sorted(
        (seen for seen in observations if seen.fact in FACTS and seen.at <= now + MOST_AHEAD),
        key=lambda seen: seen.at,
    )
    if not news:
        return history
    spans = [span for span in history.spans if span.last >= now - KEPT]
    newest = {(span.subject, span.fact): place for place, span in enumerate(spans)}
    for seen in news:
        key = (seen.subject, seen.fact)
        place = newest.get(key)
        before = spans[place] if place is not None else None
        if before is not None and place is not None:
            if seen.at < before.last:
                continue
            if _goes_on(before, seen):
                spans[place] = replace(before, last=seen.at)
                continue
        newest[key] = len(spans)
        spans.append(Span(seen.subject, seen.fact, seen.value, seen.at, seen.at, seen.provenance))
    return History(tuple(sorted(spans, key=lambda span: span.first)[-MOST:]))


def _goes_on(before: Span, seen: Observation) -> bool:
    is_same = (before.value, before.provenance) == (seen.value, seen.provenance)
    return is_same and seen.at <= before.fresh_until
