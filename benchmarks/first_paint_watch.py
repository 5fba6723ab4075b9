"""The program on a profile with a journal; prints the monotonic time at which the last known state had been painted."""

from __future__ import annotations

import time
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer, Slot

from benchmarks.program import WatchedProgram, run_watched


class _Watcher(QObject):
    """Waits for the first painting of the window, which has taken the last known state before; then ends it all."""

    def __init__(self, program: WatchedProgram) -> None:
        super().__init__(program)
        self._program = program
        self._is_painted = False
        if program.window.windowTitle() == "Access cockpit":
            raise SystemExit("the window has taken no state yet")
        program.window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() is QEvent.Type.Paint and not self._is_painted:
            self._is_painted = True
            QTimer.singleShot(0, self, self._finish)  # after this round of painting is on the screen
        return False

    @Slot()
    def _finish(self) -> None:
        print(time.monotonic(), flush=True)
        self._program.end()


def main(settings: Path) -> int:
    """Run the program until its first picture; return its exit code."""
    watchers: list[_Watcher] = []
    return run_watched(settings, on_window=lambda program: watchers.append(_Watcher(program)))
