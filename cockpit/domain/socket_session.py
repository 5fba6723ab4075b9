"""One API socket's row of the Sessions pane, read from the facts."""

from __future__ import annotations

from cockpit.domain import kinds
from cockpit.domain.calendar import is_restarting, next_end
from cockpit.domain.evidence import Provenance
from cockpit.domain.facts import FactsView
from cockpit.domain.interface import Interface
from cockpit.domain.kinds import Door, Upstream
from cockpit.domain.level import Level
from cockpit.domain.plan import Plan, Socket, is_this_pc
from cockpit.domain.remedy import Remedy
from cockpit.domain.session import Session, Stage
from cockpit.domain.words import clock, masked, moment, span, zone_letters


def program_subject(program: str) -> str:
    """Return the subject under which a program's process is known."""
    return "program/" + program.lower().replace(" ", "-")


def title_of(socket: Socket, plan: Plan) -> str:
    """Return a socket's name on screen; where there are several, with what it leads to."""
    return socket.title if len(plan.sockets) == 1 else f"{socket.title}, {socket.mode.value}"


def is_data_taken(facts: FactsView, socket: Socket) -> bool:
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


def socket_session(facts: FactsView, plan: Plan, socket: Socket, now: float) -> Session:
    """Read one API socket's row."""
    door = facts.look(kinds.DOOR, socket.subject)
    address = f"API {socket.host}:{socket.port}"
    key, title = socket.subject, title_of(socket, plan)
    if door is None:
        return Session(key, Interface.TWS, title, Stage.UNKNOWN, Level.UNKNOWN, "Not looked yet", (address,))
    state = Door(door.value)
    at, since, provenance = door.at, door.since, door.provenance
    if state is Door.REFUSED:
        return _refused(facts, plan, socket, door.at, door.since, now, address)
    if state is not Door.OPEN:
        stage, level, word, remedy = _CLOSED[state]
        level = level if door.is_fresh(now) else Level.UNKNOWN
        detail = (address, f"since {clock(since, plan.zone, seconds=True)}")
        return Session(
            key, Interface.TWS, title, stage, level, word, detail, (), provenance, at, since, remedy=remedy
        )
    return _open(facts, plan, socket, now, address)


def _refused(
    facts: FactsView, plan: Plan, socket: Socket, at: float, since: float, now: float, address: str
) -> Session:
    running = facts.fresh(kinds.RUNNING, program_subject(socket.program), now)
    if is_restarting(plan, now):
        word = "Restarting"
        line = f"as planned for {plan.restart_at}; nothing listens on {socket.port} yet"
        remedy = Remedy("Wait a few minutes: the cockpit connects by itself.", "reconnect", 5)
    elif is_this_pc(socket.host) and running is not None and running.value:
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
        title_of(socket, plan),
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


def _open(facts: FactsView, plan: Plan, socket: Socket, now: float, address: str) -> Session:
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
    rule = next((rule for rule in plan.session_ends if rule.weekday >= 0), None)
    if rule is not None:
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
        taken = facts.look(kinds.DATA_TAKEN, subject)
        since = taken.since if taken is not None else None
        remedy = Remedy(
            "Another login with this username takes the live data. Sign out there, then run the check again.",
            "run-check",
        )
    elif read_only is not None and read_only.value and not read_only.is_from_before:
        stage, level, word, since = Stage.SIGNED_IN, Level.LIMITED, "Reading only", read_only.since
        remedy = Remedy(
            "Untick Read-Only API in Global Configuration, API, Settings, if programs should send orders."
        )
    if since is None:
        connected = facts.look(kinds.CONNECTED_AT, subject)
        since = connected.value if connected is not None else None
    return Session(
        subject,
        Interface.TWS,
        title_of(socket, plan),
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
