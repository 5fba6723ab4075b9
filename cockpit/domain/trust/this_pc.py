"""This desk's PC: what guards it as it was measured, and who could drive it from afar."""

from __future__ import annotations

from cockpit.domain import kinds
from cockpit.domain.facts import FactsView
from cockpit.domain.level import Level
from cockpit.domain.plan import Plan
from cockpit.domain.register import DeviceRole
from cockpit.domain.remedy import Remedy
from cockpit.domain.trust.points import Point, row_of, seen_point, silent
from cockpit.domain.trust.remedies import LOOK_AGAIN, UNLOCK_VAULT
from cockpit.domain.trust.row import TrustGroup, TrustRow
from cockpit.domain.words import listed, signed, span

DESK = "desk"
KEYCHAIN_OPEN = "open"  # the note of KEYCHAIN while the keychain works; any other note says why it does not
SHOWN_OFFSET = 10.0  # seconds a clock may be off before codes are shown with a warning
WITHHELD_OFFSET = 30.0  # seconds a clock may be off before codes are withheld
LONGEST_LOCK = 15 * 60.0  # seconds until the screen locks; our own rule


def this_pc(facts: FactsView, plan: Plan, now: float) -> TrustRow:
    """Judge the PC the cockpit runs on."""
    names = [one.name for one in plan.register.devices if one.role is DeviceRole.DESK_PC]
    name = names[0] if names else plan.desk
    points = (
        disk(facts, now),
        screen(facts, now),
        clock(facts, plan, now),
        keychain(facts, now),
        restart(facts, now),
    )
    pending = facts.fresh(kinds.REBOOT_PENDING, DESK, now)
    ends_words = "" if pending is None else "restart pending" if pending.value else "restart pending: none"
    return row_of(
        "this-pc", f"This PC, {name}", TrustGroup.THIS_PC, points, now, plan.zone, ends_words=ends_words
    )


def disk(facts: FactsView, now: float) -> Point:
    """Is the disk with the profile encrypted."""
    seen = facts.look(kinds.DISK_ENCRYPTED, DESK)
    if seen is None:
        return silent("disk encryption not readable here", LOOK_AGAIN)
    if seen.value:
        return seen_point(Level.READY, "disk encrypted", seen, now)
    cure = Remedy(
        "Encrypt the disk (BitLocker, FileVault or LUKS): a stolen PC gives away settings and journal.",
        "",
        60,
    )
    return seen_point(Level.LIMITED, "disk not encrypted", seen, now, cure)


def screen(facts: FactsView, now: float) -> Point:
    """Does the screen lock by itself."""
    seen = facts.look(kinds.SCREEN_LOCK, DESK)
    if seen is None:
        return silent("screen lock not readable here", LOOK_AGAIN)
    cure = Remedy(
        "Let the screen lock after a few minutes: whoever sits down here is signed in as you.", "", 1
    )
    if seen.value <= 0:
        return seen_point(Level.LIMITED, "the screen never locks by itself", seen, now, cure)
    if seen.value > LONGEST_LOCK:
        return seen_point(Level.LIMITED, f"the screen locks only after {span(seen.value)}", seen, now, cure)
    return seen_point(Level.READY, f"screen lock {span(seen.value)}", seen, now)


def clock(facts: FactsView, plan: Plan, now: float) -> Point:
    """Is the clock right: authenticator codes and every countdown here rest on it."""
    cure = Remedy(
        "Switch on automatic time in the system's settings: codes are refused when the clock is off."
    )
    compared = [facts.fresh(kinds.CLOCK_OFFSET, DESK, now)]
    compared += [facts.fresh(kinds.BROKER_CLOCK, socket.subject, now) for socket in plan.sockets]
    offsets = [one for one in compared if one is not None]
    if not offsets:
        kept = facts.fresh(kinds.CLOCK_SYNCHRONISED, DESK, now)
        if kept is not None and kept.value:
            return silent("clock kept right by the system, compared with nothing", LOOK_AGAIN)
        return silent("the clock was compared with nothing", cure)
    seen = max(offsets, key=lambda one: abs(one.value))
    off = abs(seen.value)
    level = Level.READY if off <= SHOWN_OFFSET else Level.LIMITED if off <= WITHHELD_OFFSET else Level.BLOCKED
    return seen_point(level, f"clock {signed(seen.value)}", seen, now, None if level is Level.READY else cure)


def keychain(facts: FactsView, now: float) -> Point:
    """Is there a keychain for secrets."""
    seen = facts.look(kinds.KEYCHAIN, DESK)
    if seen is None:
        return silent("keychain not asked yet", LOOK_AGAIN)
    if seen.note == KEYCHAIN_OPEN:
        return seen_point(Level.READY, f"secrets in {seen.value}", seen, now)
    cure = Remedy("Unlock or start the keychain: without it no secret is kept.", UNLOCK_VAULT)
    return seen_point(Level.LIMITED, f"keychain: {seen.value.rstrip('.')}", seen, now, cure)


def restart(facts: FactsView, now: float) -> Point:
    """Does the system wait for a restart."""
    seen = facts.look(kinds.REBOOT_PENDING, DESK)
    if seen is None:
        return silent("pending restart not readable here", LOOK_AGAIN)
    if not seen.value:
        return seen_point(Level.READY, "no restart pending", seen, now)
    cure = Remedy("Restart this PC after the close, before it restarts by itself.", "", 10)
    return seen_point(Level.LIMITED, "a restart is pending", seen, now, cure)


def remote_desktop(facts: FactsView, plan: Plan, now: float) -> TrustRow:
    """Judge who could drive this PC from afar."""
    seen = facts.look(kinds.REMOTE_DESKTOP, DESK)
    if seen is None:
        points = [silent("remote control was not looked for", LOOK_AGAIN)]
    elif seen.value:
        cure = Remedy("End remote control while you trade, or make sure that it wants its own second factor.")
        words = f"remote control by {listed(seen.value)}: whoever drives it is signed in as you"
        points = [seen_point(Level.LIMITED, words, seen, now, cure)]
    else:
        points = [seen_point(Level.READY, "no program for remote control runs or listens", seen, now)]
    return row_of("remote-desktop", "Remote control of this PC", TrustGroup.THIS_PC, points, now, plan.zone)
