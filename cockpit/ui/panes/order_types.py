"""Order types: for every order and every interface whether it goes, and behind each cell the gates that say why."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

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
from cockpit.ui.order_grid.model import ORDER_TYPE, TICKET, GridModel
from cockpit.ui.order_grid.reason_view import ReasonModel, ReasonView
from cockpit.ui.order_grid.reasons import differences, not_from_the_phone
from cockpit.ui.order_grid.rows import GridRow, Line, column_titles, lines
from cockpit.ui.order_grid.verdicts import Verdicts
from cockpit.ui.order_grid.view import OrderGrid
from cockpit.ui.order_grid.work import Work
from cockpit.ui.pane import Pane

Advise = Callable[[World, Case, Iterable[Column]], Instead]
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
        self._advise = advise
        self._state: DeskState | None = None
        self._now = 0.0
        self._folded: dict[Rows, frozenset[str]] = {rows: frozenset() for rows in Rows}
        self._route: tuple[str, Column] | None = None  # key of the row and column whose ladder is open
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
        self._work = Work(judge or SharedJudge(), self._places_on_screen, self)
        self._build()

    def _build(self) -> None:
        self.setFocusProxy(self.grid)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._stack.addWidget(self.grid)
        self._stack.addWidget(self.reasons)
        self.ladder.hide()
        self._work.judged.connect(self.model.rows_changed)
        self._work.settled.connect(self._show)
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
        self._state, self._now = state, now
        if self._work.take(state, now):
            self._offer(state.plan)
            self._show()
            self._work.go_on()

    @property
    def is_settled(self) -> bool:
        """Whether every cell was judged by what is known now."""
        return self._work.is_settled

    def focus_filter(self) -> bool:
        self.controls.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.controls.filter.selectAll()
        return True

    def _offer(self, plan: Plan) -> None:
        """Offer what can be picked at this desk."""
        titles = column_titles(self._work.columns)
        names = [(column.key, titles[column]) for column in self._work.columns]
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

    def _offer_contracts(self, plan: Plan) -> None:
        wanted = self.controls.product.key
        fitting = [one for one in plan.instruments if wanted in ("", one.sec_type)]
        self.controls.contract.offer([(one.key, _contract_title(one)) for one in fitting])

    def _places_on_screen(self) -> list[int]:
        first, last = self.grid.rows_on_screen()
        return [place for row in range(first, last + 1) if (place := self.model.place(row)) >= 0]

    # What is shown

    def _on_changed(self) -> None:
        if self._state is not None:
            self._offer_contracts(self._state.plan)
        self._show()
        self._work.go_on()

    def _show(self) -> None:
        tickets, types = self._work.tickets, self._work.types_of(self.controls.contract.key)
        verdicts = tickets if self.controls.shown_rows is Rows.TICKETS else types
        if verdicts is None or tickets is None:
            return
        self._work.front = verdicts
        only = self.controls.capability_only.isChecked()
        for one in (tickets, verdicts):
            if one.capability_only != only:
                one.count_capability_only(capability_only=only)
        shown = self._wanted(verdicts)
        has_filter = bool(self.controls.filter.text()) or self.controls.only_gaps.isChecked()
        self.grid.show_hint(_NO_MATCH if has_filter and verdicts.rows else _NOTHING)
        if self.controls.view is View.GRID:
            self._stack.setCurrentWidget(self.grid)
            self._show_grid(verdicts, tickets)
            self.grid.begin_somewhere()
        else:
            self._stack.setCurrentWidget(self.reasons)
            self._show_reasons(verdicts, shown)
            self.reasons.begin_somewhere()
        if self.focusProxy() is not self._stack.currentWidget():
            self.setFocusProxy(self._stack.currentWidget())
        self._say_how_many(verdicts, shown)
        self._show_ladder()

    def _show_grid(self, verdicts: Verdicts, tickets: Verdicts) -> None:
        usable = tickets.usable()
        total = len(tickets.rows)
        order = list(range(len(self._work.columns)))
        if self.controls.best_first.isChecked():
            order.sort(key=lambda place: -usable[place])
        self.model.name_rows(TICKET if verdicts is tickets else ORDER_TYPE)
        self.model.show_asides([f"{can} of {total}" if total else "" for can in usable])
        self.grid.share_for_titles(0.33 if verdicts is self._work.tickets else 0.23)
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
        titles = column_titles(self._work.columns)
        if self.controls.view is View.PHONE:
            self.reasons.show_hint(_ALL_FROM_PHONE if shown else _NOTHING)
            self.reasons_model.name("From IBKR Mobile", "Best other way")
            self.reasons_model.show(not_from_the_phone(verdicts, shown))
            return
        keys = [column.key for column in self._work.columns]
        first, second = (keys.index(one.key) for one in (self.controls.first, self.controls.second))
        self.reasons.show_hint(_NO_DIFFERENCE if shown else _NOTHING)
        self.reasons_model.name(titles[self._work.columns[first]], titles[self._work.columns[second]])
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
        noun = "ticket" if verdicts is self._work.tickets else "order type"
        words = counted(len(shown), noun)
        if len(shown) != len(verdicts.rows):
            words = f"{len(shown)} of {counted(len(verdicts.rows), noun)}"
        if self._work.left_out and verdicts is self._work.tickets:
            words += f", {self._work.left_out} left out: contract not in the playbook"
        self._say_aside(words)

    # The ladder

    def _show_ladder(self) -> None:
        """Show the open route as it is judged now; close it when its row is gone."""
        state, route, world = self._state, self._route, self._work.world
        if state is None or route is None or world is None:
            return
        key, column = route
        for verdicts in (self._work.front, self._work.types, self._work.tickets):
            if verdicts is None:
                continue
            place = verdicts.places.get(key)
            if place is None or column not in verdicts.columns:
                continue
            row = verdicts.rows[place]
            ladder = verdicts.ladder(place, verdicts.columns.index(column))
            advice = self._advise(world, ladder.case, self._work.columns)
            names = (row.title, column_titles(self._work.columns)[column])
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
        column = next((one for one in self._work.columns if one.key == key), None)
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


def _contract_title(instrument: Instrument) -> str:
    return f"{instrument.key} · {instrument.sec_type} · {instrument.exchange}"
