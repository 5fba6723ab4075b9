"""What could be done about an event: another time for what the desk sets, a renewal in time, another way in."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from cockpit.domain.calendar import RESTART_TAKES, venue_name
from cockpit.domain.horizon import HorizonEvent, HorizonKind, Shift
from cockpit.domain.horizon_events.hours import Busy, Edge, concerned, is_touched, merged
from cockpit.domain.horizon_events.moves import free_time
from cockpit.domain.horizon_events.outlook import DAY, Stretch, strikes
from cockpit.domain.horizon_events.resets import stretches as stretches_of
from cockpit.domain.horizon_events.restarts import INTERFACES
from cockpit.domain.windows import Window
from cockpit.domain.words import clock, moment, zone_letters

_A_WEEK = 8 * DAY  # in which every reset has come at least once


class Hours(Struct, frozen=True):
    """What events are held against: hours of flows, and how far they are known. `now` is UTC epoch seconds."""

    busy: tuple[Busy, ...]
    edges: tuple[Edge, ...]
    windows: tuple[Window, ...]
    zone: str
    restart_at: str
    now: float


def resets_that_matter(hours: Hours, end: float) -> tuple[Stretch, ...]:
    """Return the resets of TWS's servers until `end` (UTC epoch seconds) that a restart should keep out of.

    After those of a week-end nobody needs TWS for a day: a restart that fails in them is tried again in time.
    """
    needed = merged(concerned(hours.busy, INTERFACES))
    rows = (row for row in hours.windows if any(is_touched(one, row.interfaces) for one in INTERFACES))
    return tuple(
        (begins, ends)
        for row in rows
        for begins, ends in stretches_of(row, hours.now, end)
        if any(first < ends + DAY and last > ends for first, last in needed)
    )


def restart_move(hours: Hours) -> str:
    """Propose a time of day for the restart that never meets the hours of a flow that uses TWS."""
    stretches = merged(concerned(hours.busy, INTERFACES))
    end = max(hours.now + _A_WEEK, *(last for _, last in stretches))
    found = free_time(
        hours.restart_at, hours.zone, RESTART_TAKES, stretches, resets_that_matter(hours, end), hours.now
    )
    if found is None:
        return "No time of day is outside the hours of every flow: choose one night by night."
    if found == hours.restart_at:
        return ""
    between = _between(found, stretches, hours)
    return f"Set the restart to {found} {zone_letters(hours.now, hours.zone)}{between}."


def _between(time: str, stretches: Sequence[Stretch], hours: Hours) -> str:
    """Say between which close and which open the next strike of `time` lies."""
    at = next(strikes(time, hours.zone, hours.now, hours.now + 2 * DAY))
    before = [last for _, last in stretches if last <= at]
    ahead = [first for first, _ in stretches if first > at]
    closed = f"the close {clock(before[-1], hours.zone)}" if before else ""
    opening = f"the next hours at {clock(ahead[0], hours.zone)}" if ahead else ""
    if closed and opening:
        return f": between {closed} and {opening}"
    return f": before {opening}" if opening else f": after {closed}" if closed else ""


def renewal(event: HorizonEvent, hit: Sequence[Busy], hours: Hours) -> str:
    """Say what to do about an end that cannot be set to another hour."""
    first = hit[0]
    begins = moment(first.begins, hours.now, hours.zone)
    closes = moment(first.closes, hours.now, hours.zone)
    venue = venue_name(first.venue)
    if event.kind is HorizonKind.MAINTENANCE:
        at = moment(event.at, hours.now, hours.zone)
        return f"The broker sets the hour: have what must rest at an exchange there before {at}."
    if event.ends <= hours.now:
        return f"Renew it before {begins}." if first.begins > hours.now else "Renew it now."
    if event.shift is Shift.FIXED:
        until = moment(event.ends, hours.now, hours.zone)
        return (
            f"The hour is fixed: sign in again right after {until}, or use another interface until {closes}."
        )
    if first.begins > hours.now:
        return f"Renew it before {begins}, half an hour ahead of the {venue} open."
    return f"{venue} is open until {closes}: renew it now, or have another way in ready."


def next_sign_in(event: HorizonEvent, hours: Hours) -> str:
    """Say before when to sign in again after an end that falls outside all hours; "" when nothing needs it."""
    ahead = [one for one in concerned(hours.busy, event.interfaces) if one.begins >= event.ends]
    if event.shift is not Shift.FIXED or event.kind is HorizonKind.MAINTENANCE or not ahead:
        return ""
    return f"Sign in again before {moment(ahead[0].begins, hours.now, hours.zone)}, when {ahead[0].flow} needs it."
