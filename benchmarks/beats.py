"""A pulse that notes the gap between its beats: how long a loop was busy with something else."""

from __future__ import annotations

import asyncio
import threading
import time
from types import TracebackType
from typing import Self

from PySide6.QtCore import QObject, Qt, QTimer, Slot

BEAT = 0.010  # seconds


class LoopPulse:
    """Beats in an asyncio loop. `gaps` holds the seconds between two beats, in order."""

    def __init__(self) -> None:
        self.gaps: list[float] = []

    async def beat(self) -> None:
        """Beat until cancelled."""
        last = time.perf_counter()
        while True:
            await asyncio.sleep(BEAT)
            now = time.perf_counter()
            self.gaps.append(now - last)
            last = now


class MachinePulse:
    """Beats in a thread of a process that does nothing else: what the machine itself lets wait. Use it as a context."""

    def __init__(self) -> None:
        self.gaps: list[float] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="machine pulse", daemon=True)

    def __enter__(self) -> Self:
        """Begin to beat."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End."""
        self._over.set()
        self._thread.join()

    def _beat(self) -> None:
        last = time.perf_counter()
        while not self._over.wait(BEAT):
            now = time.perf_counter()
            self.gaps.append(now - last)
            last = now


class WindowPulse(QObject):
    """Beats in the Qt loop."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.gaps: list[float] = []
        self._last = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(int(BEAT * 1000))
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        """Begin to beat."""
        self._last = time.perf_counter()
        self._timer.start()

    def stop(self) -> None:
        """End."""
        self._timer.stop()

    @Slot()
    def _beat(self) -> None:
        now = time.perf_counter()
        self.gaps.append(now - self._last)
        self._last = now
