"""The two lights: they say no better than the check would, and never ready on what nobody has looked at."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cockpit.domain import kinds
from cockpit.domain.checks.market import feed
from cockpit.domain.checks.targets import per_instrument
from cockpit.domain.evidence import Observation
from cockpit.domain.kinds import Door, FeedState
from cockpit.domain.level import Level
from cockpit.domain.paths import order_path, price_path
from cockpit.domain.plan import Flow, Socket
from tests.fakes.clock import NOON
from tests.fakes.facts import PLAN, calm, facts_of

TWS = "tws/tws"
SPX = f"{TWS}/feed/SPX"


def test_a_calm_morning_lights_both() -> None:
    facts = facts_of()
    assert price_path(facts, PLAN, NOON).level is order_path(facts, PLAN, NOON).level is Level.READY


def test_one_instrument_that_nobody_looked_at_keeps_the_price_path_from_ready() -> None:
    old = NOON - kinds.FEED.fresh_for - 1
    one = facts_of(kinds.FEED.seen(f"{TWS}/feed/EUR.USD", FeedState.LIVE, NOON), without=("feed",))
    stale = facts_of(kinds.FEED.seen(SPX, FeedState.LIVE, old), without=("feed",))
    assert price_path(one, PLAN, NOON).level is Level.UNKNOWN
    assert price_path(stale, PLAN, NOON).level is Level.UNKNOWN


@given(
    st.sampled_from(FeedState),
    st.sampled_from([[], [kinds.OPEN_UNTIL.seen(f"{TWS}/contract/SPX", 0.0, NOON)]]),
)
def test_the_price_path_is_never_greener_than_the_check(state: FeedState, hours: list[Observation]) -> None:
    facts = facts_of(kinds.FEED.seen(SPX, state, NOON), *hours)
    judged = [feed(facts, PLAN, target, NOON).level.rank for target in per_instrument(PLAN, facts)]
    assert price_path(facts, PLAN, NOON).level.rank == max(judged)


def test_an_instrument_of_another_door_counts_too() -> None:
    second = Socket("second", port=4001)
    flow = Flow("two", "Through the second", door="second", instruments=("SPX",))
    plan = replace(PLAN, sockets=(*PLAN.sockets, second), flows=(PLAN.flows[0], flow))
    facts = facts_of(
        *(replace(seen, subject="tws/second") for seen in calm() if seen.subject == TWS),
        kinds.FEED.seen("tws/second/feed/SPX", FeedState.NOT_SUBSCRIBED, NOON),
    )
    assert price_path(facts, plan, NOON).level is Level.BLOCKED


def test_a_second_door_that_a_flow_needs_darkens_both_lights_and_is_named() -> None:
    second = Socket("second", port=4001)
    plan = replace(PLAN, sockets=(*PLAN.sockets, second), flows=(*PLAN.flows, Flow("two", "", door="second")))
    facts = facts_of(kinds.DOOR.seen("tws/second", Door.REFUSED, NOON))
    for light in (price_path(facts, plan, NOON), order_path(facts, plan, NOON)):
        assert light.level is Level.BLOCKED
        assert light.sentence.startswith("second: ")


def test_data_taken_does_not_hide_a_read_only_api() -> None:
    taken = kinds.DATA_TAKEN.seen(TWS, True, NOON)
    assert order_path(facts_of(taken), PLAN, NOON).level is Level.READY
    both = facts_of(taken, kinds.READ_ONLY.seen(TWS, True, NOON))
    assert order_path(both, PLAN, NOON).level is Level.LIMITED


@pytest.mark.parametrize("state", [FeedState.FROZEN, FeedState.NO_QUOTE, FeedState.SILENT])
def test_hours_that_were_read_before_the_open_excuse_nothing_after_it(state: FeedState) -> None:
    contract = f"{TWS}/contract/SPX"
    closed = (
        kinds.OPEN_UNTIL.seen(contract, 0.0, NOON),
        kinds.OPENS_AT.seen(contract, NOON + 3600, NOON),
    )
    target = next(one for one in per_instrument(PLAN, facts_of()) if one.key == "SPX")
    later = NOON + 7200
    before = feed(facts_of(*closed, kinds.FEED.seen(SPX, state, NOON)), PLAN, target, NOON)
    after = feed(facts_of(*closed, kinds.FEED.seen(SPX, state, later)), PLAN, target, later)
    assert "closed" in before.answer
    assert "closed" not in after.answer
    assert after.level is (Level.BLOCKED if state is FeedState.SILENT else Level.LIMITED)
