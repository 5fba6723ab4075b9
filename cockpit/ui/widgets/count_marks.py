"""Counts by level in one line: a glyph and a number each."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from cockpit.domain.level import Level
from cockpit.ui import theme
from cockpit.ui.glyphs import GLYPH, draw_glyph, glyph_of
from cockpit.ui.text import tooltip

_ORDER = (Level.READY, Level.LIMITED, Level.BLOCKED, Level.UNKNOWN)
_GAP = 4 * theme.UNIT


class CountMarks(QWidget):
    """How many lines have each level."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: dict[Level, int] = {}
        self.setFont(theme.font(theme.DETAIL))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_counts(self, counts: Mapping[Level, int]) -> None:
        """Show `counts`; levels that have none are left out."""
        new = {level: counts[level] for level in _ORDER if counts.get(level)}
        if new == self._counts:
            return
        self._counts = new
        words = ", ".join(f"{count} {level.value}" for level, count in new.items())
        self.setAccessibleName(words)
        self.setToolTip(tooltip(words))
        self.updateGeometry()
        self.update()

    def _width(self, count: int) -> int:
        return GLYPH + theme.UNIT + 2 + self.fontMetrics().horizontalAdvance(str(count))

    def sizeHint(self) -> QSize:
        return QSize(sum(self._width(count) + _GAP for count in self._counts.values()), 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens_of(self.palette())
        painter = QPainter(self)
        left = 0.0
        for level, count in self._counts.items():
            draw_glyph(
                painter, QPointF(left + GLYPH / 2, self.height() / 2), glyph_of(level), tokens.of(level)
            )
            painter.setPen(QColor(tokens.ink))
            where = QRectF(left + GLYPH + theme.UNIT + 1, 0, 60, self.height())
            painter.drawText(where, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, str(count))
            left += self._width(count) + _GAP
