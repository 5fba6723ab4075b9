"""The socket under ib_async: dials, lets only guarded bytes out, and hands whole frames of bounded size in.

It takes the place of `ib_async.connection.Connection`, which has neither a check on the way out nor a limit
on the way in. The transport itself is wrapped, so that there is no way around the guard, not even for the
library.
"""

# ruff: noqa: N802 - the names with capitals inside are ib_async's

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
import threading
from collections.abc import Callable

from cockpit.adapters.tws.wire_guard import (
    PLACE_ORDER,
    FrameTooLong,
    IncomingFrames,
    OutgoingGuard,
    WireRefusal,
)
from cockpit.services.ports import Tally

_LOOPBACK = "127.0.0.1"


class GuardedTransport:
    """A transport on which every write passes the guard; after a refusal the connection is gone."""

    def __init__(self, transport: asyncio.Transport, guard: OutgoingGuard, tally: Tally) -> None:
        self._transport = transport
        self._guard = guard
        self._tally = tally

    def write(self, data: bytes) -> None:
        """Send `data` if the guard admits it. Raises WireRefusal, and drops the connection, if not."""
        try:
            number = self._guard.admit(data)
        except WireRefusal:
            self._transport.abort()
            raise
        self._tally.message()
        if number == PLACE_ORDER:
            self._tally.what_if()
        self._transport.write(data)

    def write_eof(self) -> None:
        """Say that nothing more will be sent."""
        if not self._transport.is_closing():
            self._transport.write_eof()

    def close(self) -> None:
        """Close when everything written has left."""
        self._transport.close()

    def abort(self) -> None:
        """Close at once."""
        self._transport.abort()


class GuardedConnection(asyncio.Protocol):
    """One TCP connection; attributes and methods with capitals inside are called by ib_async."""

    def __init__(
        self,
        guard: OutgoingGuard,
        tally: Tally,
        on_frame: Callable[[bytes], None],
        on_lost: Callable[[], None],
        on_too_long: Callable[[], None],
    ) -> None:
        self.numBytesSent = 0
        self.numMsgSent = 0
        self.has_received = False
        self._guard = guard
        self._tally = tally
        self._on_frame = on_frame
        self._on_lost = on_lost
        self._on_too_long = on_too_long
        self._frames = IncomingFrames()
        self._transport: GuardedTransport | None = None

    async def dial(self, host: str, port: int) -> None:
        """Connect. Raises OSError; waits as long as the system does, so give it a deadline."""
        address = await _address(host)
        await asyncio.get_running_loop().create_connection(lambda: self, address, port)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wrap the transport before anybody can write to it."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = GuardedTransport(transport, self._guard, self._tally)

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell once that the connection is gone, whoever ended it."""
        self._transport = None
        self._on_lost()

    def data_received(self, data: bytes) -> None:
        """Hand every whole frame on; a frame over the limit ends the connection before it is collected."""
        self.has_received = True
        try:
            for frame in self._frames.feed(data):
                self._on_frame(frame)
        except FrameTooLong:
            self._on_too_long()
            self.abort()

    def isConnected(self) -> bool:
        """Whether the transport stands."""
        return self._transport is not None

    def sendMsg(self, msg: bytes) -> None:
        """Send one message. Raises WireRefusal when the guard refuses it."""
        if self._transport is None:
            raise ConnectionError("not connected")
        self._transport.write(msg)
        self.numBytesSent += len(msg)
        self.numMsgSent += 1

    def disconnect(self) -> None:
        """Close when everything written has left."""
        if self._transport is not None:
            self._transport.write_eof()
            self._transport.close()

    def abort(self) -> None:
        """Close at once."""
        if self._transport is not None:
            self._transport.abort()


async def _address(host: str) -> str:
    """Return the number to dial. Raises OSError for a name that does not resolve."""
    if host == "localhost":
        return (
            _LOOPBACK  # the resolver might answer with the other loopback, where another program can listen
        )
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    loop = asyncio.get_running_loop()
    found: asyncio.Future[str | OSError] = loop.create_future()

    def answer(result: str | OSError) -> None:
        if not found.done():
            found.set_result(result)

    def look_up() -> None:
        try:
            result: str | OSError = str(socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)[0][4][0])
        except (OSError, UnicodeError) as error:
            result = error if isinstance(error, OSError) else OSError(str(error))
        with contextlib.suppress(RuntimeError):  # the loop has gone in the meantime
            loop.call_soon_threadsafe(answer, result)

    # A thread of its own: a resolver that hangs must keep neither the loop's pool nor the end of the program waiting.
    threading.Thread(target=look_up, name="tws-resolver", daemon=True).start()
    result = await found
    if isinstance(result, OSError):
        raise result
    return result
