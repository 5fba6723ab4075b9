"""Runs in the journal: what they said, by what evidence, and whether anybody altered them since."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from cockpit.adapters.journal.runs import NOT_FINISHED, FinishedRun
from cockpit.adapters.journal.sqlite import SqliteJournal
from cockpit.domain.level import Level
from cockpit.domain.readiness import Run
from cockpit.services.ports import StoredResult, StoredRun
from tests.adapters.journals import run, seen, with_journal

pytestmark = pytest.mark.plain


def kept(path: Path, *runs: Run) -> list[StoredRun]:
    async def live(journal: SqliteJournal) -> list[StoredRun]:
        for one in runs:
            await journal.write_run(one)
        return list(await journal.newest_runs(10))

    return with_journal(path, live)


def altered(path: Path) -> str | None:
    return with_journal(path, lambda journal: journal.first_altered_run())


def query(path: Path, sql: str, *values: Any) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(path)) as db, db:
        db.row_factory = sqlite3.Row
        return [dict(row) for row in db.execute(sql, values)]


def test_a_run_comes_back_with_its_results_in_order(tmp_path: Path) -> None:
    assert kept(tmp_path / "journal.sqlite", run("a")) == [
        StoredRun(
            "a",
            1_800_000_000.0,
            1_800_000_009.5,
            "ready",
            "All is ready",
            (
                StoredResult("door", "Is door well?", "ready", "session up, 178"),
                StoredResult("farms", "Is farms well?", "unknown", ""),
            ),
        )
    ]


def test_a_run_keeps_what_explains_its_verdict_later(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"

    async def live(journal: SqliteJournal) -> None:
        journal.append([seen(), seen(value="lost")])
        await journal.write_run(run("a", Level.LIMITED))

    with_journal(path, live)
    [stored] = query(path, "SELECT * FROM runs")
    assert (stored["program"], stored["catalogue"], stored["observation"]) == ("0.1.0", "2026-11", 2)
    assert json.loads(stored["flows"])[0]["key"] == "fx-gap"
    assert json.loads(stored["reasons"])[0]["remedy"]["sentence"] == "Sign in"
    door, farms = query(path, "SELECT * FROM results ORDER BY place")
    evidence = {
        key: door[key] for key in ("provenance", "at", "since", "diagnosis", "detail", "remedy", "action")
    }
    assert evidence == {
        "provenance": "measured",
        "at": 1_800_000_001.25,
        "since": 1_799_999_000.0,
        "diagnosis": "api-off",
        "detail": "three lines",
        "remedy": "Sign in",
        "action": "reconnect",
    }
    assert (farms["progress"], farms["provenance"], farms["at"]) == ("waiting", "", None)


def test_a_run_that_never_finished_is_shown_as_not_finished_and_never_as_passed(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    [stored] = kept(path, run("a", ended=None))
    assert (stored.ended, stored.level, stored.headline) == (None, "unknown", NOT_FINISHED)
    assert with_journal(path, lambda journal: journal.last_green()) is None


def test_a_run_replaces_its_own_unfinished_state_only(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    stored = kept(path, run("a", ended=None), run("a", ended=None), run("a"))
    assert [(one.id, one.level) for one in stored] == [("a", "ready")]
    with pytest.raises(FinishedRun):
        kept(path, run("a", Level.BLOCKED))
    assert [(one.id, one.level) for one in kept(path)] == [("a", "ready")]
    assert altered(path) is None


def test_last_green_is_the_last_finished_run_that_was_ready(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    kept(
        path,
        run("green"),
        run("greener"),
        run("cancelled", cancelled=True),
        run("blocked", Level.BLOCKED),
        run("running", ended=None),
    )
    last = with_journal(path, lambda journal: journal.last_green())
    assert last is not None
    assert last.id == "greener"


def test_text_that_has_no_utf8_form_does_not_stop_a_run_from_being_kept(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    assert [one.id for one in kept(path, run("\ud800"))] == ["?"]
    assert altered(path) is None


def cells(path: Path) -> list[tuple[str, str]]:
    """Every column of every row of the two tables of runs."""
    runs = [("runs", name) for name in query(path, "SELECT * FROM runs")[0]]
    return runs + [("results", name) for name in query(path, "SELECT * FROM results")[0]]


def test_no_cell_of_a_run_can_be_changed_unnoticed(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    kept(path, run("a"), run("b", Level.LIMITED), run("c", ended=None))
    assert altered(path) is None
    whole = path.read_bytes()
    for table, column in cells(path):
        if (table, column) == ("results", "run"):
            continue
        query(path, f"UPDATE {table} SET {column} = 7 WHERE rowid = 2" if table == "runs" else
              f"UPDATE results SET {column} = 7 WHERE run = 2 AND place = 0")  # fmt: skip
        assert altered(path) is not None, column
        path.write_bytes(whole)


@pytest.mark.parametrize(
    "alteration",
    ["DELETE FROM results WHERE run = 1 AND place = 1", "DELETE FROM results WHERE run = 1",
     "UPDATE results SET run = 2, place = 2 WHERE run = 1 AND place = 1",
     "DELETE FROM runs WHERE number = 1", "DELETE FROM runs WHERE number = 2",
     "UPDATE runs SET number = 9 - number"],
)  # fmt: skip
def test_no_row_of_a_run_can_be_taken_away_or_moved_unnoticed(tmp_path: Path, alteration: str) -> None:
    path = tmp_path / "journal.sqlite"
    kept(path, run("a"), run("b"), run("c"))
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute(alteration)
        if alteration.startswith("DELETE FROM runs"):
            db.execute("DELETE FROM results WHERE run NOT IN (SELECT number FROM runs)")
    assert altered(path) is not None


def test_an_unfinished_run_may_end_after_a_later_one_was_written(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    kept(path, run("a", ended=None), run("b"), run("a"))
    assert altered(path) is None
