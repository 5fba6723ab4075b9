"""A shipped scenario and its two doors for orders, asked by hand: what each says to one and the same order."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
from ib_async import Contract as IbContract
from ib_async import Order
from msgspec.structs import replace

from cockpit.resources import resource
from cockpit.simulator import library
from cockpit.simulator.desk import SimulatedDesk

from .gateway_clients import API, trusting
from .tws_clients import RawClient
from .what_ifs import what_if_frame

SPX, VIX, SPX_OPTION, ES, NEXT_ES, ES_PUT = 416904, 13455763, 700680001, 495512563, 551601561, 700900001
SPY, AAPL, QQQ, RY, TEST_STOCK, EUR_USD = 756733, 265598, 320227571, 710000001, 710000002, 12087792
ACCOUNT, NEW_ACCOUNT = "U1234821", "U1234822"
FIELDS = "31,6509,7184,7768"
VERSION = 178  # of the raw client that asks for previews


@dataclass(frozen=True, slots=True)
class Wish:
    """An order to preview; TWS names its type and time in force in the same words as the gateway."""

    con_id: int
    side: str = "BUY"
    quantity: float = 1.0
    order_type: str = "LMT"
    tif: str = "DAY"
    venue: str = ""
    account: str = ACCOUNT


@dataclass(frozen=True, slots=True)
class Doors:
    """Both doors of a running desk."""

    desk: SimulatedDesk
    socket: RawClient
    http: httpx2.AsyncClient

    async def tws(self, wish: Wish) -> int:
        """Preview through the socket: the code that ends it, 0 when both parts of an answer came."""
        order = Order(
            action=wish.side,
            totalQuantity=wish.quantity,
            orderType=wish.order_type,
            lmtPrice=10.0,
            tif=wish.tif,
            account=wish.account,
        )
        self.socket.writer.write(what_if_frame(IbContract(conId=wish.con_id, exchange=wish.venue), order))
        parts = 0
        while parts < 2:
            message = await self.socket.receive()
            if message[0] == "4" and message[2] == "5":
                return int(self.socket.code(message))
            parts += message[0] == "5"
        return 0

    async def portal(self, wish: Wish) -> tuple[str, str]:
        """Preview through the gateway: its error and its warning, empty when there is none."""
        row = {
            "conidex": f"{wish.con_id}@{wish.venue or 'SMART'}",
            "orderType": wish.order_type.replace(" ", "_"),
            "side": wish.side,
            "quantity": wish.quantity,
            "price": 10.0,
            "tif": wish.tif,
        }
        path = f"/iserver/account/{wish.account}/orders/whatif"
        answer = await self.http.post(API + path, json={"orders": [row]})
        assert answer.status_code == 200
        said = answer.json()
        assert said
        return said.get("error") or "", said.get("warn") or ""

    async def get(self, path: str) -> Any:
        """GET a path of the gateway; its JSON."""
        answer = await self.http.get(API + path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def rules(self, con_id: int, is_buy: bool = True, venue: str = "") -> dict[str, Any]:
        """What the gateway says about orders for a contract."""
        asked = {"conid": con_id, "isBuy": is_buy} | ({"exchange": venue} if venue else {})
        answer = await self.http.post(f"{API}/iserver/contract/rules", json=asked)
        rules: dict[str, Any] = answer.json()
        return rules

    async def rows(self) -> dict[int, dict[str, str]]:
        """A snapshot of every contract: data, tradability, permission."""
        ids = ",".join(str(contract.con_id) for contract in self.desk.scenario.contracts)
        rows = await self.get(f"/iserver/marketdata/snapshot?conids={ids}&fields={FIELDS}")
        return {row["conid"]: row for row in rows}


@asynccontextmanager
async def doors(name: str) -> AsyncIterator[Doors]:
    """Serve a shipped scenario and make ready to ask: accounts, a search and one snapshot come first."""
    scenario = library.load(resource("scenarios", f"{name}.toml"))
    unlimited = replace(scenario.gateway, requests_per_second=10_000, path_limits=False)
    async with SimulatedDesk(replace(scenario, gateway=unlimited)) as desk:
        base = f"https://127.0.0.1:{desk.ports['gateway']}"
        async with httpx2.AsyncClient(verify=trusting(desk.gateway), base_url=base, trust_env=False) as http:
            socket = await RawClient.enter(desk.ports["tws"], VERSION)
            both = Doors(desk, socket, http)
            try:
                await both.get("/iserver/accounts")
                await both.get("/iserver/secdef/search?symbol=ES")
                await both.rows()
                yield both
            finally:
                await socket.close()
        assert desk.recorder.live_orders() == ()
