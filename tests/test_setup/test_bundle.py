"""The folder that runs without Python: its command line, and its window on a virtual screen.

Made by `./dev bundle`; without that folder these tests have nothing to look at.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import cockpit
from tests.test_setup.checkout import ROOT

PROGRAM = ROOT / "dist" / "cockpit" / ("cockpit.exe" if sys.platform == "win32" else "cockpit")
LONG = 60.0  # seconds; a bound for a program that hangs, not a promise
SCREEN_PROGRAMS = ("Xvfb", "xdotool")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not PROGRAM.exists(), reason="no bundle here: make one with ./dev bundle"),
]


@pytest.fixture
def bare(tmp_path: Path) -> dict[str, str]:
    """The environment of a new account that has no Python."""
    return {"HOME": str(tmp_path), "PATH": os.defpath, "LANG": "C.UTF-8", "XDG_RUNTIME_DIR": str(tmp_path)}


@pytest.fixture
def display() -> Iterator[str]:
    """The name of a virtual screen that lives as long as the test."""
    if missing := [name for name in SCREEN_PROGRAMS if not shutil.which(name)]:
        pytest.skip(f"needs {' and '.join(missing)}")
    ours, theirs = os.pipe()
    command = ["Xvfb", "-displayfd", str(theirs), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[theirs], stderr=subprocess.DEVNULL)
    os.close(theirs)
    with os.fdopen(ours) as answer:
        yield f":{answer.readline().strip()}"
    server.terminate()
    server.wait()


def ask(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(PROGRAM), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=LONG, check=False)


def test_the_bundle_says_the_version_of_this_checkout(bare: dict[str, str]) -> None:
    assert ask(bare, "--version").stdout.strip() == f"cockpit {cockpit.__version__}"


def test_the_bundle_carries_every_scenario(bare: dict[str, str]) -> None:
    listed = {line.split()[0] for line in ask(bare, "simulate", "--list").stdout.splitlines() if line.strip()}
    source = subprocess.run(
        [sys.executable, "-m", "cockpit", "simulate", "--list"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert listed == {line.split()[0] for line in source.stdout.splitlines() if line.strip()}
    assert listed


def test_the_bundle_holds_no_keychain_in_plain_files_and_no_test_tools() -> None:
    names = {path.name for path in PROGRAM.parent.rglob("*") if path.is_dir()}
    assert not names & {"keyrings", "pytest", "_pytest", "mypy", "hypothesis", "ibapi"}


def test_the_bundle_opens_the_demo_desk_on_a_virtual_screen(bare: dict[str, str], display: str) -> None:
    command = [str(PROGRAM), "--demo"]
    program = subprocess.Popen(command, env={**bare, "DISPLAY": display}, stderr=subprocess.PIPE, text=True)
    try:
        found = window_of(program, "DEMO.*Access cockpit", display)
    finally:
        program.terminate()
        _, said = program.communicate(timeout=LONG)
    assert found, said


def window_of(program: subprocess.Popen[str], title: str, display: str) -> str:
    """The windows on a screen whose title matches; empty when the program ends, or time, before one comes."""
    command = ["timeout", str(LONG), "xdotool", "search", "--sync", "--onlyvisible", "--name", title]
    environment = {**os.environ, "DISPLAY": display}
    finder = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)

    def give_up() -> None:
        program.wait()
        finder.terminate()

    threading.Thread(target=give_up, daemon=True).start()
    return finder.communicate()[0].strip()
