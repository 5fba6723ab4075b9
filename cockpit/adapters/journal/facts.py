"""Observations in the journal: added in batches, with the last known state kept beside them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TypeAlias

from msgspec import Struct

from cockpit.adapters.journal.connection import immediate
from cockpit.adapters.journal.last_known import last_known
from cockpit.adapters.journal.since import since
from cockpit.adapters.journal.sqlite_library import Database
from cockpit.adapters.journal.values import (
    PROVENANCES,
    Stored,
    restored_text,
    shape_of,
    stored,
    stored_text,
)
from cockpit.domain.evidence import Observation

Key: TypeAlias = tuple[int, int]

_ADD_WORD = "INSERT INTO words (id, text) VALUES (?, ?)"
_ADD = (
    "INSERT INTO observations (id, subject, fact, shape, value, provenance, at, note) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
_HOLD = "INSERT OR REPLACE INTO newest (subject, fact, began, observation) VALUES (?, ?, ?, ?)"
_HELD = (
    "SELECT n.subject, n.fact, n.began, n.observation, o.at, o.shape, o.value "
    "FROM newest n JOIN observations o ON o.id = n.observation"
)


class _Held(Struct, frozen=True):
    """The newest row of one fact, to compare the next one with."""

    at: float
    shape: int
    value: Stored
    began: int
    observation: int


class FactRows:
    """Writes and reads the observations of an open journal, in one thread. Raises sqlite3.Error, Damaged."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._words: dict[str, int] = {}
        self._held: dict[Key, _Held] = {}
        self._seen_version = -1

    def add(self, observations: Sequence[Observation]) -> None:
        """Write a batch: all of it or nothing."""
        connection = self._db.conn
        with immediate(self._db):
            self._catch_up()
            words = self._new_words(observations)
            held: dict[Key, _Held] = {}
            rows = []
            for number, seen in enumerate(observations, self.last() + 1):
                key = (
                    self._words.get(seen.subject) or words[seen.subject],
                    self._words.get(seen.fact) or words[seen.fact],
                )
                shape = shape_of(seen.value)
                value = stored(seen.value, shape)
                note = stored_text(seen.note) if seen.note else None
                rows.append((number, *key, shape, value, PROVENANCES[seen.provenance], seen.at, note))
                before = held.get(key) or self._held.get(key)
                if before is None or seen.at >= before.at:
                    same = before is not None and before.shape == shape and before.value == value
                    began = before.began if same and before is not None else number
                    held[key] = _Held(seen.at, shape, value, began, number)
            connection.executemany(_ADD_WORD, ((number, stored_text(word)) for word, number in words.items()))
            connection.executemany(_ADD, rows)
            connection.executemany(_HOLD, ((*key, now.began, now.observation) for key, now in held.items()))
        self._words |= words
        self._held |= held

    def newest(self) -> list[Observation]:
        """Return the newest observation of every fact, each after the one with which its value began."""
        return last_known(self._db.conn)

    def since(self, facts: Collection[str], start: float) -> list[Observation]:
        """Return what was seen of `facts` from `start` (UTC epoch seconds) on, in the order it came."""
        return since(self._db.conn, facts, start)

    def last(self) -> int:
        """Return the number of the last observation, 0 when there is none."""
        [(last,)] = self._db.conn.execute("SELECT ifnull(max(id), 0) FROM observations")
        return int(last)

    def _new_words(self, observations: Iterable[Observation]) -> dict[str, int]:
        """Number the subjects and facts that were never written before."""
        fresh = {word for seen in observations for word in (seen.subject, seen.fact)} - self._words.keys()
        [(last,)] = self._db.conn.execute("SELECT ifnull(max(id), 0) FROM words")
        return {word: number for number, word in enumerate(sorted(fresh), int(last) + 1)}

    def _catch_up(self) -> None:
        """Read again what is remembered of the file when somebody else has written to it, and at first."""
        [(version,)] = self._db.conn.execute("PRAGMA data_version")
        if version == self._seen_version:
            return
        words = self._db.conn.execute("SELECT text, id FROM words")
        self._words = {restored_text(text): number for text, number in words}
        self._held = {
            (subject, fact): _Held(at, shape, value, began, observation)
            for subject, fact, began, observation, at, shape, value in self._db.conn.execute(_HELD)
        }
        self._seen_version = version
