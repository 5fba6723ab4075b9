"""The time line: now at the left, hours of the playbook as bands, events as glyphs whose labels never overlap."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from cockpit.domain.level import Level
from cockpit.domain.words import clock
from cockpit.ui import theme
from cockpit.ui.glyphs import GLYPH, draw_glyph, glyph_of
from cockpit.ui.horizon.placing import Mark, Placed, place
from cockpit.ui.horizon.scale import Scale, Zoom
from cockpit.ui.theme import Tokens
from cockpit.ui.widgets.focus import FocusMark
from cockpit.ui.widgets.ledger import PENS

Stretch = tuple[float, float]  # UTC epoch seconds

_PAD = 4 * theme.UNIT
_ROW = 21
_AXIS = 22  # the words below the line
_BAND = 11  # the hours of the playbook, above the line
_TOP = 2 * theme.UNIT
_FAINT = 0.2  # of the colour of the hours
_MIDDLE = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


class TimeLine(QWidget):
    """Draws marks. Left and right go from mark to mark, Enter and a double click ask for more."""

    moved = Signal(str)  # key of the mark that is current now
    entered = Signal()  # Enter or a double click: more is wanted

    def __init__(self, rows: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wanted_rows = rows
        self._marks: tuple[Mark, ...] = ()
        self._bands: tuple[Stretch, ...] = ()
        self._scale = Scale(0.0, Zoom.WEEK, "UTC", 0.0, 1.0)
        self._placed: tuple[Placed, ...] = ()
        self._lost = 0
        self._current = ""
        self._focus = FocusMark()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumWidth(60 * theme.UNIT)

    @property
    def current(self) -> str:
        """The key of the current mark, "" when there is none."""
        return self._current

    @property
    def placed(self) -> tuple[Placed, ...]:
        """What is drawn, in the order of time."""
        return self._placed

    def show_line(
        self, marks: Sequence[Mark], bands: Sequence[Stretch], now: float, zoom: Zoom, zone: str
    ) -> None:
        """Show `marks` and the hours `bands` from `now` (UTC epoch seconds) on; nothing moves within a pixel's time."""
        pixel = zoom.days * 86400.0 / max(1, self.width())
        new = (tuple(marks), tuple(bands), zoom, zone)
        old = (self._marks, self._bands, self._scale.zoom, self._scale.zone)
        if new == old and abs(now - self._scale.now) < pixel:
            return
        self._marks, self._bands = new[0], new[1]
        self._scale = Scale(now, zoom, zone, 0.0, 1.0)
        self._lay_out()
        self.update()

    def select(self, key: str) -> None:
        """Mark one as the current one, without saying so."""
        if key != self._current:
            self._current = key
            self._name()
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(640, _TOP + self._wanted_rows * _ROW + _BAND + _AXIS + theme.UNIT)

    def minimumSizeHint(self) -> QSize:
        return QSize(60 * theme.UNIT, self.sizeHint().height())

    def _lay_out(self) -> None:
        old = self._scale
        left, right = float(_PAD), float(max(_PAD + 1, self.width() - _PAD))
        self._scale = Scale(old.now, old.zoom, old.zone, left, right - left)
        metrics = QFontMetricsF(theme.font(theme.DETAIL))
        rows = (self.height() - _TOP - _BAND - _AXIS) // _ROW
        named = [mark for mark in self._marks if mark.label]
        self._placed, self._lost = place(named, self._scale.x, metrics.horizontalAdvance, left, right, rows)
        self._name()

    def _name(self) -> None:
        """Say in words what is drawn: the list below holds every event, this only where one is."""
        days = self._scale.zoom.days
        reach = "the next day" if days == 1 else f"the next {days} days"
        current = next((mark for mark in self._marks if mark.key == self._current), None)
        said = f"; current: {current.label or current.key}, {current.level}" if current is not None else ""
        self.setAccessibleName(f"Time line of {reach}, {len(self._marks)} events{said}")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._focus.take_focus(event.reason())
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._focus.is_shown = False
        place_ = event.position()
        for one in self._placed:
            box = self._box(one)
            if box.contains(place_):
                self._go(one.mark.key)
                return

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.entered.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._focus.is_shown = True
        keys = [one.mark.key for one in self._placed]
        number = keys.index(self._current) if self._current in keys else -1
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif keys and key in (Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Home, Qt.Key.Key_End):
            step = {
                Qt.Key.Key_Right: min(number + 1, len(keys) - 1),
                Qt.Key.Key_Left: max(number - 1, 0),
                Qt.Key.Key_Home: 0,
                Qt.Key.Key_End: len(keys) - 1,
            }
            self._go(keys[step[Qt.Key(key)]])
        else:
            super().keyPressEvent(event)
        self.update()

    def _go(self, key: str) -> None:
        self.select(key)
        self.moved.emit(key)

    def _line_y(self) -> float:
        return float(self.height() - _AXIS)

    def _box(self, one: Placed) -> QRectF:
        top = self._line_y() - _BAND - (one.row + 1) * _ROW
        return QRectF(one.begin - 3, top + 1, one.end - one.begin + 6, _ROW - 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        tokens = theme.tokens_of(self.palette())
        painter.fillRect(self.rect(), QColor(tokens.pane))
        self._draw_scale(painter, tokens)
        for mark in self._marks:
            if not mark.label:
                self._draw_tick(painter, mark, tokens)
        for one in self._placed:
            self._draw_stem(painter, one, tokens)
        for one in self._placed:
            self._draw_mark(painter, one, tokens)
        if self._lost:
            painter.setFont(theme.font(theme.SMALL))
            painter.setPen(QColor(tokens.dim))
            words = f"{self._lost} more in the list"
            space = QRectF(_PAD, 0, self.width() - 2 * _PAD, _TOP + 10)
            painter.drawText(space, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, words)

    def _draw_scale(self, painter: QPainter, tokens: Tokens) -> None:
        scale, low = self._scale, self._line_y()
        painter.setFont(theme.font(theme.SMALL))
        metrics = QFontMetricsF(painter.font())
        line, hours = QColor(tokens.line), QColor(tokens.ready)
        hours.setAlphaF(_FAINT)
        words = f"now {clock(scale.now, scale.zone)}"
        free_from = scale.left + metrics.horizontalAdvance(words) + GLYPH
        for tick in scale.ticks():
            x = round(scale.x(tick.at))
            top = _TOP if tick.words else low - _BAND
            painter.fillRect(QRectF(x, top, 1, low - top), line)
            wide = metrics.horizontalAdvance(tick.words)
            if tick.words and x >= free_from and x + wide <= self.width():
                painter.setPen(QColor(tokens.dim))
                painter.drawText(QRectF(x, low + 3, wide + 2, _AXIS - 4), _MIDDLE, tick.words)
                free_from = x + wide + GLYPH
        for begins, ends in self._bands:
            if ends > scale.now and begins < scale.end:
                first, last = scale.x(begins), scale.x(ends)
                band = QRectF(first, low - _BAND, max(2.0, last - first), _BAND)
                painter.fillRect(band, hours)
        painter.fillRect(QRectF(0, low, self.width(), 1), line)
        painter.fillRect(QRectF(scale.left - 1, _TOP, 2, low - _TOP), QColor(tokens.dim))
        painter.setPen(QColor(tokens.soft))
        painter.drawText(QRectF(scale.left, low + 3, self.width(), _AXIS - 4), _MIDDLE, words)

    def _draw_tick(self, painter: QPainter, mark: Mark, tokens: Tokens) -> None:
        """Draw that a clock strikes again: thin when it hurts nobody, thick when it falls into hours."""
        x, low = self._scale.x(mark.at), self._line_y()
        if mark.is_hit:
            painter.fillRect(QRectF(round(x) - 1, low - _BAND - 3, 3, _BAND + 3), tokens.of(mark.level))
        else:
            painter.fillRect(QRectF(round(x), low - _BAND, 1, _BAND), QColor(tokens.dim))

    def _draw_stem(self, painter: QPainter, one: Placed, tokens: Tokens) -> None:
        """Draw the line down to the hour, in the manner of the evidence."""
        colour = tokens.of(one.mark.level) if one.mark.is_hit else QColor(tokens.dim)
        painter.setPen(QPen(colour, 1, PENS[one.mark.provenance]))
        x = round(one.x) + 0.5
        painter.drawLine(QPointF(x, self._box(one).center().y()), QPointF(x, self._line_y()))

    def _draw_mark(self, painter: QPainter, one: Placed, tokens: Tokens) -> None:
        box, mark = self._box(one), one.mark
        is_current = mark.key == self._current
        painter.fillRect(box, QColor(tokens.raised if is_current else tokens.pane))
        if is_current and self._focus.is_shown and self.hasFocus():
            painter.setPen(QPen(QColor(tokens.focus), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(box.adjusted(1, 1, -1, -1))
        colour = tokens.of(mark.level)
        middle = box.center().y()
        if one.bar > one.x + GLYPH:
            bar = QColor(tokens.dim if mark.level is Level.UNKNOWN else colour)
            painter.fillRect(QRectF(one.x, box.bottom() - 2, one.bar - one.x, 2), bar)
        draw_glyph(painter, QPointF(one.x, middle), glyph_of(mark.level), colour)
        if one.is_labelled:
            painter.setFont(theme.font(theme.DETAIL))
            painter.setPen(QColor(tokens.dim if mark.level is Level.READY else tokens.ink))
            metrics = QFontMetricsF(painter.font())
            shown = metrics.elidedText(mark.label, Qt.TextElideMode.ElideRight, one.label_room + 1)
            space = QRectF(one.label_at, box.top(), one.label_room + 2, box.height())
            painter.drawText(space, _MIDDLE, shown)
