"""The Client Portal gateway: who gets through its door, and what its certificate proves."""

from __future__ import annotations

from cockpit.domain import kinds
from cockpit.domain.evidence import Provenance, Seen
from cockpit.domain.facts import FactsView
from cockpit.domain.kinds import DAY
from cockpit.domain.level import Level
from cockpit.domain.plan import Plan, Portal, is_loopback
from cockpit.domain.remedy import Remedy
from cockpit.domain.trust.points import Point, row_of, seen_point, silent, told
from cockpit.domain.trust.ports import closed, masked_address, owner
from cockpit.domain.trust.remedies import (
    LOOK_AGAIN,
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
SOON = 30 * DAY


def gateway_door(facts: FactsView, plan: Plan, portal: Portal, now: float) -> TrustRow:
    """Judge who gets through to the Client Portal gateway."""
    points = closed(facts, portal.host, portal.port, portal.subject, now)
    if not points:
        points = [
            owner(facts, portal.subject, now),
            _gateway_reach(facts, portal, now),
            _cross_origin(facts, portal, now),
            told(SHARES, Provenance.INFERRED),
        ]
    title = f"Gateway door, port {portal.port}"
    return row_of("door/gateway", title, TrustGroup.DOORS, points, now, plan.zone)


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
