"""The shipped scenarios: each loads without a complaint, starts, and is what its title says."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ib_async import Contract as IbContract
from ib_async import Forex, Future, Index, Option

from cockpit.resources import resource
from cockpit.simulator import dates, library
from cockpit.simulator.desk import SimulatedDesk
from cockpit.simulator.scenario import Scenario
from cockpit.tables import read
from tests.simulator.tws_clients import A_SILENCE, PATIENCE, RawClient, connected, on_loop, prices

FILES = [resource("scenarios", f"{name}.toml") for name in library.names(resource("scenarios"))]
NAMES = {
    *("calm-morning", "tws-down", "api-off", "mute-port", "client-id-stuck", "read-only-api", "farm-blip"),
    *("upstream-lost", "upstream-back-with-data", "upstream-back-without-data", "competing-login"),
    *("index-delayed", "gateway-not-trading", "gateway-upstream-dead", "half-open", "nightly-restart"),
    *("paper-and-live", "unexpected-account", "futures-option-permission", "kid-block", "close-only"),
    *("order-type-missing", "time-in-force-refused", "preset-limit", "overnight-closed", "canadian-api-rule"),
    *("account-not-tradable", "cash-account-short", "condition-data-delayed", "flex-token-expired"),
    *("oauth-trading", "oauth-not-active", "oauth-token-lost", "oauth-wrong-clock"),
}
NOW = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
ES, SPX, EUR_USD = 495512563, 416904, 12087792


def shipped(name: str) -> Scenario:
    return library.load(resource("scenarios", f"{name}.toml"))


def test_every_situation_has_its_scenario() -> None:
    assert {path.stem for path in FILES} == NAMES


@pytest.mark.parametrize("path", [*FILES, resource("scenarios", library.BASE)], ids=lambda path: path.stem)
def test_a_shipped_scenario_has_no_complaint_a_title_and_a_story(path: Path) -> None:
    _, complaints = read(path, Scenario)
    assert complaints == []
    scenario = library.load(path)
    assert scenario.name == path.stem
    assert scenario.title
    assert scenario.about.endswith(".")
    whole, problems = library.usable(scenario, NOW)
    assert problems == ()
    assert whole == scenario
    assert len(scenario.contracts) >= 12


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_shipped_scenario_starts_and_holds_a_port_for_every_service(path: Path) -> None:
    @on_loop
    async def check() -> None:
        async with SimulatedDesk(library.load(path)) as desk:
            assert {"tws", "gateway", "flex"} <= desk.ports.keys()
            assert len(set(desk.ports.values())) == len(desk.ports)
            assert json.loads(json.dumps(desk.announcement()))["ports"] == desk.ports

    check()


@on_loop
async def test_on_a_calm_morning_the_playbooks_instruments_resolve_and_are_live() -> None:
    async with SimulatedDesk(shipped("calm-morning")) as desk, connected(desk.ports["tws"]) as (ib, errors):
        friday = dates.expiry_of("next-friday", desk.world.now().astimezone(ZoneInfo("US/Central")).date())
        front = dates.expiry_of("front-quarter", desk.world.now().astimezone(ZoneInfo("US/Central")).date())
        wanted = [
            Forex("EURUSD"),
            Index("SPX", "CBOE", "USD"),
            Option("SPX", friday, 6800, "C", "SMART", tradingClass="SPXW"),
            Future("ES", front, "CME"),
            IbContract(symbol="ES", secType="FUT", lastTradeDateOrContractMonth=front[:6], exchange="CME"),
        ]
        found = [await ib.reqContractDetailsAsync(contract) for contract in wanted]
        assert [len(details) for details in found] == [1] * 5
        ib.reqMarketDataType(3)
        first = [details[0].contract for details in found[:4]]
        tickers = [ib.reqMktData(contract) for contract in first if contract]
        while not all(ticker.hasBidAsk() or ticker.last > 0 for ticker in tickers):
            await ib.pendingTickersEvent
        assert [ticker.marketDataType for ticker in tickers] == [1, 1, 1, 1]
        assert [code for request, code, _ in errors if request != -1] == []
        assert {trade.order.clientId for trade in await ib.reqAllOpenOrdersAsync()} == {0, 11}


@pytest.mark.parametrize(
    ("name", "con_id", "code"),
    [("index-delayed", SPX, "10167"), ("competing-login", EUR_USD, "10197")],
)
def test_a_request_for_data_meets_the_trouble_of_the_title(name: str, con_id: int, code: str) -> None:
    @on_loop
    async def check() -> None:
        async with SimulatedDesk(shipped(name)) as desk:
            client = await RawClient.enter(desk.ports["tws"])
            client.send(59, 1, 3)
            client.send(*prices(1, con_id))
            assert await client.error() == ("1", code)
            await client.close()

    check()


@pytest.mark.parametrize("name", ["tws-down", "api-off"])
def test_a_port_that_is_not_there_refuses(name: str) -> None:
    @on_loop
    async def check() -> None:
        async with SimulatedDesk(shipped(name)) as desk:
            assert desk.scenario.tws[0].running is (name == "api-off")
            with pytest.raises(ConnectionRefusedError):
                await RawClient.open(desk.ports["tws"])

    check()


@on_loop
async def test_the_mute_port_is_mute() -> None:
    async with SimulatedDesk(shipped("mute-port")) as desk:
        client = await RawClient.open(desk.ports["tws"])
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(client.receive(), A_SILENCE)
        await client.close()


@pytest.mark.parametrize(
    ("name", "request_", "code"),
    [("read-only-api", (8, 1, 1), "321"), ("upstream-lost", (49, 1), "1100")],
)
def test_a_request_meets_its_code(name: str, request_: tuple[int, ...], code: str) -> None:
    @on_loop
    async def check() -> None:
        async with SimulatedDesk(shipped(name)) as desk:
            client = await RawClient.enter(desk.ports["tws"])
            client.send(*request_)
            await client.until(4, code=code)
            await client.close()

    check()


@on_loop
async def test_the_dead_farm_recovers_in_words_only() -> None:
    async with SimulatedDesk(shipped("farm-blip")) as desk:
        client = await RawClient.enter(desk.ports["tws"])
        await client.until(4, code="2103")
        await client.until(4, code="2104")
        client.send(*prices(1, ES))
        assert await client.is_silent()
        await client.close()


@on_loop
async def test_paper_and_live_are_two_servers_with_one_account_each() -> None:
    async with SimulatedDesk(shipped("paper-and-live")) as desk:
        for name, account in (("tws", "U1234821"), ("paper", "DU7654321")):
            async with connected(desk.ports[name]) as (ib, _):
                assert ib.managedAccounts() == [account]


@on_loop
async def test_one_of_three_accounts_is_not_expected() -> None:
    scenario = shipped("unexpected-account")
    async with SimulatedDesk(scenario) as desk, connected(desk.ports["tws"]) as (ib, _):
        assert set(ib.managedAccounts()) - set(scenario.expected_accounts) == {"U9876543"}


@contextmanager
def child_desk(*options: str) -> Iterator[tuple[subprocess.Popen[bytes], dict[str, int]]]:
    """The desk in a process of its own, and its ports."""
    scenario = str(resource("scenarios", "calm-morning.toml"))
    child = subprocess.Popen(
        [sys.executable, "-m", "cockpit.simulator", scenario, *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with child:
        try:
            assert child.stdout is not None
            said = json.loads(child.stdout.readline())
            assert said["title"] == "Calm morning"
            assert len(said["fingerprint"]) == 64
            yield child, said["ports"]
        finally:
            child.kill()


def test_the_desk_runs_as_a_child_obeys_events_and_ends_with_its_parents_pipe(tmp_path: Path) -> None:
    record = tmp_path / "record.jsonl"
    with child_desk("--record", str(record)) as (child, ports):
        orders = child.stdin
        assert orders is not None

        @on_loop
        async def talk() -> None:
            client = await RawClient.enter(ports["tws"])
            orders.write(b'{"does": "nonsense"}\nnot json\n{"does": "upstream_lost"}\n')
            orders.flush()
            await client.until(4, code="1100")
            await client.close()

        talk()
        _, complaints = child.communicate(timeout=PATIENCE)
        assert child.returncode == 0
        assert b"nonsense" in complaints
        assert b"Traceback" not in complaints
    assert '"startApi"' in record.read_text("utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal: the process just ends")
def test_a_child_that_is_told_to_stay_ends_in_order_when_asked_by_a_signal() -> None:
    with child_desk("--stay") as (child, ports):
        assert child.stdin is not None
        child.stdin.close()
        child.stdin = None

        @on_loop
        async def talk() -> None:
            client = await RawClient.enter(ports["tws"])
            await client.close()

        talk()
        child.terminate()
        _, complaints = child.communicate(timeout=PATIENCE)
        assert (child.returncode, complaints) == (0, b"")


days = st.dates(date(2024, 1, 1), date(2040, 12, 31))


@given(today=days)
def test_expiries_lie_ahead_in_order_and_on_fridays(today: date) -> None:
    def day(word: str) -> date:
        return datetime.strptime(dates.expiry_of(word, today), "%Y%m%d").replace(tzinfo=UTC).date()

    assert today <= day("front-quarter") < day("next-quarter")
    assert today <= day("front-month") < day("next-month")
    assert today < day("next-friday") < day("friday-after")
    assert day("front-quarter").month % 3 == 0
    for word in ("front-quarter", "next-quarter", "front-month", "next-month", "next-friday", "friday-after"):
        assert day(word).weekday() == 4
    assert day("plus-3") == today + timedelta(days=3)


@given(
    minute=st.integers(0, 60 * 24 * 400), zone=st.sampled_from(["US/Eastern", "MET", "Japan", "Not/AZone"])
)
def test_hours_are_open_or_closed_as_their_word_says_at_any_time(minute: int, zone: str) -> None:
    now = NOW + timedelta(minutes=minute)
    assert dates.is_open(dates.trading_hours("open", zone, now), zone, now)
    assert not dates.is_open(dates.trading_hours("closed", zone, now), zone, now)
    assert not dates.is_open(dates.trading_hours("opens 30", zone, now), zone, now)


def test_a_scenario_is_laid_over_its_base_row_by_row_without_changing_it() -> None:
    base = {
        "title": "a",
        "tws": [{"name": "tws", "port": 1}],
        "events": [{"at": 1}],
        "gateway": {"state": "trading"},
    }
    over = {"tws": [{"name": "tws", "port": 2}, {"name": "paper"}], "events": [], "gateway": {"paper": True}}
    merged = library.merge(base, over)
    assert merged == {
        "title": "a",
        "tws": [{"name": "tws", "port": 2}, {"name": "paper"}],
        "events": [],
        "gateway": {"state": "trading", "paper": True},
    }
    assert base["tws"] == [{"name": "tws", "port": 1}]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("title = ", "broken.toml"),
        ("colour = 'red'", "colour"),
        ("title = 5", "title"),
        ("[[tws]]\nport='x'", "port"),
    ],
)
def test_a_file_that_cannot_be_used_says_where(text: str, named: str, tmp_path: Path) -> None:
    path = tmp_path / "broken.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(library.BrokenScenario, match=named):
        library.load(path)


def test_unknown_words_for_dates_and_hours_are_named() -> None:
    with pytest.raises(dates.UnknownWord, match="someday"):
        dates.expiry_of("someday", NOW.date())
    with pytest.raises(dates.UnknownWord, match="sometimes"):
        dates.trading_hours("sometimes", "US/Eastern", NOW)
