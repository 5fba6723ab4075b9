"""The journal as the program uses it: what is appended comes back, the last known state above all."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
import sys
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cockpit.adapters.journal.sqlite import SqliteJournal
from cockpit.domain.evidence import Observation, Provenance
from cockpit.domain.facts import Facts, fold
from cockpit.services.errors import JournalTrouble
from tests.adapters.journals import SHORT, open_journal, seen, troubles_of, with_journal

pytestmark = pytest.mark.plain

TEXTS = st.text(st.characters(), max_size=8)  # lone surrogates and NUL too
VALUES = st.one_of(
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    TEXTS,
    st.lists(TEXTS, max_size=3).map(tuple),
)
OBSERVATIONS = st.builds(
    Observation,
    subject=st.sampled_from(["tws/tws", "gateway", "desk", "\ud800", ""]),
    fact=st.sampled_from(["door", "accounts", "round trip"]),
    value=VALUES
    | st.sampled_from([0, 0.0, False, "", 1, 1.0, True, 2**63, 2**63 - 1, -(2**63), -(2**63) - 1]),
    provenance=st.sampled_from(Provenance),
    at=st.floats(1e9, 2e9) | st.sampled_from([1e9, 1.5e9]),
    note=TEXTS,
)


async def keep(journal: SqliteJournal, observations: list[Observation]) -> None:
    journal.append(observations)
    await journal.flush()


async def facts_of(journal: SqliteJournal) -> Facts:
    return fold(Facts(), await journal.newest())


@given(st.lists(st.lists(OBSERVATIONS, max_size=6), max_size=5))
@example([[seen(value="\ud800\x00")], [seen(value=("\udfff", "")), seen(value=float("inf"))]])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_facts_come_back_as_they_were_with_since_when_they_hold(
    tmp_path_factory: pytest.TempPathFactory, batches: list[list[Observation]]
) -> None:
    path = tmp_path_factory.mktemp("journal") / "journal.sqlite"
    facts = Facts()

    async def live() -> None:
        nonlocal facts
        journal = open_journal(path)
        for batch in batches:
            await keep(journal, batch)
            facts = fold(facts, batch)
        assert (await facts_of(journal)).held == facts.held
        await journal.close()

    asyncio.run(live())
    again = with_journal(path, facts_of)
    assert again.held == facts.held
    assert {key: type(held.observation.value) for key, held in again.held.items()} == {
        key: type(held.observation.value) for key, held in facts.held.items()
    }


def test_every_observation_is_kept_not_only_the_newest(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    many = [seen(value=number, at=float(number)) for number in range(1000)]
    with_journal(path, lambda journal: keep(journal, many))
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT count(*), min(value), max(value) FROM observations").fetchone() == (
            1000,
            0,
            999,
        )


def test_an_older_observation_that_comes_late_does_not_change_the_last_known_state(tmp_path: Path) -> None:
    async def live(journal: SqliteJournal) -> list[Observation]:
        await keep(journal, [seen(value="open", at=20.0)])
        await keep(journal, [seen(value="lost", at=10.0)])
        return list(await journal.newest())

    assert with_journal(tmp_path / "journal.sqlite", live) == [seen(value="open", at=20.0)]


def test_a_value_seen_again_keeps_the_moment_since_which_it_holds_over_a_new_start(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    for start, value in enumerate(["lost", "open", "open", "open"]):
        again = [seen(value=value, at=10.0 * start), seen(value=value, at=10.0 * start + 5)]
        with_journal(path, partial(keep, observations=again))
    [held] = with_journal(path, facts_of).held.values()
    assert (held.observation.at, held.since) == (35.0, 10.0)


def test_what_was_appended_is_in_the_answer_that_is_asked_for_right_after(tmp_path: Path) -> None:
    async def live(journal: SqliteJournal) -> list[Observation]:
        journal.append([seen(value="open")])
        return list(await journal.newest())

    assert with_journal(tmp_path / "journal.sqlite", live) == [seen(value="open")]


def test_closing_writes_what_still_waits(tmp_path: Path) -> None:
    async def live(journal: SqliteJournal) -> None:
        journal.append([seen(value="open")])

    path = tmp_path / "journal.sqlite"
    with_journal(path, live)
    assert with_journal(path, lambda journal: journal.newest()) == [seen(value="open")]


def test_what_is_not_a_number_is_left_out_and_the_rest_of_the_batch_is_kept(tmp_path: Path) -> None:
    nan = float("nan")
    batch = [seen(value=nan), seen(fact="a", at=nan), seen(fact="b", at=float("inf")), seen(fact="c")]

    async def live(journal: SqliteJournal) -> list[str]:
        await keep(journal, batch)
        return [one.fact for one in await journal.newest()]

    assert with_journal(tmp_path / "journal.sqlite", live) == ["c"]


def test_hostile_text_is_only_text(tmp_path: Path) -> None:
    names = ["'; DROP TABLE observations; --", "?", ":a", '"', "newest", "\x00", "a" * 5000]
    batch = [seen(fact=name, value=name, note=name, subject=name) for name in names]

    async def live(journal: SqliteJournal) -> list[Observation]:
        await keep(journal, batch)
        return list(await journal.newest())

    assert with_journal(tmp_path / "journal.sqlite", live) == batch


def test_the_file_is_durable_by_its_settings(tmp_path: Path) -> None:
    from cockpit.adapters.journal.connection import connect

    db = connect(tmp_path / "journal.sqlite", 1.0)
    answers = {
        name: db.conn.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")
    }
    db.close()
    assert answers == {"journal_mode": "wal", "synchronous": 2}


@pytest.mark.skipif(sys.platform == "win32", reason="modes are a matter of POSIX")
def test_every_file_of_the_journal_is_readable_by_its_user_only(tmp_path: Path) -> None:
    path = tmp_path / "profile" / "journal.sqlite"

    async def live(journal: SqliteJournal) -> set[str]:
        await keep(journal, [seen()])
        return {f"{file.name} {stat.S_IMODE(file.stat().st_mode):o}" for file in path.parent.iterdir()}

    assert with_journal(path, live) == {
        "journal.sqlite 600",
        "journal.sqlite-wal 600",
        "journal.sqlite-shm 600",
        "journal.lock 600",
        "journal.ballast 600",
    }
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_closed_journal_says_so_and_closing_twice_is_fine(tmp_path: Path) -> None:
    async def live() -> None:
        journal = open_journal(tmp_path / "journal.sqlite")
        await journal.close()
        await journal.close()
        journal.append([seen()])
        with pytest.raises(JournalTrouble, match="closed"):
            await journal.newest()

    asyncio.run(live())


def test_a_question_that_nobody_waits_for_any_more_does_not_hold_up_the_next(tmp_path: Path) -> None:
    async def live(journal: SqliteJournal) -> None:
        asked = asyncio.ensure_future(journal.newest())
        await asyncio.sleep(0)
        asked.cancel()
        await asyncio.gather(asked, return_exceptions=True)
        await keep(journal, [seen()])
        assert journal.trouble is None
        assert troubles_of(journal) == []

    with_journal(tmp_path / "journal.sqlite", live, SHORT)
