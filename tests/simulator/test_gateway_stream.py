"""The gateway's websocket: what comes first, what comes when the sign-in changes, what is lost."""

from __future__ import annotations

import asyncio
import json

import pytest
from msgspec.structs import replace
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed
from websockets.frames import CloseCode

from cockpit.simulator.recorder import Entry
from cockpit.simulator.scenario import Portal, PortalServer

from .gateway_clients import A_HANG, INDEX, STOCK, UNLIMITED, Bench, frames, on_a_loop, running

pytestmark = pytest.mark.plain

WAITING = {"message": "waiting for session"}
QUOTE = f'smd+{STOCK}+{{"fields":["31","84"]}}'
GREETING = 5  # frames of a trading session: waiting, system, sts, act, blt


async def parsed(stream: ClientConnection, number: int) -> list[dict[str, object]]:
    """The next messages as objects."""
    return [json.loads(text) for text in await frames(stream, number)]


@on_a_loop
async def test_a_trading_session_greets_in_order() -> None:
    async with running() as bench, bench.stream() as stream:
        waiting, system, sts, act, blt = await parsed(stream, GREETING)
        assert waiting == WAITING
        assert (system["topic"], system["success"]) == ("system", "trader01")
        assert sts == {"topic": "sts", "args": {"authenticated": True}}
        assert act["topic"] == "act"
        assert act["args"] == (await bench.get("/iserver/accounts")).json()
        assert blt["topic"] == "blt"


@on_a_loop
async def test_the_heart_beats() -> None:
    async with running(replace(UNLIMITED, heartbeat_seconds=0.01)) as bench, bench.stream() as stream:
        await frames(stream, GREETING)
        for beat in await parsed(stream, 2):
            assert beat["topic"] == "system"
            assert isinstance(beat["hb"], int)


@on_a_loop
async def test_each_flag_comes_in_a_frame_of_its_own() -> None:
    async with running() as bench, bench.stream() as stream:
        await frames(stream, GREETING)
        await bench.gateway.set_state(Portal.COMPETING)
        lost = await parsed(stream, 2)
        await bench.gateway.set_state(Portal.TRADING)
        won = await parsed(stream, 3)
        assert [frame["args"] for frame in lost] == [{"authenticated": False}, {"competing": True}]
        assert [frame["args"] for frame in won[:2]] == [{"authenticated": True}, {"competing": False}]
        assert won[2]["topic"] == "act"


@on_a_loop
async def test_a_change_asked_over_http_is_told_on_the_stream() -> None:
    async with running(replace(UNLIMITED, state=Portal.SIGNED_IN)) as bench, bench.stream() as stream:
        assert (await parsed(stream, 3))[2]["args"] == {"authenticated": False}
        await bench.post("/iserver/auth/ssodh/init", {"publish": True, "compete": False})
        assert (await parsed(stream, 1))[0]["args"] == {"authenticated": True}


@pytest.mark.parametrize("state", [Portal.HANGING, Portal.SIGNED_OUT])
@on_a_loop
async def test_the_stream_ends_with_1000_when_the_upstream_goes(state: Portal) -> None:
    async with running() as bench, bench.stream() as stream:
        await frames(stream, GREETING)
        await bench.gateway.set_state(state)
        async for _ in stream:
            pass
        assert stream.close_code == CloseCode.NORMAL_CLOSURE


@pytest.mark.parametrize(
    "server",
    [replace(UNLIMITED, state=Portal.HANGING), replace(UNLIMITED, stream_silent=True)],
    ids=["gone", "mute"],
)
@on_a_loop
async def test_an_upgrade_proves_nothing(server: PortalServer) -> None:
    async with running(server) as bench, bench.stream() as stream:
        assert stream.response is not None
        assert stream.response.status_code == 101
        await stream.send("sts")
        await (await stream.ping())  # answered on the spot, and no proof either
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(stream.recv(), A_HANG)


