"""The Sessions pane as a pure function: one row per sign-in, read from the facts."""

from __future__ import annotations

from cockpit.domain import kinds
from cockpit.domain.calendar import next_end
from cockpit.domain.evidence import Provenance
from cockpit.domain.facts import Facts
from cockpit.domain.interface import Interface
from cockpit.domain.kinds import Door, PortalDoor, PortalStage, Upstream
from cockpit.domain.level import Level
from cockpit.domain.plan import Plan, Portal, Socket
from cockpit.domain.remedy import Remedy
from cockpit.domain.session import Session, Stage
from cockpit.domain.words import clock, masked, moment, span, zone_letters


def sessions(facts: Facts, plan: Plan, now: float) -> tuple[Session, ...]:
    """Return one row per sign-in, the desk's own doors first."""
    rows = [socket_session(facts, plan, socket, now) for socket in plan.sockets]
    if plan.portal is not None:
        rows.append(portal_session(facts, plan, plan.portal, now))
    rows.append(_mobile(facts, plan, now))
    rows.append(_desktop(facts, plan, now))
    return tuple(rows)


def custody(facts: Facts, plan: Plan, now: float) -> str:
    """Say who holds trading: this desk, another login, or nobody known."""
    rows = [socket_session(facts, plan, socket, now) for socket in plan.sockets]
    if any(is_data_taken(facts, socket) for socket in plan.sockets):
        return "live data: another login"
    if any(row.stage is Stage.TRADING and row.level is not Level.UNKNOWN for row in rows):
        return "this desk"
    stage = facts.fresh(kinds.PORTAL_STAGE, Portal.subject, now)
    if stage is not None and stage.value == PortalStage.COMPETING:
        return "another login"
    if stage is not None and stage.value == PortalStage.TRADING:
        return "Client Portal"
    return "not known"


def program_subject(program: str) -> str:
    """Return the subject under which a program's process is known."""
    return "program/" + program.lower().replace(" ", "-")


def is_data_taken(facts: Facts, socket: Socket) -> bool:
    """Whether another login holds the live data. It holds until live data is seen again or the session begins anew."""
    seen = facts.look(kinds.DATA_TAKEN, socket.subject)
    connected = facts.look(kinds.CONNECTED_AT, socket.subject)
    return seen is not None and seen.value and (connected is None or seen.at >= connected.value)


# What each state of the door means on screen: stage, level, word, what to do.
_CLOSED: dict[Door, tuple[Stage, Level, str, Remedy]] = {
    Door.UNREACHABLE: (
        Stage.ABSENT,
        Level.BLOCKED,
        "Not reachable",
        Remedy("Check the host name and the network between this PC and the one TWS runs on.", "reconnect"),
    ),
    Door.SHUT: (
        Stage.REACHABLE,
        Level.BLOCKED,
        "Turned away",
        Remedy(
            "Add this PC's address to the trusted addresses in TWS: Global Configuration, API, Settings.",
            "reconnect",
        ),
    ),
    Door.MUTE: (
        Stage.SIGNING_IN,
        Level.BLOCKED,
        "Waits for somebody",
        Remedy(
            "Look at the TWS window: a message or an accept-connection question waits there. Answer it.",
            "reconnect",
        ),
    ),
    Door.WAITING: (
        Stage.SIGNING_IN,
        Level.BLOCKED,
        "Still signing in",
        Remedy("Finish the sign-in in TWS: it answers, but has no accounts yet.", "reconnect"),
    ),
    Door.CLIENT_ID_TAKEN: (
        Stage.REACHABLE,
        Level.BLOCKED,
        "Client id taken",
        Remedy(
            "Every client id of the cockpit's range is in use. Close the other program that uses it, "
            "or wait: after a crash TWS may hold an id until it restarts.",
            "reconnect",
        ),
    ),
    Door.TOO_OLD: (
        Stage.REACHABLE,
        Level.BLOCKED,
        "Versions do not meet",
        Remedy("Update TWS: its API protocol and the cockpit's have no version in common."),
    ),
    Door.STRANGER: (
        Stage.ABSENT,
        Level.BLOCKED,
        "Port owned by another program",
        Remedy(
            "Find out which program listens on the port, or name it in the settings if it is yours.",
            "open-settings",
        ),
    ),
    Door.LOST: (
        Stage.ENDED,
        Level.BLOCKED,
        "Connection ended",
        Remedy(
            "The cockpit tries again by itself. If TWS restarts now, wait; else look at its window.",
            "reconnect",
        ),
    ),
    Door.SILENT: (
        Stage.LIMITED,
        Level.BLOCKED,
        "Not answering",
        Remedy(
            "TWS holds the connection but answers nothing: look at its window and its memory.", "reconnect"
        ),
    ),
}


