"""Frames of the TWS socket: a big-endian length, then text fields that each end with a NUL byte."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Iterable

FieldValue = str | int | float | bool | None

UNSET_DOUBLE = "1.7976931348623157E308"
UNSET_INTEGER = "2147483647"

# A request of a real client stays far below this; a longer one is a broken or hostile peer.
LARGEST_REQUEST = 1 << 20

_LENGTH = struct.Struct(">I")


class FrameTooLong(Exception):
    """A peer announced a frame longer than any request can be."""


def text(value: FieldValue) -> str:
    """Write one value the way the wire does: booleans as 1 and 0, nothing as the empty field.

    A NUL inside free text would shift every later field, so it becomes a blank.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 1e16:
            return str(int(value))
        written = repr(value)
        return f"{value:.12f}".rstrip("0") if "e" in written else written
    return str(value).replace("\0", " ")


def payload(fields: Iterable[FieldValue], encoding: str = "utf-8") -> bytes:
    """Join fields into the body of a frame."""
    return b"".join(text(field).encode(encoding, errors="replace") + b"\0" for field in fields)


def frame(body: bytes) -> bytes:
    """Put the length before a body."""
    return _LENGTH.pack(len(body)) + body


def fields_of(body: bytes) -> tuple[str, ...]:
    """Split a body into its fields; what is not UTF-8 is kept visible as an escape."""
    parts = body.decode("utf-8", errors="backslashreplace").split("\0")
    return tuple(parts[:-1] if parts[-1] == "" else parts)


async def read_frame(reader: asyncio.StreamReader) -> bytes:
    """Read one body.

    Raises asyncio.IncompleteReadError when the peer closes, FrameTooLong when it announces nonsense.
    """
    (length,) = _LENGTH.unpack(await reader.readexactly(_LENGTH.size))
    if length > LARGEST_REQUEST:
        raise FrameTooLong(f"{length} bytes announced, at most {LARGEST_REQUEST} are read")
    return await reader.readexactly(length)
