"""A sentence with the glyph of its level, what to do about it, and a button where the window can do it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from cockpit.domain.level import Level
from cockpit.ui import theme
from cockpit.ui.authenticator.source import Unavailable
from cockpit.ui.glyphs import GLYPH, draw_glyph, glyph_of
from cockpit.ui.text import button_text, discreet, plain_label, say


class Remark(QWidget):
    """Takes no room while there is nothing to say."""

    acted = Signal(str)  # the id of an action

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._level = Level.LIMITED
        self._action = ""
        self._shown: tuple[Unavailable | None, Level, str] = None, Level.LIMITED, ""
        self._sentence = plain_label("", theme.font(theme.DETAIL))
        self._cure = plain_label("", theme.font(theme.DETAIL), QPalette.ColorRole.PlaceholderText)
        self._button = QPushButton(self)
        self._button.setProperty("small", True)
        self._button.clicked.connect(self._on_clicked)
        words = QVBoxLayout()
        words.setSpacing(0)
        for label in (self._sentence, self._cure):
            label.setWordWrap(True)
            label.setMinimumWidth(1)  # else one long word would widen the window
            label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            words.addWidget(label)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(GLYPH + 2 * theme.UNIT, 0, 0, 0)
        layout.setSpacing(3 * theme.UNIT)
        layout.addLayout(words, 1)
        layout.addWidget(self._button, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def text(self) -> str:
        """Everything that is said; empty when nothing is."""
        return f"{self._sentence.text()} {self._cure.text()}".strip() if not self.isHidden() else ""

    def show_trouble(
        self, trouble: Unavailable | None, level: Level = Level.LIMITED, button: str = ""
    ) -> None:
        """Say why something was not done, or nothing. `button` is the word on the button of its action."""
        if (trouble, level, button) == self._shown:
            return
        self._shown = trouble, level, button
        self.setVisible(trouble is not None)
        if trouble is None:
            return
        self._level, self._action = level, trouble.action
        say(self._sentence, discreet(trouble.sentence))
        say(self._cure, discreet(trouble.cure))
        self._cure.setVisible(bool(trouble.cure))
        self._button.setVisible(bool(trouble.action and button))
        self._button.setText(button_text(button))
        self.setAccessibleName(f"{level.value}: {trouble.sentence} {trouble.cure}")
        self.updateGeometry()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour = theme.tokens_of(self.palette()).of(self._level)
        first = self._sentence.geometry().top() + self._sentence.fontMetrics().height() / 2
        draw_glyph(painter, QPointF(GLYPH / 2, first), glyph_of(self._level), colour)

    @Slot()
    def _on_clicked(self) -> None:
        self.acted.emit(self._action)
