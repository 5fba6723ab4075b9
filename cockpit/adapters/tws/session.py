"""One connection to TWS from dialling to its end: ib_async's client on a guarded socket, with our own ear.

Of ib_async only the client half is used (handshake, text of requests, decoding). Its `IB` class on top would
ask for positions at every connect, wait on futures that some errors never end, and drop the warning of a
what-if; here no request leaves that was not asked for, errors reach the question they belong to, and every
question has its deadline.
"""

# ruff: noqa: N802, N803, N815 - the names with capitals inside are ib_async's

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Protocol, cast

from ib_async import Contract
from ib_async.client import Client

from cockpit.adapters.tws.connection import GuardedConnection
from cockpit.adapters.tws.decoder import Ear, StrictDecoder
from cockpit.adapters.tws.messages import Code, Key, Message, Topic
from cockpit.adapters.tws.questions import Questions, Turn
from cockpit.adapters.tws.whatif import NEWEST_VERSION, OLDEST_VERSION
from cockpit.adapters.tws.wire_guard import OutgoingGuard
from cockpit.services.errors import ConnectionEnded
from cockpit.services.ports import Clock, Tally

# The official clients offer 100 as their oldest; so a program that is too old can say so instead of hanging
# up.
_GREETING_RANGE = f"v100..{NEWEST_VERSION}".encode()
GREETING = b"API\0" + len(_GREETING_RANGE).to_bytes(4, "big") + _GREETING_RANGE

_MOST_UNREADABLE = 3
"""After so many frames that cannot be read the connection is closed: it is out of step or hostile."""

# The server checks a request and refuses it with this code, on no request id when the request carries none.
VALIDATION = 321

# Two messages that the library reads by itself while the session is not ready.
_NEXT_ID, _ACCOUNTS = 9, 15

_log = logging.getLogger(__name__)


class Requests(Protocol):
    """The requests that the cockpit makes, under the library's names. There is none that changes anything."""

    def getReqId(self) -> int: ...
    def reqCurrentTime(self) -> None: ...
    def reqContractDetails(self, reqId: int, contract: Contract) -> None: ...
    def reqMarketDataType(self, marketDataType: int) -> None: ...
    def reqMktData(
        self,
        reqId: int,
        contract: Contract,
        genericTickList: str,
        snapshot: bool,
        regulatorySnapshot: bool,
        mktDataOptions: Sequence[object],
    ) -> None: ...
    def cancelMktData(self, reqId: int) -> None: ...
    def reqNewsBulletins(self, allMsgs: bool) -> None: ...
    def cancelNewsBulletins(self) -> None: ...
    def reqAllOpenOrders(self) -> None: ...
    def reqAccountSummary(self, reqId: int, groupName: str, tags: str) -> None: ...
    def cancelAccountSummary(self, reqId: int) -> None: ...
    def reqFamilyCodes(self) -> None: ...


class _Library(Requests, Protocol):
    """The parts of ib_async's client that the session itself needs."""

    conn: GuardedConnection
    decoder: StrictDecoder
    clientId: int

    def isReady(self) -> bool: ...
    def getAccounts(self) -> list[str]: ...
    def reset(self) -> None: ...
    def _onSocketHasData(self, data: bytes) -> None: ...


class NotTws(Exception):
    """What answered does not speak the protocol of TWS."""


