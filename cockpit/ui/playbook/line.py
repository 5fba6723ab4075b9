"""The field in which a ticket is typed: the wrong word is underlined, and every key has its meaning."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QLineEdit, QStyle, QStyleOptionFrame, QWidget

from cockpit.domain.tickets.words import LONGEST, Problem
from cockpit.ui import theme

_HEIGHT = 32
_WAVE = 2.0  # half the height of the underline, pixels
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_CTRL = Qt.KeyboardModifier.ControlModifier


class TicketLine(QLineEdit):
    """One line of a ticket. What the keys mean is decided by the box around it."""

    submitted = Signal()
    draft_asked = Signal()
    suggestion_asked = Signal()
    left = Signal()
    moved = Signal(int)  # through what is offered, rows
    offer_asked = Signal()
    taken = Signal()  # Tab: the first of what is offered
    many_pasted = Signal(str)
    unfocused = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._problem: Problem | None = None
        self.offers = False  # whether a list of what fits is open
        self.setFont(theme.font(theme.TEXT, mono=True))
        self.setFixedHeight(_HEIGHT)
        self.setMaxLength(4 * LONGEST)
        self.setAccessibleName("Ticket")
        self.setPlaceholderText("SELL 2 ESZ6 TRAIL LIMIT 5 2 GTC outside")

    def mark(self, problem: Problem | None) -> None:
        """Underline the word that cannot be read; None underlines nothing."""
        if problem != self._problem:
            self._problem = problem
            self.update()

    @property
    def marked(self) -> str:
        """The underlined part of the text."""
        return self.text()[self._problem.start : self._problem.end] if self._problem is not None else ""

    def take_pasted(self, text: str) -> None:
        """Take what was pasted: several lines are several tickets."""
        if len(text.strip().splitlines()) > 1:
            self.many_pasted.emit(text)
        else:
            self.insert(text.strip("\r\n"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, held = event.key(), event.modifiers()
        if event.matches(QKeySequence.StandardKey.Paste):
            self.take_pasted(QGuiApplication.clipboard().text())
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if held & _CTRL:
                self.suggestion_asked.emit()
            elif held & _SHIFT:
                self.draft_asked.emit()
            else:
                self.submitted.emit()
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self.offers:
            self.moved.emit(1 if key == Qt.Key.Key_Down else -1)
        elif key == Qt.Key.Key_Down or (key == Qt.Key.Key_Space and held & _CTRL):
            self.offer_asked.emit()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, is_next: bool) -> bool:
        """Take the first of what is offered with Tab; without an offer Tab goes on."""
        if is_next and self.offers:
            self.taken.emit()
            return True
        return super().focusNextPrevChild(is_next)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.unfocused.emit()

    def x_of(self, place: int) -> float:
        """Return where a place of the text stands, in pixels; the font has letters of one width."""
        step = self.fontMetrics().horizontalAdvance("0" * 10) / 10
        return self.cursorRect().center().x() + (place - self.cursorPosition()) * step

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._problem is None or self._problem.end <= self._problem.start:
            return
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        inside = self.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, self)
        painter = QPainter(self)
        painter.setClipRect(inside.adjusted(2, 0, -2, 4))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = theme.tokens_of(self.window().palette())
        painter.setPen(QPen(QColor(tokens.blocked), 1.5))
        painter.drawPolyline(
            _wave(self.x_of(self._problem.start), self.x_of(self._problem.end), self.height() - 6.5)
        )


def _wave(left: float, right: float, y: float) -> QPolygonF:
    """Return a zigzag: visible without colour too."""
    count = max(2, int((right - left) / (2 * _WAVE)) + 1)
    return QPolygonF(
        [QPointF(left + number * 2 * _WAVE, y + (_WAVE if number % 2 else -_WAVE)) for number in range(count)]
    )
