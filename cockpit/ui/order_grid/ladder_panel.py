"""The ladder beside the grid: which route, all its gates, what to do instead, and the trader's own word."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QGuiApplication, QKeyEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from cockpit.domain.catalogue import Playing
from cockpit.domain.evidence import Provenance
from cockpit.domain.gates.gate import Gate, Ladder
from cockpit.domain.gates.ladder import Instead
from cockpit.domain.interface import Interface
from cockpit.domain.level import Level
from cockpit.services.intents import SayOffered
from cockpit.ui import theme
from cockpit.ui.glyphs import GLYPH, draw_glyph, glyph_of
from cockpit.ui.order_grid.ladder_lines import ATTEST, SHOW, evidence_text, ladder_lines
from cockpit.ui.order_grid.ladder_view import LadderView, ladder_model
from cockpit.ui.order_grid.looks import LEVEL_WORDS
from cockpit.ui.pane import Wish
from cockpit.ui.text import plain_label, say
from cockpit.ui.widgets.small_button import small_button

CAN_BE_SEEN = frozenset({Interface.MOBILE, Interface.DESKTOP, Interface.TWS, Interface.CLIENT_PORTAL})
_PAD = 3 * theme.UNIT
_WIDTH = 340


class _Title(QWidget):
    """Order, contract and interface, and at the right the verdict."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._text = ""
        self._level = Level.UNKNOWN
        self.setFixedHeight(theme.HEADER)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_route(self, text: str, level: Level) -> None:
        """Say which route it is and how it stands."""
        if (text, level) != (self._text, self._level):
            self._text, self._level = text, level
            self.setAccessibleName(f"{text}: {LEVEL_WORDS[level]}")
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH, theme.HEADER)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens_of(self.palette())
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens.raised))
        strong = theme.font(theme.TEXT, bold=True)
        metrics = QFontMetrics(strong)
        word = LEVEL_WORDS[self._level].capitalize()
        wide = metrics.horizontalAdvance(word) + 2
        right = self.width() - _PAD - wide
        painter.setFont(strong)
        painter.setPen(tokens.of(self._level))
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRect(right, 0, wide, self.height()), middle, word)
        centre = QPointF(right - 6 - GLYPH / 2, self.height() / 2)
        draw_glyph(painter, centre, glyph_of(self._level), tokens.of(self._level))
        painter.setPen(QColor(tokens.ink))
        room = right - GLYPH - 2 * _PAD - 6
        shown = metrics.elidedText(self._text, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(_PAD, 0, room + 2, self.height()), middle, shown)


class LadderPanel(QWidget):
    """Shows one route. It wishes what a link says, and sends what the trader has seen."""

    wished = Signal(Wish)
    sent = Signal(object)
    left = Signal()
    shown_instead = Signal(str)  # key of the column to go to

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ladder: Ladder | None = None
        self._catalogue = Playing()
        self._names = ("", "")
        self._type_key = ""
        self._now = 0.0
        self._title = _Title(self)
        self.lines = ladder_model(self)
        self.view = LadderView(self.lines, self)
        self.copy_button = _small("Copy evidence", self)
        self.close_button = _small("Back to the grid", self)
        self.offered = _small("I saw it offered", self)
        self.not_offered = _small("I saw it is not", self)
        self._asked = plain_label("", theme.font(theme.SMALL), QPalette.ColorRole.PlaceholderText, self)
        self._asked.setWordWrap(True)
        self._build()

    def _build(self) -> None:
        self.setMinimumWidth(_WIDTH)
        self.setFocusProxy(self.view)
        self.view.followed.connect(self._on_followed)
        self.view.left.connect(self.left)
        self.view.copied.connect(self.copy)
        self.copy_button.clicked.connect(self.copy)
        self.close_button.clicked.connect(self.left)
        self.offered.clicked.connect(self._on_offered)
        self.not_offered.clicked.connect(self._on_not_offered)
        buttons = QGridLayout()
        buttons.setContentsMargins(_PAD, 2 * theme.UNIT, _PAD, 2 * theme.UNIT)
        buttons.setSpacing(2 * theme.UNIT)
        buttons.addWidget(self._asked, 0, 0, 1, 2)
        for place, button in enumerate((self.offered, self.not_offered, self.copy_button, self.close_button)):
            buttons.addWidget(button, 1 + place // 2, place % 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._title)
        layout.addWidget(self.view, 1)
        layout.addLayout(buttons)

    def show_route(
        self,
        ladder: Ladder,
        advice: Instead,
        catalogue: Playing,
        names: tuple[str, str],
        type_key: str,
        now: float,
    ) -> None:
        """Show a route as of `now`; `names` are those of the order and of the interface."""
        is_other = self._ladder is None or self._ladder.case != ladder.case
        self._ladder, self._catalogue, self._names, self._now = ladder, catalogue, names, now
        self._type_key = type_key
        self._title.show_route(f"{names[0]} · {ladder.case.instrument.key} · {names[1]}", ladder.level)
        self.lines.show(ladder_lines(ladder, advice, catalogue, now))
        if is_other:
            self.view.scrollToTop()
        can_say = self.can_be_attested
        for widget in (self.offered, self.not_offered, self._asked):
            widget.setVisible(can_say)
        say(self._asked, f"Look at the order ticket there. Does {names[1]} offer it?" if can_say else "")

    @property
    def title(self) -> str:
        """Which route is shown and how it stands, in words."""
        return self._title.accessibleName()

    @property
    def can_be_attested(self) -> bool:
        """Whether the trader's eyes know more than the program: no measured word on an interface with a screen."""
        ladder = self._ladder
        if ladder is None or not self._type_key or ladder.case.column.interface not in CAN_BE_SEEN:
            return False
        answer = next((one for one in ladder.answers if one.gate is Gate.INTERFACE), None)
        return answer is not None and answer.provenance is not Provenance.MEASURED

    def copy(self) -> None:
        """Put the evidence on the clipboard as plain text."""
        if self._ladder is not None:
            text = evidence_text(self._ladder, *self._names, self._catalogue, self._now)
            QGuiApplication.clipboard().setText(text)

    def _on_followed(self, action: str, about: str) -> None:
        if action == SHOW:
            self.shown_instead.emit(about)
        elif action == ATTEST:
            self.offered.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self.wished.emit(Wish(action, about))

    def _on_offered(self) -> None:
        self._say(is_offered=True)

    def _on_not_offered(self) -> None:
        self._say(is_offered=False)

    def _say(self, *, is_offered: bool) -> None:
        if self._ladder is not None and self.can_be_attested:
            self.sent.emit(SayOffered(self._ladder.case.column.interface, self._type_key, is_offered))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back from the buttons too."""
        if event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Escape):
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens_of(self.palette())
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens.pane))
        painter.fillRect(QRect(0, 0, 1, self.height()), QColor(tokens.line))


def _small(text: str, parent: QWidget) -> QPushButton:
    return small_button(text, parent, focus=Qt.FocusPolicy.TabFocus)
