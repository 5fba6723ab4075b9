"""The link to one API socket against the simulated desk: what is asked, what is reported, what is given back."""

from __future__ import annotations

import asyncio

import pytest
from msgspec import structs
from msgspec.structs import replace

from cockpit.adapters.tws.whatif import OrderType
from cockpit.domain import kinds
from cockpit.domain.kinds import Door, FeedState, Upstream
from cockpit.domain.plan import Instrument, Leg, Ticket
from cockpit.services.errors import ConnectionEnded, NoAnswer, NotPermitted, Refused
from cockpit.simulator.scenario import Account, Bulletin, Contract, Event, Farm, Feed, OpenOrder
from cockpit.simulator.terms import Refusal
from tests.adapters.tws_tools import AAPL, APPLE, bench, opened, run, scenario

pytestmark = pytest.mark.plain

ES = tuple(
    Contract(con_id=con_id, symbol="ES", sec_type="FUT", exchange="CME", local_symbol=name, trading_class="ES",
             expiry=expiry, multiplier="50", venues=("CME",), zone="US/Central", price=6700.0, min_tick=0.25)
    for con_id, name, expiry in ((1, "ESU6", "20200918"), (2, "ESZ9", "20991218"), (3, "ESH9", "21000319"))
)  # fmt: skip
FRONT = Instrument("ES", "ES", "FUT", "CME")
SPXW = Contract(
    con_id=11, symbol="SPX", sec_type="OPT", local_symbol="SPXW", trading_class="SPXW", expiry="20991218",
    strike=6700.0, right="P", multiplier="100", price=12.0,
)  # fmt: skip
PUT = Instrument("SPX put", "SPX", "OPT", strike=6700.0, right="P", trading_class="SPXW", needs_greeks=True)


def test_opening_says_who_is_there() -> None:
    async def story() -> None:
        async with opened() as here:
            assert here.link.is_open
            assert here.eyes.newest(kinds.DOOR) == Door.OPEN
            assert here.eyes.newest(kinds.CLIENT_ID) == 901
            assert here.eyes.newest(kinds.SERVER_VERSION) == 178
            assert here.eyes.newest(kinds.ACCOUNTS) == ("U1234821",)
            assert here.counts.client_ids == 1

    run(story())


def test_connecting_asks_for_nothing_but_the_session() -> None:
    async def story() -> None:
        async with opened() as here:
            await here.link.beat()
            assert here.ids == [71, 49]

    run(story())


def test_opening_an_open_link_does_nothing() -> None:
    async def story() -> None:
        async with opened() as here:
            await asyncio.gather(here.link.open(), here.link.open())
            assert here.ids == [71]

    run(story())


def test_what_was_sent_is_what_is_counted() -> None:
    async def story() -> None:
        async with opened() as here:
            await here.link.beat()
            await here.link.ask_accounts()
            # The greeting goes before the frames that the desk records.
            assert here.counts.messages == len(here.ids) + 1

    run(story())


def test_a_beat_measures_the_way_and_the_brokers_clock() -> None:
    async def story() -> None:
        async with opened(scenario(clock_skew=100.0)) as here:
            assert 0 <= await here.link.beat() < 1
            skew = here.eyes.newest(kinds.BROKER_CLOCK)
            assert isinstance(skew, float)
            assert abs(skew - 100.0) <= 0.6
            assert here.eyes.newest(kinds.UPSTREAM) == Upstream.UP

    run(story())


def test_every_beat_confirms_the_accounts_of_the_session() -> None:
    async def story() -> None:
        async with opened() as here:
            accounts = here.eyes.newest(kinds.ACCOUNTS)
            here.eyes.seen.clear()
            await here.link.beat()
            assert here.eyes.newest(kinds.ACCOUNTS) == accounts

    run(story())


def test_two_beats_at_once_each_get_their_own_answer() -> None:
    async def story() -> None:
        async with opened() as here:
            await asyncio.gather(here.link.beat(), here.link.beat(), here.link.beat())
            assert here.ids == [71, 49, 49, 49]

    run(story())


def test_asking_a_closed_link_says_that_there_is_no_connection() -> None:
    async def story() -> None:
        async with bench() as here:
            for ask in (here.link.beat, here.link.ask_accounts, here.link.ask_orders, here.link.ask_upstream):
                with pytest.raises(ConnectionEnded):
                    await ask()
            with pytest.raises(ConnectionEnded):
                await here.link.ask_feed(APPLE)
            with pytest.raises(ConnectionEnded):
                await here.link.preview(Ticket("t", "AAPL"), APPLE)
            await here.link.ended()

    run(story())


