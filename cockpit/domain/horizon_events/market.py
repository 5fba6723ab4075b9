"""Clocks of venues and of the year: early closes, closed days, weeks in which time zones lie otherwise apart."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from cockpit.domain import kinds
from cockpit.domain.calendar import venue_name, venues_of
from cockpit.domain.evidence import Provenance
from cockpit.domain.horizon import HorizonEvent, HorizonKind
from cockpit.domain.horizon_events.outlook import DAY, Outlook
from cockpit.domain.level import Level
from cockpit.domain.venue_days import closed_from_text, sessions_ahead
from cockpit.domain.words import DAYS, MONTHS, clock, zone_letters

NEW_YORK, EUROPE = "America/New_York", "Europe/Berlin"
_USUAL_DISTANCE = timedelta(hours=6)
_RULE = "New York and central Europe are six hours apart while both keep winter or both keep summer time"


def early_closes(outlook: Outlook) -> Iterator[HorizonEvent]:
    """Sessions that end before the venue's usual time."""
    for venue in venues_of(outlook.plan):
        for session in sessions_ahead(outlook.facts, venue, outlook.now) or ():
            if session.ends_early and session.closes < outlook.until:
                subject = f"venue/{venue}"
                seen = outlook.facts.look(kinds.NEXT_CLOSE, subject)
                at = session.closes
                said = f"{clock(at, outlook.plan.zone)} {zone_letters(at, outlook.plan.zone)}"
                yield HorizonEvent(
                    f"early/{venue}@{at:.0f}",
                    f"{venue_name(venue)} closes early",
                    HorizonKind.MARKET,
                    at,
                    level=Level.LIMITED,
                    sentence=f"It closes at {said}: orders for the close and rolls must be in before.",
                    provenance=Provenance.PUBLISHED,
                    source=seen.note if seen is not None else "",
                    seen=seen.at if seen is not None else None,
                )


def closed_days(outlook: Outlook) -> Iterator[HorizonEvent]:
    """Days of the usual week on which a venue stays closed."""
    for venue in venues_of(outlook.plan):
        seen = outlook.facts.fresh(kinds.CLOSED_AHEAD, f"venue/{venue}", outlook.now)
        for day in closed_from_text(seen.value) if seen is not None else ():
            if day.ends > outlook.now and day.begins < outlook.until:
                yield HorizonEvent(
                    f"closed/{venue}@{day.begins:.0f}",
                    f"{venue_name(venue)} closed",
                    HorizonKind.MARKET,
                    day.begins,
                    day.ends,
                    Level.LIMITED,
                    f"No session on {_date(day.date)}.",
                    Provenance.PUBLISHED,
                    seen.note if seen is not None else "",
                    seen=seen.at if seen is not None else None,
                )


def _date(text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return "that day"
    return f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"


def zones_apart(outlook: Outlook) -> Iterator[HorizonEvent]:
    """The stretches in which New York and central Europe are not six hours apart."""
    turns = sorted(
        {
            *clock_changes(NEW_YORK, outlook.now - 40 * DAY, outlook.until + 40 * DAY),
            *clock_changes(EUROPE, outlook.now - 40 * DAY, outlook.until + 40 * DAY),
        }
    )
    for begins, ends in pairwise(turns):
        hours = (_offset(EUROPE, begins) - _offset(NEW_YORK, begins)) / timedelta(hours=1)
        if hours != _USUAL_DISTANCE / timedelta(hours=1) and ends > outlook.now and begins < outlook.until:
            yield HorizonEvent(
                f"zones@{begins:.0f}",
                f"New York and Europe {hours:.0f} h apart",
                HorizonKind.CLOCK,
                begins,
                ends,
                Level.LIMITED,
                "US opens and closes come an hour earlier in Europe: look at timers, restarts and rotas.",
                Provenance.INFERRED,
                _RULE,
            )


def own_clock_changes(outlook: Outlook) -> Iterator[HorizonEvent]:
    """The change of the clocks in the desk's own zone: an hour of the night is left out or comes twice."""
    zone = outlook.plan.zone
    for at in clock_changes(zone, outlook.now, outlook.until):
        is_forward = _offset(zone, at) > _offset(zone, at - 1)
        words = "left out" if is_forward else "there twice"
        yield HorizonEvent(
            f"clocks@{at:.0f}",
            f"Clocks go {'forward' if is_forward else 'back'}",
            HorizonKind.CLOCK,
            at,
            sentence=f"An hour of the desk's night is {words}: what is set for it may strike otherwise or again.",
            provenance=Provenance.INFERRED,
            source=f"the rules of the zone {zone}",
        )


def clock_changes(zone: str, begin: float, end: float) -> Iterator[float]:
    """Yield the instants in [`begin`, `end`) at which the offset of `zone` changes, to the second."""
    step = begin
    while step < end:
        later = min(step + DAY, end)
        before, after = _offset(zone, step), _offset(zone, later)
        if before != after:
            low, high = int(step), int(later) + 1
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if _offset(zone, middle) == before else (low, middle)
            if begin <= high < end:
                yield float(high)
        step = later


def _offset(zone: str, at: float) -> timedelta:
    offset = datetime.fromtimestamp(at, UTC).astimezone(ZoneInfo(zone)).utcoffset()
    return offset if offset is not None else timedelta()