class TwsSession:
    """A connection that is being opened, stands, or is over; it is never opened twice."""

    def __init__(self, clock: Clock, tally: Tally, client_id: int, on_code: Callable[[Code], None]) -> None:
        loop = asyncio.get_running_loop()
        self.client_id = client_id
        self.questions = Questions()
        self.turns = {topic: Turn() for topic in Topic}
        self.allows_delayed = False  # whether the market-data type was set
        self.version: asyncio.Future[int] = loop.create_future()
        self.ready: asyncio.Future[None] = loop.create_future()
        self.over: asyncio.Future[None] = loop.create_future()
        self._is_closing = False
        self.why_over = "the connection ended"
        self._on_code = on_code
        self._unreadable = 0
        self._guard = OutgoingGuard()
        self._connection = GuardedConnection(self._guard, tally, self._take_frame, self._lost, self._too_long)
        ear = Ear(clock, self._deliver)
        # The library's client is untyped; this is the one place where it gets its type.
        make = cast("Callable[[Ear], _Library]", Client)
        self._library = make(ear)
        self._library.conn = self._connection
        self._library.decoder = StrictDecoder.listening(ear, self.questions.has, self._unreadable_frame)
        self._library.clientId = client_id

    @property
    def is_open(self) -> bool:
        """Whether accounts and next id have come, the connection stands, and nobody has begun to close it."""
        return self.ready.done() and not self.over.done() and not self._is_closing

    @property
    def has_heard(self) -> bool:
        """Whether a single byte has come from the other side."""
        return self._connection.has_received

    @property
    def accounts(self) -> list[str]:
        """The accounts the session manages, as they came."""
        return self._library.getAccounts()

    @property
    def requests(self) -> Requests:
        """The requests that can be made. Raises ConnectionEnded when the session does not stand."""
        if not self.is_open:
            raise ConnectionEnded("There is no connection to TWS.")
        return self._library

    async def dial(self, host: str, port: int) -> None:
        """Connect and greet. Raises OSError."""
        await self._connection.dial(host, port)
        self._connection.sendMsg(GREETING)

    def send_order_frame(self, frame: bytes) -> None:
        """Put a finished what-if on the wire, past the guard. Raises WireRefusal, ConnectionEnded."""
        if not self.is_open:
            raise ConnectionEnded("There is no connection to TWS.")
        self._connection.sendMsg(frame)

    def abort(self) -> None:
        """Close at once."""
        self._connection.abort()

    async def close(self, seconds: float) -> None:
        """Close in order, and at once when that takes longer than `seconds`; never raises."""
        if not self._connection.isConnected():
            return
        self._is_closing = True  # whoever asks from now on is told that there is no connection
        self._connection.disconnect()
        try:
            async with asyncio.timeout(seconds):
                await asyncio.shield(self.over)
        except TimeoutError:
            self._connection.abort()

    def _take_frame(self, frame: bytes) -> None:
        body = as_utf8(frame[4:])
        if not self.version.done():
            self._read_version(body)
        elif self.version.exception() is None and self.version.result() >= OLDEST_VERSION:
            self._hand_over(body)

    def _read_version(self, body: bytes) -> None:
        fields = body.split(b"\0")
        if len(fields) != 3 or not fields[0].isdigit() or len(fields[0]) > 4:
            self.version.set_exception(NotTws())
            self.abort()
            return
        version = int(fields[0])
        self._guard.version = version
        if version >= OLDEST_VERSION:
            # The library starts the session by itself as soon as it knows the version.
            self._library._onSocketHasData(_framed(body))
        self.version.set_result(version)

    def _hand_over(self, body: bytes) -> None:
        if is_sound(body):
            self._library._onSocketHasData(_framed(body))
        else:
            self._unreadable_frame(0)

    def _unreadable_frame(self, number: int) -> None:
        self._unreadable += 1
        _log.warning("message %d from TWS could not be read (%d so far)", number, self._unreadable)
        if self._unreadable >= _MOST_UNREADABLE:
            self.why_over = f"{self._unreadable} messages could not be read"
            self.abort()

    def _too_long(self) -> None:
        self.why_over = "a message larger than any real one was announced"

    def _deliver(self, key: Key, message: Message) -> None:
        if key is Topic.READY:
            if self._library.isReady() and not self.ready.done():
                self.ready.set_result(None)
            return
        if isinstance(message, Code):
            self._on_code(message)
            if message.code == VALIDATION and key == -1:
                # A question without an id of its own hears its refusal here.
                self.questions.deliver(Topic.ORDERS, message)
        self.questions.deliver(key, message)

    def _lost(self) -> None:
        if self.over.done():
            return
        self.over.set_result(None)
        self.questions.end()
        self._library.reset()


def as_utf8(body: bytes) -> bytes:
    """Return a body as UTF-8. TWS on Windows writes some of its texts in the code page of Western Europe."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("cp1252", errors="replace").encode("utf-8")
    return body


def is_sound(body: bytes) -> bool:
    """Whether a body is whole, begins with a message number, and spares the library what it reads without care."""
    fields = body.split(b"\0")
    if fields.pop() != b"" or not fields[0].isdigit() or len(fields[0]) > 4:
        return False
    number = int(fields[0])
    if number == _NEXT_ID:
        return len(fields) == 3 and fields[2].isdigit() and len(fields[2]) <= 10
    return number != _ACCOUNTS or len(fields) == 3


def _framed(body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + body
