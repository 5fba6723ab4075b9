"""The yardstick: an empty window of PySide6 under qasync; prints the monotonic time at which it had been painted."""

from __future__ import annotations

import asyncio
import sys
import time

import qasync
from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget


class _Window(QWidget):
    """Paints nothing but its background."""

    def __init__(self, painted: asyncio.Event) -> None:
        super().__init__()
        self._painted = painted
        self.resize(1600, 960)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        super().paintEvent(event)
        QTimer.singleShot(0, self, self._painted.set)  # after this round of painting is on the screen


async def _until_painted() -> None:
    painted = asyncio.Event()
    window = _Window(painted)
    window.show()
    await painted.wait()
    print(time.monotonic(), flush=True)


if __name__ == "__main__":
    app = QApplication(sys.argv[:1])
    with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(app)) as runner:
        runner.run(_until_painted())
