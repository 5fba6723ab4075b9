"""The checklist's view: a tree that draws whole rows, follows links and drills down by key."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QPointF, QRect, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QAbstractItemView, QStyleOptionViewItem, QTreeView, QWidget

from cockpit.domain.level import Level
from cockpit.ui import theme
from cockpit.ui.checklist.lines import Kind, Line
from cockpit.ui.checklist.model import ChecklistModel
from cockpit.ui.glyphs import draw_glyph
from cockpit.ui.theme import Tokens
from cockpit.ui.widgets.focus import FocusMark
from cockpit.ui.widgets.hatch import hatch

Index = QModelIndex | QPersistentModelIndex

_PAD = 3 * theme.UNIT
_MARK = 18  # centre of the glyph, pixels from the left
_TITLE = 40
_ASIDE = 104  # width of the column of provenance
_FIGURE = 76
_GAP = 4  # of ground above a lane
_HINT = 500  # width of what stands in an empty list
_INDENT = 46  # of remedies and details
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


class ChecklistView(QTreeView):
    """Arrows move and fold, Enter folds a lane, drills into a line or follows a remedy, Backspace goes up."""

    followed = Signal(str, str)  # key of the line, id of the action
    drilled = Signal(str)  # key of the line
    folded = Signal(str, bool)  # key of the lane, whether it is open now; only when the trader did it

    def __init__(self, lines: ChecklistModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = lines
        self._hint = ""
        self._mark = FocusMark()
        self.setModel(lines)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setExpandsOnDoubleClick(False)
        self.setMouseTracking(True)
        self.setAllColumnsShowFocus(True)
        self.header().setStretchLastSection(True)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._mark.take_focus(event.reason())
        super().focusInEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._mark.is_shown = False
        super().mousePressEvent(event)

    def show_hint(self, text: str) -> None:
        """Say this while there is no line to show."""
        if text != self._hint:
            self._hint = text
            self.viewport().update()

    def drawRow(self, painter: QPainter, options: QStyleOptionViewItem, index: Index) -> None:
        line = self._lines.line(index)
        if line is None:
            return
        area = QRect(
            0, self.visualRect(index).top(), self.viewport().width(), self.visualRect(index).height()
        )
        tokens = theme.tokens_of(self.palette())
        painter.save()
        if line.kind is Kind.LANE:
            _draw_lane(painter, area, line, tokens, is_open=self.isExpanded(index))
        elif line.kind is Kind.RESULT:
            _draw_result(painter, area, line, tokens)
        elif line.kind is Kind.REMEDY:
            _draw_remedy(painter, area, line, tokens)
        else:
            _draw_detail(painter, area, line, tokens)
        painter.restore()
        if (
            self._mark.is_shown
            and self.hasFocus()
            and index.row() == self.currentIndex().row()
            and index.parent() == self.currentIndex().parent()
        ):
            painter.save()
            painter.setPen(QPen(QColor(tokens.focus), 2))
            painter.drawRect(area.adjusted(1, 1 + (_GAP if line.kind is Kind.LANE else 0), -1, -1))
            painter.restore()

    def drawBranches(self, painter: QPainter, rect: QRect, index: Index) -> None:
        """Draw none: a lane shows its own chevron."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._lines.rowCount() == 0 and self._hint:
            painter = QPainter(self.viewport())
            painter.setFont(theme.font(theme.TEXT))
            painter.setPen(QColor(theme.tokens_of(self.palette()).dim))
            side = max(6 * theme.UNIT, (self.viewport().width() - _HINT) // 2)
            space = self.viewport().rect().adjusted(side, 14 * theme.UNIT, -side, 0)
            painter.drawText(space, Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap, self._hint)

    def _place_of(self, index: Index) -> QRect:
        rect = self.visualRect(index)
        return QRect(0, rect.top(), self.viewport().width(), rect.height())

    def _link_at(self, place: QPoint) -> Line | None:
        index = self.indexAt(place)
        line = self._lines.line(index)
        if line is None or not line.link:
            return None
        return (
            line if _link_rect(self._place_of(index), line).adjusted(-3, -4, 3, 4).contains(place) else None
        )

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        hand = self._link_at(event.position().toPoint()) is not None
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if hand else Qt.CursorShape.ArrowCursor)
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        place = event.position().toPoint()
        linked = self._link_at(place)
        if linked is not None:
            self.followed.emit(linked.key, linked.action)
            return
        index = self.indexAt(place)
        line = self._lines.line(index)
        if line is not None and line.kind in (Kind.LANE, Kind.RESULT):
            self._enter(index, line)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._mark.is_shown = True
        index = self.currentIndex()
        line = self._lines.line(index)
        key = event.key()
        if line is not None and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter(index, line)
        elif line is not None and line.kind is Kind.LANE and key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._fold(index, line, is_open=key == Qt.Key.Key_Right)
        elif key == Qt.Key.Key_Backspace and index.parent().isValid():
            self.setCurrentIndex(index.parent())
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Do nothing: letters and digits belong to the window's keys."""

    def _enter(self, index: Index, line: Line) -> None:
        if line.kind is Kind.LANE:
            self._fold(index, line, is_open=not self.isExpanded(index))
        elif line.kind is Kind.RESULT:
            self.drilled.emit(line.key)
        elif line.link:
            self.followed.emit(line.key, line.action)

    def _fold(self, index: Index, line: Line, *, is_open: bool) -> None:
        self.setExpanded(index, is_open)
        self.folded.emit(line.key, is_open)


