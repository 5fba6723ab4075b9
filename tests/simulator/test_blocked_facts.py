"""Every scenario with a block: what the doors say of contracts, accounts, data and permissions before an order."""

from __future__ import annotations

from xml.etree import ElementTree

import httpx2
import pytest
from ib_async import Contract as IbContract

from cockpit.simulator.scenario import Event

from .blocked_desks import (
    AAPL,
    ACCOUNT,
    ES,
    ES_PUT,
    EUR_USD,
    NEW_ACCOUNT,
    NEXT_ES,
    QQQ,
    RY,
    SPX,
    SPY,
    TEST_STOCK,
    VIX,
    doors,
)
from .gateway_shapes import check_shape
from .tws_clients import RawClient, connected, details, on_loop, prices

pytestmark = pytest.mark.plain

RULES = "/iserver/contract/rules"
BLOCKS = (
    *("futures-option-permission", "kid-block", "close-only", "order-type-missing", "time-in-force-refused"),
    *("preset-limit", "overnight-closed", "account-not-tradable", "cash-account-short", "canadian-api-rule"),
    *("condition-data-delayed", "flex-token-expired"),
)
# scenario: the contracts of which TWS, asked with version 186 or later, says a reason of ineligibility
INELIGIBLE = {"futures-option-permission": {ES_PUT}, "kid-block": {SPY, QQQ}, "close-only": {TEST_STOCK}}
# scenario: the contracts and sides (true: buying) for which the gateway's rules carry an error
RULE_ERRORS = {
    "kid-block": {(SPY, True), (QQQ, True)},
    "close-only": {(TEST_STOCK, True)},
    "canadian-api-rule": {(RY, True), (RY, False)},
}
NOT_PERMITTED = {"futures-option-permission": {ES_PUT}}
CLARIFIED = {"kid-block": {SPY, QQQ}}
RESTRICTED = {"close-only": {"ZVZZT"}}
DELAYED = {"condition-data-delayed": {VIX}}


@pytest.mark.parametrize("name", BLOCKS)
def test_only_the_contracts_of_the_story_are_ineligible_for_tws(name: str) -> None:
    @on_loop
    async def check() -> None:
        async with doors(name) as both:
            client = await RawClient.enter(both.desk.ports["tws"], 200, client=2)
            found = set()
            for contract in both.desk.scenario.contracts:
                client.send(*details(1, contract.con_id))
                message = await client.until(10)
                if message[-1] != "0":  # the count of reasons stands last when there is none
                    found.add(contract.con_id)
                await client.until(52)
            assert found == INELIGIBLE.get(name, set())
            await client.close()

    check()


@pytest.mark.parametrize("name", BLOCKS)
def test_the_gateway_marks_the_contracts_of_the_story_and_no_others(name: str) -> None:
    @on_loop
    async def check() -> None:
        async with doors(name) as both:
            errors, clarified = set(), set()
            for contract in both.desk.scenario.contracts:
                for is_buy in (True, False):
                    rules = await both.rules(contract.con_id, is_buy)
                    check_shape("POST", RULES, rules)
                    if rules["error"]:
                        errors.add((contract.con_id, is_buy))
                    expected = [] if contract.con_id in NOT_PERMITTED.get(name, set()) else [ACCOUNT]
                    assert rules["canTradeAcctIds"] == expected
                about = f"/iserver/contract/{contract.con_id}/info-and-rules?isBuy=false"
                description = await both.get(about)
                if description["contract_clarification_type"]:
                    assert description["contract_clarification_type"] == "PRIIPS_KID"
                    clarified.add(contract.con_id)
                assert bool(description["rules"]["error"]) is ((contract.con_id, False) in errors)
            assert errors == RULE_ERRORS.get(name, set())
            assert clarified == CLARIFIED.get(name, set())

    check()


@pytest.mark.parametrize("name", BLOCKS)
def test_permission_and_data_are_missing_only_where_the_story_says(name: str) -> None:
    @on_loop
    async def check() -> None:
        async with doors(name) as both:
            rows = await both.rows()
            assert {key for key, row in rows.items() if row["7768"] == "0"} == NOT_PERMITTED.get(name, set())
            assert {key for key, row in rows.items() if row["7184"] == "0"} == {SPX, VIX}
            delayed = {key for key, row in rows.items() if row["6509"].startswith("D")}
            assert delayed == DELAYED.get(name, set())

    check()


