"""The programs of a simulated desk as this PC's process list shows them: stand-ins that do nothing but be there."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from cockpit.simulator.scenario import ApiServer

# The main class by which each program is known on Linux, where it is a Java machine with that argument.
_MAIN_CLASSES = {"TWS": "jclient.LoginFrame", "IB Gateway": "ibgateway.GWClient"}
_WAIT = "import sys; sys.stdin.read()"


class StandIns:
    """One process per program that the scenario says is running. Leaving the context ends them.

    A stand-in ends by itself when this process dies, for its input closes then. On Windows and in a frozen
    program there is no way to start one under another name: then nothing is started.
    """

    def __init__(self, servers: Sequence[ApiServer]) -> None:
        self._programs = sorted(
            {server.program for server in servers if server.running} & _MAIN_CLASSES.keys()
        )
        self._processes: list[subprocess.Popen[bytes]] = []
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> Self:
        if sys.platform == "win32" or getattr(sys, "frozen", False):
            return self
        self._folder = tempfile.TemporaryDirectory(prefix="simulated-desk-")
        java = Path(self._folder.name) / "java"
        java.symlink_to(Path(sys.executable).resolve())
        for program in self._programs:
            command = [str(java), "-I", "-S", "-c", _WAIT, _MAIN_CLASSES[program]]
            self._processes.append(subprocess.Popen(command, stdin=subprocess.PIPE))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in self._processes:
            if process.stdin is not None:
                process.stdin.close()
            process.wait()
        if self._folder is not None:
            self._folder.cleanup()
