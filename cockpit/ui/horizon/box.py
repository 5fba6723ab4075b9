"""The horizon in small, for the bottom row of the window: the next seven days on one line."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cockpit.services.state import DeskState
from cockpit.ui.glance import Glance
from cockpit.ui.horizon.lines import marks_of
from cockpit.ui.horizon.reading import Reader
from cockpit.ui.horizon.scale import Zoom
from cockpit.ui.horizon.time_line import TimeLine
from cockpit.ui.pane import Pane, Wish

_ROWS = 4


class HorizonBox(Pane):
    """The time line alone; a double click, or Enter, asks for the whole pane (action `pane-11`)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reader = Reader()
        self.line = TimeLine(_ROWS, self)
        self.line.entered.connect(self._on_entered)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.line)
        layout.addStretch(1)
        self.setFocusProxy(self.line)
        self._say_aside("next 7 days")

    def show_state(self, state: DeskState, found: Glance, now: float) -> None:
        reading = self._reader.read(state, now, Zoom.WEEK.days)
        marks = marks_of(reading.events, Zoom.WEEK, state.plan.zone)
        self.line.show_line(marks, reading.hours, now, Zoom.WEEK, state.plan.zone)

    @Slot()
    def _on_entered(self) -> None:
        self.wished.emit(Wish("pane-11"))
