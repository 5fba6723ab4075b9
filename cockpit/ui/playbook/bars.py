"""The two strips of buttons: what can be done with a flow, and what with a ticket. Each says its key."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from cockpit.domain.plan import Flow
from cockpit.ui import theme
from cockpit.ui.order_grid.controls import Picker
from cockpit.ui.order_grid.wrap import WrapLayout
from cockpit.ui.playbook.book import Book, draft_place
from cockpit.ui.playbook.controls import button
from cockpit.ui.text import button_text, short
from cockpit.ui.widgets.ledger import Ledger

_ALT = Qt.KeyboardModifier.AltModifier
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2)


class _Bar(QWidget):
    """A raised strip that goes on in a second line when it is full; its keys work in the list it belongs to."""

    opened = Signal()
    deleted = Signal()
    moved = Signal(int)  # -1 up, 1 down

    def __init__(self, of: Ledger, noun: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.row = WrapLayout(self)
        self.open = button("Change  Enter", self, self.opened.emit, f"Change the {noun}")
        self.up = button("Up  Alt+Up", self, self._on_up, f"Move the {noun} up")
        self.down = button("Down  Alt+Down", self, self._on_down, f"Move the {noun} down")
        self.delete = button("Delete  Del", self, self.deleted.emit, f"Delete the {noun}")
        of.installEventFilter(self)

    def _on_up(self) -> None:
        self.moved.emit(-1)

    def _on_down(self) -> None:
        self.moved.emit(1)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self._does(event):
            return True
        return super().eventFilter(watched, event)

    def _does(self, event: QKeyEvent) -> bool:
        """Do what a key means in the list; return whether it means anything."""
        key, is_moved = event.key(), bool(event.modifiers() & _ALT)
        if key in _ENTER:
            self.opened.emit()
        elif key == Qt.Key.Key_Delete:
            self.deleted.emit()
        elif is_moved and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.moved.emit(-1 if key == Qt.Key.Key_Up else 1)
        else:
            return False
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), QColor(theme.tokens_of(self.palette()).raised))


class FlowBar(_Bar):
    """Flows: add, move, delete; the whole playbook: import, export, take back."""

    added = Signal()
    imported = Signal()
    exported = Signal()
    undone = Signal()

    def __init__(self, of: Ledger, parent: QWidget) -> None:
        super().__init__(of, "flow", parent)
        self.open.hide()
        self.up.setText("Up")
        self.down.setText("Down")
        self.delete.setText("Delete")
        self.add = button("Add a flow", self, self.added.emit)
        self.bring = button("Import …", self, self.imported.emit, "Import a playbook")
        self.export = button("Export …", self, self.exported.emit, "Export the playbook")
        self.undo = button("", self, self.undone.emit)
        for one in (self.add, self.up, self.down, self.delete, self.bring, self.export, self.undo):
            self.row.addWidget(one)

    def dress(self, book: Book, flow: Flow | None, last_done: str) -> None:
        """Offer only what can be done."""
        place = book.place(flow.key) if flow is not None else -1
        self.delete.setEnabled(flow is not None)
        self.up.setEnabled(place > 0)
        self.down.setEnabled(0 <= place < len(book.flows) - 1)
        self.export.setEnabled(bool(book.flows))
        self.undo.setVisible(bool(last_done))
        self.undo.setText(button_text(f"Take back {short(last_done, 36)}  Ctrl+Z"))


class RowBar(_Bar):
    """Tickets and drafts: change, move, delete, move to another flow."""

    sent = Signal(str)  # key of the other flow

    def __init__(self, of: Ledger, parent: QWidget) -> None:
        super().__init__(of, "ticket", parent)
        self.to = Picker("Move the ticket to another flow", self, 12)
        self.to.activated.connect(self._on_to)
        for one in (self.open, self.up, self.down, self.delete, self.to):
            self.row.addWidget(one)

    def dress(self, book: Book, flow: Flow | None, row: str) -> None:
        """Offer only what can be done."""
        is_ticket = bool(row) and draft_place(row) is None
        for one in (self.open, self.delete):
            one.setEnabled(bool(row))
        for one in (self.up, self.down):
            one.setEnabled(is_ticket)
        others = [
            (one.key, short(one.title, 24)) for one in book.flows if flow is not None and one.key != flow.key
        ]
        self.to.offer([("", "Move to …"), *others])
        self.to.setEnabled(bool(row) and bool(others))
        self.setVisible(flow is not None and bool(flow.tickets or flow.drafts))

    def _on_to(self) -> None:
        key = self.to.key
        self.to.setCurrentIndex(0)
        if key:
            self.sent.emit(key)
