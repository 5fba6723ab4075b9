"""The whole simulated desk: every server of a scenario on loopback, its time line, its life as a child."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from cockpit.simulator import library, timeline
from cockpit.simulator.flex.service import FlexService
from cockpit.simulator.oauth.service import WebApiService
from cockpit.simulator.portal.gateway import Gateway
from cockpit.simulator.programs import StandIns
from cockpit.simulator.recorder import Recorder
from cockpit.simulator.scenario import Event, Scenario
from cockpit.simulator.tws.server import HOST, TwsServer
from cockpit.simulator.tws.state import Clock, World

_END_OF_INPUT = b""

Announcement = dict[str, object]


class SimulatedDesk:
    """Servers of one scenario. Use it as an asynchronous context: inside, everything listens."""

    def __init__(self, scenario: Scenario, record: Path | None = None, clock: Clock = time.time) -> None:
        """Prepare; `record` is a file for JSON lines, `clock` gives UTC seconds.

        What the scenario holds that cannot be played is left out and named in `problems`.
        """
        self.recorder = Recorder(record, clock)
        world = World(Scenario(), clock)
        self.scenario, self.problems = library.usable(scenario, world.now())
        self.world = World(self.scenario, clock)
        self.servers = {
            config.name: TwsServer(config, self.world, self.recorder) for config in self.scenario.tws
        }
        self.gateway = Gateway(self.scenario, self.recorder, wall=clock)
        self.flex = FlexService(self.scenario, self.recorder, wall=clock)
        # Made only where it stands: its keys take a moment.
        self.web_api = (
            WebApiService(self.scenario, self.recorder, wall=clock) if self.scenario.oauth.present else None
        )
        self._web_ports: dict[str, int] = {}
        self._held: list[socket.socket] = []
        self._playing: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        """Start every server and the time line."""
        for server in self.servers.values():
            await server.start()
        present = self.scenario.gateway.present, self.scenario.flex.present
        self._web_ports["gateway"] = await self.gateway.start() if present[0] else self._refuse()
        self._web_ports["flex"] = await self.flex.start() if present[1] else self._refuse()
        self._web_ports["web-api"] = await self.web_api.start() if self.web_api else self._refuse()
        for event in self.scenario.events:
            task = asyncio.create_task(self._play_in_time(event))
            self._playing.add(task)
            task.add_done_callback(self._playing.discard)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop everything that was started."""
        for task in self._playing:
            task.cancel()
        await asyncio.gather(*self._playing, return_exceptions=True)
        for server in self.servers.values():
            await server.stop()
        if self.scenario.gateway.present:
            await self.gateway.stop()
        if self.scenario.flex.present:
            await self.flex.stop()
        if self.web_api is not None:
            await self.web_api.stop()
        for held in self._held:
            held.close()
        self.recorder.close()

    @property
    def ports(self) -> dict[str, int]:
        """Every port by name: the API servers, `gateway`, `flex`, `web-api`. A closed one refuses."""
        return {name: server.port for name, server in self.servers.items()} | self._web_ports

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the gateway's certificate, in hexadecimal."""
        return self.gateway.fingerprint

    def tws(self, name: str = "tws") -> TwsServer:
        """The API server of that name. Raises KeyError."""
        return self.servers[name]

    async def play(self, event: Event) -> None:
        """Let an event happen now, whatever its time. Raises timeline.UnknownHappening."""
        await timeline.play(self, event)

    def announcement(self) -> Announcement:
        """What another process must know to use the desk."""
        return {
            "scenario": self.scenario.name,
            "title": self.scenario.title,
            "host": HOST,
            "ports": self.ports,
            "fingerprint": self.fingerprint if self.scenario.gateway.present else "",
            "problems": list(self.problems),
            "web_api": self._web_api_access(),
        }

    def _web_api_access(self) -> Announcement:
        """What a caller of the Web API keeps: consumer, pin and the texts of its keys; empty when it is not there."""
        if self.web_api is None:
            return {}
        keys = self.web_api.keys
        return {
            "consumer": keys.consumer,
            "fingerprint": self.web_api.fingerprint,
            "secrets": dict(keys.texts()),
        }

    async def _play_in_time(self, event: Event) -> None:
        if event.after_connect:
            name = event.server if event.server in self.servers else next(iter(self.servers))
            await self.servers[name].connected.wait()
        await asyncio.sleep(event.at)
        await self.play(event)

    def _refuse(self) -> int:
        """Hold a port number that refuses, for a service that is not there."""
        held = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        held.bind((HOST, 0))
        self._held.append(held)
        port: int = held.getsockname()[1]
        return port


def run(
    scenario: Scenario,
    ready: Callable[[Announcement], None],
    record: Path | None = None,
    stay: bool = False,
) -> None:
    """Serve as a process of its own until standard input closes or a signal asks to end.

    The end of standard input is how an orphaned child notices that its parent died; `stay` ignores it.
    A line on standard input that holds an event as JSON, for example `{"does": "competing"}`, is played.
    """
    asyncio.run(_serve(scenario, ready, record, stay))


async def _serve(
    scenario: Scenario, ready: Callable[[Announcement], None], record: Path | None, stay: bool
) -> None:
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        try:
            loop.add_signal_handler(number, ended.set)
        except NotImplementedError:  # Windows: the default action ends the process, which is what is wanted
            pass
    with StandIns(scenario.tws):
        await _serve_until(scenario, ready, record, stay, ended)


async def _serve_until(
    scenario: Scenario,
    ready: Callable[[Announcement], None],
    record: Path | None,
    stay: bool,
    ended: asyncio.Event,
) -> None:
    loop = asyncio.get_running_loop()
    async with SimulatedDesk(scenario, record) as desk:
        ready(desk.announcement())
        commands: asyncio.Queue[bytes] = asyncio.Queue()
        if sys.stdin is not None and not stay:
            # A daemon thread, because a read of standard input cannot be cancelled.
            threading.Thread(target=_read_input, args=(loop, commands), daemon=True).start()
        obeying = asyncio.create_task(_obey(desk, commands, ended))
        await ended.wait()
        obeying.cancel()
        await asyncio.gather(obeying, return_exceptions=True)


def _read_input(loop: asyncio.AbstractEventLoop, commands: asyncio.Queue[bytes]) -> None:
    # Past Python's own buffer, whose lock would abort the interpreter if it ended during a read.
    rest = b""
    try:
        while chunk := os.read(sys.stdin.fileno(), 65_536):
            *lines, rest = (rest + chunk).split(b"\n")
            for line in filter(None, lines):
                loop.call_soon_threadsafe(commands.put_nowait, line)
        loop.call_soon_threadsafe(commands.put_nowait, _END_OF_INPUT)
    except (OSError, ValueError, RuntimeError):
        pass  # the loop or the stream is gone: the process is ending anyway


async def _obey(desk: SimulatedDesk, commands: asyncio.Queue[bytes], ended: asyncio.Event) -> None:
    """Play the events that the parent writes; the empty command is the end of its output."""
    while (line := await commands.get()) != _END_OF_INPUT:
        try:
            await desk.play(msgspec.json.decode(line, type=Event))
        except (msgspec.MsgspecError, timeline.UnknownHappening) as problem:
            sys.stderr.write(f"{problem}\n")
    ended.set()
