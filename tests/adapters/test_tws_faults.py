"""When the other side fails: half-open connections, drops, damaged and hostile frames, split streams."""

from __future__ import annotations

import asyncio
import logging
import struct

import pytest
from msgspec.structs import replace

from cockpit.domain import kinds
from cockpit.domain.kinds import Door, FeedState, Upstream
from cockpit.domain.plan import Ticket
from cockpit.services.errors import ConnectionEnded, NoAnswer, Unreadable
from cockpit.simulator.scenario import Event, Feed
from cockpit.simulator.tws import layouts
from cockpit.simulator.wire.frames import FieldValue, text
from tests.adapters.order_frames import framed
from tests.adapters.raw_tws import Peer, raw_link
from tests.adapters.tws_tools import AAPL, APPLE, IMPATIENT, opened, run, scenario

pytestmark = pytest.mark.plain


def test_a_half_open_connection_is_noticed_by_the_heartbeat_and_the_link_opens_again() -> None:
    async def story() -> None:
        async with opened() as here:
            await here.link.beat()
            await here.desk.play(Event(does="half_open"))
            with pytest.raises(NoAnswer):
                await here.link.beat()
            assert here.eyes.newest(kinds.DOOR) == Door.SILENT
            assert here.link.is_open
            await here.link.close()
            await here.link.open()
            await here.link.beat()
            assert here.eyes.newest(kinds.DOOR) == Door.OPEN

    run(story())


def test_a_late_answer_is_not_taken_for_the_next_one() -> None:
    async def serve(peer: Peer) -> None:
        await peer.start()
        await peer.request()
        await peer.request()
        peer.say("49", "1", "1000")
        peer.say("49", "1", "2000")
        await peer.until_gone()

    async def story() -> None:
        async with raw_link(serve) as (link, eyes):
            await link.open()
            with pytest.raises(NoAnswer):
                await link.beat()
            await link.beat()
            (clock,) = eyes.all(kinds.BROKER_CLOCK)
            assert isinstance(clock.value, float)
            assert round(clock.value + clock.at) in {2000, 2001}

    run(story())


def test_a_drop_is_lost_ends_every_question_and_gives_the_client_id_back() -> None:
    async def story() -> None:
        async with opened(scenario(replace(AAPL, feed=Feed.SILENT)), replace(IMPATIENT, feed=30.0)) as here:
            look = asyncio.create_task(here.link.ask_feed(APPLE))
            await here.counts.line_taken.wait()
            here.desk.tws().drop_clients()
            with pytest.raises(ConnectionEnded):
                await look
            await here.link.ended()
            assert here.eyes.newest(kinds.DOOR) == Door.LOST
            assert not here.link.is_open
            assert (here.counts.client_ids, here.counts.lines) == (0, 0)

    run(story())


def test_closing_on_purpose_is_not_a_loss() -> None:
    async def story() -> None:
        async with opened() as here:
            await here.link.close()
            await here.link.close()
            assert here.eyes.newest(kinds.DOOR) == Door.OPEN
            assert here.counts.client_ids == 0
            await here.link.ended()

    run(story())


def test_closing_while_somebody_asks_ends_the_question() -> None:
    async def story() -> None:
        async with opened(scenario(answer=False), replace(IMPATIENT, beat=30.0)) as here:
            beating = asyncio.create_task(here.link.beat())
            await asyncio.sleep(0)
            await here.link.close()
            with pytest.raises(ConnectionEnded):
                await beating

    run(story())


def test_a_question_whose_turn_comes_while_the_session_is_being_closed_is_told_that_it_has_ended() -> None:
    async def story() -> None:
        async with opened(timeouts=replace(IMPATIENT, beat=30.0, goodbye=1.0)) as here:
            await here.desk.play(
                Event(does="half_open")
            )  # so that the other side does not answer the goodbye
            # The second waits for the first one's turn, and must not write when that comes.
            first, second = (asyncio.create_task(here.link.beat()) for _ in range(2))
            await asyncio.sleep(0)
            first.cancel()
            closing = asyncio.create_task(here.link.close())
            with pytest.raises(ConnectionEnded):
                await second
            await closing

    run(story())


def test_the_loss_of_the_brokers_servers_outlives_heartbeats_that_tws_answers_itself() -> None:
    async def story() -> None:
        async with opened() as here:
            await here.desk.play(Event(does="upstream_lost"))
            await here.link.beat()
            await here.link.beat()
            assert here.eyes.newest(kinds.UPSTREAM) == Upstream.DOWN
            await here.desk.play(Event(does="upstream_back"))
            await here.link.beat()
            assert here.eyes.newest(kinds.UPSTREAM) == Upstream.UP_DATA_KEPT

    run(story())


