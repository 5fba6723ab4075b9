"""Rehearsals: never two at once, never more than one a minute, nothing unconfirmed, and a lost session is survived."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from cockpit.domain import kinds
from cockpit.domain.plan import Flow, Instrument, Plan, Socket, Ticket
from cockpit.services.desk import Desk
from cockpit.services.errors import ConnectionEnded, Refused
from cockpit.services.harm import Harm
from cockpit.services.ports import Preview
from cockpit.services.rehearsal import ANSWER_WITHIN
from cockpit.services.rehearsals import PATIENCE, Rehearsals, next_time
from cockpit.services.state import ANSWERED, NO_ANSWER, NOT_POSSIBLE, REFUSED, DeskState, Rehearsal
from tests.fakes.outside import FakeSocketLink
from tests.fakes.virtual_time import LoopClock, run

TICKETS = ("a", "b", "c")
PLAN = Plan(
    sockets=(Socket("tws", accounts=("U1234821",)),),
    instruments=(Instrument("ES", "ES", "FUT", "CME"),),
    flows=(
        Flow("one", "One", tickets=(Ticket("a", "ES"), Ticket("b", "ES"))),
        Flow("two", "Two", tickets=(Ticket("c", "ES"),)),
    ),
    zone="UTC",
)


class RecordingLink(FakeSocketLink):
    """Notes when each preview began, and how many were under way at once."""

    began: list[tuple[str, float]]
    at_once = 0
    most = 0

    async def preview(self, ticket: Ticket, instrument: Instrument) -> Preview:
        self.began.append((ticket.key, self._clock.monotonic()))
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        try:
            return await super().preview(ticket, instrument)
        finally:
            self.at_once -= 1


class Bench:
    """A desk with one socket and the queue in front of it, in virtual time."""

    def __init__(self, plan: Plan = PLAN) -> None:
        self.clock = LoopClock()
        self.harm = Harm(self.clock)
        self.states: list[DeskState] = []
        self.desk = Desk(plan, self.clock, self.states.append, harm=self.harm.count)
        self.link = RecordingLink(plan.sockets[0], self.desk.observe, self.clock, self.harm)
        self.link.began = []
        self.queue = Rehearsals(self.desk, self.harm, (self.link,))

    @property
    def done(self) -> dict[str, Rehearsal]:
        return {rehearsal.ticket: rehearsal for rehearsal in self.desk.state().rehearsals}

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Let virtual time pass until something holds."""
        async with asyncio.timeout(3 * 86400):
            while not is_so():  # noqa: ASYNC110  (virtual time: nothing is polled in earnest)
                await asyncio.sleep(0.25)


def on_bench(story: Callable[[Bench], Awaitable[None]], plan: Plan = PLAN, *, is_open: bool = True) -> None:
    async def play() -> None:
        bench = Bench(plan)
        if is_open:
            await bench.link.open()
        worker = asyncio.create_task(bench.queue.run())
        try:
            await story(bench)
        finally:
            worker.cancel()
            await asyncio.gather(worker, return_exceptions=True)

    run(play())


def test_all_tickets_are_rehearsed_in_their_order_a_minute_apart() -> None:
    async def story(bench: Bench) -> None:
        bench.queue.all(confirmed=True)
        assert bench.desk.state().rehearsing == TICKETS
        await bench.until(lambda: not bench.queue.waiting)
        assert [ticket for ticket, _ in bench.link.began] == list(TICKETS)
        starts = [at for _, at in bench.link.began]
        assert all(after - before >= 60.0 for before, after in pairwise(starts))
        assert {key: found.state for key, found in bench.done.items()} == dict.fromkeys(TICKETS, ANSWERED)

    on_bench(story)


