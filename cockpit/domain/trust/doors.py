"""The doors of this PC: the gateway, its certificate, the API sockets, and whether the API takes orders."""

from __future__ import annotations

from ipaddress import ip_address

from cockpit.domain import kinds
from cockpit.domain.evidence import Provenance, Seen
from cockpit.domain.facts import FactsView
from cockpit.domain.interface import Interface
from cockpit.domain.kinds import DAY
from cockpit.domain.level import Level
from cockpit.domain.plan import Objective, Plan, Portal, Socket, is_loopback, is_this_pc
from cockpit.domain.register import CredentialKind, Scope
from cockpit.domain.remedy import Remedy
from cockpit.domain.trust.points import Point, row_of, seen_point, silent, told
from cockpit.domain.trust.remedies import (
    LOOK_AGAIN,
    OPEN_SETTINGS,
    SHOW_API_SETTINGS,
    SHOW_DESK_CERTIFICATE,
    SHOW_GATEWAY_LINES,
    TRUST_CERTIFICATE,
)
from cockpit.domain.trust.row import TrustGroup, TrustRow
from cockpit.domain.words import MONTHS, iso, listed

SHARES = (
    "whoever gets in shares your sign-in: the gateway has one for all callers (seen on the build of 2023)"
)
_CLOSE = Remedy(
    "Add an allow list and one deny entry under ips in the gateway's conf.yaml, or close the port in the firewall.",
    SHOW_GATEWAY_LINES,
    5,
)
_LOOKING = (Objective.MONITOR, Objective.RESEARCH)
SOON = 30 * DAY


def gateway_door(facts: FactsView, plan: Plan, portal: Portal, now: float) -> TrustRow:
    """Judge who gets through to the Client Portal gateway."""
    points = _closed(facts, portal.host, portal.port, portal.subject, now)
    if not points:
        points = [
            _owner(facts, portal.subject, now),
            _gateway_reach(facts, portal, now),
            _cross_origin(facts, portal, now),
            told(SHARES, Provenance.INFERRED),
        ]
    title = f"Gateway door, port {portal.port}"
    return row_of("door/gateway", title, TrustGroup.DOORS, points, now, plan.zone)


def _closed(facts: FactsView, host: str, port: int, subject: str, now: float) -> list[Point]:
    """What is to be said of a door that is none of this PC's, or that nothing holds open; else nothing."""
    if not is_this_pc(host):
        return [silent("on another machine: who reaches it there cannot be seen from here", None)]
    listening = facts.fresh(kinds.LISTENING, subject, now)
    if listening is not None and not listening.value:
        return [seen_point(Level.READY, f"nothing listens on {port}: the door is shut", listening, now)]
    return []


def _owner(facts: FactsView, subject: str, now: float) -> Point:
    known = facts.look(kinds.PORT_OWNER_KNOWN, subject)
    name = facts.look(kinds.PORT_OWNER, subject)
    if known is None:
        return silent("who listens there was not looked at", LOOK_AGAIN)
    who = name.value if name is not None and name.value else "a program that cannot be named"
    if known.value:
        return seen_point(Level.READY, f"held open by {who}", known, now)
    cure = Remedy("End that program, or name it under owners in the settings if it is yours.", OPEN_SETTINGS)
    return seen_point(Level.BLOCKED, f"held open by {who}, which is none the desk expects", known, now, cure)


def _gateway_reach(facts: FactsView, portal: Portal, now: float) -> Point:
    bound = facts.look(kinds.BOUND_TO, portal.subject)
    if bound is None or not bound.is_fresh(now) or not bound.value:
        return silent("from where it can be reached was not looked at", LOOK_AGAIN)
    if all(is_loopback(address) for address in bound.value):
        return seen_point(Level.READY, "this PC only", bound, now)
    allowed = facts.look(kinds.ALLOWED_ADDRESSES, portal.subject)
    if allowed is None or not allowed.is_fresh(now):
        return Point(
            Level.UNKNOWN,
            "reachable from the network; whether its address filter works is not known",
            bound.provenance,
            bound.at,
            _CLOSE,
        )
    if filters(allowed.value):
        words = (
            f"reachable from the network, its filter lets {listed([masked_address(a) for a in allowed.value])} in; "
            "its stream passes the filter by"
        )
        return seen_point(Level.LIMITED, words, allowed, now, _CLOSE)
    words = "reachable from the network; its address filter is empty, so everyone who connects shares your sign-in"
    if allowed.value:
        words = (
            "reachable from the network; what its address filter lists matches nothing or everything, "
            "so everyone who connects shares your sign-in"
        )
    return seen_point(Level.BLOCKED, words, allowed, now, _CLOSE)


