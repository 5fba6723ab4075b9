"""Says when the screen is locked or this PC goes to sleep, as far as Qt can hear of it: on Linux, over the message bus.

On Windows and macOS the lock screen takes the keyboard away, which hides a code by itself. A signal that somebody else
sends can do no more than hide one too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias, cast

from PySide6.QtCore import SLOT, QObject, Signal, Slot
from PySide6.QtDBus import QDBusConnection

_SAVERS = ("org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver", "org.cinnamon.ScreenSaver")
_LOGIND = "org.freedesktop.login1"

_Connect: TypeAlias = "Callable[[str, str, str, str, QObject, str], bool]"


class LockWatch(QObject):
    """Emits `locked`. Hears nothing where there is no bus; `is_listening` says whether there is one."""

    locked = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.is_listening = self._listen()

    def _listen(self) -> bool:
        # A bus to which there is no connection is fine: then nothing is heard from it.
        on_session, on_system = _hearing(QDBusConnection.sessionBus()), _hearing(QDBusConnection.systemBus())
        changed, locked = SLOT("_on_changed(bool)"), SLOT("_on_locked()")
        heard = [
            *(on_session("", "", saver, "ActiveChanged", self, changed) for saver in _SAVERS),
            on_system("", "", f"{_LOGIND}.Manager", "PrepareForSleep", self, changed),
            on_system("", "", f"{_LOGIND}.Session", "Lock", self, locked),
        ]
        return any(heard)

    @Slot(bool)
    def _on_changed(self, is_locked: bool) -> None:
        if is_locked:
            self.locked.emit()

    @Slot()
    def _on_locked(self) -> None:
        self.locked.emit()


def _hearing(bus: QDBusConnection) -> _Connect:
    """Return what connects a signal of a bus; 6.11 says it wants the slot as bytes and takes it as text only."""
    return cast("_Connect", bus.connect)
