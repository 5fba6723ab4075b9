"""A wall clock that is set, forward or back: what is shown stays honest, and comes back by itself."""

from __future__ import annotations

import asyncio

import pytest

from cockpit.domain.kinds import Door
from cockpit.domain.level import Level
from cockpit.domain.sessions import sessions
from cockpit.services.intents import DismissNotice
from tests.fakes.desks import FakeDesk
from tests.fakes.virtual_time import run
from tests.services.test_watch import watching


def level(desk: FakeDesk) -> Level:
    return sessions(desk.engine.desk.facts, desk.plan, desk.clock.now())[0].level


@pytest.mark.parametrize("seconds", [3600.0, -3600.0, -400 * 86400.0], ids=["forward", "back", "a year back"])
def test_a_session_is_ready_again_within_ten_seconds_of_a_jump(seconds: float) -> None:
    async def story() -> None:
        async with watching() as desk:
            await asyncio.sleep(30)
            assert level(desk) is Level.READY
            desk.clock.sleep_for(seconds)
            assert level(desk) is not Level.READY  # nobody can say how old its evidence is
            await asyncio.sleep(10)
            assert level(desk) is Level.READY
            found = await desk.engine.check()
            assert found.verdict is not None
            assert found.verdict.level is Level.READY

    run(story())


def test_a_notice_put_away_before_the_clock_was_set_back_returns_with_a_new_cause() -> None:
    async def story() -> None:
        async with watching() as desk:
            desk.link.door = Door.MUTE
            await asyncio.sleep(30)
            desk.engine.send(DismissNotice("tws/tws"))
            await asyncio.sleep(2)
            assert "tws/tws" not in {notice.key for notice in desk.states[-1].notices}
            desk.link.door = Door.OPEN
            await asyncio.sleep(30)
            desk.clock.sleep_for(-3600)
            await asyncio.sleep(30)
            desk.link.door = Door.REFUSED
            desk.link.drop()
            await asyncio.sleep(30)
            assert "tws/tws" in {notice.key for notice in desk.states[-1].notices}

    run(story())
