"""One client's connection: handshake, pacing, dispatch, and answers that leave in order."""

from __future__ import annotations

import asyncio
import heapq
import re
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from msgspec import Struct, field

from cockpit.simulator.dates import zone_of
from cockpit.simulator.recorder import Recorder
from cockpit.simulator.scenario import Contract
from cockpit.simulator.tws import layouts
from cockpit.simulator.tws.state import ServerState
from cockpit.simulator.tws.texts import words
from cockpit.simulator.wire.frames import FieldValue, FrameTooLong, fields_of, frame, payload, read_frame
from cockpit.simulator.wire.requests import Cursor, Malformed

_HELLO = b"API\0"
_VERSIONS = re.compile(rb"v(\d{1,6})(?:\.\.(\d{1,6}))?(?: .*)?", re.DOTALL)
_START_API = 71
_STRIKES = 3
_FLUSH_SECONDS = 1.0
_HOST_ZONE = "US/Eastern"


class Handler(Protocol):
    """Answers one kind of request."""

    def __call__(self, session: Session, cursor: Cursor, /) -> None:
        """Read the rest of the request and send the answer."""


class Subscription(Struct):
    """A running request for prices."""

    request: int
    contract: Contract
    wanted: int  # the market-data type in force when it was asked for
    generic_ticks: str = ""
    snapshot: bool = False
    flowing: int = 0  # the type that flows: 1 to 4, 0 when nothing does
    greeks: bool = True


