"""What the gateway says: every answer fits the published shapes, and market data needs its two calls."""

from __future__ import annotations

import re

import pytest
from msgspec.structs import replace

from cockpit.simulator.scenario import Contract, Feed, Portal

from .gateway_clients import (
    DESK,
    FUTURE,
    INDEX,
    OPTION,
    PAIR,
    SILENT,
    STOCK,
    UNLIMITED,
    Bench,
    on_a_loop,
    running,
)
from .gateway_shapes import SHAPES, check_shape

pytestmark = pytest.mark.plain

ACCOUNT = "U1234821"
ORDER = {"conid": STOCK, "orderType": "LMT", "price": 1234.5, "side": "BUY", "quantity": 10, "tif": "DAY"}
WHAT_IF = f"/iserver/account/{ACCOUNT}/orders/whatif"
SNAPSHOT = "/iserver/marketdata/snapshot?conids={}&fields=31,84,86,6509,7184,7768"
CALLS: list[tuple[str, str, str, object]] = [
    # method, shape, path, body; in an order that satisfies what must be asked first
    ("POST", "/tickle", "/tickle", {}),
    ("GET", "/sso/validate", "/sso/validate", None),
    ("POST", "/iserver/auth/status", "/iserver/auth/status", {}),
    ("POST", "/iserver/auth/ssodh/init", "/iserver/auth/ssodh/init", {"publish": True, "compete": False}),
    ("GET", "/iserver/reauthenticate", "/iserver/reauthenticate", None),
    ("GET", "/iserver/accounts", "/iserver/accounts", None),
    ("GET", "/portfolio/accounts", "/portfolio/accounts", None),
    ("GET", "/portfolio/{accountId}/meta", f"/portfolio/{ACCOUNT}/meta", None),
    ("GET", "/iserver/account/{accountId}/summary", f"/iserver/account/{ACCOUNT}/summary", None),
    ("GET", "/iserver/secdef/search", "/iserver/secdef/search?symbol=SPX", None),
    ("POST", "/iserver/secdef/search", "/iserver/secdef/search", {"symbol": "apple", "name": True}),
    ("GET", "/trsrv/stocks", "/trsrv/stocks?symbols=AAPL,NONE", None),
    ("GET", "/trsrv/futures", "/trsrv/futures?symbols=ES", None),
    *[
        ("GET", f"/iserver/contract/{{conid}}/{what}", f"/iserver/contract/{one.con_id}/{what}", None)
        for one in DESK.contracts
        for what in ("info", "info-and-rules", "algos", "algos")
    ],
    ("POST", "/iserver/contract/rules", "/iserver/contract/rules", {"conid": OPTION, "isBuy": True}),
    ("GET", "/iserver/marketdata/snapshot", SNAPSHOT.format(f"{STOCK},{INDEX},{OPTION}"), None),
    ("GET", "/iserver/marketdata/snapshot", SNAPSHOT.format(f"{STOCK},{INDEX},{OPTION}"), None),
    ("POST", "/iserver/account/{accountId}/orders/whatif", WHAT_IF, {"orders": [ORDER]}),
    ("GET", "/iserver/account/orders", "/iserver/account/orders", None),
    ("POST", "/iserver/marketdata/unsubscribe", "/iserver/marketdata/unsubscribe", {"conid": STOCK}),
    ("GET", "/iserver/marketdata/unsubscribeall", "/iserver/marketdata/unsubscribeall", None),
    ("POST", "/iserver/questions/suppress", "/iserver/questions/suppress", {"messageIds": ["o163"]}),
    ("POST", "/iserver/questions/suppress/reset", "/iserver/questions/suppress/reset", {}),
    ("GET", "/fyi/unreadnumber", "/fyi/unreadnumber", None),
    ("GET", "/fyi/notifications", "/fyi/notifications", None),
    ("GET", "/fyi/settings", "/fyi/settings", None),
    ("GET", "/fyi/deliveryoptions", "/fyi/deliveryoptions", None),
    ("POST", "/logout", "/logout", {}),
]


@on_a_loop
async def test_every_answer_fits_the_published_shape_and_uses_no_name_of_our_own() -> None:
    async with running() as bench:
        for method, template, path, body in CALLS:
            answer = await (bench.get(path) if method == "GET" else bench.post(path, body))
            assert answer.status_code == 200, path
            check_shape(method, template, answer.json())