@pytest.mark.parametrize("name", BLOCKS)
def test_the_search_marks_a_restricted_contract(name: str) -> None:
    @on_loop
    async def check() -> None:
        async with doors(name) as both:
            restricted = set()
            for symbol in sorted({contract.symbol for contract in both.desk.scenario.contracts}):
                rows = await both.get(f"/iserver/secdef/search?symbol={symbol}")
                restricted |= {row["symbol"] for row in rows if row["restricted"]}
            assert restricted == RESTRICTED.get(name, set())

    check()


@on_loop
async def test_a_delayed_trigger_is_delayed_on_the_socket_and_the_traded_future_is_live() -> None:
    async with doors("condition-data-delayed") as both:
        client = await RawClient.enter(both.desk.ports["tws"], 178, client=2)
        client.send(59, 1, 3)
        client.send(*prices(1, VIX))
        assert await client.error() == ("1", "10167")
        assert (await client.until(58))[2:] == ("1", "3")
        client.send(*prices(2, ES))
        flowing = await client.until(58)
        assert flowing[2:] == ("2", "1")
        await client.close()


@on_loop
async def test_the_list_of_types_differs_by_contract_and_by_venue() -> None:
    async with doors("order-type-missing") as both, connected(both.desk.ports["tws"]) as (ib, _):

        async def tokens(con_id: int, venue: str) -> set[str]:
            (found,) = await ib.reqContractDetailsAsync(IbContract(conId=con_id, exchange=venue))
            return set(found.orderTypes.split(","))

        assert "TRAILLMT" not in await tokens(ES, "CME")
        assert "TRAILLMT" in await tokens(NEXT_ES, "CME")
        assert "TRAILLMT" in await tokens(SPY, "SMART")
        assert "TRAILLMT" not in await tokens(SPY, "ARCA")
        trailing = "trailing_stop_limit"
        assert trailing not in (await both.rules(ES))["orderTypes"]
        assert trailing not in (await both.rules(ES))["orderTypesOutside"]
        assert trailing in (await both.rules(NEXT_ES))["orderTypes"]
        assert trailing in (await both.rules(SPY))["orderTypes"]
        assert trailing not in (await both.rules(SPY, venue="ARCA"))["orderTypes"]


@on_loop
async def test_a_refused_time_in_force_is_missing_from_both_lists() -> None:
    async with doors("time-in-force-refused") as both, connected(both.desk.ports["tws"]) as (ib, _):
        (found,) = await ib.reqContractDetailsAsync(IbContract(conId=ES_PUT, exchange="CME"))
        assert {"DAY", "IOC"} <= set(found.orderTypes.split(","))
        assert not {"GTC", "GTD"} & set(found.orderTypes.split(","))
        assert (await both.rules(ES_PUT))["tifTypes"] == ["DAY/o,a", "IOC/LIMIT,a"]
        assert "GTC/o,a" in (await both.rules(ES))["tifTypes"]


@pytest.mark.parametrize(("name", "is_open"), [("calm-morning", True), ("overnight-closed", False)])
def test_the_overnight_venue_has_hours_types_and_data_of_its_own(name: str, is_open: bool) -> None:
    @on_loop
    async def check() -> None:
        async with doors(name) as both, connected(both.desk.ports["tws"]) as (ib, _):
            now = both.desk.world.now()
            for con_id in (SPY, AAPL, QQQ):
                (there,) = await ib.reqContractDetailsAsync(IbContract(conId=con_id, exchange="OVERNIGHT"))
                (smart,) = await ib.reqContractDetailsAsync(IbContract(conId=con_id, exchange="SMART"))
                first = there.tradingSessions()[0]
                assert (first.start < now < first.end) is is_open
                assert smart.tradingSessions()[0].start < now < smart.tradingSessions()[0].end
                assert "MKT" not in there.orderTypes.split(",")
                assert "OVERNIGHT" in smart.validExchanges.split(",")
                rules = await both.rules(con_id, venue="OVERNIGHT")
                assert rules["orderTypes"] == ["limit"]
                assert rules["overnightEligible"] is True
            for con_id in (ES, RY, TEST_STOCK):
                assert (await both.rules(con_id))["overnightEligible"] is False
            client = await RawClient.enter(both.desk.ports["tws"], 178, client=2)
            client.send(*prices(1, SPY, exchange="OVERNIGHT"))
            bid = next(message for message in await client.gather(1) if message[0] == "1")
            assert (bid[4] != "-1.0" and bid[4] != "-1") is is_open
            await client.close()

    check()


