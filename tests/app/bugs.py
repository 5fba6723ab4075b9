"""A program that makes one bug in each place where one can hide, and says which of them its hook has heard of.

Run by test_hooks.py as a process of its own, for the hook takes over Python's own.
"""

from __future__ import annotations

import asyncio
import json
import sys
import threading

import qasync
from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from cockpit.app.hooks import BugHook
from cockpit.app.sessions_thread import SessionsThread
from tests.fakes.desks import FakeDesk

PLACES = ("slot", "timer", "paint", "task", "callback", "thread", "destructor", "sessions")


class Bug(Exception):
    """A slip of ours; its text names the place."""


class Broken(QWidget):
    """A widget that fails in a slot, in a timer and while painting."""

    pressed = Signal()

    @Slot()
    def on_pressed(self) -> None:
        raise Bug("slot")

    @Slot()
    def on_time(self) -> None:
        raise Bug("timer")

    def paintEvent(self, event: QPaintEvent) -> None:
        raise Bug("paint")


class Dying:
    """Something whose end fails."""

    def __del__(self) -> None:
        raise Bug("destructor")


class Heard(QObject):
    """Collects the bugs that were told, from any thread, until there is one of every place."""

    def __init__(self) -> None:
        super().__init__()
        self.places: set[str] = set()
        self.all = threading.Event()

    def tell(self, where: str, error: BaseException | None) -> None:
        self.places.add(str(error))
        if self.places >= set(PLACES):
            self.all.set()


def fail(place: str) -> None:
    raise Bug(place)


async def failing() -> None:
    raise Bug("task")


async def make_every_bug(app: QApplication, hook: BugHook, heard: Heard) -> None:
    """Let every bug happen; the program must live through all of them."""
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(
        lambda loop, context: hook.take(str(context["message"]), context.get("exception"))
    )
    widget = Broken()
    widget.pressed.connect(widget.on_pressed)
    widget.show()
    widget.pressed.emit()
    QTimer.singleShot(0, widget.on_time)
    task = asyncio.ensure_future(failing())
    await asyncio.wait({task})
    del task  # nobody asked how it ended: the loop tells when it is collected
    loop.call_soon(fail, "callback")
    thread = threading.Thread(target=fail, args=("thread",), name="worker")
    thread.start()
    thread.join()
    dying: Dying | None = Dying()
    dying = None
    assert dying is None
    sessions = SessionsThread(lambda: FakeDesk().engine, hook.take)
    sessions.start()
    sessions.call(lambda engine: fail("sessions"))
    await loop.run_in_executor(None, heard.all.wait, 15.0)
    sessions.stop()
    widget.close()


def main() -> int:
    """Make the bugs; print the places that were heard of and how often the same one was told."""
    app = QApplication(sys.argv[:1])
    heard = Heard()
    hook = BugHook(heard.tell)
    hook.install()
    with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(app)) as runner:
        runner.run(make_every_bug(app, hook, heard))
    sys.stdout.write(json.dumps(sorted(heard.places)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
