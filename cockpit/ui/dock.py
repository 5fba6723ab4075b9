"""A pane in its dock: header, frame, and what is shown when the pane has failed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QDockWidget, QVBoxLayout, QWidget

from cockpit.services.state import DeskState
from cockpit.ui import theme
from cockpit.ui.glance import Glance
from cockpit.ui.pane import Pane
from cockpit.ui.text import plain_label
from cockpit.ui.widgets.section_header import SectionHeader


class _Frame(QWidget):
    """The line around a pane, below its header."""

    def __init__(self, pane: Pane, parent: QWidget) -> None:
        super().__init__(parent)
        self._pane = pane
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(1, 0, 1, 1)
        self._layout.addWidget(pane)

    def say_failed(self, title: str) -> None:
        """Replace the pane by a sentence."""
        self._pane.hide()
        words = f"{title} failed and is not shown. The other panes go on; the log has the details."
        label = plain_label(words, theme.font(theme.TEXT), QPalette.ColorRole.PlaceholderText, self)
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        label.setWordWrap(True)
        self._layout.addWidget(label, 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens_of(self.palette())
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens.pane))
        painter.setPen(QColor(tokens.line))
        painter.drawRect(self.rect().adjusted(0, -1, -1, -1))


class PaneDock(QDockWidget):
    """Holds one pane. A bug in it must not take the others down: it is replaced by a sentence and reported."""

    def __init__(self, id: str, title: str, pane: Pane, parent: QWidget) -> None:  # noqa: A002
        super().__init__(title, parent)
        self.setObjectName(id)
        self.pane = pane
        self.has_failed = False
        self._header = SectionHeader(title, self)
        self._frame = _Frame(pane, self)
        self._header.say_aside(pane.aside)
        pane.aside_changed.connect(self._header.say_aside)
        self.setTitleBarWidget(self._header)
        self.setWidget(self._frame)
        self.setFeatures(
            QDockWidget.DockWidgetFeature.DockWidgetMovable
            | QDockWidget.DockWidgetFeature.DockWidgetFloatable
            | QDockWidget.DockWidgetFeature.DockWidgetClosable
        )

    def show_state(self, state: DeskState, found: Glance, now: float) -> None:
        """Show a state in the pane; an exception goes on to the program's hook after the pane said that it failed."""
        if self.has_failed:
            return
        try:
            self.pane.show_state(state, found, now)
        except Exception:
            self.has_failed = True
            self._frame.say_failed(self.windowTitle())
            raise
