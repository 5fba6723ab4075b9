"""Through the door of an API socket: every way it can fail has its own word, sentence and cure."""

from __future__ import annotations

import asyncio
import socket as sockets
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cockpit.adapters.tws.door import ids_from
from cockpit.adapters.tws.link import TwsLink
from cockpit.adapters.tws.timeouts import Timeouts
from cockpit.domain import kinds
from cockpit.domain.kinds import Door
from cockpit.domain.plan import Socket
from cockpit.services.errors import ConnectionEnded, DoorTrouble, Stranger
from cockpit.simulator.scenario import Door as SimulatedDoor
from tests.adapters.raw_tws import READY, Peer, raw_link
from tests.adapters.tws_tools import IMPATIENT, Bench, Counts, Eyes, RealClock, bench, run, scenario

pytestmark = pytest.mark.plain


async def refused_as(here: Bench, door: Door) -> DoorTrouble:
    with pytest.raises(DoorTrouble) as trouble:
        await here.link.open()
    assert trouble.value.door is door
    assert trouble.value.remedy is not None
    assert here.eyes.newest(kinds.DOOR) == door
    assert not here.link.is_open
    assert here.counts.client_ids == 0
    return trouble.value


@pytest.mark.parametrize(
    ("server", "door"),
    [
        ({"door": SimulatedDoor.CLOSED}, Door.REFUSED),
        ({"door": SimulatedDoor.SHUT}, Door.SHUT),
        ({"door": SimulatedDoor.MUTE}, Door.MUTE),
        ({"max_version": 150}, Door.TOO_OLD),
        ({"taken_clients": tuple(range(901, 932))}, Door.CLIENT_ID_TAKEN),
        ({"taken_clients": tuple(range(901, 932)), "silent_326": True}, Door.CLIENT_ID_TAKEN),
    ],
)
def test_what_stands_in_the_way_is_named(server: dict[str, object], door: Door) -> None:
    async def story() -> None:
        async with bench(scenario(**server)) as here:
            await refused_as(here, door)

    run(story())


@pytest.mark.parametrize("host", ["255.255.255.255", "no such host", "a" * 80])
def test_an_address_without_a_way_to_it_is_unreachable(host: str) -> None:
    async def story() -> None:
        eyes = Eyes()
        link = TwsLink(Socket(host=host), eyes.report, RealClock(), Counts(), IMPATIENT)
        with pytest.raises(DoorTrouble) as trouble:
            await link.open()
        assert trouble.value.door is Door.UNREACHABLE

    run(story())


def test_localhost_is_dialled_as_the_number_it_means() -> None:
    async def story() -> None:
        async with bench() as here:
            named = Socket(host="localhost", port=here.desk.ports["tws"])
            link = TwsLink(named, here.eyes.report, RealClock(), here.counts, IMPATIENT)
            await link.open()
            await link.close()

    run(story())


def test_a_taken_id_is_passed_over_at_once_and_the_good_one_remembered() -> None:
    async def story() -> None:
        patient = replace(IMPATIENT, handshake=30.0)
        async with bench(scenario(taken_clients=(901, 902, 903)), patient) as here:
            begun = time.monotonic()
            await here.link.open()
            assert time.monotonic() - begun < patient.handshake, (
                "the refusal came at once, not by the deadline"
            )
            assert here.eyes.newest(kinds.CLIENT_ID) == 904
            await here.link.close()
            await here.link.open()
            tried = [entry.fields[2] for entry in here.desk.recorder.entries() if entry.message_id == 71]
            assert tried == ["901", "902", "903", "904", "904"]

    run(story())


def test_a_door_that_hangs_up_without_a_word_is_not_tried_with_the_whole_range() -> None:
    async def story() -> None:
        async with bench(scenario(taken_clients=tuple(range(901, 932)), silent_326=True)) as here:
            await refused_as(here, Door.CLIENT_ID_TAKEN)
            assert here.ids == [71, 71, 71]

    run(story())


def test_a_program_that_is_still_signing_in_is_waiting() -> None:
    async def serve(peer: Peer) -> None:
        await peer.greeting()
        peer.say("178", "20261124 08:00:00 EST")
        peer.say("9", "1", "1")
        await peer.until_gone()

    async def story() -> None:
        async with raw_link(serve) as (link, _):
            with pytest.raises(DoorTrouble) as trouble:
                await link.open()
            assert trouble.value.door is Door.WAITING

    run(story())


def test_a_refused_id_does_not_wait_for_the_connection_to_end() -> None:
    """Whether every build hangs up after saying that the id is in use is not known: so nothing waits for it."""

    async def serve(peer: Peer) -> None:
        await peer.greeting()
        peer.say("178", "20261124 08:00:00 EST")
        if (await peer.request())[2] == "901":
            peer.say("4", "2", "-1", "326", "in use", "")
        else:
            peer.writer.write(READY)
        await peer.until_gone()

    async def story() -> None:
        async with raw_link(serve, replace(IMPATIENT, handshake=30.0)) as (link, eyes):
            await asyncio.wait_for(link.open(), 10.0)
            assert eyes.newest(kinds.CLIENT_ID) == 902

    run(story())


