"""Which rule meets which order, and what a venue changes: laws over made-up desks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cockpit.simulator.refusals import Wish, at_venue, rules_met, token
from cockpit.simulator.scenario import Account, Contract, Position, Scenario
from cockpit.simulator.terms import Effect, Place, Refusal

pytestmark = pytest.mark.plain

CONTRACT = Contract(con_id=1, symbol="AAPL", venues=("SMART", "ARCA"))
sizes = st.integers(1, 500).map(float)
wishes = st.builds(
    Wish,
    order_type=st.sampled_from(["LMT", "STP LMT", "MKT"]),
    side=st.sampled_from(["BUY", "SELL"]),
    tif=st.sampled_from(["", "DAY", "GTC"]),
    quantity=sizes,
    account=st.sampled_from(["U1", "U2"]),
    venue=st.sampled_from(["", "SMART", "ARCA"]),
)
conditions = st.fixed_dictionaries(
    {},
    optional={
        "order_types": st.just(("STP_LIMIT", "LMT")),
        "tifs": st.just(("DAY",)),
        "sides": st.just(("SELL",)),
        "accounts": st.just(("U2",)),
        "sec_types": st.sampled_from([("STK",), ("FUT",)]),
        "over_quantity": sizes,
        "effect": st.sampled_from(list(Effect)),
        "direct": st.just(True),
    },
)


def desk(held: float = 0.0, *rules: Refusal) -> Scenario:
    """Two accounts, of which the first one holds something, with rules for the whole desk."""
    return Scenario(
        accounts=(Account("U1"), Account("U2")), positions=(Position(con_id=1, quantity=held),), refuse=rules
    )


def is_met(rule: Refusal, wish: Wish, held: float = 0.0) -> bool:
    return bool(list(rules_met(desk(held, rule), CONTRACT, wish)))


@given(wish=wishes, held=st.integers(-500, 500).map(float), conditions=conditions)
def test_a_rule_with_conditions_meets_no_order_that_the_same_rule_without_them_spares(
    wish: Wish, held: float, conditions: dict[str, object]
) -> None:
    assert is_met(Refusal(), wish, held)
    all_alone = [is_met(Refusal(**{key: value}), wish, held) for key, value in conditions.items()]  # type: ignore[arg-type]
    assert is_met(Refusal(**conditions), wish, held) is all(all_alone)  # type: ignore[arg-type]


@given(wish=wishes, held=st.integers(-500, 500).map(float))
def test_only_orders_that_leave_less_of_the_same_position_are_closing(wish: Wish, held: float) -> None:
    wish = replace(wish, account="U1")
    after = held + (wish.quantity if wish.side == "BUY" else -wish.quantity)
    closes = min(0.0, held) <= after <= max(0.0, held)
    assert is_met(Refusal(effect=Effect.OPENS), wish, held) is not closes


@given(wish=wishes, held=st.integers(-500, 500).map(float))
def test_a_buy_is_never_short_and_a_sale_is_when_it_ends_below_nothing(wish: Wish, held: float) -> None:
    own = held if wish.account == "U1" else 0.0
    is_short = wish.side == "SELL" and own - wish.quantity < 0
    assert is_met(Refusal(effect=Effect.SHORTS), wish, held) is is_short


def test_rules_of_the_desk_come_before_those_of_the_contract() -> None:
    contract = replace(CONTRACT, refuse=(Refusal(203),))
    wish = Wish("LMT", "BUY", "", 1.0, "U1")
    assert [rule.code for rule in rules_met(desk(0.0, Refusal(383)), contract, wish)] == [383, 203]


@pytest.mark.parametrize("written", ["STP LMT", "STPLMT", "STOP_LIMIT", "stop limit"])
def test_every_spelling_of_a_stop_limit_is_one_word(written: str) -> None:
    assert token(written) == "STPLMT"


def test_a_venue_changes_what_its_row_says_and_smart_changes_nothing() -> None:
    place = Place("ARCA", hours="closed", web_tifs=("DAY",), refuse=(Refusal(203),))
    contract = replace(
        CONTRACT, direct_order_types=("LMT",), liquid_hours="open", places=(place,), refuse=(Refusal(201),)
    )
    assert at_venue(contract, "SMART") is contract
    assert at_venue(contract, "") is contract
    there = at_venue(contract, "ARCA")
    assert (there.hours, there.liquid_hours, there.order_types) == ("closed", "closed", ("LMT",))
    assert (there.web_order_types, there.web_tifs) == (contract.web_order_types, ("DAY",))
    assert [rule.code for rule in there.refuse] == [203, 201]
    elsewhere = at_venue(contract, "BATS")
    assert (elsewhere.hours, elsewhere.order_types) == (contract.hours, ("LMT",))
