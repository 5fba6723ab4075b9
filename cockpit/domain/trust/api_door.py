"""The API sockets: who gets through, which programs do, and whether the API takes orders."""

from __future__ import annotations

from cockpit.domain import kinds
from cockpit.domain.facts import FactsView
from cockpit.domain.interface import Interface
from cockpit.domain.level import Level
from cockpit.domain.plan import Objective, Plan, Socket, is_loopback
from cockpit.domain.register import CredentialKind, Scope
from cockpit.domain.remedy import Remedy
from cockpit.domain.trust.points import Point, row_of, seen_point, silent, told
from cockpit.domain.trust.ports import closed, masked_address, owner
from cockpit.domain.trust.remedies import LOOK_AGAIN, SHOW_API_SETTINGS
from cockpit.domain.trust.row import TrustGroup, TrustRow
from cockpit.domain.words import listed

_LOOKING = (Objective.MONITOR, Objective.RESEARCH)


def api_door(facts: FactsView, plan: Plan, socket: Socket, now: float) -> TrustRow:
    """Judge who gets through to an API socket."""
    points = closed(facts, socket.host, socket.port, socket.subject, now)
    if not points:
        points = [owner(facts, socket.subject, now), _api_reach(facts, socket, now)]
    clients = client_words(facts, plan, socket)
    points += [told(clients)] if clients else []
    title = f"{'TWS API' if socket.program == 'TWS' else socket.program} door, port {socket.port}"
    return row_of(f"door/{socket.subject}", title, TrustGroup.DOORS, points, now, plan.zone)


def _api_reach(facts: FactsView, socket: Socket, now: float) -> Point:
    cure = Remedy(
        "Tick Allow connections from localhost only: Global Configuration, API, Settings.",
        SHOW_API_SETTINGS,
        2,
    )
    bound = facts.look(kinds.BOUND_TO, socket.subject)
    if bound is None or not bound.is_fresh(now) or not bound.value:
        return silent("from where it can be reached was not looked at", LOOK_AGAIN)
    trusted = facts.fresh(kinds.TRUSTED_ADDRESSES, socket.subject, now)
    others = [] if trusted is None else [one for one in trusted.value if not is_loopback(one)]
    if all(is_loopback(address) for address in bound.value):
        listed_too = (
            f"; its trusted list names {listed([masked_address(one) for one in others])}" if others else ""
        )
        return seen_point(Level.READY, f"this PC only{listed_too}", bound, now)
    if trusted is None:
        words = "open to the network; whom TWS lets in without asking is not known"
        return Point(Level.UNKNOWN, words, bound.provenance, bound.at, cure)
    if others:
        words = f"open to the network; {listed([masked_address(one) for one in others])} comes in without being asked"
    else:
        words = "open to the network; TWS asks before it lets anybody in"
    return seen_point(Level.LIMITED, words, bound, now, cure)


def client_words(facts: FactsView, plan: Plan, socket: Socket) -> str:
    """Say which client ids use a socket: ours as measured, those of others as the register says."""
    ours = facts.look(kinds.CLIENT_ID, socket.subject)
    used = [] if ours is None else [f"{ours.value} (cockpit)"]
    used += [
        f"{one.number} ({one.tool or one.name})"
        for one in plan.register.credentials
        if one.kind in (CredentialKind.CLIENT_ID, CredentialKind.MASTER_ID)
    ]
    return f"clients {', '.join(used)}" if used else ""


def read_only_box(facts: FactsView, plan: Plan, socket: Socket, now: float) -> TrustRow:
    """Say whether the API takes orders, and whether anybody here wants it to."""
    seen = facts.look(kinds.READ_ONLY, socket.subject)
    if seen is None:
        cure = Remedy(
            "Ask once, by hand: Global Configuration, API, Settings, Read-Only API.", SHOW_API_SETTINGS
        )
        points = [silent("not asked: asking could raise a dialog in TWS", cure)]
    elif seen.value:
        points = [seen_point(Level.READY, "ticked: programs read and cannot send orders", seen, now)]
    elif wants_orders(plan, socket):
        points = [
            seen_point(Level.READY, "not ticked: programs may send orders, as the desk wants", seen, now)
        ]
    else:
        cure = Remedy(
            "Tick Read-Only API in Global Configuration, API, Settings: no program here needs to send.",
            SHOW_API_SETTINGS,
            1,
        )
        words = "not ticked: any program that connects may send orders, and none here needs to"
        points = [seen_point(Level.LIMITED, words, seen, now, cure)]
    title = "Read-only API box" if len(plan.sockets) == 1 else f"Read-only API box, {socket.name}"
    return row_of(f"read-only/{socket.name}", title, TrustGroup.DOORS, points, now, plan.zone)


def wants_orders(plan: Plan, socket: Socket) -> bool:
    """Whether a flow trades through this socket by a program, or a registered client id is there to trade."""
    flows = any(
        flow.interface is Interface.TWS_API
        and flow.objective not in _LOOKING
        and plan.socket_of(flow) == socket
        for flow in plan.flows
    )
    tools = any(
        one.kind is CredentialKind.CLIENT_ID and one.used_for is Scope.TRADE
        for one in plan.register.credentials
    )
    return flows or tools
