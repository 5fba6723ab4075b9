"""What every clock of the horizon is drawn from, and how daily times become instants."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from cockpit.domain.catalogue import Playing
from cockpit.domain.evidence import Seen, V
from cockpit.domain.facts import FactsView
from cockpit.domain.level import Level
from cockpit.domain.plan import Plan

DAY = 86400.0  # seconds
EVERY_DAY = frozenset(range(7))


Stretch = tuple[float, float]  # beginning and end, UTC epoch seconds


class Outlook(Struct, frozen=True):
    """What is known, and the stretch that is asked for: from `now` until `until`, UTC epoch seconds."""

    facts: FactsView
    plan: Plan
    catalogue: Playing
    now: float
    until: float


def strikes(
    at: str,
    zone: str,
    begin: float,
    end: float,
    weekdays: Collection[int] = EVERY_DAY,
    *,
    is_twice: bool = False,
) -> Iterator[float]:
    """Yield the instants in [`begin`, `end`) at which it is `at` (HH:MM) in `zone`, on the weekdays 0 Monday … 6.

    An hour that a change of the clocks leaves out strikes as much later as the clocks went on; one that comes twice
    strikes the first time. With `is_twice` the other reading of such an hour comes as well: programs differ there.
    """
    local = ZoneInfo(zone)
    hour, minute = (int(part) for part in at.split(":"))
    # A day of the calendar on both sides: the zone's date need not be that of UTC.
    day = datetime.fromtimestamp(begin, local).date() - timedelta(days=1)
    last = datetime.fromtimestamp(end, local).date() + timedelta(days=1)
    while day <= last:
        if day.weekday() in weekdays:
            moment = datetime.combine(day, time(hour, minute), local)
            instants = {moment.timestamp()}
            if is_twice:
                instants.add(moment.replace(fold=1).timestamp())
            yield from (one for one in sorted(instants) if begin <= one < end)
        day += timedelta(days=1)


def union(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """Return the union of stretches, soonest first: they neither touch nor overlap."""
    found: list[Stretch] = []
    for begins, ends in sorted(stretches):
        if found and begins <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], ends))
        else:
            found.append((begins, ends))
    return tuple(found)


def seconds_between(begins: str, ends: str) -> float:
    """Return the seconds from one time of day to the next `ends` (both HH:MM), at least a minute."""
    first, last = (int(text[:2]) * 60 + int(text[3:]) for text in (begins, ends))
    return ((last - first) % (24 * 60) or 24 * 60) * 60.0


def level_of(seen: Seen[V], now: float) -> Level:
    """Ready while evidence is fresh, unknown when nobody has confirmed it lately."""
    return Level.READY if seen.is_fresh(now) else Level.UNKNOWN


def dated(source: str, as_of: str) -> str:
    """Say a source with its day."""
    return f"{source}, as of {as_of}" if source and as_of and as_of != "unknown" else source
