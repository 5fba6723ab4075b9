"""From instants to pixels: how far the time line reaches, and where its days and hours stand."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from msgspec import Struct

from cockpit.domain.words import DAYS, MONTHS

_HOURS = 3  # between two ticks of the day view


class Zoom(Enum):
    """How far the line reaches."""

    DAY = ("Day", 1)
    WEEK = ("Week", 7)
    MONTH = ("Month", 31)

    @property
    def title(self) -> str:
        """The word on its button."""
        return self.value[0]

    @property
    def days(self) -> int:
        """How many days it shows."""
        return self.value[1]

    def nearer(self) -> Zoom:
        """Return the next one that shows less."""
        return _ORDER[max(0, _ORDER.index(self) - 1)]

    def farther(self) -> Zoom:
        """Return the next one that shows more."""
        return _ORDER[min(len(_ORDER) - 1, _ORDER.index(self) + 1)]


_ORDER = (Zoom.DAY, Zoom.WEEK, Zoom.MONTH)


class Tick(Struct, frozen=True):
    """A line of the scale with its words ("" for a quiet one)."""

    at: float
    words: str


class Scale(Struct, frozen=True):
    """`now` (UTC epoch seconds) stands at pixel `left`, the end of the zoom `width` pixels further."""

    now: float
    zoom: Zoom
    zone: str
    left: float
    width: float

    @property
    def end(self) -> float:
        """The last instant, UTC epoch seconds."""
        return self.now + self.zoom.days * 86400.0

    def x(self, at: float) -> float:
        """Return where an instant stands; what is past stands at the beginning, what is beyond at the end."""
        share = (at - self.now) / (self.end - self.now)
        return self.left + self.width * min(1.0, max(0.0, share))

    def ticks(self) -> tuple[Tick, ...]:
        """Return the lines of the scale: hours of a day, days of a week, Mondays of a month."""
        zone = ZoneInfo(self.zone)
        day = datetime.fromtimestamp(self.now, zone).date()
        found: list[Tick] = []
        while True:
            for hour in range(0, 24, _HOURS) if self.zoom is Zoom.DAY else (0,):
                at = datetime.combine(day, time(hour), zone).timestamp()
                if at >= self.end:
                    return tuple(found)
                if at > self.now:
                    found.append(Tick(at, self._words(day, hour)))
            day += timedelta(days=1)

    def _words(self, day: date, hour: int) -> str:
        if self.zoom is Zoom.DAY and hour:
            return f"{hour:02d}:00"
        if self.zoom is Zoom.MONTH:
            return f"{day.day} {MONTHS[day.month - 1]}" if day.weekday() == 0 else ""
        return DAYS[day.weekday()]
