"""Numbers as traders write them: 100K, 1.5M, 1,000; written back so that not a digit is lost."""

from __future__ import annotations

import re
from decimal import Decimal

LARGEST = 1e12
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)?(?:\.[0-9]+)?")
_TIMES = {"K": 1_000, "M": 1_000_000}


def number(text: str) -> float | None:
    """Read a number with an optional sign, thousands commas, K or M; None when it is none or absurdly large."""
    last = text[-1:].upper()
    plain = text[:-1] if last in _TIMES else text
    if not _NUMBER.fullmatch(plain) or not any(letter.isdigit() for letter in plain):
        return None
    value = float(Decimal(plain.replace(",", "")) * _TIMES.get(last, 1))
    return value + 0.0 if abs(value) <= LARGEST else None


def looks_like_number(text: str) -> bool:
    """Whether somebody meant a number, readable or not, such as the decimal comma of 12,5."""
    return re.fullmatch(r"[+-]?[0-9.,]*[0-9][0-9.,]*[KkMm%]?", text) is not None


def written(value: float) -> str:
    """Write a number without exponent and without loss."""
    text = format(Decimal(repr(value + 0.0)), "f")
    return text.removesuffix(".0")
