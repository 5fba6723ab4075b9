"""The engine while the desk around it fails and comes back: its words, and that old evidence is never ready."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from pathlib import Path

import pytest
from msgspec.structs import replace

from cockpit.domain import kinds
from cockpit.domain.kinds import Door
from cockpit.domain.level import Level
from cockpit.domain.paths import order_path, price_path
from cockpit.domain.sessions import custody, sessions
from cockpit.services import intents
from cockpit.services.state import DeskState
from cockpit.simulator.scenario import ApiServer, Scenario
from tests.desk.benches import Bench, shipped, watched

pytestmark = pytest.mark.desk

TWS = "tws/tws"


class Witness:
    """Looks at every state that is shown, and keeps what must never be shown."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self.words: list[str] = []
        self.lies: list[str] = []
        bench.watching.append(self.look)

    def look(self, state: DeskState) -> None:
        """Hold a state against the laws: ready needs fresh evidence."""
        now = self._bench.engine.desk.now()
        trip = state.facts.fresh(kinds.ROUND_TRIP, TWS, now)
        door = state.facts.look(kinds.DOOR, TWS)
        is_proven = trip is not None and door is not None and door.value == Door.OPEN
        for row in sessions(state.facts, state.plan, now):
            if row.key == TWS:
                if not self.words or self.words[-1] != row.word:
                    self.words.append(row.word)
                if row.level is Level.READY and not is_proven:
                    self.lies.append(f"ready without an answer: {row}")
        for light in (order_path(state.facts, state.plan, now), price_path(state.facts, state.plan, now)):
            if light.level is Level.READY and not is_proven:
                self.lies.append(f"green without an answer: {light}")


def on_the_desk(work: Coroutine[object, object, None]) -> None:
    """Run a test's coroutine."""
    asyncio.run(work)


def test_a_tws_that_restarts_is_ended_then_absent_then_trades_as_the_newer_version(tmp_path: Path) -> None:
    async def told() -> None:
        async with watched(_with_version(176), tmp_path) as bench:
            witness = Witness(bench)
            await bench.until_word("Trading")
            first = bench.engine.desk.facts.look(kinds.CONNECTED_AT, TWS)
            await bench.happens("restart", seconds=0.8, value=200.0)
            await bench.until(lambda: not bench.session().level.is_usable, "the loss is shown")
            assert set(bench.notices()) == {TWS}
            await bench.until_word("Trading")

            again = bench.engine.desk.facts.look(kinds.CONNECTED_AT, TWS)
            version = bench.engine.desk.facts.look(kinds.SERVER_VERSION, TWS)
            assert first is not None
            assert again is not None
            assert again.value > first.value
            assert version is not None
            assert version.value > 176
            assert TWS not in bench.notices()
            assert witness.lies == []

    on_the_desk(told())


def test_a_half_open_session_is_noticed_closed_and_opened_anew(tmp_path: Path) -> None:
    async def told() -> None:
        async with watched(shipped("calm-morning"), tmp_path) as bench:
            witness = Witness(bench)
            await bench.until_word("Trading")
            await bench.happens("half_open")
            await bench.until(lambda: witness.words[-1:] not in ([], ["Trading"]), "the silence is shown")
            assert witness.words[-1] == "Not answering"
            await bench.until_word("Trading")
            assert bench.simulated.recorder.message_ids().count(71) == 2
            assert witness.lies == []

    on_the_desk(told())


def test_a_tws_that_answers_nobody_is_never_ready_again_until_it_does(tmp_path: Path) -> None:
    async def told() -> None:
        async with watched(shipped("calm-morning"), tmp_path) as bench:
            witness = Witness(bench)
            await bench.until_word("Trading")
            await bench.happens("half_open", state="everyone")
            await bench.until_word("Not answering")
            await bench.until_word("Waits for somebody")
            assert bench.session().level is Level.BLOCKED
            await bench.happens("answer_again")
            await bench.until_word("Trading")
            assert witness.lies == []

    on_the_desk(told())


