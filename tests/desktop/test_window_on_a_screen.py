"""The program as a trader has it: a window on a screen, keys pressed on it, and an end without a trace."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desk.programs import PATIENCE, private_home, simulated
from tests.desktop.screens import Screen, missing, screen

pytestmark = [
    pytest.mark.desktop,
    pytest.mark.skipif(
        bool(missing()), reason=f"{missing()} not installed: there is no screen to show it on"
    ),
]


@pytest.fixture
def shown() -> Iterator[Screen]:
    with screen() as made:
        yield made


def opened(shown: Screen, home: Path, *arguments: str | Path) -> subprocess.Popen[str]:
    """Start the program with a window on that screen."""
    environment = private_home(home) | {"DISPLAY": shown.display, "QT_QPA_PLATFORM": "xcb"}
    environment.pop("WAYLAND_DISPLAY", None)
    return subprocess.Popen(
        [sys.executable, "-m", "cockpit", *map(str, arguments)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def ended(program: subprocess.Popen[str]) -> tuple[int, str]:
    """Wait for a program's end; return its exit code and what it complained of."""
    _, err = program.communicate(timeout=PATIENCE)
    return program.returncode, err


def test_the_demo_opens_runs_its_check_at_a_key_and_ends_when_asked(shown: Screen, tmp_path: Path) -> None:
    program = opened(shown, tmp_path, "--demo", "index-delayed")
    try:
        window = shown.window("^NOT CHECKED · DEMO · Access cockpit$")
        shown.press(window, "F5")
        assert shown.window("^READY WITH CARE · DEMO · Access cockpit$") == window
    finally:
        program.send_signal(signal.SIGTERM)
        code, err = ended(program)

    assert (code, err) == (0, "")


def test_a_second_start_raises_the_first_window_and_ends(shown: Screen, tmp_path: Path) -> None:
    with simulated("calm-morning", tmp_path) as desk:
        first = opened(shown, tmp_path, "--settings", desk.settings)
        try:
            window = shown.window("Access cockpit$")
            second = opened(shown, tmp_path, "--settings", desk.settings)
            code, said = ended(second)
            assert (code, said) == (0, "The cockpit is open already: its window was raised.\n")
            assert shown.windows("Access cockpit$") == [window]
        finally:
            first.send_signal(signal.SIGTERM)
            code, err = ended(first)

    assert (code, err) == (0, "")
