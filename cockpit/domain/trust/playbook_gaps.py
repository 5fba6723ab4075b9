"""The first two steps of the rule: is it said what the desk wants, and is there a way to it."""

from __future__ import annotations

from cockpit.domain.evidence import Provenance
from cockpit.domain.interface import Interface
from cockpit.domain.level import Level
from cockpit.domain.plan import Flow, Plan
from cockpit.domain.register import CredentialKind, DeviceRole
from cockpit.domain.remedy import Remedy
from cockpit.domain.trust.remedies import OPEN_SETTINGS, SHOW_PLAYBOOK
from cockpit.domain.trust.row import Step, Weakness
from cockpit.domain.words import counted

_OAUTH = (CredentialKind.OAUTH_CONSUMER, CredentialKind.ACCESS_TOKEN, CredentialKind.LIVE_SESSION)


def playbook_gaps(plan: Plan, now: float) -> list[Weakness]:
    """Return what the playbook leaves open: no flows, lines that are no tickets, interfaces that are not set up."""
    said = Provenance.INFERRED
    found = []
    if not plan.flows:
        cure = Remedy("Write down what you sign in for: the playbook.", SHOW_PLAYBOOK, 10)
        found.append(
            Weakness(
                "no-flows",
                "Nothing is planned",
                Level.UNKNOWN,
                "The playbook is empty: what the desk must be ready for is not said",
                Step.OBJECTIVE,
                cure,
                said,
                now,
                source="rule: the playbook",
            )
        )
    for flow in plan.flows:
        if flow.drafts:
            cure = Remedy("Complete its lines in the playbook.", SHOW_PLAYBOOK, 5)
            found.append(
                Weakness(
                    f"drafts/{flow.key}",
                    f"{flow.title}: not planned to the end",
                    Level.LIMITED,
                    f"{counted(len(flow.drafts), 'line')} cannot be read as a ticket and is not checked",
                    Step.OBJECTIVE,
                    cure,
                    said,
                    now,
                    source="rule: the playbook",
                )
            )
        if not has_way(plan, flow):
            cure = Remedy("Set the interface up here, or choose another for the flow.", OPEN_SETTINGS, 10)
            found.append(
                Weakness(
                    f"no-way/{flow.key}",
                    f"{flow.title}: no way to it",
                    Level.LIMITED,
                    f"It goes through {flow.interface.label}, which this desk has not set up",
                    Step.INTERFACE,
                    cure,
                    said,
                    now,
                    source="rule: the playbook against the settings and the register",
                )
            )
    return found


def has_way(plan: Plan, flow: Flow) -> bool:
    """Whether the settings or the register name what the flow's interface needs."""
    register = plan.register
    match flow.interface:
        case Interface.TWS | Interface.TWS_API:
            return plan.socket_of(flow) is not None
        case Interface.CLIENT_PORTAL:
            return plan.portal is not None
        case Interface.FLEX:
            return plan.flex is not None
        case Interface.MOBILE:
            return any(one.role is DeviceRole.PHONE for one in register.devices)
        case Interface.WEB_API:
            return any(one.kind in _OAUTH for one in register.credentials)
        case Interface.DESKTOP:
            return True  # nothing about it can be set up here
