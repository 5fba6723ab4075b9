"""The tickets of one flow: the line, the form, the sheet, and the list with what can be done to each row."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from cockpit.domain.plan import Flow
from cockpit.domain.tickets.known import Known
from cockpit.domain.tickets.reader import Parsed, parse
from cockpit.domain.words import counted
from cockpit.ui.playbook import book as edits
from cockpit.ui.playbook.bars import RowBar
from cockpit.ui.playbook.book import Book, draft_place
from cockpit.ui.playbook.controls import button
from cockpit.ui.playbook.entry import EntryBox
from cockpit.ui.playbook.form import TicketForm
from cockpit.ui.playbook.paste_page import PastePage
from cockpit.ui.playbook.words import line_of, ticket_rows
from cockpit.ui.widgets.ledger import Ledger, Place

_NO_TICKET = "No ticket yet.\n\nType one above, paste rows from a sheet, or open the form."

Do: TypeAlias = Callable[[Callable[[Book], Book], str], None]
"""Changes the playbook; the second value says what was done, for taking it back."""


class TicketsBox(QStackedWidget):
    """The tickets of the flow that is shown. `over` is the widget over which the list of words may lie."""

    def __init__(self, do: Do, over: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self._do = do
        self._book = Book()
        self._flow: Flow | None = None
        self._known: Known | None = None
        self._edited: tuple[str, str] = ("", "")  # key of the row that is changed, and its line before
        self._composed = ""  # the form's last line
        self.entry = EntryBox(over, self)
        self.form = TicketForm(self)
        self.list = Ledger(
            "Tickets", (Place("Ticket", 300, share=3), Place("Trades", 150, share=1)), 44, self
        )
        self.bar = RowBar(self.list, self)
        self.paste_page = PastePage(self)
        self.open_form = button("Form", self, self._on_form)
        self.paste = button("Paste from a sheet", self, self._on_paste)
        self._build()

    def _build(self) -> None:
        self.form.hide()
        self.list.show_hint(_NO_TICKET)
        self.open_form.setCheckable(True)
        self.entry.row.addWidget(self.open_form)
        self.entry.row.addWidget(self.paste)
        page = QWidget(self)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.entry)
        layout.addWidget(self.form)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.bar)
        self.addWidget(page)
        self.addWidget(self.paste_page)
        self.list.moved.connect(self._on_chosen)
        self.list.doubleClicked.connect(self._on_change)
        self.bar.opened.connect(self._on_change)
        self.bar.deleted.connect(self._on_delete)
        self.bar.moved.connect(self._on_move)
        self.bar.sent.connect(self._on_send)
        self.entry.read.connect(self._on_read)
        self.entry.kept.connect(self._on_read)
        self.entry.changed.connect(self.form.show_ticket)
        self.entry.many_pasted.connect(self._show_pasted)
        self.entry.left.connect(self._on_left)
        self.form.composed.connect(self._on_composed)
        self.paste_page.taken.connect(self._on_pasted)
        self.paste_page.left.connect(self._leave_paste)

    def show_tickets(self, book: Book, flow: Flow | None, known: Known) -> None:
        """Show the tickets and drafts of a flow; what is being typed stays, whichever flow it is."""
        before = self._flow.key if self._flow is not None else ""
        self._book, self._flow, self._known = book, flow, known
        if before != self._key:
            self._stop_editing()
        self.form.show_known(known)
        self.entry.show_known(known)
        self.list.show_rows(ticket_rows(flow, known) if flow is not None else [])
        self.bar.dress(book, flow, self.list.current_key)

    @property
    def _key(self) -> str:
        return self._flow.key if self._flow is not None else ""

    # Rows

    def _on_read(self, parsed: Parsed) -> None:
        """Take the line: into the row that is changed, or as a new one if that row has gone meanwhile."""
        key = self._key
        if not key:
            return
        row, line = self._edited
        noun = "ticket" if parsed.ticket is not None else "draft"
        if row and self._line_of(row) == line:
            self._do(lambda book: edits.with_row(book, key, row, parsed), f"the change of a {noun}")
        else:
            self._do(lambda book: edits.with_parsed(book, key, (parsed,)), f"the new {noun}")
        self._edited = ("", "")
        self.entry.finish()
        self.entry.line.setFocus()

    def _line_of(self, row: str) -> str:
        """Return the line of a ticket or a draft, "" when there is none."""
        flow, known, place = self._flow, self._known, draft_place(row)
        if flow is None or known is None:
            return ""
        if place is not None:
            return flow.drafts[place] if place < len(flow.drafts) else ""
        return next((line_of(one, known) for one in flow.tickets if one.key == row), "")

    def _on_chosen(self, row: str) -> None:
        self.bar.dress(self._book, self._flow, row)

    def _on_change(self) -> None:
        """Bring the current row into the line."""
        row = self.list.current_key
        line = self._line_of(row)
        if line:
            self._edited = (row, line)
            self.entry.edit(line)

    def _on_left(self) -> None:
        self._edited = ("", "")
        self.list.setFocus()

    def _stop_editing(self) -> None:
        """Edit no row any more; a changed line stays as a new one."""
        self.entry.stop()
        self._edited = ("", "")

    def _on_delete(self) -> None:
        key, row = self._key, self.list.current_key
        if not row:
            return
        rows = [one.key for one in self.list.rows]
        place = rows.index(row)
        self._stop_editing()
        noun = "ticket" if draft_place(row) is None else "draft"
        self._do(lambda book: edits.without_row(book, key, row), f"the deletion of a {noun}")
        left = [one.key for one in self.list.rows]
        if left:
            self.list.select(left[min(place, len(left) - 1)])

    def _on_move(self, by: int) -> None:
        key, row = self._key, self.list.current_key
        self._do(lambda book: edits.with_row_moved(book, key, row, by), "the move of a ticket")

    def _on_send(self, other: str) -> None:
        key, row = self._key, self.list.current_key
        if row:
            self._stop_editing()
            self._do(lambda book: edits.with_row_in(book, key, row, other), "the move of a ticket")

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
            key, draft = self._key, parse(typed, known)
            self._do(lambda book: edits.with_parsed(book, key, (draft,)), "the new draft")
        self._composed = line
        self.entry.compose(line)

    def _on_paste(self) -> None:
        self._show_pasted(QGuiApplication.clipboard().text())

    def _show_pasted(self, text: str) -> None:
        if self._known is not None and self._flow is not None:
            self.paste_page.show_text(text, self._known)
            self.setCurrentWidget(self.paste_page)
            self.paste_page.take.setFocus()

    def _on_pasted(self, parsed: tuple[Parsed, ...]) -> None:
        key = self._key
        self._do(lambda book: edits.with_parsed(book, key, parsed), f"{counted(len(parsed), 'pasted row')}")

    def _leave_paste(self) -> None:
        self.setCurrentIndex(0)
        self.entry.line.setFocus()
