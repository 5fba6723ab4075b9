"""Old, new and half-upgraded journals: an old one always opens, a newer one is never harmed."""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
import signal
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from cockpit.adapters.journal.migrations import JOURNAL, v1_observations_and_runs
from cockpit.adapters.journal.sqlite import SqliteJournal
from cockpit.domain.evidence import Observation, Provenance
from cockpit.services.errors import JournalTrouble
from tests.adapters.journals import (
    PROCESSES,
    SHORT,
    WRITER,
    StandingClock,
    append,
    open_journal,
    run,
    seen,
    troubles_of,
    with_journal,
)

pytestmark = pytest.mark.plain

RELEASED = sorted((Path(__file__).parents[1] / "data").glob("journal-*.sqlite"))
STEPS = 4  # places in the made-up change at which a process can die


def later(die_at: int | None = None) -> Migrations:
    """The journal's changes with a made-up one behind; a process dies at step `die_at` of it."""
    changes = Migrations("journal")
    changes()(v1_observations_and_runs)

    @changes()
    def v2_runs_know_the_machine(db: Database) -> None:
        _maybe_die(0, die_at)
        db.execute("ALTER TABLE runs ADD COLUMN machine TEXT NOT NULL DEFAULT 'unknown'")
        _maybe_die(1, die_at)
        db.execute("CREATE TABLE machines (name TEXT PRIMARY KEY) STRICT")
        _maybe_die(2, die_at)
        db.execute("INSERT INTO machines SELECT DISTINCT machine FROM runs")
        _maybe_die(3, die_at)

    return changes


def _maybe_die(step: int, die_at: int | None) -> None:
    if step == die_at:
        if sys.platform == "win32":
            os._exit(9)
        os.kill(os.getpid(), signal.SIGKILL)


async def _life(path: Path, changes: Migrations) -> tuple[list[Observation], list[str], list[str]]:
    journal = SqliteJournal(path, WRITER, StandingClock(), SHORT, changes)
    newest = list(await journal.newest())
    runs = [one.id for one in await journal.newest_runs(100)]
    assert await journal.first_altered_run() is None
    told = troubles_of(journal)
    await journal.close()
    return newest, runs, told


def opened(path: Path, changes: Migrations = JOURNAL) -> tuple[list[Observation], list[str], list[str]]:
    """Open and close a journal; return its facts, its runs and what it told."""
    return asyncio.run(_life(path, changes))


def schema(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        tables = {name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
        columns = {f"runs.{row[1]}" for row in db.execute("PRAGMA table_info(runs)")}
    return (tables | columns) & {"machines", "runs.machine", "observations"}


def test_there_is_a_released_journal_to_upgrade() -> None:
    assert [path.name for path in RELEASED] == ["journal-0.1.0.sqlite"]


@pytest.mark.parametrize("released", RELEASED, ids=lambda path: path.stem)
def test_a_released_journal_opens_with_everything_in_it(tmp_path: Path, released: Path) -> None:
    path = tmp_path / "journal.sqlite"
    shutil.copyfile(released, path)
    newest, runs, told = opened(path)
    assert newest == [
        Observation("tws/tws", "door", "open", Provenance.MEASURED, 1_800_000_000.0, "handshake 178"),
        Observation("tws/tws", "accounts", ("U1000001", "U1000002"), Provenance.MEASURED, 1_800_000_001.0),
        Observation("tws/tws", "round trip", 0.043, Provenance.MEASURED, 1_800_000_002.5),
        Observation("mobile", "opened at", 1_799_990_000.0, Provenance.ATTESTED, 1_800_000_003.0),
        Observation("desk", "vpn", False, Provenance.INFERRED, 1_800_000_004.0),
        Observation(
            "venue/XNYS", "early close", True, Provenance.PUBLISHED, 1_800_000_005.0, "calendar 4.13"
        ),
        Observation("tws/tws", "last code", 2104, Provenance.MEASURED, 1_800_000_006.0),
    ]
    assert runs == ["2027-01-15-c", "2027-01-15-b", "2027-01-15-a"]
    assert told == []


@pytest.mark.parametrize("released", RELEASED, ids=lambda path: path.stem)
def test_a_released_journal_is_copied_and_then_upgraded_without_losing_a_row(
    tmp_path: Path, released: Path
) -> None:
    path = tmp_path / "journal.sqlite"
    shutil.copyfile(released, path)
    before = opened(path)
    assert opened(path, later()) == before
    assert schema(path) == {"machines", "runs.machine", "observations"}
    assert schema(tmp_path / "journal-before-v2_runs_know_the_machine.sqlite") == {"observations"}
    assert opened(tmp_path / "journal-before-v2_runs_know_the_machine.sqlite") == before


def test_a_journal_is_copied_only_when_there_is_something_to_change(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    opened(path, later())
    opened(path, later())
    assert sorted(file.name for file in tmp_path.glob("*.sqlite")) == ["journal.sqlite"]


def test_a_journal_of_a_newer_program_is_read_and_not_a_byte_of_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"

    async def newer_program() -> None:
        journal = SqliteJournal(path, WRITER, StandingClock(), SHORT, later())
        journal.append([seen(value="from the future")])
        await journal.write_run(run("a"))
        await journal.close()

    asyncio.run(newer_program())
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE about SET value = '9.1.0' WHERE key = 'written by'")
    before = hashlib.sha256(path.read_bytes()).hexdigest()

    async def live(journal: SqliteJournal) -> None:
        assert [one.value for one in await journal.newest()] == ["from the future"]
        told = append(journal, [seen(value="now")]) + troubles_of(journal)
        assert told == [
            "The journal was written by version 9.1.0, which is newer than this one; it is only read."
        ]
        with pytest.raises(JournalTrouble, match=r"9\.1\.0"):
            await journal.write_run(run("b"))

    with_journal(path, live)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before


def test_a_change_that_fails_leaves_the_journal_as_it_was_and_the_program_going(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    with_journal(path, lambda journal: journal.write_run(run("a")))
    changes = later()

    @changes()
    def v3_that_breaks(db: Database) -> None:
        db.execute("DROP TABLE results")
        raise sqlite3.DatabaseError("no room for this change")

    async def live() -> None:
        journal = SqliteJournal(path, WRITER, StandingClock(), SHORT, changes)
        with pytest.raises(JournalTrouble):
            await journal.newest()
        append(journal, [seen()])
        with pytest.raises(JournalTrouble):
            await journal.close()

    asyncio.run(live())
    assert schema(path) == {"observations"}
    assert opened(path)[1] == ["a"]


def _upgrade_and_die(path: Path, step: int) -> None:
    asyncio.run(_life(path, later(step)))


@pytest.mark.parametrize("step", range(STEPS))
def test_a_process_killed_within_an_upgrade_leaves_the_old_schema_whole(tmp_path: Path, step: int) -> None:
    path = tmp_path / "journal.sqlite"
    shutil.copyfile(RELEASED[0], path)
    before = opened(path)
    process = PROCESSES.Process(target=_upgrade_and_die, args=(path, step))
    process.start()
    process.join()
    assert process.exitcode not in (0, None)
    assert schema(path) == {"observations"}
    assert opened(path) == before
    assert opened(path, later()) == before


def test_an_open_journal_of_the_present_is_not_taken_for_a_newer_one(tmp_path: Path) -> None:
    async def live() -> None:
        first = open_journal(tmp_path / "journal.sqlite")
        await first.flush()
        assert first.trouble is None
        await first.close()

    asyncio.run(live())
    asyncio.run(live())
