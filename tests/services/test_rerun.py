"""The re-run of what was not ready: it keeps an answer only while nothing seen since says otherwise."""

from __future__ import annotations

import asyncio

from cockpit.domain import kinds
from cockpit.domain.kinds import Door, PortalDoor
from cockpit.domain.level import Level
from tests.fakes.desks import FakeDesk
from tests.fakes.virtual_time import run

FARM = "tws/tws/farm/usfarm"


def test_a_door_that_has_closed_since_is_asked_again_and_found_closed() -> None:
    async def story() -> None:
        desk = FakeDesk()
        await desk.engine.check()
        desk.engine.desk.observe([kinds.FARM.seen(FARM, "connecting", desk.clock.now())])
        first = await desk.engine.check()
        assert first.verdict is not None
        assert first.verdict.level is Level.LIMITED
        desk.engine.desk.observe([kinds.FARM.seen(FARM, "ok", desk.clock.now())])
        desk.link.door = Door.REFUSED
        desk.link.drop()
        second = await desk.engine.check(everything=False)
        assert second.verdict is not None
        assert second.verdict.level is Level.BLOCKED
        assert second.verdict.reasons[0].check == "handshake.session.tws"

    run(story())


def test_a_line_on_old_evidence_is_asked_again() -> None:
    async def story() -> None:
        desk = FakeDesk()
        await desk.engine.check()
        await asyncio.sleep(kinds.ROUND_TRIP.fresh_for + 1)
        desk.link.asked.clear()
        await desk.engine.check(everything=False)
        assert "beat" in desk.link.asked

    run(story())


def test_a_line_that_waited_for_another_is_judged_when_that_one_answers() -> None:
    async def story() -> None:
        desk = FakeDesk()
        desk.portals[0].door = PortalDoor.REFUSED
        first = await desk.engine.check()
        desk.portals[0].door = PortalDoor.OPEN
        desk.engine.desk.observe([kinds.CERTIFICATE.seen("gateway", "vendor", desk.clock.now())])
        second = await desk.engine.check(everything=False)
        told = [
            next(r.finding for r in found.results if r.check.id == "others.certificate")
            for found in (first, second)
        ]
        assert [finding is not None and finding.not_tested for finding in told] == [True, False]

    run(story())
