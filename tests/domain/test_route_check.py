"""The check's line of a ticket: what a gate holds against it, and nothing that nobody knows."""

from __future__ import annotations

import pytest

from cockpit.adapters.catalogue import shipped_catalogue
from cockpit.domain import kinds
from cockpit.domain.checks.table import checks_for
from cockpit.domain.evidence import Observation, Provenance
from cockpit.domain.level import Level
from cockpit.domain.readiness import Finding
from tests.fakes.clock import NOON
from tests.fakes.facts import PLAN, facts_of

CATALOGUE = shipped_catalogue().playing


def finding(*changes: Observation, id_: str = "capability.t1") -> Finding:
    """Judge one line of a calm morning with some changes."""
    facts = facts_of(*changes)
    checks = {check.id: check for check in checks_for(PLAN, facts, CATALOGUE)}
    return checks[id_].judge(facts, PLAN, NOON)


def test_a_calm_morning_offers_the_order_type_and_says_that_rights_are_not_proven() -> None:
    calm = finding()
    assert calm.level is Level.READY
    assert "offered" in calm.answer
    assert "what-if" in calm.detail


@pytest.mark.parametrize(
    ("changes", "level", "diagnosis"),
    [
        pytest.param(
            [kinds.NO_TRADING.seen("account/U1234821", True, NOON)],
            Level.BLOCKED,
            "account-cannot-trade",
            id="the account takes no orders",
        ),
        pytest.param(
            [kinds.PERMISSIONS.seen("account/U1234821", ("Stocks",), NOON)],
            Level.BLOCKED,
            "permission-missing",
            id="the statement does not name the permission",
        ),
    ],
)
def test_a_gate_that_stands_against_the_ticket_is_the_answer(
    changes: list[Observation], level: Level, diagnosis: str
) -> None:
    found = finding(*changes)
    assert (found.level, found.diagnosis) == (level, diagnosis)
    assert found.remedy is not None


def test_an_account_that_takes_no_orders_has_a_line_of_its_own() -> None:
    found = finding(kinds.NO_TRADING.seen("account/U1234821", True, NOON), id_="others.account.U1234821")
    assert (found.level, found.answer) == (Level.LIMITED, "Takes no orders")
    assert finding(id_="others.account.U1234821").not_tested


def test_what_nobody_has_registered_is_not_asked_and_what_is_gets_its_line() -> None:
    for line in ("horizon.factors", "horizon.credentials", "horizon.failures"):
        assert finding(id_=line).not_tested, line
    failed = [
        kinds.SIGN_IN_FAILED.seen(f"signin/said/{n}", NOON - n, NOON, Provenance.ATTESTED, "TWS")
        for n in range(6)
    ]
    near = finding(*failed, id_="horizon.failures")
    assert near.level is Level.LIMITED
    assert near.remedy is not None