def test_a_changed_certificate_stops_the_gateway_until_the_trader_trusts_it(tmp_path: Path) -> None:
    async def told() -> None:
        async with watched(shipped("calm-morning"), tmp_path) as bench:
            await bench.until_word("Trading", "gateway")
            await bench.happens("gateway_certificate")
            before = bench.simulated.recorder.http_calls()
            await bench.until_word("Unknown certificate", "gateway")
            notice = bench.notices()["gateway"]
            assert notice.level is Level.BLOCKED
            assert notice.remedy is not None
            assert notice.remedy.action == "trust-certificate"

            # Three more heartbeats of TWS, which means several tries at the gateway: none of them says a byte.
            await _beats(bench, 3)
            assert bench.simulated.recorder.http_calls() == before

            bench.engine.send(intents.TrustCertificate("ab" * 32))  # not the one that was shown
            await _beats(bench, 2)
            assert bench.session("gateway").word == "Unknown certificate"
            assert bench.pinned == []
            assert bench.simulated.recorder.http_calls() == before

            bench.engine.send(intents.TrustCertificate(bench.simulated.fingerprint))
            await bench.until_word("Trading", "gateway")
            assert "gateway" not in bench.notices()
            assert bench.pinned == [bench.simulated.fingerprint]

    on_the_desk(told())


def test_a_login_elsewhere_takes_the_data_and_is_not_fought(tmp_path: Path) -> None:
    async def told() -> None:
        async with watched(shipped("calm-morning"), tmp_path) as bench:
            await bench.until_word("Trading")
            await bench.happens("competing")
            run = await bench.engine.check()
            assert run.verdict is not None
            assert run.verdict.level is Level.BLOCKED
            await bench.until_word("Live data taken")
            facts, plan, now = bench.state.facts, bench.state.plan, bench.engine.desk.now()
            assert custody(facts, plan, now) == "live data: another login"
            assert order_path(facts, plan, now).level is Level.READY  # two lights, never one
            assert price_path(facts, plan, now).level is Level.BLOCKED
            assert bench.notices()[TWS].still_works == "Orders are still OK"

            await bench.happens("competing_end")
            await bench.engine.check()
            await bench.until_word("Trading")

    on_the_desk(told())


@pytest.mark.parametrize(
    ("state", "upstream"), [("with_data", "up, data kept"), ("without_data", "up, data lost")]
)
def test_a_lost_broker_blocks_and_its_return_says_what_became_of_the_data(
    state: str, upstream: str, tmp_path: Path
) -> None:
    async def told() -> None:
        async with watched(shipped("calm-morning"), tmp_path) as bench:
            witness = Witness(bench)
            await bench.until_word("Trading")
            await bench.happens("upstream_lost")
            await bench.until_word("Broker unreachable")
            assert bench.session().level is Level.BLOCKED
            assert set(bench.notices()) == {TWS}

            await bench.happens("upstream_back", state=state)
            await bench.until_word("Trading")
            seen = bench.engine.desk.facts.look(kinds.UPSTREAM, TWS)
            assert seen is not None
            assert seen.value == upstream
            assert witness.lies == []

    on_the_desk(told())


def test_the_other_door_trades_on_while_one_is_gone(tmp_path: Path) -> None:
    async def told() -> None:
        async with watched(shipped("paper-and-live"), tmp_path) as bench:
            await bench.until_word("Trading")
            await bench.until_word("Trading", "tws/paper")
            await bench.happens("door", state="closed", server="paper")
            await bench.happens("drop_clients", server="paper")
            await bench.until(
                lambda: not bench.session("tws/paper").level.is_usable, "the paper door is gone"
            )
            assert bench.session().word == "Trading"
            await _beats(bench, 2)
            assert bench.session().word == "Trading"

    on_the_desk(told())


async def _beats(bench: Bench, count: int) -> None:
    """Wait for so many heartbeats of TWS: each is an answer that came after the one before."""
    for _ in range(count):
        seen = bench.engine.desk.facts.look(kinds.ROUND_TRIP, TWS)
        assert seen is not None
        last = seen.at

        def has_beaten(before: float = last) -> bool:
            newest = bench.engine.desk.facts.look(kinds.ROUND_TRIP, TWS)
            return newest is not None and newest.at > before

        await bench.until(has_beaten, "a heartbeat")


def _with_version(version: int) -> Scenario:
    """A calm morning on a TWS of an older protocol version."""
    calm = shipped("calm-morning")
    server: ApiServer = replace(calm.tws[0], max_version=version)
    return replace(calm, tws=(server,))
