"""The four steps side by side: how far the desk is with each, as a bar and in figures."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from cockpit.domain.trust.hardening import StepProgress
from cockpit.ui import theme
from cockpit.ui.glyphs import GLYPH, draw_glyph, glyph_of
from cockpit.ui.text import short, tooltip

_HEIGHT = 66
_SIDE = 3 * theme.UNIT
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class StepsBar(QWidget):
    """Four fields: number and name, done of total, a bar, and what is next."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._steps: tuple[StepProgress, ...] = ()
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def text(self) -> str:
        """Everything the bar says."""
        return self.accessibleName()

    def show_steps(self, steps: Sequence[StepProgress]) -> None:
        """Show how far the desk is."""
        shown = tuple(steps)
        if shown == self._steps:
            return
        self._steps = shown
        lines = [
            f"{one.step.value}: {_count(one)}, {one.level.value}. {short(one.sentence, 160)}" for one in shown
        ]
        self.setAccessibleName(". ".join(lines))
        self.setToolTip(tooltip("\n".join(lines)))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(600, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._steps:
            return
        tokens = theme.tokens_of(self.palette())
        painter = QPainter(self)
        wide = self.width() // len(self._steps)
        for number, one in enumerate(self._steps):
            area = QRect(number * wide, 0, wide, self.height()).adjusted(_SIDE, 2 * theme.UNIT, -_SIDE, 0)
            self._draw(painter, area, number, one)
        painter.fillRect(QRect(0, self.height() - 1, self.width(), 1), QColor(tokens.line))

    def _draw(self, painter: QPainter, area: QRect, number: int, one: StepProgress) -> None:
        tokens = theme.tokens_of(self.palette())
        middle = QPointF(area.left() + GLYPH / 2, area.top() + 8.5)
        draw_glyph(painter, middle, glyph_of(one.level), tokens.of(one.level))
        painter.setFont(theme.font(theme.DETAIL, mono=True))
        count = _count(one)
        figures = painter.fontMetrics().horizontalAdvance(count) + theme.UNIT
        painter.setPen(QColor(tokens.soft))
        painter.drawText(QRect(area.left(), area.top(), area.width(), 18), _RIGHT, count)
        left = area.left() + GLYPH + 2 * theme.UNIT
        room = QRect(left, area.top(), area.right() - left - figures, 18)
        self._say(painter, room, f"{number + 1} {one.step.value.capitalize()}", tokens.ink, bold=True)
        bar = QRect(area.left(), area.top() + 23, area.width(), 4)
        painter.fillRect(bar, QColor(tokens.line))
        if one.total:
            done = bar.width() * one.done // one.total
            painter.fillRect(QRect(bar.left(), bar.top(), done, bar.height()), tokens.of(one.level))
        below = QRect(area.left(), area.top() + 32, area.width(), 18)
        self._say(painter, below, short(one.sentence, 120), tokens.dim, bold=False)

    def _say(self, painter: QPainter, where: QRect, text: str, colour: str, *, bold: bool) -> None:
        painter.setFont(theme.font(theme.DETAIL if bold else theme.SMALL, bold=bold))
        painter.setPen(QColor(colour))
        cut = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, where.width())
        painter.drawText(where, _LEFT, cut)


def _count(one: StepProgress) -> str:
    return f"{one.done} of {one.total}" if one.total else "—"