@on_a_loop
async def test_every_published_reading_path_is_served() -> None:
    asked = {(method.lower(), template) for method, template, _, _ in CALLS}
    published = {(method, path) for path, methods in SHAPES["paths"].items() for method in methods}
    not_simulated = {
        ("post", "/fyi/deliveryoptions/device"),
        ("get", "/fyi/disclaimer/{typecode}"),
        ("post", "/fyi/settings/{typecode}"),
    }
    assert published - asked == not_simulated


async def snapshot(bench: Bench, *con_ids: int) -> dict[int, dict[str, str]]:
    """A snapshot by contract."""
    answer = await bench.get(SNAPSHOT.format(",".join(map(str, con_ids))))
    assert answer.status_code == 200
    return {row["conid"]: row for row in answer.json()}


@on_a_loop
async def test_a_snapshot_wants_the_account_list_first() -> None:
    async with running() as bench:
        answer = await bench.get(SNAPSHOT.format(STOCK))
        assert answer.status_code == 400
        assert "Please query /accounts first" in answer.text


@on_a_loop
async def test_the_first_snapshot_only_opens_the_stream() -> None:
    async with running() as bench:
        await bench.get("/iserver/accounts")
        assert (await snapshot(bench, STOCK))[STOCK].keys() == {"conid", "conidEx"}
        row = (await snapshot(bench, STOCK))[STOCK]
        assert (row["31"], row["84"], row["86"]) == ("1,234.50", "1,234.49", "1,234.51")
        await bench.get("/iserver/marketdata/unsubscribeall")
        assert "31" not in (await snapshot(bench, STOCK))[STOCK]


@pytest.mark.parametrize(
    ("con_id", "letters", "price"),
    [
        pytest.param(STOCK, "RpB", "1,234.50", id="live"),
        pytest.param(INDEX, "DPB", "6,000.00", id="delayed"),
        pytest.param(FUTURE, "N", None, id="not subscribed"),
        pytest.param(PAIR, "ZpB", "C1.08", id="venue closed"),
        pytest.param(SILENT, None, None, id="silent"),
    ],
)
@on_a_loop
async def test_entitlement_is_told_in_letters(con_id: int, letters: str | None, price: str | None) -> None:
    async with running() as bench:
        await bench.get("/iserver/accounts")
        await bench.get("/iserver/secdef/search?symbol=ES")
        await snapshot(bench, con_id)
        row = (await snapshot(bench, con_id))[con_id]
        assert (row.get("6509"), row.get("31")) == (letters, price)


@on_a_loop
async def test_permission_is_told_per_contract_with_and_without_prices() -> None:
    async with running() as bench:
        await bench.get("/iserver/accounts")
        await snapshot(bench, STOCK, SILENT)
        rows = await snapshot(bench, STOCK, SILENT)
        assert (rows[STOCK]["7184"], rows[STOCK]["7768"]) == ("1", "1")
        assert (rows[SILENT]["7184"], rows[SILENT]["7768"]) == ("1", "0")
        rules = (await bench.post("/iserver/contract/rules", {"conid": SILENT, "isBuy": True})).json()
        assert rules["canTradeAcctIds"] == []


@on_a_loop
async def test_what_cannot_be_traded_has_no_order_types_and_that_is_no_permission_gap() -> None:
    index = Contract(con_id=1, symbol="VIX", sec_type="IND", tradable=False)
    async with running(desk=replace(DESK, contracts=(index,))) as bench:
        rules = (await bench.post("/iserver/contract/rules", {"conid": 1, "isBuy": True})).json()
        assert (rules["orderTypes"], rules["orderTypesOutside"]) == ([], [])
        assert ACCOUNT in rules["canTradeAcctIds"]
        await bench.get("/iserver/accounts")
        await snapshot(bench, 1)
        row = (await snapshot(bench, 1))[1]
        assert (row["7184"], row["7768"]) == ("0", "1")


@pytest.mark.parametrize(("right", "sign"), [("C", 1), ("P", -1)])
@on_a_loop
async def test_greeks_flow_only_with_full_data(right: str, sign: int) -> None:
    full = Contract(con_id=1, symbol="SPX", sec_type="OPT", right=right, expiry="20271217")
    desk = replace(DESK, contracts=(full, replace(full, con_id=2, feed=Feed.PARTIAL)))
    async with running(desk=desk) as bench:
        await bench.get("/iserver/accounts")
        await bench.get("/iserver/secdef/search?symbol=SPX")
        for _ in range(2):
            answer = await bench.get("/iserver/marketdata/snapshot?conids=1,2&fields=31,7308")
        whole, part = answer.json()
        assert float(whole["7308"]) * sign > 0
        assert "7308" not in part
        assert part["31"] == whole["31"]