def socket_session(facts: Facts, plan: Plan, socket: Socket, now: float) -> Session:
    """Read one API socket's row."""
    door = facts.look(kinds.DOOR, socket.subject)
    address = f"API {socket.host}:{socket.port}"
    key, title = socket.subject, socket.title
    if door is None:
        return Session(key, Interface.TWS, title, Stage.UNKNOWN, Level.UNKNOWN, "Not looked yet", (address,))
    state = Door(door.value)
    at, since, provenance = door.at, door.since, door.provenance
    if state is Door.REFUSED:
        return _refused(facts, socket, door.at, door.since, now, address)
    if state is not Door.OPEN:
        stage, level, word, remedy = _CLOSED[state]
        level = level if door.is_fresh(now) else Level.UNKNOWN
        detail = (address, f"since {clock(since, plan.zone, seconds=True)}")
        return Session(
            key, Interface.TWS, title, stage, level, word, detail, (), provenance, at, since, remedy=remedy
        )
    return _open(facts, plan, socket, now, address)


def _refused(facts: Facts, socket: Socket, at: float, since: float, now: float, address: str) -> Session:
    running = facts.fresh(kinds.RUNNING, program_subject(socket.program), now)
    if running is not None and running.value:
        word = "API closed"
        line = f"{socket.program} runs, but nothing listens on {socket.port}"
        remedy = Remedy(
            f"Sign in to {socket.program}, then tick Enable ActiveX and Socket Clients in Global Configuration, API, "
            f"Settings, and compare the socket port with {socket.port}.",
            "reconnect",
            2,
        )
    else:
        word = "Not running"
        line = f"nothing listens on {socket.port}"
        remedy = Remedy(f"Start {socket.program} and sign in.", "reconnect", 3)
    level = Level.BLOCKED if now - at <= kinds.DOOR.fresh_for else Level.UNKNOWN
    return Session(
        socket.subject,
        Interface.TWS,
        socket.title,
        Stage.ABSENT,
        level,
        word,
        (address, line),
        (),
        Provenance.MEASURED,
        at,
        since,
        remedy=remedy,
    )


