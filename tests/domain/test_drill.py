"""A drill is walked step by step; what was skipped or never reached is no step done."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.drill import DrillPlan, DrillStep, begin

PLAN = DrillPlan("d", "TWS dies", "", (DrillStep("one", seconds=5), DrillStep("two"), DrillStep("three")))


def test_steps_are_timed_one_by_one_and_a_skipped_one_counts_nothing() -> None:
    walk = begin(PLAN, 100.0).done(104.0).skipped(110.0).done(117.5)
    assert walk.record() == (("one", 4.0), ("two", -1.0), ("three", 7.5))
    assert (walk.total, walk.current) == (11.5, None)


def test_a_drill_that_is_broken_off_keeps_what_was_done() -> None:
    assert begin(PLAN, 0.0).done(3.0).record() == (("one", 3.0), ("two", -1.0), ("three", -1.0))


def test_a_finished_drill_takes_no_more_steps() -> None:
    walk = begin(PLAN, 0.0).done(1.0).done(2.0).done(3.0)
    assert walk.done(4.0) == walk
    assert walk.skipped(4.0) == walk


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 1000)), max_size=5))
def test_the_total_never_exceeds_the_time_that_passed(steps: list[tuple[bool, float]]) -> None:
    now, walk = 0.0, begin(PLAN, 0.0)
    for is_done, seconds in steps:
        now += seconds
        walk = walk.done(now) if is_done else walk.skipped(now)
    assert 0 <= walk.total <= now + 1e-6
    assert len(walk.record()) == len(PLAN.steps)
