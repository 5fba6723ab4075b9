"""The last gate: limits that the trader or the broker has set against slips. They show only when they strike."""

from __future__ import annotations

from cockpit.domain.gates.gate import Case, Gate, GateAnswer
from cockpit.domain.gates.weighing import inferred, weigh
from cockpit.domain.gates.world import World
from cockpit.domain.level import Level


def precautions(world: World, case: Case) -> GateAnswer:
    """Has a precaution stopped it. No interface lists its presets, so silence is taken for consent and says so.

    A refusal seen today takes this answer's place (refusals.py), and so does a preview that went through.
    """
    calm = "No preset or price check has stopped it; only a rehearsal proves that none will"
    return weigh(Gate.PRECAUTIONS, [inferred(Level.READY, calm, "rule: no refusal seen")], "")
