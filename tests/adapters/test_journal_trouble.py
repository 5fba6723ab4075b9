"""A journal that cannot be written or read: the program goes on, a sentence says so, and nothing is lost."""

from __future__ import annotations

import asyncio
import errno
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from cockpit.adapters.journal.connection import Fault, fault_of
from cockpit.adapters.journal.runs import Writer
from cockpit.adapters.journal.sqlite import SqliteJournal
from cockpit.adapters.journal.thread import Timings
from cockpit.services.errors import JournalTrouble
from tests.adapters.journals import SHORT, append, open_journal, run, seen, troubles_of, with_journal

pytestmark = pytest.mark.plain


def filled(path: Path, count: int = 200) -> list[object]:
    """Make a journal with one run and `count` facts; return the values it holds."""

    async def live(journal: SqliteJournal) -> None:
        journal.append([seen(fact=f"fact {number}", value=number) for number in range(count)])
        await journal.write_run(run("a"))

    with_journal(path, live)
    return list(range(count))


async def values(journal: SqliteJournal) -> list[object]:
    return [one.value for one in await journal.newest()]


async def until_paused(journal: SqliteJournal) -> JournalTrouble:
    """Ask until the journal says that it cannot write."""
    while journal.trouble is None:
        try:
            await journal.flush()
        except JournalTrouble:
            continue
    return journal.trouble