class Session:
    """A connection from its first byte to its end. All state of the client lives here."""

    def __init__(
        self,
        state: ServerState,
        recorder: Recorder,
        streams: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        number: int,
        handlers: Mapping[int, Handler],
    ) -> None:
        """Take over an accepted connection; `run` serves it."""
        self.state = state
        self.world = state.world
        self.version = 0
        self.client = -1
        self.started = False
        self.dead = False  # half-open: the socket stays, nothing comes back any more
        self.data_type = 1
        self.subscriptions: dict[int, Subscription] = {}
        self.summaries: dict[int, tuple[str, ...]] = {}
        self.account_updates = ""
        self.wants_bulletins = False
        self.last_symbol_search = -1.0
        self._recorder = recorder
        self._reader, self._writer = streams
        self._number = number
        self._handlers = handlers
        self._outbox = _Outbox()
        self._arrivals: deque[float] = deque()
        self._strikes = 0
        self._closing = False
        self._talking: asyncio.Task[None] | None = None

    @property
    def lines(self) -> int:
        """How many market-data lines the client holds."""
        return len(self.subscriptions)

    async def run(self, on_started: Callable[[], None]) -> None:
        """Serve until either side closes; `on_started` is called once the client is in."""
        sender = asyncio.create_task(self._send_all())
        self._talking = asyncio.create_task(self._talk(on_started))
        try:
            await asyncio.wait({self._talking})
            self.state.sessions.pop(self._number, None)
            if self._closing:
                await asyncio.wait({sender}, timeout=_FLUSH_SECONDS)
            if not self._talking.cancelled():
                self._talking.result()
        finally:
            self.state.sessions.pop(self._number, None)
            for task in (self._talking, sender):
                task.cancel()
            await asyncio.gather(self._talking, sender, return_exceptions=True)
            self._writer.close()

    async def _talk(self, on_started: Callable[[], None]) -> None:
        try:
            if await self._shake_hands():
                await self._serve(on_started)
        except (asyncio.IncompleteReadError, ConnectionError, FrameTooLong):
            pass  # the client left, or speaks something else

    def send(self, fields: Iterable[FieldValue], after: float = 0.0, encoding: str = "utf-8") -> None:
        """Queue one message; it leaves `after` seconds beyond the server's latency, never out of order."""
        self.send_body(payload(fields, encoding), after)

    def send_body(self, body: bytes, after: float = 0.0) -> None:
        """Queue a finished body."""
        if self.dead or self.state.hung or self._closing:
            return
        due = asyncio.get_running_loop().time() + self.state.config.latency_ms / 1000
        self._outbox.put(due, after, body)

    def send_raw(self, content: bytes) -> None:
        """Write bytes past all framing, for faults."""
        self._writer.write(content)

    def tell(
        self, code: int, detail: str = "", request: int = -1, text: str = "", after: float = 0.0
    ) -> None:
        """Send an error or notice; -1 is the id of notices that belong to no request."""
        language = self.state.language
        fields = layouts.fill(
            layouts.ERROR,
            self.version,
            {
                "id": request,
                "code": code,
                "text": text or words(code, detail, language),
                "time_ms": int(self.world.clock() * 1000),
            },
        )
        # TWS on Windows writes texts of other languages in Latin-1.
        self.send(fields, after, "utf-8" if language == "en" else "latin-1")

    def close(self) -> None:
        """Close once everything queued has left."""
        self._closing = True
        self._outbox.finish()
        if self._talking:
            self._talking.cancel()

    def abort(self) -> None:
        """Drop the connection at once, as a vanished process does."""
        self._closing = False
        self._writer.transport.abort()

    async def _shake_hands(self) -> bool:
        hello = await self._reader.readexactly(len(_HELLO))
        if hello != _HELLO:
            return False
        body = await read_frame(self._reader)
        found = _VERSIONS.fullmatch(body)
        if found is None:
            return False
        oldest = int(found.group(1))
        newest = int(found.group(2) or oldest)
        offered = min(self.state.max_version, layouts.NEWEST_VERSION)
        if oldest > offered or newest < layouts.OLDEST_VERSION:
            return False
        self.version = min(offered, newest)
        local = self.world.now().astimezone(zone_of(_HOST_ZONE))
        self.send([self.version, f"{local:%Y%m%d %H:%M:%S} {local:%Z}"])
        return True

    async def _serve(self, on_started: Callable[[], None]) -> None:
        while not self._closing:
            body = await read_frame(self._reader)
            self._recorder.frame(self.state.config.name, self._number, "in", body, self.version)
            if self._is_too_fast():
                continue
            cursor = Cursor(fields_of(body))
            try:
                message = cursor.integer()
                if self.started:
                    self._answer(message, cursor)
                elif message == _START_API:
                    self._start(cursor)
                    if self.started:
                        on_started()
                # Anything before START_API is dropped without a word, as TWS does.
            except Malformed as problem:
                self.tell(320, str(problem))

    def _answer(self, message: int, cursor: Cursor) -> None:
        if not self.state.config.answer:
            return
        handler = self._handlers.get(message)
        if handler is None:
            self.tell(321, f"Message {message} is not served by the simulated desk")
        else:
            handler(self, cursor)

    def _start(self, cursor: Cursor) -> None:
        cursor.skip()
        client = cursor.integer()
        in_use = self.state.taken | {other.client for other in self.state.sessions.values() if other.started}
        if client in in_use:
            if not self.state.config.silent_326:
                self.tell(326)
            self.close()
            return
        self.client = client
        self.started = True

    def _is_too_fast(self) -> bool:
        now = asyncio.get_running_loop().time()
        while self._arrivals and now - self._arrivals[0] > 1.0:
            self._arrivals.popleft()
        if len(self._arrivals) < self.state.config.max_messages_per_second:
            self._arrivals.append(now)
            return False
        # The surplus request is refused; the window starts anew, so that a burst counts once per burst.
        self._arrivals.clear()
        self._strikes += 1
        self.tell(100)
        if self._strikes >= _STRIKES:
            self.close()
        return True

    async def _send_all(self) -> None:
        while (body := await self._outbox.take()) is not None:
            self._recorder.frame(self.state.config.name, self._number, "out", body, self.version)
            await self._write(frame(body))

    async def _write(self, content: bytes) -> None:
        split = self.state.config.split
        try:
            for start in range(0, len(content), split or len(content)):
                self._writer.write(content[start : start + (split or len(content))])
                await self._writer.drain()
        except ConnectionError:
            pass  # the reader notices and ends the session


class _Outbox(Struct):
    """Messages ordered by when they are due; equal times keep the order in which they were queued."""

    _waiting: list[tuple[float, int, bytes]] = field(default_factory=list)
    _count: int = 0
    _newest: float = 0.0
    _finished: bool = False
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def put(self, due: float, after: float, body: bytes) -> None:
        self._newest = max(self._newest, due)
        heapq.heappush(self._waiting, (self._newest + after, self._count, body))
        self._count += 1
        self._changed.set()

    def finish(self) -> None:
        self._finished = True
        self._changed.set()

    async def take(self) -> bytes | None:
        """Wait for the next message that is due; None when finished and empty."""
        loop = asyncio.get_running_loop()
        while True:
            self._changed.clear()
            if not self._waiting:
                if self._finished:
                    return None
                await self._changed.wait()
                continue
            wait = self._waiting[0][0] - loop.time()
            if wait <= 0:
                return heapq.heappop(self._waiting)[2]
            try:
                await asyncio.wait_for(self._changed.wait(), wait)
            except TimeoutError:
                pass
