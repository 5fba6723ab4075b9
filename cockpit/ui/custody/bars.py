"""The bars of the custody ribbon: two tracks over one axis, the moments above, and a way through all by keyboard."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from cockpit.domain.custody.ribbon import Mark, Ribbon, Stretch
from cockpit.domain.level import Level
from cockpit.ui import theme
from cockpit.ui.custody.layout import Bar, Drawing, Lane, Scale, draw, nearest_mark
from cockpit.ui.glyphs import GLYPH, draw_glyph, glyph_of
from cockpit.ui.text import short
from cockpit.ui.widgets.focus import FocusMark
from cockpit.ui.widgets.hatch import hatch
from cockpit.ui.widgets.ledger import PENS

_NAMES = 66  # width of the tracks' names
PAD = 3 * theme.UNIT
_MARKS = 16
_BAR = 20
_GAP = theme.UNIT
_AXIS = 16
_GLYPH = GLYPH - 2
_TOPS = {Lane.MARKS: 0, Lane.TRADING: _MARKS, Lane.DATA: _MARKS + _BAR + _GAP}
_HEIGHTS = {Lane.MARKS: _MARKS, Lane.TRADING: _BAR, Lane.DATA: _BAR}
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_ENDS = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: -1}
_TURNS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
Place = Stretch | Mark


class RibbonBars(QWidget):
    """Draws the ribbon and moves through it: arrows step through a line and between lines, Home and End go to its ends.

    What is under the pointer, else where the keyboard stands, else the newest of trading is read out by `place`.
    """

    moved = Signal()  # another place is to be read out

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ribbon = Ribbon(0.0, 0.0)
        self._zone = "UTC"
        self._drawing = Drawing()
        self._lane = Lane.TRADING
        self._begun: float | None = None  # beginning of the chosen place; None: the newest
        self._hovered: Place | None = None
        self._mark = FocusMark()
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Custody today")
        self.setFixedHeight(_MARKS + 2 * _BAR + _GAP + _AXIS)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_ribbon(self, ribbon: Ribbon, zone: str) -> None:
        """Show another ribbon; nothing is painted when no pixel differs."""
        self._ribbon, self._zone = ribbon, zone
        if self._hovered is not None:
            self._hovered = self._same(self._hovered)
        self._lay_out()

    @property
    def place(self) -> Place | None:
        """What is read out; None while there is nothing."""
        return self._hovered or self.chosen

    @property
    def chosen(self) -> Place | None:
        """Where the keyboard stands."""
        places = self._places(self._lane)
        if not places:
            return None
        return next((one for one in places if _begin(one) == self._begun), places[-1])

    def _places(self, lane: Lane) -> tuple[Place, ...]:
        return self._ribbon.track(lane.track) if lane.track is not None else self._ribbon.marks

    def _same(self, place: Place) -> Place | None:
        """Find a place of the ribbon before in the present one."""
        lane = Lane.MARKS if isinstance(place, Mark) else _lane_of(place)
        return next((one for one in self._places(lane) if _begin(one) == _begin(place)), None)

    def _scale(self) -> Scale:
        right = max(_NAMES + PAD + 40, self.width() - PAD)
        return Scale(self._ribbon.start, self._ribbon.end, PAD + _NAMES, right)

    def _lay_out(self) -> None:
        metrics = QFontMetrics(theme.font(theme.SMALL))
        drawing = draw(self._ribbon, self._scale(), self._zone, metrics.horizontalAdvance)
        if drawing != self._drawing:
            self._drawing = drawing
            self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def sizeHint(self) -> QSize:
        return QSize(600, self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(_NAMES + 140, self.height())

    # Painting.

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens_of(self.palette())
        painter = QPainter(self)
        painter.setFont(theme.font(theme.SMALL))
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.setPen(QColor(tokens.soft))
        for lane in (Lane.TRADING, Lane.DATA):
            if lane.track is not None:
                painter.drawText(QRect(PAD, _TOPS[lane], _NAMES, _BAR), left, lane.track.value)
        self._draw_axis(painter, tokens)
        for bar in self._drawing.bars:
            self._draw_bar(painter, bar, tokens)
        self._draw_ticks(painter, tokens)
        if self.hasFocus() and self._mark.is_shown and self.chosen is not None:
            painter.setPen(QPen(QColor(tokens.focus), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self._area(self.chosen).adjusted(0, 0, -1, -1))

    def _draw_axis(self, painter: QPainter, tokens: theme.Tokens) -> None:
        scale = self._scale()
        top = _TOPS[Lane.DATA] + _BAR
        for x, label in self._drawing.hours:
            painter.fillRect(QRect(x, top, 1, theme.UNIT), QColor(tokens.line))
            wide = painter.fontMetrics().horizontalAdvance(label)
            begin = min(max(x - wide // 2, scale.left), scale.right - wide)
            painter.setPen(QColor(tokens.dim))
            painter.drawText(QRect(begin, top + 3, wide + 1, _AXIS - 3), Qt.AlignmentFlag.AlignVCenter, label)

    def _draw_bar(self, painter: QPainter, bar: Bar, tokens: theme.Tokens) -> None:
        box = QRect(bar.left, _TOPS[bar.lane], bar.right - bar.left, _BAR)
        level = bar.hold.level
        painter.fillRect(box, tokens.tint(level))
        if bar.hold.provenance is None:
            hatch(painter, box, QColor(tokens.line))
        colour = QColor(tokens.line) if level is Level.UNKNOWN else tokens.of(level)
        if box.width() <= 3:  # too short for a border: a line that cannot be overlooked
            painter.fillRect(box, colour)
            return
        pen = PENS[bar.hold.provenance] if bar.hold.provenance is not None else Qt.PenStyle.SolidLine
        painter.setPen(QPen(colour, 1, pen))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box.adjusted(0, 0, -1, -1))
        left = box.left() + theme.UNIT + _GLYPH / 2 + 1
        if box.width() < _GLYPH + 2 * theme.UNIT:
            return
        faint = QColor(tokens.dim) if level is Level.UNKNOWN else colour
        draw_glyph(painter, QPointF(left, box.center().y() + 0.5), glyph_of(level), faint, _GLYPH)
        words = box.adjusted(_GLYPH + 3 * theme.UNIT, 0, -theme.UNIT, 0)
        who = short(bar.hold.who)
        if painter.fontMetrics().horizontalAdvance(who) <= words.width():
            painter.setPen(QColor(tokens.dim if level is Level.UNKNOWN else tokens.on_tint))
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, who)

    def _draw_ticks(self, painter: QPainter, tokens: theme.Tokens) -> None:
        scale = self._scale()
        for tick in self._drawing.ticks:  # above the bars and between them, never through a word
            painter.fillRect(QRect(tick.x, _MARKS - 4, 1, 4), QColor(tokens.ink))
            painter.fillRect(QRect(tick.x, _TOPS[Lane.DATA] - _GAP, 1, _GAP), QColor(tokens.ink))
            wide = painter.fontMetrics().horizontalAdvance(tick.label)
            begin = min(max(tick.x - wide // 2, scale.left), scale.right - wide)
            painter.setPen(QColor(tokens.soft))
            painter.drawText(QRect(begin, 0, wide + 1, _MARKS - 2), Qt.AlignmentFlag.AlignVCenter, tick.label)

    def _area(self, place: Place) -> QRect:
        scale = self._scale()
        if isinstance(place, Mark):
            return QRect(scale.x(place.at) - 4, 0, 9, _TOPS[Lane.DATA] + _BAR)
        left, right = scale.x(place.start), scale.x(place.end)
        return QRect(left, _TOPS[_lane_of(place)], max(5, right - left), _BAR)

    # Pointer and keyboard.

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self._under(event.position().x(), event.position().y()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._mark.is_shown = False
        found = self._under(event.position().x(), event.position().y())
        if found is not None:
            self._choose(Lane.MARKS if isinstance(found, Mark) else _lane_of(found), found)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(None)

    def _under(self, x: float, y: float) -> Place | None:
        scale = self._scale()
        if not scale.left <= x <= scale.right or self._ribbon.end <= self._ribbon.start:
            return None
        at = scale.at(x)
        for lane in Lane:
            if not _TOPS[lane] <= y < _TOPS[lane] + _HEIGHTS[lane]:
                continue
            if lane.track is None:
                return nearest_mark(self._ribbon, at)
            places = self._ribbon.track(lane.track)
            return next((one for one in places if one.start <= at <= one.end), None)
        return None

    def _hover(self, place: Place | None) -> None:
        if place != self._hovered:
            self._hovered = place
            self.moved.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key not in _STEPS and key not in _ENDS and key not in _TURNS:
            super().keyPressEvent(event)
            return
        self._mark.is_shown = True
        self._hovered = None
        if key in _TURNS:
            self._turn(_TURNS[key])
            return
        places, chosen = self._places(self._lane), self.chosen
        if chosen is None:
            return
        if key in _ENDS:
            self._choose(self._lane, places[_ENDS[key]])
            return
        there = places.index(chosen) + _STEPS[key]
        self._choose(self._lane, places[min(max(there, 0), len(places) - 1)])

    def _turn(self, step: int) -> None:
        """Go to the next line that has anything, to what stands there at the same time."""
        chosen = self.chosen
        at = (chosen.at if isinstance(chosen, Mark) else (chosen.start + chosen.end) / 2) if chosen else 0.0
        lane = self._lane + step
        while Lane.MARKS <= lane <= Lane.DATA:
            places = self._places(Lane(lane))
            if places:
                self._choose(Lane(lane), min(places, key=lambda one: _away(one, at)))
                return
            lane += step

    def _choose(self, lane: Lane, place: Place) -> None:
        is_newest = place == self._places(lane)[-1]
        self._lane, self._begun = lane, None if is_newest else _begin(place)
        self.update()
        self.moved.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._mark.take_focus(event.reason())
        super().focusInEvent(event)
        self.update()


def _begin(place: Place) -> float:
    return place.at if isinstance(place, Mark) else place.start


def _lane_of(stretch: Stretch) -> Lane:
    return next(lane for lane in Lane if lane.track is stretch.track)


def _away(place: Place, at: float) -> float:
    """Return how far a place is from a moment, 0 within it."""
    if isinstance(place, Mark):
        return abs(place.at - at)
    return max(0.0, place.start - at, at - place.end)