def test_margin_and_commission_land_in_their_own_places() -> None:
    async def story(bench: Bench) -> None:
        bench.queue.one("a", confirmed=True)
        await bench.until(lambda: "a" in bench.done)
        found = bench.done["a"]
        assert (found.initial_margin_change, found.maintenance_margin_change, found.commission) == (
            "+16,204 USD",
            "+14,000 USD",
            "2.25 USD",
        )

    on_bench(story)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["all", "a", "b", "c", "stop", "drop", "open"]), st.floats(0, 90)),
        max_size=12,
    ),
    st.floats(0, 40),
)
def test_never_two_at_once_and_never_more_than_one_a_minute(
    asks: list[tuple[str, float]], delay: float
) -> None:
    async def story(bench: Bench) -> None:
        bench.link.delays["preview"] = delay
        for ask, pause in asks:
            match ask:
                case "all":
                    bench.queue.all(confirmed=True)
                case "stop":
                    bench.queue.stop()
                case "drop":
                    bench.link.drop()
                case "open":
                    await bench.link.open()
                case ticket:
                    bench.queue.one(ticket, confirmed=True)
            await asyncio.sleep(pause)
        await bench.until(lambda: not bench.queue.waiting)
        starts = [at for _, at in bench.link.began]
        assert bench.link.most <= 1
        assert all(after - before >= 60.0 - 1e-6 for before, after in pairwise(starts))

    on_bench(story)


def test_stop_leaves_only_the_one_that_is_under_way() -> None:
    async def story(bench: Bench) -> None:
        bench.link.delays["preview"] = 5.0
        bench.queue.all(confirmed=True)
        await bench.until(lambda: bool(bench.link.began))
        bench.queue.stop()
        assert bench.queue.waiting == ("a",)
        await bench.until(lambda: not bench.queue.waiting)
        await asyncio.sleep(300)
        assert [ticket for ticket, _ in bench.link.began] == ["a"]
        assert bench.done["a"].state == ANSWERED

    on_bench(story)


def test_nothing_unconfirmed_is_asked_or_queued() -> None:
    async def story(bench: Bench) -> None:
        bench.queue.one("a", confirmed=False)
        bench.queue.all(confirmed=False)
        bench.queue.repeat("08:15", confirmed=False)
        await asyncio.sleep(2 * 86400)
        assert (bench.queue.waiting, bench.queue.at, bench.link.began) == ((), "", [])
        assert bench.harm.count().refused == 3
        assert "confirmed" in bench.desk.state().notices[0].sentence

    on_bench(story)


def test_a_read_only_api_is_asked_nothing_and_every_ticket_says_so_at_once() -> None:
    async def story(bench: Bench) -> None:
        bench.desk.observe([kinds.READ_ONLY.seen("tws/tws", True, bench.clock.now())])
        began = bench.clock.monotonic()
        bench.queue.all(confirmed=True)
        await bench.until(lambda: not bench.queue.waiting)
        assert bench.link.began == []
        assert all(
            found.state == NOT_POSSIBLE and "read-only" in found.sentence for found in bench.done.values()
        )
        assert bench.clock.monotonic() - began < 5.0

    on_bench(story)


def test_the_queue_waits_for_a_lost_session_and_goes_on_when_it_is_back() -> None:
    async def story(bench: Bench) -> None:
        bench.queue.all(confirmed=True)
        await bench.until(lambda: "a" in bench.done)
        bench.link.drop()
        await asyncio.sleep(100)
        assert bench.queue.waiting == ("b", "c")
        await bench.link.open()
        await bench.until(lambda: not bench.queue.waiting)
        assert [ticket for ticket, _ in bench.link.began] == list(TICKETS)

    on_bench(story)


def test_a_session_that_stays_away_is_waited_for_once_and_then_said() -> None:
    async def story(bench: Bench) -> None:
        bench.queue.all(confirmed=True)
        began = bench.clock.monotonic()
        await bench.until(lambda: not bench.queue.waiting)
        assert PATIENCE <= bench.clock.monotonic() - began < PATIENCE + 10
        assert all("not connected" in found.sentence for found in bench.done.values())
        assert set(bench.done) == set(TICKETS)

    on_bench(story, is_open=False)


@pytest.mark.parametrize(
    ("trouble", "state"),
    [
        (Refused(201, "No trading permission", "The broker refuses this order (code 201)."), REFUSED),
        (ConnectionEnded("The session ended before the answer."), NO_ANSWER),
    ],
    ids=["refused", "session ended"],
)
def test_how_a_preview_fails_is_kept_and_the_next_one_has_its_turn(trouble: Exception, state: str) -> None:
    async def story(bench: Bench) -> None:
        bench.link.fails["preview"] = trouble
        bench.queue.one("a", confirmed=True)
        await bench.until(lambda: "a" in bench.done)
        bench.link.fails.clear()
        bench.queue.one("b", confirmed=True)
        await bench.until(lambda: "b" in bench.done)
        assert (bench.done["a"].state, bench.done["b"].state) == (state, ANSWERED)

    on_bench(story)


