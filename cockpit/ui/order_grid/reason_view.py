"""The list of reasons: an order in each row, and beside it two routes with level and reason."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from cockpit.domain.level import Level
from cockpit.ui import theme
from cockpit.ui.glyphs import GLYPH, draw_glyph, glyph_of
from cockpit.ui.order_grid.reasons import ReasonRow, Saying
from cockpit.ui.order_grid.tsv import flat
from cockpit.ui.record_model import Column, RecordModel
from cockpit.ui.text import button_text
from cockpit.ui.widgets.focus import FocusMark

Index = QModelIndex | QPersistentModelIndex
_ROW = 44  # pixels: two lines
_PAD = 3 * theme.UNIT
_WRAP = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_COLUMNS: tuple[Column[ReasonRow], ...] = (
    Column("Order", lambda row: row.title, tooltip=lambda row: row.title),
    Column("", lambda row: row.left.text, lambda row: row.left.level, lambda row: row.left.text),
    Column("", lambda row: row.right.text, lambda row: row.right.level, lambda row: row.right.text),
)


class ReasonModel(RecordModel[ReasonRow]):
    """The rows with their reasons; the names of the two routes change."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(_COLUMNS, lambda row: row.key, parent)
        self._names = ("", "")

    def name(self, left: str, right: str) -> None:
        """Name the two columns of reasons."""
        if (left, right) != self._names:
            self._names = (left, right)
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 1, 2)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        if (
            orientation is Qt.Orientation.Horizontal
            and role == Qt.ItemDataRole.DisplayRole
            and 0 < section < 3
        ):
            return button_text(self._names[section - 1])
        return super().headerData(section, orientation, role)

    def tsv(self) -> str:
        """Return the list as tab-separated text."""
        head = ("Order", *self._names)
        rows = [(row.title, row.left.text, row.right.text) for row in self.records]
        return "\n".join("\t".join(flat(cell) for cell in row) for row in (head, *rows)) + "\n"


class ReasonView(QTableView):
    """Arrows go through the cells, Enter opens the ladder of a route, Ctrl+C copies the list."""

    opened = Signal(str, object)  # key of the row, column of the route

    def __init__(self, rows: ReasonModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = rows
        self.mark = FocusMark()
        self._hint = ""
        self.setModel(rows)
        self.setItemDelegate(_Painter(self))
        self.setAccessibleName("Orders and reasons")
        self.setShowGrid(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(_ROW)
        head = _Head(self)
        self.setHorizontalHeader(head)

    def show_hint(self, text: str) -> None:
        """Say this while there is no row to show."""
        if text != self._hint:
            self._hint = text
            self.viewport().update()

    def copy(self) -> None:
        """Put the list on the clipboard."""
        QGuiApplication.clipboard().setText(self.rows.tsv())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.viewport().width()
        title = max(110, wide * 24 // 100)
        self.setColumnWidth(0, title)
        self.setColumnWidth(1, (wide - title) // 2)
        self.setColumnWidth(2, wide - title - (wide - title) // 2)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.mark.take_focus(event.reason())
        super().focusInEvent(event)
        self.begin_somewhere()

    def begin_somewhere(self) -> None:
        """Have a current cell as soon as there is one and the keyboard is here."""
        if self.hasFocus() and not self.currentIndex().isValid() and self.rows.records:
            self.setCurrentIndex(self.rows.index(0, 1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.mark.is_shown = True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex())
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Do nothing: letters and digits belong to the window's keys."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.mark.is_shown = False
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() is Qt.MouseButton.LeftButton:
            self._open(self.indexAt(event.position().toPoint()))

    def _open(self, index: QModelIndex) -> None:
        row = self.rows.record(index)
        if row is None:
            return
        said = row.right if index.column() == 2 and row.right.column is not None else row.left
        if said.column is not None:
            self.opened.emit(row.key, said.column)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.rows.records and self._hint:
            painter = QPainter(self.viewport())
            painter.setFont(theme.font(theme.TEXT))
            painter.setPen(QColor(theme.tokens_of(self.palette()).dim))
            space = self.viewport().rect().adjusted(6 * theme.UNIT, 14 * theme.UNIT, -6 * theme.UNIT, 0)
            painter.drawText(space, Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap, self._hint)


class _Head(QHeaderView):
    """The names of the columns, as quiet as the rest."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setFixedHeight(28)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setSectionsClickable(False)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        tokens = theme.tokens_of(self.palette())
        painter.fillRect(rect, QColor(tokens.pane))
        painter.setFont(theme.font(theme.DETAIL))
        painter.setPen(QColor(tokens.soft))
        text = self.model().headerData(section, Qt.Orientation.Horizontal) or ""
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(rect.adjusted(_PAD, 0, 0, 0), left, str(text).replace("&&", "&"))


class _Painter(QStyledItemDelegate):
    """Draws one cell: the order's name, or glyph and reason on up to two lines."""

    def __init__(self, view: ReasonView) -> None:
        super().__init__(view)
        self._view = view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = self._view.rows.record(index)
        if row is None:
            return
        tokens = theme.tokens_of(self._view.palette())
        area = self._view.visualRect(index)
        painter.save()
        current = self._view.currentIndex()
        painter.fillRect(area, QColor(tokens.raised if current.row() == index.row() else tokens.pane))
        painter.fillRect(QRect(area.left(), area.bottom(), area.width(), 1), QColor(tokens.raised))
        if index.column() == 0:
            font = theme.font(theme.TEXT)
            painter.setFont(font)
            painter.setPen(QColor(tokens.ink))
            room = area.adjusted(_PAD, 0, -_PAD, 0)
            text = QFontMetrics(font).elidedText(row.title, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        else:
            _draw_saying(painter, area, row.left if index.column() == 1 else row.right, tokens)
        if self._view.mark.is_shown and self._view.hasFocus() and index == current:
            painter.setPen(QPen(QColor(tokens.focus), 2))
            painter.drawRect(area.adjusted(1, 1, -2, -2))
        painter.restore()


def _draw_saying(painter: QPainter, area: QRect, said: Saying, tokens: theme.Tokens) -> None:
    centre = QPointF(area.left() + _PAD + GLYPH / 2, area.center().y() + 0.5)
    draw_glyph(painter, centre, glyph_of(said.level), tokens.of(said.level))
    font = theme.font(theme.DETAIL)
    painter.setFont(font)
    painter.setPen(QColor(tokens.dim if said.level is Level.UNKNOWN else tokens.soft))
    room = area.adjusted(_PAD + GLYPH + 8, 3, -_PAD, -3)
    # Two lines' worth of letters: what is cut is read in full behind Enter.
    text = QFontMetrics(font).elidedText(said.text, Qt.TextElideMode.ElideRight, room.width() * 19 // 10)
    painter.drawText(room, int(_WRAP), text)
