"""The watch: it comes back by itself, notices silence in time, and one failure leaves the others alone."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
from msgspec.structs import replace

from cockpit.domain import kinds
from cockpit.domain.calendar import next_open
from cockpit.domain.kinds import Door
from cockpit.domain.level import Level
from cockpit.domain.plan import Instrument, Plan
from cockpit.domain.session import Stage
from cockpit.domain.sessions import custody, sessions
from cockpit.services.intents import Reconnect
from tests.fakes.desks import FakeDesk
from tests.fakes.facts import PLAN
from tests.fakes.virtual_time import run


@contextlib.asynccontextmanager
async def watching(plan: Plan = PLAN) -> AsyncIterator[FakeDesk]:
    desk = FakeDesk(plan)
    task = asyncio.create_task(desk.engine.run())
    try:
        yield desk
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def tws(desk: FakeDesk) -> tuple[Stage, Level, str]:
    row = sessions(desk.engine.desk.facts, desk.plan, desk.clock.now())[0]
    return row.stage, row.level, row.word


def test_a_session_is_trading_a_moment_after_the_start() -> None:
    async def story() -> None:
        async with watching() as desk:
            await asyncio.sleep(1)
            assert tws(desk) == (Stage.TRADING, Level.READY, "Trading")
            assert custody(desk.engine.desk.facts, desk.plan, desk.clock.now()) == "this desk"

    run(story())


def test_a_dropped_session_is_noticed_at_once_and_back_within_ten_seconds() -> None:
    async def story() -> None:
        async with watching() as desk:
            await asyncio.sleep(1)
            desk.link.door = Door.REFUSED
            desk.link.drop()
            await asyncio.sleep(0.2)
            assert tws(desk)[1] is Level.BLOCKED
            await asyncio.sleep(180)  # TWS restarts
            desk.link.door = Door.OPEN
            await asyncio.sleep(12.6)  # the longest wait of ten seconds with its jitter
            assert tws(desk) == (Stage.TRADING, Level.READY, "Trading")

    run(story())


def test_a_silent_socket_is_never_shown_ready_for_longer_than_its_evidence() -> None:
    async def story() -> None:
        async with watching() as desk:
            await asyncio.sleep(1)
            desk.link.hangs = {"beat"}
            for _ in range(200):
                await asyncio.sleep(0.1)
                seen = desk.engine.desk.facts.look(kinds.ROUND_TRIP, "tws/tws")
                assert seen is not None
                if seen.age(desk.clock.now()) > kinds.ROUND_TRIP.fresh_for:
                    assert tws(desk)[1] is not Level.READY
            assert tws(desk)[1] is not Level.READY

    run(story())


def test_asking_for_a_try_skips_the_wait() -> None:
    async def story() -> None:
        async with watching() as desk:
            desk.link.door = Door.MUTE
            await asyncio.sleep(40)
            desk.link.door = Door.OPEN
            desk.engine.send(Reconnect("tws/tws"))
            await asyncio.sleep(0.1)
            assert tws(desk)[0] is Stage.TRADING

    run(story())


def test_tries_grow_rarer_but_never_rarer_than_ten_seconds_and_a_quarter() -> None:
    async def story() -> None:
        async with watching() as desk:
            desk.link.door = Door.REFUSED
            await asyncio.sleep(300)
            assert 20 <= desk.link.asked.count("open") <= 45

    run(story())


def test_a_bug_in_one_watch_is_told_and_leaves_the_others_watching(caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        async with watching() as desk:
            desk.link.fails["open"] = ZeroDivisionError("a bug")
            await asyncio.sleep(30)
            assert [n.title for n in desk.states[-1].notices if n.key.startswith("watch/")] == [
                "Watching Trader Workstation"
            ]
            asked = len(desk.portals[0].asked)
            await asyncio.sleep(30)
            assert len(desk.portals[0].asked) > asked
            del desk.link.fails["open"]
            await asyncio.sleep(80)
            assert tws(desk)[0] is Stage.TRADING

    run(story())


def test_every_beat_asks_the_budget_and_is_counted() -> None:
    async def story() -> None:
        async with watching() as desk:
            await asyncio.sleep(61)
            count = desk.engine.harm.count()
            assert count.messages == len(desk.link.asked)
            assert count.messages <= 20

    run(story())


def test_after_the_pc_slept_everything_is_tried_at_once() -> None:
    async def story() -> None:
        async with watching() as desk:
            desk.link.door = Door.REFUSED
            await asyncio.sleep(100)
            desk.link.door = Door.OPEN
            asked = desk.link.asked.count("open")
            desk.clock.sleep_for(3600)
            await asyncio.sleep(1.5)
            assert desk.link.asked.count("open") > asked

    run(story())


def test_closing_ends_every_session() -> None:
    async def story() -> None:
        async with watching() as desk:
            await asyncio.sleep(1)
        assert not desk.link.is_open
        assert desk.portals[0].asked[-1] == "close"

    run(story())


def test_a_session_that_has_stood_for_an_hour_still_knows_its_accounts() -> None:
    async def story() -> None:
        async with watching() as desk:
            await asyncio.sleep(3600)
            found = await desk.engine.check()
            assert found.verdict is not None
            assert found.verdict.level is Level.READY, found.verdict.reasons

    run(story())


def test_the_calendar_is_read_again_when_a_venue_has_opened() -> None:
    async def story() -> None:
        async with watching() as desk:
            desk.calendar.opens_in = 100.0
            await asyncio.sleep(1)
            desk.calendar.opens_in = 24 * 3600.0
            await asyncio.sleep(105)
            assert next_open(desk.engine.desk.facts, desk.plan, desk.clock.now()) is not None

    run(story())


def test_a_watch_that_holds_again_takes_its_notice_back(caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        async with watching() as desk:
            desk.link.fails["open"] = ZeroDivisionError("a bug")
            await asyncio.sleep(40)
            told = [n for n in desk.states[-1].notices if n.key.startswith("watch/")]
            assert [desk.clock.now() - n.since > 30 for n in told] == [True]
            del desk.link.fails["open"]
            await asyncio.sleep(130)
            assert not [n for n in desk.states[-1].notices if n.key.startswith("watch/")]

    run(story())


@pytest.mark.parametrize("moment", [4.87 + step / 100 for step in range(12)])
def test_two_hundred_instruments_cost_no_session_its_heartbeat(moment: float) -> None:
    async def story() -> None:
        many = tuple(Instrument(f"I{n}", f"I{n}") for n in range(200))
        flow = replace(PLAN.flows[0], instruments=tuple(one.key for one in many))
        async with watching(replace(PLAN, instruments=many, flows=(flow,))) as desk:
            await asyncio.sleep(moment)  # so that a heartbeat falls due in the rush
            found = await desk.engine.check()
            await asyncio.sleep(5)
            assert desk.link.asked.count("open") == 1
            assert tws(desk) == (Stage.TRADING, Level.READY, "Trading")
            assert found.verdict is not None
            assert found.verdict.level is Level.UNKNOWN  # there is no time to look at all of them

    run(story())


def test_yesterdays_rival_holds_nothing_today() -> None:
    async def story() -> None:
        desk = FakeDesk()
        old = desk.clock.now() - 86400
        desk.engine.desk.restore(
            [kinds.DATA_TAKEN.seen("tws/tws", True, old), kinds.CONNECTED_AT.seen("tws/tws", old, old)]
        )
        assert custody(desk.engine.desk.facts, desk.plan, desk.clock.now()) == "not known"

    run(story())
