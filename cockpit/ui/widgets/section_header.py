"""The header of a pane: its title, and at the right a quiet remark."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from cockpit.ui import theme
from cockpit.ui.text import plain_label
from cockpit.ui.widgets.elided_label import ElidedLabel


class SectionHeader(QWidget):
    """Title left, remark right, a line below. As the title bar of a dock it is also its handle."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(theme.HEADER)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._title = plain_label(title, theme.font(theme.TEXT, bold=True))
        self._aside = ElidedLabel("", QPalette.ColorRole.PlaceholderText)
        self._aside.setFont(theme.font(theme.SMALL))
        self._aside.set_alignment(Qt.AlignmentFlag.AlignRight)
        layout = QHBoxLayout(self)
        # A dock ignores fixed sizes and asks for hints, some thousand times while it is laid out: the layout answers.
        layout.addStrut(theme.HEADER)
        layout.setContentsMargins(3 * theme.UNIT, 0, 3 * theme.UNIT, 0)
        layout.setSpacing(3 * theme.UNIT)
        layout.addWidget(self._title)
        layout.addWidget(self._aside, 1)

    def say_aside(self, text: str) -> None:
        """Change the remark at the right."""
        self._aside.set_text(text)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        tokens = theme.tokens_of(self.palette())
        painter.fillRect(self.rect(), QColor(tokens.pane))
        painter.setPen(QColor(tokens.line))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
