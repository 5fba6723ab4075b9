"""A gateway and its clients on one loop, with a clock that only the test moves."""

from __future__ import annotations

import asyncio
import functools
import ssl
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import ParamSpec

import httpx2
from msgspec.structs import replace
from websockets.asyncio.client import ClientConnection, connect

from cockpit.simulator.portal.gateway import Gateway
from cockpit.simulator.recorder import Recorder
from cockpit.simulator.scenario import (
    Account,
    Bulletin,
    Contract,
    Feed,
    OpenOrder,
    PortalServer,
    Position,
    Scenario,
)
from cockpit.simulator.terms import Refusal

P = ParamSpec("P")

API = "/v1/api"
A_HANG = 0.25  # seconds after which the client gives a request up
STOCK, INDEX, OPTION, FUTURE, PAIR, SILENT = 265598, 416904, 700001, 495512557, 12087792, 700002

UNLIMITED = PortalServer(requests_per_second=10_000, path_limits=False, heartbeat_seconds=3600.0)
DESK = Scenario(
    accounts=(Account(), Account(id="U7654321", alias="Savings", available_funds=1_000.0)),
    contracts=(
        Contract(con_id=STOCK, symbol="AAPL", long_name="APPLE INC", primary_exchange="NASDAQ", price=1234.5),
        Contract(
            con_id=INDEX, symbol="SPX", sec_type="IND", exchange="CBOE", feed=Feed.DELAYED, price=6000.0
        ),
        Contract(
            con_id=OPTION,
            symbol="SPX",
            sec_type="OPT",
            expiry="20271217",
            strike=6000.0,
            right="C",
            multiplier="100",
            min_tick=0.05,
            feed=Feed.PARTIAL,
            price=12.3,
            web_outside=(),
            refuse=(Refusal(order_types=("STP LMT",)),),
        ),
        Contract(
            con_id=FUTURE, symbol="ES", sec_type="FUT", exchange="CME", expiry="20271217", feed=Feed.NONE
        ),
        Contract(con_id=PAIR, symbol="EUR", sec_type="CASH", exchange="IDEALPRO", hours="closed", price=1.08),
        Contract(
            con_id=SILENT, symbol="XYZ", feed=Feed.SILENT, permitted=False, refuse=(Refusal(silent=True),)
        ),
    ),
    orders=(OpenOrder(con_id=STOCK),),
    positions=(Position(con_id=STOCK, quantity=20.0),),
    bulletins=(Bulletin(text="The index options of one venue open late."),),
    gateway=UNLIMITED,
)


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now

    def forward(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds


class SignallingRecorder(Recorder):
    """A recorder that says when the first request has arrived."""

    def __init__(self) -> None:
        super().__init__()
        self.arrived = asyncio.Event()

    def request(
        self,
        service: str,
        method: str,
        path: str,
        query: str,
        headers: Mapping[str, str],
        body: bytes,
        connection: int,
    ) -> None:
        """Keep it and say so."""
        super().request(service, method, path, query, headers, body, connection)
        self.arrived.set()


@dataclass(frozen=True, slots=True)
class Bench:
    """A running gateway with what a test needs around it."""

    gateway: Gateway
    recorder: SignallingRecorder
    clock: Clock
    port: int
    client: httpx2.AsyncClient

    async def get(self, path: str) -> httpx2.Response:
        """GET a path behind the API's prefix."""
        return await self.client.get(API + path)

    async def post(self, path: str, body: object = None) -> httpx2.Response:
        """POST a path behind the API's prefix."""
        return await self.client.post(API + path, json={} if body is None else body)

    def stream(self) -> connect:
        """Open the websocket."""
        uri = f"wss://127.0.0.1:{self.port}{API}/ws"
        return connect(uri, ssl=trusting(self.gateway), proxy=None, max_size=None)


def on_a_loop(test: Callable[P, Coroutine[None, None, None]]) -> Callable[P, None]:
    """Run a coroutine as a test."""

    @functools.wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        asyncio.run(test(*args, **kwargs))

    return run


def trusting(gateway: Gateway) -> ssl.SSLContext:
    """A client's context that trusts this gateway's certificate and no other."""
    return ssl.create_default_context(cadata=gateway.certificate.decode())


@asynccontextmanager
async def running(server: PortalServer = UNLIMITED, desk: Scenario = DESK) -> AsyncIterator[Bench]:
    """Start a gateway, and end it after the test."""
    recorder, clock = SignallingRecorder(), Clock()
    gateway = Gateway(replace(desk, gateway=server), recorder, clock)
    port = await gateway.start()
    base = f"https://127.0.0.1:{port}"
    try:
        async with httpx2.AsyncClient(verify=trusting(gateway), base_url=base, trust_env=False) as client:
            yield Bench(gateway, recorder, clock, port, client)
    finally:
        await gateway.stop()


async def hangs(request: Coroutine[None, None, httpx2.Response]) -> bool:
    """Whether a request made with a short time-out gets no answer."""
    try:
        await request
    except httpx2.ReadTimeout:
        return True
    return False


async def frames(stream: ClientConnection, number: int) -> list[str]:
    """The next so many messages; all frames of the gateway are binary."""
    messages = [await stream.recv() for _ in range(number)]
    assert all(isinstance(message, bytes) for message in messages)
    return [message.decode() for message in messages if isinstance(message, bytes)]
