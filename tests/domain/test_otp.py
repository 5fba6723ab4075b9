"""When a code is shown and for how long, and what a clock that is off allows."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.otp import (
    WARN_ABOVE,
    WITHHOLD_ABOVE,
    ClockState,
    Code,
    Face,
    grouped,
    judge_clock,
    seconds_left,
    step_start,
)

pytestmark = pytest.mark.plain

CODE = Code("111111", "222222", ends=1200.0, period=30)
STRICTNESS = [ClockState.GOOD, ClockState.DOUBTFUL, ClockState.WRONG]


@pytest.mark.parametrize(
    ("at", "face"),
    [
        (1169.9, None),
        (1170.0, Face("111111", 30)),
        (1170.1, Face("111111", 30)),
        (1193.9, Face("111111", 7)),
        (1194.0, Face("111111", 6, "222222")),
        (1199.9, Face("111111", 1, "222222")),
        (1200.0, Face("222222", 30)),
        (1229.9, Face("222222", 1)),
        (1230.0, None),
        (0.0, None),
    ],
)
def test_a_code_changes_at_the_edge_of_its_step_and_announces_the_next_one_before(
    at: float, face: Face | None
) -> None:
    assert CODE.face(at) == face


def test_a_code_in_its_last_six_seconds_is_ending() -> None:
    assert [bool(face and face.is_ending) for face in map(CODE.face, (1193.9, 1194.0, 1200.0, 1224.0))] == [
        False,
        True,
        False,
        True,
    ]


@given(st.floats(0, 4e9), st.integers(10, 120))
def test_a_step_holds_its_instant_and_is_never_over_yet(at: float, period: int) -> None:
    start = step_start(at, period)
    assert start <= at < start + period
    assert start % period == 0
    assert 1 <= seconds_left(at, period) <= period
    assert seconds_left(at, period) == math.ceil(start + period - at)


@pytest.mark.parametrize(
    ("digits", "shown"), [("123456", "123 456"), ("1234567", "123 4567"), ("12345678", "1234 5678"), ("", "")]
)
def test_digits_stand_in_two_groups(digits: str, shown: str) -> None:
    assert grouped(digits) == shown


def test_no_look_at_a_code_gives_its_digits_away() -> None:
    assert "111111" not in f"{CODE!r} {CODE} {CODE.face(1170.0)!r}"
    assert "222222" not in f"{CODE!r} {CODE} {CODE.face(1199.0)!r}"


@pytest.mark.parametrize(
    ("offsets", "state", "words"),
    [
        ((), ClockState.UNMEASURED, "Clock not compared with anything yet: a code may be refused"),
        ((math.nan, math.inf), ClockState.UNMEASURED, "Clock not compared"),
        ((0.12,), ClockState.GOOD, "Clock skew +0.12 s, limit 10 s"),
        ((-10.0,), ClockState.GOOD, "Clock skew -10 s, limit 10 s"),
        ((10.1,), ClockState.DOUBTFUL, "Clock +10 s, limit 10 s: a code may be refused"),
        ((-30.0,), ClockState.DOUBTFUL, "Clock -30 s"),
        ((-30.1,), ClockState.WRONG, "Clock -30 s, beyond 30 s: every code would be wrong"),
        ((86400.0,), ClockState.WRONG, "Clock +1440 min"),
        ((0.1, 40.0), ClockState.DOUBTFUL, "Clock +40 s, limit 10 s"),
        ((35.0, 40.0), ClockState.WRONG, "Clock +35 s, beyond 30 s"),
    ],
)
def test_the_clock_allows_warns_or_withholds(
    offsets: tuple[float, ...], state: ClockState, words: str
) -> None:
    check = judge_clock(offsets)
    assert check.state is state
    assert check.sentence.startswith(words)
    assert check.is_withheld is (state is ClockState.WRONG)


@given(st.lists(st.floats(-1e5, 1e5), min_size=1), st.floats(-1e5, 1e5))
def test_one_source_alone_never_withholds_what_another_finds_right(
    offsets: list[float], other: float
) -> None:
    check = judge_clock([*offsets, other])
    if abs(other) <= WITHHOLD_ABOVE:
        assert not check.is_withheld
    if abs(other) > WARN_ABOVE:
        assert check.state is not ClockState.GOOD


@given(st.floats(0, 1e5), st.floats(0, 1e5))
def test_a_clock_that_is_further_off_is_never_judged_more_kindly(one: float, other: float) -> None:
    near, far = sorted((one, other))
    assert STRICTNESS.index(judge_clock([near]).state) <= STRICTNESS.index(judge_clock([-far]).state)
