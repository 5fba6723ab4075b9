"""Connecting: versions, client ids, and every way in which a door can be closed."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.simulator.scenario import Account, ApiServer, Door, Farm, Scenario
from tests.simulator.tws_clients import A_SILENCE, DESK, RawClient, details, on_loop, serving


@given(oldest=st.integers(1, 230), width=st.integers(0, 130), newest=st.integers(100, 200))
@settings(max_examples=60, deadline=None)
def test_the_chosen_version_is_the_newest_that_both_sides_speak(oldest: int, width: int, newest: int) -> None:
    @on_loop
    async def check() -> None:
        async with serving(ApiServer(max_version=newest)) as running:
            client = await RawClient.open(running.port, oldest, oldest + width)
            both = min(newest, oldest + width)
            if oldest > newest or both < 100:
                assert await client.is_closed()
            else:
                version, time = await client.receive()
                assert int(version) == both
                assert len(time.split()) == 3
            await client.close()

    check()


@pytest.mark.parametrize(
    "hello", [b"GET / HTTP/1.1\r\n\r\n", b"API\0\x00\x00\x00\x05hello", b"API\0\xff\xff\xff\xff"]
)
def test_a_peer_that_speaks_something_else_is_dropped_without_a_byte(hello: bytes) -> None:
    @on_loop
    async def check() -> None:
        async with serving() as running:
            reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
            writer.write(hello)
            assert await reader.read() == b""
            writer.close()

    check()


@on_loop
async def test_after_the_start_come_accounts_next_id_and_every_farm() -> None:
    farms = (Farm("usfarm"), Farm("eufarm", state="dormant"), Farm("ushmds", "history", "broken"))
    scenario = Scenario(accounts=(Account("U1"), Account("U2")))
    async with serving(ApiServer(farms=farms), scenario) as running:
        client = await RawClient.open(running.port)
        client.version = int((await client.receive())[0])
        client.send(71, 2, 5, "")
        assert await client.receive() == ("15", "1", "U1,U2")
        assert await client.receive() == ("9", "1", "1")
        notices = [await client.receive() for _ in farms]
        assert [(notice[1], notice[2]) for notice in notices] == [
            ("-1", "2104"),
            ("-1", "2108"),
            ("-1", "2105"),
        ]
        assert [notice[3].endswith(farm.name) for notice, farm in zip(notices, farms, strict=True)] == [
            True
        ] * 3
        await client.close()


@on_loop
async def test_what_is_asked_before_the_start_is_dropped_without_a_word() -> None:
    async with serving() as running:
        client = await RawClient.open(running.port)
        client.version = int((await client.receive())[0])
        client.send(49, 1)
        client.send(71, 2, 5, "")
        assert (await client.receive())[0] == "15"
        await client.close()


@on_loop
async def test_a_client_id_in_use_is_refused_with_326_and_closed_and_is_free_again_after_its_owner_left() -> (
    None
):
    async with serving() as running:
        first = await RawClient.enter(running.port, client=5)
        second = await RawClient.open(running.port)
        second.version = int((await second.receive())[0])
        second.send(71, 2, 5, "")
        assert await second.error() == ("-1", "326")
        assert await second.is_closed()
        await second.close()
        await first.close()
        answer = ""
        while answer != "15":  # the server sees the goodbye a moment later
            third = await RawClient.open(running.port)
            await third.receive()
            third.send(71, 2, 5, "")
            answer = (await third.receive())[0]
            await third.close()


@pytest.mark.parametrize("silent", [False, True], ids=["says 326", "says nothing"])
def test_an_id_that_is_stuck_stays_taken_though_nobody_holds_it(silent: bool) -> None:
    @on_loop
    async def check() -> None:
        async with serving(ApiServer(taken_clients=(5,), silent_326=silent)) as running:
            for _ in range(2):
                client = await RawClient.open(running.port)
                await client.receive()
                client.send(71, 2, 5, "")
                rest = await client.reader.read()
                assert (b"\x00326\x00" in rest) is not silent
                assert silent is (rest == b"")
                await client.close()
            other = await RawClient.enter(running.port, client=6)
            await other.close()

    check()


@on_loop
async def test_a_closed_door_refuses_and_keeps_its_port() -> None:
    async with serving(ApiServer(door=Door.CLOSED)) as running:
        assert running.port > 0
        with pytest.raises(ConnectionRefusedError):
            await RawClient.open(running.port)
        await running.server.set_door(Door.OPEN)
        client = await RawClient.enter(running.port)
        await client.close()


@on_loop
async def test_a_mute_port_takes_the_connection_and_never_answers() -> None:
    async with serving(ApiServer(door=Door.MUTE)) as running:
        client = await RawClient.open(running.port)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(client.receive(), A_SILENCE)
        assert not client.reader.at_eof()
        await client.close()


@on_loop
async def test_a_shut_door_closes_at_once_without_a_byte() -> None:
    async with serving(ApiServer(door=Door.SHUT)) as running:
        client = await RawClient.open(running.port)
        assert await client.is_closed()
        await client.close()


@on_loop
async def test_a_server_that_does_not_answer_still_shakes_hands() -> None:
    async with serving(ApiServer(answer=False), DESK) as running:
        client = await RawClient.enter(running.port)
        client.send(*details(1, 101))
        client.send(49, 1)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(client.receive(), A_SILENCE)
        await client.close()
