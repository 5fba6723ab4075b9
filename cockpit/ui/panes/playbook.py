"""Playbook: the flows of the desk with their tickets, to be typed, pasted, filled in, changed, moved and taken back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QColor,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from cockpit.domain.interface import Interface
from cockpit.domain.level import Level
from cockpit.domain.plan import Flow, Instrument
from cockpit.domain.tickets.known import Known
from cockpit.domain.words import counted
from cockpit.services.intents import KeepPlaybook
from cockpit.services.state import DeskState
from cockpit.ui import theme
from cockpit.ui.glance import Glance
from cockpit.ui.pane import Pane, Wish
from cockpit.ui.playbook import book as edits
from cockpit.ui.playbook.bars import FlowBar
from cockpit.ui.playbook.book import Book
from cockpit.ui.playbook.editing import Editing
from cockpit.ui.playbook.flow_box import FlowBox
from cockpit.ui.playbook.tickets_box import TicketsBox
from cockpit.ui.playbook.words import flow_rows, known_of
from cockpit.ui.widgets.ledger import Ledger, Place

_NARROW = 640  # pixels of width below which the flows stand above their tickets
_FLOWS_LEAST, _FLOWS_WIDE, _FLOWS_HIGH = 110, 230, 158
_ANY = 16_777_215  # what Qt calls no limit
_NO_FLOW = (
    "No flow yet.\n\nA flow is something you mean to do, with its orders. Add one, or import a playbook."
)
_NO_TICKET = "No ticket yet.\n\nType one above, paste rows from a sheet, or open the form."


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
        self._shown_flow = ""
        self.flows = Ledger("Flows", (Place("", 26), Place("Flow", 150, share=1)), 44, self)
        self.flow_box = FlowBox(self)
        self.box = TicketsBox(self._do, self, self)
        self.flow_bar = FlowBar(self.flows, self)
        self._right = QWidget(self)
        self._split = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._build()

    # Building

    def _build(self) -> None:
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusProxy(self.box.entry.line)
        self.flows.show_hint(_NO_FLOW)
        self._connect()
        right = QVBoxLayout(self._right)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(self.flow_box)
        right.addWidget(self.box, 1)
        self._split.setSpacing(1)
        self._split.addWidget(self.flows)
        self._split.addWidget(self._right, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.flow_bar)
        layout.addLayout(self._split, 1)

    def _connect(self) -> None:
        self.flows.moved.connect(self._on_flow_chosen)
        bar = self.flow_bar
        bar.opened.connect(self.box.entry.line.setFocus)
        bar.added.connect(self._on_add_flow)
        bar.deleted.connect(self._on_delete_flow)
        bar.moved.connect(self._on_move_flow)
        bar.imported.connect(self._on_import)
        bar.exported.connect(self._on_export)
        bar.undone.connect(self._on_undo)
        self.flow_box.edited.connect(self._on_flow_edited)
        self.flow_box.prices_wanted.connect(self._on_prices)
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

    @property
    def unsaved(self) -> str:
        return "\n".join(self.box.entry.unsaved)

    def restore_unsaved(self, text: str) -> None:
        self.box.entry.restore(tuple(text.splitlines()))

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
        flow = self.flow
        self._right.setVisible(flow is not None)
        self._fit()
        if flow is not None:
            self.flow_box.show_flow(flow, known, state.plan.venues)
            self.flow_box.show_advice(state.catalogue.matching, self._standing)
        self.box.show_tickets(book, flow, known)
        self.flow_bar.dress(book, flow, self.editing.last_done)
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
        if key != self._shown_flow:
            self._shown_flow = key
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

    def _on_move_flow(self, by: int) -> None:
        key = self.flows.current_key
        self._do(lambda book: edits.with_flow_moved(book, key, by), "the move of a flow")

    def _on_undo(self) -> None:
        self._tell(self.editing.undo())

    # Files, keys, shape

    def _on_import(self) -> None:
        self.wished.emit(Wish("import-playbook"))

    def _on_export(self) -> None:
        self.wished.emit(Wish("export-playbook"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Put the flows beside their tickets, above them in a narrow pane, and alone while there is none."""
        is_narrow, is_alone = self.width() < _NARROW, not self.editing.book.flows
        way = QBoxLayout.Direction.TopToBottom if is_narrow else QBoxLayout.Direction.LeftToRight
        self._split.setDirection(way)
        is_on_top = is_narrow and not is_alone
        self.flows.setMinimumSize(_FLOWS_LEAST, _FLOWS_HIGH if is_on_top else 0)
        wide = _ANY if is_narrow or is_alone else _FLOWS_WIDE
        self.flows.setMaximumSize(wide, _FLOWS_HIGH if is_on_top else _ANY)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line between the flows and the chosen one."""
        painter, tokens, edge = QPainter(self), theme.tokens_of(self.palette()), self._right.geometry()
        painter.fillRect(self.rect(), QColor(tokens.pane))
        if self._right.isVisible():
            painter.fillRect(edge.adjusted(-1, -1, 0, 0), QColor(tokens.line))
            painter.fillRect(edge, QColor(tokens.pane))


def _levels(found: Glance) -> dict[Interface, Level]:
    """Return how the best session of every interface stands. The rows of TWS are its API sockets: they say both."""
    best: dict[Interface, Level] = {}
    for session in found.sessions:
        both = (
            (Interface.TWS, Interface.TWS_API) if session.interface is Interface.TWS else (session.interface,)
        )
        for interface in both:
            level = best.get(interface)
            if level is None or session.level.rank < level.rank:
                best[interface] = session.level
    return best
