"""The first four gates: identity, second factor, device and address, and the session that proves all three."""

from __future__ import annotations

from msgspec.structs import replace

from cockpit.domain import kinds
from cockpit.domain.evidence import Provenance
from cockpit.domain.gates.doors import GATEWAY, socket_of, tws_sockets
from cockpit.domain.gates.gate import Case, Gate, GateAnswer
from cockpit.domain.gates.weighing import RUN_CHECK, Voice, inferred, published, voice, weigh
from cockpit.domain.gates.world import World
from cockpit.domain.interface import Interface
from cockpit.domain.kinds import Door, PortalDoor, Upstream
from cockpit.domain.level import Level
from cockpit.domain.plan import Socket
from cockpit.domain.portal_session import portal_session
from cockpit.domain.remedy import Remedy
from cockpit.domain.session import Session, Stage
from cockpit.domain.socket_session import program_subject, socket_session
from cockpit.domain.web_api_session import web_api_session

_STANDING = (Stage.TRADING, Stage.SIGNED_IN, Stage.LIMITED)
_ATTEST = Remedy("Open the app and say so here: one click keeps the time.", "attest-mobile")
_OAUTH = Remedy(
    "Send it elsewhere, or give the desk OAuth access of its own in the settings.", "open-settings"
)
_PROOF = {
    Gate.IDENTITY: "A session stands: the broker knows this user",
    Gate.SECOND_FACTOR: "A session stands: its second factor was given",
    Gate.DEVICE: "A session stands: this address was let in",
}
_SILENT = {
    Gate.IDENTITY: "No session proves who is signed in",
    Gate.SECOND_FACTOR: "No session proves that the second factor works now",
    Gate.DEVICE: "No session proves that the broker takes this address",
}
_RULE = "rule: a standing session has passed the gates before it"


def session(world: World, case: Case) -> GateAnswer:
    """Is there a session at this column's interface that takes orders."""
    column = case.column
    if column.interface is Interface.TWS_API:
        socket = socket_of(world, column)
        voices = [] if socket is None else _socket(world, socket)
    elif column.interface is Interface.TWS:
        voices = _tws(world)
    elif column.interface is Interface.CLIENT_PORTAL:
        voices = _portal(world)
    elif column.interface is Interface.WEB_API:
        voices = _web_api(world)
    elif column.interface is Interface.MOBILE:
        voices = _mobile(world)
    elif column.interface is Interface.DESKTOP:
        voices = _desktop(world)
    elif column.interface is Interface.FLEX:
        voices = [published(Level.READY, "Statements need a token, not a session", "Flex Web Service")]
    else:
        voices = []
    if column.interface is Interface.WEB_API and world.plan.web_api is not None:
        return weigh(Gate.SESSION, voices, "Its session was not looked at")
    silence, cure = _SESSION_SILENCE.get(column.interface, ("Its session was not looked at", RUN_CHECK))
    return weigh(Gate.SESSION, voices, silence, cure)


_SESSION_SILENCE = {
    Interface.WEB_API: ("The desk has no OAuth access of its own: its session cannot be seen", _OAUTH),
    Interface.MOBILE: ("Nobody has said that the app is open", _ATTEST),
    Interface.DESKTOP: ("Its sign-in cannot be seen from outside", RUN_CHECK),
}


def identity(world: World, case: Case) -> GateAnswer:
    """Is this a user who reaches the account."""
    reach = _reach(world, case)
    return _proven(Gate.IDENTITY, world, case, reach)


def second_factor(world: World, case: Case) -> GateAnswer:
    """Has the second factor been given; no interface says so itself."""
    return _proven(Gate.SECOND_FACTOR, world, case, [])


