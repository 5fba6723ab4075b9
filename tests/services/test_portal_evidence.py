"""What a run asks the gateway about the tickets of the playbook: only while it trades, each once, not for long."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from cockpit.domain import kinds
from cockpit.domain.kinds import Door, PortalDoor, PortalStage
from cockpit.domain.level import Level
from cockpit.domain.plan import Instrument, Leg, Plan, Ticket
from cockpit.domain.readiness import Lane, Run
from tests.fakes.desks import FakeDesk
from tests.fakes.facts import PLAN
from tests.fakes.virtual_time import run

CALLS = (
    Instrument("C1", "SPX", "OPT", strike=1.0, right="C"),
    Instrument("C2", "SPX", "OPT", strike=2.0, right="C"),
)


def plan(*tickets: Ticket) -> Plan:
    """The test desk with these tickets in one flow."""
    flows = (replace(PLAN.flows[0], tickets=tickets), PLAN.flows[2])
    return replace(PLAN, instruments=(*PLAN.instruments, *CALLS), flows=flows)


def asked(desk: FakeDesk, *first: str) -> list[str]:
    """What the gateway was asked that begins with one of these words."""
    return [one for one in desk.portals[0].asked if one.split()[0] in first]


def line(found: Run, id_: str) -> tuple[Level, str]:
    """Level and answer of one line."""
    result = next(result for result in found.results if result.check.id == id_)
    assert result.finding is not None
    return result.level, result.finding.answer


def test_the_gateway_is_asked_about_each_side_once_under_the_number_that_tws_told() -> None:
    async def story() -> None:
        tickets = (
            Ticket("a", "EUR.USD"),
            Ticket("b", "EUR.USD", order_type="MKT"),
            Ticket("c", "EUR.USD", "SELL"),
        )
        desk = FakeDesk(plan=plan(*tickets))
        await desk.engine.check()
        assert sorted(asked(desk, "rules")) == ["rules EUR.USD buy 265598", "rules EUR.USD sell 265598"]
        assert asked(desk, "snapshot") == ["snapshot EUR.USD"]
        assert desk.link.listings == ["EUR.USD"], "what only has a price is not asked at its listing"

    run(story())


def test_the_legs_of_a_combination_are_asked_each_on_its_own_side() -> None:
    async def story() -> None:
        roll = Ticket("r", "C1", "SELL", legs=(Leg("C1", "SELL"), Leg("C2")))
        desk = FakeDesk(plan=plan(roll))
        await desk.engine.check()
        assert sorted(asked(desk, "rules")) == ["rules C1 buy 265598", "rules C2 sell 265598"]
        assert sorted(desk.link.listings) == ["C1", "C2"]

    run(story())


def test_what_is_fresh_is_not_asked_again() -> None:
    async def story() -> None:
        desk = FakeDesk(plan=plan(Ticket("a", "EUR.USD")))
        await desk.engine.check()
        before = asked(desk, "rules", "snapshot")
        await desk.engine.check()
        assert asked(desk, "rules", "snapshot")[len(before) :] == ["snapshot SPX C1 C2"], (
            "their numbers came with their prices"
        )

    run(story())


@pytest.mark.parametrize("stage", [stage for stage in PortalStage if stage is not PortalStage.TRADING])
def test_a_gateway_that_does_not_trade_is_not_asked_about_contracts(stage: PortalStage) -> None:
    async def story() -> None:
        desk = FakeDesk(plan=plan(Ticket("a", "EUR.USD", order_type="LMT")))
        desk.portals[0].stage = stage
        found = await desk.engine.check()
        assert asked(desk, "rules", "snapshot") == []
        assert line(found, "capability.a")[0] is Level.READY

    run(story())


def test_a_gateway_behind_a_shut_door_is_not_asked_about_contracts() -> None:
    async def story() -> None:
        desk = FakeDesk(plan=plan(Ticket("a", "EUR.USD")))
        desk.portals[0].door = PortalDoor.UNKNOWN_CERTIFICATE
        await desk.engine.check()
        assert asked(desk, "rules", "snapshot") == []

    run(story())


@pytest.mark.parametrize("hanging", ["rules", "snapshot"])
def test_a_gateway_that_hangs_leaves_the_ticket_its_answer(hanging: str) -> None:
    async def story() -> None:
        desk = FakeDesk(plan=plan(Ticket("a", "EUR.USD", order_type="LMT")))
        desk.portals[0].hangs = {hanging}
        found = await desk.engine.check()
        assert line(found, "capability.a")[0] is Level.READY
        assert not any(lane.timed_out for lane in found.lanes if lane.lane is Lane.CAPABILITY)

    run(story())


def test_a_missing_permission_limits_the_ticket_in_the_same_run() -> None:
    async def story() -> None:
        desk = FakeDesk(plan=plan(Ticket("a", "EUR.USD", order_type="LMT")))
        desk.portals[0].not_permitted = {"EUR.USD"}
        level, answer = line(await desk.engine.check(), "capability.a")
        assert level is Level.LIMITED
        assert "no permission" in answer

    run(story())


def test_without_tws_the_gateway_is_asked_all_the_same() -> None:
    async def story() -> None:
        desk = FakeDesk(plan=plan(Ticket("a", "EUR.USD")))
        desk.link.door = Door.REFUSED
        found = await desk.engine.check()
        assert asked(desk, "rules") == ["rules EUR.USD buy 0"]
        assert line(found, "capability.a")[0] is Level.UNKNOWN

    run(story())


@pytest.mark.parametrize(
    ("accounts", "level"),
    [
        (("U1234821",), Level.READY),
        (("U7654321",), Level.LIMITED),
        (("U1234821", "U7654321"), Level.LIMITED),
    ],
    ids=["the expected user", "another user", "an account more"],
)
def test_a_wrong_user_at_the_gateway_is_noticed(accounts: tuple[str, ...], level: Level) -> None:
    async def story() -> None:
        expecting = replace(
            PLAN, portal=replace(PLAN.portal, accounts=("U1234821",)) if PLAN.portal else None
        )
        desk = FakeDesk(plan=expecting)
        desk.portals[0].accounts = accounts
        found = await desk.engine.check()
        assert line(found, "others.portal")[0] is level
        seen = desk.engine.desk.facts.look(kinds.PORTAL_ACCOUNTS, "gateway")
        assert seen is not None
        assert "U7654321" not in line(found, "others.portal")[1], "masked on screen"

    run(story())


def test_nobody_signed_in_is_not_asked_for_accounts() -> None:
    async def story() -> None:
        desk = FakeDesk()
        desk.portals[0].stage = PortalStage.SIGNED_OUT
        await desk.engine.check()
        assert asked(desk, "accounts") == []

    run(story())
