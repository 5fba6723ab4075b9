"""What is asked of every door of this PC: whether anything holds it open, and whether that is whom the desk expects."""

from __future__ import annotations

from ipaddress import ip_address

from cockpit.domain import kinds
from cockpit.domain.facts import FactsView
from cockpit.domain.level import Level
from cockpit.domain.plan import is_this_pc
from cockpit.domain.remedy import Remedy
from cockpit.domain.trust.points import Point, seen_point, silent
from cockpit.domain.trust.remedies import LOOK_AGAIN, OPEN_SETTINGS


def closed(facts: FactsView, host: str, port: int, subject: str, now: float) -> list[Point]:
    """What is to be said of a door that is none of this PC's, or that nothing holds open; else nothing."""
    if not is_this_pc(host):
        return [silent("on another machine: who reaches it there cannot be seen from here", None)]
    listening = facts.fresh(kinds.LISTENING, subject, now)
    if listening is not None and not listening.value:
        return [seen_point(Level.READY, f"nothing listens on {port}: the door is shut", listening, now)]
    return []


def owner(facts: FactsView, subject: str, now: float) -> Point:
    """Say whether who listens there is one whom the desk expects."""
    known = facts.look(kinds.PORT_OWNER_KNOWN, subject)
    name = facts.look(kinds.PORT_OWNER, subject)
    if known is None:
        return silent("who listens there was not looked at", LOOK_AGAIN)
    who = name.value if name is not None and name.value else "a program that cannot be named"
    if known.value:
        return seen_point(Level.READY, f"held open by {who}", known, now)
    cure = Remedy("End that program, or name it under owners in the settings if it is yours.", OPEN_SETTINGS)
    return seen_point(Level.BLOCKED, f"held open by {who}, which is none the desk expects", known, now, cure)


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
