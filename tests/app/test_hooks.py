"""The one hook for bugs of ours: it hears of them wherever they happen, once each, and the program lives on."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from cockpit.app.hooks import BugHook
from tests.app.bugs import PLACES
from tests.desk.programs import PATIENCE, private_home

pytestmark = pytest.mark.plain


class Told:
    """Keeps what the hook tells."""

    def __init__(self) -> None:
        self.all: list[tuple[str, BaseException | None]] = []

    def tell(self, where: str, error: BaseException | None) -> None:
        self.all.append((where, error))


def test_a_bug_in_each_of_eight_places_is_told_and_the_program_ends_by_itself(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "tests.app.bugs"],
        cwd=Path(__file__).parents[2],
        env=private_home(tmp_path),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=PATIENCE,
    )

    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout) == sorted(PLACES)


def test_the_same_bug_is_told_once_and_then_only_counted() -> None:
    told = Told()
    hook = BugHook(told.tell)
    for _ in range(1000):
        hook.take("a pane failed", ValueError("the same"))

    assert len(told.all) == 1


def test_the_same_line_that_raises_another_text_each_time_is_one_bug() -> None:
    told = Told()
    hook = BugHook(told.tell)
    for number in range(1000):
        try:
            raise ValueError(f"tick {number}")
        except ValueError as error:
            hook.take("a pane failed", error)

    assert len(told.all) == 1


def test_another_bug_or_another_place_is_told_as_well() -> None:
    told = Told()
    hook = BugHook(told.tell)
    hook.take("a pane failed", ValueError("one"))
    hook.take("a pane failed", ValueError("two"))
    hook.take("another pane failed", ValueError("one"))
    hook.take("a pane failed", None)

    assert [where for where, _ in told.all] == ["a pane failed"] * 2 + [
        "another pane failed",
        "a pane failed",
    ]
