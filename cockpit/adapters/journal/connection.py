"""The journal's connection to SQLite: how it is opened, how it writes, and what its errors mean."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path

from cockpit.adapters.journal.sqlite_library import Database
from cockpit.adapters.journal.values import Damaged
from cockpit.domain.remedy import Remedy
from cockpit.services.errors import JournalTrouble


class Fault(Enum):
    """What can be wrong with the journal, with the sentence and the remedy for it."""

    FULL = ("The disk is full, so the journal pauses.", "Free some space: 20 MB are enough to go on.")
    LOCKED = (
        "Another program holds the journal locked, so it pauses.",
        "Wait for the backup or virus scanner to finish, or close the program that has the file open.",
    )
    READ_ONLY = ("The journal's folder cannot be written to.", "Allow this user to write to the folder.")
    GONE = ("The journal's folder cannot be reached.", "Bring the folder or the drive back.")
    DAMAGED = ("The journal is damaged.", "Nothing: a fresh one is started and the old one is kept.")
    OTHER = ("The journal cannot be used.", "The log has the cause.")

    @property
    def sentence(self) -> str:
        """What happened, in one sentence."""
        return self.value[0]

    def trouble(self, path: Path, cause: BaseException | None = None) -> JournalTrouble:
        """Return the trouble that says this about the journal at `path`."""
        trouble = JournalTrouble(f"{self.value[0]} ({path})", Remedy(self.value[1]))
        trouble.__cause__ = cause
        return trouble


# SQLite's primary result codes; the extended ones carry them in their low byte.
_FAULTS = {
    5: Fault.LOCKED,  # BUSY
    6: Fault.LOCKED,  # LOCKED
    8: Fault.READ_ONLY,
    10: Fault.GONE,  # IOERR
    11: Fault.DAMAGED,  # CORRUPT
    13: Fault.FULL,
    14: Fault.GONE,  # CANTOPEN
    26: Fault.DAMAGED,  # NOTADB
}


def fault_of(error: Exception) -> Fault:
    """Say what an error of SQLite or of the file system means for the journal."""
    if isinstance(error, Damaged):
        return Fault.DAMAGED
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", None)
        return _FAULTS.get(code & 0xFF, Fault.OTHER) if isinstance(code, int) else Fault.OTHER
    if isinstance(error, PermissionError):
        return Fault.READ_ONLY
    return Fault.GONE


def connect(path: Path, busy: float) -> Database:
    """Open the file for writing, make it (readable by its user only) when it is not there. `busy` in seconds.

    WAL and FULL: with less, a power cut can take what was already acknowledged.
    """
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    connection = sqlite3.connect(path, timeout=busy, isolation_level=None)
    try:
        _prepare(connection, "journal_mode = WAL", "synchronous = FULL")
        return Database(connection, execute_plugins=False)
    except BaseException:
        connection.close()
        raise


def connect_reading(path: Path, busy: float) -> Database:
    """Open the file for reading only. `busy` in seconds."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro", timeout=busy, uri=True, isolation_level=None
    )
    try:
        _prepare(connection)
        return Database(connection, execute_plugins=False)
    except BaseException:
        connection.close()
        raise


def _prepare(connection: sqlite3.Connection, *pragmas: str) -> None:
    for pragma in (*pragmas, "foreign_keys = ON", "trusted_schema = OFF", "cell_size_check = ON"):
        connection.execute(f"PRAGMA {pragma}")


@contextmanager
def immediate(db: Database) -> Iterator[None]:
    """Write all or nothing. The lock is taken at once: to read first and write later fails beside a writer."""
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.conn.execute("COMMIT")
    except BaseException:
        if db.conn.in_transaction:
            db.conn.execute("ROLLBACK")
        raise
