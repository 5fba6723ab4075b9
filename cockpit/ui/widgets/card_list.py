"""A list of cards: model, delegate and view, without a widget per card."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from cockpit.ui import theme
from cockpit.ui.record_model import Column, RecordModel
from cockpit.ui.widgets.card import Card, draw_card, lay_out
from cockpit.ui.widgets.focus import FocusMark

Index = QModelIndex | QPersistentModelIndex
_Key = tuple[Card, int, int, float, str, bool]


class _CardDelegate(QStyledItemDelegate):
    """Draws cards; their height depends on the width of the list."""

    def __init__(self, view: CardList) -> None:
        super().__init__(view)
        self._view = view
        self._kept: dict[
            int, tuple[_Key, QPixmap]
        ] = {}  # by row, what was drawn last: most cards stay as they are

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        card = self._view.card(index)
        width = self._view.viewport().width()
        return QSize(width, lay_out(card, width).height if card is not None else 0)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        card = self._view.card(index)
        if card is None:
            return
        state = QStyle.StateFlag.State_HasFocus
        area: QRect = option.rect
        has_focus = bool(option.state & state) and self._view.marks_focus
        tokens = theme.tokens_of(self._view.palette())
        ratio = self._view.devicePixelRatioF()
        key = (card, area.width(), area.height(), ratio, tokens.name, has_focus)
        kept = self._kept.get(index.row())
        if kept is None or kept[0] != key:
            picture = QPixmap(round(area.width() * ratio), round(area.height() * ratio))
            picture.setDevicePixelRatio(ratio)
            drawing = QPainter(picture)
            draw_card(drawing, QRect(QPoint(0, 0), area.size()), card, tokens, has_focus=has_focus)
            drawing.end()
            kept = self._kept[index.row()] = (key, picture)
        painter.drawPixmap(area.topLeft(), kept[1])


class CardList(QListView):
    """Cards below each other. Arrows move, Enter follows the card's link."""

    followed = Signal(str, str)  # key of the card, id of the action

    def __init__(self, tooltip: Callable[[Card], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards: RecordModel[Card] = RecordModel(
            (Column("Card", Card.sentence, lambda card: card.level, tooltip),), lambda card: card.key, self
        )
        self._mark = FocusMark()
        self.setModel(self._cards)
        self.setItemDelegate(_CardDelegate(self))
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)

    @property
    def marks_focus(self) -> bool:
        """Whether the current card shows that it has the keyboard."""
        return self._mark.is_shown and self.hasFocus()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._mark.take_focus(event.reason())
        super().focusInEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._mark.is_shown = False
        super().mousePressEvent(event)

    @property
    def cards(self) -> tuple[Card, ...]:
        """The cards as they are shown."""
        return self._cards.records

    def card(self, index: Index) -> Card | None:
        """Return the card behind an index."""
        return self._cards.record(index)

    def show_cards(self, cards: Sequence[Card]) -> None:
        """Show `cards`; unchanged ones are not repainted, and the current one stays current."""
        if tuple(cards) == self.cards:
            return
        width = self.viewport().width()
        heights = [lay_out(card, width).height for card in self.cards]
        current = self.currentIndex().row()
        self._cards.show(cards)
        if len(heights) != len(cards):
            self.updateGeometry()
        else:
            if heights != [lay_out(card, width).height for card in cards]:
                self.scheduleDelayedItemsLayout()
                self.updateGeometry()
            if current >= 0 and not self.currentIndex().isValid():
                self.setCurrentIndex(self._cards.index(current, 0))

    def select(self, row: int) -> bool:
        """Make the card in `row` current and give the list the keyboard; return whether there is such a card."""
        index = self._cards.index(row, 0)
        if not index.isValid():
            return False
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.setCurrentIndex(index)
        self.scrollTo(index)
        return True

    def _link_at(self, place: QPoint) -> Card | None:
        index = self.indexAt(place)
        card = self.card(index)
        if card is None or not card.link:
            return None
        area = self.visualRect(index)
        link = lay_out(card, area.width()).link.translated(area.topLeft())
        return card if link.adjusted(-2, -3, 2, 3).contains(place) else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        hand = self._link_at(event.position().toPoint()) is not None
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if hand else Qt.CursorShape.ArrowCursor)
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        card = self._link_at(event.position().toPoint())
        if card is not None and event.button() is Qt.MouseButton.LeftButton:
            self.followed.emit(card.key, card.action)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._mark.is_shown = True
        card = self.card(self.currentIndex())
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and card is not None and card.link:
            self.followed.emit(card.key, card.action)
            return
        super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Do nothing: letters and digits belong to the window's keys."""

    def sizeHint(self) -> QSize:
        """Ask for the height of all cards, so that what stands below follows the last one."""
        width = self.viewport().width()
        return QSize(240, sum(lay_out(card, width).height for card in self.cards) + 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.scheduleDelayedItemsLayout()
            self.updateGeometry()
