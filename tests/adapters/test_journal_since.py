"""A day of the journal read back: what custody rests on comes in order, and a new start draws the same ribbon."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.adapters.journal.sqlite import SqliteJournal
from cockpit.domain import kinds
from cockpit.domain.custody.history import FACTS, History, heard
from cockpit.domain.evidence import Observation, Provenance
from tests.adapters.journals import with_journal
from tests.domain.custody_days import MINUTE, START, beats, connected, opened, taken

pytestmark = pytest.mark.plain


async def keep(journal: SqliteJournal, observations: list[Observation]) -> None:
    journal.append(observations)
    await journal.flush()


def read(path: Path, facts: frozenset[str], start: float) -> list[Observation]:
    async def ask(journal: SqliteJournal) -> list[Observation]:
        return list(await journal.since(facts, start))

    return with_journal(path, ask)


def written(path: Path, observations: list[Observation]) -> None:
    with_journal(path, lambda journal: keep(journal, observations))


def test_the_morning_is_the_same_after_a_new_start(tmp_path: Path) -> None:
    day = [
        connected(0),
        *beats(0, 30),
        taken(12),
        opened(11, 15),
        kinds.ROUND_TRIP.seen("tws/tws", 0.1, START),
    ]
    day.sort(key=lambda seen: seen.at)
    written(tmp_path / "journal.sqlite", day)
    back = read(tmp_path / "journal.sqlite", FACTS, START)
    now = START + 30 * MINUTE
    assert heard(History(), back, now) == heard(History(), day, now)
    assert all(seen.fact in FACTS for seen in back)


def test_yesterday_is_left_out(tmp_path: Path) -> None:
    written(tmp_path / "journal.sqlite", [*beats(-30, 0), *beats(0, 1)])
    assert min(seen.at for seen in read(tmp_path / "journal.sqlite", FACTS, START)) == START


def test_an_empty_journal_and_facts_that_nobody_knows_give_nothing(tmp_path: Path) -> None:
    assert read(tmp_path / "journal.sqlite", FACTS, START) == []
    written(tmp_path / "journal.sqlite", [connected(0)])
    assert read(tmp_path / "journal.sqlite", frozenset({"'; DROP TABLE observations; --"}), START) == []
    assert len(read(tmp_path / "journal.sqlite", FACTS, START)) == 1


@given(
    st.lists(st.tuples(st.integers(0, 50), st.sampled_from(["door", "upstream", "round trip"])), max_size=20),
    st.integers(0, 50),
)
@settings(max_examples=20)
def test_all_that_came_since_a_moment_and_nothing_else_comes_back(
    tmp_path_factory: pytest.TempPathFactory, day: list[tuple[int, str]], start: int
) -> None:
    path = tmp_path_factory.mktemp("journal") / "journal.sqlite"
    seen = [Observation("s", fact, "v", Provenance.MEASURED, START + at) for at, fact in sorted(day)]
    written(path, seen)
    wanted = [one for one in seen if one.fact in ("door", "upstream") and one.at >= START + start]
    assert read(path, frozenset({"door", "upstream"}), START + start) == wanted
