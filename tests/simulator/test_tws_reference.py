"""Time, contracts, accounts and lists, as a raw client, ib_async and the older official client read them."""

from __future__ import annotations

import asyncio

import pytest
from ib_async import Contract as IbContract
from ib_async import Forex, Index, RequestError, Stock
from msgspec.structs import replace

from cockpit.simulator.scenario import Account, ApiServer, Bulletin, Position, Scenario
from tests.simulator.tws_clients import (
    CONTRACTS,
    DESK,
    FUTURE,
    OPTION,
    STOCK,
    OfficialClient,
    RawClient,
    connected,
    details,
    on_loop,
    serving,
)

ACCOUNTS = (Account("U1", family="F1A"), Account("U2", net_liquidation=50_000.0))
POSITIONS = (Position("U1", STOCK, 100, 250.0), Position("U2", OPTION, -2, 6000.0))
RICH = replace(
    DESK, accounts=ACCOUNTS, positions=POSITIONS, bulletins=(Bulletin(4, 2, "CME closed early", "CME"),)
)


@on_loop
async def test_the_clock_of_the_broker_may_differ_and_has_milliseconds_from_197_on() -> None:
    async with serving(ApiServer(clock_skew=3600)) as running:
        client = await RawClient.enter(running.port)
        before = int(running.world.clock())
        client.send(49, 1)
        assert 3600 <= int((await client.until(49))[2]) - before < 3700
        client.send(105)
        assert 3_600_000 <= int((await client.until(109))[1]) - before * 1000 < 3_700_000
        await client.close()
        older = await RawClient.enter(running.port, version=196)
        older.send(105)
        assert await older.is_silent()
        await older.close()


@on_loop
async def test_ib_async_finds_instruments_by_symbol_and_reads_what_they_offer() -> None:
    async with serving() as running, connected(running.port) as (ib, _):
        (stock,) = await ib.reqContractDetailsAsync(Stock("AAPL", "SMART", "USD"))
        assert stock.contract is not None
        assert (stock.contract.conId, stock.contract.primaryExchange) == (STOCK, "NASDAQ")
        assert "ALGO" in stock.orderTypes.split(",")
        (direct,) = await ib.reqContractDetailsAsync(Stock("AAPL", "NASDAQ", "USD"))
        assert direct.orderTypes == "LMT,MKT,WHATIF"
        assert direct.contract is not None
        assert direct.contract.exchange == "NASDAQ"
        (pair,) = await ib.reqContractDetailsAsync(Forex("EURUSD"))
        assert (pair.minTick, pair.validExchanges) == (0.00005, "IDEALPRO")
        (index,) = await ib.reqContractDetailsAsync(Index("SPX", "CBOE", "USD"))
        assert index.aggGroup == -1
        futures = await ib.reqContractDetailsAsync(
            IbContract(symbol="ES", secType="FUT", exchange="CME", currency="USD")
        )
        assert [len(found.realExpirationDate) for found in futures] == [8, 8]
        with pytest.raises(RequestError) as caught:
            await ib.reqContractDetailsAsync(Stock("AAPL", "ISLAND", "USD"))
        assert caught.value.code == 200


@on_loop
async def test_hours_name_a_running_session_a_closed_day_or_an_opening_ahead() -> None:
    stock, *_ = CONTRACTS
    rows = [
        replace(stock, con_id=1, hours="open"),
        replace(stock, con_id=2, hours="closed"),
        replace(stock, con_id=3, hours="opens 30", liquid_hours="0930-1600"),
    ]
    async with (
        serving(scenario=Scenario(contracts=tuple(rows))) as running,
        connected(running.port) as (ib, _),
    ):
        found = [(await ib.reqContractDetailsAsync(IbContract(conId=number)))[0] for number in (1, 2, 3)]
        now = running.world.now()
        starts = [details.tradingSessions()[0].start for details in found]
        ends = [details.tradingSessions()[0].end for details in found]
        assert starts[0] < now < ends[0]
        assert starts[1] > now
        assert starts[2] > now
        assert ":CLOSED" in found[1].tradingHours
        assert "0930-" in found[2].liquidHours


@on_loop
async def test_reasons_of_ineligibility_come_from_186_on() -> None:
    stock = replace(CONTRACTS[0], ineligible="i152: waiting for review")
    async with serving(scenario=Scenario(contracts=(stock,))) as running:
        for version, tail in ((200, ("1", "i152", "waiting for review")), (185, ("1", "1", "1"))):
            client = await RawClient.enter(running.port, version, client=version)
            client.send(*details(1, STOCK))
            assert (await client.until(10))[-3:] == tail
            await client.until(52)
            await client.close()


@on_loop
async def test_ib_async_reads_accounts_positions_families_and_bulletins() -> None:
    async with serving(scenario=RICH) as running, connected(running.port) as (ib, errors):
        assert ib.managedAccounts() == ["U1", "U2"]
        summary = {(row.account, row.tag): row.value for row in await ib.accountSummaryAsync()}
        assert summary["U1", "ExcessLiquidity"] == "412300.00"
        assert summary["U2", "NetLiquidation"] == "50000.00"
        assert [(row.account, row.contract.conId, row.position) for row in await ib.reqPositionsAsync()] == [
            ("U1", STOCK, 100.0),
            ("U2", OPTION, -2.0),
        ]
        await ib.reqAccountUpdatesAsync("U1")
        values = {row.tag: row.value for row in ib.accountValues("U1")}
        assert (values["AccountReady"], values["TradingType-S"]) == ("true", "STKNOPT")
        assert [item.contract.conId for item in ib.portfolio("U1")] == [STOCK]
        await ib.reqAccountUpdatesMultiAsync("U2")
        assert not [error for error in errors if error[1] < 2100]
        ib.reqNewsBulletins(True)
        await ib.newsBulletinEvent
        assert [bulletin.message for bulletin in ib.newsBulletins()] == ["CME closed early"]


