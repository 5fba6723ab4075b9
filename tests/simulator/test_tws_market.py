"""Market data in every state of a feed: which words come first, which ticks follow, and what stays away."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ib_async import Contract as IbContract
from msgspec.structs import replace

from cockpit.simulator.scenario import ApiServer, Contract, Farm, Feed, Scenario
from cockpit.simulator.tws.quotes import quote
from cockpit.simulator.wire.frames import FieldValue
from tests.simulator.tws_clients import (
    CONTRACTS,
    DESK,
    FOREX,
    FUTURE,
    INDEX,
    OPTION,
    OTHER_OPTION,
    STOCK,
    RawClient,
    connected,
    contract_fields,
    on_loop,
    prices,
    serving,
)

_DELAYED_WORDS = "Delayed market data is available"


def desk_with(con_id: int, **changes: object) -> Scenario:
    """The desk with one instrument changed."""
    contracts = tuple(
        replace(contract, **changes) if contract.con_id == con_id else contract for contract in CONTRACTS
    )
    return replace(DESK, contracts=contracts)


async def ask(client: RawClient, wanted: int, con_id: int) -> list[tuple[str, ...]]:
    """Ask for a snapshot at a market-data type; return everything up to the clock's answer that follows."""
    client.send(59, 1, wanted)
    client.send(*prices(1, con_id, snapshot=True))
    client.send(49, 1)
    return (await client.gather(49))[:-1]


def prices_of(messages: list[tuple[str, ...]]) -> dict[str, float]:
    """The prices by tick number."""
    return {message[3]: float(message[4]) for message in messages if message[0] == "1"}


@pytest.mark.parametrize(
    ("feed", "wanted", "con_id", "first", "flowing", "ticks"),
    [
        pytest.param("live", 1, STOCK, "", "1", {"1", "2", "4"}, id="live"),
        pytest.param("live", 3, STOCK, "", "1", {"1", "2", "4"}, id="live is never downgraded"),
        pytest.param("live", 1, FOREX, "", "1", {"1", "2"}, id="currencies have no last"),
        pytest.param("live", 1, INDEX, "", "1", {"4"}, id="an index has no sides"),
        pytest.param("frozen", 2, STOCK, "", "2", {"1", "2", "4"}, id="frozen when allowed"),
        pytest.param("delayed", 3, STOCK, "10167", "3", {"66", "67", "68"}, id="delayed says so, then flows"),
        pytest.param("delayed", 4, INDEX, "10167", "3", {"68"}, id="delayed index"),
        pytest.param("delayed", 1, STOCK, "10089", "", set(), id="delayed refused for a live request"),
        pytest.param("delayed", 1, FUTURE, "354", "", set(), id="the same for a future has another code"),
        pytest.param("none", 1, STOCK, "354", "", set(), id="nothing"),
        pytest.param("none", 3, STOCK, "354", "", set(), id="nothing, not even delayed"),
        pytest.param("partial", 1, OPTION, "10090", "1", {"1", "2", "4"}, id="partial flows"),
        pytest.param("silent", 1, STOCK, "", "", set(), id="silent"),
        pytest.param("competing", 3, STOCK, "10197", "", set(), id="competing"),
    ],
)
def test_each_state_of_a_feed_brings_its_code_its_type_and_its_ticks(
    feed: str, wanted: int, con_id: int, first: str, flowing: str, ticks: set[str]
) -> None:
    @on_loop
    async def check() -> None:
        async with serving(scenario=desk_with(con_id, feed=Feed(feed))) as running:
            client = await RawClient.enter(running.port)
            messages = await ask(client, wanted, con_id)
            kinds = [message[0] for message in messages]
            codes = [client.code(message) for message in messages if message[0] == "4"]
            types = [message[3] for message in messages if message[0] == "58"]
            assert codes == ([first] if first else [])
            assert types == ([flowing] if flowing else [])
            assert kinds[:1] == (["4"] if first else ["81"] if flowing else [])
            seen = {message[3] for message in messages if message[0] == "1" and float(message[4]) > 0}
            assert seen & {"1", "2", "4", "66", "67", "68"} == ticks
            assert kinds[-1:] == (["57"] if flowing else ["4"] if first else [])
            await client.close()

    check()


@pytest.mark.parametrize("code", [10089, 10168, 10186])
def test_the_code_that_refuses_live_data_is_the_scenarios_choice(code: int) -> None:
    @on_loop
    async def check() -> None:
        async with serving(scenario=desk_with(STOCK, feed=Feed.NONE, feed_code=code)) as running:
            client = await RawClient.enter(running.port)
            assert [client.code(message) for message in await ask(client, 1, STOCK)] == [str(code)]
            await client.close()

    check()


@on_loop
async def test_the_words_of_a_delayed_feed_say_that_delayed_data_exists() -> None:
    async with serving(scenario=desk_with(STOCK, feed=Feed.DELAYED)) as running:
        client = await RawClient.enter(running.port)
        (message,) = await ask(client, 1, STOCK)
        assert _DELAYED_WORDS in message[3]
        await client.close()


@on_loop
async def test_a_closed_market_quotes_nobody_unless_frozen_data_is_allowed() -> None:
    async with serving(scenario=desk_with(STOCK, hours="closed")) as running:
        client = await RawClient.enter(running.port)
        live = prices_of(await ask(client, 1, STOCK))
        assert (live["1"], live["2"]) == (-1.0, -1.0)
        assert live["9"] > 0
        assert prices_of(await ask(client, 2, STOCK))["1"] > 0
        await client.close()


