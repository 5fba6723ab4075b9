"""The two answers of `cockpit check`, made from runs: nothing is lost, and a run without an end is one too."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from msgspec.structs import replace

from cockpit.app import report_json, report_text
from cockpit.domain.level import Level
from cockpit.domain.readiness import HarmCount, Progress, Result, Run, Verdict
from tests.fakes.clock import NOON
from tests.fakes.desks import FakeDesk
from tests.fakes.facts import PLAN
from tests.fakes.virtual_time import run as in_virtual_time

pytestmark = pytest.mark.plain


@pytest.fixture(scope="module")
def whole() -> Run:
    """A finished run on a calm desk."""

    async def told() -> Run:
        desk = FakeDesk()
        try:
            return await desk.engine.check()
        finally:
            await desk.engine.close()

    return in_virtual_time(told())


def text_of(run: Run, *notes: str, is_newcomer: bool = False) -> str:
    return "\n".join(report_text.lines(run, PLAN, run.ended or NOON, notes, is_newcomer=is_newcomer))


def unasked(run: Run) -> Run:
    """The same run, stopped before its first answer."""
    results = tuple(Result(result.check, Progress.CANCELLED) for result in run.results)
    return replace(run, results=results, ended=None, verdict=None, cancelled=True)


def test_the_document_is_json_and_holds_every_line_in_order(whole: Run) -> None:
    answer = json.loads(json.dumps(report_json.report(whole, HarmCount(messages=7), NOON, ["a note"])))

    assert [line["id"] for line in answer["checks"]] == [result.check.id for result in whole.results]
    assert answer["run"]["id"] == whole.id
    assert answer["harm"]["messages"] == 7
    assert answer["notes"] == ["a note"]


def test_a_run_without_a_verdict_is_a_document_too_and_could_not_run(whole: Run) -> None:
    answer = json.loads(json.dumps(report_json.report(unasked(whole), HarmCount(), NOON)))

    assert (answer["verdict"], answer["flows"], answer["run"]["ended"]) == (None, [], None)
    assert all(line["answer"] == "Not answered" and line["level"] == "unknown" for line in answer["checks"])
    assert report_json.exit_code(unasked(whole)) == 4


@pytest.mark.parametrize(
    ("level", "code"), [(Level.READY, 0), (Level.LIMITED, 1), (Level.BLOCKED, 2), (Level.UNKNOWN, 3)]
)
def test_each_level_has_its_exit_code_and_its_word(level: Level, code: int, whole: Run) -> None:
    run = replace(whole, verdict=Verdict(level, "as it is"))
    first = text_of(run).splitlines()[0]

    assert report_json.exit_code(run) == code
    assert first == f"{report_text.GLYPHS[level]} {report_text.WORDS[level]}  as it is"


def test_the_words_name_every_line_of_the_run(whole: Run) -> None:
    words = text_of(whole)

    assert all(f" {result.check.title}: " in words for result in whole.results)
    assert all(result.finding.answer in words for result in whole.results if result.finding is not None)


@pytest.mark.parametrize(
    ("stop", "word"),
    [
        (lambda run: run, "complete"),
        (lambda run: replace(run, cancelled=True), "stopped"),
        (lambda run: replace(run, stopped=True), "stopped"),
    ],
    ids=["whole", "cancelled", "stopped"],
)
def test_the_words_say_whether_the_check_came_to_its_end(
    stop: Callable[[Run], Run], word: str, whole: Run
) -> None:
    assert f"Pre-open check {word} " in text_of(stop(whole))


def test_a_run_without_a_verdict_says_so_and_nothing_else(whole: Run) -> None:
    assert text_of(unasked(whole), "a note") == "a note\nThe check did not finish."


def test_only_a_newcomer_is_told_the_first_step(whole: Run) -> None:
    assert "First step:" in text_of(whole, is_newcomer=True)
    assert "First step:" not in text_of(whole)
