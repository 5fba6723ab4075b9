"""What the Flex tests share: the simulated service and a link on one clock, a vault in memory, a hostile server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from cockpit.adapters.catalogue import shipped_catalogue
from cockpit.adapters.flex.link import FlexLink
from cockpit.adapters.flex.wire import Timeouts
from cockpit.adapters.profile.redaction import Redactor
from cockpit.domain.plan import Flex, Plan
from cockpit.services.desk import Desk
from cockpit.services.harm import Harm
from cockpit.services.ports import QUERY, TOKEN
from cockpit.services.state import DeskState
from cockpit.simulator.flex.service import FlexService
from cockpit.simulator.recorder import Recorder
from cockpit.simulator.scenario import Account, FlexServer, Scenario
from tests.fakes.clock import FakeClock

CANARY = "918273645501928374655019"
SERVER = FlexServer(token=CANARY, busy_times=0)
ACCOUNTS = (
    Account(
        id="U1234567",
        alias="Main",
        permissions=("Stocks", "Options", "Moon Futures"),
        capability="Portfolio Margin,IBPrime",
        entity="IB-IE",
        customer_type="INDIVIDUAL",
    ),
    Account(id="U7654321", permissions=("Stocks",), capability="Cash", entity="IBLLC-US"),
)


class MemoryVault:
    """Implements the Vault port; `trouble` is what every call raises."""

    def __init__(self, **secrets: str) -> None:
        self.secrets = {f"flex/{name}": secret for name, secret in secrets.items()}
        self.trouble: Exception | None = None

    async def where(self) -> str:
        return "in memory"

    async def unlock(self) -> None:
        """There is nothing to unlock."""

    async def put(self, name: str, secret: str) -> None:
        self._check()
        self.secrets[name] = secret

    async def get(self, name: str) -> str | None:
        self._check()
        return self.secrets.get(name)

    async def forget(self, name: str) -> None:
        self._check()
        self.secrets.pop(name, None)

    def _check(self) -> None:
        if self.trouble is not None:
            raise self.trouble


@dataclass
class Bench:
    """A link, the desk it speaks to, and what the service saw."""

    link: FlexLink
    clock: FakeClock
    vault: MemoryVault
    redactor: Redactor
    recorder: Recorder = field(default_factory=Recorder)
    states: list[DeskState] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.harm = Harm(self.clock)
        self.desk = Desk(Plan(), self.clock, self.states.append)

    @property
    def calls(self) -> list[str]:
        """Which of the two calls the service got, in order."""
        return [path.partition("?")[0].rpartition("/")[2] for _, path in self.recorder.http_calls("flex")]


def bench(port: int, timeouts: Timeouts | None = None, clock: FakeClock | None = None) -> Bench:
    """A link to a port of this PC. Its waits only move the clock."""
    clock = clock or FakeClock()
    vault, redactor = MemoryVault(token=CANARY, query=SERVER.query), Redactor()

    async def sleep(seconds: float) -> None:
        clock.advance(seconds)

    link = FlexLink(
        Flex("127.0.0.1", port),
        shipped_catalogue(),
        vault,
        redactor.learn,
        clock,
        Harm(clock),
        timeouts,
        sleep=sleep,
    )
    assert {TOKEN, QUERY} == set(vault.secrets)
    return Bench(link, clock, vault, redactor)


@asynccontextmanager
async def simulated(server: FlexServer = SERVER) -> AsyncIterator[Bench]:
    """The simulated service with a link to it, both on one clock that only waits move."""
    clock, recorder = FakeClock(), Recorder()
    service = FlexService(Scenario(accounts=ACCOUNTS, flex=server), recorder, clock.monotonic, wall=clock.now)
    port = await service.start()
    try:
        made = bench(port, clock=clock)
        made.recorder = recorder
        yield made
    finally:
        await service.stop()


@dataclass
class Hostile:
    """A server that answers everybody with the same bytes, or with nothing; what came in is kept."""

    answer: bytes = b""
    hangs: bool = False
    port: int = 0
    heads: list[bytes] = field(default_factory=list)

    async def __aenter__(self) -> Hostile:
        self._over = asyncio.Event()
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._over.set()
        self._server.close()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            self.heads.append(await reader.readuntil(b"\r\n\r\n"))
            if self.hangs:
                await self._over.wait()
            writer.write(self.answer)
            await writer.drain()
        except (asyncio.IncompleteReadError, OSError):
            pass
        finally:
            writer.close()


def http(body: bytes, status: str = "200 OK", *headers: str) -> bytes:
    """An HTTP answer."""
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def answer(inner: str) -> bytes:
    """A short answer of the service."""
    return http(f"<FlexStatementResponse timestamp='now'>{inner}</FlexStatementResponse>".encode())