@on_loop
async def test_a_closed_venue_stays_without_quotes_when_the_feed_is_decided_anew() -> None:
    async with doors("overnight-closed") as both:
        client = await RawClient.enter(both.desk.ports["tws"], 178, client=2)
        client.send(*prices(1, SPY, exchange="OVERNIGHT"))
        await client.until(58)
        await both.desk.play(Event(does="feed", symbol="SPY", state="frozen"))
        await both.desk.play(Event(does="feed", symbol="SPY", state="live"))
        for _ in range(2):
            await client.until(58)
            assert float((await client.until(1))[4]) == -1
        await client.close()


@on_loop
async def test_an_account_that_is_not_open_is_managed_and_may_trade_nothing() -> None:
    async with doors("account-not-tradable") as both, connected(both.desk.ports["tws"]) as (ib, _):
        assert ib.managedAccounts() == [ACCOUNT, NEW_ACCOUNT]
        assert (await both.rules(AAPL))["canTradeAcctIds"] == [ACCOUNT]
        assert (await both.get("/iserver/accounts"))["accounts"] == [ACCOUNT, NEW_ACCOUNT]
        usual, new = [await both.get(f"/portfolio/{name}/meta") for name in (ACCOUNT, NEW_ACCOUNT)]
        assert (usual["clearingStatus"], usual["noClientTrading"], usual["brokerageAccess"]) == (
            *("O", False),
            True,
        )
        assert (new["clearingStatus"], new["noClientTrading"], new["brokerageAccess"]) == ("P", True, False)


@pytest.mark.parametrize(
    ("name", "entity", "trading_type"),
    [
        ("calm-morning", "IBLLC-US", "STKNOPT"),
        ("kid-block", "IB-IE", "STKNOPT"),
        ("canadian-api-rule", "IB-CAN", "STKNOPT"),
        ("cash-account-short", "IBLLC-US", "STKCASH"),
    ],
)
def test_entity_and_margin_class_are_told_by_the_portfolio_and_by_tws(
    name: str, entity: str, trading_type: str
) -> None:
    @on_loop
    async def check() -> None:
        async with doors(name) as both, connected(both.desk.ports["tws"]) as (ib, _):
            meta = await both.get(f"/portfolio/{ACCOUNT}/meta")
            check_shape("GET", "/portfolio/{accountId}/meta", meta)
            assert (meta["ibEntity"], meta["tradingType"]) == (entity, trading_type)
            await ib.reqAccountUpdatesAsync(ACCOUNT)
            told = {row.tag: row.value for row in ib.accountValues(ACCOUNT)}
            assert told["TradingType-S"] == trading_type

    check()


async def statement(port: int, token: str, query: str) -> ElementTree.Element:
    """Ask the Flex service for a statement: the answer to the request, whatever it is."""
    async with httpx2.AsyncClient(trust_env=False) as client:
        url = f"http://127.0.0.1:{port}/AccountManagement/FlexWebService/SendRequest"
        answer = await client.get(url, params={"t": token, "q": query, "v": "3"})
        return ElementTree.fromstring(answer.text)


@pytest.mark.parametrize("name", ["calm-morning", *BLOCKS])
def test_only_the_expired_token_is_refused_by_flex(name: str) -> None:
    @on_loop
    async def check() -> None:
        async with doors(name) as both:
            flex = both.desk.scenario.flex
            answer = await statement(both.desk.ports["flex"], flex.token, flex.query)
            said = answer.findtext("ErrorCode"), answer.findtext("Status")
            assert said == (("1012", "Fail") if name == "flex-token-expired" else (None, "Success"))

    check()


@pytest.mark.parametrize(
    ("name", "missing"), [("calm-morning", False), ("futures-option-permission", True), ("close-only", False)]
)
def test_a_missing_permission_is_missing_from_the_accounts_words_too(name: str, missing: bool) -> None:
    @on_loop
    async def check() -> None:
        async with doors(name) as both:
            (account,) = both.desk.scenario.accounts
            assert ("Futures Options" not in account.permissions) is missing
            rows = await both.rows()
            assert (rows[ES_PUT]["7768"] == "0") is missing
            assert rows[EUR_USD]["7768"] == "1"

    check()