def filters(allowed: tuple[str, ...]) -> bool:
    """Whether an allow list of the gateway keeps anybody out: only dotted numbers with stars for whole parts count.

    Seen on the build of 2023: ranges with a slash and words match nothing, and the filter then fails open.
    """
    return bool(allowed) and any(_is_pattern(entry) for entry in allowed) and not any(map(_lets_all, allowed))


def _is_pattern(entry: str) -> bool:
    parts = entry.strip().split(".")
    return 1 < len(parts) <= 4 and all(
        part == "*" or (part.isascii() and part.isdigit() and int(part) <= 255) for part in parts
    )


def _lets_all(entry: str) -> bool:
    return set(entry.strip()) <= {"*", "."} and "*" in entry


def _cross_origin(facts: FactsView, portal: Portal, now: float) -> Point:
    seen = facts.look(kinds.CROSS_ORIGIN, portal.subject)
    cure = Remedy(
        "Set origin.allowed under cors in the gateway's conf.yaml to the one origin that needs it.",
        SHOW_GATEWAY_LINES,
        5,
    )
    if seen is None:
        return silent("whether web pages may drive it was not looked at", cure)
    if not seen.value:
        return seen_point(Level.READY, "web pages of other sites are kept out", seen, now)
    return seen_point(Level.LIMITED, "a web page of any site may drive it from your browser", seen, now, cure)


def gateway_certificate(facts: FactsView, plan: Plan, portal: Portal, now: float) -> TrustRow:
    """Judge what the gateway proves about itself."""
    seen = facts.look(kinds.CERTIFICATE, portal.subject)
    own = Remedy(
        "Give the gateway a certificate of your own (sslCert, sslPwd in conf.yaml) and pin it.",
        SHOW_DESK_CERTIFICATE,
        10,
    )
    if seen is None:
        points = [silent("its certificate was not seen yet", LOOK_AGAIN)]
    elif seen.value == "desk":
        points = [seen_point(Level.READY, "your own certificate, pinned: it is your gateway", seen, now)]
    elif seen.value == "vendor":
        words = "vendor default: encrypted, not authenticated; its private key is public"
        points = [seen_point(Level.LIMITED, words, seen, now, own)]
    else:
        cure = Remedy("Compare its fingerprint with your gateway's, then trust it.", TRUST_CERTIFICATE, 2)
        words = "a certificate nobody has trusted: it may not be your gateway, and nothing was sent"
        points = [seen_point(Level.BLOCKED, words, seen, now, cure)]
    ends = facts.look(kinds.CERTIFICATE_ENDS, portal.subject)
    at, words = _end_of(ends, now)
    if ends is not None and words:
        points.append(told(f"{words}; the pin counts, not the date", ends.provenance, ends.at))
    return row_of(
        "door/gateway-certificate",
        "Gateway certificate",
        TrustGroup.DOORS,
        points,
        now,
        plan.zone,
        ends=at,
        ends_words=words,
    )


def _end_of(ends: Seen[float] | None, now: float) -> tuple[float | None, str]:
    if ends is None or ends.value <= 0:
        return None, ""
    if ends.value <= now:
        return ends.value, f"expired {_month(ends.value)}"
    return ends.value, "ends soon" if ends.value - now < SOON else ""


def _month(at: float) -> str:
    year, month = iso(at)[:7].split("-")
    return f"{MONTHS[int(month) - 1]} {year}"


def api_door(facts: FactsView, plan: Plan, socket: Socket, now: float) -> TrustRow:
    """Judge who gets through to an API socket."""
    points = _closed(facts, socket.host, socket.port, socket.subject, now)
    if not points:
        points = [_owner(facts, socket.subject, now), _api_reach(facts, socket, now)]
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


def masked_address(address: str) -> str:
    """Hide the second half of an address: `192.168.•.•`."""
    parts = address.split(".")
    if len(parts) == 4:
        return ".".join([*parts[:2], "•", "•"])
    try:
        whole = ip_address(address)
    except ValueError:
        return address
    return f"{whole.exploded.split(':')[0]}:…" if whole.version == 6 else address
