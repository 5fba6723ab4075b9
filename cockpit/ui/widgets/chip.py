"""A short word in a box: LIVE, PAPER, DEMO, a key, a count."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from cockpit.ui import theme


class Chip(QWidget):
    """A word in a small box, filled when it must be seen, outlined when it may be overlooked."""

    def __init__(self, text: str = "", *, filled: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = text
        self._filled = filled
        self.setFont(theme.font(theme.SMALL, bold=filled))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)

    def text(self) -> str:
        """The word."""
        return self._text

    def show_text(self, text: str, *, filled: bool | None = None) -> None:
        """Show another word."""
        is_filled = self._filled if filled is None else filled
        if (text, is_filled) == (self._text, self._filled):
            return
        self._text, self._filled = text, is_filled
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self._text) + 3 * theme.UNIT, metrics.height() + theme.UNIT)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._text:
            return
        tokens = theme.tokens_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if self._filled:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.strong))
        else:
            painter.setPen(QPen(QColor(tokens.line), 1))
        painter.drawRoundedRect(box, 2.5, 2.5)
        painter.setPen(QColor(tokens.on_strong if self._filled else tokens.dim))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._text)
