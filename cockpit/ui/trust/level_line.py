"""A level as glyph and word with its sentence beside it, wrapped; the smallest way to say how something stands."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from cockpit.domain.level import Level
from cockpit.ui import theme
from cockpit.ui.glyphs import GLYPH, draw_glyph, glyph_of
from cockpit.ui.text import tooltip

_SIDE = 3 * theme.UNIT
_TOP = 2 * theme.UNIT
_WORD = 84  # width of glyph and word
_FLAGS = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap


class LevelLine(QWidget):
    """Grows downwards with its sentence."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._level = Level.UNKNOWN
        self._sentence = ""
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def text(self) -> str:
        """The sentence."""
        return self._sentence

    def show_line(self, level: Level, sentence: str, more: str = "") -> None:
        """Show a level and its sentence; `more` stands in the tooltip and is read out."""
        if (level, sentence) == (self._level, self._sentence):
            return
        self._level, self._sentence = level, sentence
        self.setAccessibleName(f"{level.value.capitalize()}: {sentence}" + (f". {more}" if more else ""))
        self.setToolTip(tooltip(more))
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._bounds(width).height() + 2 * _TOP

    def sizeHint(self) -> QSize:
        return QSize(240, self.heightForWidth(max(240, self.width())))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, QFontMetrics(theme.font(theme.DETAIL)).height() + 2 * _TOP)

    def _bounds(self, width: int) -> QRect:
        room = QRect(0, 0, max(40, width - 2 * _SIDE - _WORD), 1000)
        return QFontMetrics(theme.font(theme.DETAIL)).boundingRect(room, int(_FLAGS), self._sentence)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens_of(self.palette())
        painter = QPainter(self)
        font = theme.font(theme.DETAIL)
        tall = QFontMetrics(font).height()
        draw_glyph(
            painter,
            QPointF(_SIDE + GLYPH / 2, _TOP + tall / 2 + 0.5),
            glyph_of(self._level),
            tokens.of(self._level),
        )
        painter.setFont(font)
        painter.setPen(QColor(tokens.dim))
        left = _SIDE + GLYPH + 2 * theme.UNIT
        painter.drawText(QRect(left, _TOP, _WORD, tall), int(_FLAGS), self._level.value.capitalize())
        painter.setPen(QColor(tokens.ink))
        words = QRect(_SIDE + _WORD, _TOP, self.width() - 2 * _SIDE - _WORD, self.height() - _TOP)
        painter.drawText(words, int(_FLAGS), self._sentence)
