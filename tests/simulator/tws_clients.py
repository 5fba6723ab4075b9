"""A TWS server and its clients on one loop: a raw one of any version, ib_async, the older official one."""

from __future__ import annotations

import asyncio
import functools
import queue
import threading
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, ParamSpec, Self

from ib_async import IB, StartupFetch
from ibapi.client import EClient
from ibapi.wrapper import EWrapper

from cockpit.simulator.recorder import Recorder
from cockpit.simulator.scenario import ApiServer, Contract, Scenario
from cockpit.simulator.tws.server import HOST, TwsServer
from cockpit.simulator.tws.state import World
from cockpit.simulator.wire.frames import FieldValue, fields_of, frame, payload, read_frame

P = ParamSpec("P")

PATIENCE = 10.0  # seconds after which a test gives up instead of hanging
A_SILENCE = 0.15  # seconds of quiet that count as "no answer" where the clients offer no other sign

STOCK, FOREX, INDEX, OPTION, OTHER_OPTION, FUTURE, NEXT_FUTURE = 101, 102, 103, 104, 105, 106, 107

_LISTS = ("LMT", "MKT", "STP", "STPLMT", "TRAIL", "DAY", "GTC", "IOC", "RTH", "ALGO", "WHATIF")
CONTRACTS = (
    Contract(
        STOCK,
        "AAPL",
        primary_exchange="NASDAQ",
        local_symbol="AAPL",
        trading_class="NMS",
        long_name="Apple Inc",
        venues=("SMART", "NASDAQ"),
        order_types=_LISTS,
        direct_order_types=("LMT", "MKT", "WHATIF"),
        price=271.4,
    ),
    Contract(
        FOREX,
        "EUR",
        "CASH",
        "IDEALPRO",
        local_symbol="EUR.USD",
        trading_class="EUR.USD",
        long_name="Euro",
        venues=("IDEALPRO",),
        min_tick=0.00005,
        market_rule=239,
        price=1.0845,
    ),
    Contract(INDEX, "SPX", "IND", "CBOE", local_symbol="SPX", venues=("CBOE",), price=6812.4, tradable=False),
    Contract(
        OPTION,
        "SPX",
        "OPT",
        local_symbol="SPXW  {yymmdd}C06800000",
        trading_class="SPXW",
        expiry="next-friday",
        strike=6800.0,
        right="C",
        multiplier="100",
        under_con_id=INDEX,
        venues=("SMART", "CBOE"),
        min_tick=0.05,
        price=61.3,
    ),
    Contract(
        OTHER_OPTION,
        "SPX",
        "OPT",
        local_symbol="SPXW  {yymmdd}C06850000",
        trading_class="SPXW",
        expiry="next-friday",
        strike=6850.0,
        right="C",
        multiplier="100",
        under_con_id=INDEX,
        venues=("SMART", "CBOE"),
        min_tick=0.05,
        price=34.8,
    ),
    Contract(
        FUTURE,
        "ES",
        "FUT",
        "CME",
        local_symbol="ES{code}",
        trading_class="ES",
        expiry="front-quarter",
        multiplier="50",
        venues=("CME",),
        min_tick=0.25,
        price=6825.25,
    ),
    Contract(
        NEXT_FUTURE,
        "ES",
        "FUT",
        "CME",
        local_symbol="ES{code}",
        trading_class="ES",
        expiry="next-quarter",
        multiplier="50",
        venues=("CME",),
        min_tick=0.25,
        price=6884.5,
    ),
)
DESK = Scenario(contracts=CONTRACTS)


def on_loop(test: Callable[P, Coroutine[None, None, None]]) -> Callable[P, None]:
    """Run a test on a loop of its own; it fails when it takes too long or leaves a task behind."""

    @functools.wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        async def bounded() -> None:
            complaints: list[str] = []
            loop = asyncio.get_running_loop()
            loop.set_exception_handler(lambda _, context: complaints.append(str(context)))
            async with asyncio.timeout(PATIENCE):
                await test(*args, **kwargs)
            left = asyncio.all_tasks() - {asyncio.current_task()}
            assert not left, f"tasks were left behind: {left}"
            assert not complaints, complaints

        asyncio.run(bounded())

    return run


@dataclass(frozen=True, slots=True)
class Running:
    """A server that listens."""

    server: TwsServer
    world: World
    recorder: Recorder
    port: int


@asynccontextmanager
async def serving(config: ApiServer | None = None, scenario: Scenario = DESK) -> AsyncIterator[Running]:
    """Serve one API server of a scenario."""
    recorder = Recorder()
    world = World(scenario)
    server = TwsServer(config or ApiServer(), world, recorder)
    port = await server.start()
    try:
        yield Running(server, world, recorder, port)
    finally:
        await server.stop()


