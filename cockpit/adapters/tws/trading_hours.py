"""The broker's trading hours of a contract, read into instants: until when it trades, when it opens next."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct

# Names that the API uses and the time-zone database lacks, or means differently: there EST never saves
# daylight. Abbreviations that stand for more than one place (IST, CST of China) are left out on purpose.
ALIASES = {
    "EST": "America/New_York",
    "EST5EDT": "America/New_York",
    "EDT": "America/New_York",
    "CST": "America/Chicago",
    "CST6CDT": "America/Chicago",
    "CTT": "America/Chicago",
    "MST": "America/Denver",
    "PST": "America/Los_Angeles",
    "PST8PDT": "America/Los_Angeles",
    "US/Eastern": "America/New_York",
    "US/Central": "America/Chicago",
    "US/Mountain": "America/Denver",
    "US/Pacific": "America/Los_Angeles",
    "MET": "Europe/Berlin",
    "MEZ": "Europe/Berlin",
    "CET": "Europe/Berlin",
    "GB": "Europe/London",
    "GB-Eire": "Europe/London",
    "BST": "Europe/London",
    "Hongkong": "Asia/Hong_Kong",
    "HKT": "Asia/Hong_Kong",
    "Japan": "Asia/Tokyo",
    "JST": "Asia/Tokyo",
    "Israel": "Asia/Jerusalem",
    "Singapore": "Asia/Singapore",
    "Asia/Calcutta": "Asia/Kolkata",
    "Australia/NSW": "Australia/Sydney",
}

_CLOSED = re.compile(r"[0-9]{8}:CLOSED")
_RANGE = re.compile(r"([0-9]{8}):([0-9]{4})-([0-9]{8}):([0-9]{4})")
# Older releases leave the second date out and list the ranges of one day behind commas.
_SAME_DAY = re.compile(r"([0-9]{8}):([0-9]{4}-[0-9]{4}(?:,[0-9]{4}-[0-9]{4})*)")


class HoursUnreadable(ValueError):
    """The text does not follow the broker's format, or its zone is not known here."""


class Period(Struct, frozen=True, order=True):
    """Trading from `start` to `end`, UTC epoch seconds."""

    start: float
    end: float


class Outlook(Struct, frozen=True):
    """Both instants in UTC epoch seconds; 0 for `open_until` means closed now, for `opens_at` not listed."""

    open_until: float = 0.0
    opens_at: float = 0.0


def zone_of(name: str) -> ZoneInfo:
    """Return the zone that the API calls `name`. Raises HoursUnreadable for one that is not known here."""
    # Some builds write "EST (Eastern Standard Time)".
    plain = name.split("(")[0].strip()
    try:
        return ZoneInfo(ALIASES.get(plain, plain))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise HoursUnreadable(f"the zone {name!r} is not known") from None


def read_hours(text: str, zone_name: str) -> tuple[Period, ...]:
    """Read `YYYYMMDD:HHMM-YYYYMMDD:HHMM` and `YYYYMMDD:CLOSED` items, separated by semicolons.

    Periods come back in order, those that touch joined. Raises HoursUnreadable when any item cannot be read:
    a list that is half understood would tell a wrong open.
    """
    zone = zone_of(zone_name)
    items = [item.strip() for item in text.split(";") if item.strip()]
    return _joined(period for item in items for period in _periods(item, zone))


def outlook(periods: Sequence[Period], now: float) -> Outlook:
    """Say until when trading runs at `now` (UTC epoch seconds) and when it starts next."""
    running = next((period for period in periods if period.start <= now < period.end), None)
    starts = [period.start for period in periods if period.start > now]
    return Outlook(running.end if running else 0.0, min(starts, default=0.0))


def _periods(item: str, zone: ZoneInfo) -> list[Period]:
    if _CLOSED.fullmatch(item):
        return []
    if match := _RANGE.fullmatch(item):
        first_day, first_time, last_day, last_time = match.groups()
        return [_period(_instant(first_day, first_time, zone), _instant(last_day, last_time, zone), item)]
    if match := _SAME_DAY.fullmatch(item):
        day, ranges = match.groups()
        pairs = [part.split("-") for part in ranges.split(",")]
        return [_period(_instant(day, begin, zone), _instant(day, end, zone), item) for begin, end in pairs]
    raise HoursUnreadable(f"{item!r} is not a time range")


def _period(start: float, end: float, item: str) -> Period:
    if end < start:
        raise HoursUnreadable(f"{item!r} ends before it begins")
    return Period(start, end)


def _instant(day: str, time: str, zone: ZoneInfo) -> float:
    try:
        if time == "2400":  # midnight at the end of the day, as some venues write it
            return _instant(day, "2359", zone) + 60.0
        return datetime.strptime(day + time, "%Y%m%d%H%M").replace(tzinfo=zone).timestamp()
    except (ValueError, OverflowError):
        raise HoursUnreadable(f"{day}:{time} is not a time") from None


def _joined(periods: Iterable[Period]) -> tuple[Period, ...]:
    joined: list[Period] = []
    for period in sorted(periods):
        if period.start == period.end:
            continue
        if joined and period.start <= joined[-1].end:
            joined[-1] = Period(joined[-1].start, max(joined[-1].end, period.end))
        else:
            joined.append(period)
    return tuple(joined)
