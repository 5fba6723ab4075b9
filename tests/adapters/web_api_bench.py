"""The gateway link with everything around it: a clock the test moves, a notebook for what it reports, odd servers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from msgspec.structs import replace

from cockpit.adapters.catalogue import Catalogue, load_catalogue
from cockpit.adapters.portal.link import WebApiLink
from cockpit.adapters.portal.wire import Timeouts
from cockpit.domain.evidence import Kind, Observation, V
from cockpit.domain.facts import Facts, fold
from cockpit.domain.plan import Portal
from cockpit.simulator.portal.certificates import issue, server_context

SHIPPED = load_catalogue()
START = 1_790_000_000.0
# For scenes in which nothing has to time out, and for those in which something must.
PATIENT = Timeouts(
    connect=20.0, local=20.0, proxied=20.0, patience=20.0, first_frame=20.0, heartbeat=20.0, close=0.5
)
HASTY = Timeouts(connect=20.0, local=20.0, proxied=0.2, first_frame=0.2, heartbeat=0.2, close=0.5)
Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class HandClock:
    """A clock that stands until the test, or a sleep, moves it."""

    def __init__(self) -> None:
        self.passed = 0.0

    def now(self) -> float:
        return START + self.passed

    def monotonic(self) -> float:
        return 50.0 + self.passed

    async def sleep(self, seconds: float) -> None:
        """Let time pass at once, and let others run."""
        self.passed += seconds
        await asyncio.sleep(0)


@dataclass(slots=True)
class Notebook:
    """Takes what the link reports and counts, as desk and meter would."""

    seen: list[Observation] = field(default_factory=list)
    messages: int = 0
    lines: int = 0
    most_lines: int = 0
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def report(self, observations: Sequence[Observation]) -> None:
        self.seen.extend(observations)
        self.news.set()

    async def until(self, kind: Kind[V], wanted: V) -> None:
        """Return as soon as a fact has the wanted value."""
        while self.value(kind) != wanted:
            self.news.clear()
            await self.news.wait()

    def message(self, count: int = 1) -> None:
        self.messages += count

    def line(self, change: int) -> None:
        self.lines += change
        self.most_lines = max(self.most_lines, self.lines)

    def client_id(self, change: int) -> None:
        raise AssertionError("the gateway link takes no client ids")

    def what_if(self) -> None:
        raise AssertionError("the gateway link asks no what-ifs")

    @property
    def facts(self) -> Facts:
        return fold(Facts(), self.seen)

    def value(self, kind: Kind[V], subject: str = "gateway") -> V | None:
        """Return the newest value, None when it was never reported."""
        seen = self.facts.look(kind, subject)
        return None if seen is None else seen.value

    def note(self, kind: Kind[V], subject: str = "gateway") -> str:
        """Return the note of the newest value."""
        seen = self.facts.look(kind, subject)
        return "" if seen is None else seen.note

    def all_values(self, kind: Kind[V]) -> list[object]:
        """Return every value of a kind in the order of the reports."""
        return [one.value for one in self.seen if one.fact == kind.name]


@dataclass(slots=True)
class LinkBench:
    """A link and what it needs."""

    link: WebApiLink
    notes: Notebook
    clock: HandClock


@asynccontextmanager
async def linked(
    port: int,
    fingerprint: str = "",
    *,
    timeouts: Timeouts = PATIENT,
    catalogue: Catalogue = SHIPPED,
    host: str = "127.0.0.1",
) -> AsyncIterator[LinkBench]:
    """Make a link to a gateway at `port`, and close it after the test."""
    notes, clock = Notebook(), HandClock()
    portal = Portal(host=host, port=port, fingerprint=fingerprint)
    link = WebApiLink(portal, notes.report, notes, clock, catalogue, timeouts, clock.sleep)
    try:
        yield LinkBench(link, notes, clock)
    finally:
        await link.close()


def knowing_vendor(fingerprint: str) -> Catalogue:
    """Return the catalogue as it would be if this certificate were the shipped one."""
    (row,) = SHIPPED.certificates
    return replace(SHIPPED, certificates=(replace(row, fingerprint=fingerprint),))


@dataclass(slots=True)
class OddServer:
    """A server that does what the test wants. `received` is everything that came inside the encryption."""

    port: int
    fingerprint: str
    received: bytearray = field(default_factory=bytearray)
    connections: int = 0


@asynccontextmanager
async def odd_server(handler: Handler, *, tls: bool = True) -> AsyncIterator[OddServer]:
    """Serve every connection with `handler`, with a fresh certificate or in the clear."""
    certificate = issue("desk")
    state = OddServer(0, certificate.fingerprint)
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        tasks.add(task)
        state.connections += 1
        try:
            await handler(reader, writer)
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            tasks.discard(task)
            writer.close()

    server = await asyncio.start_server(
        serve, "127.0.0.1", 0, ssl=server_context(certificate) if tls else None
    )
    state.port = server.sockets[0].getsockname()[1]
    try:
        yield state
    finally:
        server.close()
        for task in tuple(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def request_of(reader: asyncio.StreamReader) -> bytes:
    """Read one request up to the end of its head."""
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as cut:
        return cut.partial


def says(*answers: bytes) -> Handler:
    """Make a handler that gives these answers in turn, over all connections, and then repeats the last one."""
    left = list(answers)

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await request_of(reader):
            writer.write(left.pop(0) if len(left) > 1 else left[0])
            await writer.drain()

    return handler


def answer(body: bytes = b"", status: str = "200 OK", *headers: str) -> bytes:
    """Put an HTTP answer together."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body
