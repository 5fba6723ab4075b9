"""Playbook: the flows of the desk with their tickets, to be typed, pasted, filled in, changed, moved and taken back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from cockpit.domain.interface import Interface
from cockpit.domain.level import Level
from cockpit.domain.plan import Flow, Instrument
from cockpit.domain.tickets.known import Known
from cockpit.domain.tickets.reader import Parsed, parse
from cockpit.domain.words import counted
from cockpit.services.intents import KeepPlaybook
from cockpit.services.state import DeskState
from cockpit.ui import theme
from cockpit.ui.glance import Glance
from cockpit.ui.order_grid.controls import Picker
from cockpit.ui.order_grid.wrap import WrapLayout
from cockpit.ui.pane import Pane, Wish
from cockpit.ui.playbook import book as edits
from cockpit.ui.playbook.book import Book, draft_place
from cockpit.ui.playbook.controls import button
from cockpit.ui.playbook.editing import Editing
from cockpit.ui.playbook.entry import EntryBox
from cockpit.ui.playbook.flow_box import FlowBox
from cockpit.ui.playbook.form import TicketForm
from cockpit.ui.playbook.paste_page import PastePage
from cockpit.ui.playbook.words import flow_rows, known_of, line_of, ticket_rows
from cockpit.ui.text import button_text, short
from cockpit.ui.widgets.ledger import Ledger, Place

_NARROW = 640  # pixels of width below which the flows stand above their tickets
_FLOWS_WIDE, _FLOWS_HIGH = 230, 132
_NO_FLOW = (
    "No flow yet.\n\nA flow is something you mean to do, with its orders. Add one, or import a playbook."
)
_NO_TICKET = "No ticket yet.\n\nType one above, paste rows from a sheet, or open the form."
_ALT = Qt.KeyboardModifier.AltModifier


class PlaybookPane(Pane):
    """Flows at the left, the chosen one at the right with its line, form and tickets."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.editing = Editing()
        self._state: DeskState | None = None
        self._known: Known | None = None
        self._looked = (-1, -1)
        self._seen: tuple[object, ...] = ()
        self._standing: dict[Interface, Level] = {}
        self._composed = ""  # the form's last line
        self._edited_row = ""  # the row whose line is being changed
        self.flows = Ledger("Flows", (Place("", 26), Place("Flow", 150, share=1)), 44, self)
        self.flow_box = FlowBox(self)
        self.entry = EntryBox(self, self)
        self.form = TicketForm(self)
        self.tickets = Ledger(
            "Tickets", (Place("Ticket", 300, share=3), Place("Trades", 150, share=1)), 44, self
        )
        self.paste_page = PastePage(self)
        self._right = QWidget(self)
        self._stack = QStackedWidget(self)
        self._split = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._build()

    # Building

    def _build(self) -> None:
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusProxy(self.entry.line)
        self.form.hide()
        self.flows.show_hint(_NO_FLOW)
        self.tickets.show_hint(_NO_TICKET)
        self._build_bars()
        self._connect()
        top = QWidget(self)
        right = QVBoxLayout(self._right)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        planning = QVBoxLayout(top)
        planning.setContentsMargins(0, 0, 0, 0)
        planning.setSpacing(0)
        planning.addWidget(self.entry)
        planning.addWidget(self.form)
        planning.addWidget(self.tickets, 1)
        planning.addWidget(self._row_bar)
        self._stack.addWidget(top)
        self._stack.addWidget(self.paste_page)
        right.addWidget(self.flow_box)
        right.addWidget(self._stack, 1)
        self._split.setSpacing(1)
        self._split.addWidget(self.flows)
        self._split.addWidget(self._right, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._flow_bar)
        layout.addLayout(self._split, 1)

    def _build_bars(self) -> None:
        self._flow_bar = _Bar(self)
        self.add_flow = button("Add a flow", self._flow_bar, self._on_add_flow)
        self.delete_flow = button("Delete", self._flow_bar, self._on_delete_flow, "Delete the flow")
        self.flow_up = button("Up", self._flow_bar, self._on_flow_up, "Move the flow up")
        self.flow_down = button("Down", self._flow_bar, self._on_flow_down, "Move the flow down")
        self.bring = button("Import …", self._flow_bar, self._on_import, "Import a playbook")
        self.export = button("Export …", self._flow_bar, self._on_export, "Export the playbook")
        self.undo = button("", self._flow_bar, self._on_undo)
        for one in (
            self.add_flow,
            self.flow_up,
            self.flow_down,
            self.delete_flow,
            self.bring,
            self.export,
            self.undo,
        ):
            self._flow_bar.row.addWidget(one)
        self.open_form = button("Form", self, self._on_form)
        self.open_form.setCheckable(True)
        self.paste = button("Paste from a sheet", self, self._on_paste)
        self.entry.row.addWidget(self.open_form)
        self.entry.row.addWidget(self.paste)
        self._row_bar = _Bar(self)
        self.change = button("Change  Enter", self._row_bar, self._on_change, "Change the ticket")
        self.row_up = button("Up  Alt+Up", self._row_bar, self._on_row_up, "Move the ticket up")
        self.row_down = button("Down  Alt+Down", self._row_bar, self._on_row_down, "Move the ticket down")
        self.delete_row = button("Delete  Del", self._row_bar, self._on_delete_row, "Delete the ticket")
        self.move_to = Picker("Move the ticket to another flow", self._row_bar, 14)
        for widget in (self.change, self.row_up, self.row_down, self.delete_row, self.move_to):
            self._row_bar.row.addWidget(widget)

    def _connect(self) -> None:
        self.flows.moved.connect(self._on_flow_chosen)
        self.flows.installEventFilter(self)
        self.tickets.installEventFilter(self)
        self.tickets.moved.connect(self._on_ticket_chosen)
        self.tickets.doubleClicked.connect(self._on_change)
        self.paste_page.installEventFilter(self)
        self.flow_box.edited.connect(self._on_flow_edited)
        self.flow_box.prices_wanted.connect(self._on_prices)
        self.entry.read.connect(self._on_read)
        self.entry.kept.connect(self._on_read)
        self.entry.changed.connect(self.form.show_ticket)
        self.entry.many_pasted.connect(self._show_pasted)
        self.entry.left.connect(self._on_left)
        self.form.composed.connect(self._on_composed)
        self.paste_page.taken.connect(self._on_pasted)
        self.paste_page.left.connect(self._leave_paste)
        self.move_to.activated.connect(self._on_move_to)
        undo = QShortcut(QKeySequence.StandardKey.Undo, self)
        undo.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        undo.activated.connect(self._on_undo)

    # What is known

    def show_state(self, state: DeskState, found: Glance, now: float) -> None:
        before, self._state = self._state, state
        is_same_desk = (
            before is not None and before.plan is state.plan and before.catalogue is state.catalogue
        )
        if is_same_desk and (state.facts.version, int(now)) == self._looked:
            return
        self._looked = (state.facts.version, int(now))
        is_other_book = self.editing.show(Book(state.plan.flows, state.plan.instruments))
        known, levels = known_of(state, self.editing.book, now), _levels(found)
        seen = (known.accounts, known.today, levels)
        if is_other_book or not is_same_desk or seen != self._seen:
            self._seen, self._known, self._standing = seen, known, levels
            self._show()

    def _show(self) -> None:
        """Show the playbook as it is edited."""
        known, state = self._known, self._state
        if known is None or state is None:
            return
        book = self.editing.book
        known = Known(known.catalogue, book.instruments, known.accounts, known.today)
        self._known = known
        self.flows.show_rows(flow_rows(book))
        if not self.flows.current_key and book.flows:
            self.flows.select(book.flows[0].key)
        self.form.show_known(known)
        self.entry.show_known(known)
        flow = self.flow
        self._right.setEnabled(flow is not None)
        if flow is not None:
            self.flow_box.show_flow(flow, known, state.plan.venues)
            self.flow_box.show_advice(state.catalogue.matching, self._standing)
        self.tickets.show_rows(ticket_rows(flow, known) if flow is not None else [])
        self._dress(book, flow)

    def _dress(self, book: Book, flow: Flow | None) -> None:
        """Offer only what can be done, and say how much there is."""
        place = book.place(flow.key) if flow is not None else -1
        self.delete_flow.setEnabled(flow is not None)
        self.flow_up.setEnabled(place > 0)
        self.flow_down.setEnabled(0 <= place < len(book.flows) - 1)
        done = self.editing.last_done
        self.undo.setVisible(bool(done))
        self.undo.setText(button_text(f"Take back {short(done, 36)}"))
        row = self.tickets.current_key
        is_ticket = bool(row) and draft_place(row) is None
        for one in (self.change, self.delete_row):
            one.setEnabled(bool(row))
        for one in (self.row_up, self.row_down):
            one.setEnabled(is_ticket)
        others = [
            (one.key, short(one.title, 24)) for one in book.flows if flow is not None and one.key != flow.key
        ]
        self.move_to.offer([("", "Move to …"), *others])
        self.move_to.setEnabled(bool(row) and bool(others))
        self._row_bar.setVisible(bool(self.tickets.rows))
        tickets = sum(len(one.tickets) for one in book.flows)
        drafts = sum(len(one.drafts) for one in book.flows)
        more = f", {counted(drafts, 'draft')}" if drafts else ""
        self._say_aside(f"{counted(len(book.flows), 'flow')}, {counted(tickets, 'ticket')}{more}")

    @property
    def flow(self) -> Flow | None:
        """The flow that is shown."""
        return self.editing.book.flow(self.flows.current_key)

    def _do(self, edit: Callable[[Book], Book], done: str) -> None:
        """Change the playbook, on screen at once, and tell the desk."""
        self._tell(self.editing.change(edit(self.editing.book), done))

    def _tell(self, intent: KeepPlaybook | None) -> None:
        if intent is not None:
            self._show()
            self.sent.emit(intent)

    # Flows

    def _on_flow_chosen(self, key: str) -> None:
        self._edited_row = ""
        self._show()

    def _on_flow_edited(self, flow: Flow) -> None:
        self._do(lambda book: edits.with_flow(book, flow), f"the change of {flow.title}")

    def _on_prices(self, instruments: tuple[Instrument, ...]) -> None:
        key = self.flows.current_key
        self._do(lambda book: edits.with_prices(book, key, instruments), "the change of prices")

    def _on_add_flow(self) -> None:
        book, key = edits.with_new_flow(self.editing.book)
        self._do(lambda _: book, "the new flow")
        self.flows.select(key)
        self.flow_box.title.setFocus()
        self.flow_box.title.selectAll()

    def _on_delete_flow(self) -> None:
        flow = self.flow
        if flow is None:
            return
        flows = self.editing.book.flows
        place = self.editing.book.place(flow.key)
        self._do(lambda book: edits.without_flow(book, flow.key), f"the deletion of {flow.title}")
        left = self.editing.book.flows
        if left and len(left) < len(flows):
            self.flows.select(left[min(place, len(left) - 1)].key)

    def _on_flow_up(self) -> None:
        self._move_flow(-1)

    def _on_flow_down(self) -> None:
        self._move_flow(1)

    def _move_flow(self, by: int) -> None:
        key = self.flows.current_key
        self._do(lambda book: edits.with_flow_moved(book, key, by), "the move of a flow")

    # Tickets

    def _on_read(self, parsed: Parsed) -> None:
        """Take the line: into the row that is edited, or as a new one."""
        key, row = self.flows.current_key, self._edited_row
        if not key:
            return
        noun = "ticket" if parsed.ticket is not None else "draft"
        if row:
            self._do(lambda book: edits.with_row(book, key, row, parsed), f"the change of a {noun}")
        else:
            self._do(lambda book: edits.with_parsed(book, key, (parsed,)), f"the new {noun}")
        self._edited_row = ""
        self.entry.finish()
        self.entry.line.setFocus()

    def _on_ticket_chosen(self, key: str) -> None:
        self._dress(self.editing.book, self.flow)

    def _on_change(self) -> None:
        """Bring the current row into the line."""
        flow, row, known = self.flow, self.tickets.current_key, self._known
        if flow is None or not row or known is None:
            return
        place = draft_place(row)
        ticket = next((one for one in flow.tickets if one.key == row), None)
        if place is not None:
            self._edited_row = row
            self.entry.edit(flow.drafts[place])
        elif ticket is not None:
            self._edited_row = row
            self.entry.edit(line_of(ticket, known))

    def _on_left(self) -> None:
        self._edited_row = ""
        self.tickets.setFocus()

    def _on_delete_row(self) -> None:
        key, row = self.flows.current_key, self.tickets.current_key
        if not row:
            return
        rows = [one.key for one in self.tickets.rows]
        place = rows.index(row)
        if self._edited_row:
            self._edited_row = ""
            self.entry.finish()
        noun = "ticket" if draft_place(row) is None else "draft"
        self._do(lambda book: edits.without_row(book, key, row), f"the deletion of a {noun}")
        left = [one.key for one in self.tickets.rows]
        if left:
            self.tickets.select(left[min(place, len(left) - 1)])

    def _on_row_up(self) -> None:
        self._move_row(-1)

    def _on_row_down(self) -> None:
        self._move_row(1)

    def _move_row(self, by: int) -> None:
        key, row = self.flows.current_key, self.tickets.current_key
        self._do(lambda book: edits.with_row_moved(book, key, row, by), "the move of a ticket")

    def _on_move_to(self) -> None:
        key, row, other = self.flows.current_key, self.tickets.current_key, self.move_to.key
        if row and other:
            self._edited_row = ""
            self._do(lambda book: edits.with_row_in(book, key, row, other), "the move of a ticket")
        self.move_to.setCurrentIndex(0)

    def _on_undo(self) -> None:
        self._tell(self.editing.undo())

    # Form and paste

    def _on_form(self) -> None:
        self.form.setVisible(self.open_form.isChecked())
        if self.open_form.isChecked():
            self.form.show_ticket(self.entry.parsed)
            self.form.quantity.setFocus()

    def _on_composed(self, line: str) -> None:
        """Take the form's line; one that was typed and cannot be read yet is kept as a draft first."""
        known = self._known
        typed = self.entry.line.text()
        if (
            known is not None
            and typed.strip()
            and self.entry.parsed.ticket is None
            and typed != self._composed
        ):
            key, draft = self.flows.current_key, parse(typed, known)
            self._do(lambda book: edits.with_parsed(book, key, (draft,)), "the new draft")
        self._composed = line
        self.entry.compose(line)

    def _on_paste(self) -> None:
        self._show_pasted(QGuiApplication.clipboard().text())

    def _show_pasted(self, text: str) -> None:
        if self._known is not None and self.flow is not None:
            self.paste_page.show_text(text, self._known)
            self._stack.setCurrentWidget(self.paste_page)
            self.paste_page.take.setFocus()

    def _on_pasted(self, parsed: tuple[Parsed, ...]) -> None:
        key = self.flows.current_key
        self._do(lambda book: edits.with_parsed(book, key, parsed), f"{counted(len(parsed), 'pasted row')}")

    def _leave_paste(self) -> None:
        self._stack.setCurrentIndex(0)
        self.entry.line.setFocus()

    # Files, keys, shape

    def _on_import(self) -> None:
        self.wished.emit(Wish("import-playbook"))

    def _on_export(self) -> None:
        self.wished.emit(Wish("export-playbook"))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            deed = self._deed(watched, event)
            if deed is not None:
                deed()
                return True
        return super().eventFilter(watched, event)

    def _deed(self, where: QObject, event: QKeyEvent) -> Callable[[], None] | None:
        """Return what a key does in a list."""
        key = event.key()
        if where is self.paste_page:
            return self._leave_paste if key == Qt.Key.Key_Escape else None
        is_moved = bool(event.modifiers() & _ALT)
        if where is self.tickets:
            return {
                Qt.Key.Key_Return: self._on_change,
                Qt.Key.Key_Enter: self._on_change,
                Qt.Key.Key_F2: self._on_change,
                Qt.Key.Key_Delete: self._on_delete_row,
                Qt.Key.Key_Up: self._on_row_up if is_moved else None,
                Qt.Key.Key_Down: self._on_row_down if is_moved else None,
            }.get(Qt.Key(key))
        return {
            Qt.Key.Key_Return: self.entry.line.setFocus,
            Qt.Key.Key_F2: self.flow_box.title.setFocus,
            Qt.Key.Key_Delete: self._on_delete_flow,
            Qt.Key.Key_Up: self._on_flow_up if is_moved else None,
            Qt.Key.Key_Down: self._on_flow_down if is_moved else None,
        }.get(Qt.Key(key))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_narrow = event.size().width() < _NARROW
        way = QBoxLayout.Direction.TopToBottom if is_narrow else QBoxLayout.Direction.LeftToRight
        self._split.setDirection(way)
        self.flows.setMinimumSize(0, _FLOWS_HIGH if is_narrow else 0)
        if is_narrow:
            self.flows.setFixedHeight(_FLOWS_HIGH)
            self.flows.setMaximumWidth(16_777_215)
        else:
            self.flows.setMinimumHeight(0)
            self.flows.setMaximumHeight(16_777_215)
            self.flows.setFixedWidth(_FLOWS_WIDE)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line between the flows and the chosen one."""
        QPainter(self).fillRect(self.rect(), QColor(theme.tokens_of(self.palette()).pane))


class _Bar(QWidget):
    """A raised strip of buttons."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.row = WrapLayout(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), QColor(theme.tokens_of(self.palette()).raised))


def _levels(found: Glance) -> dict[Interface, Level]:
    """Return how the best session of every interface stands."""
    best: dict[Interface, Level] = {}
    for session in found.sessions:
        level = best.get(session.interface)
        if level is None or session.level.rank < level.rank:
            best[session.interface] = session.level
    return best
