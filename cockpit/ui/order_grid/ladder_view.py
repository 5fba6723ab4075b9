"""The ladder's list: gates from top to bottom, each with its mark, its evidence and below it what to do."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from cockpit.ui import theme
from cockpit.ui.glyphs import draw_glyph, glyph_of
from cockpit.ui.order_grid.ladder_lines import LadderLine, LineKind
from cockpit.ui.order_grid.looks import LEVEL_WORDS
from cockpit.ui.record_model import Column, RecordModel
from cockpit.ui.theme import Tokens
from cockpit.ui.widgets.focus import FocusMark

Index = QModelIndex | QPersistentModelIndex
_PAD = 3 * theme.UNIT
_MARK = 18  # centre of the glyph, pixels from the left
_INDENT = 34
_BAR = 3
_TALLEST = 400  # pixels of one sentence
_LINE = 18
_WRAP = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
_COLUMNS: tuple[Column[LadderLine], ...] = (
    Column("Gate", lambda line: line.spoken(), lambda line: line.level, lambda line: line.spoken()),
)


def ladder_model(parent: QWidget) -> RecordModel[LadderLine]:
    """Make the model of the list: one column, a line in each row."""
    return RecordModel(_COLUMNS, lambda line: line.key, parent)


class LadderView(QListView):
    """Arrows move, Enter follows a link, Backspace goes back, Ctrl+C copies the whole evidence."""

    followed = Signal(str, str)  # action, what it is about
    left = Signal()
    copied = Signal()

    def __init__(self, lines: RecordModel[LadderLine], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines = lines
        self.mark = FocusMark()
        self.setModel(lines)
        self.setItemDelegate(_Painter(self))
        self.setAccessibleName("Gates of the route")
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMouseTracking(True)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.mark.take_focus(event.reason())
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.lines.records:
            place = next((n for n, line in enumerate(self.lines.records) if line.is_first_block), 0)
            self.setCurrentIndex(self.lines.index(place, 0))
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.mark.is_shown = True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._follow(self.currentIndex())
        elif event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Escape):
            self.left.emit()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copied.emit()
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Do nothing: letters and digits belong to the window's keys."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.mark.is_shown = False
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        place = event.position().toPoint()
        if event.button() is Qt.MouseButton.LeftButton and self._is_link(place):
            self._follow(self.indexAt(place))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        hand = self._is_link(event.position().toPoint())
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if hand else Qt.CursorShape.ArrowCursor)
        super().mouseMoveEvent(event)

    def _is_link(self, place: QPoint) -> bool:
        index = self.indexAt(place)
        line = self.lines.record(index)
        return line is not None and bool(line.link) and _link(self.visualRect(index), line).contains(place)

    def _follow(self, index: QModelIndex) -> None:
        line = self.lines.record(index)
        if line is not None and line.action:
            self.followed.emit(line.action, line.about)


class _Painter(QStyledItemDelegate):
    """Draws a line of the ladder; long sentences wrap."""

    def __init__(self, view: LadderView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        line = self._view.lines.record(index)
        width = self._view.viewport().width()
        return QSize(width, _height(line, width)) if line is not None else QSize()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line = self._view.lines.record(index)
        if line is None:
            return
        tokens = theme.tokens_of(self._view.palette())
        area = self._view.visualRect(index)
        painter.save()
        if line.kind is LineKind.GATE:
            _draw_gate(painter, area, line, tokens)
        else:
            _draw_below(painter, area, line, tokens)
        if self._view.mark.is_shown and self._view.hasFocus() and index == self._view.currentIndex():
            painter.setPen(QPen(QColor(tokens.focus), 2))
            painter.drawRect(area.adjusted(1, 1, -1, -1))
        painter.restore()


def _height(line: LadderLine, width: int) -> int:
    if line.kind is LineKind.GATE:
        return 8 + _LINE + _text_height(line.text, width - _INDENT - _PAD) + 2
    if line.kind is LineKind.INSTEAD:
        return 34
    return 8 + _text_height(line.title, _room(line, width))


def _room(line: LadderLine, width: int) -> int:
    """Return the width for the words of a line below a gate, beside its link."""
    link = QFontMetrics(theme.font(theme.DETAIL)).horizontalAdvance(line.link) + _PAD if line.link else 0
    return max(40, width - _INDENT - _PAD - link - _PAD)


def _text_height(text: str, width: int) -> int:
    metrics = QFontMetrics(theme.font(theme.DETAIL))
    return max(16, metrics.boundingRect(QRect(0, 0, max(40, width), _TALLEST), _WRAP, text).height())


def _link(area: QRect, line: LadderLine) -> QRect:
    wide = QFontMetrics(theme.font(theme.DETAIL)).horizontalAdvance(line.link) + 2
    return QRect(area.right() - _PAD - wide, area.top() + 2, wide, 20)


def _write(
    painter: QPainter, where: QRect, text: str, font: QFont, colour: str | QColor, align: Qt.AlignmentFlag
) -> None:
    painter.setFont(font)
    painter.setPen(QColor(colour))
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, where.width())
    painter.drawText(where, align, shown)


def _draw_gate(painter: QPainter, area: QRect, line: LadderLine, tokens: Tokens) -> None:
    level = line.level
    if level is None:
        return
    if line.is_first_block:
        painter.fillRect(area.adjusted(4, 1, -4, 0), tokens.tint(level))
    colour = QColor(tokens.dim) if line.is_later else tokens.of(level)
    draw_glyph(painter, QPointF(_MARK, area.top() + 8 + _LINE / 2 - 1), glyph_of(level), colour)
    top = QRect(_INDENT, area.top() + 6, area.width() - _INDENT - _PAD, _LINE)
    small = theme.font(theme.SMALL)
    aside_width = QFontMetrics(small).horizontalAdvance(line.aside) + 2
    _write(painter, top, line.aside, small, tokens.dim, _RIGHT)
    strong = theme.font(theme.TEXT, bold=not line.is_later)
    room = top.adjusted(0, 0, -aside_width - 8, 0)
    word = LEVEL_WORDS[level]
    word_width = QFontMetrics(small).horizontalAdvance(word) + 10
    title = min(QFontMetrics(strong).horizontalAdvance(line.title) + 2, room.width() - word_width)
    where = QRect(room.left(), room.top(), title, room.height())
    _write(painter, where, line.title, strong, tokens.dim if line.is_later else tokens.ink, _LEFT)
    _write(painter, room.adjusted(title + 6, 0, 2, 0), word, small, colour, _LEFT)
    painter.setFont(theme.font(theme.DETAIL))
    painter.setPen(QColor(tokens.dim if line.is_later else tokens.soft))
    words = QRect(_INDENT, area.top() + 6 + _LINE, area.width() - _INDENT - _PAD, area.height() - _LINE - 6)
    painter.drawText(words, _WRAP, line.text)


def _draw_below(painter: QPainter, area: QRect, line: LadderLine, tokens: Tokens) -> None:
    if line.kind is LineKind.INSTEAD:
        painter.fillRect(QRect(_PAD, area.top() + 9, area.width() - 2 * _PAD, 1), QColor(tokens.line))
        strong = theme.font(theme.TEXT, bold=True)
        _write(painter, area.adjusted(_PAD, 12, -_PAD, 0), line.title, strong, tokens.ink, _LEFT)
        return
    if line.kind is LineKind.OTHER and line.level is not None:
        middle = QPointF(_MARK, area.top() + 12)
        draw_glyph(painter, middle, glyph_of(line.level), tokens.of(line.level))
    elif line.kind is LineKind.REMEDY:
        bar = tokens.line if line.is_later else tokens.ink
        painter.fillRect(QRect(_INDENT - 10, area.top() + 3, _BAR, area.height() - 6), QColor(bar))
    quiet = line.is_later or line.kind in (LineKind.SOURCE, LineKind.QUOTE)
    painter.setFont(theme.font(theme.DETAIL))
    painter.setPen(QColor(tokens.dim if quiet else tokens.ink))
    words = QRect(_INDENT, area.top() + 4, _room(line, area.width()), area.height() - 4)
    painter.drawText(words, _WRAP, line.title)
    if line.link:
        linked = theme.font(theme.DETAIL)
        linked.setUnderline(True)
        _write(painter, _link(area, line), line.link, linked, tokens.ink, _RIGHT)
