"""Which flows an event falls upon, and what could be done about it."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from cockpit.domain.calendar import RESTART_TAKES, venue_name
from cockpit.domain.horizon import HorizonEvent, HorizonKind, Shift
from cockpit.domain.horizon_events.hours import Busy, Edge, concerned, is_touched, merged
from cockpit.domain.horizon_events.moves import free_time
from cockpit.domain.horizon_events.outlook import DAY, Stretch, strikes
from cockpit.domain.horizon_events.resets import stretches as stretches_of
from cockpit.domain.horizon_events.restarts import INTERFACES
from cockpit.domain.level import Level, worst
from cockpit.domain.windows import Window
from cockpit.domain.words import clock, moment, zone_letters

# Kinds that take something away at their hour; the others are only to be known.
TAKES_AWAY = frozenset(
    {
        HorizonKind.SESSION,
        HorizonKind.RESTART,
        HorizonKind.MAINTENANCE,
        HorizonKind.TOKEN,
        HorizonKind.FACTOR,
        HorizonKind.CERTIFICATE,
    }
)


class Hours(Struct, frozen=True):
    """What events are held against: hours of flows, and how far they are known. `now` is UTC epoch seconds."""

    busy: tuple[Busy, ...]
    edges: tuple[Edge, ...]
    windows: tuple[Window, ...]
    zone: str
    restart_at: str
    now: float


def mark(events: Sequence[HorizonEvent], hours: Hours) -> list[HorizonEvent]:
    """Return `events` with the flows that each hits, and for those that hit some a proposed move."""
    marked = []
    proposal: str | None = None  # one answer for all nights, made when the first restart collides
    for event in events:
        hit = hits(event, hours.busy, hours.now)
        dark = unjudged(event, hours)
        if not hit:
            # Who does not know the hours cannot say that all is well.
            level = worst((event.level, Level.UNKNOWN)) if dark else event.level
            marked.append(replace(event, level=level, unjudged=dark) if dark else event)
            continue
        if event.shift is Shift.SET and proposal is None:
            proposal = restart_move(hours)
        move = proposal if event.shift is Shift.SET else _renewal(event, hit, hours)
        titles = tuple(dict.fromkeys(busy.flow for busy in hit))
        level = worst((event.level, Level.LIMITED))
        marked.append(replace(event, hits=titles, move=move or "", level=level, unjudged=dark))
    return marked


def unjudged(event: HorizonEvent, hours: Hours) -> tuple[str, ...]:
    """Return the venues of concerned flows whose hours are not known for the time of `event`."""
    if event.kind not in TAKES_AWAY or event.ends <= hours.now:
        return ()
    dark = (edge for edge in hours.edges if edge.until < event.ends)
    return tuple(dict.fromkeys(one.venue for one in dark if is_touched(one.interface, event.interfaces)))


def hits(event: HorizonEvent, busy: Sequence[Busy], now: float) -> tuple[Busy, ...]:
    """Return the stretches into which `event` falls, soonest first. What is over hits whatever still needs it."""
    if event.kind not in TAKES_AWAY:
        return ()
    mine = concerned(busy, event.interfaces)
    if event.ends <= now and event.until is None:
        return tuple(one for one in mine if one.closes > now) if event.level is Level.BLOCKED else ()
    return tuple(one for one in mine if one.meets(event.at, event.ends))


def restart_move(hours: Hours) -> str:
    """Propose a time of day for the restart that never meets the hours of a flow that uses TWS."""
    stretches = merged(concerned(hours.busy, INTERFACES))
    end = max((last for _, last in stretches), default=hours.now)
    resets = [one for row in hours.windows for one in stretches_of(row, hours.now, end)]
    found = free_time(hours.restart_at, hours.zone, RESTART_TAKES, stretches, resets, hours.now)
    if found is None:
        return "No time of day is outside the hours of every flow: choose one night by night."
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


def _renewal(event: HorizonEvent, hit: Sequence[Busy], hours: Hours) -> str:
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
