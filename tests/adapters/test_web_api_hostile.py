"""The gateway link against servers that misbehave: every trouble is one of ours, and nothing half-read is believed."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Awaitable, Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from cockpit.adapters.portal.wire import PortalShut, Timeouts
from cockpit.domain import kinds
from cockpit.domain.kinds import PortalDoor, PortalStage
from cockpit.services.errors import ConnectionEnded, NoAnswer, Trouble, Unreadable

from .web_api_bench import (
    HASTY,
    PATIENT,
    Handler,
    LinkBench,
    OddServer,
    answer,
    linked,
    odd_server,
    request_of,
    says,
)

pytestmark = pytest.mark.plain

TRADING = b'{"authenticated": true, "connected": true, "competing": false, "established": true}'
NO_STAGE = None


def scene(
    handler: Handler, work: Callable[[LinkBench, OddServer], Awaitable[None]], timeouts: Timeouts = PATIENT
) -> None:
    async def play() -> None:
        async with (
            odd_server(handler) as server,
            linked(server.port, server.fingerprint, timeouts=timeouts) as on,
        ):
            await work(on, server)

    asyncio.run(play())


async def trouble_of(action: Awaitable[None]) -> Trouble | None:
    try:
        await action
    except Trouble as trouble:
        return trouble
    return None


@pytest.mark.parametrize(
    ("reply", "trouble", "stage"),
    [
        pytest.param(answer(b"<html>sorry</html>"), None, PortalStage.UNCLEAR, id="a-page-with-200"),
        pytest.param(answer(TRADING[:-5]), Unreadable, NO_STAGE, id="cut-json"),
        pytest.param(answer(b'{"authenticated": 1}'), Unreadable, NO_STAGE, id="wrong-type"),
        pytest.param(b"not http at all\r\n\r\n", ConnectionEnded, NO_STAGE, id="no-http"),
        pytest.param(answer(b"x", "200 OK", "Content-Encoding: br"), Unreadable, NO_STAGE, id="odd-packing"),
        pytest.param(
            answer(gzip.compress(b" " * (70 << 20)), "200 OK", "Content-Encoding: gzip"),
            Unreadable,
            NO_STAGE,
            id="bomb",
        ),
        pytest.param(
            answer(b"", "503 Service Unavailable"), None, PortalStage.BACKEND_LOST, id="maintenance"
        ),
        pytest.param(
            answer(b"", "302 Found", "Location: /sso/Login?x=1"), None, PortalStage.SIGNED_OUT, id="to-login"
        ),
        pytest.param(
            answer(b"", "302 Found", "Location: https://evil.example/sso/Login"),
            None,
            PortalStage.UNCLEAR,
            id="to-a-page-elsewhere",
        ),
        pytest.param(answer(b'{"error": "whatever"}'), None, PortalStage.SIGNED_OUT, id="error-with-200"),
    ],
)
def test_an_odd_answer_is_named_or_refused_and_never_believed_in_part(
    reply: bytes, trouble: type[Trouble] | None, stage: PortalStage | None
) -> None:
    async def work(on: LinkBench, server: OddServer) -> None:
        came = await trouble_of(on.link.ask_session())
        assert came is None if trouble is None else isinstance(came, trouble)
        assert on.notes.value(kinds.PORTAL_STAGE) == stage

    scene(says(reply), work)


@settings(max_examples=60)
@given(st.binary(max_size=300))
def test_whatever_bytes_come_only_our_own_troubles_come_out(content: bytes) -> None:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request_of(reader)
        writer.write(content)
        await writer.drain()

    async def work(on: LinkBench, server: OddServer) -> None:
        await trouble_of(on.link.knock())
        await trouble_of(on.link.ask_session())
        assert on.notes.value(kinds.PORTAL_STAGE) != PortalStage.TRADING

    scene(handler, work)


def test_a_trickle_of_bytes_ends_at_the_deadline_of_the_whole_call() -> None:
    never = asyncio.Event

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await request_of(reader):
            if head.startswith(b"GET / "):
                writer.write(answer(b"", "302 Found", "Location: /sso/Login"))
                continue
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
            while True:
                writer.write(b" ")
                await writer.drain()
                try:
                    await asyncio.wait_for(never().wait(), 0.01)
                except TimeoutError:
                    continue

    async def work(on: LinkBench, server: OddServer) -> None:
        assert isinstance(await trouble_of(on.link.ask_session()), NoAnswer)
        assert on.notes.value(kinds.PORTAL_STAGE) == PortalStage.UPSTREAM_DEAD

    scene(handler, work, HASTY)


def test_an_upstream_that_seems_dead_and_answers_late_is_believed_after_all() -> None:
    knocked = asyncio.Event()

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await request_of(reader):
            if head.startswith(b"GET / "):
                writer.write(answer(b"", "302 Found", "Location: /sso/Login"))
                knocked.set()
            else:
                await knocked.wait()
                writer.write(answer(b"", "401 Unauthorized"))
            await writer.drain()

    async def work(on: LinkBench, server: OddServer) -> None:
        await on.link.ask_session()
        assert on.notes.all_values(kinds.PORTAL_STAGE) == ["upstream dead", "signed out"]

    scene(handler, work, replace(PATIENT, patience=0.1))


def test_an_endless_body_is_cut_off() -> None:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request_of(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        chunk = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
        while True:
            writer.write(chunk)
            await writer.drain()

    async def play() -> None:
        async with (
            odd_server(handler) as server,
            linked(server.port, server.fingerprint) as on,
        ):
            assert isinstance(await trouble_of(on.link.ask_session()), Unreadable)

    asyncio.run(play())


def test_an_answer_that_breaks_off_is_not_believed_although_it_began_well() -> None:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request_of(reader)
        writer.write(answer(TRADING + b" " * 50)[:-20])
        await writer.drain()

    async def work(on: LinkBench, server: OddServer) -> None:
        assert isinstance(await trouble_of(on.link.ask_session()), ConnectionEnded)
        assert on.notes.value(kinds.PORTAL_STAGE) is None

    scene(handler, work)


def test_a_dropped_connection_is_tried_once_more_and_no_oftener() -> None:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request_of(reader)

    async def work(on: LinkBench, server: OddServer) -> None:
        assert isinstance(await trouble_of(on.link.ask_session()), ConnectionEnded)
        assert server.connections == 2
        assert on.notes.messages == 2

    scene(handler, work)


def test_a_second_try_that_works_is_an_answer() -> None:
    drops = [True]

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request_of(reader)
        if drops and drops.pop():
            return
        writer.write(answer(b"", "401 Unauthorized"))
        await writer.drain()
        await request_of(reader)

    async def work(on: LinkBench, server: OddServer) -> None:
        await on.link.ask_session()
        assert on.notes.value(kinds.PORTAL_STAGE) == PortalStage.SIGNED_OUT

    scene(handler, work)


def test_a_429_is_never_tried_again() -> None:
    async def work(on: LinkBench, server: OddServer) -> None:
        assert await trouble_of(on.link.ask_session()) is not None
        assert on.notes.messages == 1
        assert on.notes.value(kinds.PORTAL_STAGE) == PortalStage.COOLING_DOWN

    scene(says(answer(b'{"error": "slow down"}', "429 Too Many Requests")), work)


def test_no_cookie_is_sent_back() -> None:
    heads: list[bytes] = []

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await request_of(reader):
            heads.append(head)
            writer.write(answer(b"", "401 Unauthorized", "Set-Cookie: JSESSIONID=secret; Path=/"))
            await writer.drain()

    async def work(on: LinkBench, server: OddServer) -> None:
        await on.link.ask_session()
        await on.link.ask_session()
        assert len(heads) == 2
        assert not any(b"cookie" in head.lower() for head in heads)

    scene(handler, work)


@pytest.mark.parametrize(
    ("reply", "door"),
    [
        pytest.param(None, PortalDoor.NO_ANSWER, id="says-nothing"),
        pytest.param(b"", PortalDoor.NOT_TLS, id="closes-at-once"),
        pytest.param(b"HTTP/1.1 400 Bad Request\r\n\r\n", PortalDoor.NOT_TLS, id="speaks-in-the-clear"),
    ],
)
def test_a_port_that_is_no_gateway_is_named(reply: bytes | None, door: PortalDoor) -> None:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if reply is None:
            await reader.read()
            return
        if reply:
            await reader.read(10)
            writer.write(reply)
            await writer.drain()

    async def play() -> None:
        limits = PATIENT if reply is not None else replace(PATIENT, connect=0.2)
        async with odd_server(handler, tls=False) as server, linked(server.port, timeouts=limits) as on:
            trouble = await trouble_of(on.link.knock())
            assert isinstance(trouble, PortalShut)
            assert trouble.door is door
            assert on.notes.value(kinds.PORTAL_DOOR) == door
            assert on.notes.value(kinds.FINGERPRINT) is None

    asyncio.run(play())


def test_a_gateway_that_accepts_and_answers_nothing_has_a_dead_door() -> None:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async def play() -> None:
        impatient = replace(HASTY, local=0.2)
        async with (
            odd_server(handler) as server,
            linked(server.port, server.fingerprint, timeouts=impatient) as on,
        ):
            assert isinstance(await trouble_of(on.link.ask_session()), NoAnswer)
            assert on.notes.value(kinds.PORTAL_DOOR) == PortalDoor.NO_ANSWER
            assert on.notes.value(kinds.PORTAL_STAGE) is None

    asyncio.run(play())
