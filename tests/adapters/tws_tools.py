"""What the tests of the TWS adapter share: a link to a simulated desk, and eyes on what it reports and counts."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from msgspec.structs import replace

from cockpit.adapters.tws.link import TwsLink
from cockpit.adapters.tws.timeouts import Timeouts
from cockpit.domain.evidence import Kind, Observation, V
from cockpit.domain.plan import Instrument, Socket
from cockpit.services.ports import Clock
from cockpit.simulator.desk import SimulatedDesk
from cockpit.simulator.scenario import Account, ApiServer, Contract, FlexServer, PortalServer, Scenario

T = TypeVar("T")

# For questions that will not be answered: the tests wait for the deadline, so it is short.
IMPATIENT = Timeouts(
    connect=2.0,
    handshake=0.15,
    client_ids=5.0,
    beat=0.15,
    bulletins=0.05,
    summary=0.5,
    families=0.15,
    orders=0.5,
    details=0.5,
    feed=0.4,
    what_if=0.3,
    goodbye=0.2,
)

AAPL = Contract(
    con_id=265598,
    symbol="AAPL",
    primary_exchange="NASDAQ",
    local_symbol="AAPL",
    trading_class="NMS",
    venues=("SMART", "NASDAQ", "ARCA"),
    hours="open",
    price=226.17,
)
APPLE = Instrument("AAPL", "AAPL")


class RealClock:
    """The Clock port on this machine's clocks."""

    def now(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()


@dataclass
class Counts:
    """The Tally port, counting."""

    messages: int = 0
    lines: int = 0
    most_lines: int = 0
    client_ids: int = 0
    what_ifs: int = 0
    line_taken: asyncio.Event = field(default_factory=asyncio.Event)

    def message(self, count: int = 1) -> None:
        self.messages += count

    def line(self, change: int) -> None:
        self.lines += change
        if change > 0:
            self.line_taken.set()
        self.most_lines = max(self.most_lines, self.lines)

    def client_id(self, change: int) -> None:
        self.client_ids += change

    def what_if(self) -> None:
        self.what_ifs += 1


@dataclass
class Eyes:
    """Keeps every observation; `newest` and `all` read them by kind."""

    seen: list[Observation] = field(default_factory=list)

    def report(self, observations: Sequence[Observation]) -> None:
        self.seen.extend(observations)

    def all(self, kind: Kind[V], subject: str = "tws/tws") -> list[Observation]:
        return [one for one in self.seen if one.fact == kind.name and one.subject == subject]

    def newest(self, kind: Kind[V], subject: str = "tws/tws") -> object:
        found = self.all(kind, subject)
        assert found, f"{kind.name} of {subject} was never seen"
        return found[-1].value

    def note(self, kind: Kind[V], subject: str = "tws/tws") -> str:
        return self.all(kind, subject)[-1].note


@dataclass
class Bench:
    """A desk, a link to its only TWS, and what they said."""

    desk: SimulatedDesk
    link: TwsLink
    eyes: Eyes
    counts: Counts

    @property
    def ids(self) -> list[int]:
        """Ids of all messages that have reached the desk."""
        return list(self.desk.recorder.message_ids())

    async def all_ids(self) -> list[int]:
        """Ids of all messages sent so far: a heartbeat afterwards proves that they have arrived; it is left out."""
        await self.link.beat()
        return self.ids[:-1]


def scenario(*contracts: Contract, **server: object) -> Scenario:
    """A desk with one TWS and no web services."""
    return Scenario(
        accounts=(Account(),),
        contracts=contracts or (AAPL,),
        tws=(replace(ApiServer(), **server),),
        gateway=PortalServer(present=False),
        flex=FlexServer(present=False),
    )


@asynccontextmanager
async def bench(
    story: Scenario | None = None,
    timeouts: Timeouts = IMPATIENT,
    clock: Clock | None = None,
    client_ids: tuple[int, int] = (901, 931),
) -> AsyncIterator[Bench]:
    """A desk and a closed link; both are gone afterwards, and no order but what-ifs may have arrived."""
    async with SimulatedDesk(story or scenario()) as desk:
        assert desk.problems == ()
        eyes, counts = Eyes(), Counts()
        socket = Socket(port=desk.ports["tws"], client_ids=client_ids)
        link = TwsLink(socket, eyes.report, clock or RealClock(), counts, timeouts)
        try:
            yield Bench(desk, link, eyes, counts)
        finally:
            await link.close()
            assert desk.recorder.forbidden() == ()


@asynccontextmanager
async def opened(
    story: Scenario | None = None, timeouts: Timeouts = IMPATIENT, clock: Clock | None = None
) -> AsyncIterator[Bench]:
    """A desk and an open link."""
    async with bench(story, timeouts, clock) as made:
        await made.link.open()
        yield made


def run(work: Coroutine[object, object, T]) -> T:
    """Run a test's coroutine; an exception that no task took, or a task left over, fails the test."""
    lost: list[dict[str, object]] = []

    async def guarded() -> T:
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: lost.append(context))
        result = await work
        others = asyncio.all_tasks() - {asyncio.current_task()}
        assert not others, f"left over: {others}"
        return result

    result = asyncio.run(guarded())
    assert lost == []
    return result
