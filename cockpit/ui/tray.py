"""The tray: an icon whose shape is the verdict, and the few actions one wants without the window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from cockpit.domain.level import Level
from cockpit.domain.readiness import Run
from cockpit.services.state import DeskState
from cockpit.ui.actions import ACTIONS
from cockpit.ui.bridge import Bridge
from cockpit.ui.glance import glance
from cockpit.ui.icons import level_icon
from cockpit.ui.text import button_text

_EVERY = 1000  # milliseconds between two looks at evidence that ages


class Tray(QObject):
    """Mirrors the verdict. Where the desktop has no tray nothing shows and nothing is missing."""

    chosen = Signal(str)  # id of an action; the window performs it
    opened = Signal()

    def __init__(self, bridge: Bridge, clock: Callable[[], float], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._state: DeskState | None = None
        self._level: Level | None = None
        self._look: tuple[int, Run | None] | None = None  # second and run of the newest look
        self._menu = QMenu()
        self._actions: dict[str, QAction] = {}
        for row in ACTIONS:
            if row.in_tray:
                made = QAction(button_text(row.title), self)
                made.setObjectName(row.id)
                made.triggered.connect(self._on_triggered)
                self._menu.addAction(made)
                self._actions[row.id] = made
        self.icon = QSystemTrayIcon(level_icon(Level.UNKNOWN), self)
        self.icon.setContextMenu(self._menu)
        self.icon.activated.connect(self._on_activated)
        bridge.state_changed.connect(self.show_state)
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY)
        self._timer.timeout.connect(self._on_time)
        self._timer.start()

    def show(self) -> bool:
        """Show the icon; return whether this desktop has a place for it."""
        if not QSystemTrayIcon.isSystemTrayAvailable():
            return False
        self.icon.show()
        return True

    @Slot(DeskState)
    def show_state(self, state: DeskState) -> None:
        """Mirror a state as of now, at most once a second for one run: nobody watches a tray icon closer.

        The tooltip holds our own words only: some desktops render it as HTML.
        """
        self._state = state
        now = self._clock()
        look = (int(now), state.run)
        if self._look is not None and look[0] == self._look[0] and look[1] is self._look[1]:
            return
        self._look = look
        found = glance(state, now)
        if found.standing.level is not self._level:
            self._level = found.standing.level
            self.icon.setIcon(level_icon(self._level))
        words = (
            f"{found.mode.value}: {found.standing.word.capitalize()}, "
            f"price path {found.price.level.value}, order path {found.order.level.value}"
        )
        if self.icon.toolTip() != words:
            self.icon.setToolTip(words)
        for row in ACTIONS:
            if row.in_tray:
                self._actions[row.id].setEnabled(row.enabled(state))

    def close(self) -> None:
        """Take the icon away."""
        self._timer.stop()
        self.icon.hide()

    @Slot()
    def _on_time(self) -> None:
        if self._state is not None:
            self.show_state(self._state)

    @Slot()
    def _on_triggered(self) -> None:
        made = self.sender()
        if isinstance(made, QAction):
            self.chosen.emit(made.objectName())

    @Slot(QSystemTrayIcon.ActivationReason)
    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in (QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick):
            self.opened.emit()
