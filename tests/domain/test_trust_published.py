"""What the trust rules take from the shipped catalogue is there: rows by name, figures beside their words."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from cockpit.adapters.catalogue import load_catalogue
from cockpit.domain import kinds
from cockpit.domain.facts import Facts, fold
from cockpit.domain.kinds import DAY, HOUR
from cockpit.domain.register import Factor, FactorKind, RecoveryKind
from cockpit.domain.trust import factors, hardening, recovery, runbook, sign_in
from tests.domain.trust_desks import DESK
from tests.fakes.clock import NOON

CATALOGUE = load_catalogue().playing


@pytest.mark.parametrize(
    "key",
    sorted({*factors.ROWS.values(), *recovery.ROWS.values(), sign_in.LOCK_ROW, runbook.LOST_ROW, "m2fs"}),
)
def test_every_row_the_rules_name_is_shipped_with_its_source(key: str) -> None:
    row = CATALOGUE.auth[key]
    assert row.sentence
    assert row.source.startswith("http")


def test_every_kind_of_factor_and_of_way_back_has_its_row() -> None:
    assert set(factors.ROWS) == set(FactorKind)
    assert set(recovery.ROWS) == set(RecoveryKind)


@pytest.mark.parametrize(
    ("key", "seconds", "count"),
    [
        ("ib-key-seamless", (180.0,), 0),
        ("temporary-code", (2 * DAY, 12 * DAY), 0),
        ("online-code-card", (21 * DAY,), 0),
        ("mobile-extended-access", (12 * HOUR, 30 * HOUR), 0),
        ("login-lockout", (DAY,), 10),
    ],
)
def test_the_figures_say_what_the_words_say(key: str, seconds: tuple[float, ...], count: int) -> None:
    row = CATALOGUE.auth[key]
    assert (row.seconds, row.count) == (seconds, count)
    assert row.window


def test_the_shipped_limit_locks_at_ten_and_stops_launchers_at_five() -> None:
    found = sign_in.lockout(Facts(), DESK, CATALOGUE, NOON)
    assert (found.limit, found.stop_at) == (10, 5)


def test_the_shipped_window_of_a_push_is_about_three_minutes_and_says_how_sure_that_is() -> None:
    sent = fold(Facts(), [kinds.PUSH_SENT.seen("signin", NOON, NOON)])
    found = sign_in.push(sent, DESK, CATALOGUE, NOON)
    assert found is not None
    assert found.left == 180.0
    assert found.certainty == "about 3 minutes, documented; no promise of the broker"


def test_the_shipped_drill_of_a_lost_phone_opens_the_runbook() -> None:
    book = runbook.runbook(DESK, Facts(), CATALOGUE, NOON)
    assert book.sections[0].lines[0].startswith("Leave the running sessions alone")
    assert [one.title for one in book.sections][:3] == ["First", "Which factor next", "Every factor"]


@pytest.mark.parametrize(("company", "row"), sorted(hardening.PASSKEY_ROWS.items()))
def test_a_desk_whose_company_is_said_to_demand_passkeys_hears_of_it(company: str, row: str) -> None:
    assert company in CATALOGUE.entities
    plan = replace(DESK, register=replace(DESK.register, entity=company))
    found = {one.key: one for one in hardening.weaknesses(Facts(), plan, CATALOGUE, NOON)}
    assert found[row].source == CATALOGUE.auth[row].source
    with_one = replace(plan.register, factors=(Factor("key", FactorKind.PASSKEY, "iPhone 15"),))
    keys = [
        one.key for one in hardening.weaknesses(Facts(), replace(plan, register=with_one), CATALOGUE, NOON)
    ]
    assert row not in keys


def test_the_company_is_also_known_from_the_account() -> None:
    said = fold(Facts(), [kinds.ENTITY.seen("account/U1234821", "IBHK", NOON)])
    plan = replace(DESK, register=replace(DESK.register, entity=""))
    keys = [one.key for one in hardening.weaknesses(said, plan, CATALOGUE, NOON)]
    assert "passkey-mandate-hong-kong" in keys
