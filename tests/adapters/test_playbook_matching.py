"""Which interface serves which objective: a shipped rule, the desk's own over it, and how the sessions stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from cockpit.adapters.catalogue import desk_catalogue
from cockpit.adapters.settings.matching import read_matching
from cockpit.domain.catalogue import Confidence
from cockpit.domain.interface import Interface
from cockpit.domain.level import Level
from cockpit.domain.matching import suggest
from cockpit.domain.plan import Objective

pytestmark = pytest.mark.plain


def test_every_objective_has_a_rule_with_reason_source_and_date() -> None:
    rules, complaints = read_matching()
    assert complaints == []
    assert [rule.objective for rule in rules] == list(Objective)
    assert all(rule.interfaces and rule.reason and rule.as_of for rule in rules)
    assert {rule.source for rule in rules} == {"cockpit"}


@pytest.mark.parametrize(
    ("levels", "interface", "level"),
    [
        ({Interface.TWS_API: Level.READY, Interface.WEB_API: Level.READY}, Interface.TWS_API, Level.READY),
        ({Interface.TWS_API: Level.LIMITED, Interface.WEB_API: Level.READY}, Interface.WEB_API, Level.READY),
        ({Interface.TWS_API: Level.BLOCKED}, Interface.WEB_API, Level.UNKNOWN),
        (
            {Interface.TWS_API: Level.BLOCKED, Interface.WEB_API: Level.BLOCKED},
            Interface.TWS_API,
            Level.BLOCKED,
        ),
        ({Interface.TWS: Level.READY}, Interface.TWS_API, Level.UNKNOWN),
    ],
)
def test_the_first_of_those_that_stand_best_is_suggested(
    levels: dict[Interface, Level], interface: Interface, level: Level
) -> None:
    found = suggest(Objective.AUTOMATION, read_matching()[0], levels)
    assert found is not None
    assert (found.interface, found.level) == (interface, level)


def test_passing_over_the_first_choice_is_said() -> None:
    levels = {Interface.TWS_API: Level.BLOCKED, Interface.WEB_API: Level.READY}
    found = suggest(Objective.AUTOMATION, read_matching()[0], levels)
    assert found is not None
    assert found.reason.startswith("TWS API comes first but is blocked.")


def test_without_a_rule_nothing_is_suggested() -> None:
    assert suggest(Objective.AUTOMATION, (), {}) is None


def test_the_desks_row_wins_field_by_field_and_is_attested(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        '[[limit]]\nkey = "other table"\n\n[[matching]]\nobjective = "monitor"\ninterfaces = ["ibkr-mobile"]\n'
    )
    rules, complaints = read_matching(own)
    assert complaints == []
    assert {complaint.key for complaint in desk_catalogue(own).complaints} == {"limit[1]"}
    shipped = {rule.objective: rule for rule in read_matching()[0]}
    changed = {rule.objective: rule for rule in rules if rule != shipped[rule.objective]}
    assert list(changed) == [Objective.MONITOR]
    mine = changed[Objective.MONITOR]
    assert (mine.interfaces, mine.confidence) == ((Interface.MOBILE,), Confidence.ATTESTED)
    assert mine.reason == shipped[Objective.MONITOR].reason


def test_a_wrong_row_of_the_desk_is_named_and_the_shipped_one_stays(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[[matching]]\nobjective = "monitor"\ninterfaces = ["telex"]\n')
    rules, complaints = read_matching(own)
    assert [complaint.key for complaint in complaints] == ["matching[1].interfaces"]
    assert rules[0].interfaces == read_matching()[0][0].interfaces


@pytest.mark.parametrize(
    "content", [b"[", b"\xff", b"a = " + b"[" * 50_000], ids=["broken", "not text", "deep"]
)
def test_a_broken_file_leaves_the_shipped_rules_and_one_sentence(tmp_path: Path, content: bytes) -> None:
    own = tmp_path / "own.toml"
    own.write_bytes(content)
    rules, complaints = read_matching(own)
    assert rules == read_matching()[0]
    assert len(complaints) == 1
