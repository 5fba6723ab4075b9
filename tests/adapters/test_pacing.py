"""The pace stays below the published limits, and a pause is a pause."""

from __future__ import annotations

import asyncio
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.adapters.portal.pacing import LONGEST_WAIT, CoolingDown, Pacer
from cockpit.services.errors import NotPermitted

from .web_api_bench import HandClock

pytestmark = pytest.mark.plain

RATE = 10.0
SPACINGS = {"tickle": 1.0, "validate": 60.0, "quick": 0.1}


def pacer(clock: HandClock) -> Pacer:
    return Pacer(clock, RATE, SPACINGS, clock.sleep)


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["status", "tickle", "quick", "validate"]), st.floats(0, 0.4)), max_size=60
    )
)
def test_whatever_is_asked_no_second_holds_more_than_eight_calls_and_every_spacing_is_kept(
    asked: list[tuple[str, float]],
) -> None:
    clock = HandClock()

    async def scene() -> list[tuple[str, float]]:
        pace, made = pacer(clock), []
        for name, pause in asked:
            clock.passed += pause
            try:
                await pace.turn(name)
            except NotPermitted:
                continue
            made.append((name, clock.monotonic()))
        return made

    made = asyncio.run(scene())
    times = [at for _, at in made]
    assert all(times[i + 8] - times[i] >= 1.0 - 1e-9 for i in range(len(times) - 8))
    for name, spacing in SPACINGS.items():
        own = [at for which, at in made if which == name]
        assert all(later - earlier >= spacing - 1e-9 for earlier, later in itertools.pairwise(own))


def test_calls_made_at_the_same_moment_are_spread_out_not_lost() -> None:
    clock = HandClock()

    async def scene() -> None:
        pace = pacer(clock)
        await asyncio.gather(*(pace.turn(f"call {number}") for number in range(20)))

    asyncio.run(scene())
    assert clock.passed == pytest.approx(2.0)


def test_a_call_that_would_wait_too_long_is_refused_and_does_not_count() -> None:
    clock = HandClock()

    async def scene() -> None:
        pace = pacer(clock)
        await pace.turn("validate")
        assert not pace.is_free("validate")
        with pytest.raises(NotPermitted):
            await pace.turn("validate")
        assert clock.passed == 0.0
        clock.passed = 60.0 - LONGEST_WAIT
        await pace.turn("validate")
        assert clock.passed == pytest.approx(60.0)

    asyncio.run(scene())


def test_within_a_pause_nothing_goes_and_it_says_until_when() -> None:
    clock = HandClock()

    async def scene() -> None:
        pace = pacer(clock)
        until = pace.cool_down(900.0)
        assert until == clock.now() + 900.0
        clock.passed += 899.0
        with pytest.raises(CoolingDown) as refused:
            await pace.turn("status")
        assert refused.value.until == until
        clock.passed += 1.0
        assert pace.paused_until is None
        await pace.turn("status")

    asyncio.run(scene())


def test_a_second_refusal_never_shortens_the_pause() -> None:
    clock = HandClock()
    pace = pacer(clock)
    until = pace.cool_down(900.0)
    assert pace.cool_down(10.0) == until
    clock.passed += 600.0
    assert pace.cool_down(900.0) == clock.now() + 900.0


def test_a_pause_that_begins_while_a_call_waits_for_its_turn_still_stops_it() -> None:
    clock = HandClock()

    async def scene() -> None:
        pace: Pacer

        async def sleep(seconds: float) -> None:
            pace.cool_down(900.0)
            await clock.sleep(seconds)

        pace = Pacer(clock, RATE, SPACINGS, sleep)
        await pace.turn("tickle")
        with pytest.raises(CoolingDown):
            await pace.turn("tickle")

    asyncio.run(scene())
