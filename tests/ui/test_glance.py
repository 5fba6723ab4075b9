"""The glance: a verdict never stays better than what is known now."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cockpit.domain import kinds
from cockpit.domain.facts import Facts, fold
from cockpit.domain.kinds import Door
from cockpit.domain.level import Level
from cockpit.domain.readiness import PathLight, Verdict
from cockpit.ui.glance import VERDICT_FRESH_FOR, Mode, glance, standing, verdict_line
from tests.ui import states
from tests.ui.states import DONE, NOW, PLAN, TWS, run_of

ZONE = PLAN.zone
levels = st.sampled_from(list(Level))


@given(levels, levels, levels, st.floats(0, 10 * VERDICT_FRESH_FOR))
def test_the_standing_is_never_better_than_verdict_or_order_path(
    verdict: Level, order: Level, price: Level, later: float
) -> None:
    run = run_of([], Verdict(verdict, "words"))
    found = standing(run, PathLight(price, "p"), PathLight(order, "o"), ZONE, DONE + later)
    if later > VERDICT_FRESH_FOR:
        assert (found.level, found.is_stale) == (Level.UNKNOWN, True)
    else:
        assert found.level.rank >= max(verdict.rank, order.rank)
        assert found.level is not Level.READY or price is not Level.BLOCKED


def test_a_connection_that_ends_takes_the_verdict_with_it_at_once() -> None:
    calm = states.calm_morning()
    assert glance(calm, NOW).standing.word == "READY"
    lost = replace(calm, facts=fold(calm.facts, [kinds.DOOR.seen(TWS, Door.LOST.value, NOW)]))
    found = glance(lost, NOW)
    assert (found.standing.level, found.standing.word) == (Level.BLOCKED, "NOT READY")
    assert found.standing.sentence == "order path: Connection ended"


def test_a_silent_connection_is_not_known_even_if_no_new_state_comes() -> None:
    calm = states.calm_morning()
    assert glance(calm, NOW + 60).standing.level is Level.UNKNOWN


@pytest.mark.parametrize(
    ("accounts", "mode", "shown"),
    [
        (("U1234821",), Mode.LIVE, "U•••4821"),
        (("DU1234821",), Mode.PAPER, "DU•••4821"),
        (("U1234821", "DU7777777"), Mode.MIXED, "U•••4821 +1"),
        ((), Mode.UNKNOWN, "No account"),
    ],
)
def test_the_prefix_of_the_account_tells_live_from_paper(
    accounts: tuple[str, ...], mode: Mode, shown: str
) -> None:
    seen = [kinds.ACCOUNTS.seen(TWS, accounts, NOW)] if accounts else []
    found = glance(replace(states.nothing_known(), facts=fold(Facts(), seen)), NOW)
    assert (found.mode, found.account) == (mode, shown)


def test_a_demo_is_marked_whatever_its_accounts_look_like() -> None:
    calm = states.calm_morning()
    assert glance(replace(calm, plan=replace(PLAN, is_demo=True)), NOW).mode is Mode.DEMO


def test_a_check_that_was_stopped_says_so() -> None:
    run = replace(run_of([], Verdict(Level.READY, "x")), verdict=None, cancelled=True)
    found = standing(run, PathLight(Level.READY, ""), PathLight(Level.READY, ""), ZONE, NOW)
    assert (found.level, found.word) == (Level.UNKNOWN, "STOPPED")


def test_the_glance_reads_as_a_sentence() -> None:
    line = verdict_line(glance(states.permission_blocked(), NOW))
    assert line == "Not ready: 1 of 5 flows blocked. Price path limited, order path ready."
