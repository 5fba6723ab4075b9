"""The gateway's stream proves itself by its frames: silence, odd frames and every kind of end."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from msgspec import structs
from msgspec.structs import replace
from websockets.asyncio.server import ServerConnection, serve

from cockpit.adapters.portal.wire import Timeouts
from cockpit.domain import kinds
from cockpit.domain.kinds import PortalStage
from cockpit.services.errors import ConnectionEnded, NoAnswer, Trouble, Unreadable
from cockpit.simulator.portal.certificates import issue, server_context
from cockpit.simulator.scenario import Portal as State
from cockpit.simulator.scenario import PortalServer
from tests.simulator.gateway_clients import UNLIMITED, Bench, running

from .web_api_bench import HASTY, PATIENT, LinkBench, linked, odd_server, request_of

pytestmark = pytest.mark.plain

SYSTEM = json.dumps({"topic": "system", "success": "trader01"})


def scene(
    work: Callable[[LinkBench, Bench], Awaitable[None]],
    server: PortalServer = UNLIMITED,
    timeouts: Timeouts = PATIENT,
) -> None:
    async def play() -> None:
        async with (
            running(server) as bench,
            linked(bench.port, bench.gateway.fingerprint, timeouts=timeouts) as link,
        ):
            await work(link, bench)
            assert bench.recorder.forbidden() == ()

    asyncio.run(play())


async def end_of(on: LinkBench) -> Trouble:
    with pytest.raises(Trouble) as ended:
        await on.link.listen()
    return ended.value


@asynccontextmanager
async def listening(on: LinkBench) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(on.link.listen())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def test_a_stream_beats_and_names_the_accounts_without_a_word_from_us() -> None:
    async def work(on: LinkBench, bench: Bench) -> None:
        async with listening(on):
            await on.notes.until(kinds.PORTAL_STREAM, "beating")
            await on.notes.until(kinds.PORTAL_ACCOUNTS, ("U1234821", "U7654321"))
        assert [entry for entry in bench.recorder.entries() if entry.kind == "stream"] == []

    scene(work)


def test_an_upgrade_without_a_frame_is_silence() -> None:
    async def work(on: LinkBench, bench: Bench) -> None:
        assert isinstance(await end_of(on), NoAnswer)
        assert on.notes.value(kinds.PORTAL_STREAM) == "silent"

    scene(work, replace(UNLIMITED, stream_silent=True), HASTY)


def test_a_stream_that_stops_beating_is_silent_although_it_stays_open() -> None:
    async def work(on: LinkBench, bench: Bench) -> None:
        assert isinstance(await end_of(on), NoAnswer)
        assert on.notes.all_values(kinds.PORTAL_STREAM) == ["beating", "silent"]

    scene(work, replace(UNLIMITED, heartbeat_seconds=3600.0), structs.replace(PATIENT, heartbeat=0.2))


def test_heartbeats_keep_the_stream_alive_beyond_the_watchdog() -> None:
    async def work(on: LinkBench, bench: Bench) -> None:
        async with listening(on) as task:
            while on.notes.all_values(kinds.PORTAL_STREAM).count("beating") < 8:
                on.notes.news.clear()
                await on.notes.news.wait()
            assert not task.done()

    scene(
        work,
        replace(UNLIMITED, heartbeat_seconds=0.15),
        structs.replace(PATIENT, first_frame=1.0, heartbeat=1.0),
    )


def test_losing_the_session_shows_at_once_and_competing_is_laid_over_it() -> None:
    async def work(on: LinkBench, bench: Bench) -> None:
        await on.link.ask_session()
        async with listening(on):
            await on.notes.until(kinds.PORTAL_STREAM, "beating")
            await bench.gateway.set_state(State.COMPETING)
            await on.notes.until(kinds.PORTAL_STAGE, PortalStage.COMPETING.value)
        # Each frame says one flag: first not authenticated any more, then competing.
        assert on.notes.all_values(kinds.PORTAL_STAGE)[-2:] == ["signed in", "competing"]

    scene(work)


def test_a_polite_goodbye_is_a_failure_all_the_same() -> None:
    async def work(on: LinkBench, bench: Bench) -> None:
        async with listening(on) as task:
            await on.notes.until(kinds.PORTAL_STREAM, "beating")
            await bench.gateway.set_state(State.HANGING)
            with pytest.raises(ConnectionEnded):
                await task
        assert on.notes.value(kinds.PORTAL_STREAM) == "closed"

    scene(work)


@asynccontextmanager
async def odd_stream(*frames: str | bytes) -> AsyncIterator[LinkBench]:
    """A link to a stream that sends these frames and then says goodbye."""
    certificate = issue("desk")

    async def handler(connection: ServerConnection) -> None:
        for frame in frames:
            await connection.send(frame)

    async with serve(handler, "127.0.0.1", 0, ssl=server_context(certificate)) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        async with linked(port, certificate.fingerprint) as on:
            yield on


@pytest.mark.parametrize("frame", [SYSTEM, SYSTEM.encode()], ids=["text", "binary"])
def test_text_and_binary_frames_are_the_same(frame: str | bytes) -> None:
    async def play() -> None:
        async with odd_stream(frame) as on:
            await end_of(on)
            assert on.notes.all_values(kinds.PORTAL_STREAM) == ["beating", "closed"]

    asyncio.run(play())


@pytest.mark.parametrize(
    "frame",
    [
        pytest.param('{"message": "waiting for session"}', id="no-topic"),
        pytest.param("[1, 2]", id="a-list"),
        pytest.param('{"topic": "sts"}', id="sts-without-flags"),
        pytest.param('{"topic": "sts", "args": {"authenticated": "yes"}}', id="sts-of-a-wrong-type"),
        pytest.param('{"topic": "act", "args": {"accounts": "U1234821"}}', id="act-of-a-wrong-type"),
        pytest.param('{"topic": "blt", "args": {"id": 1, "message": "<b>x</b>"}}', id="bulletin"),
        pytest.param("{cut", id="bent"),
    ],
)
def test_odd_frames_are_passed_over_and_do_not_count_as_a_beat(frame: str) -> None:
    async def play() -> None:
        async with odd_stream(frame, SYSTEM, frame) as on:
            assert isinstance(await end_of(on), ConnectionEnded)
            assert on.notes.all_values(kinds.PORTAL_STREAM) == ["beating", "closed"]
            assert on.notes.value(kinds.PORTAL_STAGE) is None
            assert on.notes.value(kinds.PORTAL_ACCOUNTS) is None
        async with odd_stream(frame, frame) as on:
            assert isinstance(await end_of(on), ConnectionEnded)
            assert on.notes.all_values(kinds.PORTAL_STREAM) == ["closed"]

    asyncio.run(play())


def test_the_stream_alone_never_says_trading() -> None:
    good = {"authenticated": True, "connected": True, "competing": False, "established": True}

    async def play() -> None:
        async with odd_stream(SYSTEM, json.dumps({"topic": "sts", "args": good})) as on:
            await end_of(on)
            assert on.notes.value(kinds.PORTAL_STAGE) is None
        async with odd_stream(SYSTEM, json.dumps({"topic": "sts", "args": good | {"competing": True}})) as on:
            await end_of(on)
            assert on.notes.value(kinds.PORTAL_STAGE) == PortalStage.COMPETING

    asyncio.run(play())


def test_the_accounts_of_the_stream_are_accounts() -> None:
    async def play() -> None:
        frame = {"topic": "act", "args": {"accounts": ["U1234821", "All", "U1234821", "<b>U1</b>"]}}
        async with odd_stream(SYSTEM, json.dumps(frame)) as on:
            await end_of(on)
            assert on.notes.value(kinds.PORTAL_ACCOUNTS) == ("U1234821",)

    asyncio.run(play())


def test_three_unreadable_frames_in_a_row_end_the_stream() -> None:
    async def play() -> None:
        async with odd_stream(SYSTEM, "{", "{", SYSTEM, "{", "{", "{") as on:
            assert isinstance(await end_of(on), Unreadable)
            assert on.notes.all_values(kinds.PORTAL_STREAM) == ["beating", "beating", "closed"]

    asyncio.run(play())


def test_a_frame_beyond_the_limit_ends_the_stream() -> None:
    async def play() -> None:
        async with odd_stream(SYSTEM, "x" * (2 << 20)) as on:
            assert isinstance(await end_of(on), ConnectionEnded)
            assert on.notes.value(kinds.PORTAL_STREAM) == "closed"

    asyncio.run(play())


def test_a_redirect_of_the_stream_is_not_followed() -> None:
    async def play() -> None:
        async def elsewhere(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read()

        async with odd_server(elsewhere) as other:

            async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                await request_of(reader)
                target = f"wss://127.0.0.1:{other.port}/v1/api/ws"
                writer.write(
                    f"HTTP/1.1 302 Found\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n".encode()
                )
                await writer.drain()
                await reader.read()

            async with odd_server(handler) as server, linked(server.port, server.fingerprint) as on:
                assert isinstance(await end_of(on), ConnectionEnded)
            assert other.connections == 0

    asyncio.run(play())


def test_a_stream_that_is_never_opened_is_no_answer() -> None:
    async def play() -> None:
        async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read()

        async with (
            odd_server(handler) as server,
            linked(server.port, server.fingerprint, timeouts=structs.replace(PATIENT, local=0.2)) as on,
        ):
            assert isinstance(await end_of(on), NoAnswer)

    asyncio.run(play())
