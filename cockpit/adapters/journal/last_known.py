"""The last known state of a journal, read with as little as it takes: the window shows it before all else is loaded."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from cockpit.adapters.journal.values import PROVENANCE_OF, Damaged, Stored, restored, restored_text
from cockpit.domain.evidence import Observation, Provenance

_BUSY = 0.2  # seconds that a glimpse waits for another program's lock

# Where a value has held for longer, the observation that began it comes first: folded, both give "since".
_NEWEST = (
    "SELECT s.text, f.text, o.shape, o.value, o.provenance, o.at, o.note "
    "FROM newest n JOIN observations o ON o.id IN (n.began, n.observation) "
    "JOIN words s ON s.id = n.subject JOIN words f ON f.id = n.fact ORDER BY o.id"
)


def last_known(connection: sqlite3.Connection) -> list[Observation]:
    """Return the newest observation of every fact, each after the one with which its value began.

    Raises sqlite3.Error, and Damaged for a row that this program never writes.
    """
    return read_rows(connection.execute(_NEWEST))


def read_rows(
    rows: Iterable[tuple[Stored, Stored, int, Stored, int, float, Stored | None]],
) -> list[Observation]:
    """Return observations from rows of subject, fact, shape, value, provenance, time and note. Raises Damaged."""
    return [
        Observation(
            restored_text(subject),
            restored_text(fact),
            restored(shape, value),
            _provenance(provenance),
            at,
            "" if note is None else restored_text(note),
        )
        for subject, fact, shape, value, provenance, at, note in rows
    ]


def glimpse(path: Path) -> list[Observation]:
    """Return what the journal at `path` last knew, nothing when that cannot be read now; the file is not changed.

    Whatever is wrong with the file is found and told when the journal itself is opened.
    """
    if not path.exists():
        return []
    try:
        with closing(
            sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", timeout=_BUSY, uri=True)
        ) as connection:
            return last_known(connection)
    except (sqlite3.Error, Damaged):
        return []


def _provenance(number: object) -> Provenance:
    if isinstance(number, int) and number in PROVENANCE_OF:
        return PROVENANCE_OF[number]
    raise Damaged("an unknown provenance")
