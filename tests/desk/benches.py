"""A simulated desk and the program's own engine on it, in one loop and over real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest
from msgspec import structs
from msgspec.structs import replace

from cockpit.adapters.settings.file import write_settings
from cockpit.adapters.settings.records import Settings
from cockpit.adapters.tws.link import TwsLink
from cockpit.adapters.tws.timeouts import Timeouts
from cockpit.app.clock import SystemClock
from cockpit.app.desk import Desk, read_desk
from cockpit.app.simulate import read_scenario, settings_for, write_desk_files
from cockpit.app.wiring import TIMEOUTS, outside
from cockpit.domain.notice import Notice
from cockpit.domain.plan import Plan
from cockpit.domain.session import Session
from cockpit.domain.sessions import sessions
from cockpit.services.engine import Engine
from cockpit.services.harm import Harm
from cockpit.services.ports import Report, SocketLink
from cockpit.services.state import DeskState, Rehearsal
from cockpit.services.watch import Rhythm
from cockpit.simulator.desk import SimulatedDesk
from cockpit.simulator.programs import StandIns
from cockpit.simulator.scenario import Event, Scenario

PATIENCE = 25.0  # seconds until a test gives up; nothing is asserted about how long things take
MOMENT = 0.04  # seconds; only lets things happen, nothing hangs on it
QUICK = Rhythm(beat=0.2, longest_retry=0.5, portal=0.4, machine=1.0, desk=1.0)


@asynccontextmanager
async def served(
    scenario: Scenario, folder: Path, *, with_programs: bool = True
) -> AsyncIterator[tuple[SimulatedDesk, Desk]]:
    """Serve a scenario, its programs and its files in `folder`; give the desk that its settings describe.

    The settings name this test's own process, for here it is the one that owns the ports.
    """
    with StandIns(scenario.tws if with_programs else ()):
        async with SimulatedDesk(scenario) as simulated:
            assert simulated.problems == ()
            write_desk_files(scenario, folder)
            settings = settings_for(scenario, simulated.announcement(), folder, datetime.now(UTC))
            file = folder / "settings.toml"
            write_settings(file, owned_here(settings))
            yield simulated, read_desk(file)


def owned_here(settings: Settings) -> Settings:
    """Let this process own the ports as well."""
    own = psutil.Process().name()
    rows = tuple(replace(row, owners=(*row.owners, own)) for row in settings.sockets)
    gateway = replace(settings.gateway, owners=(*settings.gateway.owners, own))
    return replace(settings, sockets=rows, gateway=gateway)


def must_be_alone() -> None:
    """Skip where a program of the broker runs already: what a test says about its absence would be wrong."""
    for process in psutil.process_iter(["cmdline"]):
        command = " ".join(process.info["cmdline"] or ())
        if "jclient.LoginFrame" in command or "ibgateway.GWClient" in command:
            pytest.skip("a program of the broker, or a simulated one, runs on this PC already")


def shipped(name: str) -> Scenario:
    """Read a shipped scenario; nothing of it may be left out."""
    scenario, complaints = read_scenario(name)
    assert complaints == []
    return scenario


@dataclass
class Bench:
    """A running engine, everything it has published, and the desk it looks at."""

    simulated: SimulatedDesk
    engine: Engine
    states: list[DeskState] = field(default_factory=list)
    watching: list[Callable[[DeskState], None]] = field(default_factory=list)
    pinned: list[str] = field(default_factory=list)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def show(self, state: DeskState) -> None:
        """Take a state as the window would."""
        self.states.append(state)
        for look in self.watching:
            look(state)
        self._changed.set()

    @property
    def state(self) -> DeskState:
        """The newest state."""
        return self.states[-1]

    def session(self, key: str = "tws/tws") -> Session:
        """The row of the Sessions pane, as the newest state shows it now."""
        rows = sessions(self.state.facts, self.state.plan, self.engine.desk.now())
        return next(row for row in rows if row.key == key)

    def notices(self) -> dict[str, Notice]:
        """The notices of the newest state."""
        return {notice.key: notice for notice in self.state.notices}

    def rehearsal(self, ticket: str) -> Rehearsal | None:
        """The newest rehearsal of a ticket."""
        return next((one for one in self.state.rehearsals if one.ticket == ticket), None)

    async def until(self, is_so: Callable[[], bool], what: str) -> None:
        """Wait until a state is published in which `is_so`. Fails with `what` after PATIENCE seconds."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not is_so():
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            now = (self.session().word, self.state.notices) if self.states else "nothing was ever shown"
            raise AssertionError(f"it never happened: {what}; now {now}") from None

    async def a_moment(self) -> None:
        """Let the engine work until it shows something new; a silent engine is not waited for."""
        self._changed.clear()
        try:
            async with asyncio.timeout(MOMENT):
                await self._changed.wait()
        except TimeoutError:
            pass

    async def until_word(self, word: str, key: str = "tws/tws") -> None:
        """Wait until a session says `word`."""
        await self.until(lambda: self.session(key).word == word, f"{key} says {word!r}")

    async def happens(self, does: str, **arguments: str | float) -> None:
        """Let something happen on the desk."""
        await self.simulated.play(Event(does=does, **arguments))  # type: ignore[arg-type]


@asynccontextmanager
async def watched(scenario: Scenario, folder: Path, rhythm: Rhythm = QUICK) -> AsyncIterator[Bench]:
    """An engine that watches a served scenario, until the block ends; nothing forbidden may have been sent."""
    async with (
        served(scenario, folder) as (simulated, desk),
        running(simulated, desk, folder, rhythm) as bench,
    ):
        yield bench
    assert simulated.recorder.forbidden() == ()


@asynccontextmanager
async def running(
    simulated: SimulatedDesk,
    desk: Desk,
    folder: Path,
    rhythm: Rhythm = QUICK,
    timeouts: Timeouts = TIMEOUTS,
) -> AsyncIterator[Bench]:
    """An engine on a desk that is served already; a task or an exception that it leaves behind fails the test."""
    lost: list[dict[str, object]] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda loop, context: lost.append(context))
    before = asyncio.all_tasks()

    def sockets(plan: Plan, report: Report, harm: Harm) -> Sequence[SocketLink]:
        return [TwsLink(socket, report, SystemClock(), harm, timeouts) for socket in plan.sockets]

    benches: list[Bench] = []
    pinned: list[str] = []
    parts = structs.replace(outside(desk, folder), sockets=sockets, pin=pinned.append)
    engine = Engine(desk.plan, parts, lambda state: benches[0].show(state), rhythm)
    bench = Bench(simulated, engine, pinned=pinned)
    benches.append(bench)
    run = asyncio.create_task(engine.run())
    try:
        await bench.until(lambda: bool(bench.states), "the first state")
        yield bench
    finally:
        run.cancel()
        await asyncio.gather(run, return_exceptions=True)
    assert lost == []
    ours = {task for task in asyncio.all_tasks() - before if "cockpit/simulator" not in str(task)}
    if ours:  # a run that was stopped does not wait for its lanes, so they may need one more turn of the loop
        _, ours = await asyncio.wait(ours, timeout=1.0)
    assert not ours, f"left over: {ours}"
