"""Hours as they pass: a calendar that was read before the open or the close says nothing false after it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain import kinds
from cockpit.domain.calendar import next_end, next_turn
from cockpit.domain.checks.answers import Target
from cockpit.domain.checks.desk import venue
from cockpit.domain.checks.horizon import next_end as forced_end
from cockpit.domain.level import Level
from cockpit.domain.plan import SessionEnd
from tests.fakes.clock import NOON
from tests.fakes.facts import PLAN, facts_of

XNYS = Target("XNYS", "NYSE", venue="XNYS")
HOUR = 3600.0


@pytest.mark.parametrize(
    ("opens", "closes", "hours", "words"),
    [
        (1, 8, 0, "NYSE opens"),
        (1, 8, 2, "NYSE is open until"),
        (1, 8, 9, "The calendar that was read is over"),
        (20, 5, 0, "NYSE is open until"),
        (20, 5, 6, "NYSE opens"),
        (20, 5, 21, "The calendar that was read is over"),
    ],
    ids=["before", "opened since", "closed since", "during", "after the close", "opened the day after"],
)
def test_what_a_venue_does_now(opens: float, closes: float, hours: float, words: str) -> None:
    facts = facts_of(
        kinds.NEXT_OPEN.seen("venue/XNYS", NOON + opens * HOUR, NOON),
        kinds.NEXT_CLOSE.seen("venue/XNYS", NOON + closes * HOUR, NOON),
    )
    now = NOON + hours * HOUR
    found = venue(facts, PLAN, XNYS, now)
    assert found.answer.startswith(words)
    assert (found.level is Level.READY) is ("over" not in words)
    assert (next_turn(facts, PLAN, now) is None) is (hours > 0)


def test_a_close_that_is_over_is_no_promise_about_sessions() -> None:
    facts = facts_of(
        kinds.NEXT_CLOSE.seen("venue/XNYS", NOON - HOUR, NOON - 2 * HOUR), without=("next close",)
    )
    assert "Nothing ends before" not in forced_end(facts, PLAN, Target(), NOON).answer


@given(
    st.integers(-1, 6),
    st.times(),
    st.sampled_from(["America/New_York", "Europe/Berlin", "Asia/Tokyo", "Australia/Lord_Howe"]),
    st.floats(1.7e9, 2.0e9),
)
def test_the_next_end_lies_ahead_within_a_week_on_its_own_day(
    weekday: int, at: object, zone: str, now: float
) -> None:
    words = str(at)[:5]
    found = next_end(SessionEnd("k", "t", weekday, words, zone), now)
    there = datetime.fromtimestamp(found, ZoneInfo(zone))
    longest = 8 if weekday >= 0 else 1
    assert now < found <= now + longest * 86400 + HOUR
    assert weekday < 0 or there.weekday() == weekday
