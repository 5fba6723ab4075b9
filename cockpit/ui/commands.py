"""The command palette: every action by a few of its letters, by keyboard alone; and the sheet of keys."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QGridLayout,
    QLineEdit,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from cockpit.ui import theme
from cockpit.ui.actions import ACTIONS, Action, Menu
from cockpit.ui.record_model import Column, RecordModel
from cockpit.ui.text import plain_label

Index = QModelIndex | QPersistentModelIndex

_WIDTH = 520
_ROW = 30
_MOST = 10  # rows before it scrolls


def score(needle: str, text: str) -> int | None:
    """Return how well `needle` fits `text`, lower is better; None when its letters do not occur in order.

    Letters that stand together or begin a word count for more, so that "rc" finds "Run check" before "arc".
    """
    wanted, found = needle.casefold().replace(" ", ""), text.casefold()
    place, cost = -1, 0
    for letter in wanted:
        next_place = found.find(letter, place + 1)
        if next_place < 0:
            return None
        starts_word = next_place == 0 or not found[next_place - 1].isalnum()
        cost += 0 if next_place == place + 1 or starts_word else next_place - place
        place = next_place
    return cost


def found(needle: str, actions: Sequence[Action]) -> list[Action]:
    """Return the actions that fit `needle`, the best first."""
    scored = [
        (fit, place, action)
        for place, action in enumerate(actions)
        if (fit := score(needle, action.title)) is not None
    ]
    return [action for _, _, action in sorted(scored, key=lambda row: row[:2])]


class _Delegate(QStyledItemDelegate):
    """Title left, key right, a bar on the row that Enter would choose."""

    def __init__(self, view: QListView, actions: RecordModel[Action]) -> None:
        super().__init__(view)
        self._view = view
        self._actions = actions

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(_WIDTH - 20, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        action = self._actions.record(index)
        if action is None:
            return
        tokens = theme.tokens_of(self._view.window().palette())  # the list itself is see-through
        area: QRect = self._view.visualRect(QModelIndex(index))
        is_current = index.row() == self._view.currentIndex().row()
        painter.fillRect(area, QColor(tokens.line if is_current else tokens.raised))
        inside = area.adjusted(3 * theme.UNIT, 0, -3 * theme.UNIT, 0)
        painter.setFont(theme.font(theme.TEXT))
        painter.setPen(QColor(tokens.ink))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(inside, middle | Qt.AlignmentFlag.AlignLeft, action.title)
        painter.setFont(theme.font(theme.DETAIL))
        painter.setPen(QColor(tokens.soft))
        painter.drawText(inside, middle | Qt.AlignmentFlag.AlignRight, action.key)


class _Popup(QFrame):
    """A frameless box over the window that goes away on Esc or a click outside."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)

    def open_over(self, window: QWidget) -> None:
        """Show it in the upper middle of `window`."""
        self.adjustSize()
        corner = window.mapToGlobal(
            QPoint((window.width() - self.width()) // 2, theme.TOP_BAR + 4 * theme.UNIT)
        )
        self.move(corner)
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens_of(self.palette())
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens.raised))
        painter.setPen(QColor(tokens.dim))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


class CommandPalette(_Popup):
    """Type a few letters, Enter runs the first, arrows choose another, Esc goes back."""

    chosen = Signal(str)  # id of the action

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._offered: tuple[Action, ...] = ()
        self.line = QLineEdit(self)
        self.line.setPlaceholderText("Type a command")
        self.line.setAccessibleName("Command")
        self.line.textChanged.connect(self._on_typed)
        self.line.installEventFilter(self)
        self.list = QListView(self)
        self._rows: RecordModel[Action] = RecordModel(
            (Column("Command", lambda action: f"{action.title} {action.key}".strip()),),
            lambda action: action.id,
            self,
        )
        self.list.setModel(self._rows)
        self.list.setItemDelegate(_Delegate(self.list, self._rows))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setStyleSheet("QListView { background: transparent; }")
        self.list.clicked.connect(self._on_clicked)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * theme.UNIT, 2 * theme.UNIT, 2 * theme.UNIT, 2 * theme.UNIT)
        layout.setSpacing(2 * theme.UNIT)
        layout.addWidget(self.line)
        layout.addWidget(self.list)
        self.setFixedWidth(_WIDTH)

    def offer(self, actions: Sequence[Action], window: QWidget) -> None:
        """Open over `window` with these actions."""
        self._offered = tuple(actions)
        self.line.clear()
        self._on_typed("")
        self.open_over(window)
        self.line.setFocus(Qt.FocusReason.PopupFocusReason)

    @property
    def titles(self) -> list[str]:
        """The titles on offer now, best first."""
        return [action.title for action in self._rows.records]

    def _on_typed(self, text: str) -> None:
        self._rows.show(found(text, self._offered))
        self.list.setFixedHeight(min(_MOST, max(1, self._rows.rowCount())) * _ROW + 2)
        self.adjustSize()
        self.list.setCurrentIndex(self._rows.index(0, 0))

    def _choose(self, index: Index) -> None:
        action = self._rows.record(index)
        self.hide()
        if action is not None:
            self.chosen.emit(action.id)

    def _on_clicked(self, index: QModelIndex) -> None:
        self._choose(index)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.line and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            row = self.list.currentIndex().row()
            steps = {
                Qt.Key.Key_Down: 1,
                Qt.Key.Key_Up: -1,
                Qt.Key.Key_PageDown: _MOST,
                Qt.Key.Key_PageUp: -_MOST,
            }
            step = steps.get(Qt.Key(event.key()))
            if step is not None:
                last = self._rows.rowCount() - 1
                self.list.setCurrentIndex(self._rows.index(max(0, min(last, row + step)), 0))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._choose(self.list.currentIndex())
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.hide()
                return True
        return super().eventFilter(watched, event)


class CheatSheet(_Popup):
    """Every key in one box, made from the same table."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        layout = QGridLayout(self)
        layout.setContentsMargins(5 * theme.UNIT, 4 * theme.UNIT, 5 * theme.UNIT, 4 * theme.UNIT)
        layout.setHorizontalSpacing(4 * theme.UNIT)
        layout.setVerticalSpacing(2 * theme.UNIT)
        column = 0
        for menu in (Menu.CHECK, Menu.VIEW, Menu.PROGRAM):
            row = 1
            head = plain_label(menu.value, theme.font(theme.TEXT, bold=True), parent=self)
            layout.addWidget(head, 0, column, 1, 2)
            for action in ACTIONS:
                if action.menu is menu and action.key:
                    key = plain_label(action.key, theme.font(theme.DETAIL, mono=True), parent=self)
                    title = plain_label(
                        action.title, theme.font(theme.DETAIL), QPalette.ColorRole.PlaceholderText, self
                    )
                    layout.addWidget(key, row, column)
                    layout.addWidget(title, row, column + 1)
                    row += 1
            column += 2
        layout.setRowStretch(layout.rowCount(), 1)
