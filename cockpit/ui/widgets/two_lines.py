"""Two short lines, a strong one over a quiet one: a value and what it is."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cockpit.ui import theme
from cockpit.ui.text import plain_label, say


class TwoLines(QWidget):
    """A value, and in small print what it is and how old."""

    def __init__(self, *, mono: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._top = plain_label("", theme.font(theme.LARGE if mono else theme.TEXT, bold=True, mono=mono))
        self._bottom = plain_label("", theme.font(theme.SMALL), QPalette.ColorRole.PlaceholderText)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addStretch()
        layout.addWidget(self._top)
        layout.addWidget(self._bottom)
        layout.addStretch()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_lines(self, top: str, bottom: str) -> None:
        """Show both lines; unchanged ones repaint nothing."""
        say(self._top, top)
        say(self._bottom, bottom)
        self.setAccessibleName(f"{top}, {bottom}")
