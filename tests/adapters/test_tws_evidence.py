"""What a contract and a preview leave as evidence for the gates: steps, hours, both lists of order types, refusals."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from cockpit.domain import kinds
from cockpit.domain.kinds import FeedState
from cockpit.domain.plan import Instrument, Ticket
from cockpit.services.errors import NotPermitted, Refused
from cockpit.simulator.scenario import Contract
from cockpit.simulator.terms import Refusal
from tests.adapters.tws_tools import AAPL, APPLE, Bench, opened, run, scenario

pytestmark = pytest.mark.plain

SUBJECT = "tws/tws/contract/AAPL"
DIRECT = replace(AAPL, order_types=("LMT", "MKT", "MIDPX", "DAY"), direct_order_types=("LMT", "DAY"))
FUTURE = Contract(
    con_id=2,
    symbol="ES",
    sec_type="FUT",
    exchange="CME",
    local_symbol="ESZ9",
    expiry="20991218",
    venues=("CME",),
)
SPX = Contract(
    *(11, "SPX", "OPT"), trading_class="SPXW", expiry="20991218", strike=6700.0, right="P", multiplier="100"
)


async def questions(here: Bench) -> int:
    """Count the contract questions that have arrived."""
    return (await here.all_ids()).count(9)


def test_a_contract_tells_its_number_its_steps_its_kind_and_its_listing() -> None:
    async def story() -> None:
        async with opened(scenario(replace(AAPL, min_tick=0.05))) as here:
            await here.link.ask_contract(APPLE)
            assert here.eyes.newest(kinds.CON_ID, SUBJECT) == AAPL.con_id
            assert here.eyes.newest(kinds.INCREMENT, SUBJECT) == 0.05
            assert here.eyes.newest(kinds.STOCK_TYPE, SUBJECT) == "COMMON"
            assert here.eyes.newest(kinds.LISTED_ON, SUBJECT) == "NASDAQ"
            assert here.eyes.all(kinds.INELIGIBLE, SUBJECT) == []

    run(story())


def test_order_types_are_asked_where_it_is_listed_too_because_the_lists_differ() -> None:
    async def story() -> None:
        async with opened(scenario(DIRECT)) as here:
            await here.link.ask_contract(APPLE)
            assert here.eyes.newest(kinds.ORDER_TYPES, SUBJECT) == ("LMT", "MKT", "MIDPX", "DAY")
            assert here.eyes.newest(kinds.ORDER_TYPES, f"{SUBJECT}@NASDAQ") == ("LMT", "DAY")
            assert await questions(here) == 2

    run(story())


def test_a_contract_of_one_venue_is_asked_once() -> None:
    async def story() -> None:
        async with opened(scenario(FUTURE)) as here:
            await here.link.ask_contract(Instrument("ES", "ES", "FUT", "CME"))
            assert here.eyes.newest(kinds.LISTED_ON, "tws/tws/contract/ES") == "CME"
            assert await questions(here) == 1

    run(story())


@pytest.mark.parametrize("listing", ["NAS DAQ", "nasdaq", "N\u202eQ", "A" * 21])
def test_a_listing_that_is_no_exchange_is_neither_told_nor_sent_back(listing: str) -> None:
    async def story() -> None:
        async with opened(scenario(replace(AAPL, primary_exchange=listing))) as here:
            await here.link.ask_contract(APPLE)
            assert here.eyes.newest(kinds.CONTRACT, SUBJECT) == "one"
            assert here.eyes.all(kinds.LISTED_ON, SUBJECT) == []
            assert await questions(here) == 1

    run(story())


def test_regular_hours_stand_beside_all_hours() -> None:
    wide = "20991215:0400-20991215:2000"
    regular = "20991215:0930-20991215:1600"

    async def story() -> None:
        async with opened(scenario(replace(AAPL, hours=wide, liquid_hours=regular))) as here:
            await here.link.ask_contract(APPLE)
            opens = datetime(2099, 12, 15, 9, tzinfo=UTC).timestamp()
            assert here.eyes.newest(kinds.OPENS_AT, SUBJECT) == opens
            assert here.eyes.newest(kinds.REGULAR_AT, SUBJECT) == opens + 5.5 * 3600
            assert here.eyes.newest(kinds.REGULAR_UNTIL, SUBJECT) == 0.0

    run(story())


def test_an_option_without_a_strike_never_pulls_a_chain() -> None:
    chain = Instrument("SPX calls", "SPX", "OPT", trading_class="SPXW", expiry="20991218", right="C")

    async def story() -> None:
        async with opened(scenario(SPX)) as here:
            await here.link.ask_contract(chain)
            subject = "tws/tws/contract/SPX calls"
            assert here.eyes.newest(kinds.CONTRACT, subject) == "several"
            assert "needs an expiry and a strike" in here.eyes.note(kinds.CONTRACT, subject)
            await here.link.ask_feed(replace(chain, expiry=""))
            assert here.eyes.newest(kinds.FEED, "tws/tws/feed/SPX calls") == FeedState.REFUSED
            with pytest.raises(NotPermitted):
                await here.link.preview(Ticket("t", chain.key), chain)
            assert await questions(here) == 0

    run(story())


def test_a_refused_preview_leaves_its_code_and_the_brokers_words() -> None:
    refusing = replace(AAPL, refuse=(Refusal(201, "Order rejected\u202e - reason:margin"),))

    async def story() -> None:
        async with opened(scenario(refusing)) as here:
            with pytest.raises(Refused):
                await here.link.preview(Ticket("t", "AAPL", order_type="STP LMT", price=10.5), APPLE)
            place = "tws/tws/refusal/AAPL/STP LMT/buy"
            assert here.eyes.newest(kinds.REFUSED_CODE, place) == "201"
            assert here.eyes.note(kinds.REFUSED_CODE, place) == "Order rejected\\u202e - reason:margin"
            assert here.eyes.newest(kinds.PREVIEWED, "tws/tws/preview/t") is False

    run(story())


def test_a_read_only_api_says_nothing_of_the_order_type() -> None:
    async def story() -> None:
        async with opened(scenario(read_only=True)) as here:
            with pytest.raises(Refused):
                await here.link.preview(Ticket("t", "AAPL", price=10.5), APPLE)
            assert here.eyes.all(kinds.REFUSED_CODE, "tws/tws/refusal/AAPL/LMT/buy") == []
            assert here.eyes.all(kinds.PREVIEWED, "tws/tws/preview/t") == []

    run(story())


PRICES = (18, 19, 20, 21)  # places of type, limit, trigger and time in force in an order frame


@pytest.mark.parametrize(
    ("ticket", "wanted"),
    [
        pytest.param(
            Ticket("t", "AAPL", order_type="STP LMT", price=10.5, stop=10.0),
            ("STP LMT", "10.5", "10", "DAY"),
            id="stop and limit apart",
        ),
        pytest.param(
            Ticket("t", "AAPL", order_type="TRAIL", trail=2.0),
            ("TRAIL", "", "2", "DAY"),
            id="trail by amount",
        ),
        pytest.param(
            Ticket("t", "AAPL", order_type="TRAIL", trail=2.0, trail_in_percent=True),
            ("TRAIL", "", "", "DAY"),
            id="trail by per cent",
        ),
        pytest.param(
            Ticket("t", "AAPL", order_type="MIT", stop=9.0), ("MIT", "", "9", "DAY"), id="if touched"
        ),
        pytest.param(
            Ticket("t", "AAPL", price=10.5, time_in_force="GTD", until="20991231"),
            ("LMT", "10.5", "", "GTD"),
            id="until a day",
        ),
    ],
)
def test_a_ticket_keeps_its_own_prices_in_the_preview(ticket: Ticket, wanted: tuple[str, ...]) -> None:
    async def story() -> None:
        async with opened() as here:
            await here.link.preview(ticket, APPLE)
            (asked,) = here.desk.recorder.what_ifs()
            assert tuple(asked.fields[place] for place in PRICES) == wanted
            assert here.desk.recorder.live_orders() == ()

    run(story())
