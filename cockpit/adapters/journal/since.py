"""A stretch of the journal read back: every observation of some facts since a moment, in the order they came."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection

from cockpit.adapters.journal.last_known import read_rows
from cockpit.domain.evidence import Observation

# There is no index over time, which every write would pay for. Observations of one fact come in the order of time, so
# the walk goes back from the newest to the first that is too old, and a day costs no more than its own rows.
_BEFORE = (
    "SELECT o.id FROM observations o WHERE o.at < :start AND o.fact IN "
    "(SELECT id FROM words WHERE text IN (SELECT value FROM json_each(:facts))) ORDER BY o.id DESC LIMIT 1"
)
_SINCE = (
    "SELECT s.text, f.text, o.shape, o.value, o.provenance, o.at, o.note FROM observations o "
    "JOIN words s ON s.id = o.subject JOIN words f ON f.id = o.fact WHERE o.id > :before AND o.at >= :start "
    "AND o.fact IN (SELECT id FROM words WHERE text IN (SELECT value FROM json_each(:facts))) ORDER BY o.id"
)


def since(connection: sqlite3.Connection, facts: Collection[str], start: float) -> list[Observation]:
    """Return what was seen of `facts` from `start` (UTC epoch seconds) on. Raises sqlite3.Error, Damaged."""
    asked: dict[str, float | str] = {"start": start, "facts": json.dumps(sorted(facts))}
    found = connection.execute(_BEFORE, asked).fetchone()
    return read_rows(connection.execute(_SINCE, {**asked, "before": found[0] if found is not None else 0}))
