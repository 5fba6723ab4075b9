"""The Web API link against servers that misbehave: a sentence each time, nothing leaked, nothing left open."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from cockpit.adapters.oauth.link import OAuthLink
from cockpit.adapters.oauth.trouble import OAuthTrouble
from cockpit.adapters.oauth.wire import Timeouts
from cockpit.domain.kinds import OAUTH_STATE
from cockpit.domain.oauth import SUBJECT, OAuthState, WebApi
from cockpit.services.errors import Trouble

from .oauth_bench import CONSUMER, PATIENT, kept, keys, oauth, plan, texts
from .web_api_bench import (
    SHIPPED,
    HandClock,
    Handler,
    Notebook,
    OddServer,
    answer,
    odd_server,
    request_of,
    says,
)

pytestmark = pytest.mark.plain

HASTY = Timeouts(connect=20.0, answer=0.2, close=0.5)


@asynccontextmanager
async def facing(
    handler: Handler, timeouts: Timeouts = PATIENT, *, tls: bool = True
) -> AsyncIterator[tuple[OAuthLink, Notebook, OddServer]]:
    """A link to a server of the test's own."""
    async with odd_server(handler, tls=tls) as server:
        notes, clock, learned = Notebook(), HandClock(), list[str]()
        web_api = WebApi(CONSUMER, "127.0.0.1", server.port, server.fingerprint)
        link = OAuthLink(
            web_api, plan, SHIPPED, kept(), learned.append, notes.report, notes, clock, timeouts, clock.sleep
        )
        try:
            yield link, notes, server
        finally:
            await link.close()


async def silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while await request_of(reader):
        pass


async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await request_of(reader)


ODD = {
    "a page of the network": (says(answer(b"<html>Sign in</html>")), OAuthState.UNREADABLE),
    "nothing at all": (says(answer()), OAuthState.UNREADABLE),
    "JSON that is cut": (says(answer(b'{"diffie_hellman_response": "12')), OAuthState.UNREADABLE),
    "a key said twice": (says(answer(b'{"error": "x", "error": "y"}')), OAuthState.UNREADABLE),
    "deep JSON": (says(answer(b"[" * 5000 + b"]" * 5000)), OAuthState.UNREADABLE),
    "packed unasked": (says(answer(b"x", "200 OK", "Content-Encoding: br")), OAuthState.UNREADABLE),
    "no HTTP": (says(b"SSH-2.0-OpenSSH_9.7\r\n\r\n"), OAuthState.NO_ANSWER),
    "shorter than it says": (hang_up, OAuthState.NO_ANSWER),
    "another place": (says(answer(b"", "302 Found", "Location: https://example.org/")), OAuthState.REFUSED),
    "a wrong error": (says(answer(b'{"error": 7}', "401 Unauthorized")), OAuthState.SIGNATURE_REFUSED),
    "a list": (says(answer(b'["invalid consumer"]', "401 Unauthorized")), OAuthState.SIGNATURE_REFUSED),
    "a date that is none": (
        says(answer(b'{"error": "timestamp"}', "401 Unauthorized", "Date: yesterday")),
        OAuthState.CLOCK_WRONG,
    ),
    "a date of long ago": (
        says(answer(b'{"error": "timestamp"}', "401 Unauthorized", "Date: Mon, 01 Jan 0001 00:00:00 +2359")),
        OAuthState.CLOCK_WRONG,
    ),
}


@pytest.mark.parametrize(("handler", "state"), ODD.values(), ids=ODD)
def test_an_odd_answer_becomes_a_state(handler: Handler, state: OAuthState) -> None:
    async def play() -> None:
        async with facing(handler) as (link, notes, _):
            with pytest.raises(OAuthTrouble) as caught:
                await link.ask_session()
            assert caught.value.state is state
            assert notes.value(OAUTH_STATE, SUBJECT) == state
            assert caught.value.remedy is not None

    asyncio.run(play())


def test_a_redirect_is_named_and_not_followed() -> None:
    async def play() -> None:
        elsewhere = says(answer(b"", "307 Temporary Redirect", "Location: /v1/api/logout"))
        async with facing(elsewhere) as (link, notes, server):
            with pytest.raises(OAuthTrouble, match="points to another address, and that is not followed"):
                await link.ask_session()
            assert (notes.messages, server.connections) == (1, 1)

    asyncio.run(play())


def test_silence_ends_at_its_time_limit() -> None:
    async def play() -> None:
        async with facing(silence, HASTY) as (link, _, _):
            with pytest.raises(OAuthTrouble) as caught:
                await link.ask_session()
            assert caught.value.state is OAuthState.NO_ANSWER
            assert caught.value.sentence == "The Web API does not answer. (0.2 s)"

    asyncio.run(play())


def test_a_port_without_encryption_gets_nothing_that_is_signed() -> None:
    received = bytearray()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        received.extend(await reader.read(65_536))

    async def play() -> None:
        async with facing(listen, tls=False) as (link, _, _):
            with pytest.raises(OAuthTrouble) as caught:
                await link.ask_session()
            assert caught.value.state is OAuthState.UNREACHABLE
        assert b"OAuth" not in received
        assert CONSUMER.encode() not in received

    asyncio.run(play())


def test_a_call_whose_connection_broke_is_made_once_more_with_another_nonce() -> None:
    heads: list[bytes] = []

    async def break_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await request_of(reader))
        if len(heads) > 1:
            writer.write(answer(b"{}", "503 Busy"))
            await writer.drain()

    async def play() -> None:
        async with facing(break_once) as (link, notes, _):
            with pytest.raises(OAuthTrouble) as caught:
                await link.ask_session()
            assert caught.value.state is OAuthState.BACKEND_LOST
            assert notes.messages == 2
            nonces = [head.split(b'oauth_nonce="')[1].split(b'"')[0] for head in heads]
            assert nonces[0] != nonces[1]

    asyncio.run(play())


def test_a_stopped_question_ends_and_the_next_one_works() -> None:
    async def play() -> None:
        async with oauth() as on:
            task = asyncio.ensure_future(on.link.ask_session())
            await on.recorder.arrived.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await on.link.ask_session()
            assert on.notes.value(OAUTH_STATE, SUBJECT) == OAuthState.SIGNED_IN

    asyncio.run(play())


def test_no_trouble_carries_a_secret_not_even_in_what_caused_it() -> None:
    async def play() -> None:
        echo = b'{"error": "no access secret key found for ' + keys().token.encode() + b'"}'
        canaries = [text.strip() for text in texts().values()] + [keys().secret.hex(), 'oauth_signature="']
        for handler in (says(answer(echo, "401 Unauthorized")), hang_up, silence):
            async with facing(handler, HASTY) as (link, notes, _):
                with pytest.raises(Trouble) as caught:
                    await link.ask_session()
                told = "".join(traceback.format_exception(caught.value)) + repr(notes.seen)
                assert not [canary for canary in canaries if canary in told]

    asyncio.run(play())
