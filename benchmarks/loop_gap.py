"""How long the two loops are kept from answering while 5,000 observations a second arrive.

The whole program runs: window, strip and tray on the offscreen platform, sessions open at a simulated desk in a
process of its own, a finished check on screen, the journal writing everything.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Slot

from benchmarks.beats import LoopPulse, MachinePulse, WindowPulse
from benchmarks.children import in_child
from benchmarks.figures import Figure, quantile
from benchmarks.program import WatchedProgram, run_watched
from benchmarks.stream import FACTS, pour, templates
from cockpit.app.simulated_child import SimulatedChild
from cockpit.app.window import SETTLED_AFTER
from cockpit.services.intents import RunCheck
from cockpit.services.state import DeskState

SECONDS = 30.0
PER_SECOND = 5_000
LONGEST_GAP = 0.017  # seconds, that 99.9 gaps in a hundred may reach
SETTLE = SETTLED_AFTER + 2.0  # seconds of flood before it is measured: until the program has settled
CHECK_WITHIN = 40.0  # seconds


def run(seconds: float = SECONDS) -> Figure:
    """Return the gaps of both loops; `ratio` is the worse 99.9th percentile over the longest one allowed."""
    with SimulatedChild("calm-morning") as desk, MachinePulse() as machine:
        printed = in_child(
            "benchmarks.loop_gap", str(desk.settings_file), str(seconds), within=seconds + 2 * CHECK_WITHIN
        )
    gaps: dict[str, list[float]] = json.loads(printed)
    worst = max(quantile(values, 0.999) for values in gaps.values())
    return {
        "ratio": worst / LONGEST_GAP,
        "limit": 1.0,
        "seconds": seconds,
        "observations_per_second": PER_SECOND,
        "facts": FACTS,
        **{f"{name}_ms": _spread(values) for name, values in gaps.items()},
        "machine_ms": _spread(
            machine.gaps
        ),  # what an idle process saw meanwhile: above the limit, nothing is proven
    }


def _spread(gaps: list[float]) -> dict[str, float]:
    return {
        "p50": 1000 * quantile(gaps, 0.5),
        "p99": 1000 * quantile(gaps, 0.99),
        "p99.9": 1000 * quantile(gaps, 0.999),
        "longest": 1000 * max(gaps),
    }


class _Story(QObject):
    """Wait for a finished check, let the flood begin, measure, print, end."""

    def __init__(self, program: WatchedProgram, seconds: float) -> None:
        super().__init__(program)
        self._program = program
        self._seconds = seconds
        self._window = WindowPulse(self)
        self._sessions = LoopPulse()
        self._tasks: list[asyncio.Task[None]] = []
        self._is_pouring = False
        program.bridge.state_changed.connect(self._on_state)
        program.bridge.send(RunCheck())

    @Slot(DeskState)
    def _on_state(self, state: DeskState) -> None:
        if not self._is_pouring and state.run is not None and not state.run.is_running:
            self._is_pouring = True
            self._program.in_sessions(self._pour)
            QTimer.singleShot(int(SETTLE * 1000), self, self._measure)

    def _pour(self) -> None:
        desk = self._program.engine.desk
        flood = pour(desk.observe, templates(desk.facts), PER_SECOND)
        self._tasks.append(asyncio.get_running_loop().create_task(flood))

    @Slot()
    def _measure(self) -> None:
        self._program.in_sessions(self._beat)
        self._window.start()
        QTimer.singleShot(int(self._seconds * 1000), self, self._finish)

    def _beat(self) -> None:
        self._tasks.append(asyncio.get_running_loop().create_task(self._sessions.beat()))

    @Slot()
    def _finish(self) -> None:
        self._window.stop()
        self._program.in_sessions(self._stop)
        print(json.dumps({"sessions": self._sessions.gaps[:], "window": self._window.gaps}), flush=True)
        self._program.end()

    def _stop(self) -> None:
        for task in self._tasks:
            task.cancel()


def _main(settings: Path, seconds: float) -> int:
    stories: list[_Story] = []  # kept: the program's signals hold none of them alive
    return run_watched(settings, on_engine=lambda program: stories.append(_Story(program, seconds)))


if __name__ == "__main__":
    sys.exit(_main(Path(sys.argv[1]), float(sys.argv[2])))
