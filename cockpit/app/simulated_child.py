"""The simulated desk as a child process of the program: started for `--demo`, ended with it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

STARTS_WITHIN = 20.0  # seconds
ENDS_WITHIN = 3.0  # seconds


class DemoTrouble(Exception):
    """The simulated desk could not be started; the message says why."""


def command(*arguments: str) -> list[str]:
    """Return the command line of this same program with other arguments, in a checkout, a wheel and a bundle."""
    if getattr(sys, "frozen", False):
        return [sys.executable, *arguments]
    return [sys.executable, "-m", "cockpit", *arguments]


class SimulatedChild:
    """A running simulated desk. `settings_file` points at it. Use it as a context; leaving it ends the child."""

    def __init__(self, scenario: str, folder: Path | None = None) -> None:
        self._scenario = scenario
        self._temporary = tempfile.TemporaryDirectory(prefix="cockpit-demo-") if folder is None else None
        self.folder = folder if folder is not None else Path(self._temporary.name if self._temporary else "")
        self.settings_file = self.folder / "demo-settings.toml"
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        """Start the child; return when every port of it listens. Raises DemoTrouble."""
        arguments = ["simulate", self._scenario, "--json", "--until-input-ends"]
        self._process = subprocess.Popen(
            command(*arguments, "--write-settings", str(self.settings_file)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        # A child that hangs is ended, which ends the wait for its line.
        late = threading.Timer(STARTS_WITHIN, self._process.kill)
        late.start()
        line = self._process.stdout.readline() if self._process.stdout is not None else ""
        late.cancel()
        if not line.startswith("{"):
            self.__exit__(None, None, None)
            raise DemoTrouble("The simulated desk did not start; what it said stands above.")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the child."""
        self._end()
        if self._temporary is not None:
            self._temporary.cleanup()

    def _end(self) -> None:
        process = self._process
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            process.wait(ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()
