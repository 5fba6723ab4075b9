"""What goes wrong on a real desk: lost upstream, dead sockets, restarts, pacing, split writes, other languages."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from cockpit.simulator.scenario import ApiServer, Bulletin
from cockpit.simulator.tws.server import TwsServer
from cockpit.simulator.wire.frames import frame, payload
from tests.simulator.tws_clients import (
    A_SILENCE,
    DESK,
    FOREX,
    STOCK,
    RawClient,
    connected,
    details,
    on_loop,
    prices,
    serving,
)


@on_loop
async def test_a_server_without_upstream_says_1100_after_the_start_and_still_tells_the_time() -> None:
    async with serving(ApiServer(upstream=False)) as running, connected(running.port) as (ib, errors):
        await ib.reqCurrentTimeAsync()
        assert 1100 in [code for _, code, _ in errors]
        assert ib.isConnected()


@pytest.mark.parametrize(("with_data", "code"), [(True, "1102"), (False, "1101")])
def test_upstream_comes_back_with_the_subscriptions_or_without(with_data: bool, code: str) -> None:
    @on_loop
    async def check() -> None:
        async with serving() as running:
            client = await RawClient.enter(running.port)
            client.send(*prices(1, STOCK))
            await client.until(58)
            running.server.lose_upstream()
            await client.until(4, code="1100")
            running.server.regain_upstream(with_data)
            await client.until(4, code=code)
            await client.until(4, code="2158")
            assert running.server.state.lines_used() == (1 if with_data else 0)
            if with_data:
                await client.until(1)
            await client.close()

    check()


@on_loop
async def test_another_code_for_a_lost_upstream_can_be_chosen() -> None:
    async with serving() as running:
        client = await RawClient.enter(running.port)
        running.server.lose_upstream(2110)
        assert await client.error() == ("-1", "2110")
        await client.close()


@on_loop
async def test_a_farm_tells_every_client_when_it_breaks_and_when_it_is_back() -> None:
    async with serving() as running:
        clients = [await RawClient.enter(running.port, client=number) for number in (1, 2)]
        for state, code in (("broken", "2103"), ("connecting", "2119"), ("ok", "2104")):
            running.server.set_farm("usfuture", state)
            for client in clients:
                assert await client.error() == ("-1", code)
        for client in clients:
            await client.close()


@on_loop
async def test_a_half_open_socket_stays_and_never_answers_while_a_new_one_works() -> None:
    async with serving() as running:
        client = await RawClient.enter(running.port, client=1)
        running.server.go_half_open()
        client.send(49, 1)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(client.receive(), A_SILENCE)
        assert not client.reader.at_eof()
        other = await RawClient.enter(running.port, client=2)
        other.send(49, 1)
        await other.until(49)
        running.server.answer_again()
        client.send(49, 1)
        await client.until(49)
        await client.close()
        await other.close()


@on_loop
async def test_a_hung_program_does_not_even_shake_hands() -> None:
    async with serving() as running:
        running.server.go_half_open(everyone=True)
        client = await RawClient.open(running.port)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(client.receive(), A_SILENCE)
        await client.close()


@on_loop
async def test_a_restart_drops_everybody_refuses_and_comes_back_on_the_same_port_as_another_version() -> None:
    async with serving(ApiServer(max_version=187)) as running:
        client = await RawClient.enter(running.port)
        assert client.version == 187
        restarting = asyncio.create_task(running.server.restart(0.05, 200))
        assert await client.is_closed()
        with pytest.raises(ConnectionRefusedError):
            await RawClient.open(running.port)
        await restarting
        assert running.server.port == running.port
        again = await RawClient.enter(running.port)
        assert again.version == 200
        await again.close()
        await client.close()


@on_loop
async def test_a_changed_port_is_announced_with_1300_and_the_old_one_refuses() -> None:
    async with serving() as running:
        client = await RawClient.enter(running.port)
        await running.server.move_to(0)
        message = await client.until(4)
        assert client.code(message) == "1300"
        assert message[3].endswith(str(running.server.port))
        assert await client.is_closed()
        assert running.server.port != running.port
        with pytest.raises(ConnectionRefusedError):
            await RawClient.open(running.port)
        moved = await RawClient.enter(running.server.port)
        await moved.close()
        await client.close()


@on_loop
async def test_three_bursts_above_the_message_rate_bring_100_each_and_then_the_close() -> None:
    async with serving(ApiServer(max_messages_per_second=5)) as running:
        client = await RawClient.enter(running.port)
        for _ in range(20):
            client.send(49, 1)
        codes = [await client.error() for _ in range(3)]
        assert codes == [("-1", "100")] * 3
        assert await client.is_closed()
        await client.close()


@given(pieces=st.integers(1, 40))
@settings(max_examples=10, deadline=None)
def test_answers_written_in_pieces_of_any_size_are_the_same(pieces: int) -> None:
    @on_loop
    async def check() -> None:
        async with serving(ApiServer(split=pieces)) as running, connected(running.port) as (ib, _):
            assert ib.managedAccounts() == ["U1234821"]
            await ib.reqCurrentTimeAsync()

    check()


@given(cuts=st.lists(st.integers(1, 30), min_size=1, max_size=8))
@settings(max_examples=10, deadline=None)
def test_requests_that_arrive_in_pieces_are_understood(cuts: list[int]) -> None:
    @on_loop
    async def check() -> None:
        async with serving() as running:
            client = await RawClient.enter(running.port)
            content = frame(payload(details(1, STOCK))) + frame(payload([49, 1]))
            for cut in cuts:
                client.writer.write(content[:cut])
                await client.writer.drain()
                content = content[cut:]
            client.writer.write(content)
            assert [message[0] for message in await client.gather(49)] == ["10", "52", "49"]
            await client.close()

    check()


@on_loop
async def test_late_answers_keep_their_order_and_do_not_wait_for_each_other() -> None:
    # One after the other, 45 answers would take longer than any test here may last.
    async with serving(ApiServer(latency_ms=250)) as running:
        client = await RawClient.enter(running.port)
        for request in range(45):
            client.send(*details(request, STOCK))
        answered = [(await client.until(10))[1] for _ in range(45)]
        assert answered == [str(request) for request in range(45)]
        await client.close()


@on_loop
async def test_answers_stay_in_order_when_the_server_gets_faster_in_between() -> None:
    async with serving(ApiServer(latency_ms=100)) as running:
        client = await RawClient.enter(running.port)
        client.send(*details(1, STOCK))
        while len(running.recorder.message_ids()) < 2:
            await client.writer.drain()
            await asyncio.sleep(0)
        running.server.change(latency_ms=0.0)
        client.send(49, 1)
        assert [message[0] for message in await client.gather(49)] == ["10", "52", "49"]
        await client.close()


@on_loop
async def test_small_answers_that_follow_each_other_are_not_held_back_by_the_socket() -> None:
    # Held back for one delayed acknowledgement each, these would take longer than any test here may last.
    async with serving(ApiServer(max_messages_per_second=10_000)) as running:
        client = await RawClient.enter(running.port)
        for request in range(300):
            client.send(*details(request, STOCK))
            await client.until(52)
        await client.close()


@pytest.mark.parametrize("language", ["es", "de"])
def test_texts_come_in_the_language_of_the_screen_and_in_its_encoding(language: str) -> None:
    @on_loop
    async def check() -> None:
        async with serving(ApiServer(language=language)) as running:
            client = await RawClient.enter(running.port)
            client.send(*prices(1, symbol="NOPE", sec_type="STK"))
            message = await client.until(4)
            assert client.code(message) == "200"
            assert "No security definition" not in message[3]
            assert "\\x" in message[3]  # Latin-1 bytes that are not UTF-8
            await client.close()

    check()


@on_loop
async def test_a_huge_frame_is_announced_and_never_delivered() -> None:
    async with serving() as running:
        client = await RawClient.enter(running.port)
        running.server.send_huge_frame()
        assert int.from_bytes(await client.reader.readexactly(4), "big") > 16 << 20
        await client.close()


@on_loop
async def test_a_client_that_announces_a_huge_frame_is_dropped() -> None:
    async with serving() as running:
        client = await RawClient.enter(running.port)
        client.writer.write(b"\x7f\xff\xff\xff")
        assert await client.is_closed()
        await client.close()


@on_loop
async def test_a_bulletin_reaches_only_those_who_asked() -> None:
    async with serving() as running:
        asking = await RawClient.enter(running.port, client=1)
        other = await RawClient.enter(running.port, client=2)
        asking.send(12, 1, True)
        asking.send(49, 1)
        await asking.until(49)
        running.server.publish(Bulletin(9, 2, "CBOE halted", "CBOE"))
        assert await asking.receive() == ("14", "1", "9", "2", "CBOE halted", "CBOE")
        assert await other.is_silent()
        await asking.close()
        await other.close()


@on_loop
async def test_a_peer_that_vanishes_leaves_nothing_behind() -> None:
    async with serving() as running:
        for number in range(5):
            client = await RawClient.enter(running.port, client=number)
            client.send(*prices(1, FOREX))
            client.writer.transport.abort()
        other = await RawClient.enter(running.port, client=99)
        other.send(49, 1)
        await other.until(49)
        await other.close()


@on_loop
async def test_dropping_and_closing_clients_ends_their_sockets() -> None:
    for end in (TwsServer.drop_clients, TwsServer.close_clients):
        async with serving() as running:
            client = await RawClient.enter(running.port)
            end(running.server)
            assert await client.is_closed()
            await client.close()


@on_loop
async def test_without_upstream_definitions_searches_and_what_ifs_stay_unanswered() -> None:
    async with serving(ApiServer(upstream=False), replace(DESK)) as running:
        client = await RawClient.enter(running.port)
        await client.until(4, code="1100")
        client.send(*details(1, STOCK))
        client.send(81, 2, "AAPL")
        assert await client.is_silent()
        await client.close()
