"""A seed as people hand it on: base32 in groups, small letters, with or without padding. Complaints never quote it."""

from __future__ import annotations

import base64
import re

from cockpit.domain.remedy import Remedy
from cockpit.services.errors import Unreadable

LEAST, MOST = 10, 128
"""Bytes of a seed: 80 bits are what many services still hand out, 1,024 are the block of the longest hash."""

_SPACING = re.compile(r"[\s\-]+")
_BASE32 = re.compile(r"[A-Z2-7]*")
_WHOLE = frozenset({0, 2, 4, 5, 7})  # letters that may stand after groups of eight


def plain_seed(text: str) -> str:
    """Return a seed in capitals without spaces and padding. Raises Unreadable; its sentence gives nothing away."""
    seed = _SPACING.sub("", text).upper().rstrip("=")
    if not seed:
        raise Unreadable("The seed is missing.", Remedy("Copy the whole address or the whole key."))
    if not _BASE32.fullmatch(seed):
        raise Unreadable(
            "This seed has characters that no seed has: it is written with A to Z and 2 to 7 only.",
            Remedy("Copy it again. What looks like 0, 1 or 8 is O, I or B."),
        )
    if len(seed) % 8 not in _WHOLE:
        raise Unreadable("The seed is cut short: letters are missing.", Remedy("Copy the whole of it."))
    key = key_of(seed)
    if len(key) < LEAST:
        raise Unreadable(
            f"The seed is too short: {8 * len(key)} bits, and {8 * LEAST} are the least in use.",
            Remedy("Copy the whole of it."),
        )
    if len(key) > MOST:
        raise Unreadable(
            "The seed is too long to be one.", Remedy("Copy the key that stands beside the QR code.")
        )
    return base64.b32encode(key).decode().rstrip("=")


def key_of(seed: str) -> bytes:
    """Return the bytes of a plain seed."""
    return base64.b32decode(seed + "=" * (-len(seed) % 8))
