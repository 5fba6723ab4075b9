"""The time line: every word does its thing on a whole desk, in its time, and an unknown one is named."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from cockpit.simulator.desk import SimulatedDesk
from cockpit.simulator.scenario import Event, FlexServer, Portal, PortalServer
from cockpit.simulator.timeline import HAPPENINGS, UnknownHappening
from tests.simulator.tws_clients import DESK, STOCK, RawClient, details, on_loop, prices

QUIET = replace(DESK, gateway=PortalServer(present=False), flex=FlexServer(present=False))


@pytest.mark.parametrize(
    ("event", "code"),
    [
        (Event(does="farm", farm="usfuture", state="broken"), "2103"),
        (Event(does="farm", farm="secdefil", state="broken"), "2157"),
        (Event(does="upstream_lost"), "1100"),
        (Event(does="upstream_lost", code=2110), "2110"),
        (Event(does="upstream_back"), "1102"),
        (Event(does="upstream_back", state="without_data"), "1101"),
        (Event(does="error", code=2188, text="something new"), "2188"),
        (Event(does="port_change"), "1300"),
        (Event(does="competing"), "10197"),
        (Event(does="feed", symbol="AAPL", state="competing"), "10197"),
    ],
    ids=lambda value: value.does if isinstance(value, Event) else None,
)
def test_an_event_shows_to_a_client_with_a_subscription_as_its_code(event: Event, code: str) -> None:
    @on_loop
    async def check() -> None:
        async with SimulatedDesk(QUIET) as desk:
            client = await RawClient.enter(desk.ports["tws"])
            client.send(*prices(1, STOCK))
            await client.until(58)
            await desk.play(event)
            await client.until(4, code=code)
            await client.close()

    check()


@on_loop
async def test_read_only_latency_and_clock_can_change_while_a_client_is_connected() -> None:
    async with SimulatedDesk(QUIET) as desk:
        client = await RawClient.enter(desk.ports["tws"])
        await desk.play(Event(does="read_only"))
        client.send(8, 1, 1)
        assert await client.error() == ("-1", "321")
        await desk.play(Event(does="read_only", state="off"))
        client.send(8, 1, 1)
        await client.until(9)
        await desk.play(Event(does="clock", seconds=86_400))
        client.send(49, 1)
        assert int((await client.until(49))[2]) > desk.world.clock() + 80_000
        await desk.play(Event(does="latency", value=1.0))
        assert desk.tws().state.config.latency_ms == 1.0
        await client.close()


@on_loop
async def test_client_ids_can_be_taken_and_freed() -> None:
    async with SimulatedDesk(QUIET) as desk:
        await desk.play(Event(does="take_client", value=5))
        client = await RawClient.open(desk.ports["tws"])
        client.version = int((await client.receive())[0])
        client.send(71, 2, 5, "")
        assert (await client.error())[1] == "326"
        await client.close()
        await desk.play(Event(does="free_client", value=5))
        client = await RawClient.enter(desk.ports["tws"], client=5)
        await client.close()


@on_loop
async def test_a_bulletin_of_the_time_line_is_numbered_and_remembered_for_later_clients() -> None:
    async with SimulatedDesk(QUIET) as desk:
        await desk.play(Event(does="bulletin", text="Trading halted", code=2, symbol="CBOE"))
        client = await RawClient.enter(desk.ports["tws"])
        client.send(12, 1, True)
        assert await client.receive() == ("14", "1", "1", "2", "Trading halted", "CBOE")
        await client.close()


@on_loop
async def test_events_of_a_scenario_happen_by_themselves_after_the_first_connection() -> None:
    events = (
        Event(at=0.02, after_connect=True, does="error", code=2188, text="second"),
        Event(at=0.0, after_connect=True, does="error", code=2187, text="first"),
    )
    async with SimulatedDesk(replace(QUIET, events=events)) as desk:
        client = await RawClient.enter(desk.ports["tws"])
        assert [(await client.error())[1] for _ in range(2)] == ["2187", "2188"]
        await client.close()


@on_loop
async def test_gateway_and_flex_are_reached_by_their_words() -> None:
    async with SimulatedDesk(DESK) as desk:
        await desk.play(Event(does="gateway_state", state="signed_in"))
        assert desk.gateway.state is Portal.SIGNED_IN
        before = desk.fingerprint
        await desk.play(Event(does="gateway_certificate"))
        assert desk.fingerprint != before
        await desk.play(Event(does="gateway_429", seconds=60))
        await desk.play(Event(does="flex_code", code=1012))
        await desk.play(Event(does="latency", server="gateway", value=1))
        await desk.play(Event(does="latency", server="flex", value=1))


@pytest.mark.parametrize(
    ("event", "named"),
    [
        (Event(does="explode"), "half_open"),
        (Event(does="competing", server="paper"), "tws"),
        (Event(does="feed", state="lively"), "delayed"),
        (Event(does="farm", farm="usfarm", state="asleep"), "dormant"),
        (Event(does="gateway_state", state="happy"), "signed_in"),
    ],
)
def test_an_unknown_word_server_or_state_is_refused_with_the_known_ones(event: Event, named: str) -> None:
    @on_loop
    async def check() -> None:
        async with SimulatedDesk(QUIET) as desk:
            with pytest.raises(UnknownHappening, match=named):
                await desk.play(event)

    check()


@on_loop
async def test_what_a_scenario_holds_wrongly_is_left_out_and_named_and_the_rest_plays() -> None:
    contracts = (*DESK.contracts, replace(DESK.contracts[0], con_id=9, expiry="someday"))
    broken = replace(
        QUIET,
        accounts=(),
        contracts=contracts,
        events=(Event(does="explode"), Event(does="error", code=2187, after_connect=True)),
        tws=(replace(QUIET.tws[0], accounts=("U404",)),),
    )
    async with SimulatedDesk(broken) as desk:
        told = " ".join(desk.problems)
        for word in ("someday", "explode", "U404", "no account"):
            assert word in told
        client = await RawClient.enter(desk.ports["tws"])
        await client.until(4, code="2187")
        client.send(*details(1, STOCK))
        await client.until(52)
        await client.close()


def test_every_word_says_what_it_does_in_the_table() -> None:
    assert len(HAPPENINGS) >= 20
    assert all(word == word.lower() for word in HAPPENINGS)
