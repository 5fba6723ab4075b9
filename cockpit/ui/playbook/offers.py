"""The list of words that fit where the cursor is; it lies over the pane and never takes the keyboard."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from cockpit.domain.tickets.completion import Completion
from cockpit.ui import theme
from cockpit.ui.record_model import Column, RecordModel
from cockpit.ui.text import short

Index = QModelIndex | QPersistentModelIndex

_ROW = 24
_MOST = 8  # rows before it scrolls
_WIDTH = 420
_WORD = 130  # pixels of the word's column


class _Delegate(QStyledItemDelegate):
    """The word, and behind it what it means."""

    def __init__(self, view: Offers) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        offer = self._view.rows.record(index)
        if offer is None:
            return
        tokens = theme.tokens_of(self._view.window().palette())
        area: QRect = option.rect
        is_current = index.row() == self._view.currentIndex().row()
        painter.fillRect(area, QColor(tokens.line if is_current else tokens.raised))
        inside = area.adjusted(3 * theme.UNIT, 0, -2 * theme.UNIT, 0)
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        font = theme.font(theme.DETAIL, mono=True, bold=True)
        painter.setFont(font)
        painter.setPen(QColor(tokens.ink))
        wide = min(
            inside.width(), max(_WORD, QFontMetrics(font).horizontalAdvance(offer.word) + 3 * theme.UNIT)
        )
        word = painter.fontMetrics().elidedText(offer.word, Qt.TextElideMode.ElideRight, wide)
        painter.drawText(inside, middle, word)
        painter.setFont(theme.font(theme.DETAIL))
        painter.setPen(QColor(tokens.soft))
        rest = inside.adjusted(wide, 0, 0, 0)
        said = painter.fontMetrics().elidedText(
            short(offer.meaning, 80), Qt.TextElideMode.ElideRight, rest.width()
        )
        painter.drawText(rest, middle, said)


class Offers(QListView):
    """Words that fit, below the place they would go to."""

    chosen = Signal(Completion)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self.setObjectName("offers")  # the theme draws its frame
        self.rows: RecordModel[Completion] = RecordModel(
            (Column("Word", lambda offer: f"{offer.word}, {offer.meaning}"),), lambda offer: offer.word, self
        )
        self.setModel(self.rows)
        self.setItemDelegate(_Delegate(self))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Words that fit here")
        self.clicked.connect(self._on_clicked)
        self.hide()

    def open_at(self, offers: Sequence[Completion], corner: QPoint) -> None:
        """Show `offers` with the upper left corner at `corner` of the parent, moved so that everything fits."""
        self.rows.show(offers)
        self.setCurrentIndex(QModelIndex())
        self.scrollToTop()
        parent = self._over
        width = min(_WIDTH, parent.width() - 2 * theme.UNIT)
        room = max(_ROW + 2, parent.height() - corner.y() - theme.UNIT)
        height = min(len(offers), _MOST, room // _ROW) * _ROW + 2
        left = max(theme.UNIT, min(corner.x(), parent.width() - width - theme.UNIT))
        self.setGeometry(left, corner.y(), width, height)
        self.show()
        self.raise_()

    @property
    def current(self) -> Completion | None:
        """The chosen row; None before anybody moved."""
        return self.rows.record(self.currentIndex()) if self.isVisible() else None

    @property
    def first(self) -> Completion | None:
        """The chosen row, else the first."""
        return self.current or (self.rows.records[0] if self.isVisible() and self.rows.records else None)

    def move_by(self, by: int) -> None:
        """Choose the next row or the one before; it goes round."""
        count = self.rows.rowCount()
        if count:
            at = self.currentIndex().row()
            there = (at + by) % count if at >= 0 else (0 if by > 0 else count - 1)
            self.setCurrentIndex(self.rows.index(there, 0))
            self.scrollTo(self.currentIndex())
            self.viewport().update()

    def _on_clicked(self, index: QModelIndex) -> None:
        offer = self.rows.record(index)
        if offer is not None:
            self.chosen.emit(offer)
