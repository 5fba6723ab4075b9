"""The history looked up by moment: which value spoke at a time, and at which moments anything changed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from cockpit.domain import kinds
from cockpit.domain.custody.history import History, Span
from cockpit.domain.evidence import Kind, V


class Tracks:
    """The spans of a history, by subject and fact. Made for one reading of a history and then dropped."""

    def __init__(self, history: History) -> None:
        self._spans: dict[tuple[str, str], list[Span]] = {}
        for span in history.spans:
            self._spans.setdefault((span.subject, span.fact), []).append(span)

    def spoke(self, kind: Kind[V], subject: str, at: float) -> Span | None:
        """Return what was fresh at a moment; None when nothing was."""
        span = self.last(kind, subject, at)
        return span if span is not None and at <= span.fresh_until else None

    def last(self, kind: Kind[V], subject: str, at: float) -> Span | None:
        """Return the newest span that had begun by a moment, fresh or not."""
        spans = self._spans.get((subject, kind.name), [])
        place = bisect_right(spans, at, key=lambda span: span.first)
        return spans[place - 1] if place else None

    def each(self, kind: Kind[V], subject: str) -> list[Span]:
        """Return every span of one fact, in order."""
        return self._spans.get((subject, kind.name), [])

    def below(self, kind: Kind[V], start: str) -> list[str]:
        """Return the subjects of a kind that begin with `start`, sorted."""
        return sorted(s for s, fact in self._spans if fact == kind.name and s.startswith(start))

    def turns(self, start: float, end: float) -> list[float]:
        """Return the moments between `start` and `end` at which anything may have changed, both included, in order."""
        found = {start, end}
        found.update(at for at in self._turns() if start < at < end)
        return sorted(found)

    def _turns(self) -> Iterator[float]:
        for spans in self._spans.values():
            for span in spans:
                yield span.first
                if span.fact != kinds.CONNECTED_AT.name:
                    yield span.fresh_until
