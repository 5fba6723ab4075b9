"""Dates relative to today: expiry words and trading hours, so that a scenario never grows old.

Expiry words
    front-quarter, next-quarter    third Friday of the running and of the following quarter month
    front-month, next-month        third Friday of the running month (the next once past), and the one after
    next-friday, friday-after      the coming Friday (never today), and the one a week later
    plus-N                         N days from today

Inside `local_symbol` and `long_name` a contract may use {code} (futures month and year digit, such as Z6),
{yymmdd}, {month} (such as DEC26) and {expiry}.

Hours words
    open         open since some hours and for some hours more
    closed       opens tomorrow
    opens N      opens in N minutes
    HHMM-HHMM    every weekday from and to; a range that ends before it starts began the evening before
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec.structs import replace

from cockpit.simulator.scenario import Contract, Scenario

_MONTH_CODES = "FGHJKMNQUVXZ"
_QUARTERS = frozenset({3, 6, 9, 12})
_FRIDAY = 4
_DAYS_SHOWN = 6


class UnknownWord(Exception):
    """A date or hours word that is not in this file's table."""


def expiry_of(word: str, today: date) -> str:
    """Turn an expiry word into YYYYMMDD; a value that starts with a digit, or none, is kept.

    Raises UnknownWord.
    """
    if not word or word[0].isdigit():
        return word
    head, _, tail = word.partition("-")
    match head, tail:
        case "front" | "next", "quarter" | "month":
            months = _expiries(today, quarterly=tail == "quarter")
            first, second = next(months), next(months)
            found = first if head == "front" else second
        case "next", "friday":
            found = today + timedelta(days=(_FRIDAY - today.weekday() - 1) % 7 + 1)
        case "friday", "after":
            found = today + timedelta(days=(_FRIDAY - today.weekday() - 1) % 7 + 8)
        case "plus", days if days.isdigit():
            found = today + timedelta(days=int(days))
        case _:
            raise UnknownWord(f"{word!r} is not an expiry: see the words in the simulator's dates")
    return f"{found:%Y%m%d}"


def settle(scenario: Scenario, now: datetime) -> Scenario:
    """Work out every word that is relative to today. Raises UnknownWord."""
    return replace(scenario, contracts=tuple(_settled(contract, now) for contract in scenario.contracts))


def trading_hours(hours: str, zone: str, now: datetime) -> str:
    """Write hours in the broker's format: items split by `;`, each a range or `YYYYMMDD:CLOSED`.

    `now` is aware. Raises UnknownWord.
    """
    if ":" in hours:
        return hours
    local = now.astimezone(zone_of(zone)).replace(second=0, microsecond=0)
    if hours == "open":
        hour = local.replace(minute=0)
        return _ranges(local, [(hour - timedelta(hours=5), hour + timedelta(hours=9))])
    if hours == "closed":
        morning = (local + timedelta(days=1)).replace(hour=9, minute=30)
        closed = f"{local:%Y%m%d}:CLOSED;"
        return closed + _ranges(local, [(morning, morning.replace(hour=16, minute=0))])
    word, _, minutes = hours.partition(" ")
    if word == "opens" and minutes.isdigit():
        start = local + timedelta(minutes=int(minutes))
        return _ranges(local, [(start, start + timedelta(hours=6, minutes=30))])
    start_text, _, end_text = hours.partition("-")
    if len(start_text) == len(end_text) == 4 and (start_text + end_text).isdigit():
        return _weekdays(start_text, end_text, local)
    raise UnknownWord(f"{hours!r} are not hours: see the words in the simulator's dates")


def is_open(written: str, zone: str, now: datetime) -> bool:
    """Say whether `now` lies in one of the ranges of the broker's format."""
    local = f"{now.astimezone(zone_of(zone)):%Y%m%d:%H%M}"
    for item in written.split(";"):
        start, _, end = item.partition("-")
        if end and start <= local < end:
            return True
    return False


def zone_of(name: str) -> tzinfo:
    """Find a zone; one that this machine does not know counts as UTC."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def _settled(contract: Contract, now: datetime) -> Contract:
    local = now.astimezone(zone_of(contract.zone))
    expiry = expiry_of(contract.expiry, local.date())
    words: dict[str, str] = {"expiry": expiry}
    if len(expiry) == 8:
        day = datetime.strptime(expiry, "%Y%m%d").replace(tzinfo=UTC)
        words |= {
            "code": f"{_MONTH_CODES[day.month - 1]}{day.year % 10}",
            "yymmdd": f"{day:%y%m%d}",
            "month": f"{day:%b%y}".upper(),
        }
    hours = trading_hours(contract.hours, contract.zone, now)
    liquid = contract.liquid_hours
    return replace(
        contract,
        expiry=expiry,
        local_symbol=_filled(contract.local_symbol, words),
        long_name=_filled(contract.long_name, words),
        hours=hours,
        liquid_hours=trading_hours(liquid, contract.zone, now) if liquid else hours,
        places=tuple(
            replace(place, hours=trading_hours(place.hours, contract.zone, now)) if place.hours else place
            for place in contract.places
        ),
    )


def _filled(pattern: str, words: dict[str, str]) -> str:
    for word, value in words.items():
        pattern = pattern.replace("{" + word + "}", value)
    return pattern


def _expiries(today: date, quarterly: bool) -> Iterator[date]:
    year, month = today.year, today.month
    while True:
        day = _third_friday(year, month)
        if day >= today and (not quarterly or month in _QUARTERS):
            yield day
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def _third_friday(year: int, month: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(_FRIDAY - first.weekday()) % 7 + 14)


def _ranges(now: datetime, first: list[tuple[datetime, datetime]]) -> str:
    """Repeat the first day's ranges on the following weekdays, as the broker shows a few days ahead."""
    items = [_range(start, end) for start, end in first]
    for days in range(1, _DAYS_SHOWN):
        for start, end in first:
            begin = start + timedelta(days=days)
            if begin.weekday() >= 5:
                items.append(f"{begin:%Y%m%d}:CLOSED")
            else:
                items.append(_range(begin, end + timedelta(days=days)))
    return ";".join(items)


def _weekdays(start: str, end: str, now: datetime) -> str:
    items = []
    for days in range(_DAYS_SHOWN):
        day = now + timedelta(days=days)
        if day.weekday() >= 5:
            items.append(f"{day:%Y%m%d}:CLOSED")
            continue
        begin = day - timedelta(days=1) if end <= start else day
        items.append(f"{begin:%Y%m%d}:{start}-{day:%Y%m%d}:{end}")
    return ";".join(items)


def _range(start: datetime, end: datetime) -> str:
    return f"{start:%Y%m%d:%H%M}-{end:%Y%m%d:%H%M}"