def test_a_preview_that_never_answers_ends_as_no_answer() -> None:
    async def story(bench: Bench) -> None:
        bench.link.hangs.add("preview")
        bench.queue.one("a", confirmed=True)
        began = bench.clock.monotonic()
        await bench.until(lambda: "a" in bench.done)
        assert bench.done["a"].state == NO_ANSWER
        assert bench.clock.monotonic() - began < ANSWER_WITHIN + 1
        assert "a" not in bench.queue.waiting

    on_bench(story)


def test_the_last_answer_stays_to_be_compared_when_a_later_one_brings_none() -> None:
    async def story(bench: Bench) -> None:
        bench.queue.one("a", confirmed=True)
        await bench.until(lambda: "a" in bench.done)
        first = bench.done["a"]
        bench.link.fails["preview"] = Refused(201, "x", "y")
        for _ in range(2):
            bench.queue.one("a", confirmed=True)
            await bench.until(lambda: not bench.queue.waiting)
        assert bench.done["a"].state == REFUSED
        assert bench.desk.state().earlier_rehearsals == (first,)

    on_bench(story)


def test_they_are_repeated_each_day_at_the_set_time_until_taken_back() -> None:
    async def story(bench: Bench) -> None:
        due = datetime.fromtimestamp(bench.clock.now(), UTC) + timedelta(hours=3)
        bench.queue.repeat(f"{due:%H:%M}", confirmed=True)
        assert bench.desk.state().rehearses_at == f"{due:%H:%M}"
        await asyncio.sleep(3 * 3600 - 120)
        assert bench.link.began == []
        await bench.until(lambda: len(bench.link.began) == 3)
        await bench.until(lambda: len(bench.link.began) == 6)
        bench.queue.repeat("", confirmed=False)
        await asyncio.sleep(2 * 86400)
        assert len(bench.link.began) == 6

    on_bench(story)


def test_an_hour_that_the_pc_slept_through_is_not_made_up_for() -> None:
    async def story(bench: Bench) -> None:
        due = datetime.fromtimestamp(bench.clock.now(), UTC) + timedelta(hours=1)
        bench.queue.repeat(f"{due:%H:%M}", confirmed=True)
        bench.clock.sleep_for(5 * 3600)
        await asyncio.sleep(10)
        assert bench.queue.waiting == ()
        assert "missed" in bench.desk.state().notices[0].sentence
        assert bench.link.began == []

    on_bench(story)


@pytest.mark.parametrize("wrong", ["25:00", "8.15", "soon", "08:60", "<b>"])
def test_what_is_no_time_of_day_is_refused_by_name(wrong: str) -> None:
    async def story(bench: Bench) -> None:
        bench.queue.repeat(wrong, confirmed=True)
        assert bench.queue.at == ""
        assert wrong in bench.desk.state().notices[0].sentence

    on_bench(story)


@given(
    st.integers(0, 23),
    st.integers(0, 59),
    st.floats(1_760_000_000, 1_860_000_000),
    st.sampled_from(["America/New_York", "Europe/Zurich", "Asia/Kolkata", "Pacific/Apia", "UTC"]),
)
def test_the_next_time_of_day_lies_within_a_day_and_an_hour(
    hour: int, minute: int, now: float, zone: str
) -> None:
    due = next_time(f"{hour:02d}:{minute:02d}", zone, now)
    assert due is not None
    assert 0 < due - now <= 25 * 3600


def test_a_ticket_that_is_not_in_the_playbook_says_so() -> None:
    async def story(bench: Bench) -> None:
        bench.queue.one("gone", confirmed=True)
        await bench.until(lambda: "gone" in bench.done)
        assert bench.done["gone"].state == NOT_POSSIBLE

    on_bench(story, replace(PLAN, flows=()))
