"""The digits of a code in two groups, or dots in their place; the next code beside it, dimmed, when it is near."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from cockpit.domain.otp import grouped
from cockpit.ui import theme

DIGIT = 26  # pixels, so that a code is read at arm's length
_NEXT = 17
_DOT = 3.5
_GAP = 4 * theme.UNIT
_HEIGHT = 11 * theme.UNIT
HIDDEN = "Authenticator code, hidden"


class CodeFace(QWidget):
    """Shows a code only between `show_code` and `hide_code`; at all other times it holds none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._digits = ""
        self._following = ""
        self._count = 6
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(HIDDEN)

    @property
    def is_hidden(self) -> bool:
        """Whether no digit is on screen."""
        return not self._digits

    @property
    def said(self) -> str:
        """The digits on screen, as they are set; empty while hidden."""
        return grouped(self._digits)

    @property
    def said_next(self) -> str:
        """The digits of the next code on screen; empty unless they are shown."""
        return grouped(self._following)

    def show_code(self, digits: str, following: str) -> None:
        """Show a code and, if not empty, the one that follows it."""
        if (digits, following) == (self._digits, self._following):
            return
        self._digits, self._following = digits, following
        # Said to who cannot see it, and only while it is shown to who can.
        after = f", next {_spelled(following)}" if following else ""
        self.setAccessibleName(f"Authenticator code {_spelled(digits)}{after}")
        self.update()

    def hide_code(self) -> None:
        """Forget the digits and show dots."""
        if self.is_hidden:
            return
        self._digits = self._following = ""
        self.setAccessibleName(HIDDEN)
        self.update()

    def count(self, digits: int) -> None:
        """Say how many digits the codes have."""
        if digits != self._count:
            self._count = digits
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        code = QFontMetricsF(theme.font(DIGIT, mono=True)).horizontalAdvance("0" * (self._count + 1))
        after = QFontMetricsF(theme.font(_NEXT, mono=True)).horizontalAdvance("0" * (self._count + 1))
        return QSize(round(code + _GAP + after), _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens_of(self.palette())
        painter = QPainter(self)
        big = theme.font(DIGIT, bold=True, mono=True)
        if self.is_hidden:
            self._draw_dots(painter, QFontMetricsF(big).horizontalAdvance("0"), QColor(tokens.ink))
            return
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.setFont(big)
        painter.setPen(QColor(tokens.ink))
        painter.drawText(QRectF(self.rect()), left, self.said)
        if self._following:
            start = QFontMetricsF(big).horizontalAdvance(self.said) + _GAP
            painter.setFont(theme.font(_NEXT, mono=True))
            painter.setPen(QColor(tokens.dim))
            painter.drawText(QRectF(self.rect()).adjusted(start, 0, 0, 0), left, self.said_next)

    def _draw_dots(self, painter: QPainter, advance: float, colour: QColor) -> None:
        """Draw a dot where each digit will stand."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        for place, letter in enumerate(grouped("0" * self._count)):
            if letter != " ":
                painter.drawEllipse(QPointF((place + 0.5) * advance, self.height() / 2), _DOT, _DOT)


def _spelled(digits: str) -> str:
    return " ".join(digits)
