"""The one strong button: what it does, and beside it in small print the key that does the same."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QWidget

from cockpit.ui import theme

_PAD = 14
_GAP = 10
_HEIGHT = 32


class KeyButton(QPushButton):
    """A filled button with its key."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = ""
        self._key = ""
        self.setProperty("strong", True)
        self.setFixedHeight(_HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def show_words(self, words: str, key: str) -> None:
        """Say what the button does and which key does it too."""
        self._words, self._key = words, key
        self.setAccessibleName(f"{words}, {key}")
        self.updateGeometry()
        self.update()

    def words(self) -> str:
        """What the button does."""
        return self._words

    def sizeHint(self) -> QSize:
        words = QFontMetrics(theme.font(theme.TEXT, bold=True)).horizontalAdvance(self._words)
        key = QFontMetrics(theme.font(theme.SMALL)).horizontalAdvance(self._key)
        return QSize(words + _GAP + key + 2 * _PAD, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        tokens = theme.tokens_of(self.window().palette())  # the style sheet has changed the button's own
        painter = QPainter(self)
        painter.setPen(QColor(tokens.on_strong))
        strong = theme.font(theme.TEXT, bold=True)
        painter.setFont(strong)
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRectF(_PAD, 0, self.width(), self.height()), left, self._words)
        after = _PAD + QFontMetrics(strong).horizontalAdvance(self._words) + _GAP
        colour = QColor(tokens.on_strong)
        colour.setAlphaF(0.7)
        painter.setPen(colour)
        painter.setFont(theme.font(theme.SMALL))
        painter.drawText(QRectF(after, 1, self.width() - after, self.height()), left, self._key)