def device(world: World, case: Case) -> GateAnswer:
    """Are this device and its address let in."""
    said: list[Voice] = []
    column, now = case.column, world.now
    socket = socket_of(world, column)
    if socket is not None:
        door = world.facts.look(kinds.DOOR, socket.subject)
        if door is not None and door.value == Door.SHUT:
            cure = Remedy(
                "Add this PC's address to the trusted addresses: Global Configuration, API, Settings.",
                "reconnect",
            )
            said.append(voice(Level.BLOCKED, "TWS turns this address away", door, now, "door: shut", cure))
    if column.interface is Interface.CLIENT_PORTAL:
        gate = world.facts.look(kinds.PORTAL_DOOR, GATEWAY)
        if gate is not None and gate.value == PortalDoor.DENIED:
            cure = Remedy("Allow this address under ips in the gateway's conf.yaml and start it again.")
            said.append(
                voice(Level.BLOCKED, "The gateway refuses this address", gate, now, "door: denied", cure)
            )
        elif gate is not None and gate.value == PortalDoor.UNKNOWN_CERTIFICATE:
            cure = Remedy("Compare the fingerprint with your gateway's, then trust it.", "trust-certificate")
            said.append(
                voice(
                    Level.BLOCKED, "The gateway shows an unknown certificate", gate, now, "certificate", cure
                )
            )
    return _proven(Gate.DEVICE, world, case, said)


def _proven(gate: Gate, world: World, case: Case, said: list[Voice]) -> GateAnswer:
    """Answer for a gate that only a session proves, unless something spoke about it itself."""
    if case.column.interface is Interface.FLEX:
        return weigh(
            gate, [published(Level.READY, "A Flex token stands for the user", "Flex Web Service")], ""
        )
    if not said:
        stood = session(world, case)
        at = _standing_since(world, case)
        if at is not None:
            proof = Voice(Level.READY, _PROOF[gate], Provenance.INFERRED, at, stood.until, _RULE)
            said = [proof]
    return weigh(gate, said, _SILENT[gate], None)


def _standing_since(world: World, case: Case) -> float | None:
    """When a session was last seen to stand here, whether or not it takes orders; None when it is not sure."""
    interface = case.column.interface
    rows: list[Session] = []
    if interface is Interface.TWS_API:
        socket = socket_of(world, case.column)
        rows = [] if socket is None else [_row(world, socket)]
    elif interface is Interface.TWS:
        rows = [_row(world, one) for one in tws_sockets(world)]
    elif interface is Interface.CLIENT_PORTAL and world.plan.portal is not None:
        row = portal_session(world.facts, world.plan, world.plan.portal, world.now)
        rows = [row] if row.word != "Broker unreachable" else []
    for row in rows:
        if row.stage in _STANDING and row.level.is_usable:
            return row.at
    if interface is Interface.MOBILE:
        said = session(world, case)
        return said.at if said.level is Level.READY else None
    return None


def _reach(world: World, case: Case) -> list[Voice]:
    """What the session says about the account that the ticket names."""
    wanted = case.account or case.ticket.account
    column = case.column
    if column.interface is Interface.TWS_API:
        seen = world.facts.look(kinds.ACCOUNTS, f"tws/{column.door}")
    elif column.interface is Interface.CLIENT_PORTAL:
        seen = world.facts.look(kinds.PORTAL_ACCOUNTS, GATEWAY)
    elif column.interface is Interface.WEB_API and world.plan.web_api is not None:
        seen = world.facts.look(kinds.PORTAL_ACCOUNTS, world.plan.web_api.subject)
    else:
        return []
    if seen is None or not wanted or not seen.value or wanted in seen.value:
        return []
    cure = Remedy(
        "Sign in with the user that manages the account, or change the ticket's account.", "open-sign-in"
    )
    return [
        voice(Level.BLOCKED, "This sign-in does not manage the account", seen, world.now, "accounts", cure)
    ]


def _row(world: World, socket: Socket) -> Session:
    """The socket's row; when the broker was lost and nobody has seen it come back, no more than unknown."""
    row = socket_session(world.facts, world.plan, socket, world.now)
    upstream = world.facts.look(kinds.UPSTREAM, socket.subject)
    if upstream is None or upstream.value != Upstream.DOWN or upstream.is_fresh(world.now):
        return row
    level = row.level if row.level is Level.BLOCKED else Level.UNKNOWN
    return replace(row, level=level, word="The broker was lost; not seen since", remedy=RUN_CHECK)


