"""What the gateway says of instruments, over real sockets: rules of both sides, permissions, data letters, accounts."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cockpit.adapters.portal.answers import Answer, Body, classify
from cockpit.adapters.portal.rules import (
    FUTURES_LIST,
    STOCKS_LIST,
    InfoAndRules,
    SnapshotRow,
    plain_facts,
    side_facts,
    snapshot_facts,
)
from cockpit.adapters.portal.search import future_number, stock_number
from cockpit.domain import kinds
from cockpit.domain.kinds import PortalStage
from cockpit.domain.plan import Instrument
from cockpit.services.errors import NotPermitted, Refused, Trouble, Unreadable
from cockpit.simulator.scenario import Contract, PortalServer, Scenario
from cockpit.simulator.scenario import Portal as State
from tests.simulator.gateway_clients import DESK, FUTURE, OPTION, SILENT, STOCK, UNLIMITED, Bench, running

from .web_api_bench import PATIENT, START, LinkBench, answer, linked, odd_server, says

pytestmark = pytest.mark.plain

Work = Callable[[LinkBench, Bench], Awaitable[None]]
APPLE = Instrument("AAPL", "AAPL")
CALL = Instrument("SPX call", "SPX", "OPT", expiry="20271217", strike=6000.0, right="C")
ES = Instrument("ES", "ES", "FUT", "CME")
XYZ = Instrument("XYZ", "XYZ", "STK", "SMART")
RULES = "/v1/api/iserver/contract/{}/info-and-rules"
SNAPSHOT = "/v1/api/iserver/marketdata/snapshot"
GIVE_BACK = "/v1/api/iserver/marketdata/unsubscribe"


def scene(work: Work, server: PortalServer = UNLIMITED, desk: Scenario = DESK) -> None:
    """Run `work` with a link to a running gateway; nothing but reading may have arrived, and no stream stays open."""

    async def play() -> None:
        async with (
            running(server, replace(desk, gateway=server)) as bench,
            linked(bench.port, bench.gateway.fingerprint, timeouts=PATIENT) as link,
        ):
            await work(link, bench)
            assert bench.recorder.forbidden() == ()
            assert bench.recorder.live_orders() == ()
            assert bench.gateway.streams == frozenset()
            assert link.notes.lines == 0

    asyncio.run(play())


async def trouble_of(action: Awaitable[None]) -> Trouble | None:
    try:
        await action
    except Trouble as trouble:
        return trouble
    return None


def only(contract: Contract) -> Scenario:
    """A desk with this one contract."""
    return replace(DESK, contracts=(contract,), orders=(), positions=())


def test_the_rules_of_a_side_are_told_apart_from_what_holds_for_both() -> None:
    async def work(on: LinkBench, bench: Bench) -> None:
        await on.link.ask_contract(APPLE, True, STOCK)
        await on.link.ask_contract(APPLE, False, STOCK)
        for side in ("buy", "sell"):
            subject = f"gateway/contract/AAPL/{side}"
            assert on.notes.value(kinds.RULE_ERROR, subject) == ""
            assert "stop_limit" in (on.notes.value(kinds.RULE_TYPES, subject) or ())
            assert on.notes.value(kinds.RULE_TYPES_OUTSIDE, subject) == ("limit", "stop_limit")
            assert "IOC/MARKET,LIMIT,a" in (on.notes.value(kinds.RULE_TIMES, subject) or ())
            assert on.notes.value(kinds.RULE_ALGORITHMS, subject) is not None
            assert on.notes.value(kinds.RULE_ACCOUNTS, subject) == ("U1234821", "U7654321")
        both = "gateway/contract/AAPL"
        assert on.notes.value(kinds.OVERNIGHT, both) is not None
        assert on.notes.value(kinds.CLARIFICATION, both) == ""
        assert on.notes.value(kinds.CON_ID, both) == STOCK
        assert on.notes.value(kinds.INCREMENT, both) == 0.01
        assert bench.recorder.http_calls() == (("GET", RULES.format(STOCK)),) * 2

    scene(work)


def test_a_stock_and_a_future_are_found_by_symbol_once() -> None:
    async def work(on: LinkBench, bench: Bench) -> None:
        for instrument, number in ((APPLE, STOCK), (ES, FUTURE)):
            await on.link.ask_contract(instrument, True)
            await on.link.ask_contract(instrument, False)
            assert on.notes.value(kinds.CON_ID, f"gateway/contract/{instrument.key}") == number
        found = [path for _, path in bench.recorder.http_calls() if "trsrv" in path]
        assert found == ["/v1/api/trsrv/stocks", "/v1/api/trsrv/futures"]

    scene(work)


@pytest.mark.parametrize(
    "instrument",
    [
        pytest.param(CALL, id="an option"),
        pytest.param(Instrument("X", "BRK B"), id="a symbol with a blank"),
        pytest.param(Instrument("X", "AAPL&x=1"), id="a symbol with more"),
        pytest.param(Instrument("X", "NOSUCH"), id="nobody's symbol"),
        pytest.param(Instrument("X", "AAPL", currency="EUR"), id="another currency"),
    ],
)
def test_what_cannot_be_told_without_doubt_is_not_asked(instrument: Instrument) -> None:
    async def work(on: LinkBench, bench: Bench) -> None:
        assert isinstance(await trouble_of(on.link.ask_contract(instrument, True)), NotPermitted)
        assert on.notes.seen == []
        assert not any("contract" in path for _, path in bench.recorder.http_calls())

    scene(work)


def test_a_contract_without_rules_says_why() -> None:
    async def work(on: LinkBench, bench: Bench) -> None:
        await on.link.ask_contract(APPLE, True, 999)
        assert on.notes.value(kinds.RULE_ERROR, "gateway/contract/AAPL/buy") == "unknown contract"
        assert on.notes.value(kinds.RULE_TYPES, "gateway/contract/AAPL/buy") is None

    scene(work)


def test_letters_and_permissions_of_all_instruments_come_in_two_calls_and_the_lines_go_back() -> None:
    numbers = {"SPX call": OPTION, "XYZ": SILENT}

    async def work(on: LinkBench, bench: Bench) -> None:
        await on.link.ask_snapshot((APPLE, CALL, ES, XYZ), numbers)
        calls = [path for _, path in bench.recorder.http_calls()]
        assert calls.count(SNAPSHOT) == 2
        assert on.notes.most_lines == 4
        subject = "gateway/contract/{}".format
        assert on.notes.value(kinds.DATA_LETTERS, subject("AAPL")) == "RpB"
        assert on.notes.value(kinds.DATA_LETTERS, subject("ES")) == "N"
        assert on.notes.value(kinds.PERMITTED, subject("AAPL")) is True
        assert on.notes.value(kinds.TRADABLE, subject("SPX call")) is True
        assert on.notes.value(kinds.PERMITTED, subject("XYZ")) is False
        assert on.notes.value(kinds.DATA_LETTERS, subject("XYZ")) is None, "no word is no fact"

    scene(work)


def test_an_instrument_nobody_has_a_number_for_leaves_the_others_their_answer() -> None:
    async def work(on: LinkBench, bench: Bench) -> None:
        await on.link.ask_snapshot((CALL, APPLE))
        assert on.notes.value(kinds.PERMITTED, "gateway/contract/AAPL") is True
        assert on.notes.value(kinds.PERMITTED, "gateway/contract/SPX call") is None

    scene(work)


def test_nothing_is_looked_at_when_there_is_nothing_to_look_at() -> None:
    async def work(on: LinkBench, bench: Bench) -> None:
        await on.link.ask_snapshot((Instrument("EUR", "EUR", "CASH"),))
        assert SNAPSHOT not in [path for _, path in bench.recorder.http_calls()]

    scene(work)


def test_without_a_brokerage_session_the_stage_is_told_and_nothing_is_claimed() -> None:
    async def work(on: LinkBench, bench: Bench) -> None:
        for action in (on.link.ask_contract(APPLE, True, STOCK), on.link.ask_snapshot((APPLE,))):
            assert isinstance(await trouble_of(action), Refused)
        assert on.notes.value(kinds.PORTAL_STAGE) == PortalStage.SIGNED_IN
        assert {one.fact for one in on.notes.seen} == {kinds.PORTAL_STAGE.name}

    scene(work, replace(UNLIMITED, state=State.SIGNED_IN))


def test_within_a_pause_no_instrument_is_asked_about() -> None:
    async def work(on: LinkBench, bench: Bench) -> None:
        bench.gateway.penalise(900.0)
        await trouble_of(on.link.ask_session())
        before = bench.recorder.http_calls()
        await on.link.ask_contract(APPLE, True, STOCK)
        await on.link.ask_snapshot((APPLE,))
        await on.link.ask_accounts()
        assert bench.recorder.http_calls() == before

    scene(work)


def test_a_whole_playbook_stays_below_the_brokers_rate() -> None:
    async def work(on: LinkBench, bench: Bench) -> None:
        await on.link.ask_session()
        for _ in range(10):
            await asyncio.gather(
                on.link.ask_contract(APPLE, True, STOCK), on.link.ask_contract(APPLE, False, STOCK)
            )
        assert on.notes.value(kinds.PORTAL_STAGE) == PortalStage.TRADING
        assert on.clock.passed >= 2.0  # the hand clock stands unless a call waits for its turn

    scene(work)


def test_an_account_tells_its_margin_class_and_whether_its_client_may_trade() -> None:
    async def work(on: LinkBench, bench: Bench) -> None:
        await on.link.ask_accounts()
        subject = "account/U1234821"
        assert on.notes.value(kinds.TRADING_TYPE, subject) == DESK.accounts[0].trading_type
        assert on.notes.value(kinds.NO_TRADING, subject) is False
        asked = len(bench.recorder.http_calls())
        await on.link.ask_accounts()
        assert len(bench.recorder.http_calls()) == asked, "asked a moment ago"

    scene(work)


def told(document: object) -> InfoAndRules:
    """Read a document as the link does."""
    return classify(200, json.dumps(document).encode()).read(InfoAndRules)


def test_what_the_broker_leaves_out_is_no_fact_and_null_is_one() -> None:
    assert plain_facts("s", told({}), START) == []
    assert side_facts("s", told({"rules": None}), START) == []
    (clear,) = plain_facts("s", told({"contract_clarification_type": None}), START)
    assert clear.value == ""
    (kid,) = plain_facts("s", told({"contract_clarification_type": "PRIIPS_KID"}), START)
    assert kid.value == "PRIIPS_KID"
    (night,) = plain_facts("s", told({"rules": {"overnightEligible": True}}), START)
    assert (night.fact, night.value) == (kinds.OVERNIGHT.name, True)


def test_lists_beside_an_error_are_no_evidence() -> None:
    rules = {"error": "No <b>permission</b>\u202e", "orderTypes": [], "canTradeAcctIds": []}
    seen = {one.fact: one.value for one in side_facts("s", told({"rules": rules}), START)}
    assert seen == {"rule error": "No <b>permission</b>\\u202e", "rule accounts": ()}


@given(st.lists(st.text(max_size=40), max_size=300), st.lists(st.text(max_size=40), max_size=300))
def test_words_of_the_gateway_are_of_a_closed_alphabet_and_few(types: list[str], times: list[str]) -> None:
    rules = {"orderTypes": types, "orderTypesOutside": types, "ibAlgoTypes": types, "tifTypes": times}
    document = {"rules": {**rules, "canTradeAcctIds": types}}
    for one in side_facts("s", Answer(200, Body.JSON, document).read(InfoAndRules), START):
        if isinstance(one.value, tuple):
            assert len(one.value) <= 100
            assert all(word.isascii() and word.isprintable() and " " not in word for word in one.value)


@pytest.mark.parametrize(
    ("value", "seen"),
    [("1", True), ("0", False), (1, True), (0, False), ("", None), ("yes", None), (2, None), (None, None)],
)
def test_a_permission_is_one_or_zero_and_all_else_is_unknown(
    value: str | int | None, seen: bool | None
) -> None:
    facts = snapshot_facts("s", SnapshotRow(1, permitted=value), START)
    assert [one.value for one in facts] == ([] if seen is None else [seen])


TWO = {"AAPL": [{"assetClass": "STK", "contracts": [
    {"conid": 1, "exchange": "ISLAND", "isUS": True}, {"conid": 2, "exchange": "MEXI", "isUS": False}]}]}  # fmt: skip


@pytest.mark.parametrize(
    ("instrument", "number"),
    [
        (APPLE, 1),
        (replace(APPLE, exchange="NASDAQ"), 1),
        (replace(APPLE, exchange="MEXI", currency="MXN"), 2),
        (replace(APPLE, currency="MXN"), 0),
        (replace(APPLE, exchange="EBS"), 0),
        (replace(APPLE, symbol="MSFT"), 0),
    ],
)
def test_a_stock_has_the_number_of_the_one_listing_that_fits(instrument: Instrument, number: int) -> None:
    rows = Answer(200, Body.JSON, TWO).read(STOCKS_LIST)
    assert stock_number(instrument, rows) == number


def test_the_nearest_living_future_is_meant_and_twins_are_nobody() -> None:
    days = {"ES": [{"conid": n, "ltd": day} for n, day in ((1, 20200918), (2, 20991218), (3, 21000319))]}
    rows = Answer(200, Body.JSON, days).read(FUTURES_LIST)
    assert future_number(ES, rows, START) == 2
    assert future_number(replace(ES, expiry="210003"), rows, START) == 3
    assert future_number(replace(ES, expiry="20991219"), rows, START) == 0
    twins = Answer(200, Body.JSON, {"ES": [{"conid": n, "ltd": 20991218} for n in (4, 5)]}).read(FUTURES_LIST)
    assert future_number(ES, twins, START) == 0


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{"rules": {"orderTypes": "limit"}}', id="a text for a list"),
        pytest.param(b'{"rules": []}', id="a list for the rules"),
        pytest.param(b"<html>maintenance</html>", id="a page"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_an_odd_answer_is_trouble_and_no_fact(body: bytes) -> None:
    async def play() -> None:
        async with odd_server(says(answer(body))) as server, linked(server.port, server.fingerprint) as on:
            trouble = await trouble_of(on.link.ask_contract(APPLE, True, STOCK))
            assert isinstance(trouble, Refused | Unreadable)
            assert on.notes.seen == []

    asyncio.run(play())


def test_a_snapshot_that_is_stopped_gives_its_lines_back_before_the_link_closes() -> None:
    async def work(on: LinkBench, bench: Bench) -> None:
        await on.link.ask_session()
        bench.recorder.arrived.clear()
        task = asyncio.ensure_future(on.link.ask_snapshot((APPLE,), {"AAPL": STOCK}))
        await bench.recorder.arrived.wait()
        task.cancel()
        await on.link.close()
        assert task.cancelled()
        assert bench.recorder.http_calls()[-1] == ("POST", GIVE_BACK)

    scene(work)
