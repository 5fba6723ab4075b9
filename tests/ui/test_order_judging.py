"""The grid's judge keeps answers, and still says exactly what the gates say."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from cockpit.domain import kinds
from cockpit.domain.evidence import Observation, Provenance
from cockpit.domain.facts import fold
from cockpit.domain.gates.columns import columns
from cockpit.domain.gates.gate import Case
from cockpit.domain.gates.ladder import ladder
from cockpit.domain.gates.world import World
from cockpit.domain.kinds import Door, FeedState, PortalStage
from cockpit.services.state import DeskState
from cockpit.ui.order_grid.judging import HOLDS, SharedJudge
from cockpit.ui.order_grid.rows import case_of, ticket_rows, type_rows
from cockpit.ui.order_grid.verdicts import BLOCK, Verdicts
from tests.ui.order_states import ES, order_state
from tests.ui.states import NOW, TWS

STATE = order_state()
ROWS = (*type_rows(STATE.catalogue, ES), *ticket_rows(STATE.plan, STATE.catalogue))
CASES: tuple[Case, ...] = tuple(
    case_of(row, column, STATE.plan) for row in ROWS for column in columns(STATE.plan)
)

SEEN: tuple[Observation, ...] = (
    kinds.DOOR.seen(TWS, Door.OPEN.value, NOW),
    kinds.DOOR.seen(TWS, Door.REFUSED.value, NOW),
    kinds.READ_ONLY.seen(TWS, True, NOW),
    kinds.FEED.seen(f"{TWS}/feed/ESZ6", FeedState.DELAYED.value, NOW),
    kinds.ORDER_TYPES.seen(f"{TWS}/contract/ESZ6", ("LMT", "MKT", "TRAIL"), NOW),
    kinds.REFUSED_CODE.seen(f"{TWS}/refusal/ESZ6/LMT/buy", "201", NOW, note="No trading permissions"),
    kinds.PREVIEWED.seen(f"{TWS}/preview/c", True, NOW),
    kinds.SAID_OFFERED.seen("attested/ibkr-mobile/limit", False, NOW, Provenance.ATTESTED),
    kinds.PORTAL_STAGE.seen("gateway", PortalStage.TRADING.value, NOW),
    kinds.OPENED_AT.seen("mobile", NOW, NOW, Provenance.ATTESTED),
    kinds.OPEN_UNTIL.seen(f"{TWS}/contract/ESZ6", NOW + 60, NOW),
)
steps = st.lists(st.tuples(st.sampled_from(SEEN), st.floats(0, 100)), min_size=1, max_size=6)


@given(steps)
@settings(max_examples=25, deadline=None)
def test_whatever_is_seen_in_whatever_order_the_judge_says_what_the_gates_say(
    history: list[tuple[Observation, float]],
) -> None:
    judge, facts, now = SharedJudge(), STATE.facts, NOW
    for seen, passes in history:
        # A step of time beyond what the judge takes on trust: in between an answer may be this much older.
        now += HOLDS + passes
        facts = fold(facts, [replace(seen, at=now)])
        world = World(facts, STATE.plan, STATE.catalogue, now)
        judge.see(facts, world)
        for case in CASES:
            assert judge.ladder(case) == ladder(world, case)


@given(st.sampled_from(SEEN))
@settings(max_examples=11, deadline=None)
def test_what_is_seen_counts_at_once(seen: Observation) -> None:
    judge, world = SharedJudge(), World(STATE.facts, STATE.plan, STATE.catalogue, NOW)
    judge.see(STATE.facts, world)
    for case in CASES:
        judge.ladder(case)
    facts = fold(STATE.facts, [seen])
    world = World(facts, STATE.plan, STATE.catalogue, NOW)
    judge.see(facts, world)
    assert [judge.ladder(case) for case in CASES] == [ladder(world, case) for case in CASES]


def test_only_blocks_that_are_due_are_judged_and_only_rows_that_differ_are_named() -> None:
    state: DeskState = STATE
    judge = SharedJudge()
    judge.see(state.facts, World(state.facts, state.plan, state.catalogue, NOW))
    rows = type_rows(state.catalogue, ES)
    verdicts = Verdicts(rows, columns(state.plan), state.plan, judge)
    verdicts.see_again()
    assert verdicts.known_looks(0) == ()
    assert verdicts.judge(0) == tuple(range(BLOCK))
    assert 0 not in verdicts.due()
    facts = fold(
        state.facts, [kinds.SAID_OFFERED.seen("attested/ibkr-mobile/market", False, NOW, Provenance.ATTESTED)]
    )
    judge.see(facts, World(facts, state.plan, state.catalogue, NOW))
    verdicts.see_again()
    assert 0 in verdicts.due()
    market = next(place for place, row in enumerate(rows) if row.key == "market")
    assert set(verdicts.judge(0)) <= {market}
