"""The grid's view: paints only what is on screen, marks row and column of the current cell, follows the keyboard."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from cockpit.ui import theme
from cockpit.ui.glyphs import Glyph, draw_glyph
from cockpit.ui.order_grid.head import FOR_WORDS, LEAST, GridHead, write
from cockpit.ui.order_grid.model import GridModel
from cockpit.ui.order_grid.painting import CellPictures
from cockpit.ui.order_grid.rows import GridRow, Heading
from cockpit.ui.theme import Tokens
from cockpit.ui.widgets.focus import FocusMark

ROW = 28  # pixels: 24 of cell and the gap between two
_PAD = 3 * theme.UNIT
_MOST = 128
_TITLES = (110, 300)  # least and most of the column of titles
_FOR_GLYPHS = 44
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


class OrderGrid(QTableView):
    """Arrows, Home and End go through the cells, Enter opens the ladder or folds a group, Ctrl+C copies."""

    opened = Signal(QModelIndex)
    moved = Signal(QModelIndex)
    folded = Signal(str)

    def __init__(self, lines: GridModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = lines
        self._hint = ""
        self._title_share = 0.23
        self._mark = FocusMark()
        self._pictures = CellPictures()
        self.head = GridHead(lines, self)
        self.setHorizontalHeader(self.head)
        self.setModel(lines)
        self.setAccessibleName("Order types by interface")
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(ROW)
        rows.setDefaultSectionSize(ROW)
        self.setShowGrid(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        lines.modelReset.connect(self._fit)

    def share_for_titles(self, share: float) -> None:
        """Give this share of the width to the titles: tickets are longer than names."""
        if share != self._title_share:
            self._title_share = share
            self._fit()

    def show_hint(self, text: str) -> None:
        """Say this while there is no line to show."""
        if text != self._hint:
            self._hint = text
            self.viewport().update()

    def rows_on_screen(self) -> tuple[int, int]:
        """Return the first and the last line that can be seen."""
        last = self.rowAt(self.viewport().height() - 1)
        return max(0, self.rowAt(0)), last if last >= 0 else self._lines.rowCount() - 1

    def copy(self) -> None:
        """Put the selected cells on the clipboard as a table; all of them when one or none is selected."""
        chosen = [(index.row(), index.column()) for index in self.selectedIndexes()]
        QGuiApplication.clipboard().setText(self._lines.tsv(chosen if len(chosen) > 1 else None))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Share the width: titles get what they need, interfaces the rest, alike."""
        columns = self._lines.columnCount() - 1
        if columns < 1:
            return
        wide = self.viewport().width() - _PAD
        titles = max(_TITLES[0], min(_TITLES[1], int(wide * self._title_share)))
        each = max(LEAST, min(_MOST, (wide - titles) // columns))
        if each < FOR_WORDS:
            each = max(LEAST, min(_FOR_GLYPHS, each))  # no word fits: what is left helps the titles more
        for section in range(1, columns + 1):
            self.setColumnWidth(section, each)
        self.setColumnWidth(0, max(_TITLES[0], min(wide - each * columns, 2 * _TITLES[1])))

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:  # type: ignore[override]
        super().currentChanged(current, previous)
        self.head.current = current.column()
        self.head.viewport().update()
        self.viewport().update()  # the cross reaches over the whole view
        self.moved.emit(current)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._mark.take_focus(event.reason())
        self.begin_somewhere()  # before Qt takes the first heading
        super().focusInEvent(event)

    def begin_somewhere(self) -> None:
        """Have a current cell as soon as there is one and the keyboard is here."""
        if self.hasFocus() and not self.currentIndex().isValid() and not self._lines.is_empty:
            first = 1 if isinstance(self._lines.line(0), Heading) and self._lines.rowCount() > 1 else 0
            self.setCurrentIndex(self._lines.index(first, 1))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._mark.is_shown = False
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and len(self.selectedIndexes()) <= 1:
            self._enter(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._mark.is_shown = True
        key, index = event.key(), self.currentIndex()
        heading = self._lines.line(index.row())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter(index)
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif isinstance(heading, Heading) and key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            if heading.is_open == (key == Qt.Key.Key_Left):
                self.folded.emit(heading.group)
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Do nothing: letters and digits belong to the window's keys."""

    def _enter(self, index: QModelIndex) -> None:
        line = self._lines.line(index.row()) if index.isValid() else None
        if isinstance(line, Heading):
            self.folded.emit(line.group)
        elif line is not None and index.column() > 0:
            self.opened.emit(index)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens_of(self.palette())
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), QColor(tokens.pane))
        if self._lines.is_empty:
            self._paint_hint(painter, tokens)
            return
        first = self.rowAt(event.rect().top())
        last = self.rowAt(event.rect().bottom())
        last = self._lines.rowCount() - 1 if last < 0 else last
        for row in range(max(0, first), last + 1):
            top = self.rowViewportPosition(row)
            line = self._lines.line(row)
            if isinstance(line, Heading):
                self._paint_heading(painter, top, row, line, tokens)
            elif line is not None:
                self._paint_row(painter, top, row, line, tokens)
        self._paint_focus(painter, tokens)

    def _paint_row(self, painter: QPainter, top: int, row: int, line: GridRow, tokens: Tokens) -> None:
        current = self.currentIndex()
        is_crossed = current.row() == row
        wide = self.columnWidth(0)
        left = self.columnViewportPosition(0)
        if is_crossed:
            painter.fillRect(QRect(0, top, self.viewport().width(), ROW), QColor(tokens.raised))
        font = theme.font(theme.TEXT, bold=is_crossed)
        write(painter, QRect(left + 2 * _PAD, top, wide - 3 * _PAD, ROW), line.title, font, tokens.ink, _LEFT)
        looks = self._lines.known_looks(row)
        if not looks:
            self._paint_waiting(painter, top, tokens)
            return
        ratio = self.devicePixelRatioF()
        chosen = self.selectionModel()
        ranges = chosen.selection()  # held: what is taken from a list of Qt's dies with the list
        is_many = ranges.count() > 1 or (
            ranges.count() == 1 and ranges.at(0).width() * ranges.at(0).height() > 1
        )
        for place, look in enumerate(looks):
            section = place + 1
            x, width = self.columnViewportPosition(section), self.columnWidth(section)
            if section == current.column():
                painter.fillRect(QRect(x, top, width, ROW), QColor(tokens.raised))
            size = QSize(width - 4, ROW - 4)
            painter.drawPixmap(QPoint(x + 2, top + 2), self._pictures.of(look, size, ratio, tokens))
            if is_many and chosen.isSelected(self._lines.index(row, section)):
                painter.setPen(QPen(QColor(tokens.soft), 1))
                painter.drawRect(QRect(x, top, width - 1, ROW - 1))

    def _paint_waiting(self, painter: QPainter, top: int, tokens: Tokens) -> None:
        """Draw a row that comes into sight before it is judged: it will be a frame or two later."""
        for section in range(1, self._lines.columnCount()):
            x = self.columnViewportPosition(section) + self.columnWidth(section) / 2
            draw_glyph(painter, QPointF(x, top + ROW / 2), Glyph.WAITING, QColor(tokens.dim))

    def _paint_heading(self, painter: QPainter, top: int, row: int, line: Heading, tokens: Tokens) -> None:
        middle = top + ROW / 2 + 3
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens.dim), 1.25))
        painter.drawPolyline(_chevron(QPointF(_PAD + 4, middle), is_open=line.is_open))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        where = QRect(2 * _PAD, top + 6, self.viewport().width() - 3 * _PAD, ROW - 6)
        text = line.group if line.is_open else f"{line.group} · {line.count}"
        write(painter, where, text, theme.font(theme.SMALL), tokens.dim, _LEFT)

    def _paint_focus(self, painter: QPainter, tokens: Tokens) -> None:
        current = self.currentIndex()
        if not current.isValid():
            return
        is_marked = self._mark.is_shown and self.hasFocus()
        top = self.rowViewportPosition(current.row())
        if isinstance(self._lines.line(current.row()), Heading) or current.column() == 0:
            if is_marked:
                painter.setPen(QPen(QColor(tokens.focus), 2))
                painter.drawRect(QRect(1, top + 1, self.viewport().width() - 3, ROW - 3))
            return
        x, width = self.columnViewportPosition(current.column()), self.columnWidth(current.column())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens.focus if is_marked else tokens.dim), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(x + 2, top + 2, width - 4, ROW - 4), 3, 3)

    def _paint_hint(self, painter: QPainter, tokens: Tokens) -> None:
        painter.setFont(theme.font(theme.TEXT))
        painter.setPen(QColor(tokens.dim))
        space = self.viewport().rect().adjusted(6 * theme.UNIT, 14 * theme.UNIT, -6 * theme.UNIT, 0)
        painter.drawText(space, Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap, self._hint)


def _chevron(centre: QPointF, *, is_open: bool) -> QPolygonF:
    x, y = centre.x(), centre.y()
    if is_open:
        return QPolygonF([QPointF(x - 3.5, y - 1.5), QPointF(x, y + 2), QPointF(x + 3.5, y - 1.5)])
    return QPolygonF([QPointF(x - 1.5, y - 3.5), QPointF(x + 2, y), QPointF(x - 1.5, y + 3.5)])
