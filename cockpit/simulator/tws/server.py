"""One TWS or IB Gateway on loopback: its door, its sessions, and everything that can happen to it."""

from __future__ import annotations

import asyncio
import os
import socket
import struct
import weakref
from collections.abc import Callable

from msgspec.structs import replace

from cockpit.simulator.recorder import Recorder
from cockpit.simulator.scenario import ApiServer, Bulletin, Door, Farm
from cockpit.simulator.tws import accounts as tws_accounts
from cockpit.simulator.tws import market as tws_market
from cockpit.simulator.tws import orders as tws_orders
from cockpit.simulator.tws import reference as tws_reference
from cockpit.simulator.tws.session import Handler, Session
from cockpit.simulator.tws.state import ServerState, World
from cockpit.simulator.tws.texts import FARM_CODES

HOST = "127.0.0.1"

_SUMMARY_SECONDS = 180.0  # the broker refreshes account values every three minutes
_HUGE = struct.pack(">I", 64 << 20)  # announces four times the largest frame a client accepts

_HANDLERS: dict[int, Handler] = (
    tws_reference.HANDLERS | tws_accounts.HANDLERS | tws_market.HANDLERS | tws_orders.HANDLERS
)


class TwsServer:
    """Serves the API socket of one program. Start it, change it while clients are connected, stop it."""

    def __init__(self, config: ApiServer, world: World, recorder: Recorder) -> None:
        """Prepare; nothing listens before `start`."""
        self.config = config
        self.state = ServerState.of(config, world)
        self.connected = asyncio.Event()  # set at the first finished handshake
        self.port = 0
        self._world = world
        self._recorder = recorder
        self._door = config.door
        self._server: asyncio.Server | None = None
        self._reserved: socket.socket | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: weakref.WeakSet[asyncio.StreamWriter] = weakref.WeakSet()
        self._ticking: asyncio.Task[None] | None = None
        self._connections = 0
        self._sessions: dict[int, Session] = {}

    async def start(self) -> int:
        """Listen, or hold a port that refuses when the door is closed; return the port."""
        self._reserve(self.config.port)
        if self._door is not Door.CLOSED:
            await self._listen()
        self._ticking = asyncio.create_task(self._tick())
        return self.port

    async def stop(self) -> None:
        """Close the door and every session, and wait until all is done."""
        if self._ticking:
            self._ticking.cancel()
            await asyncio.gather(self._ticking, return_exceptions=True)
        await self._close_door()
        self._release()
        for _ in range(3):  # who was just being let in arrives now, and is turned away with the others
            await asyncio.sleep(0)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        # Also those whose task never began, or whose peer no longer reads.
        for writer in self._writers:
            writer.transport.abort()
        await asyncio.gather(*(writer.wait_closed() for writer in self._writers), return_exceptions=True)

    async def set_door(self, door: Door) -> None:
        """Open, close, mute or shut the port for new connections; running sessions stay."""
        self._door = door
        if door is Door.CLOSED:
            await self._close_door()
            self._reserve(self.port)
        elif self._server is None:
            await self._listen()

    async def move_to(self, port: int) -> None:
        """Change the socket port as in TWS's settings: 1300 with the new port, drop all, listen there."""
        await self._close_door()
        old = self._reserved
        self._reserved = None
        self._reserve(port)
        if old:
            old.close()
        self.tell_all(1300, str(self.port))
        self.close_clients()
        await self._listen()

    async def restart(self, seconds: float, version: int = 0) -> None:
        """Go away as in the nightly restart, refuse for so long, come back, perhaps as another version."""
        await self.set_door(Door.CLOSED)
        self.drop_clients()
        await asyncio.sleep(seconds)
        self.state.max_version = version or self.state.max_version
        self.state.upstream, self.state.competing, self.state.hung = True, False, False
        self.state.farms = {farm.name: farm for farm in self.config.farms}
        await self.set_door(Door.OPEN)

    def change(
        self,
        read_only: bool | None = None,
        clock_skew: float | None = None,
        latency_ms: float | None = None,
    ) -> None:
        """Change settings of the program while it runs; skew in seconds, latency in milliseconds."""
        config = self.state.config
        self.state.config = replace(
            config,
            read_only=config.read_only if read_only is None else read_only,
            clock_skew=config.clock_skew if clock_skew is None else clock_skew,
            latency_ms=config.latency_ms if latency_ms is None else latency_ms,
        )

    def close_clients(self) -> None:
        """Close every connection once its queued messages have left."""
        for session in list(self._sessions.values()):
            session.close()

    def drop_clients(self) -> None:
        """Reset every connection, as a process that vanishes does."""
        for session in list(self._sessions.values()):
            session.abort()

    def go_half_open(self, everyone: bool = False) -> None:
        """Stop answering the present sessions while their sockets stay; with `everyone`, new ones as well."""
        self.state.hung = everyone
        for session in self._sessions.values():
            session.dead = True

    def answer_again(self) -> None:
        """Answer from now on; what was asked in between stays unanswered."""
        self.state.hung = False
        for session in self._sessions.values():
            session.dead = False

    def set_farm(self, name: str, state: str) -> None:
        """Change the state of a data farm and tell every client. Raises KeyError for an unknown state."""
        farm = Farm(name, self.state.farms.get(name, Farm(name)).kind, state)
        code = FARM_CODES[farm.kind, state]
        self.state.farms[name] = farm
        self.tell_all(code, name)

    def lose_upstream(self, code: int = 1100) -> None:
        """Lose the broker's servers: 1100 (or 2110) to all, and no more data; the sockets stay."""
        self.state.upstream = False
        self.tell_all(code)

    def regain_upstream(self, with_data: bool) -> None:
        """Come back with 1102 and all subscriptions, or with 1101 and none."""
        self.state.upstream = True
        self.tell_all(1102 if with_data else 1101)
        for session in self._started():
            if not with_data:
                session.subscriptions.clear()
            self._send_farms(session)

    def set_competing(self, competing: bool) -> None:
        """Let another session of the same user take the data, or give it back."""
        self.state.competing = competing
        self.refresh_feeds()

    def refresh_feeds(self) -> None:
        """Decide every running data request anew."""
        for session in self._started():
            tws_market.refresh(session)

    def publish(self, bulletin: Bulletin) -> None:
        """Send a bulletin to every client that asked for them."""
        for session in self._started():
            if session.wants_bulletins:
                tws_reference.send_bulletin(session, bulletin)

    def tell_all(self, code: int, detail: str = "", text: str = "") -> None:
        """Send a notice to every client."""
        for session in self._started():
            session.tell(code, detail, text=text)

    def send_huge_frame(self) -> None:
        """Announce a frame beyond what any client accepts, and never deliver it."""
        for session in self._started():
            session.send_raw(_HUGE)

    def _started(self) -> list[Session]:
        return [session for session in self._sessions.values() if session.started]

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # A task of our own: the one that asyncio makes for a coroutine complains when it is cancelled.
        task = asyncio.create_task(self._serve(reader, writer))
        self._tasks.add(task)
        self._writers.add(writer)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        match self._door:
            case Door.SHUT:
                writer.close()
            case Door.MUTE:
                await _swallow(reader, writer)
            case _:
                self._connections += 1
                session = Session(self.state, self._recorder, (reader, writer), self._connections, _HANDLERS)
                await self._converse(session)

    async def _converse(self, session: Session) -> None:
        number = self._connections
        self._sessions[number] = self.state.sessions[number] = session
        try:
            await session.run(self._greeter(session))
        finally:
            del self._sessions[number]

    def _greeter(self, session: Session) -> Callable[[], None]:
        def greet() -> None:
            tws_reference.send_managed_accounts(session)
            tws_reference.send_next_id(session)
            self._send_farms(session)
            if not self.state.upstream:
                session.tell(1100)
            self.connected.set()

        return greet

    def _send_farms(self, session: Session) -> None:
        for farm in self.state.farms.values():
            session.tell(FARM_CODES[farm.kind, farm.state], farm.name)

    async def _tick(self) -> None:
        step = 0
        while True:
            await asyncio.sleep(tws_market.TICK_SECONDS)
            step += 1
            for session in self._started():
                tws_market.tick(session, step)
                if step % int(_SUMMARY_SECONDS / tws_market.TICK_SECONDS) == 0:
                    for request, tags in session.summaries.items():
                        tws_accounts.send_summary(session, request, tags)

    def _reserve(self, port: int) -> None:
        """Hold a port without listening, so that it refuses and nobody else takes it."""
        # Named as TCP: only then does asyncio switch off the delay of small writes on accepted connections.
        held = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        if os.name == "posix":  # on Windows the same option would let others steal the port
            held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind((HOST, port))
        self.port = held.getsockname()[1]
        self._reserved = held

    def _release(self) -> None:
        if self._reserved:
            self._reserved.close()
            self._reserved = None

    async def _listen(self) -> None:
        held = self._reserved
        assert held is not None
        self._reserved = None
        self._server = await asyncio.start_server(self._accept, sock=held)

    async def _close_door(self) -> None:
        if self._server:
            self._server.close()
            self._server = None


async def _swallow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take whatever comes and say nothing until the client gives up."""
    try:
        while await reader.read(4096):
            pass
    except ConnectionError:
        pass
    finally:
        writer.close()
