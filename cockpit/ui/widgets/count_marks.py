"""Counts by level in one line: a glyph and a number each."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from cockpit.domain.level import Level
from cockpit.ui import theme
from cockpit.ui.glyphs import GLYPH, Glyph, draw_glyph
from cockpit.ui.text import tooltip

_ORDER = {
    Glyph.READY: Level.READY,
    Glyph.LIMITED: Level.LIMITED,
    Glyph.BLOCKED: Level.BLOCKED,
    Glyph.UNKNOWN: Level.UNKNOWN,
    Glyph.NOT_TESTED: Level.UNKNOWN,
}
_GAP = 4 * theme.UNIT


class CountMarks(QWidget):
    """How many lines have each mark."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: dict[Glyph, int] = {}
        self.setFont(theme.font(theme.DETAIL))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_counts(self, counts: Mapping[Glyph, int]) -> None:
        """Show `counts`; those that have none are left out."""
        new = {glyph: counts[glyph] for glyph in _ORDER if counts.get(glyph)}
        if new == self._counts:
            return
        self._counts = new
        words = ", ".join(f"{count} {glyph.value}" for glyph, count in new.items())
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
        for glyph, count in self._counts.items():
            centre = QPointF(left + GLYPH / 2, self.height() / 2)
            draw_glyph(painter, centre, glyph, tokens.of(_ORDER[glyph]))
            painter.setPen(QColor(tokens.ink))
            where = QRectF(left + GLYPH + theme.UNIT + 1, 0, 60, self.height())
            painter.drawText(where, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, str(count))
            left += self._width(count) + _GAP
