"""Opening a journal whatever is there: fresh, older, newer, damaged, foreign, or in use by another cockpit."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from msgspec import Struct

from cockpit.adapters.journal.connection import Fault, connect, connect_reading, fault_of, immediate
from cockpit.adapters.journal.facts import FactRows
from cockpit.adapters.journal.files import copy_before, keep_ballast, move_aside
from cockpit.adapters.journal.migrations import APPLICATION_ID, JOURNAL, names
from cockpit.adapters.journal.runs import RunRows, Writer
from cockpit.adapters.journal.sqlite_library import Database, Migrations
from cockpit.adapters.profile.instance_lock import FileLock
from cockpit.domain.remedy import Remedy
from cockpit.services.errors import JournalTrouble

LARGEST_CHECKED = 32 * 1024 * 1024  # bytes; larger ones would hold up the start, their damage shows when read


class Store(Struct, frozen=True):
    """An open journal. `trouble` says what the trader should know about how it was opened, None when nothing."""

    path: Path
    db: Database
    facts: FactRows
    runs: RunRows
    lock: FileLock | None
    trouble: JournalTrouble | None
    file: int  # the file's number (inode), to see when it is not there any more

    @property
    def is_writable(self) -> bool:
        """Whether this process may write it."""
        return self.lock is not None

    def is_in_place(self) -> bool:
        """Whether the file at the path is still the open one: SQLite would go on writing into a deleted file."""
        try:
            return self.path.stat().st_ino == self.file
        except OSError:
            return False

    def close(self) -> None:
        """Close the file and let others write it."""
        self.db.close()
        if self.lock is not None:
            self.lock.release()


def open_store(
    path: Path, writer: Writer, busy: float, now: float, migrations: Migrations = JOURNAL
) -> Store:
    """Open the journal at `path`, for reading only when it must be; `busy` and `now` in seconds.

    Raises sqlite3.Error and OSError when it can be neither written nor read.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = FileLock.take(path.with_name(f"{path.stem}.lock"))
    if lock is None:
        return _reading(path, writer, busy, "Another cockpit writes this journal, so this one only reads it.")
    try:
        newer = _newer(path, busy, migrations)
        if newer is not None:
            lock.release()
            return _reading(path, writer, busy, _newer_sentence(newer))
        trouble = None
        if (reason := _unusable(path, busy)) is not None:
            trouble = _aside_trouble(reason, move_aside(path, now))
        return _writing(path, writer, busy, migrations, lock, trouble)
    except BaseException:
        lock.release()
        raise


def set_aside(store: Store, now: float) -> JournalTrouble:
    """Close a journal that turned out to be damaged, move it away, and return what to say. Raises OSError."""
    store.close()
    return _aside_trouble("was damaged", move_aside(store.path, now))


def _writing(
    path: Path,
    writer: Writer,
    busy: float,
    migrations: Migrations,
    lock: FileLock,
    trouble: JournalTrouble | None,
) -> Store:
    db = connect(path, busy)
    try:
        upgrade(db, path, writer.program, migrations)
        keep_ballast(path)
        return Store(path, db, FactRows(db), RunRows(db, writer), lock, trouble, path.stat().st_ino)
    except BaseException:
        db.close()
        raise


def upgrade(db: Database, path: Path, program: str, migrations: Migrations = JOURNAL) -> None:
    """Bring an open journal to the present schema in one transaction, after a copy when there is anything to lose.

    Raises sqlite3.Error; the file is then as it was.
    """
    pending = migrations.pending(db)
    if pending and migrations.applied(db):
        copy_before(db, path, pending[0].name)
    with immediate(db):
        if pending:
            migrations.apply(db)
            if not _is_whole(db) or db.execute("PRAGMA foreign_key_check").fetchone() is not None:
                raise sqlite3.DatabaseError("the upgraded journal does not hold together")
        written_by = db.execute("SELECT value FROM about WHERE key = 'written by'").fetchone()
        if written_by != (program,):
            db.execute("INSERT OR REPLACE INTO about (key, value) VALUES ('written by', ?)", [program])


def _reading(path: Path, writer: Writer, busy: float, sentence: str) -> Store:
    db = connect_reading(path, busy)
    trouble = JournalTrouble(sentence, Remedy("Nothing is lost; what happens now is not kept."))
    try:
        return Store(path, db, FactRows(db), RunRows(db, writer), None, trouble, path.stat().st_ino)
    except BaseException:
        db.close()
        raise


def _newer(path: Path, busy: float, migrations: Migrations) -> str | None:
    """Return the version of the program that wrote a journal newer than this program knows, else None."""
    if not path.exists():
        return None
    try:
        db = connect_reading(path, busy)
    except sqlite3.Error:
        return None
    try:
        if {migration.name for migration in migrations.applied(db)} <= names(migrations):
            return None
        row = db.execute("SELECT value FROM about WHERE key = 'written by'").fetchone()
        return str(row[0]) if row else "an unknown version"
    except sqlite3.Error:
        return None
    finally:
        db.close()


def _newer_sentence(version: str) -> str:
    return f"The journal was written by version {version}, which is newer than this one; it is only read."


def _unusable(path: Path, busy: float) -> str | None:
    """Say why the file there cannot be our journal, None when it can be or when there is none."""
    if not path.exists() or path.stat().st_size == 0:
        return None
    try:
        db = connect_reading(path, busy)
    except sqlite3.Error as error:
        return _why(error)
    try:
        [(application,)] = db.execute("PRAGMA application_id")
        [(tables,)] = db.execute("SELECT count(*) FROM sqlite_schema")
        if application != APPLICATION_ID:
            return "belongs to another program" if tables or application else None
        if path.stat().st_size <= LARGEST_CHECKED and not _is_whole(db):
            return "was damaged"
        return None
    except sqlite3.Error as error:
        return _why(error)
    finally:
        db.close()


def _why(error: sqlite3.Error) -> str | None:
    """Only damage is a reason to move a file; everything else is met again, and said, when it is opened."""
    return "was damaged" if fault_of(error) is Fault.DAMAGED else None


def _is_whole(db: Database) -> bool:
    return bool(db.execute("PRAGMA quick_check(1)").fetchall() == [("ok",)])


def _aside_trouble(reason: str, aside: Path) -> JournalTrouble:
    return JournalTrouble(
        f"The journal {reason}: it was moved to {aside} and a fresh one started. The history before now is not shown.",
        Remedy("Keep the moved file if you need its history; support can often read most of it."),
    )
