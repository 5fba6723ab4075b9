"""The recorder: everything that arrives is kept, and nothing live can pass as harmless."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.simulator.recorder import Recorder, why_forbidden
from cockpit.simulator.wire.frames import FieldValue, payload
from tests.simulator.tws_clients import STOCK, RawClient, contract_fields, details, on_loop, prices, serving


def with_frame(*fields: FieldValue, version: int = 200) -> Recorder:
    recorder = Recorder()
    recorder.frame("tws", 1, "in", payload(fields), version)
    return recorder


def with_call(method: str, path: str, body: bytes = b"", query: str = "") -> Recorder:
    recorder = Recorder()
    recorder.request("gateway", method, path, query, {"Host": "localhost"}, body, 1)
    return recorder


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param((4, 7, "", "", 2147483647), id="cancel"),
        pytest.param((58, "", 2147483647), id="global cancel"),
        pytest.param((21, 2, 1), id="exercise"),
        pytest.param((15, 1, 1), id="bind orders"),
        pytest.param((18, 1, 1), id="advisor set-up"),
        pytest.param((19, 1, 1, "<xml/>", 1), id="advisor set-up changed"),
        pytest.param((109,), id="settings changed"),
        pytest.param((71, 2, 0, ""), id="client id 0"),
        pytest.param(
            (1, 11, 1, *contract_fields(STOCK), False, "", True, True, ""), id="regulatory snapshot"
        ),
        pytest.param((3, 5), id="an order cut short"),
    ],
)
def test_a_frame_that_must_never_be_sent_is_named(fields: tuple[FieldValue, ...]) -> None:
    (entry,) = with_frame(*fields).forbidden()
    assert why_forbidden(entry)


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param((71, 2, 901, ""), id="start"),
        pytest.param((49, 1), id="time"),
        pytest.param((15, 1, 0), id="no binding"),
        pytest.param(tuple(prices(1, STOCK, snapshot=True)), id="plain snapshot"),
        pytest.param(tuple(details(1, STOCK)), id="contract"),
    ],
)
def test_a_frame_that_only_reads_is_not_forbidden(fields: tuple[FieldValue, ...]) -> None:
    assert with_frame(*fields).forbidden() == ()


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/v1/api/iserver/account/U1/orders", b"{}"),
        ("POST", "/v1/api/iserver/account/U1/order/12", b"{}"),
        ("DELETE", "/v1/api/iserver/account/U1/order/12", b""),
        ("POST", "/v1/api/iserver/reply/abc", b"{}"),
        ("POST", "/v1/api/iserver/questions/suppress", b"{}"),
        ("POST", "/v1/api/iserver/reauthenticate", b""),
        ("POST", "/v1/api/logout", b""),
        ("POST", "/v1/api/iserver/auth/ssodh/init", b'{"publish": true, "compete": true}'),
        ("POST", "/v1/api/iserver/auth/ssodh/init", b"publish=true&compete=true"),
    ],
)
def test_a_call_that_must_never_be_made_is_named(method: str, path: str, body: bytes) -> None:
    (entry,) = with_call(method, path, body).forbidden()
    assert why_forbidden(entry)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/v1/api/tickle", b""),
        ("POST", "/v1/api/iserver/account/U1/orders/whatif", b"{}"),
        ("GET", "/v1/api/iserver/account/orders", b""),
        ("POST", "/v1/api/iserver/auth/ssodh/init", b'{"publish": true, "compete": false}'),
        ("GET", "/v1/api/portfolio/accounts", b""),
    ],
)
def test_a_call_that_only_reads_or_asks_is_not_forbidden(method: str, path: str, body: bytes) -> None:
    recorder = with_call(method, path, body)
    assert recorder.forbidden() == ()
    assert len(recorder.what_ifs()) == int("whatif" in path)


@given(body=st.binary(max_size=80), version=st.integers(100, 200))
def test_no_bytes_whatever_break_the_recorder(body: bytes, version: int) -> None:
    recorder = Recorder()
    recorder.frame("tws", 1, "in", body, version)
    recorder.request("gateway", "POST", "/v1/api/iserver/auth/ssodh/init", "", {}, body, 1)
    recorder.forbidden()
    for entry in recorder.entries():
        json.loads(entry.line())


@on_loop
async def test_requests_are_kept_in_order_and_by_server() -> None:
    async with serving() as running:
        client = await RawClient.enter(running.port)
        client.send(49, 1)
        client.send(*details(1, STOCK))
        await client.until(52)
        assert running.recorder.message_ids() == (71, 49, 9)
        assert running.recorder.message_ids("other") == ()
        assert [entry.name for entry in running.recorder.entries()][1:] == [
            "reqCurrentTime",
            "reqContractDetails",
        ]
        assert "10" in {entry.fields[0] for entry in running.recorder.entries("out")}
        await client.close()


def test_every_entry_becomes_a_line_of_json_when_a_file_is_given(tmp_path: Path) -> None:
    path = tmp_path / "record.jsonl"
    recorder = Recorder(path, now=lambda: 1000.5)
    recorder.frame("tws", 1, "in", payload([49, 1]), 200)
    recorder.request("gateway", "GET", "/tickle", "", {"Host": "h"}, b"", 2)
    recorder.stream("gateway", "out", b"{}", 2)
    recorder.close()
    first, second, third = (json.loads(line) for line in path.read_text("utf-8").splitlines())
    assert (first["at"], first["name"], first["raw"]) == (1000.5, "reqCurrentTime", "3439003100")
    assert (second["method"], second["path"], second["headers"]) == ("GET", "/tickle", [["Host", "h"]])
    assert (third["kind"], third["direction"]) == ("stream", "out")
