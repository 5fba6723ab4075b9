"""Opening hours of venues, from the exchange_calendars package."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from cockpit.domain import kinds
from cockpit.domain.evidence import Observation, Provenance
from cockpit.domain.venue_days import ClosedDay, TradingSession, closed_as_text, sessions_as_text

LOOK_TIMEOUT = (
    20.0  # seconds; the first look imports the package, which took 0.5 s here and more on a cold disk
)
_DAYS_BACK = 5  # so that a session that began before a long week-end is still in the table
_DAYS_AHEAD = (
    49  # the longest view of the horizon, a closure at its end (Lunar New Year), and a week to spare
)
_LEFT_AT_LEAST = 42 * 86400.0  # seconds; with less of the schedule ahead it is read again

_NEW_YORK = ZoneInfo("America/New_York")
_EUROPE = ZoneInfo("Europe/Berlin")
_USUAL_DISTANCE = timedelta(hours=6)


class Schedule(Struct, frozen=True):
    """The sessions of one venue around the moment it was read, oldest first, and who published them.

    `closed` are the days of its usual week without a session; `until` is where the reading ended (UTC epoch seconds).
    """

    days: tuple[TradingSession, ...]
    source: str
    closed: tuple[ClosedDay, ...] = ()
    until: float = float("inf")

    def covers(self, now: float) -> bool:
        """Whether there are sessions on both sides of `now`, so that the next open and close are certain."""
        return bool(self.days) and self.days[0].opens <= now < self.days[-1].opens


class VenueCalendar:
    """The Calendar port. Loads the package at the first look, in a worker thread, and keeps what it read."""

    def __init__(self) -> None:
        self._schedules: dict[str, Schedule | None] = {}  # None: the package does not know the venue

    async def look(self, venues: Sequence[str], now: float) -> Sequence[Observation]:
        """Return next open and close of each venue, the sessions and closed days ahead, and zones that lie apart.

        `now` is UTC epoch seconds. A venue that the package does not know yields only the mismatch; after
        LOOK_TIMEOUT the venues that were not read yet are left out.
        """
        missing = [venue for venue in dict.fromkeys(venues) if not self._is_read(venue, now)]
        if missing:
            try:
                read = await asyncio.wait_for(asyncio.to_thread(read_schedules, missing, now), LOOK_TIMEOUT)
            except TimeoutError:
                read = {}
            self._schedules.update(read)
        return [
            seen for venue in dict.fromkeys(venues) for seen in judge(venue, self._schedules.get(venue), now)
        ]

    def _is_read(self, venue: str, now: float) -> bool:
        if venue not in self._schedules:
            return False
        schedule = self._schedules[venue]
        return schedule is None or (schedule.covers(now) and schedule.until - now >= _LEFT_AT_LEAST)


def judge(venue: str, schedule: Schedule | None, now: float) -> list[Observation]:
    """Draw the observations about one venue from its schedule."""
    subject = f"venue/{venue}"
    mismatch = dst_mismatch(now)
    rule = "New York and Berlin are six hours apart except while only one of them keeps summer time"
    seen = [kinds.DST_MISMATCH.seen(subject, mismatch, now, Provenance.INFERRED, rule)]
    if schedule is None or not schedule.covers(now):
        return seen
    source = schedule.source
    opening = next(day for day in schedule.days if day.opens > now)
    closing = next(day for day in schedule.days if day.closes > now)
    seen.append(kinds.NEXT_OPEN.seen(subject, opening.opens, now, Provenance.PUBLISHED, source))
    seen.append(kinds.NEXT_CLOSE.seen(subject, closing.closes, now, Provenance.PUBLISHED, source))
    seen.append(kinds.EARLY_CLOSE.seen(subject, closing.ends_early, now, Provenance.PUBLISHED, source))
    ahead = sessions_as_text(day for day in schedule.days if day.closes > now)
    seen.append(kinds.SESSIONS_AHEAD.seen(subject, ahead, now, Provenance.PUBLISHED, source))
    closed = closed_as_text(day for day in schedule.closed if day.ends > now)
    seen.append(kinds.CLOSED_AHEAD.seen(subject, closed, now, Provenance.PUBLISHED, source))
    return seen


def dst_mismatch(now: float) -> bool:
    """Whether New York and central Europe are off their usual six hours at `now` (UTC epoch seconds)."""
    moment = datetime.fromtimestamp(now, UTC)
    west = moment.astimezone(_NEW_YORK).utcoffset()
    east = moment.astimezone(_EUROPE).utcoffset()
    return west is None or east is None or east - west != _USUAL_DISTANCE


def read_schedules(venues: Sequence[str], now: float) -> dict[str, Schedule | None]:
    """Read the sessions of each venue around `now` (UTC epoch seconds); blocks, so call it in a thread."""
    # Imported here because it brings pandas: half a second that a start must not wait for.
    import exchange_calendars
    from exchange_calendars.errors import CalendarError

    # The package's own quarrel with a newer pandas: nothing that a trader or we could mend.
    warnings.filterwarnings("ignore", module=r"exchange_calendars(\.|$)")
    today = datetime.fromtimestamp(now, UTC).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    begin, end = today - timedelta(days=_DAYS_BACK), today + timedelta(days=_DAYS_AHEAD)
    source = f"exchange_calendars {exchange_calendars.__version__}"
    found: dict[str, Schedule | None] = {}
    for venue in venues:
        try:
            calendar = exchange_calendars.get_calendar(venue, start=begin, end=end)
        except (CalendarError, ValueError):
            found[venue] = None
            continue
        early = set(calendar.early_closes)
        days = tuple(
            TradingSession(row.open.timestamp(), row.close.timestamp(), row.Index in early)
            for row in calendar.schedule.itertuples()
        )
        usual = {day for day, letter in enumerate(calendar.weekmask) if letter == "1"}
        held = {row.date() for row in calendar.schedule.index}
        zone = ZoneInfo(str(calendar.tz))
        between = (begin.date() + timedelta(days=number) for number in range((end - begin).days))
        closed = tuple(_closed(day, zone) for day in between if day.weekday() in usual and day not in held)
        until = end.replace(tzinfo=UTC).timestamp()
        found[venue] = Schedule(days, f"{source}, {venue}", closed, until)
    return found


def _closed(day: date, zone: ZoneInfo) -> ClosedDay:
    first, last = (datetime.combine(one, time(), zone).timestamp() for one in (day, day + timedelta(days=1)))
    return ClosedDay(first, last, day.isoformat())
