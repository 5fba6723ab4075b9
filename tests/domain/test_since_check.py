"""An answer does not stand once the session it rests on has changed."""

from __future__ import annotations

from cockpit.domain import kinds
from cockpit.domain.checks.table import checks_for
from cockpit.domain.facts import Facts, fold
from cockpit.domain.kinds import Door
from cockpit.domain.level import Level
from cockpit.domain.readiness import Progress, Result, Run
from cockpit.domain.since_check import overtaken
from cockpit.domain.verdict import answer, verdict
from tests.fakes.clock import NOON
from tests.fakes.facts import PLAN, calm, facts_of

TWS = "tws/tws"


def checked(facts: Facts) -> Run:
    results: dict[str, Result] = {}
    for check in checks_for(PLAN, facts):
        results[check.id] = Result(check, Progress.DONE, answer(check, results, facts, PLAN, NOON))
    found = tuple(results.values())
    return Run("run", NOON, found, ended=NOON, verdict=verdict(found, PLAN))


def test_nothing_is_overtaken_while_nothing_changes() -> None:
    facts = facts_of()
    assert overtaken(checked(facts), facts, PLAN, NOON + 5) == ()


def test_a_session_that_goes_takes_its_flows_with_it_at_once() -> None:
    facts = facts_of()
    gone = fold(facts, [kinds.DOOR.seen(TWS, Door.LOST, NOON + 3)])
    found = overtaken(checked(facts), gone, PLAN, NOON + 4)
    assert {flow.key: flow.level for flow in found} == dict.fromkeys(("fx", "leg", "margin"), Level.BLOCKED)
    assert found[0].sentence == "Trader Workstation: connection ended since the check"


def test_a_session_that_comes_back_makes_its_flows_unknown_until_they_are_checked_again() -> None:
    away = facts_of(kinds.DOOR.seen(TWS, Door.MUTE, NOON))
    run = checked(away)
    assert run.verdict is not None
    assert run.verdict.level is Level.BLOCKED
    back = fold(away, calm(NOON + 60))
    found = overtaken(run, back, PLAN, NOON + 60)
    assert [flow.level for flow in found] == [Level.UNKNOWN] * 3
    assert found[0].sentence.endswith("run the check again")
