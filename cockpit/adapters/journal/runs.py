"""Runs in the journal, each with verdict and evidence, and a chain of digests that shows altered history."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Sequence
from typing import TypeAlias

import msgspec
from msgspec import Struct

from cockpit.adapters.journal.connection import immediate
from cockpit.adapters.journal.sqlite_library import Database
from cockpit.domain.readiness import Result, Run
from cockpit.services.ports import StoredResult, StoredRun

Cell: TypeAlias = str | int | float | None

_RUN_COLUMNS = (
    "id, started, ended, seconds, cancelled, stopped, level, headline, flows, reasons, lanes, program, "
    "catalogue, observation"
)
_RESULT_COLUMNS = (
    "place, check_id, lane, title, footprint, bearing, progress, level, answer, provenance, at, since, "
    "seconds, detail, diagnosis, not_tested, remedy, action"
)
_ADD_RUN = f"INSERT INTO runs (number, {_RUN_COLUMNS}, digest, chain) VALUES ({', '.join('?' * 17)})"
_ADD_RESULT = f"INSERT INTO results (run, {_RESULT_COLUMNS}) VALUES ({', '.join('?' * 19)})"
_READ_RUN = f"SELECT {_RUN_COLUMNS} FROM runs WHERE number = ?"
_READ_RESULTS = f"SELECT {_RESULT_COLUMNS} FROM results WHERE run = ? ORDER BY place"
_STORED = "SELECT number, id, started, ended, level, headline FROM runs"
_GREEN = f"{_STORED} WHERE level = 'ready' AND ended IS NOT NULL AND NOT cancelled AND NOT stopped"

NOT_FINISHED = "The check was not finished."


class FinishedRun(ValueError):
    """Somebody wants to write over a run that is finished: a bug."""


class Writer(Struct, frozen=True):
    """What wrote a run: the version of the program and of the catalogue it judged by."""

    program: str
    catalogue: str


class RunRows:
    """Writes and reads the runs of one open journal, in one thread. Raises sqlite3.Error."""

    def __init__(self, db: Database, writer: Writer) -> None:
        self._db = db
        self._writer = writer

    def keep(self, run: Run, last_observation: int) -> None:
        """Write a run in place of its own unfinished state. Raises FinishedRun when it was finished before."""
        connection = self._db.conn
        with immediate(self._db):
            known = connection.execute(
                "SELECT number, ended FROM runs WHERE id = ?", [_text(run.id)]
            ).fetchone()
            if known is None:
                [(number,)] = connection.execute("SELECT ifnull(max(number), 0) + 1 FROM runs")
            else:
                number, ended = known
                if ended is not None:
                    raise FinishedRun(f"run {run.id} is finished and stays as it is")
            connection.execute("DELETE FROM runs WHERE number = ?", [number])
            cells = _run_cells(run, self._writer, last_observation)
            connection.execute(_ADD_RUN, [number, *cells, "", ""])
            rows = ([number, *_result_cells(place, result)] for place, result in enumerate(run.results))
            connection.executemany(_ADD_RESULT, rows)
            connection.execute("UPDATE runs SET digest = ? WHERE number = ?", [self._digest(number), number])
            self._chain(number)

    def last_green(self) -> StoredRun | None:
        """Return the last finished run that was ready."""
        return next(iter(self._stored(f"{_GREEN} ORDER BY number DESC LIMIT 1", [])), None)

    def newest(self, count: int) -> list[StoredRun]:
        """Return the last `count` runs, newest first. One that was never finished has no end and says so."""
        return self._stored(f"{_STORED} ORDER BY number DESC LIMIT ?", [count])

    def first_altered(self) -> str | None:
        """Return the id of the first run that is not as it was written, None when all are."""
        chain = ""
        for number, name, digest, link in self._db.conn.execute(
            "SELECT number, id, digest, chain FROM runs ORDER BY number"
        ).fetchall():
            chain = _link(chain, digest)
            if digest != self._digest(number) or link != chain:
                return str(name)
        return None

    def _stored(self, query: str, values: Sequence[Cell]) -> list[StoredRun]:
        return [
            StoredRun(name, started, ended, level, headline, tuple(self._results(number)))
            for number, name, started, ended, level, headline in self._db.conn.execute(
                query, values
            ).fetchall()
        ]

    def _results(self, number: int) -> Iterable[StoredResult]:
        rows = self._db.conn.execute(
            "SELECT check_id, title, level, answer FROM results WHERE run = ? ORDER BY place", [number]
        )
        return (StoredResult(*row) for row in rows)

    def _digest(self, number: int) -> str:
        """SHA-256 over everything that stands in the rows of a run, as they stand there."""
        digest = hashlib.sha256()
        for query in (_READ_RUN, _READ_RESULTS):
            for row in self._db.conn.execute(query, [number]):
                digest.update(json.dumps(row).encode() + b"\n")
        return digest.hexdigest()

    def _chain(self, first: int) -> None:
        """Link the runs from number `first` on to the ones before: usually it is the last one."""
        connection = self._db.conn
        before = connection.execute("SELECT chain FROM runs WHERE number = ?", [first - 1]).fetchone()
        chain = before[0] if before else ""
        for number, digest in connection.execute(
            "SELECT number, digest FROM runs WHERE number >= ? ORDER BY number", [first]
        ).fetchall():
            chain = _link(chain, digest)
            connection.execute("UPDATE runs SET chain = ? WHERE number = ?", [chain, number])


def _link(before: str, digest: str) -> str:
    return hashlib.sha256(f"{before}\n{digest}".encode()).hexdigest()


def _run_cells(run: Run, writer: Writer, last_observation: int) -> list[Cell]:
    verdict = run.verdict
    return [
        _text(run.id),
        run.started,
        run.ended,
        run.seconds,
        run.cancelled,
        run.stopped,
        verdict.level.value if verdict else "unknown",
        _text(verdict.headline) if verdict else NOT_FINISHED,
        _rows(verdict.flows if verdict else ()),
        _rows(verdict.reasons if verdict else ()),
        _rows(run.lanes),
        writer.program,
        writer.catalogue,
        last_observation,
    ]


def _result_cells(place: int, result: Result) -> list[Cell]:
    check, finding = result.check, result.finding
    remedy = finding.remedy if finding else None
    return [
        place,
        _text(check.id),
        check.lane.value,
        _text(check.title),
        check.footprint.value,
        check.bearing.value,
        result.progress.value,
        result.level.value,
        _text(finding.answer) if finding else "",
        finding.provenance.value if finding and finding.provenance else "",
        _moment(finding.at) if finding else None,
        _moment(finding.since) if finding else None,
        result.seconds,
        _text(finding.detail) if finding else "",
        _text(finding.diagnosis) if finding else "",
        finding.not_tested if finding else False,
        _text(remedy.sentence) if remedy else "",
        _text(remedy.action) if remedy else "",
    ]


def _rows(records: Sequence[object]) -> str:
    """Return records as a JSON list of objects."""
    return json.dumps(msgspec.to_builtins(records))


def _text(text: str) -> str:
    """Return a text that has a UTF-8 form: a lone surrogate becomes a question mark."""
    return text.encode("utf-8", "replace").decode()


def _moment(at: float | None) -> float | None:
    return None if at is None or not math.isfinite(at) else at
