"""The fingerprint is compared inside the handshake: a stranger gets no byte of ours."""

from __future__ import annotations

import asyncio
import ssl
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.adapters.portal.certificate import end_of
from cockpit.adapters.portal.pinning import (
    Pin,
    Standing,
    UnknownCertificate,
    pinned_context,
    plain_fingerprint,
)
from cockpit.simulator.portal.certificates import issue

from .web_api_bench import OddServer, odd_server

pytestmark = pytest.mark.plain

CERTIFICATE = ssl.PEM_cert_to_DER_cert(issue("desk").pem.decode())
OURS, VENDOR, OTHER = "aa" * 32, "bb" * 32, "cc" * 32


@pytest.mark.parametrize(
    ("pinned", "shown", "standing"),
    [
        pytest.param("", VENDOR, Standing.VENDOR, id="vendor-certificate-without-a-pin"),
        pytest.param("", OTHER, Standing.UNKNOWN, id="any-other-without-a-pin"),
        pytest.param(OURS, OURS, Standing.DESK, id="the-pinned-one"),
        pytest.param(OURS, OTHER, Standing.UNKNOWN, id="another-than-the-pinned-one"),
        pytest.param(OURS, VENDOR, Standing.UNKNOWN, id="falling-back-to-the-public-key"),
        pytest.param("no fingerprint", OTHER, Standing.UNKNOWN, id="a-pin-with-a-slip"),
        pytest.param("no fingerprint", VENDOR, Standing.UNKNOWN, id="a-pin-with-a-slip-and-the-vendors"),
        pytest.param(OURS[:-1], OURS, Standing.UNKNOWN, id="a-pin-that-lacks-a-digit"),
        pytest.param(OURS.upper(), OURS, Standing.DESK, id="a-pin-in-capitals"),
        pytest.param(VENDOR, VENDOR, Standing.VENDOR, id="pinning-the-vendors-proves-no-more"),
    ],
)
def test_a_certificate_is_the_vendors_the_desks_or_unknown(
    pinned: str, shown: str, standing: Standing
) -> None:
    assert Pin(pinned, [VENDOR]).standing(shown) is standing


@pytest.mark.parametrize("text", ["", "aa", "zz" * 32, "aa" * 33, "aa" * 31 + "a", "aa:" * 20])
def test_what_is_no_fingerprint_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        plain_fingerprint(text)
    with pytest.raises(ValueError):
        Pin(OURS, []).expect(text)


@given(st.binary(min_size=32, max_size=32))
def test_a_fingerprint_may_be_written_with_colons_and_capitals(digest: bytes) -> None:
    assert plain_fingerprint(digest.hex(":").upper()) == digest.hex()


async def _listen(state: OddServer, reader: asyncio.StreamReader) -> None:
    while chunk := await reader.read(1000):
        state.received += chunk


async def _dial(context: ssl.SSLContext, times: int) -> tuple[int, OddServer]:
    """Connect so many times and send a request each time; return how often the handshake passed."""
    box: list[OddServer] = []

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _listen(box[0], reader)

    passed = 0
    async with odd_server(handler) as server:
        box.append(server)
        for _ in range(times):
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", server.port, ssl=context)
            except UnknownCertificate:
                continue
            passed += 1
            writer.write(b"GET / HTTP/1.1\r\n\r\n")
            await writer.drain()
            writer.write_eof() if writer.can_write_eof() else writer.close()
            await reader.read()
    return passed, server


def test_two_hundred_handshakes_with_a_strange_certificate_send_not_one_byte() -> None:
    pin = Pin(OURS, [VENDOR])
    passed, server = asyncio.run(_dial(pinned_context(pin), 200))
    assert passed == 0
    assert bytes(server.received) == b""
    assert pin.shown == server.fingerprint
    assert pin.accepted == ""


def test_without_the_check_the_same_server_would_have_got_the_request() -> None:
    context = pinned_context(Pin(OURS, [VENDOR]))
    context.sslobject_class = ssl.SSLObject  # the guard taken out
    passed, server = asyncio.run(_dial(context, 1))
    assert passed == 1
    assert bytes(server.received).startswith(b"GET /")


def test_blocking_sockets_cannot_pass_the_check_by() -> None:
    async def scene() -> None:
        async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read()

        async with odd_server(handler) as server:
            pin = Pin(server.fingerprint, [])

            def block() -> None:
                import socket

                with (
                    socket.create_connection(("127.0.0.1", server.port)) as plain,
                    pinned_context(pin).wrap_socket(plain) as secure,
                ):
                    secure.send(b"GET /")

            with pytest.raises(UnknownCertificate):
                await asyncio.to_thread(block)

    asyncio.run(scene())


def test_the_pinned_certificate_passes_and_is_remembered_as_accepted() -> None:
    async def scene() -> tuple[str, str]:
        async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read()

        async with odd_server(handler) as server:
            pin = Pin(server.fingerprint, [])
            _, writer = await asyncio.open_connection("127.0.0.1", server.port, ssl=pinned_context(pin))
            writer.close()
            return pin.accepted, server.fingerprint

    accepted, shown = asyncio.run(scene())
    assert accepted == shown


@given(st.integers(0, 10_000), st.integers(0, 255), st.integers(0, 600))
def test_the_end_of_a_mangled_certificate_is_a_time_or_nothing(place: int, value: int, length: int) -> None:
    whole = bytearray(CERTIFICATE)
    whole[place % len(whole)] = value
    for one in (bytes(whole), CERTIFICATE[:length], bytes(whole) * 2):
        assert end_of(one) is None or isinstance(end_of(one), float)


def test_the_end_of_a_certificate_is_the_one_it_names() -> None:
    assert end_of(CERTIFICATE) == pytest.approx(time.time() + 364 * 24 * 3600, abs=60)
