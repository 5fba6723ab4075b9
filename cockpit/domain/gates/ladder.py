"""The ladder of a route: every gate's answer in order."""

from __future__ import annotations

from cockpit.domain.gates.columns import case, cases, columns
from cockpit.domain.gates.gate import Case, Ladder
from cockpit.domain.gates.table import GATE_TABLE
from cockpit.domain.gates.world import World

__all__ = ["case", "cases", "columns", "ladder"]


def ladder(world: World, one: Case) -> Ladder:
    """Judge every gate of one route."""
    return Ladder(one, tuple(row.judge(world, one) for row in GATE_TABLE))
