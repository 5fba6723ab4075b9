"""A process killed while it writes: what it acknowledged is there, nothing is half there, and it starts again."""

from __future__ import annotations

import asyncio
import random
import sqlite3
import sys
from contextlib import closing
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from cockpit.adapters.journal.sqlite import SqliteJournal
from tests.adapters.journals import PROCESSES, SHORT, open_journal, run, seen, troubles_of, with_journal

pytestmark = pytest.mark.plain

BATCH = 7


@dataclass(slots=True)
class Acknowledged:
    """What the killed processes said was on disk."""

    count: int = 0
    started: set[str] = field(default_factory=set)
    finished: set[str] = field(default_factory=set)


def write_for_ever(path: Path, first: int, told: Connection) -> None:
    """Count on in batches, with an unfinished and a finished run after each; say what is on disk."""

    async def live() -> None:
        journal = open_journal(path, SHORT)
        number = first
        while True:
            journal.append(
                [seen(fact="count", value=number + step, at=float(number + step)) for step in range(BATCH)]
            )
            number += BATCH
            await journal.flush()
            told.send(("count", number - 1))
            await journal.write_run(run(f"run {number}", ended=None))
            told.send(("started", f"run {number}"))
            await journal.write_run(run(f"run {number}"))
            told.send(("finished", f"run {number}"))

    asyncio.run(live())


def kill_after(path: Path, acknowledged: Acknowledged, first: int, words: int) -> None:
    """Let a process write until it has said so many words, and kill it in the middle of the next thing."""
    hears, says = PROCESSES.Pipe(duplex=False)
    process = PROCESSES.Process(target=write_for_ever, args=(path, first, says), daemon=True)
    process.start()
    says.close()
    for _ in range(words):
        note(acknowledged, *hears.recv())
    process.kill()
    process.join()
    try:
        while True:  # said before it died, heard after
            note(acknowledged, *hears.recv())
    except EOFError:
        hears.close()


def note(acknowledged: Acknowledged, word: str, what: int | str) -> None:
    if word == "count":
        acknowledged.count = int(what)
    elif word == "started":
        acknowledged.started.add(str(what))
    else:
        acknowledged.finished.add(str(what))


def look_at(path: Path, acknowledged: Acknowledged) -> int:
    """Check what a new process finds; return the number to go on from."""
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        counts = [value for (value,) in db.execute("SELECT value FROM observations ORDER BY id")]

    async def live(journal: SqliteJournal) -> None:
        stored = {one.id: one for one in await journal.newest_runs(10_000)}
        assert acknowledged.started | acknowledged.finished <= stored.keys()
        assert all(stored[name].ended is not None for name in acknowledged.finished)
        assert all(len(one.results) == 2 for one in stored.values())
        assert await journal.first_altered_run() is None
        newest = await journal.newest()
        assert [one.value for one in newest][-1:] == counts[-1:]
        assert troubles_of(journal) == []

    with_journal(path, live)
    assert counts == list(range(1, len(counts) + 1))
    assert len(counts) % BATCH == 0
    assert len(counts) >= acknowledged.count
    return len(counts) + 1


def kill_often(path: Path, kills: int, seed: int) -> None:
    dice = random.Random(seed)
    acknowledged, first = Acknowledged(), 1
    for _ in range(kills):
        kill_after(path, acknowledged, first, dice.randrange(1, 12))
        first = look_at(path, acknowledged)
    assert acknowledged.count
    assert acknowledged.finished


def test_after_a_kill_everything_acknowledged_is_there_and_nothing_is_half_there(tmp_path: Path) -> None:
    kill_often(tmp_path / "journal.sqlite", 20 if sys.platform != "win32" else 4, 0)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(50))
def test_after_a_thousand_kills_too(tmp_path: Path, seed: int) -> None:
    kill_often(tmp_path / "journal.sqlite", 20, seed)