@on_a_loop
async def test_an_address_that_is_refused_still_gets_the_stream() -> None:
    async with running(replace(UNLIMITED, state=Portal.REFUSING)) as bench, bench.stream() as stream:
        assert (await parsed(stream, 2))[1]["success"] == "trader01"


@on_a_loop
async def test_what_is_sent_before_the_session_is_open_is_lost() -> None:
    async with running(replace(UNLIMITED, state=Portal.SIGNED_OUT)) as bench, bench.stream() as stream:
        assert await parsed(stream, 1) == [WAITING]
        await stream.send(QUOTE)
        await (await stream.ping())  # by now the gateway has read the subscription
        await bench.gateway.set_state(Portal.TRADING)
        topics = [frame["topic"] for frame in await parsed(stream, GREETING - 1)]
        await stream.send("sts")
        assert (await parsed(stream, 1))[0]["topic"] == "sts"
        assert topics == ["system", "sts", "act", "blt"]
        assert [entry.raw for entry in streamed(bench)] == [QUOTE.encode(), b"sts"]


@on_a_loop
async def test_a_subscription_brings_the_asked_fields_until_it_ends() -> None:
    async with running(replace(UNLIMITED, heartbeat_seconds=0.01)) as bench, bench.stream() as stream:
        await frames(stream, GREETING)
        await stream.send(QUOTE)
        quotes: list[dict[str, object]] = []
        while len(quotes) < 2:
            quotes += [frame for frame in await parsed(stream, 1) if frame["topic"] == f"smd+{STOCK}"]
        assert all((one["conid"], one["31"], one["6509"]) == (STOCK, "1,234.50", "RpB") for one in quotes)
        await stream.send(f"umd+{STOCK}+{{}}")
        await stream.send("sts")
        while (await parsed(stream, 1))[0]["topic"] != "sts":
            pass
        assert [frame["topic"] for frame in await parsed(stream, 3)] == ["system"] * 3


@on_a_loop
async def test_without_brokerage_session_there_is_no_data() -> None:
    async with running(replace(UNLIMITED, state=Portal.COMPETING)) as bench, bench.stream() as stream:
        await frames(stream, 4)
        await stream.send(f'smd+{INDEX}+{{"fields":["31"]}}')
        assert (await parsed(stream, 1))[0]["topic"] == "error"


@on_a_loop
async def test_funds_and_orders_can_be_subscribed() -> None:
    async with running() as bench, bench.stream() as stream:
        await frames(stream, GREETING)
        await stream.send("ssd+U1234821+{}")
        await stream.send("sor+{}")
        funds, orders = await parsed(stream, 2)
        assert funds["topic"] == "ssd+U1234821"
        assert isinstance(orders["args"], list)
        assert len(orders["args"]) == 1


@on_a_loop
async def test_odd_messages_change_nothing() -> None:
    async with running() as bench, bench.stream() as stream:
        await frames(stream, GREETING)
        for odd in (
            "",
            "+",
            "smd",
            "smd+x+{}",
            f"smd+{'9' * 5000}+{{}}",
            "umd+1",
            "ssd+nobody+{}",
            b"\xff\xfe",
        ):
            await stream.send(odd)
        await stream.send(f"smd+{STOCK}+not json")
        quote = (await parsed(stream, 1))[0]
        assert quote["topic"] == f"smd+{STOCK}"
        assert "31" not in quote


@on_a_loop
async def test_a_message_above_64_kib_cuts_the_connection_off() -> None:
    async with running() as bench, bench.stream() as stream:
        await frames(stream, GREETING)
        await stream.send("x" * 70_000)
        with pytest.raises(ConnectionClosed):
            await stream.recv()
        assert stream.close_code == CloseCode.ABNORMAL_CLOSURE


def streamed(bench: Bench) -> list[Entry]:
    """What clients sent on the stream."""
    return [entry for entry in bench.recorder.entries() if entry.kind == "stream"]
