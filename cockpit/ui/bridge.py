"""Between the engine's thread and the window's: states come down at most once a frame, intents go up.

Only this file and `app.py` know that the sessions live in another thread.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from cockpit.services.intents import Intent
from cockpit.services.state import DeskState

FRAME = 0.033  # seconds; the window never repaints more often: nothing on it is read faster


class Bridge(QObject):
    """Keeps the newest state and delivers it on the Qt thread; hands intents to the engine.

    `carry_intent` is called on the Qt thread and must return at once.
    """

    state_changed = Signal(DeskState)
    intent_wanted = Signal(object)  # Intent, for who wants to follow what the trader asks
    _woken = Signal()

    def __init__(self, carry_intent: Callable[[Intent], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._carry_intent = carry_intent
        self._lock = threading.Lock()
        self._newest: DeskState | None = None
        self._is_awake = False  # a wake-up is on its way, or the timer runs
        self._delivered = -FRAME
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._deliver)
        self._woken.connect(self._on_woken, Qt.ConnectionType.QueuedConnection)

    def show(self, state: DeskState) -> None:
        """Take a state from any thread, at any rate. Never waits for the window."""
        with self._lock:
            self._newest = state
            if self._is_awake:
                return
            self._is_awake = True
        self._woken.emit()

    def send(self, intent: Intent) -> None:
        """Hand an intent to the engine."""
        self.intent_wanted.emit(intent)
        self._carry_intent(intent)

    @Slot()
    def _on_woken(self) -> None:
        wait = self._delivered + FRAME - time.monotonic()
        if wait > 0:
            self._timer.start(int(wait * 1000) + 1)
        else:
            self._deliver()

    @Slot()
    def _deliver(self) -> None:
        with self._lock:
            state, self._newest = self._newest, None
            self._is_awake = False
        if state is not None:
            self.state_changed.emit(state)
        # Counted from the end of the delivery: a slow repaint leaves the loop a frame's time for input.
        self._delivered = time.monotonic()
