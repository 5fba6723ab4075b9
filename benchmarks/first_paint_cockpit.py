"""The program on a profile with a journal; prints the monotonic time at which the last known state had been painted."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

from benchmarks.program import WatchedProgram, run_watched
from cockpit.services.state import DeskState


class _Watcher(QObject):
    """Waits for the restored state, then for the painting of it, then ends the program."""

    def __init__(self, program: WatchedProgram) -> None:
        super().__init__(program)
        self._program = program
        self._is_painted = False
        # Connected after the window's own slot, so the window has taken the state when this is called.
        program.bridge.state_changed.connect(self._on_state)

    @Slot(DeskState)
    def _on_state(self, state: DeskState) -> None:
        app = QApplication.instance()
        if state.restored_at is not None and app is not None:
            self._program.bridge.state_changed.disconnect(self._on_state)
            app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() is QEvent.Type.Paint and not self._is_painted:
            self._is_painted = True
            QTimer.singleShot(0, self, self._finish)  # after this round of painting is on the screen
        return False

    @Slot()
    def _finish(self) -> None:
        print(time.monotonic(), flush=True)
        self._program.end()


def _main(settings: Path) -> int:
    watchers: list[_Watcher] = []
    return run_watched(settings, lambda program: watchers.append(_Watcher(program)))


if __name__ == "__main__":
    sys.exit(_main(Path(sys.argv[1])))