def test_account_values_come_per_account_and_the_subscription_is_given_back() -> None:
    two = replace(
        scenario(),
        accounts=(
            Account("U1234821", excess_liquidity=412_300.0, cushion=0.38, family="F7"),
            Account("U7654321", excess_liquidity=-5.0, currency="EUR"),
        ),
    )

    async def story() -> None:
        async with opened(two) as here:
            await here.link.ask_accounts()
            assert here.eyes.newest(kinds.EXCESS_LIQUIDITY, "account/U1234821") == 412_300.0
            assert here.eyes.newest(kinds.CUSHION, "account/U1234821") == 0.38
            assert here.eyes.newest(kinds.EXCESS_LIQUIDITY, "account/U7654321") == -5.0
            assert here.eyes.newest(kinds.CURRENCY, "account/U7654321") == "EUR"
            assert here.eyes.newest(kinds.FAMILY) == ("U1234821: F7",)
            ids = await here.all_ids()
            assert ids.count(62) == ids.count(63) == 1

    run(story())


def test_open_orders_are_counted_by_who_placed_them() -> None:
    orders = (
        OpenOrder(0, 1, 0, con_id=AAPL.con_id),
        OpenOrder(0, 2, 0, con_id=AAPL.con_id),
        OpenOrder(5, 3, 7, con_id=AAPL.con_id),
        OpenOrder(6, 4, 7, con_id=AAPL.con_id),
        OpenOrder(1, 5, 12, con_id=AAPL.con_id),
    )

    async def story() -> None:
        async with opened(replace(scenario(), orders=orders)) as here:
            await here.link.ask_orders()
            assert here.eyes.newest(kinds.OPEN_ORDERS) == ("manual 2", "client 7: 2", "client 12: 1")
            assert here.eyes.newest(kinds.ORDERS_READ) is True
            assert 15 not in await here.all_ids()

    run(story())


def test_no_open_orders_is_an_answer_too() -> None:
    async def story() -> None:
        async with opened() as here:
            await here.link.ask_orders()
            assert here.eyes.newest(kinds.OPEN_ORDERS) == ()

    run(story())


def test_bulletins_and_farms_are_told() -> None:
    news = replace(
        scenario(
            farms=(Farm("usfarm"), Farm("ushmds", "history", "dormant"), Farm("cashfarm", state="broken"))
        ),
        bulletins=(Bulletin(7, 2, "Halt\u202e", "NYSE"),),
    )

    async def story() -> None:
        async with opened(news) as here:
            await here.link.ask_upstream()
            assert (
                here.eyes.newest(kinds.BULLETIN, "tws/tws/bulletin/7") == "Exchange unavailable: Halt\\u202e"
            )
            assert here.eyes.newest(kinds.FARM, "tws/tws/farm/usfarm") == "ok"
            assert here.eyes.newest(kinds.FARM, "tws/tws/farm/ushmds") == "dormant"
            assert here.eyes.newest(kinds.FARM, "tws/tws/farm/cashfarm") == "broken"
            assert 13 in await here.all_ids()

    run(story())


def test_a_contract_says_what_is_offered_and_when_it_trades() -> None:
    async def story() -> None:
        async with opened() as here:
            await here.link.ask_contract(APPLE)
            subject = "tws/tws/contract/AAPL"
            assert here.eyes.newest(kinds.CONTRACT, subject) == "one"
            assert here.eyes.newest(kinds.VENUES, subject) == ("SMART", "NASDAQ", "ARCA")
            types = here.eyes.newest(kinds.ORDER_TYPES, subject)
            assert isinstance(types, tuple)
            assert {"LMT", "TRAILLMT", "WHATIF"} <= set(types)
            open_until = here.eyes.newest(kinds.OPEN_UNTIL, subject)
            assert isinstance(open_until, float)
            assert open_until > here.eyes.all(kinds.OPEN_UNTIL, subject)[-1].at

    run(story())


def test_an_unknown_contract_is_none_and_not_an_error() -> None:
    async def story() -> None:
        async with opened() as here:
            await here.link.ask_contract(Instrument("X", "NOSUCH"))
            assert here.eyes.newest(kinds.CONTRACT, "tws/tws/contract/X") == "none"
            assert here.eyes.note(kinds.CONTRACT, "tws/tws/contract/X").startswith("200 ")

    run(story())


