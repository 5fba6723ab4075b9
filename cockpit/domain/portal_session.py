"""The Client Portal gateway's row of the Sessions pane: the door first, then how far the sign-in goes."""

from __future__ import annotations

from cockpit.domain import kinds
from cockpit.domain.facts import FactsView
from cockpit.domain.interface import Interface
from cockpit.domain.kinds import PortalDoor, PortalStage
from cockpit.domain.level import Level
from cockpit.domain.plan import Plan, Portal
from cockpit.domain.remedy import Remedy
from cockpit.domain.session import Session, Stage
from cockpit.domain.words import clock, moment, span

_PORTAL_DOORS: dict[PortalDoor, tuple[Stage, Level, str, Remedy]] = {
    PortalDoor.REFUSED: (
        Stage.ABSENT,
        Level.LIMITED,
        "Not running",
        Remedy("Start the Client Portal gateway, then sign in at its page in the browser.", "reconnect", 3),
    ),
    PortalDoor.UNREACHABLE: (
        Stage.ABSENT,
        Level.LIMITED,
        "Not reachable",
        Remedy("Check the gateway's host and port in the settings.", "open-settings"),
    ),
    PortalDoor.UNKNOWN_CERTIFICATE: (
        Stage.REACHABLE,
        Level.BLOCKED,
        "Unknown certificate",
        Remedy(
            "Compare the fingerprint with your gateway's, then trust it; until then nothing is sent.",
            "trust-certificate",
        ),
    ),
    PortalDoor.NOT_TLS: (
        Stage.REACHABLE,
        Level.BLOCKED,
        "No encryption",
        Remedy("The port does not speak TLS: set listenSsl to true in the gateway's conf.yaml."),
    ),
    PortalDoor.DENIED: (
        Stage.REACHABLE,
        Level.LIMITED,
        "Address refused",
        Remedy("Add 127.0.0.1 to the allow list under ips in the gateway's conf.yaml and start it again."),
    ),
    PortalDoor.NO_ANSWER: (
        Stage.REACHABLE,
        Level.LIMITED,
        "Not answering",
        Remedy("The gateway accepts connections but answers nothing: start it again.", "reconnect"),
    ),
    PortalDoor.STRANGER: (
        Stage.ABSENT,
        Level.BLOCKED,
        "Port owned by another program",
        Remedy(
            "Find out which program listens on the port, or name it in the settings if it is yours.",
            "open-settings",
        ),
    ),
}

_PORTAL_STAGES: dict[PortalStage, tuple[Stage, Level, str, str, Remedy | None]] = {
    PortalStage.SIGNED_OUT: (
        Stage.REACHABLE,
        Level.LIMITED,
        "Nobody signed in",
        "The gateway runs, no one has signed in",
        Remedy("Sign in at the gateway's page in the browser.", "open-sign-in", 2),
    ),
    PortalStage.SIGNED_IN: (
        Stage.SIGNED_IN,
        Level.LIMITED,
        "Signed in, not trading",
        "Starting its trading session would take TWS down",
        Remedy("Leave it so while TWS trades. Its trading session would end the one TWS holds."),
    ),
    PortalStage.STARTING: (
        Stage.SIGNING_IN,
        Level.LIMITED,
        "Starting",
        "Signed in, accounts not loaded yet",
        Remedy("Wait half a minute, then run the check again.", "run-check"),
    ),
    PortalStage.TRADING: (Stage.TRADING, Level.READY, "Trading", "", None),
    PortalStage.COMPETING: (
        Stage.LIMITED,
        Level.LIMITED,
        "Held elsewhere",
        "Another program holds this username's trading session",
        Remedy("If it is TWS, leave it so: taking the session here would end the one TWS holds."),
    ),
    PortalStage.BACKEND_LOST: (
        Stage.LIMITED,
        Level.LIMITED,
        "Broker unreachable",
        "The gateway has lost the broker's back end",
        Remedy("Wait: it may come back by itself. TWS has its own connection and is not affected."),
    ),
    PortalStage.UPSTREAM_DEAD: (
        Stage.LIMITED,
        Level.LIMITED,
        "Upstream dead",
        "The gateway answers, the broker behind it does not",
        Remedy(
            "Check VPN, proxy and name service on this PC, and the gateway's log. TWS has its own connection."
        ),
    ),
    PortalStage.COOLING_DOWN: (
        Stage.LIMITED,
        Level.LIMITED,
        "Cooling down",
        "The broker asked for a pause (429)",
        Remedy("Wait until the pause ends; every further call makes it longer."),
    ),
    PortalStage.UNCLEAR: (
        Stage.UNKNOWN,
        Level.UNKNOWN,
        "Unclear",
        "The gateway's answer cannot be read as any known state",
        Remedy("Open the gateway's page in the browser and look.", "open-sign-in"),
    ),
}


def portal_session(facts: FactsView, plan: Plan, portal: Portal, now: float) -> Session:
    """Read the Client Portal gateway's row: door first, then how far the sign-in goes."""
    address = f"Gateway {portal.host}:{portal.port}"
    door = facts.look(kinds.PORTAL_DOOR, portal.subject)
    title = Interface.CLIENT_PORTAL.label
    if door is None:
        return Session(
            portal.subject,
            Interface.CLIENT_PORTAL,
            title,
            Stage.UNKNOWN,
            Level.UNKNOWN,
            "Not looked yet",
            (address,),
        )
    state = PortalDoor(door.value)
    if state is not PortalDoor.OPEN:
        stage, level, word, remedy = _PORTAL_DOORS[state]
        if not door.is_fresh(now):
            level = Level.UNKNOWN
        detail = (address, f"since {clock(door.since, plan.zone, seconds=True)}")
        return Session(
            portal.subject,
            Interface.CLIENT_PORTAL,
            title,
            stage,
            level,
            word,
            detail,
            (),
            door.provenance,
            door.at,
            door.since,
            remedy=remedy,
        )
    seen = facts.look(kinds.PORTAL_STAGE, portal.subject)
    if seen is None:
        return Session(
            portal.subject,
            Interface.CLIENT_PORTAL,
            title,
            Stage.REACHABLE,
            Level.UNKNOWN,
            "Reachable",
            (address,),
            (),
            door.provenance,
            door.at,
            door.since,
        )
    stage, level, word, line, why = _PORTAL_STAGES[PortalStage(seen.value)]
    trip = facts.look(kinds.PORTAL_ROUND_TRIP, portal.subject)
    ends = facts.look(kinds.SSO_ENDS, portal.subject)
    first = address
    if ends is not None and ends.value > now and stage in (Stage.TRADING, Stage.SIGNED_IN):
        first = f"{address} · SSO ends {moment(ends.value, now, plan.zone)}"
    certificate = facts.look(kinds.CERTIFICATE, portal.subject)
    lines = [first]
    if line:
        lines.append(line)
    if certificate is not None and certificate.value == "vendor":
        lines.append("Vendor certificate: encrypted, not authenticated")
    if not seen.is_fresh(now):
        level = Level.UNKNOWN
        lines.append(f"last answer {span(seen.age(now))} ago")
    accounts = facts.look(kinds.PORTAL_ACCOUNTS, portal.subject)
    return Session(
        portal.subject,
        Interface.CLIENT_PORTAL,
        title,
        stage,
        level,
        word,
        tuple(lines[:3]),
        accounts.value if accounts is not None else (),
        seen.provenance,
        seen.at,
        seen.since,
        ends.value if ends is not None else None,
        trip.value if trip is not None and trip.is_fresh(now) else None,
        why,
    )
