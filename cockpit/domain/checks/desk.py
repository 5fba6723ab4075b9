"""The desk itself: clock, network, power, restart, disk, calendar. These lines advise; they hold up no flow."""

from __future__ import annotations

from cockpit.domain import kinds
from cockpit.domain.calendar import venue_name
from cockpit.domain.checks.answers import ASK_AGAIN, Target, found, unknown
from cockpit.domain.facts import Facts
from cockpit.domain.level import Level
from cockpit.domain.plan import Plan
from cockpit.domain.readiness import Finding
from cockpit.domain.remedy import Remedy
from cockpit.domain.words import moment, signed, span, zone_letters

DESK = "desk"
LEAST_FREE_BYTES = 200 * 1024 * 1024
NOT_READABLE = "Not readable on this system"


def clock(facts: Facts, plan: Plan, target: Target, now: float) -> Finding:
    """Is this PC's clock kept right by somebody."""
    seen = facts.fresh(kinds.CLOCK_SYNCHRONISED, DESK, now)
    if seen is None:
        return unknown(f"{NOT_READABLE}; the broker's clock decides below", None)
    if seen.value:
        return found(Level.READY, "Kept right by the system", seen)
    cure = Remedy("Switch on automatic time in the system's settings.", "")
    return found(
        Level.LIMITED,
        "The system does not synchronise its clock",
        seen,
        cure,
        diagnosis="clock-unsynchronised",
    )


def network(facts: Facts, plan: Plan, target: Target, now: float) -> Finding:
    """Wired, wireless or not at all."""
    seen = facts.fresh(kinds.NETWORK, DESK, now)
    if seen is None:
        return unknown(NOT_READABLE, None)
    words = {
        "wired": "Wired",
        "wireless": "Wireless",
        "none": "No network",
        "unclear": "Up, kind not readable",
    }
    if seen.value == "none":
        cure = Remedy("Plug in the cable or join the network; everything on this PC itself still works.")
        return found(Level.LIMITED, words["none"], seen, cure, diagnosis="no-network")
    return found(Level.READY, words.get(seen.value, seen.value.capitalize()), seen)


def vpn(facts: Facts, plan: Plan, target: Target, now: float) -> Finding:
    """A VPN or another network than before can make the broker ask for the second factor again."""
    tunnel = facts.fresh(kinds.VPN, DESK, now)
    mark = facts.fresh(kinds.NETWORK_PRINT, DESK, now)
    if mark is None:
        return unknown(NOT_READABLE, None)
    through = "through a VPN" if tunnel is not None and tunnel.value else "no VPN"
    if 0 < mark.at - mark.since < 12 * kinds.HOUR and "changed" in mark.note:
        cure = Remedy(
            "Sign in now rather than at the open: a new network can ask for the second factor again."
        )
        answer = f"Network changed at {moment(mark.since, now, plan.zone)}, {through}"
        return found(Level.LIMITED, answer, mark, cure, diagnosis="network-changed")
    return found(Level.READY, f"Same network, {through}", mark)


def power(facts: Facts, plan: Plan, target: Target, now: float) -> Finding:
    """Mains power and the sleep plan."""
    mains = facts.fresh(kinds.ON_MAINS, DESK, now)
    sleep = facts.fresh(kinds.SLEEP_AFTER, DESK, now)
    if mains is not None and not mains.value:
        return found(
            Level.LIMITED, "On battery", mains, Remedy("Plug in the charger."), diagnosis="on-battery"
        )
    if sleep is not None and sleep.value > 0:
        cure = Remedy(
            "Switch sleep off while the market is open: TWS's nightly restart fails on a sleeping PC."
        )
        return found(Level.LIMITED, f"Sleeps after {span(sleep.value)}", sleep, cure, diagnosis="pc-sleeps")
    if sleep is not None:
        return found(Level.READY, "Never sleeps by itself", sleep)
    if mains is not None:
        return found(Level.READY, "On mains; sleep plan not readable", mains)
    return unknown(NOT_READABLE, None)


def reboot(facts: Facts, plan: Plan, target: Target, now: float) -> Finding:
    """Does the system wait for a restart."""
    seen = facts.fresh(kinds.REBOOT_PENDING, DESK, now)
    if seen is None:
        return unknown(NOT_READABLE, None)
    if seen.value:
        cure = Remedy("Restart this PC after the close, before it restarts by itself.")
        return found(Level.LIMITED, "A restart is pending", seen, cure, diagnosis="restart-pending")
    return found(Level.READY, "None pending", seen)


def disk(facts: Facts, plan: Plan, target: Target, now: float) -> Finding:
    """Is there room for the journal."""
    seen = facts.fresh(kinds.DISK_FREE, DESK, now)
    if seen is None:
        return unknown(NOT_READABLE, None)
    free = f"{seen.value / 1024**3:.0f} GB free"
    if seen.value < LEAST_FREE_BYTES:
        cure = Remedy("Free some disk space: the journal pauses when the disk is full.")
        return found(Level.LIMITED, f"{seen.value / 1024**2:.0f} MB free", seen, cure, diagnosis="disk-full")
    return found(Level.READY, free, seen)


def venue(facts: Facts, plan: Plan, target: Target, now: float) -> Finding:
    """When the venue opens and closes next, and whether it closes early."""
    subject = f"venue/{target.venue}"
    opens = facts.fresh(kinds.NEXT_OPEN, subject, now)
    closes = facts.fresh(kinds.NEXT_CLOSE, subject, now)
    if opens is None or closes is None:
        return unknown("Calendar not read yet", None)
    zone = zone_letters(opens.value, plan.zone)
    if opens.value <= now and closes.value <= now:
        return unknown("The calendar that was read is over", ASK_AGAIN)
    if closes.value > now and (opens.value <= now or closes.value < opens.value):
        answer = f"{venue_name(target.venue)} is open until {moment(closes.value, now, plan.zone)} {zone}"
    else:
        wait = span(opens.value - now)
        answer = f"{venue_name(target.venue)} opens {moment(opens.value, now, plan.zone)} {zone}, in {wait}"
    early = facts.fresh(kinds.EARLY_CLOSE, subject, now)
    if early is not None and early.value and closes.value > now:
        answer += f", early close {moment(closes.value, now, plan.zone)}"
        return found(
            Level.LIMITED,
            answer,
            early,
            Remedy("Move what is planned for the afternoon."),
            diagnosis="early-close",
        )
    return found(Level.READY, answer, opens)


def dst(facts: Facts, plan: Plan, target: Target, now: float) -> Finding:
    """Weeks in which New York and Europe are an hour off their usual distance."""
    seen = facts.fresh(kinds.DST_MISMATCH, f"venue/{target.venue}", now)
    if seen is None:
        return unknown("Calendar not read yet", None)
    if seen.value:
        cure = Remedy("European opens and closes are an hour earlier or later in New York time this week.")
        return found(
            Level.LIMITED, "Clocks are off their usual distance", seen, cure, diagnosis="dst-mismatch"
        )
    return found(Level.READY, "Usual distance to Europe", seen)


def skew_words(seconds: float) -> str:
    """Say a clock's offset for an answer."""
    return f"clock {signed(seconds)}"
