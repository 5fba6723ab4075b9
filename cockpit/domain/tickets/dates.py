"""Days and months of expiry: 20DEC26, DEC26, 20261220, 202612; and the month letters of futures."""

from __future__ import annotations

import re
from datetime import date

MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
LETTERS = "FGHJKMNQUVXZ"  # of futures, January to December
_DAY = re.compile(rf"([0-9]{{1,2}})?({'|'.join(MONTHS)})([0-9]{{2}})")
_DIGITS = re.compile(r"(2[0-9]{3})-?([0-9]{2})(?:-?([0-9]{2}))?")


def day(text: str) -> str:
    """Return YYYYMMDD, or YYYYMM for a month; "" when the word is no day of the calendar."""
    plain = text.upper()
    if found := _DAY.fullmatch(plain):
        return _checked(2000 + int(found[3]), MONTHS.index(found[2]) + 1, found[1])
    if found := _DIGITS.fullmatch(plain):
        return _checked(int(found[1]), int(found[2]), found[3])
    return ""


def _checked(year: int, month: int, day_of_month: str | None) -> str:
    try:
        date(year, month, int(day_of_month or 1))
    except ValueError:
        return ""
    return f"{year}{month:02}" + (f"{int(day_of_month):02}" if day_of_month else "")


def written(expiry: str) -> str:
    """Write YYYYMMDD as 20DEC26 and YYYYMM as DEC26; what is neither stays as it is."""
    if not re.fullmatch(r"20[0-9]{2}(0[1-9]|1[0-2])([0-9]{2})?", expiry):
        return expiry
    return f"{expiry[6:]}{MONTHS[int(expiry[4:6]) - 1]}{expiry[2:4]}"


def contract_month(letter: str, digits: str, today: date) -> str:
    """Return YYYYMM of a future's letter and year; of one digit the next such year, this one included."""
    year = 2000 + int(digits)
    if len(digits) == 1:
        year = today.year + (int(digits) - today.year) % 10
    return f"{year}{LETTERS.index(letter) + 1:02}"


def future_code(root: str, expiry: str) -> str:
    """Write a future by its root, month letter and two digits of the year, such as ESZ26."""
    return f"{root}{LETTERS[int(expiry[4:6]) - 1]}{expiry[2:4]}"
