"""Do no harm: what disturbs needs a confirmation, what costs is rationed, and the meter tells the truth."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain import kinds
from cockpit.domain.readiness import Footprint
from cockpit.services.errors import NotPermitted
from cockpit.services.harm import Budget, Harm
from cockpit.services.intents import Rehearse
from tests.fakes.clock import FakeClock
from tests.fakes.desks import FakeDesk
from tests.fakes.virtual_time import LoopClock, run


def test_an_intrusive_probe_needs_a_confirmation() -> None:
    async def story() -> None:
        harm = Harm(LoopClock())
        with pytest.raises(NotPermitted, match="confirmation"):
            await harm.permit(Footprint.INTRUSIVE, 1)
        await harm.permit(Footprint.INTRUSIVE, 1, confirmed=True)
        assert harm.count().refused == 1

    run(story())


@given(st.lists(st.tuples(st.integers(0, 5), st.floats(0, 3)), max_size=60))
def test_no_span_of_time_sees_more_messages_than_the_budget(asks: list[tuple[int, float]]) -> None:
    async def story() -> None:
        budget = Budget()
        clock = LoopClock()
        harm = Harm(clock, budget)
        began, sent = clock.monotonic(), 0
        for messages, pause in asks:
            try:
                await harm.permit(Footprint.LIGHT, messages)
            except NotPermitted:
                continue
            sent += messages
            assert sent <= budget.burst + (clock.monotonic() - began) * budget.messages_per_second + 1e-6
            await asyncio.sleep(pause)

    run(story())


def test_what_ifs_keep_a_minute_between_them() -> None:
    clock = FakeClock()
    harm = Harm(clock)
    harm.permit_what_if(confirmed=True)
    clock.advance(59)
    with pytest.raises(NotPermitted, match="one what-if a minute"):
        harm.permit_what_if(confirmed=True)
    clock.advance(2)
    harm.permit_what_if(confirmed=True)


def test_a_clock_that_is_set_does_not_shorten_the_minute() -> None:
    clock = FakeClock()
    harm = Harm(clock)
    harm.permit_what_if(confirmed=True)
    clock.jump(3600)
    with pytest.raises(NotPermitted):
        harm.permit_what_if(confirmed=True)


def test_a_what_if_without_confirmation_never_reaches_the_socket() -> None:
    async def story() -> None:
        desk = FakeDesk()
        await desk.engine.check()
        desk.engine.send(Rehearse("t1"))
        await asyncio.sleep(1)
        assert "preview" not in desk.link.asked
        desk.engine.send(Rehearse("t1", confirmed=True))
        await asyncio.sleep(1)
        assert desk.link.asked.count("preview") == 1
        assert [r.state for r in desk.states[-1].rehearsals] == ["answered"]

    run(story())


def test_the_click_sends_no_what_if() -> None:
    async def story() -> None:
        desk = FakeDesk()
        await desk.engine.check()
        assert "preview" not in desk.link.asked
        assert desk.engine.harm.count().what_ifs == 0

    run(story())


def test_a_turn_that_was_given_up_is_not_charged() -> None:
    async def story() -> None:
        harm = Harm(LoopClock())
        await harm.permit(Footprint.LIGHT, 40)
        waiting = [asyncio.create_task(harm.permit(Footprint.LIGHT, 10)) for _ in range(5)]
        await asyncio.sleep(0)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        await asyncio.wait_for(harm.permit(Footprint.LIGHT, 5), 1.1)

    run(story())


def test_a_heartbeat_goes_at_once_and_is_charged() -> None:
    async def story() -> None:
        harm, loop = Harm(LoopClock()), asyncio.get_running_loop()
        await harm.permit(Footprint.LIGHT, 40)
        harm.permit_beat()
        began = loop.time()
        await harm.permit(Footprint.LIGHT, 1)
        assert loop.time() - began == pytest.approx(2 / harm.budget.messages_per_second)

    run(story())


def test_a_read_only_api_of_an_earlier_start_or_an_hour_ago_does_not_forbid_asking_for_ever() -> None:
    async def story() -> None:
        desk = FakeDesk()
        await desk.engine.check()
        desk.engine.desk.observe([kinds.READ_ONLY.seen("tws/tws", True, desk.clock.now())])
        desk.engine.send(Rehearse("t1", confirmed=True))
        await asyncio.sleep(1)
        assert "preview" not in desk.link.asked
        await asyncio.sleep(kinds.READ_ONLY.fresh_for + 1)
        desk.engine.send(Rehearse("t1", confirmed=True))
        await asyncio.sleep(1)
        assert desk.link.asked.count("preview") == 1

    run(story())
