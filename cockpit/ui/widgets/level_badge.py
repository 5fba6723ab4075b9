"""The verdict in a box: glyph, word and one sentence, on a tint only when somebody must act."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent, QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from cockpit.domain.level import Level
from cockpit.ui import theme
from cockpit.ui.glyphs import GLYPH, draw_glyph, glyph_of
from cockpit.ui.text import tooltip
from cockpit.ui.widgets.hatch import hatch

_PAD = 3 * theme.UNIT
_MOST = 460  # pixels of sentence before it is cut


class LevelBadge(QWidget):
    """Shape, word and colour of a level, with a sentence beside it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._level = Level.UNKNOWN
        self._word = ""
        self._sentence = ""
        self._is_stale = False
        self._strong = theme.font(theme.LARGE, bold=True)
        self._plain = theme.font(theme.LARGE)
        self.setFont(self._plain)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def text(self) -> str:
        """Everything the badge says."""
        return f"{self._word} {self._sentence}"

    def show_level(self, level: Level, word: str, sentence: str, *, is_stale: bool = False) -> None:
        """Show a level; a changed word is announced to assistive technology."""
        if (level, word, sentence, is_stale) == (self._level, self._word, self._sentence, self._is_stale):
            return
        is_news = (level, word) != (self._level, self._word)
        self._level, self._word, self._sentence, self._is_stale = level, word, sentence, is_stale
        self.setAccessibleName(f"Verdict: {word.lower()}, {sentence}")
        self.setToolTip(tooltip(sentence))
        if is_news:
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
        self.updateGeometry()
        self.update()

    def _widths(self) -> tuple[int, int]:
        from_word = _metrics(strong=True).horizontalAdvance(self._word)
        from_sentence = min(_MOST, _metrics(strong=False).horizontalAdvance(self._sentence))
        return from_word, from_sentence

    def sizeHint(self) -> QSize:
        word, sentence = self._widths()
        return QSize(word + sentence + GLYPH + 2 * _PAD + 5 * theme.UNIT, 36)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._widths()[0] + GLYPH + 2 * _PAD + 3 * theme.UNIT, 36)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens_of(self.palette())
        colour = tokens.of(self._level)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        is_calm = self._level in (Level.READY, Level.UNKNOWN)
        painter.setPen(QPen(QColor(tokens.line) if is_calm else colour, 1))
        painter.setBrush(tokens.tint(self._level))
        painter.drawRoundedRect(box, 4, 4)
        if self._is_stale:
            hatch(painter, self.rect().adjusted(2, 2, -2, -2), QColor(tokens.line))
        draw_glyph(
            painter, QPointF(_PAD + GLYPH / 2, self.height() / 2), glyph_of(self._level), colour, GLYPH + 1
        )
        left = _PAD + GLYPH + 2 * theme.UNIT
        word, _ = self._widths()
        painter.setPen(QColor(tokens.on_tint))
        painter.setFont(self._strong)
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRectF(left, 0, word + 2, self.height()), middle, self._word)
        painter.setFont(self._plain)
        left += word + 2 * theme.UNIT + 2
        room = self.width() - left - _PAD
        cut = _metrics(strong=False).elidedText(self._sentence, Qt.TextElideMode.ElideRight, int(room) + 2)
        painter.drawText(QRectF(left, 0, room + 2, self.height()), middle, cut)


def _metrics(*, strong: bool) -> QFontMetrics:
    return QFontMetrics(theme.font(theme.LARGE, bold=strong))
