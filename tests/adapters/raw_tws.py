"""A server in the test's own hand, for what no honest program does: it says exactly the bytes it is told to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeAlias

from cockpit.adapters.tws.link import TwsLink
from cockpit.adapters.tws.timeouts import Timeouts
from cockpit.domain.plan import Socket
from tests.adapters.order_frames import framed
from tests.adapters.tws_tools import IMPATIENT, Counts, Eyes, RealClock

READY = framed(["15", "1", "U1234821"]) + framed(["9", "1", "1"])


class Peer:
    """The server's side of one connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self.writer = writer

    async def greeting(self) -> bytes:
        """Read the client's greeting."""
        head = await self._reader.readexactly(8)
        return await self._reader.readexactly(int.from_bytes(head[4:], "big"))

    async def request(self) -> list[str]:
        """Read one request."""
        length = int.from_bytes(await self._reader.readexactly(4), "big")
        return (await self._reader.readexactly(length)).decode("ascii").split("\0")[:-1]

    def say(self, *parts: str) -> None:
        """Send one message."""
        self.writer.write(framed(parts))

    async def start(self, version: int = 178) -> None:
        """Serve the handshake until the session is ready."""
        await self.greeting()
        self.say(str(version), "20261124 08:00:00 EST")
        assert (await self.request())[0] == "71"
        self.writer.write(READY)

    async def until_gone(self) -> None:
        """Read until the client has gone."""
        while await self._reader.read(4096):
            pass


Serve: TypeAlias = Callable[[Peer], Awaitable[None]]


@asynccontextmanager
async def raw_link(serve: Serve, timeouts: Timeouts = IMPATIENT) -> AsyncIterator[tuple[TwsLink, Eyes]]:
    """A closed link to a server that treats every connection with `serve` and then hangs up."""
    serving: set[asyncio.Task[None]] = set()

    async def accept(peer: Peer) -> None:
        try:
            await serve(peer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the client went first
        finally:
            peer.writer.close()

    def on_connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving.add(asyncio.create_task(accept(Peer(reader, writer))))

    server = await asyncio.start_server(on_connection, "127.0.0.1", 0)
    eyes = Eyes()
    link = TwsLink(
        Socket(port=server.sockets[0].getsockname()[1]), eyes.report, RealClock(), Counts(), timeouts
    )
    try:
        yield link, eyes
    finally:
        await link.close()
        server.close()
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)
