"""The gateway link against the simulated gateway, over real sockets."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

import pytest
from msgspec.structs import replace

from cockpit.adapters.portal.pacing import CoolingDown
from cockpit.adapters.portal.wire import PortalShut, Timeouts
from cockpit.domain import kinds
from cockpit.domain.kinds import PortalDoor, PortalStage
from cockpit.services.errors import NoAnswer, Refused, Trouble
from cockpit.simulator.scenario import Account, PortalServer
from cockpit.simulator.scenario import Portal as State
from tests.simulator.gateway_clients import DESK, UNLIMITED, Bench, running

from .web_api_bench import HASTY, PATIENT, START, LinkBench, knowing_vendor, linked

pytestmark = pytest.mark.plain

SHIPPED_ENDS = 1_557_532_800.0  # 11 May 2019

Work = Callable[[LinkBench, Bench], Awaitable[None]]


def scene(
    work: Work, server: PortalServer = UNLIMITED, *, pinned: bool = True, timeouts: Timeouts = PATIENT
) -> None:
    """Run `work` with a link to a running gateway; whatever happened, nothing forbidden may have arrived."""

    async def play() -> None:
        async with (
            running(server) as bench,
            linked(bench.port, bench.gateway.fingerprint if pinned else "", timeouts=timeouts) as link,
        ):
            await work(link, bench)
            assert bench.recorder.forbidden() == ()
            assert bench.gateway.placed == ()
            assert bench.gateway.evicted == 0

    asyncio.run(play())


async def trouble_of(action: Awaitable[None]) -> Trouble | None:
    try:
        await action
    except Trouble as trouble:
        return trouble
    return None


@pytest.mark.parametrize(
    ("state", "stage"),
    [
        (State.TRADING, PortalStage.TRADING),
        (State.SIGNED_IN, PortalStage.SIGNED_IN),
        (State.SIGNED_OUT, PortalStage.SIGNED_OUT),
        (State.STARTING, PortalStage.STARTING),
        (State.COMPETING, PortalStage.COMPETING),
    ],
)
def test_the_two_tiers_of_the_sign_in_are_read(state: State, stage: PortalStage) -> None:
    async def work(on: LinkBench, bench: Bench) -> None:
        await on.link.knock()
        await on.link.ask_session()
        assert on.notes.value(kinds.PORTAL_DOOR) == PortalDoor.OPEN
        assert on.notes.value(kinds.PORTAL_STAGE) == stage
        assert on.notes.value(kinds.PORTAL_ROUND_TRIP) is not None

    scene(work, replace(UNLIMITED, state=state))


def test_trading_is_said_only_after_a_data_call_has_confirmed_it_and_that_is_asked_once() -> None:
    async def work(on: LinkBench, bench: Bench) -> None:
        await on.link.ask_session()
        asked = bench.recorder.http_calls()
        assert asked.index(("GET", "/v1/api/iserver/accounts")) == 1
        assert on.notes.value(kinds.PORTAL_ACCOUNTS) == ("U1234821", "U7654321")
        await on.link.ask_session()
        assert bench.recorder.http_calls().count(("GET", "/v1/api/iserver/accounts")) == 1
        await bench.gateway.set_state(State.SIGNED_IN)
        await on.link.ask_session()
        await bench.gateway.set_state(State.TRADING)
        await on.link.ask_session()
        assert bench.recorder.http_calls().count(("GET", "/v1/api/iserver/accounts")) == 2
        assert on.notes.all_values(kinds.PORTAL_STAGE) == ["trading", "trading", "signed in", "trading"]

    scene(work)


def test_the_end_of_the_portal_session_is_counted_from_now() -> None:
    async def work(on: LinkBench, bench: Bench) -> None:
        await on.link.ask_session()
        ends = on.notes.value(kinds.SSO_ENDS)
        assert ends is not None
        assert ends == pytest.approx(START + 90 * 60, abs=5)

    scene(work, replace(UNLIMITED, sso_minutes=90.0))


def test_the_sign_in_check_is_asked_at_most_once_a_minute() -> None:
    async def work(on: LinkBench, bench: Bench) -> None:
        validate = ("POST", "/v1/api/sso/validate")
        await bench.gateway.set_state(State.SIGNED_IN)
        for asked in (0, 1, 2):
            # None in the first minute: a start of this program just before may have asked.
            for _ in range(6):
                await on.link.ask_session()
                on.clock.passed += 10.0
            assert bench.recorder.http_calls().count(validate) == asked

    scene(work)


def test_asking_every_ten_seconds_for_two_minutes_meets_no_limit_of_the_broker() -> None:
    async def work(on: LinkBench, bench: Bench) -> None:
        for _ in range(12):
            await on.link.knock()
            await on.link.ask_session()
            on.clock.passed += 10.0
            bench.clock.forward(10.0)
        assert set(on.notes.all_values(kinds.PORTAL_STAGE)) == {"trading"}

    scene(work, PortalServer())


def test_accounts_come_with_their_entity() -> None:
    async def work(on: LinkBench, bench: Bench) -> None:
        await on.link.ask_accounts()
        assert on.notes.value(kinds.PORTAL_ACCOUNTS) == ("U1234821", "U7654321")
        assert on.notes.value(kinds.ENTITY, "account/U1234821") == Account().entity

    scene(work)


def test_a_hanging_upstream_is_told_from_a_gateway_that_is_gone() -> None:
    async def work(on: LinkBench, bench: Bench) -> None:
        assert isinstance(await trouble_of(on.link.ask_session()), NoAnswer)
        assert on.notes.value(kinds.PORTAL_STAGE) == PortalStage.UPSTREAM_DEAD
        assert on.notes.value(kinds.PORTAL_DOOR) == PortalDoor.OPEN
        await bench.gateway.stop()
        assert isinstance(await trouble_of(on.link.ask_session()), PortalShut)
        assert on.notes.value(kinds.PORTAL_DOOR) == PortalDoor.REFUSED

    scene(work, replace(UNLIMITED, state=State.HANGING), timeouts=HASTY)


def test_the_link_finds_its_way_back_when_the_gateway_returns() -> None:
    async def work(on: LinkBench, bench: Bench) -> None:
        await on.link.knock()
        await bench.gateway.stop()
        assert isinstance(await trouble_of(on.link.knock()), PortalShut)
        await bench.gateway.start()
        await on.link.knock()
        assert on.notes.all_values(kinds.PORTAL_DOOR) == ["open", "refused", "open"]

    scene(work)


def test_the_address_filter_is_named_and_not_taken_for_a_missing_page() -> None:
    async def work(on: LinkBench, bench: Bench) -> None:
        for action in (on.link.knock, on.link.ask_session, on.link.ask_accounts):
            assert isinstance(await trouble_of(action()), Refused)
            assert on.notes.value(kinds.PORTAL_DOOR) == PortalDoor.DENIED

    scene(work, replace(UNLIMITED, state=State.REFUSING))


def test_an_unknown_certificate_gets_no_request_and_its_fingerprint_is_shown() -> None:
    async def work(on: LinkBench, bench: Bench) -> None:
        for action in (on.link.knock, on.link.ask_session, on.link.ask_accounts, on.link.listen):
            trouble = await trouble_of(action())
            assert isinstance(trouble, PortalShut)
            assert trouble.door is PortalDoor.UNKNOWN_CERTIFICATE
        assert bench.recorder.entries() == ()
        assert on.notes.value(kinds.PORTAL_DOOR) == PortalDoor.UNKNOWN_CERTIFICATE
        assert on.notes.value(kinds.CERTIFICATE) == "unknown"
        assert on.notes.value(kinds.FINGERPRINT) == bench.gateway.fingerprint

    scene(work, pinned=False)


def test_a_trusted_certificate_opens_the_door_without_a_restart() -> None:
    async def work(on: LinkBench, bench: Bench) -> None:
        assert isinstance(await trouble_of(on.link.knock()), PortalShut)
        await on.link.trust(bench.gateway.fingerprint)
        await on.link.knock()
        assert on.notes.value(kinds.CERTIFICATE) == "desk"
        assert on.link.portal.fingerprint == bench.gateway.fingerprint

    scene(work, pinned=False)


def test_a_certificate_that_changes_while_running_stops_everything() -> None:
    async def work(on: LinkBench, bench: Bench) -> None:
        await on.link.knock()
        await on.link.ask_session()
        before = len(bench.recorder.entries())
        await bench.gateway.change_certificate()
        for action in (on.link.knock, on.link.ask_session, on.link.listen):
            assert isinstance(await trouble_of(action()), PortalShut)
        assert len(bench.recorder.entries()) == before
        assert on.notes.value(kinds.FINGERPRINT) == bench.gateway.fingerprint
        assert on.notes.value(kinds.CERTIFICATE) == "unknown"

    scene(work)


def test_the_shipped_certificate_is_allowed_and_called_what_it_is() -> None:
    async def play() -> None:
        async with running(replace(UNLIMITED, certificate="vendor")) as bench:
            catalogue = knowing_vendor(bench.gateway.fingerprint)
            async with linked(bench.port, catalogue=catalogue) as on:
                await on.link.knock()
                assert on.notes.value(kinds.CERTIFICATE) == "vendor"
                assert "not authenticated" in on.notes.note(kinds.CERTIFICATE)
                assert on.notes.value(kinds.CERTIFICATE_ENDS) == SHIPPED_ENDS
            async with linked(bench.port, "aa" * 32, catalogue=catalogue) as on:
                assert isinstance(await trouble_of(on.link.knock()), PortalShut)
                assert on.notes.value(kinds.CERTIFICATE) == "unknown"

    asyncio.run(play())


def test_after_a_429_nothing_is_sent_for_a_quarter_of_an_hour_and_it_says_until_when() -> None:
    async def work(on: LinkBench, bench: Bench) -> None:
        bench.gateway.penalise(900.0)
        assert isinstance(await trouble_of(on.link.ask_session()), CoolingDown)
        assert on.notes.value(kinds.PORTAL_STAGE) == PortalStage.COOLING_DOWN
        assert "UTC" in on.notes.note(kinds.PORTAL_STAGE)
        before = len(bench.recorder.entries())
        for passed in (1.0, 400.0, 498.0):
            on.clock.passed += passed
            await on.link.knock()
            await on.link.ask_session()
            await on.link.ask_accounts()
            assert isinstance(await trouble_of(on.link.listen()), CoolingDown)
        assert len(bench.recorder.entries()) == before
        assert on.notes.messages == before
        on.clock.passed += 2.0
        bench.clock.forward(901.0)
        await on.link.ask_session()
        assert on.notes.value(kinds.PORTAL_STAGE) == PortalStage.TRADING

    scene(work)


def test_the_meter_counts_what_really_went_out() -> None:
    async def work(on: LinkBench, bench: Bench) -> None:
        await on.link.knock()
        await on.link.ask_session()
        await on.link.ask_accounts()
        assert on.notes.messages == len(bench.recorder.http_calls())

    scene(work)


def test_proxy_settings_of_the_environment_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    async def work(on: LinkBench, bench: Bench) -> None:
        await on.link.knock()
        await on.link.ask_session()
        assert on.notes.value(kinds.PORTAL_STAGE) == PortalStage.TRADING

    scene(work)


def test_nothing_personal_reaches_the_log_or_the_facts(caplog: pytest.LogCaptureFixture) -> None:
    async def work(on: LinkBench, bench: Bench) -> None:
        await on.link.knock()
        await on.link.ask_session()
        await on.link.ask_accounts()
        await trouble_of(asyncio.wait_for(_until_beating(on), 5.0))
        told = caplog.text + repr([one for one in on.notes.seen if one.fact != kinds.PORTAL_ACCOUNTS.name])
        for secret in (
            "02:00:5E:10",
            "0a1b2c3d",
            "192.0.2.10",
            "trader01",
            f"{100_200_300:032x}",
            "100200300",
        ):
            assert secret not in told
        for account in ("U1234821", "U7654321"):
            assert account not in caplog.text

    with caplog.at_level(logging.DEBUG):
        scene(work)


async def _until_beating(on: LinkBench) -> None:
    task = asyncio.ensure_future(on.link.listen())
    await on.notes.until(kinds.PORTAL_STREAM, "beating")
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def test_closing_sends_nothing_and_the_link_can_be_used_again() -> None:
    async def work(on: LinkBench, bench: Bench) -> None:
        await on.link.knock()
        before = bench.recorder.http_calls()
        await on.link.close()
        await on.link.close()
        assert bench.recorder.http_calls() == before
        await on.link.knock()

    scene(work)


def test_a_host_called_localhost_is_dialled_by_number() -> None:
    async def play() -> None:
        async with (
            running() as bench,
            linked(bench.port, bench.gateway.fingerprint, host="localhost") as on,
        ):
            await on.link.knock()
            entry = bench.recorder.entries()[0]
            assert f"127.0.0.1:{bench.port}" in repr(entry)

    asyncio.run(play())


def test_a_name_that_is_no_account_is_neither_shown_nor_asked_about() -> None:
    async def play() -> None:
        odd = replace(DESK, accounts=(Account(), Account(id="All")), gateway=UNLIMITED)
        async with running(UNLIMITED, odd) as bench, linked(bench.port, bench.gateway.fingerprint) as on:
            await on.link.ask_accounts()
            assert on.notes.value(kinds.PORTAL_ACCOUNTS) == ("U1234821",)
            assert not any("All" in path for _, path in bench.recorder.http_calls())

    asyncio.run(play())
