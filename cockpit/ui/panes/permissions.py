"""Permissions: what the playbook needs, what each account holds, the gap, and what to do about it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from cockpit.domain import kinds
from cockpit.domain.permission import Holding, accounts_of, holdings
from cockpit.domain.statement import account_card, change_of
from cockpit.domain.words import masked
from cockpit.services.intents import SayHeld, SayRequested
from cockpit.services.state import DeskState
from cockpit.ui import theme
from cockpit.ui.glance import Glance
from cockpit.ui.pane import Pane, Wish
from cockpit.ui.permissions.flex_access import FlexAccess
from cockpit.ui.permissions.rows import (
    PLACES,
    account_facts,
    facts_of,
    key_of,
    row_of,
    statement_line,
    summary,
)
from cockpit.ui.text import short
from cockpit.ui.widgets.elided_label import ElidedLabel
from cockpit.ui.widgets.fact_lines import FactLines
from cockpit.ui.widgets.ledger import LEGEND, Ledger
from cockpit.ui.widgets.section_header import SectionHeader
from cockpit.ui.widgets.small_button import small_button

HINT = (
    "Nothing to compare yet. Fetch or import a Flex statement to see what your accounts hold, and write tickets in "
    "the Playbook pane to see what they need."
)
NO_GAPS = "No gap: everything the playbook needs is held."


class PermissionsPane(Pane):
    """The table above; below it the chosen permission at the left, its account at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: DeskState | None = None
        self._now = 0.0
        self._zone = "UTC"
        self._holdings: tuple[Holding, ...] = ()
        self._access: FlexAccess | None = None
        self._build()

    def _build(self) -> None:
        self.list = Ledger("Permissions", PLACES, 42, self)
        self.list.moved.connect(self._on_moved)
        self.list.followed.connect(self._on_followed)
        self.gaps = small_button("Only gaps", self)
        self.gaps.setCheckable(True)
        self.gaps.toggled.connect(self._on_gaps)
        self.statement = ElidedLabel("", QPalette.ColorRole.PlaceholderText, self)
        self.statement.setFont(theme.font(theme.DETAIL))
        self.statement.set_alignment(Qt.AlignmentFlag.AlignRight)
        self.fetch = small_button("Fetch statement", self)
        self.load = small_button("Import from file …", self)
        self.access = small_button("Flex access …", self)
        self.fetch.clicked.connect(self._on_fetch)
        self.load.clicked.connect(self._on_import)
        self.access.clicked.connect(self._on_access)
        line = _line(self.gaps)
        line.addWidget(self.statement, 1)
        for button in (self.fetch, self.load, self.access):
            line.addWidget(button)
        above = QWidget(self)
        upper = QVBoxLayout(above)
        upper.setContentsMargins(0, 0, 0, 0)
        upper.setSpacing(0)
        upper.addLayout(line)
        upper.addWidget(self.list, 1)
        below = QWidget(self)
        lower = QHBoxLayout(below)
        lower.setContentsMargins(0, 0, 0, 0)
        lower.setSpacing(0)
        lower.addWidget(self._build_permission(), 1)
        lower.addWidget(self._build_account(), 1)
        self._split = QSplitter(Qt.Orientation.Vertical, self)
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(2 * theme.UNIT)
        self._split.addWidget(above)
        self._split.addWidget(below)
        self._split.setStretchFactor(0, 1)
        self._split.setStretchFactor(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._split)
        self.setFocusProxy(self.list)

    def _build_permission(self) -> QWidget:
        self.permission_header = SectionHeader("Permission", self)
        self.facts = FactLines("What is known of the permission", self)
        self.requested = small_button("I requested it now", self)
        self.holds = small_button("I hold it", self)
        self.holds_not = small_button("I do not", self)
        self.requested.clicked.connect(self._on_requested)
        self.holds.clicked.connect(self._on_holds)
        self.holds_not.clicked.connect(self._on_holds_not)
        self.source = small_button("Open source", self)
        self.source.clicked.connect(self._on_source)
        line = _line(self.requested, self.holds, self.holds_not)
        line.addStretch(1)
        line.addWidget(self.source)
        return _stacked(self, self.permission_header, self.facts, line)

    def _build_account(self) -> QWidget:
        self.account_header = SectionHeader("Account", self)
        self.account = FactLines("What differs for the account", self)
        legend = ElidedLabel(LEGEND, QPalette.ColorRole.PlaceholderText, self)
        legend.setFont(theme.font(theme.SMALL))
        line = _line(legend)
        return _stacked(self, self.account_header, self.account, line)

    def show_state(self, state: DeskState, found: Glance, now: float) -> None:
        seen = (state.plan, state.catalogue, state.facts.version, state.vault, int(now))
        if not self._is_news(seen):
            return
        self._state, self._now, self._zone = state, now, found.zone
        self._holdings = holdings(state.facts, state.plan, state.catalogue, now)
        self._say_aside(summary(self._holdings))
        self._refresh()

    def _refresh(self) -> None:
        only_gaps = self.gaps.isChecked()
        shown = [one for one in self._holdings if one.is_gap or not only_gaps]
        self.list.show_hint(NO_GAPS if only_gaps and self._holdings else HINT)
        self.list.show_rows([row_of(one, self._now) for one in shown])
        self._show_current()

    def _current(self) -> Holding | None:
        key = self.list.current_key
        return next((one for one in self._holdings if key_of(one) == key), None)

    def _show_current(self) -> None:
        state, holding = self._state, self._current()
        if state is None:
            return
        accounts = accounts_of(state.facts, state.plan)
        account = holding.account if holding is not None else next(iter(accounts), "")
        card = account_card(state.facts, state.catalogue, account) if account else None
        flex = state.facts.look(kinds.FLEX_STATE, "flex")
        self.statement.set_text(statement_line(card, flex, self._now, self._zone))
        self.permission_header.say_aside(
            f"{short(holding.title, 60)}, {masked(short(holding.account))}" if holding is not None else ""
        )
        self.account_header.say_aside(masked(short(account)))
        change = change_of(state.facts, account)
        self.facts.show_lines(facts_of(holding, self._now, self._zone) if holding is not None else ())
        self.account.show_lines(
            account_facts(card, change, self._now, self._zone) if card is not None else ()
        )
        is_known = holding is not None and holding.row is not None
        was_requested = holding is not None and holding.requested_at is not None
        self.requested.setText("Take the request back" if was_requested else "I requested it now")
        for button in (self.requested, self.holds, self.holds_not, self.source):
            button.setVisible(is_known)

    @Slot(str)
    def _on_moved(self, key: str) -> None:
        self._show_current()

    @Slot()
    def _on_gaps(self) -> None:
        self._refresh()

    @Slot(str, str)
    def _on_followed(self, key: str, action: str) -> None:
        self.wished.emit(Wish(action))

    @Slot()
    def _on_fetch(self) -> None:
        self.wished.emit(Wish("fetch-statement"))

    @Slot()
    def _on_import(self) -> None:
        self.wished.emit(Wish("import-statement"))

    @Slot()
    def _on_access(self) -> None:
        if self._access is None:
            self._access = FlexAccess(self)
            self._access.kept.connect(self.sent)
        self._access.ask(self._state.vault if self._state is not None else "")

    @Slot()
    def _on_requested(self) -> None:
        holding = self._current()
        if holding is not None and holding.row is not None:
            at = 0.0 if holding.requested_at is not None else self._now
            self.sent.emit(SayRequested(holding.account, holding.row.key, at))

    @Slot()
    def _on_source(self) -> None:
        holding = self._current()
        if holding is not None and holding.row is not None:
            self.wished.emit(Wish("open-source", holding.row.source))

    @Slot()
    def _on_holds(self) -> None:
        self._say_held(is_held=True)

    @Slot()
    def _on_holds_not(self) -> None:
        self._say_held(is_held=False)

    def _say_held(self, *, is_held: bool) -> None:
        holding = self._current()
        if holding is not None and holding.row is not None:
            self.sent.emit(SayHeld(holding.account, holding.row.key, is_held))


def _line(*widgets: QWidget) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setContentsMargins(3 * theme.UNIT, 2 * theme.UNIT, 3 * theme.UNIT, 2 * theme.UNIT)
    line.setSpacing(2 * theme.UNIT)
    for widget in widgets:
        line.addWidget(widget)
    return line


def _stacked(parent: QWidget, header: QWidget, body: QWidget, line: QHBoxLayout) -> QWidget:
    made = QWidget(parent)
    layout = QVBoxLayout(made)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    layout.addWidget(header)
    layout.addWidget(body, 1)
    layout.addLayout(line)
    return made
