"""What a gate may look at: facts through a view that notes what was read, the plan, the catalogue and the present."""

from __future__ import annotations

from msgspec import Struct

from cockpit.domain.catalogue import Playing
from cockpit.domain.facts import FactsView
from cockpit.domain.plan import Plan

__all__ = ["FactsView", "World"]


class World(Struct, frozen=True):
    """Everything a gate is a function of. `now` in UTC epoch seconds."""

    facts: FactsView
    plan: Plan
    catalogue: Playing
    now: float
