"""Two doors on one desk: what one of them answers proves nothing of the other."""

from __future__ import annotations

import asyncio

from msgspec.structs import replace

from cockpit.domain.interface import Interface
from cockpit.domain.kinds import FeedState
from cockpit.domain.level import Level
from cockpit.domain.plan import Flow, Plan, Socket
from cockpit.domain.readiness import Run
from tests.fakes.desks import FakeDesk
from tests.fakes.facts import PLAN
from tests.fakes.virtual_time import run

SECOND = Socket("second", port=4001, program="IB Gateway", accounts=("U1234821",))
FX = Flow("fx", "A look through TWS", instruments=("EUR.USD",))
FX_SECOND = Flow("fx2", "The same through the gateway", door="second", instruments=("EUR.USD",))


def two_doors(*flows: Flow) -> Plan:
    return replace(PLAN, sockets=(*PLAN.sockets, SECOND), flows=flows)


def levels(found: Run) -> dict[str, Level]:
    return {result.check.id: result.level for result in found.results}


def flows(found: Run) -> dict[str, Level]:
    assert found.verdict is not None
    return {flow.key: flow.level for flow in found.verdict.flows}


def test_an_instrument_is_looked_at_through_every_door_that_a_flow_uses() -> None:
    async def story() -> None:
        desk = FakeDesk(plan=two_doors(FX, FX_SECOND))
        desk.links[1].feeds["EUR.USD"] = FeedState.NOT_SUBSCRIBED
        found = await desk.engine.check()
        assert flows(found) == {"fx": Level.READY, "fx2": Level.BLOCKED}

    run(story())


def test_a_flow_whose_door_is_not_there_hides_no_instrument_of_the_others() -> None:
    async def story() -> None:
        lost = Flow("lost", "Through a door that is gone", door="gone", instruments=("EUR.USD",))
        desk = FakeDesk(plan=two_doors(lost, FX))
        desk.link.feeds["EUR.USD"] = FeedState.NOT_SUBSCRIBED
        found = await desk.engine.check()
        assert flows(found) == {"lost": Level.UNKNOWN, "fx": Level.BLOCKED}
        assert found.verdict is not None
        assert found.verdict.flows[0].sentence == "Not checked: the settings have no socket gone"

    run(story())


def test_a_ticket_is_asked_through_the_door_of_its_own_flow() -> None:
    async def story() -> None:
        ticket = replace(PLAN.flows[1].tickets[0], key="t2")
        desk = FakeDesk(plan=two_doors(FX, replace(FX_SECOND, instruments=(), tickets=(ticket,))))
        found = await desk.engine.check()
        assert levels(found)["capability.t2"] is Level.READY
        assert "contract EUR.USD" in desk.links[1].asked

    run(story())


def test_a_slow_door_is_not_judged_by_the_quick_one() -> None:
    async def story() -> None:
        slow = replace(SECOND, accounts=("U2",))
        desk = FakeDesk(plan=replace(two_doors(FX), sockets=(*PLAN.sockets, slow)))
        desk.links[1].delays = {"accounts": 2.0, "orders": 2.0}
        found = await desk.engine.check()
        assert levels(found)["account.liquidity.U2"] is Level.READY
        assert levels(found)["account.orders.second"] is Level.READY

    run(story())


def test_the_margin_of_one_account_is_a_line_per_door() -> None:
    async def story() -> None:
        margin = Flow("margin", "Margin", needs_account=True)
        desk = FakeDesk(plan=two_doors(margin, replace(margin, key="margin2", door="second")))
        found = await desk.engine.check()
        bearing = {r.check.id: r.check.flows for r in found.results if "liquidity" in r.check.id}
        assert bearing == {
            "account.liquidity.U1234821": ("margin",),
            "account.liquidity.U1234821@second": ("margin2",),
        }

    run(story())


def test_a_flow_through_the_portal_is_not_ready_while_the_portal_is_not() -> None:
    async def story() -> None:
        through = replace(FX, interface=Interface.CLIENT_PORTAL)
        desk = FakeDesk(plan=replace(PLAN, flows=(through,)))
        desk.portals[0].stage = desk.portals[0].stage.SIGNED_IN
        assert flows(await desk.engine.check()) == {"fx": Level.BLOCKED}
        without = FakeDesk(plan=replace(PLAN, flows=(through,), portal=None))
        assert flows(await without.engine.check()) == {"fx": Level.UNKNOWN}

    run(story())


def test_a_flow_through_an_interface_that_nobody_asked_is_never_ready() -> None:
    async def story() -> None:
        desk = FakeDesk(plan=replace(PLAN, flows=(replace(FX, interface=Interface.MOBILE),)))
        found = await desk.engine.check()
        assert flows(found) == {"fx": Level.UNKNOWN}
        assert found.verdict is not None
        assert found.verdict.flows[0].sentence == "IBKR Mobile was not asked"

    run(story())


def test_a_desk_without_any_door_is_unknown_and_ends_at_once() -> None:
    async def story() -> None:
        desk = FakeDesk(plan=replace(PLAN, sockets=(), portal=None))
        task = asyncio.create_task(desk.engine.check())
        found = await task
        assert found.verdict is not None
        assert found.verdict.level is Level.UNKNOWN
        assert set(flows(found).values()) == {Level.UNKNOWN}

    run(story())
