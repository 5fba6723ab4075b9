"""The hours of every venue that a flow needs are read, those that the desk does not work towards as well."""

from __future__ import annotations

import asyncio

from msgspec.structs import replace

from cockpit.domain.calendar import next_open
from cockpit.domain.horizon_events.hours import unknown_hours
from cockpit.domain.plan import Flow
from tests.fakes.facts import PLAN
from tests.fakes.virtual_time import run
from tests.services.test_watch import watching


def test_the_hours_of_a_flows_own_venue_are_read() -> None:
    async def story() -> None:
        plan = replace(PLAN, flows=(*PLAN.flows, Flow("night", "Hedge overnight", venue="CMES")))
        async with watching(plan) as desk:
            await asyncio.sleep(1)
            facts = desk.engine.desk.facts
            assert unknown_hours(facts, plan, desk.clock.now()) == ()
            opening = next_open(facts, plan, desk.clock.now())
            assert opening is not None
            assert opening[0] == "NYSE", "the countdown stays with the venues that the desk works towards"

    run(story())
