"""What a gate may look at: facts through a view that notes what was read, the plan, the catalogue and the present."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from msgspec import Struct

from cockpit.domain.catalogue import Playing
from cockpit.domain.evidence import Kind, Seen, V
from cockpit.domain.plan import Plan


class FactsView(Protocol):
    """The reading half of Facts. A view may note what was read, so that only that must be judged again."""

    def look(self, kind: Kind[V], subject: str) -> Seen[V] | None:
        """Return the newest value of `kind` for `subject`, fresh or not; None when never seen."""

    def fresh(self, kind: Kind[V], subject: str, now: float) -> Seen[V] | None:
        """Return the value only while it is fresh."""

    def subjects(self, kind: Kind[V], start: str = "") -> Iterator[str]:
        """Yield the subjects of which `kind` was ever seen, those that begin with `start`, sorted."""


class World(Struct, frozen=True):
    """Everything a gate is a function of. `now` in UTC epoch seconds."""

    facts: FactsView
    plan: Plan
    catalogue: Playing
    now: float
