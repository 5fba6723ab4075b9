"""Every shipped scenario through the gateway: all it says about its accounts and contracts fits the shapes."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from cockpit.simulator.library import load
from cockpit.simulator.portal.contracts import DERIVATIVES
from cockpit.simulator.scenario import Portal

from .gateway_clients import on_a_loop, running
from .gateway_shapes import check_shape

pytestmark = pytest.mark.plain

SCENARIOS = sorted((Path(__file__).parents[2] / "resources" / "scenarios").glob("*.toml"))


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
@on_a_loop
async def test_everything_the_gateway_says_in_a_shipped_scenario_fits_the_shapes(path: Path) -> None:
    desk = load(path)
    server = replace(
        desk.gateway, state=Portal.TRADING, latency_ms=0.0, requests_per_second=10_000, path_limits=False
    )
    async with running(server, desk) as bench:
        check_shape("GET", "/iserver/accounts", (await bench.get("/iserver/accounts")).json())
        for row in (await bench.get("/portfolio/accounts")).json():
            check_shape("GET", "/portfolio/{accountId}/meta", row)
        for symbol in sorted({contract.symbol for contract in desk.contracts}):
            found = (await bench.get(f"/iserver/secdef/search?symbol={symbol}")).json()
            check_shape("GET", "/iserver/secdef/search", found)
            assert found, symbol
        for contract in desk.contracts:
            about = f"/iserver/contract/{contract.con_id}/info-and-rules"
            answer = (await bench.get(about)).json()
            check_shape("GET", "/iserver/contract/{conid}/info-and-rules", answer)
            assert answer["underlying_con_id"] or contract.sec_type not in DERIVATIVES, contract.symbol
        ids = ",".join(str(contract.con_id) for contract in desk.contracts)
        for _ in range(2):
            rows = (await bench.get(f"/iserver/marketdata/snapshot?conids={ids}&fields=31,6509,7768")).json()
            check_shape("GET", "/iserver/marketdata/snapshot", rows)
        assert all(row["7768"] in ("0", "1") for row in rows)
