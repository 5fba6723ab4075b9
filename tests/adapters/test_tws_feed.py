"""The look at a feed: which messages mean which state, and what it takes to say live."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.adapters.tws.feed import FeedLook
from cockpit.adapters.tws.messages import Code, DataType, Greeks, Message, Tick, TradeTime
from cockpit.domain import kinds
from cockpit.domain.kinds import FeedState

pytestmark = pytest.mark.plain

LIVE, FROZEN, DELAYED, DELAYED_FROZEN = (DataType(kind) for kind in (1, 2, 3, 4))
BID, ASK = Tick(1, 226.0, 100.0), Tick(2, 226.1, 101.0)
NO_BID, NO_ASK = Tick(1, -1.0, 100.0), Tick(2, -1.0, 100.0)
LAST, CLOSE = Tick(4, 226.0, 100.0), Tick(9, 225.0, 100.0)
MODEL = Greeks(13, -0.4)


def code(number: int, request: int = 5) -> Code:
    return Code(number, "text", request)


def look(*messages: Message, sec_type: str = "STK", needs_greeks: bool = False) -> FeedLook:
    made = FeedLook(sec_type, needs_greeks)
    for message in messages:
        made.take(message)
    return made


@pytest.mark.parametrize(
    ("messages", "state"),
    [
        pytest.param([LIVE, BID], FeedState.LIVE, id="live"),
        pytest.param([FROZEN, BID], FeedState.FROZEN, id="frozen"),
        pytest.param([code(10167), DELAYED, Tick(66, 226.0, 1.0)], FeedState.DELAYED, id="delayed"),
        pytest.param(
            [code(10089), DELAYED, Tick(67, 226.0, 1.0)], FeedState.DELAYED, id="advisory, then delayed"
        ),
        pytest.param(
            [DELAYED_FROZEN, Tick(68, 226.0, 1.0)], FeedState.DELAYED_FROZEN, id="delayed and frozen"
        ),
        pytest.param([BID, ASK], FeedState.PARTIAL, id="ticks without a word which kind"),
        pytest.param([LIVE, CLOSE], FeedState.SILENT, id="only yesterday's close"),
        pytest.param([LIVE], FeedState.SILENT, id="a kind and no tick"),
        pytest.param([], FeedState.SILENT, id="nothing"),
        pytest.param([LIVE, NO_BID, NO_ASK], FeedState.NO_QUOTE, id="no quote"),
        pytest.param([LIVE, NO_BID, ASK], FeedState.LIVE, id="one side"),
        pytest.param([LIVE, NO_BID, NO_ASK, LAST], FeedState.NO_QUOTE, id="an old trade is no quote"),
        pytest.param([code(354)], FeedState.NOT_SUBSCRIBED, id="354"),
        pytest.param([code(10168)], FeedState.NOT_SUBSCRIBED, id="10168"),
        pytest.param([code(10186)], FeedState.NOT_SUBSCRIBED, id="10186"),
        pytest.param([code(10089)], FeedState.NOT_SUBSCRIBED, id="10089 and nothing after"),
        pytest.param([code(10197)], FeedState.COMPETING, id="10197"),
        pytest.param([LIVE, BID, code(10197)], FeedState.COMPETING, id="10197 in the middle"),
        pytest.param([code(10090), LIVE, BID], FeedState.PARTIAL, id="10090"),
        pytest.param([code(10091), LIVE, BID], FeedState.PARTIAL, id="10091"),
        pytest.param([code(101)], FeedState.REFUSED, id="too many lines"),
        pytest.param([code(200)], FeedState.REFUSED, id="no such contract"),
        pytest.param([code(2104), LIVE, BID], FeedState.LIVE, id="a notice is no refusal"),
        pytest.param([LIVE, BID, code(1101, -1)], FeedState.SILENT, id="subscriptions lost"),
        pytest.param([LIVE, BID, code(1102, -1)], FeedState.LIVE, id="subscriptions kept"),
    ],
)
def test_what_arrives_is_what_the_feed_is(messages: list[Message], state: FeedState) -> None:
    assert look(*messages).state is state


def test_an_index_has_no_sides_so_its_last_price_is_the_quote() -> None:
    index = look(LIVE, LAST, sec_type="IND")
    assert index.is_clear
    assert index.state is FeedState.LIVE
    assert not look(LIVE, LAST).is_clear


def test_greeks_are_waited_for_when_they_are_needed() -> None:
    assert not look(LIVE, BID, needs_greeks=True).is_clear
    assert look(LIVE, BID, needs_greeks=True).state is FeedState.PARTIAL
    whole = look(LIVE, BID, MODEL, needs_greeks=True)
    assert whole.is_clear
    assert whole.state is FeedState.LIVE
    unknown = look(LIVE, BID, Greeks(13, None), Greeks(10, 0.5), needs_greeks=True)
    assert not unknown.is_clear, (
        "figures that could not be worked out, or of the bid only, are not the model's"
    )


def test_the_age_of_live_data_counts_from_its_tick_and_of_the_rest_from_the_last_trade() -> None:
    def age(made: FeedLook) -> object:
        return [one.value for one in made.facts("f", 130.0) if one.fact == kinds.TICK_AGE.name]

    assert age(look(LIVE, BID, ASK, TradeTime(10.0))) == [29.0]
    assert age(look(FROZEN, BID, TradeTime(10.0))) == [120.0]
    assert age(look(FROZEN, BID)) == [30.0]
    assert age(look(LIVE)) == []
    assert age(look(LIVE, Tick(1, 5.0, 999.0))) == [0.0]


def test_the_note_names_the_codes_and_the_kind() -> None:
    note = look(code(10167), DELAYED, Tick(66, 1.0, 1.0), needs_greeks=True).note
    assert note == "10167 text; market-data type 3; no model Greeks"


anything: st.SearchStrategy[Message] = st.one_of(
    st.builds(DataType, st.integers(-1, 6)),
    st.builds(Tick, st.integers(0, 90), st.floats(allow_nan=False), st.floats(0, 1e9)),
    st.builds(TradeTime, st.floats(0, 1e9)),
    st.builds(Greeks, st.integers(10, 90), st.one_of(st.none(), st.floats(-1, 1))),
    st.builds(
        Code,
        st.one_of(st.integers(0, 20_000), st.sampled_from([354, 10089, 10090, 10167, 10197])),
        st.text(max_size=5),
        st.just(5),
    ),
)


@given(st.lists(anything, max_size=15), st.sampled_from(["STK", "IND", "OPT"]), st.booleans())
def test_live_needs_the_word_of_tws_and_a_price_and_no_objection(
    messages: list[Message], sec_type: str, needs_greeks: bool
) -> None:
    made = look(*messages, sec_type=sec_type, needs_greeks=needs_greeks)
    if made.state is FeedState.LIVE:
        kinds_told = [
            message.kind for message in messages if isinstance(message, DataType) and 1 <= message.kind <= 4
        ]
        assert kinds_told
        assert kinds_told[-1] == 1
        assert any(isinstance(message, Tick) and message.price != -1 for message in messages)
        assert not any(
            isinstance(message, Code) and message.code in {354, 10197, 10090} for message in messages
        )
