"""The strip: one line that stays on top of everything and never takes the keyboard from an order being typed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QCloseEvent,
    QColor,
    QFont,
    QFontMetrics,
    QGuiApplication,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QWidget

from cockpit.domain.level import Level
from cockpit.domain.words import moment
from cockpit.services.state import DeskState
from cockpit.ui import theme
from cockpit.ui.actions import link_of
from cockpit.ui.bridge import Bridge
from cockpit.ui.glance import Glance, Mode, glance, verdict_line
from cockpit.ui.glyphs import GLYPH, Glyph, draw_glyph, glyph_of
from cockpit.ui.memory import ScreenMemory
from cockpit.ui.text import age, countdown, discreet, tooltip

WIDTH = 980
SNAP = 16  # pixels from a screen's edge within which the strip clings to it
_GAP = 10
_SECOND = 1000  # milliseconds


class Strip(QWidget):
    """Mode, verdict and its age, both paths, a letter per interface, the first reason, the next open.

    Double click opens the window. `clock` gives UTC epoch seconds.
    """

    opened = Signal()

    def __init__(
        self,
        bridge: Bridge,
        layout_file: Path | None,
        clock: Callable[[], float],
        parent: QWidget | None = None,
    ) -> None:
        flags = Qt.WindowType.Tool | Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint
        super().__init__(parent, flags | Qt.WindowType.WindowDoesNotAcceptFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWindowTitle("Access cockpit strip")
        self.setFixedSize(WIDTH, theme.STRIP)
        self._clock = clock
        self._memory = ScreenMemory(layout_file, self)
        self._state: DeskState | None = None
        self._found: Glance | None = None
        self._now = 0.0
        self._held: QPoint | None = None  # where the mouse holds the strip while it is dragged
        bridge.state_changed.connect(self.show_state)
        self._second = QTimer(self)
        self._second.setInterval(_SECOND)
        self._second.timeout.connect(self._on_second)
        self._second.start()
        self._put_back()

    @Slot(DeskState)
    def show_state(self, state: DeskState) -> None:
        """Show a state as of now; a hidden strip only keeps it."""
        self._state = state
        if self.isHidden():
            return
        before = (self._found, int(self._now))
        self._now = self._clock()
        self._found = glance(state, self._now)
        if (self._found, int(self._now)) != before:
            line = verdict_line(self._found)
            self.setAccessibleName(line)
            self.setToolTip(tooltip(self.text()))
            self.update()

    def toggle(self) -> None:
        """Show or hide the strip, without ever activating it."""
        self.setVisible(self.isHidden())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._state is not None:
            self.show_state(self._state)

    def text(self) -> str:
        """Everything the strip says, in words."""
        if self._found is None:
            return "Nothing known yet"
        sessions = (f"{session.title}: {session.word}" for session in self._found.sessions)
        return discreet("\n".join((verdict_line(self._found), *sessions, self._reason())))

    @Slot()
    def _on_second(self) -> None:
        if self._state is not None and self.isVisible():
            self.show_state(self._state)

    def _reason(self) -> str:
        reason = self._found.reason if self._found is not None else None
        if reason is None:
            return ""
        cure = link_of(reason.remedy.action) if reason.remedy is not None else ""
        return discreet(f"{reason.title}: {reason.answer}{f' → {cure.lower()}' if cure else ''}")

    # Where it stands.

    def _put_back(self) -> None:
        """Go where it was, or onto a screen that exists: the one it was on may be gone."""
        place = self._memory.point("strip")
        screens = [screen.availableGeometry() for screen in QGuiApplication.screens()]
        if place is not None and any(screen.intersects(QRect(place, self.size())) for screen in screens):
            self.move(snapped(QRect(place, self.size()), screens))
        elif screens:
            self.move(screens[0].left() + max(0, (screens[0].width() - WIDTH) // 2), screens[0].top())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._held = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held is not None:
            self.move(event.globalPosition().toPoint() - self._held)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._held is not None:
            self._held = None
            screens = [screen.availableGeometry() for screen in QGuiApplication.screens()]
            self.move(snapped(self.geometry(), screens))
            self._memory.keep("strip", self.pos())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._held = None
        self.opened.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._memory.keep("strip", self.pos())
        self._memory.write()
        super().closeEvent(event)

    # How it looks.

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, theme.STRIP)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens_of(self.palette())
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens.pane))
        painter.setPen(QColor(tokens.line))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        if self._found is None:
            _Pen(painter, tokens, _GAP).word("Nothing known yet", tokens.dim)
            return
        found = self._found
        pen = _Pen(painter, tokens, _GAP)
        right = self._draw_right(painter, tokens, found)
        if found.mode is not Mode.UNKNOWN:
            pen.chip(found.mode.value)
        stands = found.standing
        pen.glyph(glyph_of(stands.level), stands.level)
        pen.word(
            stands.word, tokens.ink if stands.level.is_usable else tokens.of(stands.level).name(), bold=True
        )
        pen.word(age(self._now - stands.at) if stands.at is not None else "", tokens.dim)
        for title, light in (("Price", found.price), ("Order", found.order)):
            pen.glyph(glyph_of(light.level), light.level)
            pen.word(title, tokens.ink)
        pen.rule()
        for session in found.sessions:
            level = session.level if session.is_used else Level.UNKNOWN
            pen.glyph(glyph_of(session.level) if session.is_used else Glyph.UNKNOWN, level)
            pen.word(session.interface.letter, tokens.ink if session.is_used else tokens.dim)
        pen.rule()
        pen.word(self._reason() or stands.sentence, tokens.ink, room=right - pen.x - _GAP)

    def _draw_right(self, painter: QPainter, tokens: theme.Tokens, found: Glance) -> int:
        """Draw what stands at the right end and return where it begins."""
        right = self.width() - _GAP
        if found.next_open is not None:
            font = theme.font(theme.DETAIL, bold=True, mono=True)
            right = _from_right(painter, right, countdown(found.next_open[1] - self._now), font, tokens.ink)
        if found.next_end is not None:
            when = moment(found.next_end.at, self._now, found.zone)
            right = _from_right(painter, right - 2, f"Next end {when}", theme.font(theme.DETAIL), tokens.dim)
        return right


class _Pen:
    """Writes from left to right on one line."""

    def __init__(self, painter: QPainter, tokens: theme.Tokens, x: float) -> None:
        self._painter = painter
        self._tokens = tokens
        self.x = x

    def word(self, text: str, colour: str, *, bold: bool = False, room: float = 10_000) -> None:
        """Write a word, shortened to `room` pixels."""
        if not text:
            return
        font = theme.font(theme.DETAIL, bold=bold)
        metrics = QFontMetrics(font)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(room))
        self._painter.setFont(font)
        self._painter.setPen(QColor(colour))
        width = metrics.horizontalAdvance(shown)
        where = QRectF(self.x, 0, width + 2, theme.STRIP)
        self._painter.drawText(where, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        self.x += width + _GAP

    def glyph(self, glyph: Glyph, level: Level) -> None:
        """Draw a mark close to the word that follows."""
        draw_glyph(self._painter, QPointF(self.x + GLYPH / 2, theme.STRIP / 2), glyph, self._tokens.of(level))
        self.x += GLYPH + 5

    def chip(self, text: str) -> None:
        """Draw a word in a filled box."""
        font = theme.font(theme.SMALL, bold=True)
        width = QFontMetrics(font).horizontalAdvance(text) + 10
        box = QRectF(self.x, 6, width, theme.STRIP - 12)
        self._painter.fillRect(box, QColor(self._tokens.strong))
        self._painter.setFont(font)
        self._painter.setPen(QColor(self._tokens.on_strong))
        self._painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        self.x += width + _GAP + 2

    def rule(self) -> None:
        """Draw a thin line between two groups."""
        self._painter.fillRect(QRectF(self.x, 7, 1, theme.STRIP - 14), QColor(self._tokens.dim))
        self.x += 1 + _GAP


def _from_right(painter: QPainter, right: int, text: str, font: QFont, colour: str) -> int:
    width = QFontMetrics(font).horizontalAdvance(text) + 2
    painter.setFont(font)
    painter.setPen(QColor(colour))
    where = QRect(right - width, 0, width, theme.STRIP)
    painter.drawText(where, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)
    return right - width - _GAP


def snapped(strip: QRect, screens: list[QRect]) -> QPoint:
    """Return where `strip` should stand: wholly on the screen it covers most, at an edge when it is near one."""
    if not screens:
        return strip.topLeft()
    screen = max(screens, key=lambda s: s.intersected(strip).width() * s.intersected(strip).height())
    x = max(screen.left(), min(strip.left(), screen.right() - strip.width() + 1))
    y = max(screen.top(), min(strip.top(), screen.bottom() - strip.height() + 1))
    if x - screen.left() < SNAP:
        x = screen.left()
    elif screen.right() + 1 - (x + strip.width()) < SNAP:
        x = max(screen.left(), screen.right() + 1 - strip.width())
    if y - screen.top() < SNAP:
        y = screen.top()
    elif screen.bottom() + 1 - (y + strip.height()) < SNAP:
        y = screen.bottom() + 1 - strip.height()
    return QPoint(x, y)
