"""Dates of a Flex statement, in each of the forms a query can be set to."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

# Statements carry no zone. That they speak of New York's is our inference; at most some hours of age hang on it.
ZONE = ZoneInfo("America/New_York")
# Forms a query offers; of the two with slashes and four-digit years the American one is the usual one and is assumed.
_DAYS = ("%Y%m%d", "%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%d-%b-%y")
_TIMES = ("%H%M%S", "%H:%M:%S")
_PARTS = re.compile(
    r"(?P<day>[0-9A-Za-z/-]{8,11}?)(?:[;, T]+(?P<time>[0-9]{6}|[0-9]{2}:[0-9]{2}:[0-9]{2}).*)?"
)
_FIRST_YEAR = 2000


def made_at(statement: dict[str, str]) -> float | None:
    """Return when a statement was made (UTC epoch seconds): as it says, else the end of its last day; None unsaid."""
    made = _read(statement.get("whenGenerated", ""))
    if made is not None:
        return made.timestamp()
    last = _read(statement.get("toDate", ""))
    return None if last is None else (last + timedelta(days=1)).timestamp()


def last_day(statement: dict[str, str]) -> str:
    """Return the last day a statement covers as YYYY-MM-DD, "" when it does not say."""
    day = _read(statement.get("toDate", ""))
    return "" if day is None else f"{day:%Y-%m-%d}"


def day_of(moment: float) -> str:
    """Return the day of a moment (UTC epoch seconds) where statements are made, as YYYY-MM-DD."""
    return f"{datetime.fromtimestamp(moment, UTC).astimezone(ZONE):%Y-%m-%d}"


def _read(text: str) -> datetime | None:
    found = _PARTS.fullmatch(text.strip())
    if found is None:
        return None
    day = _first(found["day"], _DAYS)
    time = _first(found["time"], _TIMES) if found["time"] else day
    if day is None or time is None or not _FIRST_YEAR <= day.year < 9999:
        return None
    if found["time"]:
        day = day.replace(hour=time.hour, minute=time.minute, second=time.second)
    return day


def _first(text: str, forms: tuple[str, ...]) -> datetime | None:
    for form in forms:
        try:
            return datetime.strptime(text, form).replace(tzinfo=ZONE)
        except ValueError:
            continue
    return None