def test_while_another_program_holds_the_lock_observations_wait_and_are_written_after(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"

    async def live(journal: SqliteJournal) -> None:
        await journal.flush()
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            journal.append([seen(value="while locked")])
            with pytest.raises(JournalTrouble, match="locked"):
                await journal.flush()
            assert await journal.newest() == []  # reading goes on
            with pytest.raises(JournalTrouble, match="locked"):
                await journal.write_run(run("a"))
            other.execute("ROLLBACK")
        await journal.flush()
        assert journal.trouble is None
        assert await values(journal) == ["while locked"]

    with_journal(path, live)


def test_a_lock_is_told_only_when_it_stays(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"

    async def live(journal: SqliteJournal) -> None:
        await journal.flush()
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            journal.append([seen()])
            with pytest.raises(JournalTrouble):
                await journal.flush()
            assert troubles_of(journal) == []
            with pytest.raises(JournalTrouble):
                await journal.flush()
            assert [sentence.split(",")[0] for sentence in troubles_of(journal)] == [
                "Another program holds the journal locked"
            ]
            other.execute("ROLLBACK")

    # Nothing tries again by itself within this test.
    with_journal(path, live, Timings(batch=60, busy=0.02, retry=60, longest_retry=60))


def test_when_too_much_waits_the_oldest_goes_and_the_loss_is_told(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"

    async def live(journal: SqliteJournal) -> None:
        await journal.flush()
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            for number in range(10):
                journal.append([seen(fact=str(number), value=number)])
            await until_paused(journal)
            other.execute("ROLLBACK")
        await journal.flush()
        assert await values(journal) == [7, 8, 9]
        assert "7 observations were not kept while the journal could not write." in troubles_of(journal)

    with_journal(path, live, Timings(batch=60, busy=0.02, retry=60, longest_retry=60, most_waiting=3))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 2 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    if shutil.which("mount") is None or os.name != "posix" or os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", place], capture_output=True)
    if done.returncode:
        pytest.skip("this machine lets nobody mount a small disk")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def fill(disk: Path) -> Path:
    """Fill a disk to the last byte."""
    film = disk / "film.mp4"
    with film.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(4096)) == 4096:
                pass
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
    return film


def test_on_a_full_disk_the_journal_pauses_and_goes_on_when_there_is_room(small_disk: Path) -> None:
    path = small_disk / "journal.sqlite"

    async def live(journal: SqliteJournal) -> None:
        journal.append([seen(value="before")])
        await journal.flush()
        film = fill(small_disk)
        big = [seen(fact=str(number), value="x" * 1000) for number in range(400)]
        journal.append(big)
        trouble = await until_paused(journal)
        assert trouble.sentence.startswith("The disk is full")
        assert trouble.remedy is not None
        assert trouble.remedy.sentence.startswith("Free some space")
        assert (await values(journal))[0] == "before"
        film.unlink()
        await journal.flush()
        assert len(await values(journal)) == 401
        assert journal.trouble is None

    with_journal(path, live)


def test_on_a_full_disk_the_ballast_lets_the_last_batch_be_written(small_disk: Path) -> None:
    async def live(journal: SqliteJournal) -> None:
        await journal.flush()
        assert (small_disk / "journal.ballast").exists()
        fill(small_disk)
        journal.append([seen(fact=str(number), value="x" * 1000) for number in range(60)])
        await journal.flush()
        assert not (small_disk / "journal.ballast").exists()

    with_journal(small_disk / "journal.sqlite", live)


def test_without_its_folder_the_journal_says_so_and_starts_when_the_folder_is_back(tmp_path: Path) -> None:
    folder = tmp_path / "profile"
    folder.write_text("not a folder")

    async def live() -> None:
        journal = open_journal(folder / "journal.sqlite")
        told = append(journal, [seen(value="kept")])
        with pytest.raises(JournalTrouble, match="cannot be reached"):
            await journal.newest()
        with pytest.raises(JournalTrouble, match="cannot be reached"):
            await journal.flush()
        assert len(told + troubles_of(journal)) == 1
        folder.unlink()
        await journal.flush()
        assert await values(journal) == ["kept"]
        assert journal.trouble is None
        await journal.close()

    asyncio.run(live())


def test_a_journal_that_was_deleted_meanwhile_is_started_afresh_and_that_is_told(tmp_path: Path) -> None:
    path = tmp_path / "profile" / "journal.sqlite"

    async def live(journal: SqliteJournal) -> None:
        journal.append([seen(value="lost")])
        await journal.flush()
        shutil.rmtree(path.parent)
        journal.append([seen(value="kept")])
        await journal.flush()
        [told] = troubles_of(journal)
        assert told.startswith("The journal's file was moved or deleted")

    with_journal(path, live)
    assert with_journal(path, values) == ["kept"]


def test_closing_with_something_unwritten_says_so(tmp_path: Path) -> None:
    (tmp_path / "profile").write_text("not a folder")

    async def live() -> None:
        journal = open_journal(tmp_path / "profile" / "journal.sqlite")
        append(journal, [seen()])
        with pytest.raises(JournalTrouble, match="cannot be reached"):
            await journal.close()

    asyncio.run(live())


def test_a_second_cockpit_reads_the_journal_and_leaves_the_writing_to_the_first(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"

    async def second_reads(first: SqliteJournal) -> None:
        first.append([seen(value="by the first")])
        await first.flush()
        second = open_journal(path)
        assert await values(second) == ["by the first"]
        assert [told.split(",")[0] for told in troubles_of(second)] == ["Another cockpit writes this journal"]
        append(second, [seen(value="by the second", at=2e9)])
        with pytest.raises(JournalTrouble, match="only reads it"):
            await second.flush()
        with pytest.raises(JournalTrouble, match="only reads it"):
            await second.write_run(run("b"))
        first.append([seen(value="by the first again")])
        await first.flush()
        assert await values(second) == ["by the first again"]
        await second.close()

    with_journal(path, second_reads)


@pytest.mark.parametrize(
    "content",
    [
        b"not a database at all" * 100,
        b"SQLite format 3\x00" + bytes(4096),
        random.Random(1).randbytes(20_000),
    ],
    ids=["text", "header only", "noise"],
)
def test_a_file_that_is_no_journal_is_moved_aside_whole_and_a_fresh_one_started(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "journal.sqlite"
    path.write_bytes(content)

    async def live(journal: SqliteJournal) -> list[str]:
        journal.append([seen(value="new")])
        await journal.flush()
        assert await values(journal) == ["new"]
        return troubles_of(journal)

    async def told(journal: SqliteJournal) -> list[str]:
        await journal.newest()
        return troubles_of(journal) + await live(journal)

    [sentence] = with_journal(path, told)
    aside = tmp_path / "journal-damaged-20270115-080000.sqlite"
    assert aside.read_bytes() == content
    assert f"The journal was damaged: it was moved to {aside} and a fresh one started." in sentence


def test_another_programs_database_is_never_written_to(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("CREATE TABLE recipes (name TEXT)")
    before = path.read_bytes()

    async def told(journal: SqliteJournal) -> list[str]:
        await journal.newest()
        return troubles_of(journal)

    [sentence] = with_journal(path, told)
    assert sentence.startswith("The journal belongs to another program: it was moved to")
    assert (tmp_path / "journal-damaged-20270115-080000.sqlite").read_bytes() == before


def test_a_second_damaged_journal_of_the_same_second_overwrites_nothing(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    for content in (b"first" * 50, b"second" * 50):
        path.write_bytes(content)
        with_journal(path, values)
    kept = sorted(file.read_bytes() for file in tmp_path.glob("journal-damaged-*.sqlite"))
    assert kept == [b"first" * 50, b"second" * 50]


def test_random_damage_never_stops_the_program_and_facts_are_true_or_gone(tmp_path: Path) -> None:
    whole = tmp_path / "whole.sqlite"
    held = filled(whole)
    content = whole.read_bytes()
    dice = random.Random(20261122)
    outcomes = set()
    for number in range(40):
        path = tmp_path / str(number) / "journal.sqlite"
        path.parent.mkdir()
        damaged = bytearray(content)
        match dice.randrange(3):
            case 0:
                del damaged[dice.randrange(len(damaged)) :]
            case 1:
                start = dice.randrange(len(damaged))
                damaged[start : start + 512] = dice.randbytes(512)
            case _:
                page = dice.randrange(len(damaged) // 4096) * 4096
                damaged[page : page + 4096] = bytes(4096)
        path.write_bytes(damaged)

        async def live(journal: SqliteJournal) -> tuple[bool, bool]:
            try:
                before = await values(journal)
            except JournalTrouble:
                before = []
            told = troubles_of(journal)
            journal.append([seen(fact="new", value="new")])
            await journal.flush()
            assert "new" in await values(journal)
            return before == held, bool(told + troubles_of(journal))

        outcomes.add(with_journal(path, live))
    assert (False, True) in outcomes  # most damage is noticed and told


def test_damage_that_shows_only_while_writing_moves_the_journal_aside_and_keeps_the_batch(
    tmp_path: Path,
) -> None:
    path = tmp_path / "journal.sqlite"
    filled(path, 2000)

    async def live(journal: SqliteJournal) -> None:
        await journal.flush()
        with closing(sqlite3.connect(path)) as db:
            [(root,)] = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'words'").fetchall()
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with path.open("r+b") as file:
            file.seek((root - 1) * 4096)
            file.write(b"\xff" * 4096)
        journal.append([seen(fact="never seen before", value="kept")])
        await journal.flush()
        assert await values(journal) == ["kept"]
        assert "The journal was damaged" in troubles_of(journal)[0]

    with_journal(path, live)


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (PermissionError(13, "no"), Fault.READ_ONLY),
        (FileNotFoundError(2, "gone"), Fault.GONE),
        (sqlite3.OperationalError("our own mistake"), Fault.OTHER),
    ],
)
def test_errors_are_told_apart(error: Exception, fault: Fault) -> None:
    assert fault_of(error) is fault


def test_the_writer_of_a_run_is_the_one_that_opened_the_journal(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    with_journal(path, values)

    async def later() -> None:
        journal = open_journal(path, SHORT, Writer("0.2.0", "2027-01"))
        await journal.flush()
        await journal.close()

    asyncio.run(later())
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT value FROM about WHERE key = 'written by'").fetchall() == [("0.2.0",)]


def test_nothing_of_the_journal_keeps_the_program_from_ending(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from tests.adapters.journals import open_journal;"
        "open_journal(Path(sys.argv[1]) / 'journal.sqlite'); print('ended')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, timeout=30
    )
    assert (done.returncode, done.stdout) == (0, "ended\n")