def _of_row(row: Session, order_path_level: Level, sentence: str, fresh_for: float) -> list[Voice]:
    if row.at is None or row.provenance is None:
        return []
    until = row.at + fresh_for
    return [Voice(order_path_level, sentence, row.provenance, row.at, until, row.key, row.remedy)]


def _socket(world: World, socket: Socket) -> list[Voice]:
    """A socket that only reads takes no orders: for the Sessions pane a limit, for an order the end."""
    row = _row(world, socket)
    level, sentence = row.level, f"{row.title}: {row.word.lower()}"
    if row.word == "Reading only":
        level, sentence = Level.BLOCKED, "The API is set to read only: it takes no orders (code 321)"
    return _of_row(row, level, sentence, kinds.ROUND_TRIP.fresh_for)


def _tws(world: World) -> list[Voice]:
    """The window is judged by what its API shows; a closed API says nothing about the window."""
    said: list[Voice] = []
    for socket in tws_sockets(world):
        row = _row(world, socket)
        if row.stage in _STANDING and row.at is not None and row.word != "Not answering":
            level = Level.BLOCKED if row.level is Level.BLOCKED else row.level
            if row.word == "Reading only":
                level = Level.READY  # the switch binds programs, not hands
            sentence = "TWS is signed in" if level is Level.READY else f"TWS: {row.word.lower()}"
            until = row.at + kinds.ROUND_TRIP.fresh_for
            said.append(Voice(level, sentence, Provenance.MEASURED, row.at, until, row.key, row.remedy))
    if said:
        best = min(said, key=lambda one: one.level.rank)
        return [best]  # several windows of TWS: the order goes through the one that works
    running = world.facts.look(kinds.RUNNING, program_subject("TWS"))
    if running is not None and not running.value:
        cure = Remedy("Start TWS and sign in.", "", 3)
        return [voice(Level.BLOCKED, "TWS does not run on this PC", running, world.now, "processes", cure)]
    return []


def _portal(world: World) -> list[Voice]:
    """Signed in is not trading: only the second tier takes orders."""
    if world.plan.portal is None:
        return []
    row = portal_session(world.facts, world.plan, world.plan.portal, world.now)
    level = Level.BLOCKED if row.level is Level.LIMITED else row.level
    return _of_row(row, level, f"Client Portal: {row.word.lower()}", kinds.PORTAL_STAGE.fresh_for)


def _web_api(world: World) -> list[Voice]:
    """As with the gateway, only a trading session takes orders; this door can start none."""
    if world.plan.web_api is None:
        return []
    row = web_api_session(world.facts, world.plan.web_api, world.now, world.plan.zone)
    level = Level.BLOCKED if row.level is Level.LIMITED else row.level
    return _of_row(row, level, f"Web API: {row.word.lower()}", kinds.OAUTH_STATE.fresh_for)


def _mobile(world: World) -> list[Voice]:
    seen = world.facts.look(kinds.OPENED_AT, "mobile")
    if seen is None:
        return []
    ends = seen.value + world.plan.mobile_access
    is_open = seen.value <= world.now < ends
    level = Level.READY if is_open else Level.UNKNOWN
    sentence = (
        "The app was opened within its trading window" if is_open else "Its trading window may have ended"
    )
    cure = None if is_open else _ATTEST
    return [Voice(level, sentence, Provenance.ATTESTED, seen.value, ends, "attested: app opened", cure)]


def _desktop(world: World) -> list[Voice]:
    running = world.facts.look(kinds.RUNNING, "program/ibkr-desktop")
    if running is not None and not running.value:
        cure = Remedy("Start IBKR Desktop and sign in, or send it from TWS.")
        return [
            voice(
                Level.BLOCKED, "IBKR Desktop does not run on this PC", running, world.now, "processes", cure
            )
        ]
    if running is not None and running.is_fresh(world.now):
        return [
            inferred(
                Level.UNKNOWN, "It runs; its sign-in cannot be seen from outside", "processes", RUN_CHECK
            )
        ]
    return []