def test_without_an_expiry_the_nearest_living_one_is_meant() -> None:
    async def story() -> None:
        async with opened(scenario(*ES)) as here:
            await here.link.ask_contract(FRONT)
            assert here.eyes.newest(kinds.CONTRACT, "tws/tws/contract/ES") == "one"
            assert "ESZ9" in here.eyes.note(kinds.CONTRACT, "tws/tws/contract/ES")
            await here.link.ask_feed(FRONT)
            await here.link.ask_feed(FRONT)
            assert here.eyes.newest(kinds.FEED, "tws/tws/feed/ES") == FeedState.LIVE
            assert (await here.all_ids()).count(9) == 1, "the contract is asked once per session"

    run(story())


def test_several_contracts_are_several() -> None:
    twins = (AAPL, replace(AAPL, con_id=5, currency="USD", local_symbol="AAPL.X", trading_class="X"))

    async def story() -> None:
        async with opened(scenario(*twins)) as here:
            await here.link.ask_contract(APPLE)
            assert here.eyes.newest(kinds.CONTRACT, "tws/tws/contract/AAPL") == "several"
            with pytest.raises(NotPermitted):
                await here.link.preview(Ticket("t", "AAPL"), APPLE)

    run(story())


def test_a_venue_under_its_older_name_is_tried_before_calling_it_unknown() -> None:
    old_name = replace(AAPL, exchange="ISLAND", venues=("ISLAND",), primary_exchange="")

    async def story() -> None:
        async with opened(scenario(old_name)) as here:
            await here.link.ask_contract(structs.replace(APPLE, exchange="NASDAQ"))
            assert here.eyes.newest(kinds.CONTRACT, "tws/tws/contract/AAPL") == "one"
            assert (await here.all_ids()).count(9) == 2

    run(story())


@pytest.mark.parametrize(
    ("feed", "state"),
    [
        (Feed.LIVE, FeedState.LIVE),
        (Feed.DELAYED, FeedState.DELAYED),
        (Feed.NONE, FeedState.NOT_SUBSCRIBED),
        (Feed.SILENT, FeedState.SILENT),
        (Feed.COMPETING, FeedState.COMPETING),
    ],
)
def test_a_feed_is_what_really_arrives(feed: Feed, state: FeedState) -> None:
    async def story() -> None:
        async with opened(scenario(replace(AAPL, feed=feed))) as here:
            await here.link.ask_feed(APPLE)
            assert here.eyes.newest(kinds.FEED, "tws/tws/feed/AAPL") == state
            assert here.counts.lines == 0
            assert here.counts.most_lines == 1
            ids = await here.all_ids()
            assert ids.count(1) == ids.count(2) == 1

    run(story())


def test_options_are_live_with_greeks_and_partial_without() -> None:
    async def story() -> None:
        async with opened(scenario(SPXW)) as here:
            await here.link.ask_feed(PUT)
            assert here.eyes.newest(kinds.FEED, "tws/tws/feed/SPX put") == FeedState.LIVE
            assert here.eyes.newest(kinds.GREEKS, "tws/tws/feed/SPX put") is True
        async with opened(scenario(replace(SPXW, feed=Feed.PARTIAL))) as here:
            await here.link.ask_feed(PUT)
            assert here.eyes.newest(kinds.FEED, "tws/tws/feed/SPX put") == FeedState.PARTIAL
            assert here.eyes.newest(kinds.GREEKS, "tws/tws/feed/SPX put") is False
            assert "10090" in here.eyes.note(kinds.FEED, "tws/tws/feed/SPX put")

    run(story())


def test_an_instrument_that_does_not_resolve_has_a_refused_feed() -> None:
    async def story() -> None:
        async with opened() as here:
            await here.link.ask_feed(FRONT)
            assert here.eyes.newest(kinds.FEED, "tws/tws/feed/ES") == FeedState.REFUSED
            assert here.counts.most_lines == 0

    run(story())


def test_a_cancelled_look_gives_its_line_back() -> None:
    async def story() -> None:
        async with opened(scenario(replace(AAPL, feed=Feed.SILENT))) as here:
            look = asyncio.create_task(here.link.ask_feed(APPLE))
            await here.counts.line_taken.wait()
            look.cancel()
            await asyncio.gather(look, return_exceptions=True)
            assert here.counts.lines == 0
            assert 2 in await here.all_ids()

    run(story())


def test_data_that_went_elsewhere_is_told_once_per_burst_and_taken_back_when_it_returns() -> None:
    async def story() -> None:
        async with opened() as here:
            await here.desk.play(Event(does="competing"))
            await here.link.ask_feed(APPLE)
            await here.link.ask_feed(APPLE)
            assert [one.value for one in here.eyes.all(kinds.DATA_TAKEN)] == [True]
            await here.desk.play(Event(does="competing_end"))
            await here.link.ask_feed(APPLE)
            assert here.eyes.newest(kinds.DATA_TAKEN) is False

    run(story())


