"""The program as a trader starts it: subprocesses of the command line with a home of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 60.0  # seconds until a program that does not end fails its test


def private_home(home: Path) -> dict[str, str]:
    """The environment of a user who has just got this PC: an empty home, nothing inherited that leads elsewhere."""
    home.mkdir(parents=True, exist_ok=True)
    foreign = ("XDG_", "COCKPIT_", "PYTEST_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return kept | {
        "HOME": str(home),
        "PYTHONWARNINGS": "error::ResourceWarning",
        "QT_QPA_PLATFORM": "offscreen",
    }


def started(*arguments: str | Path, home: Path) -> subprocess.Popen[str]:
    """Start `cockpit` with these arguments; its input, output and errors are pipes."""
    return subprocess.Popen(
        [sys.executable, "-m", "cockpit", *map(str, arguments)],
        env=private_home(home),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


@dataclass(frozen=True)
class Ended:
    """How a program ended: its exit code, what it said and what it complained of."""

    code: int
    out: str
    err: str


def cockpit(*arguments: str | Path, home: Path) -> Ended:
    """Run `cockpit` with these arguments to its end."""
    process = started(*arguments, home=home)
    out, err = process.communicate(timeout=PATIENCE)
    return Ended(process.returncode, out, err)


@dataclass
class Simulation:
    """A simulated desk that runs as a process of its own, and the settings that point at it."""

    process: subprocess.Popen[str]
    settings: Path
    announced: str
    record: Path


@contextmanager
def simulated(scenario: str | Path, folder: Path) -> Iterator[Simulation]:
    """Run `cockpit simulate`; the block begins when all its ports listen, and its end ends it."""
    settings, record = folder / "settings.toml", folder / "record.jsonl"
    process = started(
        *("simulate", scenario, "--json", "--until-input-ends"),
        *("--write-settings", settings, "--record", record),
        home=folder / "simulated-home",
    )
    try:
        assert process.stdout is not None
        announced = process.stdout.readline()
        if not announced:
            raise AssertionError(f"the simulated desk did not start: {process.communicate()[1]}")
        yield Simulation(process, settings, announced, record)
    finally:
        if process.returncode is None:
            process.communicate(timeout=PATIENCE)  # closes its input, which ends it