def test_lost_subscriptions_void_what_was_seen_of_feeds() -> None:
    async def story() -> None:
        async with opened() as here:
            await here.link.ask_feed(APPLE)
            assert here.eyes.newest(kinds.FEED, "tws/tws/feed/AAPL") == FeedState.LIVE
            await here.desk.play(Event(does="upstream_lost"))
            await here.desk.play(Event(does="upstream_back", state="without_data"))
            await here.link.beat()
            assert here.eyes.newest(kinds.UPSTREAM) == Upstream.UP_DATA_LOST
            assert here.eyes.newest(kinds.FEED, "tws/tws/feed/AAPL") == FeedState.SILENT
            await here.link.ask_feed(APPLE)
            assert here.eyes.newest(kinds.FEED, "tws/tws/feed/AAPL") == FeedState.LIVE

    run(story())


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 64])
def test_a_stream_in_small_pieces_says_the_same(size: int) -> None:
    async def story() -> None:
        async with opened(scenario(split=size)) as here:
            await here.link.beat()
            await here.link.ask_accounts()
            await here.link.ask_contract(APPLE)
            await here.link.ask_feed(APPLE)
            preview = await here.link.preview(Ticket("t", "AAPL", price=10.5), APPLE)
            assert preview.initial_margin_change
            assert here.eyes.newest(kinds.CONTRACT, "tws/tws/contract/AAPL") == "one"
            assert here.eyes.newest(kinds.FEED, "tws/tws/feed/AAPL") == FeedState.LIVE

    run(story())


@pytest.mark.parametrize("length", [16 * 1024 * 1024 + 1, 2**31, 2**32 - 1])
def test_a_giant_frame_ends_the_session_before_it_is_collected(length: int) -> None:
    async def serve(peer: Peer) -> None:
        await peer.start()
        await peer.request()
        peer.writer.write(struct.pack(">I", length) + b"x" * 1000)
        await peer.until_gone()

    async def story() -> None:
        async with raw_link(serve) as (link, eyes):
            await link.open()
            with pytest.raises(ConnectionEnded):
                await link.beat()
            assert eyes.newest(kinds.DOOR) == Door.LOST
            assert "larger" in eyes.note(kinds.DOOR)

    run(story())


def test_frames_that_cannot_be_read_are_dropped_whole_and_the_third_ends_the_session(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def serve(peer: Peer) -> None:
        await peer.start()
        await peer.request()
        peer.say("49", "1", "secret-in-a-number")
        peer.say("49", "1", "1000")
        await peer.request()
        peer.say("10", "secret", "nonsense")
        peer.writer.write(framed(["secret"]))
        await peer.until_gone()

    async def story() -> None:
        async with raw_link(serve) as (link, eyes):
            await link.open()
            await link.beat()
            with pytest.raises(ConnectionEnded):
                await link.beat()
            assert "could not be read" in eyes.note(kinds.DOOR)

    with caplog.at_level(logging.DEBUG):
        run(story())
    assert "could not be read" in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.parametrize("number", [0, 3, 6, 11, 17, 59, 61, 101, 300, 9999])
def test_messages_nobody_asked_for_are_passed_over(number: int) -> None:
    async def serve(peer: Peer) -> None:
        await peer.start()
        for _ in range(10):
            peer.say(str(number), "1", "what", "ever")
        await peer.request()
        peer.say("49", "1", "1000")
        await peer.until_gone()

    async def story() -> None:
        async with raw_link(serve) as (link, _):
            await link.open()
            await link.beat()

    run(story())


def test_texts_in_the_code_page_of_windows_are_read() -> None:
    async def serve(peer: Peer) -> None:
        await peer.start()
        body = b"\0".join([b"4", b"2", b"-1", b"399", "Señal débil – aviso".encode("cp1252"), b"", b""])
        peer.writer.write(struct.pack(">I", len(body)) + body)
        await peer.request()
        peer.say("49", "1", "1000")
        await peer.until_gone()

    async def story() -> None:
        async with raw_link(serve) as (link, eyes):
            await link.open()
            await link.beat()
            assert eyes.newest(kinds.LAST_CODE) == 399
            assert eyes.note(kinds.LAST_CODE) == "Señal débil – aviso"

    run(story())


def test_a_flood_of_answers_is_bounded() -> None:
    async def serve(peer: Peer) -> None:
        await peer.start()
        await peer.request()
        peer.writer.write(framed(["14", "1", "1", "1", "x", ""]) * 60_000)
        await peer.until_gone()

    async def story() -> None:
        async with raw_link(serve, replace(IMPATIENT, bulletins=30.0)) as (link, eyes):
            await link.open()
            with pytest.raises(Unreadable):
                await link.ask_upstream()
            assert len(eyes.seen) < 60_000

    run(story())


def test_a_preview_that_is_answered_as_an_order_is_an_alarm() -> None:
    async def serve(peer: Peer) -> None:
        await peer.start()
        request = await peer.request()
        details = {
            "request": request[2],
            "symbol": "AAPL",
            "sec_type": "STK",
            "exchange": "SMART",
            "currency": "USD",
        }
        peer.say(
            *map(text, layouts.fill(layouts.CONTRACT_DETAILS, 178, details | {"con_id": 1, "strike": 0}))
        )
        peer.say("52", "1", request[2])
        order = await peer.request()
        values: dict[str, FieldValue | layouts.Block] = {
            "order_id": order[1],
            "what_if": 0,
            "status": "Submitted",
            "symbol": "AAPL",
            "sec_type": "STK",
        }
        peer.say(*map(text, layouts.fill(layouts.OPEN_ORDER, 178, values)))
        await peer.until_gone()

    async def story() -> None:
        async with raw_link(serve) as (link, _):
            await link.open()
            with pytest.raises(Unreadable) as trouble:
                await link.preview(Ticket("t", "AAPL", price=10.5), APPLE)
            assert "Look at the open orders" in trouble.value.sentence

    run(story())
