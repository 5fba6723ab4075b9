"""The pre-open run: it answers in order, streams, is stopped, is re-run, and never waits for what is dead."""

from __future__ import annotations

import asyncio

import pytest
from msgspec.structs import replace

from cockpit.domain import kinds
from cockpit.domain.kinds import Door, FeedState
from cockpit.domain.level import Level
from cockpit.domain.plan import Instrument
from cockpit.domain.readiness import Lane, Progress, Run
from cockpit.services.errors import Refused
from cockpit.services.preopen import HARD_STOP
from tests.fakes.desks import FakeDesk
from tests.fakes.facts import PLAN
from tests.fakes.journal import FakeJournal
from tests.fakes.virtual_time import run


def test_a_calm_desk_is_ready_and_every_line_has_an_answer() -> None:
    async def story() -> None:
        desk = FakeDesk()
        found = await desk.engine.check()
        assert found.verdict is not None
        assert found.verdict.level is Level.READY, found.verdict.reasons
        assert all(result.finding is not None for result in found.results)
        assert found.ended is not None
        assert not found.cancelled

    run(story())


def test_a_lane_starts_only_after_the_lane_it_needs() -> None:
    async def story() -> None:
        found = await FakeDesk().engine.check()
        at = {lane.lane: lane for lane in found.lanes}
        for lane, record in at.items():
            if lane.after is not None and record.started is not None:
                before = at[lane.after].ended
                assert before is not None
                assert record.started >= before

    run(story())


def test_a_program_that_never_answers_costs_its_lane_and_no_more() -> None:
    async def story() -> None:
        desk = FakeDesk()
        desk.link.hangs = {"feed SPX"}
        found = await desk.engine.check()
        lanes = {lane.lane: lane for lane in found.lanes}
        assert [lane.lane for lane in found.lanes if lane.timed_out] == [Lane.FEED]
        started, ended = lanes[Lane.FEED].started, lanes[Lane.FEED].ended
        assert started is not None
        assert ended is not None
        assert ended - started == pytest.approx(Lane.FEED.budget)
        levels = {result.check.id: result.level for result in found.results}
        assert (levels["feed.EUR.USD"], levels["feed.SPX"]) == (Level.READY, Level.UNKNOWN)
        assert found.verdict is not None
        assert found.verdict.level is Level.UNKNOWN

    run(story())


def test_answers_stream_in_while_others_are_still_awaited() -> None:
    async def story() -> None:
        desk = FakeDesk()
        desk.link.hangs = {"feed SPX"}
        await desk.engine.check()
        growing = [state.run for state in desk.states if state.run is not None and state.run.is_running]
        waited_for = [
            {r.check.id for r in record.results if r.progress is Progress.RUNNING}
            for record in growing
            if any(r.check.id == "feed.EUR.USD" and r.progress is Progress.DONE for r in record.results)
        ]
        assert {"feed.SPX"} in waited_for

    run(story())


def test_cancelling_keeps_what_was_answered() -> None:
    async def story() -> None:
        desk = FakeDesk()
        desk.link.hangs = {"open"}
        task = asyncio.create_task(desk.engine.check())
        await asyncio.sleep(0.5)
        desk.engine.preopen.cancel()
        found = await task
        assert found.cancelled
        levels = {result.check.id: result for result in found.results}
        assert levels["ports.owner.tws"].level is Level.READY
        assert levels["handshake.session.tws"].progress is Progress.CANCELLED
        assert found.verdict is not None
        assert found.verdict.level is Level.UNKNOWN

    run(story())


def test_a_rerun_asks_only_what_was_not_ready() -> None:
    async def story() -> None:
        desk = FakeDesk()
        desk.link.feeds["SPX"] = FeedState.DELAYED
        first = await desk.engine.check()
        assert first.verdict is not None
        assert first.verdict.level is Level.LIMITED
        desk.link.feeds["SPX"] = FeedState.LIVE
        desk.link.asked.clear()
        second = await desk.engine.check(everything=False)
        assert second.verdict is not None
        assert second.verdict.level is Level.READY
        assert desk.link.asked == ["feed SPX"]

    run(story())


def test_a_second_request_joins_the_running_check() -> None:
    async def story() -> None:
        desk = FakeDesk()
        first, second = await asyncio.gather(desk.engine.check(), desk.engine.check())
        assert first.id == second.id

    run(story())


def test_the_hard_stop_ends_a_run_that_nothing_else_ends() -> None:
    async def story() -> None:
        desk = FakeDesk()

        released = asyncio.Event()

        async def stubborn() -> None:
            while not released.is_set():
                try:
                    await asyncio.sleep(5)
                except asyncio.CancelledError:
                    continue

        desk.machine.before = stubborn
        found = await desk.engine.check()
        assert found.stopped
        assert found.seconds == pytest.approx(HARD_STOP, abs=0.1)
        released.set()
        await asyncio.sleep(10)
        assert desk.engine.desk.run == found

    run(story())


