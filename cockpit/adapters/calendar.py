"""Opening hours of venues, from the exchange_calendars package."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from cockpit.domain import kinds
from cockpit.domain.evidence import Observation, Provenance

LOOK_TIMEOUT = (
    20.0  # seconds; the first look imports the package, which took 0.5 s here and more on a cold disk
)
_DAYS_BACK = 5  # so that a session that began before a long week-end is still in the table
_DAYS_AHEAD = 21  # longer than any closure of a large venue (Lunar New Year)

_NEW_YORK = ZoneInfo("America/New_York")
_EUROPE = ZoneInfo("Europe/Berlin")
_USUAL_DISTANCE = timedelta(hours=6)


class VenueDay(Struct, frozen=True):
    """One trading session of a venue. Times in UTC epoch seconds."""

    opens: float
    closes: float
    ends_early: bool


class Schedule(Struct, frozen=True):
    """The sessions of one venue around the moment it was read, oldest first, and who published them."""

    days: tuple[VenueDay, ...]
    source: str

    def covers(self, now: float) -> bool:
        """Whether there are sessions on both sides of `now`, so that the next open and close are certain."""
        return bool(self.days) and self.days[0].opens <= now < self.days[-1].opens


class VenueCalendar:
    """The Calendar port. Loads the package at the first look, in a worker thread, and keeps what it read."""

    def __init__(self) -> None:
        self._schedules: dict[str, Schedule | None] = {}  # None: the package does not know the venue

    async def look(self, venues: Sequence[str], now: float) -> Sequence[Observation]:
        """Return next open and close of each venue, early close and daylight-saving mismatch.

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
        return schedule is None or schedule.covers(now)


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
            VenueDay(row.open.timestamp(), row.close.timestamp(), row.Index in early)
            for row in calendar.schedule.itertuples()
        )
        found[venue] = Schedule(days, f"{source}, {venue}")
    return found