def test_characters_that_cannot_be_sent_are_refused_before_the_wire() -> None:
    async def story() -> None:
        async with opened() as here:
            bad = Instrument("bad", "A\0" + "1")
            for ask in (here.link.ask_contract, here.link.ask_feed):
                with pytest.raises(NotPermitted):
                    await ask(bad)
            assert here.link.is_open
            assert await here.all_ids() == [71]

    run(story())


@pytest.mark.parametrize("order_type", [kind.value for kind in OrderType])
def test_every_order_type_can_be_previewed(order_type: str) -> None:
    everything = replace(AAPL, order_types=(*AAPL.order_types, "MTL", "MOC", "LOC", "REL", "MIDPX"))

    async def story() -> None:
        async with opened(scenario(everything)) as here:
            preview = await here.link.preview(Ticket("t", "AAPL", order_type=order_type, price=10.5), APPLE)
            assert float(preview.initial_margin_change) > 0
            assert preview.commission.endswith("USD")
            assert here.eyes.newest(kinds.READ_ONLY) is False
            assert here.eyes.newest(kinds.PREVIEWED, "tws/tws/preview/t") is True
            (asked,) = here.desk.recorder.what_ifs()
            assert asked.fields[18] == order_type
            assert here.counts.what_ifs == 1
            assert here.desk.recorder.live_orders() == ()

    run(story())


def test_the_warning_of_the_first_part_is_kept() -> None:
    async def story() -> None:
        async with opened(scenario(replace(AAPL, hours="closed"))) as here:
            preview = await here.link.preview(Ticket("t", "AAPL", price=10.5), APPLE)
            assert "before the next regular session" in preview.warning
            assert preview.initial_margin_change

    run(story())


@pytest.mark.parametrize("delay", [0.0, 30.0])
def test_a_refused_preview_carries_the_code_even_when_it_comes_after_the_first_part(delay: float) -> None:
    refusing = replace(AAPL, refuse=(Refusal(201, "Order rejected\u202e - reason:margin", delay_ms=delay),))

    async def story() -> None:
        async with opened(scenario(refusing)) as here:
            with pytest.raises(Refused) as refused:
                await here.link.preview(Ticket("t", "AAPL", price=10.5), APPLE)
            assert refused.value.code == 201
            assert refused.value.quote == "Order rejected\\u202e - reason:margin"

    run(story())


def test_a_preview_without_an_answer_ends_by_its_own_deadline() -> None:
    async def story() -> None:
        async with opened(scenario(replace(AAPL, refuse=(Refusal(silent=True),)))) as here:
            with pytest.raises(NoAnswer):
                await here.link.preview(Ticket("t", "AAPL", price=10.5), APPLE)
            await here.link.beat()

    run(story())


def test_a_read_only_api_refuses_previews_and_says_so() -> None:
    async def story() -> None:
        async with opened(scenario(read_only=True)) as here:
            with pytest.raises(Refused) as refused:
                await here.link.preview(Ticket("t", "AAPL", price=10.5), APPLE)
            assert refused.value.code == 321
            assert refused.value.remedy is not None
            assert here.eyes.newest(kinds.READ_ONLY) is True
            await here.link.ask_orders()
            assert here.eyes.newest(kinds.ORDERS_READ) is True

    run(story())


@pytest.mark.parametrize(
    "ticket",
    [
        pytest.param(Ticket("t", "AAPL", order_type="PEG MID"), id="order type"),
        pytest.param(Ticket("t", "AAPL", legs=(Leg("AAPL"), Leg("AAPL", "SELL"))), id="combination"),
        pytest.param(Ticket("t", "AAPL", algorithm="adaptive"), id="algorithm"),
        pytest.param(Ticket("t", "AAPL", in_cash=True), id="in cash"),
        pytest.param(Ticket("t", "AAPL", action="SHORT"), id="action"),
        pytest.param(Ticket("t", "AAPL", quantity=0), id="quantity"),
        pytest.param(Ticket("t", "AAPL", time_in_force="GTD"), id="time in force"),
        pytest.param(Ticket("t", "AAPL", account="U1\0001"), id="account"),
    ],
)
def test_a_ticket_that_cannot_be_previewed_never_reaches_the_wire(ticket: Ticket) -> None:
    async def story() -> None:
        async with opened() as here:
            with pytest.raises(NotPermitted):
                await here.link.preview(ticket, APPLE)
            assert 3 not in await here.all_ids()

    run(story())
