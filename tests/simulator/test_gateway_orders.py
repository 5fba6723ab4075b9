"""Orders at the gateway: a preview submits nothing, and a live order cannot arrive unseen."""

from __future__ import annotations

import pytest

from cockpit.simulator.scenario import Portal

from .gateway_clients import A_HANG, API, FUTURE, OPTION, SILENT, STOCK, Bench, hangs, on_a_loop, running

pytestmark = pytest.mark.plain

ACCOUNT = "U1234821"
ORDERS = f"/iserver/account/{ACCOUNT}/orders"


def order(con_id: int = STOCK, kind: str = "LMT", quantity: float = 10) -> dict[str, object]:
    """A body with one order."""
    row = {
        "conid": con_id,
        "orderType": kind,
        "price": 1234.5,
        "side": "BUY",
        "quantity": quantity,
        "tif": "DAY",
    }
    return {"orders": [row]}


async def prepare(bench: Bench) -> None:
    """Ask what must be asked before a preview."""
    await bench.get("/iserver/accounts")
    await bench.get(f"/iserver/marketdata/snapshot?conids={STOCK},{OPTION},{FUTURE},{SILENT}&fields=31")


@on_a_loop
async def test_a_preview_is_empty_until_accounts_and_a_snapshot_were_read() -> None:
    async with running() as bench:
        assert (await bench.post(f"{ORDERS}/whatif", order())).json() == {}
        await bench.get("/iserver/accounts")
        assert (await bench.post(f"{ORDERS}/whatif", order())).json() == {}
        await prepare(bench)
        assert (await bench.post(f"{ORDERS}/whatif", order())).json() != {}


@on_a_loop
async def test_a_preview_says_what_changes_and_places_nothing() -> None:
    async with running() as bench:
        await prepare(bench)
        preview = (await bench.post(f"{ORDERS}/whatif", order())).json()
        assert preview["amount"]["amount"] == "12,345.00 USD (10 Shares)"
        assert preview["position"] == {"current": "20", "change": "10", "after": "30"}
        assert preview["initial"]["change"] == "6,172.50"
        assert (preview["warn"], preview["error"]) == (None, None)
        assert bench.gateway.placed == ()
        assert bench.recorder.live_orders() == ()
        assert len(bench.recorder.what_ifs()) == 1


@on_a_loop
async def test_a_preview_warns_of_missing_prices_and_missing_funds() -> None:
    async with running() as bench:
        await prepare(bench)
        preview = (await bench.post(f"{ORDERS}/whatif", order(OPTION, quantity=100_000))).json()
        assert preview["warn"].startswith("21/")
        assert "funds" in preview["error"]


@pytest.mark.parametrize(
    ("con_id", "kind", "text"),
    [
        pytest.param(OPTION, "STOP_LIMIT", "No trading permissions", id="rule of the scenario"),
        pytest.param(STOCK, "MIDPRICE", "not supported", id="type the venue lacks"),
        pytest.param(1, "LMT", "No contract", id="unknown contract"),
    ],
)
@on_a_loop
async def test_a_refused_preview_is_an_error_with_status_200(con_id: int, kind: str, text: str) -> None:
    async with running() as bench:
        await prepare(bench)
        answer = await bench.post(f"{ORDERS}/whatif", order(con_id, kind))
        assert answer.status_code == 200
        assert text in answer.json()["error"]


@on_a_loop
async def test_a_silent_refusal_never_answers() -> None:
    async with running() as bench:
        await prepare(bench)
        assert await hangs(bench.client.post(f"{API}{ORDERS}/whatif", json=order(SILENT), timeout=A_HANG))


@on_a_loop
async def test_order_content_that_is_none_is_refused() -> None:
    async with running() as bench:
        await prepare(bench)
        assert (await bench.post(f"{ORDERS}/whatif", {"orders": []})).status_code == 500
        assert (await bench.post(ORDERS, {"orders": "all"})).status_code == 500


@on_a_loop
async def test_without_brokerage_session_there_is_no_preview() -> None:
    async with running() as bench:
        await bench.gateway.set_state(Portal.COMPETING)
        assert "no bridge" in (await bench.post(f"{ORDERS}/whatif", order())).text


@pytest.mark.parametrize(
    "path",
    [
        ORDERS,
        f"/iserver/account/{ACCOUNT}/order",
        f"/iserver/account/%55{ACCOUNT[1:]}/orders",
        f"{ORDERS}?/whatif",
        f"{ORDERS}#/whatif",
    ],
)
@on_a_loop
async def test_a_live_order_is_accepted_and_seen(path: str) -> None:
    async with running() as bench:
        (row,) = (await bench.post(path, order())).json()
        assert row["order_status"] == "Submitted"
        assert [placed.account for placed in bench.gateway.placed] == [ACCOUNT]
        assert len(bench.recorder.live_orders()) == 1
        listed = (await bench.get("/iserver/account/orders")).json()["orders"]
        assert int(row["order_id"]) in [one["orderId"] for one in listed]


@on_a_loop
async def test_a_market_order_asks_first_and_the_answer_places_it() -> None:
    async with running() as bench:
        (question,) = (await bench.post(ORDERS, order(kind="MKT"))).json()
        assert question["messageIds"] == ["o10151"]
        assert bench.gateway.placed == ()
        (row,) = (await bench.post(f"/iserver/reply/{question['id']}", {"confirmed": True})).json()
        assert row["order_status"] == "Submitted"
        assert len(bench.gateway.placed) == 1
        again = await bench.post(f"/iserver/reply/{question['id']}", {"confirmed": True})
        assert again.status_code == 400


@on_a_loop
async def test_another_order_makes_the_open_question_void() -> None:
    async with running() as bench:
        (question,) = (await bench.post(ORDERS, order(kind="MKT"))).json()
        await bench.post(ORDERS, order())
        answer = await bench.post(f"/iserver/reply/{question['id']}", {"confirmed": True})
        assert answer.status_code == 400
        assert len(bench.gateway.placed) == 1


@on_a_loop
async def test_a_question_that_was_suppressed_is_not_asked() -> None:
    async with running() as bench:
        await bench.post("/iserver/questions/suppress", {"messageIds": ["o10151"]})
        (row,) = (await bench.post(ORDERS, order(kind="MKT"))).json()
        assert row["order_status"] == "Submitted"
        await bench.post("/iserver/questions/suppress/reset")
        (question,) = (await bench.post(ORDERS, order(kind="MKT"))).json()
        assert "message" in question
        reasons = {entry.path for entry in bench.recorder.forbidden()}
        assert f"{API}/iserver/questions/suppress" in reasons
