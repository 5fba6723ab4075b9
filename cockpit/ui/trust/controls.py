"""Small parts that the trust and credentials panes share: buttons, lines, chips, and a list whose Enter explains."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QBoxLayout,
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from cockpit.ui import theme
from cockpit.ui.order_grid.wrap import WrapLayout
from cockpit.ui.text import button_text
from cockpit.ui.widgets.ledger import Ledger
from cockpit.ui.widgets.small_button import small_button


def line(*widgets: QWidget) -> QHBoxLayout:
    """Lay widgets beside each other with the pane's margins."""
    made = QHBoxLayout()
    made.setContentsMargins(3 * theme.UNIT, 2 * theme.UNIT, 3 * theme.UNIT, 2 * theme.UNIT)
    made.setSpacing(2 * theme.UNIT)
    for widget in widgets:
        made.addWidget(widget)
    return made


def stacked(parent: QWidget, *parts: QWidget | QBoxLayout, stretched: int = 1) -> QWidget:
    """Lay parts below each other without gaps; the one numbered `stretched` takes what is left."""
    made = QWidget(parent)
    layout = QVBoxLayout(made)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    for number, part in enumerate(parts):
        if isinstance(part, QWidget):
            layout.addWidget(part, int(number == stretched))
        else:
            layout.addLayout(part, int(number == stretched))
    return made


def splitter(direction: Qt.Orientation, *parts: tuple[QWidget, int]) -> QSplitter:
    """Lay parts beside or below each other with a handle between them; each has its share of the room."""
    made = QSplitter(direction)
    made.setChildrenCollapsible(False)
    made.setHandleWidth(2 * theme.UNIT)
    for number, (part, share) in enumerate(parts):
        made.addWidget(part)
        made.setStretchFactor(number, share)
    made.setSizes([1000 * share for _, share in parts])  # from the beginning, not only when it grows
    return made


class Explained(Ledger):
    """A table whose Enter opens the reasons of a line: its link is followed by a click, or from there."""

    opened = Signal(str)  # key of the row
    turned_to = Signal()  # the keyboard came: its line is the one to explain now

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.turned_to.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current_key:
            self.opened.emit(self.current_key)
            return
        super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.current_key:
            self.opened.emit(self.current_key)


class Chips(QWidget):
    """Words to choose one of, each with how many lines it has. A chip that has none goes."""

    chosen = Signal(str)  # key of the chip

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._shown: tuple[tuple[str, str, int], ...] = ()
        self._buttons: dict[str, QPushButton] = {}
        self._current = ""
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._group.buttonClicked.connect(self._on_clicked)
        self._layout = WrapLayout(self)
        self.setAccessibleName(name)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def current(self) -> str:
        """The key of the chip that is chosen."""
        return self._current

    def show_chips(self, chips: Sequence[tuple[str, str, int]]) -> None:
        """Show these chips (key, word, count; a negative count is not said); the first is chosen when none is."""
        shown = tuple(chips)
        if shown == self._shown:
            return
        self._shown = shown
        kept = {key for key, _, _ in shown}
        for key in [key for key in self._buttons if key not in kept]:
            gone = self._buttons.pop(key)
            self._group.removeButton(gone)
            self._layout.removeWidget(gone)
            gone.deleteLater()
        for key, word, count in shown:
            made = self._buttons.get(key) or self._add(key)
            made.setText(button_text(f"{word} {count}" if count >= 0 else word))
            self._layout.removeWidget(made)
            self._layout.addWidget(made)
        if self._current not in kept and shown:
            self.choose(shown[0][0])
        self.updateGeometry()

    def choose(self, key: str) -> None:
        """Choose a chip as a click would."""
        if key in self._buttons:
            self._buttons[key].setChecked(True)
            if key != self._current:
                self._current = key
                self.chosen.emit(key)

    def button(self, key: str) -> QPushButton | None:
        """Return the button of a chip."""
        return self._buttons.get(key)

    def sizeHint(self) -> QSize:
        """Ask for one line; with less room there are more."""
        margins, spacing = self._layout.contentsMargins(), self._layout.spacing()
        wide = sum(one.sizeHint().width() + spacing for one in self._buttons.values())
        return QSize(
            wide + margins.left() + margins.right(), self._layout.heightForWidth(max(wide, self.width()))
        )

    def _add(self, key: str) -> QPushButton:
        made = small_button("", self)
        made.setCheckable(True)
        made.setObjectName(key)
        self._group.addButton(made)
        self._buttons[key] = made
        made.show()
        return made

    @Slot(QAbstractButton)
    def _on_clicked(self, clicked: QAbstractButton) -> None:
        self.choose(clicked.objectName())