@on_loop
async def test_options_bring_greeks_unless_the_feed_is_partial() -> None:
    async with serving(scenario=desk_with(OTHER_OPTION, feed=Feed.PARTIAL)) as running:
        client = await RawClient.enter(running.port)
        whole = [message for message in await ask(client, 1, OPTION) if message[0] == "21"]
        assert len(whole) == 1
        assert whole[0][2] == "13"
        assert float(whole[0][-1]) == 6812.4
        assert not [message for message in await ask(client, 1, OTHER_OPTION) if message[0] == "21"]
        await client.close()


@on_loop
async def test_prices_move_while_subscribed_and_end_with_the_cancel() -> None:
    async with serving() as running:
        client = await RawClient.enter(running.port)
        client.send(*prices(1, FUTURE))
        bids: set[str] = set()
        while len(bids) < 3:
            message = await client.until(1)
            if message[3] == "1":
                bids.add(message[4])
        client.send(2, 2, 1)
        client.send(49, 1)
        await client.gather(49)
        assert running.server.state.lines_used() == 0
        client.send(2, 2, 1)
        assert await client.error() == ("1", "300")
        await client.close()


@on_loop
async def test_ib_async_sees_live_delayed_and_greeks() -> None:
    async with (
        serving(scenario=desk_with(INDEX, feed=Feed.DELAYED)) as running,
        connected(running.port) as (ib, errors),
    ):
        ib.reqMarketDataType(3)
        asked = [IbContract(conId=number, exchange="SMART") for number in (STOCK, OPTION)]
        index = IbContract(conId=INDEX, exchange="CBOE")
        tickers = [ib.reqMktData(contract) for contract in (*asked, index)]
        while any(math.isnan(ticker.last) for ticker in tickers):
            await ib.pendingTickersEvent
        stock, option, spx = tickers
        assert [ticker.marketDataType for ticker in tickers] == [1, 1, 3]
        assert stock.bid < stock.last < stock.ask
        assert option.modelGreeks is not None
        assert spx.last == pytest.approx(6812.4, abs=1)
        assert [code for request, code, _ in errors if request != -1] == [10167]


@on_loop
async def test_lines_are_shared_by_all_clients_and_end_at_the_limit() -> None:
    async with serving(ApiServer(market_data_lines=2)) as running:
        first = await RawClient.enter(running.port, client=1)
        second = await RawClient.enter(running.port, client=2)
        first.send(*prices(1, STOCK))
        await first.until(58)
        second.send(*prices(1, FOREX))
        await second.until(58)
        second.send(*prices(2, FUTURE))
        assert await second.error() == ("2", "101")
        first.send(*prices(1, FUTURE))
        assert await first.error() == ("1", "102")
        await first.close()
        await second.close()


@on_loop
async def test_an_unknown_instrument_an_ambiguous_one_and_a_bad_snapshot_are_refused() -> None:
    async with serving() as running:
        client = await RawClient.enter(running.port)
        client.send(*prices(1, symbol="NOPE", sec_type="STK", exchange="SMART", currency="USD"))
        assert await client.error() == ("1", "200")
        client.send(*prices(2, symbol="ES", sec_type="FUT", exchange="CME"))
        assert await client.error() == ("2", "200")
        client.send(1, 11, 3, *contract_fields(STOCK), False, "233", True, False, "")
        assert await client.error() == ("3", "414")
        await client.close()


@on_loop
async def test_a_spread_is_quoted_from_its_legs() -> None:
    legs: list[FieldValue] = [2, OPTION, 1, "BUY", "SMART", OTHER_OPTION, 1, "SELL", "SMART"]
    named = contract_fields(symbol="SPX", sec_type="BAG", exchange="SMART", currency="USD")
    async with serving() as running:
        client = await RawClient.enter(running.port)
        client.send(1, 11, 1, *named, *legs, False, "", True, False, "")
        assert prices_of(await client.gather(57))["1"] == pytest.approx(61.3 - 34.8, abs=0.5)
        await client.close()


@on_loop
async def test_a_broken_farm_and_a_lost_upstream_leave_a_request_without_an_answer() -> None:
    farms = (Farm("usfuture", state="broken"), Farm("secdefil", "definitions"))
    async with serving(ApiServer(farms=farms)) as running:
        client = await RawClient.enter(running.port)
        client.send(*prices(1, FUTURE))
        assert await client.is_silent()
        client.send(*prices(2, STOCK))
        await client.until(58)
        running.server.lose_upstream()
        await client.until(4, code="1100")
        client.send(*prices(3, FOREX))
        assert await client.is_silent()
        await client.close()


@on_loop
async def test_a_competing_session_ends_every_request_and_its_end_brings_the_data_back() -> None:
    async with serving() as running:
        client = await RawClient.enter(running.port)
        for request, con_id in ((1, STOCK), (2, FUTURE)):
            client.send(*prices(request, con_id))
            await client.until(58)
        running.server.set_competing(True)
        assert {await client.error() for _ in range(2)} == {("1", "10197"), ("2", "10197")}
        client.send(*prices(3, FOREX))
        assert await client.error() == ("3", "10197")
        running.server.set_competing(False)
        assert {(await client.until(58))[2] for _ in range(3)} == {"1", "2", "3"}
        await client.close()


@given(
    price=st.floats(1, 30_000),
    tick=st.sampled_from([0.00005, 0.01, 0.05, 0.25]),
    step=st.integers(0, 10_000),
    con_id=st.integers(1, 99),
)
def test_a_quote_always_has_its_sides_in_order_and_on_the_price_grid(
    price: float, tick: float, step: int, con_id: int
) -> None:
    now = quote(Contract(con_id, "X", price=price, min_tick=tick), step)
    assert now.bid < now.last < now.ask
    for value in (now.bid, now.last, now.ask):
        assert abs(value / tick - round(value / tick)) < 1e-4