@on_a_loop
async def test_a_derivative_waits_for_a_search() -> None:
    async with running() as bench:
        await bench.get("/iserver/accounts")
        await snapshot(bench, OPTION)
        assert "6509" not in (await snapshot(bench, OPTION))[OPTION]
        await bench.get("/iserver/secdef/search?symbol=SPX")
        assert (await snapshot(bench, OPTION))[OPTION]["6509"] == "RpB"


@on_a_loop
async def test_losing_the_brokerage_session_forgets_what_was_asked() -> None:
    async with running() as bench:
        await bench.get("/iserver/accounts")
        await bench.gateway.set_state(Portal.COMPETING)
        await bench.gateway.set_state(Portal.TRADING)
        assert (await bench.get(SNAPSHOT.format(STOCK))).status_code == 400


@on_a_loop
async def test_more_than_a_hundred_contracts_or_fifty_fields_are_too_many() -> None:
    async with running() as bench:
        await bench.get("/iserver/accounts")
        contracts = ",".join(str(number) for number in range(1, 102))
        fields = ",".join(str(number) for number in range(51))
        for query in (f"conids={contracts}&fields=31", f"conids=1&fields={fields}", "conids="):
            assert (await bench.get(f"/iserver/marketdata/snapshot?{query}")).status_code == 400


@on_a_loop
async def test_the_first_call_for_algos_is_empty() -> None:
    async with running() as bench:
        path = f"/iserver/contract/{STOCK}/algos"
        assert (await bench.get(path)).json() == {"algos": []}
        assert len((await bench.get(path)).json()["algos"]) > 1
        assert [row["id"] for row in (await bench.get(f"{path}?algos=Twap;Vwap")).json()["algos"]] == [
            "Twap",
            "Vwap",
        ]
        assert (await bench.get(f"{path}?algos={';'.join('ABCDEFGHI')}")).status_code == 400
        assert (await bench.get("/iserver/contract/1/algos")).status_code == 503


@on_a_loop
async def test_closing_a_stream_that_is_not_open_is_an_error() -> None:
    async with running() as bench:
        for con_id in (STOCK, "x", [STOCK], None):
            answer = await bench.post("/iserver/marketdata/unsubscribe", {"conid": con_id})
            assert (answer.status_code, answer.json()) == (500, {"error": "unknown"})


@on_a_loop
async def test_an_account_that_is_not_reached_is_refused_by_name() -> None:
    async with running(replace(UNLIMITED, accounts=("U7654321",))) as bench:
        assert (await bench.get("/iserver/accounts")).json()["accounts"] == ["U7654321"]
        answer = await bench.get(f"/iserver/account/{ACCOUNT}/summary")
        assert answer.status_code == 400
        assert f"accountId is not valid: {ACCOUNT}" in answer.text


@on_a_loop
async def test_funds_of_the_first_tier_want_the_account_list_first() -> None:
    async with running(replace(UNLIMITED, state=Portal.SIGNED_IN)) as bench:
        path = f"/portfolio/{ACCOUNT}/summary"
        assert (await bench.get(path)).json() == {}
        await bench.get("/portfolio/accounts")
        assert (await bench.get(path)).json()["excessliquidity"]["amount"] == 412_300.0


@on_a_loop
async def test_a_search_lists_the_option_months_of_an_underlying() -> None:
    async with running() as bench:
        (row,) = (await bench.get("/iserver/secdef/search?symbol=SPX")).json()
        assert row["conid"] == str(INDEX)
        assert {"secType": "OPT", "months": "DEC27", "exchange": "SMART"} in row["sections"]
        assert (await bench.get(f"/iserver/contract/{OPTION}/info")).json()["underlying_con_id"] == INDEX
        assert (await bench.get("/iserver/secdef/search")).status_code == 400


@on_a_loop
async def test_expiry_words_of_a_scenario_are_worked_out() -> None:
    weekly = Contract(con_id=1, symbol="SPX", sec_type="OPT", expiry="next-friday", right="P", strike=5000.0)
    async with running(desk=replace(DESK, contracts=(weekly,))) as bench:
        assert re.fullmatch(r"\d{8}", (await bench.get("/iserver/contract/1/info")).json()["maturity_date"])
