"""Lanes as bars on one time line: what ran beside what, and what took long."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from cockpit.domain.level import Level
from cockpit.ui import theme
from cockpit.ui.glyphs import GLYPH, Glyph, draw_glyph

_NAME = 138  # width of the lanes' names
_BAR = 5
_LINE = 20
_NOTE = 330  # room kept right of the longest bar
_PAD = 3 * theme.UNIT


class Bar(Struct, frozen=True):
    """One lane: its name, its stretch in seconds from the start, its mark and what came of it."""

    name: str
    start: float | None
    end: float | None
    glyph: Glyph
    level: Level
    figure: str
    note: str
    is_running: bool = False


class LaneBars(QWidget):
    """Draws bars, one line each."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bars: tuple[Bar, ...] = ()
        self._hint = ""
        self._scale = 1.0  # seconds across
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def text(self) -> str:
        """Everything the bars say, one line each."""
        if not self._bars:
            return self._hint
        return "\n".join(f"{bar.name}: {bar.figure} {bar.level.value} {bar.note}" for bar in self._bars)

    def show_bars(self, bars: Sequence[Bar], seconds: float, hint: str) -> None:
        """Show `bars` on a line of `seconds`; `hint` stands there while there are none."""
        new = (tuple(bars), max(seconds, 0.1), hint)
        if new == (self._bars, self._scale, self._hint):
            return
        self._bars, self._scale, self._hint = new
        self.setAccessibleName(self.text())
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(600, 9 * _LINE + 4 * theme.UNIT)

    def minimumSizeHint(self) -> QSize:
        return QSize(360, 5 * _LINE)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens_of(self.palette())
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens.pane))
        if not self._bars:
            painter.setFont(theme.font(theme.DETAIL))
            painter.setPen(QColor(tokens.dim))
            painter.drawText(
                self.rect().adjusted(_PAD, _PAD, -_PAD, 0), Qt.AlignmentFlag.AlignLeft, self._hint
            )
            return
        room = max(60, self.width() - _NAME - _NOTE - 2 * _PAD)
        step = min(_LINE, (self.height() - 2 * theme.UNIT) / len(self._bars))
        for place, bar in enumerate(self._bars):
            top = round(theme.UNIT + 2 + place * step)
            self._draw(painter, bar, QRect(_PAD, top, self.width() - 2 * _PAD, round(step)), room)

    def _draw(self, painter: QPainter, bar: Bar, area: QRect, room: int) -> None:
        tokens = theme.tokens_of(self.palette())
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        detail, mono = theme.font(theme.DETAIL), theme.font(theme.DETAIL, mono=True)
        painter.setFont(detail)
        painter.setPen(QColor(tokens.ink))
        painter.drawText(QRect(area.left(), area.top(), _NAME, area.height()), left, bar.name)
        middle = area.top() + area.height() / 2
        colour = tokens.of(bar.level)
        x = float(area.left() + _NAME)
        if bar.start is not None and bar.end is not None:
            start = x + room * bar.start / self._scale
            width = max(4.0, room * (bar.end - bar.start) / self._scale)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.dim) if bar.is_running else colour)
            painter.drawRoundedRect(QRectF(start, middle - _BAR / 2, width, _BAR), 2, 2)
            x = start + width
        painter.setFont(mono)
        painter.setPen(QColor(tokens.ink))
        figure = QFontMetrics(mono).horizontalAdvance(bar.figure)
        painter.drawText(QRectF(x + 8, area.top(), figure + 2, area.height()), left, bar.figure)
        x += 8 + figure + (10 if bar.figure else 0)
        draw_glyph(painter, QPointF(x + GLYPH / 2, middle), bar.glyph, colour, GLYPH - 1)
        x += GLYPH + 4
        painter.setFont(detail)
        painter.setPen(QColor(tokens.dim) if bar.level is Level.UNKNOWN else colour)
        note = QRectF(x, area.top(), area.right() - x, area.height())
        shown = QFontMetrics(detail).elidedText(bar.note, Qt.TextElideMode.ElideRight, int(note.width()))
        painter.drawText(note, left, shown)