def test_no_more_than_eight_lines_are_used_at_once() -> None:
    async def story() -> None:
        many = tuple(Instrument(f"I{n}", f"I{n}") for n in range(20))
        flow = replace(PLAN.flows[0], instruments=tuple(i.key for i in many))
        desk = FakeDesk(plan=replace(PLAN, instruments=many, flows=(flow,)))
        desk.link.delays = {f"feed {instrument.key}": 3.0 for instrument in many}
        await desk.engine.check()
        assert desk.link.most_at_once == 8

    run(story())


def test_a_stranger_on_the_port_is_never_dialled() -> None:
    async def story() -> None:
        desk = FakeDesk()
        desk.machine.owner, desk.machine.owner_known = "nc", False
        found = await desk.engine.check()
        assert desk.link.asked == []
        assert desk.portals[0].asked == []
        finding = next(r.finding for r in found.results if r.check.id == "ports.owner.tws")
        assert finding is not None
        assert finding.answer == "nc listens on 7496, not TWS"

    run(story())


def test_one_refused_question_does_not_spoil_its_neighbours() -> None:
    async def story() -> None:
        desk = FakeDesk()
        desk.link.fails["accounts"] = Refused(322, "processing error", "TWS could not read the request.")
        found = await desk.engine.check()
        levels = {result.check.id: result.level for result in found.results}
        assert levels["account.orders.tws"] is Level.READY
        assert levels["account.liquidity.U1234821"] is Level.UNKNOWN

    run(story())


def test_a_contract_is_asked_once_for_all_who_need_it() -> None:
    async def story() -> None:
        desk = FakeDesk()
        await desk.engine.check()
        assert desk.link.asked.count("contract EUR.USD") == 1  # its feed and its ticket both need it

    run(story())


def test_a_closed_door_is_the_reason_and_the_rest_is_not_tested() -> None:
    async def story() -> None:
        desk = FakeDesk()
        desk.link.door = Door.MUTE
        found = await desk.engine.check()
        assert found.verdict is not None
        assert found.verdict.level is Level.BLOCKED
        assert [reason.check for reason in found.verdict.reasons] == ["handshake.session.tws"]
        feed = next(r.finding for r in found.results if r.check.id == "feed.SPX")
        assert feed is not None
        assert feed.not_tested

    run(story())


def test_a_contract_whose_hours_have_turned_is_asked_again() -> None:
    async def story() -> None:
        desk = FakeDesk()
        now = desk.clock.now()
        hours = kinds.OPENS_AT.seen("tws/tws/contract/EUR.USD", now + 600, now)
        desk.engine.desk.observe([hours])
        await desk.engine.check()
        await asyncio.sleep(60)
        await desk.engine.check()
        assert desk.link.asked.count("contract EUR.USD") == 1
        await asyncio.sleep(600)
        await desk.engine.check()
        assert desk.link.asked.count("contract EUR.USD") == 2

    run(story())


class SlowJournal(FakeJournal):
    """A journal whose disk takes its time."""

    async def write_run(self, run: Run) -> None:
        await asyncio.sleep(20.0)
        await super().write_run(run)


@pytest.mark.parametrize("moment", [0.0, 0.01, 0.5, 19.0])
def test_a_run_that_is_stopped_while_the_journal_is_slow_ends(moment: float) -> None:
    async def story() -> None:
        desk = FakeDesk(journal=SlowJournal())
        task = asyncio.create_task(desk.engine.check())
        await asyncio.sleep(moment)
        await asyncio.sleep(0)
        desk.engine.preopen.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert desk.engine.desk.run is not None
        assert not desk.engine.desk.run.is_running

    run(story())


def test_a_slow_journal_does_not_delay_the_questions() -> None:
    async def story() -> None:
        journal = SlowJournal()
        desk = FakeDesk(journal=journal)
        found = await desk.engine.check()
        assert found.seconds < 1.0
        assert [kept.is_running for kept in journal.runs] == [True, False]

    run(story())


@pytest.mark.parametrize("host", ["127.0.0.2", "LOCALHOST", "0.0.0.0"])
def test_a_stranger_is_not_dialled_under_another_spelling_of_this_pc(host: str) -> None:
    async def story() -> None:
        desk = FakeDesk(plan=replace(PLAN, sockets=(replace(PLAN.sockets[0], host=host),)))
        desk.machine.owner, desk.machine.owner_known = "nc", False
        await desk.engine.check()
        assert desk.link.asked == []

    run(story())