def _columns(area: QRect) -> tuple[QRect, QRect, QRect, QRect]:
    """Place title, answer, aside and figure inside a row."""
    right = area.right() - _PAD
    figure = QRect(right - _FIGURE, area.top(), _FIGURE, area.height())
    aside = QRect(figure.left() - _ASIDE, area.top(), _ASIDE, area.height())
    answer_left = _TITLE + max(140, min(238, (aside.left() - _TITLE) * 2 // 5))
    title = QRect(_TITLE, area.top(), answer_left - _TITLE - 2 * theme.UNIT, area.height())
    answer = QRect(answer_left, area.top(), aside.left() - answer_left - 2 * theme.UNIT, area.height())
    return title, answer, aside, figure


def _say(
    painter: QPainter, where: QRect, text: str, font: QFont, colour: str, align: Qt.AlignmentFlag = _LEFT
) -> None:
    if text:
        painter.setFont(font)
        painter.setPen(QColor(colour))
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, where.width())
        painter.drawText(where, align, shown)


def _aside(line: Line) -> str:
    return f"stale, {line.aside}" if line.is_stale else line.aside


def _draw_lane(painter: QPainter, area: QRect, line: Line, tokens: Tokens, *, is_open: bool) -> None:
    painter.fillRect(area, QColor(tokens.pane))
    body = area.adjusted(0, _GAP, 0, 0)
    painter.fillRect(body, QColor(tokens.raised))
    title, answer, aside, figure = _columns(body)
    middle = body.top() + body.height() / 2
    if line.is_stale:
        hatch(painter, body, QColor(tokens.line))
    draw_glyph(painter, QPointF(_MARK, middle), line.glyph, tokens.of(line.level))
    strong = theme.font(theme.TEXT, bold=True)
    _say(painter, title, line.title, strong, tokens.ink)
    width = QFontMetrics(strong).horizontalAdvance(line.title)
    _draw_chevron(
        painter, QPointF(title.left() + min(width, title.width()) + 10, middle), tokens, is_open=is_open
    )
    words = theme.font(theme.DETAIL)
    words.setStrikeOut(line.is_stale)
    _say(painter, answer, line.answer, words, tokens.dim)
    _say(painter, aside, _aside(line), theme.font(theme.SMALL), tokens.dim)
    _say(painter, figure, line.figure, theme.font(theme.SMALL, mono=True), tokens.dim, _RIGHT)


def _draw_chevron(painter: QPainter, centre: QPointF, tokens: Tokens, *, is_open: bool) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(tokens.dim), 1.25))
    x, y = centre.x(), centre.y()
    if is_open:
        points = [QPointF(x - 3.5, y - 1.5), QPointF(x, y + 2), QPointF(x + 3.5, y - 1.5)]
    else:
        points = [QPointF(x - 1.5, y - 3.5), QPointF(x + 2, y), QPointF(x - 1.5, y + 3.5)]
    painter.drawPolyline(QPolygonF(points))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _draw_result(painter: QPainter, area: QRect, line: Line, tokens: Tokens) -> None:
    painter.fillRect(area, QColor(tokens.pane))
    if line.is_stale:
        hatch(painter, area, QColor(tokens.raised))
    painter.fillRect(QRect(area.left(), area.bottom(), area.width(), 1), QColor(tokens.raised))
    title, answer, aside, figure = _columns(area)
    draw_glyph(painter, QPointF(_MARK, area.top() + area.height() / 2), line.glyph, tokens.of(line.level))
    _say(painter, title, line.title, theme.font(theme.TEXT), tokens.ink)
    words = theme.font(theme.TEXT)
    words.setStrikeOut(line.is_stale)
    _say(painter, answer, line.answer, words, tokens.dim if line.level is Level.UNKNOWN else tokens.ink)
    _say(painter, aside, _aside(line), theme.font(theme.SMALL), tokens.dim)
    _say(painter, figure, line.figure, theme.font(theme.SMALL, mono=True), tokens.dim, _RIGHT)


def _remedy_text(area: QRect, line: Line) -> QRect:
    metrics = QFontMetrics(theme.font(theme.DETAIL))
    left = _INDENT + 3 * theme.UNIT
    room = area.right() - _PAD - left
    if line.link:
        room -= metrics.horizontalAdvance(line.link) + 3 * theme.UNIT
    return QRect(left, area.top(), min(room, metrics.horizontalAdvance(line.title) + 1), area.height())


def _link_rect(area: QRect, line: Line) -> QRect:
    metrics = QFontMetrics(theme.font(theme.DETAIL))
    left = _remedy_text(area, line).right() + 2 * theme.UNIT
    return QRect(left, area.top() + 4, metrics.horizontalAdvance(line.link) + 1, area.height() - 8)


def _draw_remedy(painter: QPainter, area: QRect, line: Line, tokens: Tokens) -> None:
    painter.fillRect(area, QColor(tokens.pane))
    painter.fillRect(QRect(_INDENT, area.top() + 2, 3, area.height() - 5), QColor(tokens.ink))
    painter.fillRect(QRect(area.left(), area.bottom(), area.width(), 1), QColor(tokens.raised))
    _say(painter, _remedy_text(area, line), line.title, theme.font(theme.DETAIL), tokens.ink)
    linked = theme.font(theme.DETAIL)
    linked.setUnderline(True)
    _say(painter, _link_rect(area, line), line.link, linked, tokens.ink)


def _draw_detail(painter: QPainter, area: QRect, line: Line, tokens: Tokens) -> None:
    painter.fillRect(area, QColor(tokens.pane))
    painter.fillRect(QRect(_INDENT, area.top() + 1, 1, area.height() - 2), QColor(tokens.line))
    where = area.adjusted(_INDENT + 3 * theme.UNIT, 0, -_PAD, 0)
    _say(painter, where, line.title, theme.font(theme.DETAIL), tokens.dim)
