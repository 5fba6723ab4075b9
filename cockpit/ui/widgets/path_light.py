"""One path in one light: the price path or the order path, never both."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from cockpit.domain.level import Level
from cockpit.ui import theme
from cockpit.ui.glyphs import GLYPH, draw_glyph, glyph_of
from cockpit.ui.text import tooltip


class PathLightBox(QWidget):
    """A glyph and the name of a path; the sentence behind it is in the tooltip and the accessible name."""

    def __init__(self, title: str, *, framed: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self._framed = framed
        self._level = Level.UNKNOWN
        self.setFont(theme.font(theme.TEXT))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def text(self) -> str:
        """The name of the path."""
        return self._title

    def show_light(self, level: Level, sentence: str) -> None:
        """Show the level of the path and why."""
        name = f"{self._title}: {level.value}, {sentence}"
        if name == self.accessibleName():
            return
        self._level = level
        self.setAccessibleName(name)
        self.setToolTip(tooltip(name))
        self.update()

    def sizeHint(self) -> QSize:
        pad = 3 * theme.UNIT if self._framed else 0
        width = self.fontMetrics().horizontalAdvance(self._title) + GLYPH + 2 * theme.UNIT + 2 * pad
        return QSize(width, 32 if self._framed else 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pad = 0
        if self._framed:
            pad = 3 * theme.UNIT
            painter.setPen(QPen(QColor(tokens.line), 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        draw_glyph(
            painter,
            QPointF(pad + GLYPH / 2, self.height() / 2),
            glyph_of(self._level),
            tokens.of(self._level),
        )
        painter.setPen(QColor(tokens.ink))
        left = pad + GLYPH + 2 * theme.UNIT
        painter.drawText(
            QRectF(left, 0, self.width() - left, self.height()),
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft,
            self._title,
        )
