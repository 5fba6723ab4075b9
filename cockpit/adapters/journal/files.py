"""The files around the journal: what is moved aside, copied before an upgrade, and kept for a full disk."""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from cockpit.adapters.journal.sqlite_library import Database

BALLAST_SIZE = 512 * 1024  # bytes; room for the last batches when the disk is full
_BESIDE = ("", "-wal", "-shm")  # a SQLite file and what belongs to it


def move_aside(path: Path, at: float) -> Path:
    """Move a journal that cannot be used out of the way, whole. `at` (UTC epoch seconds) goes into its name.

    The connection to it must be closed. Raises OSError.
    """
    stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime(at))
    number = 0
    while True:
        aside = path.with_name(f"{path.stem}-damaged-{stamp}{f'-{number}' if number else ''}{path.suffix}")
        if not any(_beside(aside, part).exists() for part in _BESIDE):
            break
        number += 1
    for part in _BESIDE:
        if _beside(path, part).exists():
            _beside(path, part).rename(_beside(aside, part))
    return aside


def copy_before(db: Database, path: Path, name: str) -> Path:
    """Copy the open journal to a file named after the change that is about to be made; return its path.

    It has its name only when it is whole. Raises OSError and sqlite3.Error.
    """
    place = path.with_name(f"{path.stem}-before-{name}{path.suffix}")
    unfinished = place.with_name(place.name + ".new")
    unfinished.unlink(missing_ok=True)
    os.close(os.open(unfinished, os.O_RDWR | os.O_CREAT, 0o600))
    with closing(sqlite3.connect(unfinished)) as copy:
        db.conn.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
    with unfinished.open("rb") as file:
        os.fsync(file.fileno())
    return unfinished.replace(place)


def keep_ballast(path: Path) -> None:
    """Keep some room that can be freed; without it a full disk stops even what would make room."""
    ballast = _ballast(path)
    try:
        if not ballast.exists() or ballast.stat().st_size < BALLAST_SIZE:
            ballast.write_bytes(bytes(BALLAST_SIZE))
            ballast.chmod(0o600)
    except OSError:
        free_ballast(path)


def free_ballast(path: Path) -> bool:
    """Free the room; return whether there was any."""
    try:
        _ballast(path).unlink()
    except OSError:
        return False
    return True


def _ballast(path: Path) -> Path:
    return path.with_name(f"{path.stem}.ballast")


def _beside(path: Path, part: str) -> Path:
    return path.with_name(path.name + part)