class RawClient:
    """Speaks the wire by hand, at any version."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self.version = 0

    @classmethod
    async def open(cls, port: int, oldest: int = 100, newest: int = 200) -> Self:
        """Connect and offer a range of versions, without waiting for the answer."""
        client = cls(*await asyncio.open_connection(HOST, port))
        client.writer.write(b"API\0" + frame(f"v{oldest}..{newest}".encode()))
        return client

    @classmethod
    async def enter(cls, port: int, version: int = 200, client: int = 1) -> Self:
        """Connect at a version, start, and read up to the last farm notice."""
        raw = await cls.open(port, newest=version)
        raw.version = int((await raw.receive())[0])
        raw.send(71, 2, client, "")
        await raw.until(4, code="2158")
        return raw

    def send(self, *fields: FieldValue) -> None:
        """Send one request."""
        self.writer.write(frame(payload(fields)))

    async def receive(self) -> tuple[str, ...]:
        """Read one message."""
        return fields_of(await read_frame(self.reader))

    async def until(self, message: int, code: str = "") -> tuple[str, ...]:
        """Read on to the next message of a kind, or to the next error with a code."""
        return (await self.gather(message, code))[-1]

    async def gather(self, last: int, code: str = "") -> list[tuple[str, ...]]:
        """Read every message up to and with the next one of a kind."""
        messages: list[tuple[str, ...]] = []
        while True:
            message = await self.receive()
            messages.append(message)
            if message[0] == str(last) and (not code or self.code(message) == code):
                return messages

    async def error(self) -> tuple[str, str]:
        """Read on to the next error: its request id and its code."""
        message = await self.until(4)
        return message[1 if self.version >= 194 else 2], self.code(message)

    def code(self, message: tuple[str, ...]) -> str:
        """The code of an error message in this version's layout."""
        return message[2 if self.version >= 194 else 3]

    async def is_silent(self) -> bool:
        """Ask for the time as well: whatever was asked before has had its turn when the time arrives."""
        self.send(49, 1)
        return (await self.gather(49))[0][0] == "49"

    async def is_closed(self) -> bool:
        """Read to the end."""
        try:
            while await self.reader.read(65_536):
                pass
        except ConnectionError:
            pass
        return True

    async def close(self) -> None:
        """Say goodbye."""
        self.writer.close()
        try:
            await self.writer.wait_closed()
        except ConnectionError:
            pass


def contract_fields(con_id: int = 0, **named: FieldValue) -> list[FieldValue]:
    """The twelve fields that name a contract in a request."""
    names = (
        *("symbol", "sec_type", "expiry", "strike", "right", "multiplier", "exchange", "primary_exchange"),
        *("currency", "local_symbol", "trading_class"),
    )
    return [con_id, *(named.get(name, 0 if name == "strike" else "") for name in names)]


def details(request: int, con_id: int = 0, **named: FieldValue) -> list[FieldValue]:
    """A request for contract details."""
    return [9, 8, request, *contract_fields(con_id, **named), False, "", "", ""]


def prices(request: int, con_id: int = 0, snapshot: bool = False, **named: FieldValue) -> list[FieldValue]:
    """A request for market data."""
    return [1, 11, request, *contract_fields(con_id, **named), False, "", snapshot, False, ""]


@asynccontextmanager
async def connected(
    port: int, client: int = 7, readonly: bool = True
) -> AsyncIterator[tuple[IB, list[tuple[int, int, str]]]]:
    """Connect ib_async as an adapter should, and collect its errors."""
    ib = IB()
    ib.RaiseRequestErrors = True
    errors: list[tuple[int, int, str]] = []
    ib.errorEvent += lambda request, code, text, _contract: errors.append((request, code, text))
    await ib.connectAsync(
        HOST, port, clientId=client, timeout=PATIENCE, readonly=readonly, fetchFields=StartupFetch(0)
    )
    try:
        yield ib, errors
    finally:
        ib.disconnect()


class OfficialClient(EWrapper, EClient):  # type: ignore[misc]  # the official client has no types
    """The older official client; every callback that it gets is put into a queue."""

    def __init__(self) -> None:
        EWrapper.__init__(self)
        EClient.__init__(self, self)
        self._calls: queue.Queue[tuple[str, tuple[object, ...]]] = queue.Queue()
        self._runner = threading.Thread(target=self.run, daemon=True)

    def __getattribute__(self, name: str) -> Any:
        found = object.__getattribute__(self, name)
        if name in _CALLBACKS:
            calls = object.__getattribute__(self, "_calls")
            return lambda *args: calls.put((name, args))
        return found

    def enter(self, port: int, client: int) -> None:
        """Connect and start reading."""
        self.connect(HOST, port, client)
        self._runner.start()

    def leave(self) -> None:
        """Disconnect and wait for the reading thread."""
        self.disconnect()
        self._runner.join(PATIENCE)

    def until(self, name: str) -> tuple[object, ...]:
        """Wait for the next callback of a name and return what it got."""
        while True:
            called, args = self._calls.get(timeout=PATIENCE)
            if called == name:
                return args


_CALLBACKS = frozenset(
    {
        *(
            "managedAccounts",
            "nextValidId",
            "currentTime",
            "contractDetails",
            "contractDetailsEnd",
            "openOrder",
        ),
        *(
            "error",
            "tickPrice",
            "tickOptionComputation",
            "marketDataType",
            "connectionClosed",
            "tickSnapshotEnd",
        ),
        *("accountSummary", "accountSummaryEnd", "position", "positionEnd", "openOrderEnd", "orderStatus"),
        *("familyCodes", "updateNewsBulletin", "symbolSamples", "marketRule", "accountDownloadEnd"),
        *(
            "updatePortfolio",
            "updateAccountValue",
            "mktDepthExchanges",
            "completedOrdersEnd",
            "execDetailsEnd",
        ),
    }
)
