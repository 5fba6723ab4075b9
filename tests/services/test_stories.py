"""Random mornings: whatever happens in whatever order, what is shown is honest, and calm brings everything back."""

from __future__ import annotations

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.domain import kinds
from cockpit.domain.kinds import Door, FeedState, PortalDoor, PortalStage
from cockpit.domain.level import Level
from cockpit.domain.paths import order_path
from cockpit.domain.sessions import sessions
from cockpit.services import intents
from cockpit.services.errors import ConnectionEnded, NoAnswer, Refused
from tests.fakes.desks import FakeDesk
from tests.fakes.facts import PLAN
from tests.fakes.virtual_time import run

MOST_STALE = kinds.ROUND_TRIP.fresh_for

happenings = st.one_of(
    st.sampled_from(Door).map(lambda door: ("door", door)),
    st.just(("drop", None)),
    st.sampled_from(["open", "beat", "accounts", "upstream", "feed SPX", "contract SPX"]).map(
        lambda what: ("hang", what)
    ),
    st.sampled_from(
        [NoAnswer("late", 1.0), ConnectionEnded("gone"), Refused(322, "foreign", "refused")]
    ).flatmap(
        lambda trouble: st.sampled_from(["beat", "accounts", "orders", "feed SPX"]).map(
            lambda what: ("fail", (what, trouble))
        )
    ),
    st.sampled_from(FeedState).map(lambda state: ("feed", state)),
    st.sampled_from(PortalDoor).map(lambda door: ("portal door", door)),
    st.sampled_from(PortalStage).map(lambda stage: ("portal stage", stage)),
    st.sampled_from([3600.0, -3600.0]).map(lambda seconds: ("jump", seconds)),
    st.booleans().map(lambda known: ("owner", known)),
    st.sampled_from(
        [
            intents.RunCheck(),
            intents.RunCheck(everything=False),
            intents.CancelCheck(),
            intents.Reconnect("tws/tws"),
            intents.Reconnect(""),
            intents.DismissNotice("tws/tws"),
            intents.Rehearse("t1", confirmed=True),
            intents.Rehearse("t1"),
        ]
    ).map(lambda intent: ("send", intent)),
)
stories = st.lists(st.tuples(happenings, st.floats(0, 12)), max_size=12)


def happen(desk: FakeDesk, what: str, how: object) -> None:
    match what, how:
        case "door", Door():
            desk.link.door = how
        case "drop", _:
            if desk.link.is_open:
                desk.link.drop()
        case "hang", str():
            desk.link.hangs.add(how)
        case "fail", (str() as question, Exception() as trouble):
            desk.link.fails[question] = trouble
        case "feed", FeedState():
            desk.link.feeds["SPX"] = how
        case "portal door", PortalDoor():
            desk.portals[0].door = how
        case "portal stage", PortalStage():
            desk.portals[0].stage = how
        case "jump", float():
            desk.clock.sleep_for(how)
        case "owner", bool():
            desk.machine.owner_known = how
        case "send", _:
            desk.engine.send(how)  # type: ignore[arg-type]


def calm_down(desk: FakeDesk) -> None:
    desk.link.door, desk.link.hangs, desk.link.fails, desk.link.feeds = Door.OPEN, set(), {}, {}
    desk.portals[0].door, desk.portals[0].stage = PortalDoor.OPEN, PortalStage.TRADING
    desk.machine.owner_known = True


def assert_honest(desk: FakeDesk) -> None:
    facts, now = desk.engine.desk.facts, desk.clock.now()
    row = sessions(facts, PLAN, now)[0]
    trip = facts.look(kinds.ROUND_TRIP, "tws/tws")
    if row.level.is_usable:
        assert trip is not None
        assert trip.age(now) <= MOST_STALE
    else:
        assert not order_path(facts, PLAN, now).level.is_usable
    done = desk.engine.desk.run
    if done is not None and done.verdict is not None and done.verdict.level is Level.READY:
        assert all(result.finding is not None for result in done.results)
        assert not done.cancelled


@settings(max_examples=40, deadline=None)
@given(stories)
def test_every_morning_is_honest_and_ends_well(story: list[tuple[tuple[str, object], float]]) -> None:
    async def live() -> None:
        desk = FakeDesk()
        running = asyncio.create_task(desk.engine.run())
        await asyncio.sleep(1)
        for (what, how), pause in story:
            happen(desk, what, how)
            await asyncio.sleep(pause)
            assert_honest(desk)
        calm_down(desk)
        desk.engine.send(intents.Reconnect(""))
        await asyncio.sleep(45)  # the hard stop of a check, and the longest wait of the watch
        found = await desk.engine.check()
        assert found.verdict is not None
        assert found.verdict.level is Level.READY, found.verdict.reasons
        assert desk.engine.harm.count().what_ifs == 0  # the fake link counts messages only
        assert desk.link.asked.count("preview") <= sum(
            how == intents.Rehearse("t1", confirmed=True) for (_, how), _ in story
        )
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await asyncio.sleep(0)
        left = asyncio.all_tasks() - {asyncio.current_task()}
        assert not left, left

    run(live())
