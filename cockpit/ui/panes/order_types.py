"""Order types: for every order and every interface whether it goes, and behind each cell the gates that say why."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QModelIndex, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from cockpit.domain.catalogue import Playing
from cockpit.domain.gates.columns import columns
from cockpit.domain.gates.gate import Case, Column
from cockpit.domain.gates.ladder import Instead, instead
from cockpit.domain.gates.world import World
from cockpit.domain.plan import Instrument, Plan
from cockpit.domain.words import counted
from cockpit.services.state import DeskState
from cockpit.ui.glance import Glance
from cockpit.ui.order_grid.controls import ALL_CLASSES, Controls, Legend, Rows, View
from cockpit.ui.order_grid.judging import Judge, SharedJudge
from cockpit.ui.order_grid.ladder_panel import LadderPanel
from cockpit.ui.order_grid.model import GridModel
from cockpit.ui.order_grid.reason_view import ReasonModel, ReasonView
from cockpit.ui.order_grid.reasons import differences, not_from_the_phone
from cockpit.ui.order_grid.rows import GridRow, Line, column_titles, lines, ticket_rows, type_rows
from cockpit.ui.order_grid.verdicts import Verdicts
from cockpit.ui.order_grid.view import OrderGrid
from cockpit.ui.pane import Pane

Advise = Callable[[World, Case, Iterable[Column]], Instead]
AGAIN = 250  # milliseconds between two judgements while facts pour in
_SIDE_BY_SIDE = 640  # pixels of width below which the ladder takes the place of the grid
_NOTHING = (
    "Nothing to show.\n\nOrder types need a contract: name one in the playbook. Tickets are added there too."
)
_NO_MATCH = "No order matches the filter. Esc in the filter clears it."
_ALL_FROM_PHONE = "Everything shown here goes from IBKR Mobile."
_NO_DIFFERENCE = "Nothing shown here differs between the two."


class OrderTypesPane(Pane):
    """The grid, the ladder at its right, and two lists with reasons."""

    def __init__(
        self, parent: QWidget | None = None, judge: Judge | None = None, advise: Advise = instead
    ) -> None:
        super().__init__(parent)
        self._judge, self._advise = judge or SharedJudge(), advise
        self._state: DeskState | None = None
        self._now = 0.0
        self._types: Verdicts | None = None
        self._tickets: Verdicts | None = None
        self._columns: tuple[Column, ...] = ()
        self._left_out = 0
        self._folded: dict[Rows, frozenset[str]] = {rows: frozenset() for rows in Rows}
        self._route: tuple[str, Column] | None = None  # key of the row and column whose ladder is open
        self._seen: tuple[int, int] = (-1, -1)
        self._due: list[tuple[Verdicts, int]] = []  # blocks to judge, the next one last
        self._filtered: tuple[object, ...] = ()
        self._had_gaps = False
        self._shown: tuple[GridRow, ...] = ()
        self._lines: tuple[Line, ...] = ()
        self.model = GridModel(self)
        self.grid = OrderGrid(self.model, self)
        self.reasons_model = ReasonModel(self)
        self.reasons = ReasonView(self.reasons_model, self)
        self.controls = Controls(self)
        self.ladder = LadderPanel(self)
        self._legend = Legend(self)
        self._stack = QStackedWidget(self)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(AGAIN)
        self._filling = QTimer(self)
        self._filling.setInterval(0)
        self._build()

    def _build(self) -> None:
        self.setFocusProxy(self.grid)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._stack.addWidget(self.grid)
        self._stack.addWidget(self.reasons)
        self.ladder.hide()
        self._later.timeout.connect(self._look_again)
        self._filling.timeout.connect(self._fill)
        self.controls.changed.connect(self._on_changed)
        self.controls.copy_asked.connect(self._on_copy)
        self.controls.filter.left.connect(self._focus_list)
        self.grid.opened.connect(self._on_opened)
        self.grid.moved.connect(self._on_moved)
        self.grid.folded.connect(self._on_folded)
        self.reasons.opened.connect(self._on_reason)
        self.ladder.left.connect(self._on_left)
        self.ladder.wished.connect(self.wished)
        self.ladder.sent.connect(self.sent)
        self.ladder.shown_instead.connect(self._on_instead)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self._stack, 1)
        middle.addWidget(self.ladder)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.controls)
        layout.addLayout(middle, 1)
        layout.addWidget(self._legend)

    # What is known

    def show_state(self, state: DeskState, found: Glance, now: float) -> None:
        before, self._state, self._now = self._state, state, now
        if before is None or _is_other_desk(before, state):
            self._begin(state.plan, state.catalogue)
            return
        if (state.facts.version, int(now)) != self._seen and not self._later.isActive():
            self._later.start()

    @property
    def is_settled(self) -> bool:
        """Whether every cell was judged by what is known now."""
        return not self._filling.isActive() and not self._later.isActive()

    def focus_filter(self) -> bool:
        self.controls.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.controls.filter.selectAll()
        return True

    def _begin(self, plan: Plan, catalogue: Playing) -> None:
        """Make everything anew: the desk has other tickets, contracts or another catalogue."""
        self._columns = columns(plan)
        titles = column_titles(self._columns)
        names = [(column.key, titles[column]) for column in self._columns]
        for picker in (self.controls.first, self.controls.second):
            was_empty = not picker.key
            picker.offer(names)
            if was_empty and picker is self.controls.second and len(names) > 1:
                picker.blockSignals(True)
                picker.choose(names[1][0])
                picker.blockSignals(False)
        classes = sorted({instrument.sec_type for instrument in plan.instruments})
        self.controls.product.offer([("", ALL_CLASSES), *((one, one) for one in classes)])
        self._offer_contracts(plan)
        tickets = ticket_rows(plan, catalogue)
        self._left_out = sum(len(flow.tickets) for flow in plan.flows) - len(tickets)
        self._tickets = Verdicts(tickets, self._columns, plan, self._judge)
        self._types = None
        self._look_again()
        self._show()
        self._fill_later()

    def _offer_contracts(self, plan: Plan) -> None:
        wanted = self.controls.product.key
        fitting = [one for one in plan.instruments if wanted in ("", one.sec_type)]
        self.controls.contract.offer([(one.key, _contract_title(one)) for one in fitting])

    def _types_now(self, state: DeskState) -> Verdicts:
        """Return the verdicts of all order types for the contract that is picked."""
        picked = state.plan.instrument(self.controls.contract.key)
        rows = type_rows(state.catalogue, picked) if picked is not None else ()
        if self._types is None or self._types.rows[:1] != rows[:1]:
            self._types = Verdicts(rows, self._columns, state.plan, self._judge)
            self._types.see_again()
        return self._types

    def _world(self, state: DeskState) -> World:
        return World(state.facts, state.plan, state.catalogue, self._now)

    def _look_again(self) -> None:
        """Judge by what is known now: at once what is on screen, the rest in slices."""
        state = self._state
        if state is None:
            return
        self._seen = (state.facts.version, int(self._now))
        self._judge.see(state.facts, self._world(state))
        for verdicts in (self._types, self._tickets):
            if verdicts is not None:
                verdicts.see_again()
        self._fill_later()

    def _fill_later(self) -> None:
        """Have everything judged between two frames."""
        self._due = [
            (verdicts, number)
            for verdicts in (self._types, self._tickets)
            if verdicts is not None
            for number in verdicts.due()
        ]
        self._filling.start()

    def _fill(self) -> None:
        """Judge one more block, one on screen first; when all are judged, show what depends on all of them."""
        verdicts = self._verdicts
        number = verdicts.first_due(self._places_on_screen()) if verdicts is not None else None
        if verdicts is None or number is None:
            if not self._due:
                self._filling.stop()
                self._show()
                return
            verdicts, number = self._due.pop()
        changed = verdicts.judge(number)
        if verdicts is self._verdicts:
            self.model.rows_changed(changed)

    def _places_on_screen(self) -> list[int]:
        first, last = self.grid.rows_on_screen()
        return [place for row in range(first, last + 1) if (place := self.model.place(row)) >= 0]

    # What is shown

    @property
    def _verdicts(self) -> Verdicts | None:
        return self._tickets if self.controls.shown_rows is Rows.TICKETS else self._types

    def _on_changed(self) -> None:
        if self._state is not None:
            self._offer_contracts(self._state.plan)
        self._show()
        self._fill_later()

    def _show(self) -> None:
        state = self._state
        if state is None or self._tickets is None:
            return
        verdicts = self._tickets if self.controls.shown_rows is Rows.TICKETS else self._types_now(state)
        for one in (self._tickets, verdicts):
            only = self.controls.capability_only.isChecked()
            if one.capability_only != only:
                one.count_capability_only(capability_only=only)
        shown = self._wanted(verdicts)
        has_filter = bool(self.controls.filter.text()) or self.controls.only_gaps.isChecked()
        self.grid.show_hint(_NO_MATCH if has_filter and verdicts.rows else _NOTHING)
        if self.controls.view is View.GRID:
            self._stack.setCurrentWidget(self.grid)
            self._show_grid(verdicts)
            self.grid.begin_somewhere()
        else:
            self._stack.setCurrentWidget(self.reasons)
            self._show_reasons(verdicts, shown)
            self.reasons.begin_somewhere()
        if self.focusProxy() is not self._stack.currentWidget():
            self.setFocusProxy(self._stack.currentWidget())
        self._say_how_many(verdicts, shown)
        self._show_ladder()

    def _show_grid(self, verdicts: Verdicts) -> None:
        assert self._tickets is not None
        usable = self._tickets.usable()
        total = len(self._tickets.rows)
        order = list(range(len(self._columns)))
        if self.controls.best_first.isChecked():
            order.sort(key=lambda place: -usable[place])
        self.model.show_asides([f"{can} of {total}" if total else "" for can in usable])
        self.grid.share_for_titles(0.33 if verdicts is self._tickets else 0.23)
        line, column = self._current()
        self.model.show_lines(verdicts, self._lines, order)
        if line and column is not None and not self.grid.currentIndex().isValid():
            self.grid.setCurrentIndex(self.model.find(line, column))

    def _current(self) -> tuple[str, Column | None]:
        """Return the row's key and the column under the keyboard, to find them again in another table."""
        index = self.grid.currentIndex()
        line = self.model.line(index.row()) if index.isValid() else None
        key = line.key if isinstance(line, GridRow) else ""
        return key, self.model.column(index.column()) if key else None

    def _show_reasons(self, verdicts: Verdicts, shown: tuple[GridRow, ...]) -> None:
        titles = column_titles(self._columns)
        if self.controls.view is View.PHONE:
            self.reasons.show_hint(_ALL_FROM_PHONE if shown else _NOTHING)
            self.reasons_model.name("From IBKR Mobile", "Best other way")
            self.reasons_model.show(not_from_the_phone(verdicts, shown))
            return
        keys = [column.key for column in self._columns]
        first, second = (keys.index(one.key) for one in (self.controls.first, self.controls.second))
        self.reasons.show_hint(_NO_DIFFERENCE if shown else _NOTHING)
        self.reasons_model.name(titles[self._columns[first]], titles[self._columns[second]])
        self.reasons_model.show(differences(verdicts, shown, first, second))

    def _wanted(self, verdicts: Verdicts) -> tuple[GridRow, ...]:
        """Return the rows that pass the filters. Only gaps come and go by themselves; all else is kept."""
        needle = self.controls.filter.text().casefold()
        only_gaps = self.controls.only_gaps.isChecked() and self.controls.view is View.GRID
        product = self.controls.product.key if self.controls.shown_rows is Rows.TICKETS else ""
        folded = frozenset[str]() if needle else self._folded[self.controls.shown_rows]
        asked = (verdicts, needle, product, folded)
        if asked != self._filtered or only_gaps or self._had_gaps:
            self._filtered, self._had_gaps = asked, only_gaps
            self._shown = tuple(
                row
                for place, row in enumerate(verdicts.rows)
                if (not needle or needle in f"{row.title} {row.ticket.order_type}".casefold())
                and (not product or row.instrument.sec_type == product)
                and (not only_gaps or verdicts.has_gap(place))
            )
            self._lines = lines(self._shown, folded)
        return self._shown

    def _say_how_many(self, verdicts: Verdicts, shown: tuple[GridRow, ...]) -> None:
        noun = "ticket" if verdicts is self._tickets else "order type"
        words = counted(len(shown), noun)
        if len(shown) != len(verdicts.rows):
            words = f"{len(shown)} of {counted(len(verdicts.rows), noun)}"
        if self._left_out and verdicts is self._tickets:
            words += f", {self._left_out} left out: contract not in the playbook"
        self._say_aside(words)

    # The ladder

    def _show_ladder(self) -> None:
        """Show the open route as it is judged now; close it when its row is gone."""
        state, route = self._state, self._route
        if state is None or route is None:
            return
        key, column = route
        for verdicts in (self._verdicts, self._types, self._tickets):
            if verdicts is None:
                continue
            place = verdicts.places.get(key)
            if place is None or column not in verdicts.columns:
                continue
            row = verdicts.rows[place]
            ladder = verdicts.ladder(place, verdicts.columns.index(column))
            advice = self._advise(self._world(state), ladder.case, self._columns)
            names = (row.title, column_titles(self._columns)[column])
            self.ladder.show_route(ladder, advice, state.catalogue, names, row.type_key, self._now)
            return
        self._on_left()

    def _open(self, key: str, column: Column) -> None:
        self._route = (key, column)
        self._show_ladder()
        self.ladder.setVisible(self._route is not None)
        self._share_width()

    def _on_opened(self, index: QModelIndex) -> None:
        line, column = self.model.line(index.row()), self.model.column(index.column())
        if isinstance(line, GridRow) and column is not None:
            self._open(line.key, column)
            self.ladder.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_moved(self, index: QModelIndex) -> None:
        """Let an open ladder follow the current cell."""
        line, column = self.model.line(index.row()), self.model.column(index.column())
        if self._route is not None and isinstance(line, GridRow) and column is not None:
            self._open(line.key, column)

    def _on_reason(self, key: str, column: object) -> None:
        if isinstance(column, Column):
            self._open(key, column)
            self.ladder.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_instead(self, key: str) -> None:
        column = next((one for one in self._columns if one.key == key), None)
        if self._route is None or column is None:
            return
        self._open(self._route[0], column)
        self.grid.setCurrentIndex(self.model.find(*self._route))

    def _on_left(self) -> None:
        self._route = None
        self.ladder.hide()
        self._share_width()
        self._focus_list()

    def _on_folded(self, group: str) -> None:
        rows = self.controls.shown_rows
        self._folded[rows] = self._folded[rows] ^ {group}
        row = self.grid.currentIndex().row()
        self._show()
        self.grid.setCurrentIndex(self.model.index(min(row, self.model.rowCount() - 1), 0))

    def _focus_list(self) -> None:
        self._stack.currentWidget().setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_copy(self) -> None:
        if self.controls.view is View.GRID:
            self.grid.copy()
        else:
            self.reasons.copy()

    def _share_width(self) -> None:
        """Where there is no room for both, the ladder takes the place of the grid."""
        is_open = self._route is not None
        has_room = self.width() >= _SIDE_BY_SIDE
        self._stack.setVisible(has_room or not is_open)
        self.ladder.setMaximumWidth(max(320, self.width() * 2 // 5) if has_room else 16777215)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_width()


def _is_other_desk(before: DeskState, state: DeskState) -> bool:
    """Whether rows or columns may be others now. Equal records are compared only when they are not the same ones."""
    if before.plan is not state.plan and before.plan != state.plan:
        return True
    return before.catalogue is not state.catalogue and before.catalogue != state.catalogue


def _contract_title(instrument: Instrument) -> str:
    return f"{instrument.key} · {instrument.sec_type} · {instrument.exchange}"
