"""A requested permission has a running clock against what is published; a statement tells what came and went."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain import kinds
from cockpit.domain.catalogue import Confidence, Entity, RegionalRule, playing
from cockpit.domain.facts import Facts, fold
from cockpit.domain.request import UNPUBLISHED, Stage, quoted_times, request_clock
from cockpit.domain.statement import account_card, change_of, previous_permissions
from tests.fakes.clock import NOON

HOUR = 3600.0
SUBJECT = "account/U1"


@pytest.mark.parametrize(
    ("approval", "hours"),
    [
        ("24-48 h", (24, 48)),
        ("24 to 48 hours", (24, 48)),
        ("Reviewed: the next business day for requests before 11:00 ET, or 48 hours", (24, 48)),
        ("up to 2 business days", (48, 48)),
        ("at once", None),
        ("", None),
        ("0 h", None),
    ],
)
def test_the_published_time_is_read_out_of_its_sentence(approval: str, hours: tuple[int, int] | None) -> None:
    found = quoted_times(approval)
    assert found == (None if hours is None else (hours[0] * HOUR, hours[1] * HOUR))


@pytest.mark.parametrize(
    ("elapsed", "stage"),
    [(0, Stage.RUNNING), (23.9, Stage.RUNNING), (24, Stage.DUE), (48, Stage.DUE), (48.1, Stage.OVERDUE)],
)
def test_a_request_runs_then_is_due_then_overdue(elapsed: float, stage: Stage) -> None:
    clock = request_clock(NOON, "24-48 h", NOON + elapsed * HOUR)
    assert clock.stage is stage
    assert ("client service" in clock.sentence) is (stage is Stage.OVERDUE)


def test_without_a_published_time_the_clock_runs_against_our_own_and_says_so() -> None:
    clock = request_clock(NOON, "unknown", NOON + HOUR)
    assert (clock.longest, clock.is_published) == (UNPUBLISHED, False)
    assert "no time is published" in clock.sentence


@given(st.text(max_size=60), st.floats(0, 1e9), st.floats(0, 1e9))
def test_a_request_never_gets_younger(approval: str, first: float, later: float) -> None:
    order = list(Stage)
    before = request_clock(NOON, approval, NOON + first)
    after = request_clock(NOON, approval, NOON + first + later)
    assert order.index(before.stage) <= order.index(after.stage)
    assert 0 <= after.left <= before.left


def test_a_new_statement_tells_what_came_and_went() -> None:
    facts = fold(Facts(), [kinds.PERMISSIONS.seen(SUBJECT, ("Stocks", "Warrants"), NOON)])
    coming = [kinds.PERMISSIONS.seen(SUBJECT, ("Stocks", "Futures"), NOON + 9)]
    facts = fold(facts, [*previous_permissions(facts, coming), *coming])
    change = change_of(facts, "U1")
    assert change is not None
    assert (change.gained, change.lost, change.since) == (("Futures",), ("Warrants",), NOON + 9)


def test_the_same_statement_again_keeps_the_change_that_was_known() -> None:
    facts = fold(Facts(), [kinds.PERMISSIONS.seen(SUBJECT, ("Stocks",), NOON)])
    for at in (1, 2):
        coming = [kinds.PERMISSIONS.seen(SUBJECT, ("Stocks", "Futures"), NOON + at)]
        facts = fold(facts, [*previous_permissions(facts, coming), *coming])
    change = change_of(facts, "U1")
    assert change is not None
    assert (change.gained, change.since) == (("Futures",), NOON + 1)


def test_a_first_statement_has_nothing_to_be_compared_with() -> None:
    coming = [kinds.PERMISSIONS.seen(SUBJECT, ("Stocks",), NOON)]
    assert previous_permissions(Facts(), coming) == []
    assert change_of(fold(Facts(), coming), "U1") is None


@pytest.mark.parametrize(
    ("seen", "margin"),
    [
        ([], "Unknown"),
        ([kinds.CAPABILITIES.seen(SUBJECT, ("Cash",), NOON)], "Cash"),
        ([kinds.CAPABILITIES.seen(SUBJECT, ("Margin",), NOON)], "Reg T margin"),
        ([kinds.CAPABILITIES.seen(SUBJECT, ("Portfolio Margin", "IBPrime"), NOON)], "Portfolio margin"),
        ([kinds.TRADING_TYPE.seen(SUBJECT, "PMRGN", NOON)], "Portfolio margin"),
        ([kinds.TRADING_TYPE.seen(SUBJECT, "STKMRGN", NOON)], "Reg T margin"),
        ([kinds.TRADING_TYPE.seen(SUBJECT, "STKCASH", NOON)], "Cash"),
        ([kinds.TRADING_TYPE.seen(SUBJECT, "XYZ", NOON)], "Unknown"),
        (
            [
                kinds.CAPABILITIES.seen(SUBJECT, ("Cash",), NOON - 9),
                kinds.TRADING_TYPE.seen(SUBJECT, "PMRGN", NOON),
            ],
            "Portfolio margin",
        ),
    ],
)
def test_the_margin_class_is_read_from_the_newer_evidence(seen: list[object], margin: str) -> None:
    assert account_card(fold(Facts(), seen), playing(), "U1").margin == margin  # type: ignore[arg-type]


def test_the_company_brings_the_rules_that_are_its_own() -> None:
    entity = Entity(
        "ibie", "Ireland", "IB-IE", "EEA", "CBI", "ICS", (), "", "", "s", "2026", Confidence.DOCUMENTED
    )
    rules = tuple(
        RegionalRule(key, key, "", entities, "entity and region", "", "s", "2026", Confidence.DOCUMENTED)
        for key, entities in (("kid", ("ibie", "ibuk")), ("canada", ("ibcanada",)))
    )
    facts = fold(Facts(), [kinds.ENTITY.seen(SUBJECT, "IB-IE", NOON)])
    card = account_card(facts, playing(entities=(entity,), rules=rules), "U1")
    assert card.entity is entity
    assert [rule.key for rule in card.rules] == ["kid"]
