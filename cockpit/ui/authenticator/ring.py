"""A ring that empties with the seconds of a code, and their number in its middle."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from cockpit.ui import theme

_SIZE = 11 * theme.UNIT
_WIDTH = 4


class SecondsRing(QWidget):
    """Shows how many of how many seconds are left, as an arc and as a number."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._left: int | None = None
        self._period = 30
        self._is_ending = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_seconds(self, left: int | None, period: int, *, is_ending: bool = False) -> None:
        """Show the seconds that are left; None: there is no code."""
        if (left, period, is_ending) == (self._left, self._period, self._is_ending):
            return
        self._left, self._period, self._is_ending = left, period, is_ending
        self.setAccessibleName("No code" if left is None else f"{left} seconds left")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(_SIZE, _SIZE)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inset = _WIDTH / 2 + 0.5
        box = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        track = QPen(QColor(tokens.line), _WIDTH)
        painter.setPen(track)
        painter.drawEllipse(box)
        if self._left is None:
            return
        arc = QPen(QColor(tokens.limited if self._is_ending else tokens.ready), _WIDTH)
        arc.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(arc)
        painter.drawArc(box, 90 * 16, -round(360 * 16 * self._left / self._period))
        painter.setPen(QColor(tokens.ink))
        painter.setFont(theme.font(theme.TEXT, mono=True))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, str(self._left))
