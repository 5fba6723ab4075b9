"""What may cross the wire to TWS: a closed list of messages, each with the shape of every one of its fields.

Nothing leaves that the list does not name: no cancel, no global cancel, no exercise, no binding of manual
orders, no advisor or configuration change, none of the binary twins of these (their numbers plus 200). An
order frame leaves only when the walker finds it to be a what-if. What comes in is cut into whole frames here,
so that nobody can make us collect more than one frame of bounded size.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from msgspec import Struct

from cockpit.adapters.tws.wire_walker import Doubt, fields_of, read_what_if
from cockpit.services.errors import NotPermitted

LARGEST_FRAME = 16 * 1024 * 1024
"""Bytes of the largest incoming frame that is taken; the official clients stop there too."""

LARGEST_REQUEST = 8 * 1024
"""Bytes of the largest frame that we send; a real one stays below one kilobyte."""

PLACE_ORDER = 3

_LENGTH = struct.Struct(">I")
_GREETING = re.compile(rb"API\x00\x00\x00\x00[\x09-\x0a]v([0-9]{3})\.\.([0-9]{3})")


class WireRefusal(NotPermitted):
    """A frame was about to leave that must not. It did not, and the connection is closed."""


class FrameTooLong(Exception):
    """The peer announced a frame larger than any real one."""


class Rule(Struct, frozen=True):
    """One message that may leave: its name and a pattern for each field behind the message number."""

    name: str
    fields: tuple[str, ...]
    newer: tuple[tuple[int, str], ...] = ()  # more fields at the end, from a protocol version on

    def patterns(self, version: int) -> list[str]:
        """Return the patterns of all fields in a session of this version."""
        return [*self.fields, *(pattern for since, pattern in self.newer if version >= since)]


_ID = r"[0-9]{1,10}"
_WORD = r"[\x20-\x7e]{0,64}"
_CONTRACT = (
    r"[0-9]{0,10}",
    _WORD,
    r"[A-Z]{0,7}",
    r"[0-9]{0,8}",
    r"-?[0-9]{0,13}(?:\.[0-9]{1,10})?",
    r"[A-Z?0]{0,4}",
    r"[0-9.]{0,10}",
    *(_WORD,) * 5,
)

RULES: Mapping[int, Rule] = {
    # Neither snapshot nor regulatory snapshot: the latter costs money, and can switch on a subscription.
    1: Rule("reqMktData", ("11", _ID, *_CONTRACT, "0", "", "0", "0", "")),
    2: Rule("cancelMktData", ("2", _ID)),
    9: Rule("reqContractDetails", ("8", _ID, *_CONTRACT, "0", "", ""), newer=((176, ""),)),
    12: Rule("reqNewsBulletins", ("1", "[01]")),
    13: Rule("cancelNewsBulletins", ("1",)),
    16: Rule("reqAllOpenOrders", ("1",)),
    49: Rule("reqCurrentTime", ("1",)),
    59: Rule("reqMarketDataType", ("1", "[1-4]")),
    62: Rule("reqAccountSummary", ("1", _ID, "All", r"[A-Za-z,]{1,400}")),
    63: Rule("cancelAccountSummary", ("1", _ID)),
    # Client id 0 would receive and bind the orders that were typed into the screen.
    71: Rule("startApi", ("2", r"[1-9][0-9]{0,8}", "")),
    80: Rule("reqFamilyCodes", ()),
}

Reader: TypeAlias = Callable[[bytes, int], object]
"""Reads the body of an order frame of a session's version; raises Doubt unless it is a what-if."""


class OutgoingGuard:
    """Looks at every byte before it leaves. One guard per connection: it remembers how far the session is.

    `rules` and `reader` are parameters so that a test can take one of them away and watch what then gets
    through.
    """

    def __init__(self, rules: Mapping[int, Rule] = RULES, reader: Reader = read_what_if) -> None:
        self._rules = rules
        self._reader = reader
        self._greeted = False
        self.version = 0

    def admit(self, data: bytes) -> int:
        """Return the number of the message in `data`, which must be the greeting or exactly one whole frame.

        The greeting counts as message -1. Raises WireRefusal for anything else.
        """
        if not self._greeted:
            if not _is_greeting(data):
                raise WireRefusal("The first bytes to TWS were not the greeting; nothing was sent.")
            self._greeted = True
            return -1
        try:
            return self._admit_frame(_body(data))
        except Doubt as doubt:
            raise WireRefusal(f"A message to TWS was stopped ({doubt}); nothing was sent.") from doubt

    def _admit_frame(self, body: bytes) -> int:
        fields = fields_of(body)
        if not re.fullmatch(r"[1-9][0-9]{0,3}", fields[0]):
            raise Doubt("message", "is not a number")
        number = int(fields[0])
        if number == PLACE_ORDER:
            self._reader(body, self.version)
            return number
        rule = self._rules.get(number)
        if rule is None:
            raise Doubt("message", f"{number} is not on the list")
        patterns = rule.patterns(self.version)
        if len(fields) - 1 != len(patterns):
            raise Doubt(rule.name, f"{len(fields) - 1} fields instead of {len(patterns)}")
        for index, (pattern, field) in enumerate(zip(patterns, fields[1:], strict=True), start=1):
            if not re.fullmatch(pattern, field):
                raise Doubt(rule.name, f"field {index} holds what does not belong there")
        return number


class IncomingFrames:
    """Cuts the stream of a peer into whole bodies, in linear time, and refuses to collect too much."""

    def __init__(self, largest: int = LARGEST_FRAME) -> None:
        self._largest = largest
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Take bytes as they come and yield every frame that is whole now, length included.

        Raises FrameTooLong as soon as a length is announced that is over the limit.
        """
        self._buffer += data
        start = 0
        try:
            while len(self._buffer) - start >= _LENGTH.size:
                (length,) = _LENGTH.unpack_from(self._buffer, start)
                if length > self._largest:
                    raise FrameTooLong(f"{length} bytes announced, at most {self._largest} are taken")
                end = start + _LENGTH.size + length
                if len(self._buffer) < end:
                    break
                frame = bytes(self._buffer[start:end])
                start = end
                # A frame without a body says nothing, and readers trip over it.
                if length:
                    yield frame
        finally:
            del self._buffer[:start]


def _is_greeting(data: bytes) -> bool:
    match = _GREETING.fullmatch(data)
    return match is not None and data[7] == len(data) - 8


def _body(data: bytes) -> bytes:
    """Return the body of exactly one frame."""
    if len(data) < _LENGTH.size:
        raise Doubt("frame", "is shorter than its own length")
    (length,) = _LENGTH.unpack_from(data)
    if length != len(data) - _LENGTH.size:
        raise Doubt("frame", f"announces {length} bytes and holds {len(data) - _LENGTH.size}")
    if not 0 < length <= LARGEST_REQUEST:
        raise Doubt("frame", f"of {length} bytes is not one of ours")
    return data[_LENGTH.size :]
