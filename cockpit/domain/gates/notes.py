"""A view of the facts that notes what a judge reads, and when that next grows stale."""

from __future__ import annotations

import math
from collections.abc import Iterator

from cockpit.domain.evidence import MOST_AHEAD, Kind, Seen, V
from cockpit.domain.facts import FactsView

Read = tuple[str, str]  # subject and name of the kind
EVERY = "*"  # stands for the subject where all subjects of a kind were asked for


class Notes:
    """Reads through to `facts`. Between `begin` and `end` it notes every look, found or not.

    What was seen is kept for as long as the view lives, so that the same fact is asked for once only: a view belongs
    to one value of Facts and one moment.
    """

    def __init__(self, facts: FactsView, now: float) -> None:
        self._facts = facts
        self._now = now
        self._seen: dict[Read, object] = {}
        self._turns: dict[Read, float] = {}
        self._read: set[Read] = set()

    def begin(self) -> None:
        """Forget what was noted."""
        self._read = set()

    def end(self) -> tuple[set[Read], float]:
        """Return what was read since `begin`, and the first moment at which one of it changes its freshness."""
        turns = self._turns
        return self._read, min((turns[read] for read in self._read if read in turns), default=math.inf)

    def look(self, kind: Kind[V], subject: str) -> Seen[V] | None:
        """Return the newest value, and note that it was asked for."""
        read = (subject, kind.name)
        self._read.add(read)
        if read in self._seen:
            return self._seen[read]  # type: ignore[return-value]  # kept under the name of its own kind
        seen = self._facts.look(kind, subject)
        self._seen[read] = seen
        if seen is not None:
            turn = _turn(seen, self._now)
            if turn is not None:
                self._turns[read] = turn
        return seen

    def fresh(self, kind: Kind[V], subject: str, now: float) -> Seen[V] | None:
        """Return the value only while it is fresh, and note that it was asked for."""
        seen = self.look(kind, subject)
        return seen if seen is not None and seen.is_fresh(now) else None

    def subjects(self, kind: Kind[V], start: str = "") -> Iterator[str]:
        """Yield the subjects of a kind, and note that all of them were asked for."""
        self._read.add((EVERY, kind.name))
        return self._facts.subjects(kind, start)


def _turn(seen: Seen[V], now: float) -> float | None:
    """The next moment at which the value begins or ceases to be fresh; None when it will not."""
    if seen.is_from_before:
        return None
    begins, ends = seen.at - MOST_AHEAD, seen.at + seen.fresh_for
    if begins > now:
        return begins
    return ends if ends >= now else None