def test_a_door_that_failed_is_let_go() -> None:
    gone = asyncio.Event()

    async def serve(peer: Peer) -> None:
        await peer.until_gone()
        gone.set()

    async def story() -> None:
        async with raw_link(serve) as (link, _):
            with pytest.raises(DoorTrouble):
                await link.open()
            await asyncio.wait_for(gone.wait(), 10.0)

    run(story())


def test_accounts_and_next_id_may_come_in_any_order_with_others_between() -> None:
    async def serve(peer: Peer) -> None:
        await peer.greeting()
        peer.say("160", "20261124 08:00:00 Mars/Olympus")
        peer.say("9", "1", "77")
        peer.say("4", "2", "-1", "2104", "Market data farm connection is OK:usfarm")
        peer.say("15", "1", "U1,DU2,,<b>")
        await peer.until_gone()

    async def story() -> None:
        async with raw_link(serve) as (link, eyes):
            await link.open()
            assert eyes.newest(kinds.SERVER_VERSION) == 160
            assert eyes.newest(kinds.ACCOUNTS) == ("U1", "DU2")
            assert eyes.newest(kinds.FARM, "tws/tws/farm/usfarm") == "ok"

    run(story())


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"HTTP/1.1 400 Bad Request\r\n\r\n", id="a web server"),
        pytest.param(b"SSH-2.0-OpenSSH_9.6\r\n", id="a shell"),
        pytest.param(b"\0\0\0\5hello", id="a frame of something else"),
        pytest.param(b"\0\0\0\4a\0b\0", id="no version"),
        pytest.param(b"\0\0\0\0" * 3, id="empty frames"),
        pytest.param(b"\x15\x03\x01\0\2\2\x46", id="a TLS alert"),
    ],
)
def test_another_program_on_the_port_is_a_stranger(answer: bytes) -> None:
    async def serve(peer: Peer) -> None:
        await peer.greeting()
        peer.writer.write(answer)
        await peer.writer.drain()

    async def story() -> None:
        async with raw_link(serve) as (link, eyes):
            with pytest.raises(Stranger):
                await link.open()
            assert eyes.newest(kinds.DOOR) == Door.STRANGER

    run(story())


def test_a_version_answer_one_byte_at_a_time_is_bound_by_one_deadline() -> None:
    async def serve(peer: Peer) -> None:
        await peer.greeting()
        for byte in b"\0\0\1\0" + b"1" * 300:
            peer.writer.write(bytes([byte]))
            await peer.writer.drain()
            await asyncio.sleep(0.01)

    async def story() -> None:
        async with raw_link(serve) as (link, _):
            with pytest.raises(DoorTrouble) as trouble:
                await link.open()
            assert trouble.value.door is Door.MUTE

    run(story())


def test_a_cancelled_opening_leaves_nothing_behind() -> None:
    async def story() -> None:
        async with bench(scenario(door=SimulatedDoor.MUTE), replace(IMPATIENT, handshake=30.0)) as here:
            opening = asyncio.create_task(here.link.open())
            while here.counts.messages == 0:  # noqa: ASYNC110 - until the greeting has left
                await asyncio.sleep(0)
            opening.cancel()
            await asyncio.gather(opening, return_exceptions=True)
            assert not here.link.is_open
            with pytest.raises(ConnectionEnded):
                await here.link.beat()

    run(story())


@given(st.integers(1, 50), st.integers(0, 40), st.integers(-5, 100))
def test_the_walk_through_a_range_meets_every_id_once_and_never_zero(low: int, more: int, first: int) -> None:
    ids = list(ids_from(first, (low, low + more)))
    assert sorted(ids) == list(range(low, low + more + 1))
    assert ids[0] == (first if low <= first <= low + more else low)
    assert 0 not in list(ids_from(first, (0, more)))


@pytest.mark.parametrize("seconds", [0.0, -1.0, 60.1, float("inf"), float("nan")])
def test_a_wait_without_an_end_cannot_be_configured(seconds: float) -> None:
    with pytest.raises(ValueError):
        Timeouts(beat=seconds)


def test_a_reserved_port_that_does_not_listen_is_refused() -> None:
    async def story() -> None:
        with sockets.socket() as held:
            held.bind(("127.0.0.1", 0))
            link = TwsLink(
                Socket(port=held.getsockname()[1]), Eyes().report, RealClock(), Counts(), IMPATIENT
            )
            with pytest.raises(DoorTrouble) as trouble:
                await link.open()
            assert trouble.value.door is Door.REFUSED

    run(story())
