"""Figures and times in the words of the screen: spans, clock times, money, masked accounts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

# Written out, because the names of the system's language would come into our sentences.
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def span(seconds: float) -> str:
    """Say how long: `0.4 s`, `40 s`, `33 min`, `2 h 5 min`, `3 d`. One figure too many helps nobody."""
    seconds = max(0.0, seconds)
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    if seconds < 99.5:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    if minutes < 100:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    return f"{round(hours / 24)} d"


def milliseconds(seconds: float) -> str:
    """Say a round trip: `11 ms`."""
    return f"{seconds * 1000:.0f} ms"


def signed(seconds: float) -> str:
    """Say a clock's offset with its sign and a true minus: `+0.12 s`."""
    sign = "\u2212" if seconds < 0 else "+"
    return f"{sign}{abs(seconds):.2f} s"


def clock(at: float, zone: str, *, seconds: bool = False) -> str:
    """Say the time of day of `at` (UTC epoch seconds) in `zone`: `22:14`, or `22:14:09`."""
    moment = datetime.fromtimestamp(at, ZoneInfo(zone))
    return moment.strftime("%H:%M:%S" if seconds else "%H:%M")


def moment(at: float, now: float, zone: str) -> str:
    """Say when, with the day if it is not today in `zone`: `22:14`, `Sun 01:00`, `3 Jan 01:00`."""
    then = datetime.fromtimestamp(at, ZoneInfo(zone))
    today = datetime.fromtimestamp(now, ZoneInfo(zone))
    if then.date() == today.date():
        return then.strftime("%H:%M")
    if abs((then.date() - today.date()).days) < 7:
        return f"{DAYS[then.weekday()]} {then:%H:%M}"
    return f"{then.day} {MONTHS[then.month - 1]} {then:%H:%M}"


def zone_letters(at: float, zone: str) -> str:
    """Say a zone as traders do: `ET` for New York, else its abbreviation."""
    if zone in ("America/New_York", "US/Eastern"):
        return "ET"
    return datetime.fromtimestamp(at, ZoneInfo(zone)).strftime("%Z")


def money(amount: float, currency: str = "") -> str:
    """Say an amount without cents: `412,300 USD`."""
    sign = "\u2212" if amount < 0 else ""
    return f"{sign}{abs(amount):,.0f} {currency}".rstrip()


def masked(account: str) -> str:
    """Hide the middle of an account number: `U•••4821`."""
    if len(account) <= 4:
        return account
    head = account[:2] if account[:2] in ("DU", "DF") else account[:1]
    return f"{head}•••{account[-4:] if len(account) > 6 else account[-2:]}"


def listed(words: Sequence[str], most: int = 4) -> str:
    """Join words: `ES, NQ and 3 more`."""
    words = list(words)
    if len(words) <= most:
        return ", ".join(words)
    return f"{', '.join(words[:most])} and {len(words) - most} more"


def counted(number: int, noun: str) -> str:
    """Say how many: `1 account`, `3 accounts`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def iso(at: float) -> str:
    """Write `at` (UTC epoch seconds) for machines: `2026-11-22T12:31:04Z`."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
