"""The head of the grid: the interfaces by name, and how much of today each can send."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QHeaderView, QWidget

from cockpit.ui import theme
from cockpit.ui.order_grid.model import GridModel

LEAST = 30  # pixels of a column
FOR_WORDS = 80  # pixels of a column in which most words fit
_HEAD = 40
_PAD = 3 * theme.UNIT
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


class GridHead(QHeaderView):
    """The names of the interfaces, and below each in small print how much of today goes from there."""

    def __init__(self, lines: GridModel, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._lines = lines
        self.current = -1
        self.setFixedHeight(_HEAD)
        self.setMinimumSectionSize(LEAST)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setSectionsClickable(False)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        tokens = theme.tokens_of(self.palette())
        painter.fillRect(rect, QColor(tokens.pane))
        is_current = section == self.current and section > 0
        aside = self._lines.column_aside(section)
        is_tight = section > 0 and rect.width() < FOR_WORDS
        font = theme.font(theme.SMALL if is_tight else theme.DETAIL, bold=is_current)
        title = self._lines.column_title(section)
        if QFontMetrics(font).horizontalAdvance(title) > rect.width() - 4:
            title = self._lines.column_narrow_title(section)
        align = _LEFT if section == 0 else Qt.AlignmentFlag.AlignCenter
        area = rect.adjusted(_PAD, 0, -2, 0) if section == 0 else rect.adjusted(1, 0, -1, 0)
        above = area.adjusted(0, 5, 0, -area.height() // 2 + 2) if aside else area
        write(
            painter,
            above,
            title,
            font,
            tokens.ink if is_current else tokens.soft,
            align,
        )
        if aside:
            below = area.adjusted(0, area.height() // 2, 0, -4)
            write(painter, below, aside, theme.font(theme.SMALL), tokens.dim, align)


def write(
    painter: QPainter, where: QRect, text: str, font: QFont, colour: str, align: Qt.AlignmentFlag
) -> None:
    """Write one line, cut where there is no room."""
    if text:
        painter.setFont(font)
        painter.setPen(QColor(colour))
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, where.width())
        painter.drawText(where, align, shown)
