"""How Qt and asyncio meet: do sessions beat and does the window answer through a dialog, a menu, a drag and a freeze.

Two designs are compared in one run: one qasync loop for everything, and the sessions' loop in a thread of its own.
A dragged window is a modal loop of the system on Windows; a nested Qt loop stands for it here.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import qasync
from PySide6.QtCore import QEventLoop, QPoint, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QWidget

from benchmarks.children import in_child
from benchmarks.figures import Figure

BEAT = 0.05  # seconds between two beats of the session
LASTS = 1.0  # seconds of each disturbance


@dataclass
class Pulse:
    """When something last happened, and the longest gap since `reset`."""

    last: float = field(default_factory=time.monotonic)
    longest: float = 0.0

    def beat(self) -> None:
        now = time.monotonic()
        self.longest = max(self.longest, now - self.last)
        self.last = now

    def reset(self) -> None:
        self.last, self.longest = time.monotonic(), 0.0

    def gap(self) -> float:
        return max(self.longest, time.monotonic() - self.last)


async def session(pulse: Pulse, server: asyncio.Event) -> None:
    """A session's heartbeat over a real socket on loopback."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(1):
            writer.write(data)

    listening = await asyncio.start_server(answer, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*listening.sockets[0].getsockname()[:2])
    server.set()
    while True:
        writer.write(b".")
        await reader.readexactly(1)
        pulse.beat()
        await asyncio.sleep(BEAT)


def dialog(window: QWidget) -> None:
    """A modal dialog that is executed, as a library or the system may do."""
    box = QDialog(window)
    QTimer.singleShot(int(LASTS * 1000), box.accept)
    box.exec()


def menu(window: QWidget) -> None:
    """An open menu."""
    popup = QMenu(window)
    popup.addAction("Run pre-open check")
    QTimer.singleShot(int(LASTS * 1000), popup.close)
    popup.exec(QPoint(10, 10))


def drag(window: QWidget) -> None:
    """A dragged window: a nested loop in which the window moves."""
    loop = QEventLoop()
    timer = QTimer()
    timer.setInterval(15)
    timer.timeout.connect(lambda: window.move(window.pos() + QPoint(1, 0)))
    timer.start()
    QTimer.singleShot(int(LASTS * 1000), loop.quit)
    loop.exec()
    timer.stop()


def freeze(window: QWidget) -> None:
    """A second in which the Qt thread does nothing else."""
    time.sleep(LASTS)


DISTURBANCES: dict[str, Callable[[QWidget], None]] = {
    "dialog": dialog,
    "menu": menu,
    "drag": drag,
    "freeze": freeze,
}
Row = dict[str, tuple[float, float]]


def _measure(app: QApplication, *, threaded: bool) -> None:
    """Measure one design, print its gaps in seconds as JSON and end the process."""
    beating, answering, rows = Pulse(), Pulse(), Row()
    window = QWidget()
    window.show()
    ticking = QTimer()
    ticking.setInterval(int(BEAT * 1000))
    ticking.timeout.connect(answering.beat)
    ticking.start()

    async def story() -> None:
        started = asyncio.Event()
        if threaded:
            up = threading.Event()

            async def in_thread() -> None:
                inner = asyncio.Event()
                beats = asyncio.ensure_future(session(beating, inner))
                await inner.wait()
                up.set()
                await beats

            threading.Thread(target=lambda: asyncio.run(in_thread()), daemon=True).start()
            up.wait()
        else:
            beats = asyncio.ensure_future(session(beating, started))
            await started.wait()
            assert not beats.done()
        for name, disturb in DISTURBANCES.items():
            await asyncio.sleep(0.2)
            beating.reset()
            answering.reset()
            disturb(window)
            during = beating.gap(), answering.gap()
            await asyncio.sleep(0.5)
            # A session that does not come back after the disturbance has stopped for good.
            after = time.monotonic() - beating.last
            rows[name] = (max(during[0], after), during[1])
        print(json.dumps({name: {"session": a, "window": b} for name, (a, b) in rows.items()}), flush=True)
        os._exit(0)

    with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(app)) as runner:
        runner.run(story())


def run() -> Figure:
    """Return the longest gaps in seconds; `ratio` is the worst session gap with a thread over the one without."""
    apart, together = _measured("own-thread"), _measured("one-loop")
    worst_apart = max(row["session"] for row in apart.values())
    worst_together = max(row["session"] for row in together.values())
    return {
        "ratio": worst_apart / worst_together,
        "limit": 0.25,
        "beat": BEAT,
        "one_loop": together,
        "own_thread": apart,
    }


def _measured(design: str) -> dict[str, dict[str, float]]:
    """Measure one design in a process of its own: the one loop cannot be closed once a task of it is stuck."""
    printed = in_child("benchmarks.loops", design, within=60.0, complains=True)
    found: dict[str, dict[str, float]] = json.loads(printed)
    return found


if __name__ == "__main__":
    app = QApplication([])
    _measure(app, threaded=sys.argv[1] == "own-thread")
