"""Capability: can the ticket go through the interface that its flow prefers, and if not, which gate is in the way."""

from __future__ import annotations

from cockpit.domain.checks import market
from cockpit.domain.checks.answers import Target, eased
from cockpit.domain.facts import Facts
from cockpit.domain.gates.columns import case
from cockpit.domain.gates.gate import Column, Gate, GateAnswer
from cockpit.domain.gates.ladder import ladder
from cockpit.domain.gates.world import World
from cockpit.domain.interface import Interface
from cockpit.domain.level import Level
from cockpit.domain.plan import Plan
from cockpit.domain.readiness import Finding

# Sessions, prices and contracts have lines of their own. What a gate does not know is for the ladder to show: this line
# says what was found against the ticket, and a rehearsal proves the rest.
_GATES = {
    Gate.INTERFACE: "order-type-not-offered",
    Gate.ACCOUNT: "account-cannot-trade",
    Gate.PERMISSION: "permission-missing",
    Gate.ENTITY: "entity-rule",
    Gate.PRECAUTIONS: "precaution",
}


def ticket(facts: Facts, plan: Plan, target: Target, now: float) -> Finding:
    """Does the contract resolve and take the order, and does any gate of the ticket's route stand against it."""
    offered = market.ticket(facts, plan, target, now)
    if offered.level is not Level.READY or target.ticket is None:
        return offered
    against = _against(facts, plan, target, now)
    if against is None:
        return offered
    finding = Finding(
        against.level,
        against.sentence,
        against.provenance,
        against.at,
        None,
        against.remedy,
        _GATES[against.gate],
        against.quote or against.source,
    )
    return eased(finding, plan, target)


def _against(facts: Facts, plan: Plan, target: Target, now: float) -> GateAnswer | None:
    """Return the first gate that blocks, else the first that wants care; None when nothing was found."""
    if target.ticket is None:
        return None
    flow = next((flow for flow in plan.flows if flow.key in (target.flows or ())), None)
    interface = flow.interface if flow is not None else Interface.TWS
    door = target.the_socket().name if interface is Interface.TWS_API else ""
    one = case(plan, target.ticket, Column(interface, door))
    if one is None:
        return None
    answers = ladder(World(facts, plan, target.catalogue, now), one).answers
    for level in (Level.BLOCKED, Level.LIMITED):
        for answer in answers:
            if answer.level is level and answer.gate in _GATES:
                return answer
    return None
