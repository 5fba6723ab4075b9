"""Bytes in and out of one connection, plain or through TLS, and a listener that owns its connections."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from typing import Protocol

HOST = "127.0.0.1"
_CHUNK = 65536

_ACCEPTING = 3  # turns of the loop between a connection that stands and the call that takes it


class Wire(Protocol):
    """A connection after any handshake: bytes as the client meant them."""

    async def read(self) -> bytes:
        """Return what came next; nothing when the client has gone."""
        ...

    async def write(self, content: bytes) -> None:
        """Send; a client that has gone is not an error."""
        ...


class PlainWire:
    """A connection without TLS."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def read(self) -> bytes:
        """Return what came next; nothing when the client has gone."""
        try:
            return await self._reader.read(_CHUNK)
        except ConnectionError:
            return b""

    async def write(self, content: bytes) -> None:
        """Send; a client that has gone is not an error."""
        self._writer.write(content)
        try:
            await self._writer.drain()
        except ConnectionError:
            pass


class TlsWire:
    """A connection through TLS.

    The asyncio server's own TLS drops the alert that a refused handshake owes the client, and the alert
    is how a client learns that it asked for the wrong protocol version; so the records are pumped here.
    """

    def __init__(self, plain: PlainWire, context: ssl.SSLContext) -> None:
        self._plain = plain
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)

    async def shake_hands(self) -> bool:
        """Do the handshake; false when it failed. To a client that speaks no TLS at all nothing is said."""
        while True:
            try:
                self._tls.do_handshake()
            except ssl.SSLWantReadError:
                await self._flush()
                await self._fill()
            except ssl.SSLError:
                await self._flush()
                return False
            else:
                await self._flush()
                return True

    async def read(self) -> bytes:
        """Return what came next; nothing when the client has gone."""
        while True:
            try:
                return self._tls.read(_CHUNK)
            except ssl.SSLWantReadError:
                await self._fill()
            except ssl.SSLError:
                return b""

    async def write(self, content: bytes) -> None:
        """Send; a client that has gone is not an error."""
        self._tls.write(content)
        await self._flush()

    async def say_goodbye(self) -> None:
        """Send the record that ends the TLS stream, so that its end is not taken for an attack."""
        try:
            self._tls.unwrap()
        except (ssl.SSLError, ValueError):
            pass  # the client's own goodbye is not waited for
        await self._flush()

    async def _fill(self) -> None:
        content = await self._plain.read()
        if content:
            self._incoming.write(content)
        else:
            self._incoming.write_eof()

    async def _flush(self) -> None:
        content = self._outgoing.read()
        if content:
            await self._plain.write(content)


class Listener:
    """One listening socket on loopback; every connection is a task that ends when the listener closes."""

    def __init__(self, serve: Callable[[Wire, int], Awaitable[None]]) -> None:
        """`serve` is given each wire and the number of its connection, counted from 1."""
        self._serve = serve
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._count = 0
        self._context: ssl.SSLContext | None = None

    async def open(self, port: int, context: ssl.SSLContext | None = None) -> int:
        """Listen on `port` (0: any free one), with TLS when a context is given; return the port.

        Raises OSError when the port is taken.
        """
        self._context = context
        self._server = await asyncio.start_server(self._accept, HOST, port)
        return int(self._server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Stop listening and drop every connection at once."""
        server, self._server = self._server, None
        if server is None:
            return
        server.close()
        for _ in range(_ACCEPTING):  # who was just being let in arrives now, and is turned away
            await asyncio.sleep(0)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        # Also those whose task was cancelled before it began.
        left = tuple(self._writers)
        for writer in left:
            writer.transport.abort()
        await asyncio.gather(*(writer.wait_closed() for writer in left), return_exceptions=True)
        self._writers.clear()
        await server.wait_closed()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._server is None:
            writer.transport.abort()
            return
        self._count += 1
        self._writers.add(writer)
        task = asyncio.get_running_loop().create_task(self._run(reader, writer, self._count))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int) -> None:
        plain = PlainWire(reader, writer)
        try:
            if self._context is None:
                await self._serve(plain, number)
                return
            tls = TlsWire(plain, self._context)
            if await tls.shake_hands():
                await self._serve(tls, number)
                await tls.say_goodbye()
        except asyncio.CancelledError:
            writer.transport.abort()
            raise
        finally:
            writer.close()
            try:
                await writer.wait_closed()
            except ConnectionError:
                pass
            self._writers.discard(writer)