def _open(facts: Facts, plan: Plan, socket: Socket, now: float, address: str) -> Session:
    subject = socket.subject
    trip = facts.look(kinds.ROUND_TRIP, subject)
    accounts = facts.look(kinds.ACCOUNTS, subject)
    version = facts.look(kinds.SERVER_VERSION, subject)
    client = facts.look(kinds.CLIENT_ID, subject)
    upstream = facts.fresh(kinds.UPSTREAM, subject, now)
    parts = [address]
    if version is not None:
        parts.append(f"protocol {version.value}")
    if client is not None:
        parts.append(f"client {client.value}")
    lines = [" · ".join(parts)]
    held = accounts.value if accounts is not None else ()
    ends = None
    if plan.restart_at:
        lines.append(f"Restart {plan.restart_at}")
    if plan.session_ends:
        rule = plan.session_ends[0]
        ends = next_end(rule, now)
        text = f"{rule.title} {moment(ends, now, plan.zone)} {zone_letters(ends, plan.zone)}"
        lines = [lines[0], f"{lines[1]} · {text}"] if len(lines) > 1 else [lines[0], text]
    if held:
        lines.append(", ".join(masked(account) for account in held[:3]))
    stage, level, word = Stage.TRADING, Level.READY, "Trading"
    remedy: Remedy | None = None
    at = trip.at if trip is not None else None
    since: float | None = None
    read_only = facts.look(kinds.READ_ONLY, subject)
    if trip is None or not trip.is_fresh(now):
        stage, level, word = Stage.UNKNOWN, Level.UNKNOWN, "Not confirmed"
        if trip is not None:
            lines.append(f"last answer {span(trip.age(now))} ago")
    elif upstream is not None and upstream.value == Upstream.DOWN:
        stage, level, word, since = Stage.LIMITED, Level.BLOCKED, "Broker unreachable", upstream.since
        remedy = Remedy(
            "TWS has lost the broker's servers and reconnects by itself. Check the internet line."
        )
    elif is_data_taken(facts, socket):
        stage, level, word = Stage.LIMITED, Level.LIMITED, "Live data taken"
        remedy = Remedy(
            "Another login with this username takes the live data. Sign out there to get it back."
        )
    elif read_only is not None and read_only.value:
        stage, level, word = Stage.SIGNED_IN, Level.LIMITED, "Reading only"
        remedy = Remedy(
            "Untick Read-Only API in Global Configuration, API, Settings, if programs should send orders."
        )
    if since is None:
        connected = facts.look(kinds.CONNECTED_AT, subject)
        since = connected.value if connected is not None else None
    return Session(
        subject,
        Interface.TWS,
        socket.title,
        stage,
        level,
        word,
        tuple(lines[:3]),
        held,
        Provenance.MEASURED,
        at,
        since,
        ends,
        trip.value if trip is not None else None,
        remedy,
    )


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
        Remedy("Decide which program keeps the session; sign out in the other one to trade from here."),
    ),
    PortalStage.BACKEND_LOST: (
        Stage.LIMITED,
        Level.LIMITED,
        "Broker unreachable",
        "The gateway has lost the broker's back end",
        Remedy("Wait: it may come back by itself. TWS has its own line and is not affected."),
    ),
    PortalStage.UPSTREAM_DEAD: (
        Stage.LIMITED,
        Level.LIMITED,
        "Upstream dead",
        "The gateway answers, the broker behind it does not",
        Remedy("Check VPN, proxy and name service on this PC, and the gateway's log. TWS has its own line."),
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


def portal_session(facts: Facts, plan: Plan, portal: Portal, now: float) -> Session:
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


def _mobile(facts: Facts, plan: Plan, now: float) -> Session:
    seen = facts.look(kinds.OPENED_AT, "mobile")
    row = Interface.MOBILE
    if seen is None:
        return Session(
            "mobile",
            row,
            row.label,
            Stage.UNKNOWN,
            Level.UNKNOWN,
            "Not attested",
            ("Nothing of the phone is visible from this PC",),
            remedy=Remedy("Say when you have opened it: one click keeps the time.", "attest-mobile"),
            is_used=False,
        )
    ends = seen.value + plan.mobile_access
    level = Level.READY if now < ends else Level.UNKNOWN
    line = (
        f"Drops to view-only by {moment(ends, now, plan.zone)} with a PIN"
        if now < ends
        else "Its access may have ended"
    )
    return Session(
        "mobile",
        row,
        row.label,
        Stage.SIGNED_IN if now < ends else Stage.UNKNOWN,
        level,
        f"Attested {moment(seen.value, now, plan.zone)}",
        (line,),
        provenance=Provenance.ATTESTED,
        at=seen.value,
        since=seen.value,
        ends=ends,
        remedy=None if now < ends else Remedy("Open IBKR Mobile again and say so here.", "attest-mobile"),
        is_used=now < ends,
    )


def _desktop(facts: Facts, plan: Plan, now: float) -> Session:
    row = Interface.DESKTOP
    seen = facts.look(kinds.RUNNING, "program/ibkr-desktop")
    if seen is None or not seen.is_fresh(now):
        return Session(
            "desktop", row, row.label, Stage.UNKNOWN, Level.UNKNOWN, "Not looked yet", is_used=False
        )
    if not seen.value:
        return Session(
            "desktop",
            row,
            row.label,
            Stage.ABSENT,
            Level.UNKNOWN,
            "Not running",
            ("Seen by its process only; it has no API",),
            provenance=seen.provenance,
            at=seen.at,
            since=seen.since,
            is_used=False,
        )
    return Session(
        "desktop",
        row,
        row.label,
        Stage.REACHABLE,
        Level.UNKNOWN,
        "Running",
        ("Its sign-in cannot be seen; it shares the username's one trading session",),
        provenance=seen.provenance,
        at=seen.at,
        since=seen.since,
    )
