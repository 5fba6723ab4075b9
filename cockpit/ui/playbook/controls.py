"""Small parts that the boxes of the Playbook pane share: buttons, and a line that says how something stands."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QPushButton, QSizePolicy, QWidget

from cockpit.domain.level import Level
from cockpit.ui import theme
from cockpit.ui.glyphs import GLYPH, draw_glyph, glyph_of
from cockpit.ui.widgets.small_button import HEIGHT as HEIGHT
from cockpit.ui.widgets.small_button import small_button


def button(text: str, parent: QWidget, clicked: Callable[[], object], name: str = "") -> QPushButton:
    """Make a quiet button; `name` says what it does where its word does not."""
    made = small_button(text, parent, name=name, height=HEIGHT, focus=Qt.FocusPolicy.TabFocus)
    made.setAutoDefault(True)  # Enter presses it too, not the space bar alone
    made.clicked.connect(clicked)
    return made


def field(name: str, parent: QWidget, width: int, hint: str = "") -> QLineEdit:
    """Make a small field for a word."""
    made = QLineEdit(parent)
    made.setAccessibleName(name)
    made.setPlaceholderText(hint)
    made.setFont(theme.font(theme.DETAIL))
    made.setFixedSize(width, HEIGHT)
    made.setTextMargins(-theme.UNIT, 0, -theme.UNIT, 0)
    return made


class Says(QWidget):
    """A mark and a sentence of at most so many lines; its place stays when there is nothing to say."""

    def __init__(self, parent: QWidget, lines: int = 2) -> None:
        super().__init__(parent)
        self._level: Level | None = None
        self._sentence = ""
        height = QFontMetrics(theme.font(theme.DETAIL)).height()
        self.setFixedHeight(lines * height + theme.UNIT)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def text(self) -> str:
        """What it says."""
        return self._sentence

    def show_sentence(self, level: Level | None, sentence: str) -> None:
        """Say another sentence; without a level there is no mark."""
        if (level, sentence) != (self._level, self._sentence):
            self._level, self._sentence = level, sentence
            self.setAccessibleName(sentence)
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._sentence:
            return
        tokens = theme.tokens_of(self.palette())
        painter = QPainter(self)
        font = theme.font(theme.DETAIL)
        painter.setFont(font)
        line = QFontMetrics(font).height()
        left = 0
        if self._level is not None:
            middle = QPointF(GLYPH / 2, line / 2 + 1)
            draw_glyph(painter, middle, glyph_of(self._level), tokens.of(self._level))
            left = GLYPH + 2 * theme.UNIT
        painter.setPen(QColor(tokens.soft if self._level is None else tokens.ink))
        where = QRect(left, 0, self.width() - left, self.height())
        painter.drawText(where, Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap, self._sentence)
