"""Answers are read whole or refused whole, within limits, and what is personal in them stays outside."""

from __future__ import annotations

import asyncio
import gzip
import json
import zlib
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.adapters.portal.answers import (
    RAW_LIMIT,
    Answer,
    AuthStatus,
    Body,
    PortfolioAccount,
    Tickled,
    classify,
    decode,
    read_capped,
)
from cockpit.services.errors import Unreadable

pytestmark = pytest.mark.plain


@pytest.mark.parametrize(
    ("status", "content", "location", "body"),
    [
        pytest.param(200, b'{"authenticated": true}', "", Body.STATUS, id="status"),
        pytest.param(200, b'{"error": "whatever"}', "", Body.ERROR, id="error"),
        pytest.param(
            400, b'{"error":"Bad Request: no bridge","statusCode":400}', "", Body.NO_BRIDGE, id="bridge"
        ),
        pytest.param(500, b"Not ready", "", Body.NOT_READY, id="not-ready-as-text"),
        pytest.param(500, b'{"error": "Not ready"}', "", Body.NOT_READY, id="not-ready-as-json"),
        pytest.param(404, b"Access Denied", "", Body.DENIED, id="address-filter"),
        pytest.param(404, b"Access Denied, sorry", "", Body.FOREIGN, id="only-the-exact-text-is-the-filter"),
        pytest.param(401, b"", "", Body.EMPTY, id="empty"),
        pytest.param(302, b"", "/sso/Login?forwardTo=22", Body.TO_SIGN_IN, id="sign-in-page"),
        pytest.param(302, b"", "/v1/elsewhere", Body.ELSEWHERE, id="elsewhere"),
        pytest.param(200, b"<html>maintenance</html>", "", Body.FOREIGN, id="a-page-with-200"),
        pytest.param(200, b"[]", "", Body.JSON, id="list"),
        pytest.param(
            200, b'{"iserver": {}, "hmds": {"error": "no bridge"}}', "", Body.JSON, id="idle-history"
        ),
    ],
)
def test_what_came_is_told_apart(status: int, content: bytes, location: str, body: Body) -> None:
    assert classify(status, content, location).body is body


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b'{"authenticated": tr', id="cut"),
        pytest.param(b'{"authenticated": false, "authenticated": true}', id="a-key-twice"),
        pytest.param(b'{"a": {"b": 1, "b": 2}}', id="a-key-twice-inside"),
        pytest.param(b'{"left": NaN}', id="nan"),
        pytest.param(b'{"left": Infinity}', id="infinity"),
        pytest.param(b'{"left": 1234567890123456789}', id="nineteen-digits"),
        pytest.param(b"[" * 100_000, id="deep"),
        pytest.param(b"[" * 3000 + b"]" * 3000, id="deep-but-closed"),
        pytest.param(b'{"name": "\xff\xfe"}', id="not-utf-8"),
        pytest.param(b'{"a": 1} {"b": 2}', id="two-documents"),
    ],
)
def test_bent_json_is_refused_whole(content: bytes) -> None:
    with pytest.raises(Unreadable):
        classify(200, content)


def test_eighteen_digits_are_read() -> None:
    assert decode(b"[123456789012345678, -123456789012345678]") == [123456789012345678, -123456789012345678]


@given(st.binary(max_size=200))
def test_no_bytes_at_all_bring_anything_but_an_answer_or_a_refusal(content: bytes) -> None:
    try:
        assert classify(200, content).body in Body
    except Unreadable:
        pass


def test_fields_nobody_asked_for_are_passed_over_and_never_kept() -> None:
    content = json.dumps(
        {"authenticated": True, "connected": True, "MAC": "02:00:5E:10:00:01", "hardware_info": "secret|hw"}
    ).encode()
    answer = classify(200, content)
    status = answer.read(AuthStatus)
    assert status == AuthStatus(True, True)
    assert "02:00:5E" not in repr(answer) + repr(status)


def test_a_field_of_a_wrong_type_refuses_the_answer_without_quoting_it() -> None:
    with pytest.raises(Unreadable) as refused:
        classify(200, b'{"authenticated": "U1234821"}').read(AuthStatus)
    assert "U1234821" not in refused.value.sentence
    assert ".authenticated" in refused.value.sentence


def test_numbers_of_either_kind_are_read_as_milliseconds() -> None:
    assert Answer(200, Body.JSON, {"ssoExpires": 1000}).read(Tickled).ssoExpires == 1000
    assert Answer(200, Body.JSON, {"ssoExpires": 1000.5}).read(Tickled).ssoExpires == 1000.5
    assert Answer(200, Body.JSON, {"session": "x"}).read(Tickled).ssoExpires is None


def test_a_list_of_accounts_is_read() -> None:
    rows = [
        {"accountId": "U1", "ibEntity": "IB-UK", "PrepaidCrypto-P": False},
        {"id": "U2", "ibEntity": None},
    ]
    read = Answer(200, Body.JSON, rows).read(tuple[PortfolioAccount, ...])
    assert [(row.accountId or row.id, row.ibEntity) for row in read] == [("U1", "IB-UK"), ("U2", None)]


async def _pieces(content: bytes, size: int) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


def read(content: bytes, packing: str = "", size: int = 65536) -> bytes:
    return asyncio.run(read_capped(_pieces(content, size), packing))


@given(
    content=st.binary(max_size=3000),
    packing=st.sampled_from(["", "gzip", "deflate"]),
    size=st.integers(1, 700),
)
def test_every_packing_that_is_allowed_gives_the_same_bytes_however_it_is_cut(
    content: bytes, packing: str, size: int
) -> None:
    packed = {"": content, "gzip": gzip.compress(content), "deflate": zlib.compress(content)}[packing]
    assert read(packed, packing, size) == content


def test_a_body_longer_than_the_limit_is_refused_while_it_comes() -> None:
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        while True:
            taken += 1 << 20
            yield b" " * (1 << 20)

    with pytest.raises(Unreadable):
        asyncio.run(read_capped(endless(), ""))
    assert taken <= RAW_LIMIT + (1 << 20)


def test_a_bomb_is_refused_although_it_is_small_on_the_wire() -> None:
    bomb = gzip.compress(b"0" * (80 << 20))
    with pytest.raises(Unreadable, match="far more"):
        read(bomb, "gzip")


@pytest.mark.parametrize("packing", ["br", "zstd", "gzip, gzip", "compress"])
def test_a_packing_nobody_asked_for_is_refused(packing: str) -> None:
    with pytest.raises(Unreadable):
        read(b"anything", packing)


def test_a_packed_body_that_is_cut_or_bent_is_refused() -> None:
    packed = gzip.compress(b"x" * 1000 + bytes(range(256)))
    for broken in (packed[:-12], b"no gzip at all"):
        with pytest.raises(Unreadable):
            read(broken, "gzip")
