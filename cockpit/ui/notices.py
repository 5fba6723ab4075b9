"""Notices: one line per cause at the top, with its remedy; never modal, older ones stay within reach."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from cockpit.domain.level import Level, worst
from cockpit.domain.notice import Notice
from cockpit.domain.words import clock
from cockpit.services.state import DeskState
from cockpit.ui import theme
from cockpit.ui.actions import link_of
from cockpit.ui.glyphs import GLYPH, draw_glyph, glyph_of
from cockpit.ui.pane import Wish
from cockpit.ui.text import button_text, discreet, plain_label, quoted, tooltip
from cockpit.ui.widgets.elided_label import ElidedLabel

SHOWN = 2  # lines on screen before the rest is folded away
_LINE = 30


def sentence_of(notice: Notice) -> str:
    """Say what happened and what still works, in one line."""
    return discreet(" · ".join(part for part in (notice.sentence, notice.still_works) if part))


def whole_of(notice: Notice) -> str:
    """Say everything about a notice, the foreign text as a quotation and last."""
    parts = [notice.title, notice.sentence, notice.still_works]
    if notice.remedy is not None:
        parts.append(notice.remedy.sentence)
    text = discreet("\n".join(part for part in parts if part))
    return f"{text}\nFrom TWS: {quoted(notice.quote)}" if notice.quote else text


class NoticeLine(QWidget):
    """One notice: since when, what, what still works, the remedy's link, and a way to put it away."""

    wished = Signal(Wish)
    dismissed = Signal(str)  # the notice's key

    def __init__(self, notice: Notice, zone: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.notice = notice
        self.setFixedHeight(_LINE)
        self.setToolTip(tooltip(whole_of(notice)))
        self.setAccessibleName(f"Notice, {notice.level.value}: {notice.title}")
        since = plain_label(clock(notice.since, zone, seconds=True), theme.font(theme.DETAIL, mono=True))
        since.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        title = ElidedLabel(discreet(notice.title))
        title.setFont(theme.font(theme.TEXT, bold=True))
        detail = ElidedLabel(sentence_of(notice), QPalette.ColorRole.PlaceholderText)
        detail.setFont(theme.font(theme.DETAIL))
        detail.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(3 * theme.UNIT + GLYPH + 2 * theme.UNIT, 0, 2 * theme.UNIT, 0)
        layout.setSpacing(3 * theme.UNIT)
        layout.addWidget(since)
        layout.addWidget(title)
        layout.addWidget(detail, 1)
        if notice.remedy is not None and (link := link_of(notice.remedy.action)):
            layout.addWidget(_small_button(link, self._on_remedy, notice.remedy.sentence))
        away = _small_button("Put away", self._on_dismiss, "Hide it until its cause returns")
        layout.addWidget(away)

    def _on_remedy(self) -> None:
        if self.notice.remedy is not None:
            self.wished.emit(Wish(self.notice.remedy.action, self.notice.key))

    def _on_dismiss(self) -> None:
        self.dismissed.emit(self.notice.key)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens_of(self.palette())
        painter = QPainter(self)
        must_act = self.notice.level is Level.BLOCKED
        painter.fillRect(self.rect(), tokens.tint(Level.BLOCKED) if must_act else QColor(tokens.raised))
        painter.fillRect(QRectF(0, 0, 3, self.height()), tokens.of(self.notice.level))
        painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(tokens.line))
        centre = QPointF(3 * theme.UNIT + GLYPH / 2 + 1, self.height() / 2)
        draw_glyph(painter, centre, glyph_of(self.notice.level), tokens.of(self.notice.level))


class NoticesArea(QWidget):
    """The newest notices, worst first; the rest behind one line that says how many there are."""

    wished = Signal(Wish)
    dismissed = Signal(str)  # the notice's key

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._notices: tuple[Notice, ...] = ()
        self._zone = ""
        self._shows_all = False
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self.hide()

    def show_state(self, state: DeskState) -> None:
        """Show a state's notices; the same ones again change nothing."""
        if state.notices == self._notices and state.plan.zone == self._zone:
            return
        self._notices, self._zone = state.notices, state.plan.zone
        self._rebuild()

    def toggle_all(self) -> None:
        """Show all notices, or only the first ones again."""
        self._shows_all = not self._shows_all
        self._rebuild()

    def _rebuild(self) -> None:
        while (item := self._layout.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        ordered = sorted(self._notices, key=lambda notice: (-notice.level.rank, -notice.since))
        shown = ordered if self._shows_all else ordered[:SHOWN]
        for notice in shown:
            line = NoticeLine(notice, self._zone, self)
            line.wished.connect(self.wished)
            line.dismissed.connect(self.dismissed)
            self._layout.addWidget(line)
        rest = ordered[len(shown) :]
        if rest or (self._shows_all and len(ordered) > SHOWN):
            self._layout.addWidget(self._fold_line(rest))
        self.setVisible(bool(ordered))

    def _fold_line(self, rest: list[Notice]) -> QWidget:
        line = QFrame(self)
        layout = QHBoxLayout(line)
        layout.setContentsMargins(3 * theme.UNIT + GLYPH + 2 * theme.UNIT, 2, 2 * theme.UNIT, 2)
        text = f"{len(rest)} more, the worst {worst(n.level for n in rest).value}" if rest else "All notices"
        layout.addWidget(plain_label(text, theme.font(theme.DETAIL), QPalette.ColorRole.PlaceholderText))
        layout.addStretch(1)
        layout.addWidget(_small_button("Show all" if rest else "Show fewer", self.toggle_all, "Ctrl+N"))
        return line

    def sizeHint(self) -> QSize:
        return self._layout.sizeHint()


def _small_button(text: str, pressed: Callable[[], None], hint: str) -> QPushButton:
    button = QPushButton(button_text(text))
    button.setProperty("small", True)
    button.setToolTip(tooltip(hint))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.clicked.connect(pressed)
    return button