@on_loop
async def test_a_third_account_summary_is_refused_and_a_cancel_makes_room() -> None:
    async with serving() as running:
        client = await RawClient.enter(running.port)
        for request in (1, 2):
            client.send(62, 1, request, "All", "NetLiquidation,$LEDGER")
            rows = await client.gather(64)
            assert [row[4] for row in rows[:2]] == ["NetLiquidation", "CashBalance"]
        client.send(62, 1, 3, "All", "NetLiquidation")
        assert await client.error() == ("3", "322")
        client.send(63, 1, 1)
        client.send(62, 1, 3, "All", "NetLiquidation")
        await client.until(64)
        await client.close()


@on_loop
async def test_updates_of_a_second_account_end_those_of_the_first_and_a_stranger_is_refused() -> None:
    async with serving(scenario=RICH) as running:
        client = await RawClient.enter(running.port)
        client.send(6, 2, True, "U1")
        await client.until(54)
        client.send(6, 2, True, "U2")
        assert await client.error() == ("-1", "2100")
        assert (await client.until(54))[2] == "U2"
        client.send(6, 2, True, "U9")
        assert await client.error() == ("-1", "321")
        await client.close()


@on_loop
async def test_lists_and_grids_are_answered() -> None:
    async with serving(scenario=RICH) as running:
        client = await RawClient.enter(running.port)
        client.send(80)
        assert await client.receive() == ("78", "2", "U1", "F1A", "U2", "")
        client.send(91, 239)
        assert await client.receive() == ("93", "239", "1", "0", "0.00005")
        client.send(91, 4711)
        assert (await client.error())[1] == "321"
        client.send(81, 5, "AAP")
        assert (await client.until(79))[2:6] == ("1", str(STOCK), "AAPL", "STK")
        client.send(81, 6, "SPX")  # the second search within a second is dropped
        assert await client.is_silent()
        client.send(78, 7, "SPX", "", "IND", 103)
        chains = await client.gather(76)
        assert {chain[2] for chain in chains[:-1]} == {"SMART", "CBOE"}
        assert chains[0][4:6] == ("SPXW", "100")
        for request, answer in ((104, "107"), (83, "82")):
            client.send(request, 9, "9c0001")
            assert (await client.until(int(answer)))[:2] == (answer, "9")
        client.send(82)
        assert (await client.until(80))[1] == "4"
        client.send(7, 3, 11, "", "", "", "", "", "", "")
        assert await client.receive() == ("55", "1", "11")
        client.send(99, True)
        assert await client.receive() == ("102",)
        client.send(74, 1, 12, "U2", "")
        assert [row[0] for row in await client.gather(72)] == ["71", "72"]
        client.send(92, 13, "U1", "")
        assert (await client.until(94))[1] == "13"
        client.send(20, 14)
        assert await client.error() == ("14", "162")
        client.send(55, 3)
        assert (await client.error())[1] == "321"
        await client.close()


@on_loop
async def test_the_older_official_client_works_at_its_own_version() -> None:
    async with serving(scenario=RICH) as running:
        await asyncio.to_thread(_drive_official, running.port)
        assert running.recorder.live_orders() == ()
        assert len(running.recorder.what_ifs()) == 1


def _drive_official(port: int) -> None:
    from ibapi.contract import Contract as OfficialContract
    from ibapi.order import Order as OfficialOrder

    client = OfficialClient()
    client.enter(port, 3)
    assert client.serverVersion() == 157
    assert client.until("managedAccounts") == ("U1,U2",)
    assert client.until("nextValidId") == (1,)
    client.reqCurrentTime()
    client.until("currentTime")
    contract = OfficialContract()
    contract.conId, contract.exchange = FUTURE, "CME"
    client.reqContractDetails(1, contract)
    found: object = client.until("contractDetails")[1]
    assert found.contract.symbol == "ES"  # type: ignore[attr-defined]
    client.reqMarketDataType(3)
    client.reqMktData(2, contract, "", False, False, [])
    assert client.until("marketDataType") == (2, 1)
    client.until("tickPrice")
    client.cancelMktData(2)
    contract.conId, contract.exchange = OPTION, "SMART"
    client.reqMktData(3, contract, "", True, False, [])
    assert client.until("tickOptionComputation")[1] == 13
    client.until("tickSnapshotEnd")
    order = OfficialOrder()
    order.action, order.orderType, order.totalQuantity, order.lmtPrice = "BUY", "LMT", 1, 60.0
    order.whatIf = True
    client.placeOrder(4, contract, order)
    client.until("openOrder")
    state: object = client.until("openOrder")[3]
    assert float(state.initMarginChange) == pytest.approx(61.3 * 100 * 0.12)  # type: ignore[attr-defined]
    client.reqAccountSummary(5, "All", "NetLiquidation,Cushion")
    assert client.until("accountSummary")[1:3] == ("U1", "NetLiquidation")
    client.until("accountSummaryEnd")
    client.reqPositions()
    client.until("positionEnd")
    client.reqAllOpenOrders()
    client.until("openOrderEnd")
    client.reqNewsBulletins(True)
    assert client.until("updateNewsBulletin")[2] == "CME closed early"
    client.reqAccountUpdates(True, "U1")
    client.until("updatePortfolio")
    client.until("accountDownloadEnd")
    client.leave()
