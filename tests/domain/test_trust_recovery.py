"""Ways back in: each with its clock, proven or claimed; and the runbook that is read without this PC."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from cockpit.domain import kinds
from cockpit.domain.catalogue import Playing
from cockpit.domain.facts import Facts, fold
from cockpit.domain.kinds import DAY
from cockpit.domain.level import Level
from cockpit.domain.plan import Plan
from cockpit.domain.register import RecoveryKind, RecoveryPath, Register
from cockpit.domain.trust.recovery import recovery_rows
from cockpit.domain.trust.runbook import printable, runbook
from tests.domain.trust_desks import CATALOGUE, CODE, DESK, REGISTER, SAID, row, seen
from tests.fakes.clock import NOON

ONLINE = RecoveryPath("printed card", RecoveryKind.ONLINE_CARD, "in the safe")
SECOND = RecoveryPath("second phone", RecoveryKind.SECOND_DEVICE, "in the drawer", "DSC+")


@pytest.mark.parametrize(
    ("days", "level", "says"),
    [
        (0.0, Level.READY, "works everywhere but at an API for another 2 d"),
        (1.99, Level.READY, "works everywhere but at an API"),
        (2.01, Level.LIMITED, "opens Client Portal only, for another 10 d"),
        (11.99, Level.LIMITED, "opens Client Portal only"),
        (12.0, Level.BLOCKED, "has run out"),
    ],
)
def test_a_temporary_code_runs_through_its_published_stages(days: float, level: Level, says: str) -> None:
    at = NOON - days * DAY
    found = row("recovery/temporary code", seen(kinds.ISSUED.seen("recovery/temporary code", at, at, SAID)))
    assert found.level is level
    assert says.casefold() in " ".join([found.sentence, *found.detail]).casefold()
    assert found.ends == (at + 2 * DAY if days < 2 else at + 12 * DAY)
    assert found.ends_words == ("expired" if level is Level.BLOCKED else "")


def test_a_code_that_was_taken_back_has_no_clock() -> None:
    found = row(
        "recovery/temporary code", seen(kinds.ISSUED.seen("recovery/temporary code", 0.0, NOON, SAID))
    )
    assert (found.level, found.ends_words) == (Level.READY, "to be proven again")


def test_a_printed_card_ends_after_its_weeks_and_must_lie_where_it_should() -> None:
    plan = replace(DESK, register=replace(REGISTER, recovery=(ONLINE,)))
    issued = NOON - 20 * DAY
    said = [
        kinds.PROVEN.seen("recovery/printed card", NOON - DAY, NOON - DAY, SAID),
        kinds.ISSUED.seen("recovery/printed card", issued, issued, SAID),
    ]
    assert row("recovery/printed card", fold(Facts(), said), plan).level is Level.UNKNOWN
    looked = kinds.LOOKED_AFTER.seen("recovery/printed card", NOON, NOON, SAID)
    found = row("recovery/printed card", fold(Facts(), [*said, looked]), plan)
    assert (found.level, found.ends) == (Level.READY, issued + 21 * DAY)
    later = row("recovery/printed card", fold(Facts(), [*said, looked]), plan, NOON + 2 * DAY)
    assert (later.level, later.ends_words) == (Level.BLOCKED, "expired")


def test_a_factor_proven_on_it_proves_a_second_device() -> None:
    plan = replace(DESK, register=replace(REGISTER, recovery=(SECOND,)))
    facts = seen(kinds.LOOKED_AFTER.seen("recovery/second phone", NOON, NOON, SAID))
    assert row("recovery/second phone", facts, plan).level is Level.READY
    without = seen(kinds.LOOKED_AFTER.seen("recovery/second phone", NOON, NOON, SAID), without=("proven",))
    assert row("recovery/second phone", without, plan).level is Level.UNKNOWN


def test_a_desk_without_any_way_back_is_told_so() -> None:
    plan = replace(DESK, register=Register())
    (found,) = recovery_rows(Facts(), plan, CATALOGUE, NOON)
    assert (found.level, found.sentence) == (Level.UNKNOWN, "No way back in is registered for a lost phone")
    assert found.remedy is not None


def _print(plan: Plan = DESK, facts: Facts | None = None, catalogue: Playing = CATALOGUE) -> str:
    return printable(runbook(plan, seen() if facts is None else facts, catalogue, NOON))


def test_the_runbook_says_which_factor_is_left_when_a_device_is_gone() -> None:
    text = _print()
    assert "If iPhone 15 is gone: Digital Security Card+ (proven 2026-11-12)." in text
    assert "If DSC+ is gone: IB Key (iPhone 15) (proven 2026-11-23)." in text


def test_the_runbook_admits_when_nothing_proven_is_left() -> None:
    text = _print(facts=seen(without=("proven",)))
    assert "If iPhone 15 is gone: no proven factor is left, go on with the ways back in." in text


def test_the_runbook_masks_accounts_unless_asked_for_them() -> None:
    facts = seen(kinds.ACCOUNTS.seen("tws/tws", ("U1234821", "U7654321"), NOON))
    assert "U1234821" not in _print(facts=facts)
    assert "U•••4821" in _print(facts=facts)
    whole = printable(runbook(DESK, facts, CATALOGUE, NOON, hides_accounts=False))
    assert "U1234821" in whole
    assert "U7654321" in whole


def test_the_runbook_names_no_number_but_the_one_the_desk_noted() -> None:
    assert "______" in _print()
    noted = RecoveryPath("client services", RecoveryKind.DESK_PHONE, "+41 00 000 00 00")
    plan = replace(DESK, register=replace(REGISTER, recovery=(CODE, noted)))
    text = _print(plan)
    assert "client services: +41 00 000 00 00 (noted by the desk)" in text
    assert "______" not in text


def test_an_empty_desk_gets_a_runbook_to_fill_in() -> None:
    text = _print(Plan(), Facts(), Playing())
    assert text.startswith("Runbook of desk\n===")
    assert text.count("______________________") == 3


def test_the_runbook_fits_a_sheet_and_prints_no_control_letters() -> None:
    hostile = RecoveryPath(
        "card\x1b[31m\u202e in the safe", RecoveryKind.CARD, "behind " + "the picture " * 30
    )
    plan = replace(DESK, register=replace(REGISTER, recovery=(hostile,)))
    text = _print(plan)
    assert max(len(line) for line in text.splitlines()) <= 100
    assert all(letter.isprintable() or letter == "\n" for letter in text)
