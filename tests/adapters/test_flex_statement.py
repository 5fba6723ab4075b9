"""What the desk makes of statements: facts, notices, the difference to the one before, and the token's keeping."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from msgspec.structs import replace

from cockpit.domain import kinds
from cockpit.domain.flex import FlexState
from cockpit.domain.secret import Secret
from cockpit.domain.statement import change_of
from cockpit.services.errors import VaultTrouble
from cockpit.services.statement import fetch_statement, import_statement, keep_flex_access
from cockpit.simulator.flex.statement import statement
from cockpit.simulator.scenario import Scenario
from tests.adapters.flex_bench import ACCOUNTS, CANARY, Bench, bench, simulated
from tests.fakes.clock import NOON

pytestmark = pytest.mark.plain
DAY = 86_400.0


def keys(bench: Bench) -> set[str]:
    return {notice.key for notice in bench.desk.state().notices}


def test_a_fetched_statement_becomes_facts_and_takes_its_notice_back() -> None:
    async def story() -> None:
        async with simulated() as bench:
            bench.vault.secrets["flex/query"] = "1"
            assert not await fetch_statement(bench.desk, bench.harm, bench.link)
            assert "flex" in keys(bench)
            bench.vault.secrets["flex/query"] = "987654"
            assert await fetch_statement(bench.desk, bench.harm, bench.link)
            assert "flex" not in keys(bench)
            facts = bench.desk.facts
            state = facts.fresh(kinds.FLEX_STATE, "flex", bench.clock.now())
            assert state is not None
            assert (state.value, state.note) == (FlexState.FETCHED, "statement of 2026-11-23")
            assert facts.fresh(kinds.PERMISSIONS, "account/U1234567", bench.clock.now()) is not None

    asyncio.run(story())


def test_a_failed_fetch_leaves_what_the_last_statement_said() -> None:
    async def story() -> None:
        async with simulated() as bench:
            await fetch_statement(bench.desk, bench.harm, bench.link)
            before = bench.desk.facts.look(kinds.PERMISSIONS, "account/U1234567")
            bench.vault.secrets["flex/token"] = CANARY[:-1]
            assert not await fetch_statement(bench.desk, bench.harm, bench.link)
            assert bench.desk.facts.look(kinds.PERMISSIONS, "account/U1234567") == before

    asyncio.run(story())


def written(folder: Path, day: float, *permissions: str) -> Path:
    """A statement of the main account made on the n-th day from noon, in a file."""
    scenario = Scenario(accounts=(replace(ACCOUNTS[0], permissions=permissions),))
    path = folder / f"{day}.xml"
    path.write_bytes(statement(scenario, NOON + day * DAY))
    return path


def test_the_difference_between_two_statements_is_known(tmp_path: Path) -> None:
    async def story() -> None:
        made = bench(1)
        for day, permissions in (
            (-3, ("Stocks", "Bonds")),
            (-2, ("Stocks", "Options")),
            (-1, ("Stocks", "Options")),
        ):
            assert await import_statement(made.desk, made.link, written(tmp_path, day, *permissions))
        change = change_of(made.desk.facts, "U1234567")
        assert change is not None
        assert (change.gained, change.lost) == (("Options",), ("Bonds",))

    asyncio.run(story())


def test_an_older_file_never_replaces_a_newer_statement(tmp_path: Path) -> None:
    async def story() -> None:
        made = bench(1)
        await import_statement(made.desk, made.link, written(tmp_path, -1, "Stocks"))
        await import_statement(made.desk, made.link, written(tmp_path, -90, "Stocks", "Futures"))
        seen = made.desk.facts.look(kinds.PERMISSIONS, "account/U1234567")
        assert seen is not None
        assert seen.value == ("Stocks",)
        assert change_of(made.desk.facts, "U1234567") is None

    asyncio.run(story())


def test_an_old_statement_from_a_file_is_not_fresh(tmp_path: Path) -> None:
    async def story() -> None:
        made = bench(1)
        assert await import_statement(made.desk, made.link, written(tmp_path, -30, "Stocks"))
        facts = made.desk.facts
        assert facts.look(kinds.PERMISSIONS, "account/U1234567") is not None
        assert facts.fresh(kinds.PERMISSIONS, "account/U1234567", NOON) is None
        assert facts.look(kinds.FLEX_STATE, "flex") is None

    asyncio.run(story())


def test_a_file_that_is_no_statement_is_a_notice_and_changes_nothing(tmp_path: Path) -> None:
    async def story() -> None:
        made = bench(1)
        assert not await import_statement(made.desk, made.link, tmp_path / "nowhere.xml")
        assert keys(made) >= {"flex/file"}
        assert not made.desk.facts.held
        assert await import_statement(made.desk, made.link, written(tmp_path, -1, "Stocks"))
        assert "flex/file" not in keys(made)

    asyncio.run(story())


def test_token_and_query_are_kept_and_the_redactor_knows_first() -> None:
    async def story() -> None:
        made = bench(1)
        made.vault.secrets.clear()
        token = Secret(f" {CANARY}\n")
        assert await keep_flex_access(made.desk, made.vault, made.redactor.learn, token, " 987654 ")
        assert made.vault.secrets == {"flex/token": CANARY, "flex/query": "987654"}
        assert CANARY not in made.redactor.clean(CANARY)
        assert CANARY not in f"{token} {token!r} {made.desk.state()!r}"
        state = made.desk.facts.look(kinds.FLEX_STATE, "flex")
        assert state is not None
        assert state.value == FlexState.UNTRIED

    asyncio.run(story())


@pytest.mark.parametrize(
    ("token", "query"),
    [("", "1"), ("two words", "1"), (CANARY, ""), (CANARY, "12a"), ("ü" * 20, "1"), (CANARY, "٣")],
)
def test_what_cannot_be_a_token_or_a_query_is_said_and_the_kept_ones_stay(token: str, query: str) -> None:
    async def story() -> None:
        made = bench(1)
        kept = dict(made.vault.secrets)
        assert not await keep_flex_access(made.desk, made.vault, made.redactor.learn, Secret(token), query)
        assert made.vault.secrets == kept
        assert keys(made) >= {"flex/access"}

    asyncio.run(story())


def test_a_locked_keychain_is_a_notice_that_holds_no_secret() -> None:
    async def story() -> None:
        made = bench(1)
        made.vault.trouble = VaultTrouble("locked", "The keychain is locked.")
        token = Secret("7" * 24)
        assert not await keep_flex_access(made.desk, made.vault, made.redactor.learn, token, "1")
        (notice,) = [one for one in made.desk.state().notices if one.key == "flex/access"]
        assert notice.sentence == "The keychain is locked."
        assert "7" * 24 not in repr(made.desk.state())

    asyncio.run(story())
