"""Hostile bytes for what listens: the link to TWS, and the door at which a second start knocks."""

from __future__ import annotations

import asyncio
import queue
import random
import socket
import tempfile
from pathlib import Path

from cockpit.adapters.profile.instance_door import WORD, Door, knock
from cockpit.domain.plan import Instrument
from cockpit.services.errors import Trouble
from cockpit.simulator.desk import SimulatedDesk
from tests.adapters.raw_tws import Peer, raw_link
from tests.adapters.tws_tools import APPLE, opened
from tests.fuzz.mutation import PIECES, mutated

ENDS_WITHIN = 10.0  # seconds; only a link that hangs takes so long


def tws_frames(cases: int, seed: int) -> dict[str, int]:
    """Send bent frames after a good handshake: the link reports what it can read and raises Trouble at most."""
    return asyncio.run(_tws_frames(cases, random.Random(seed)))


def instance_door(cases: int, seed: int) -> dict[str, int]:
    """Knock with bent words: only the whole word in one piece raises the window, and the door stays open."""
    chance = random.Random(seed)
    raised: queue.Queue[bool] = queue.Queue()
    knocks = 0
    with tempfile.TemporaryDirectory() as folder:
        door = Door(Path(folder), lambda: raised.put(True))
        try:
            for _ in range(cases):
                case = mutated(chance, (WORD, b"raise", b"", b"raised\n"))
                with socket.socket(socket.AF_UNIX) as line:
                    line.settimeout(ENDS_WITHIN)
                    line.connect(f"{folder}/cockpit.sock")
                    line.sendall(case)
                    line.shutdown(socket.SHUT_WR)
                    _until_closed(line)
                knocks += case == WORD
            assert knock(Path(folder)), "the door no longer answers"
            for _ in range(knocks + 1):
                raised.get(timeout=ENDS_WITHIN)
        finally:
            door.close()
    assert raised.empty(), "raised without a whole word"
    return {"raised": knocks, "ignored": cases - knocks}


async def _tws_frames(cases: int, chance: random.Random) -> dict[str, int]:
    lost: list[dict[str, object]] = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: lost.append(context))
    corpus = await _real_frames()
    sent: list[bytes] = []

    async def serve(peer: Peer) -> None:
        await peer.start()
        stream = b"".join(_framed(chance, mutated(chance, corpus)) for _ in range(chance.randint(1, 8)))
        sent[:] = [stream]
        place = 0
        while place < len(stream):  # cut where no honest peer would
            piece = stream[place : place + chance.choice((1, 3, 50, 5000))]
            peer.writer.write(piece)
            await peer.writer.drain()
            place += len(piece)

    read = 0
    async with raw_link(serve) as (link, eyes):
        for _ in range(cases):
            try:
                async with asyncio.timeout(ENDS_WITHIN):
                    await link.open()
                    read += 1
                    await link.ended()
            except Trouble:
                pass
            except TimeoutError:
                raise AssertionError(f"the link hangs: {sent!r}") from None
            except Exception as finding:
                raise AssertionError(f"{type(finding).__name__}: {finding}: {sent!r}") from finding
            assert not lost, f"{lost[0]}: {sent!r}"
            await link.close()
            eyes.seen.clear()
    return {"sessions that stood": read, "refused at the door": cases - read}


async def _real_frames() -> list[bytes]:
    """The bodies that a simulated TWS answers to every question of ours."""
    async with opened() as bench:
        desk: SimulatedDesk = bench.desk
        questions = (
            bench.link.beat,
            bench.link.ask_upstream,
            bench.link.ask_accounts,
            bench.link.ask_orders,
        )
        for ask in questions:
            await ask()
        for look in (bench.link.ask_feed, bench.link.ask_contract):
            await look(APPLE)
        nothing = Instrument("none", "NONE")
        try:
            await bench.link.ask_contract(nothing)
        except Trouble:
            pass  # its error message is what we came for
        return sorted({entry.raw for entry in desk.recorder.entries("out") if entry.kind == "frame"})


def _framed(chance: random.Random, body: bytes) -> bytes:
    """Put a length before a body: the true one nearly always, for behind a wrong one nothing is read."""
    if chance.random() < 0.03:
        return chance.choice((b"\x00\x00\x00\x00", b"\xff\xff\xff\xff", b"\x00\xff\xff\xff")) + body
    if chance.random() < 0.1:
        body += chance.choice(PIECES) + b"\0"
    return len(body).to_bytes(4, "big") + body


def _until_closed(line: socket.socket) -> None:
    try:
        while line.recv(64):
            pass
    except ConnectionError:
        pass  # closed with bytes of ours unread, which is an answer too
