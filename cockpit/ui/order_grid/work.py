"""The work behind the grid: when to judge again, and a little of it between any two frames."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from cockpit.domain.gates.columns import columns
from cockpit.domain.gates.gate import Column
from cockpit.domain.gates.world import World
from cockpit.services.state import DeskState
from cockpit.ui.order_grid.judging import Judge
from cockpit.ui.order_grid.rows import ticket_rows, type_rows
from cockpit.ui.order_grid.verdicts import Verdicts

AGAIN = 250  # milliseconds between two judgements while facts pour in


class Work(QObject):
    """Keeps the verdicts of today's tickets and of the order types for one contract."""

    judged = Signal(tuple)  # places of rows of those in front that look different now
    settled = Signal()  # every row was judged by what is known

    def __init__(self, judge: Judge, on_screen: Callable[[], list[int]], parent: QObject) -> None:
        super().__init__(parent)
        self.columns: tuple[Column, ...] = ()
        self.tickets: Verdicts | None = None
        self.types: Verdicts | None = None
        self.front: Verdicts | None = None  # those on screen: their visible rows come first
        self.left_out = 0  # tickets that name a contract which the playbook does not have
        self._judge = judge
        self._on_screen = on_screen
        self._state: DeskState | None = None
        self._now = 0.0
        self._seen: tuple[int, int] = (-1, -1)
        self._due: list[tuple[Verdicts, int]] = []  # blocks to judge, the next one last
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(AGAIN)
        self._later.timeout.connect(self._look_again)
        self._filling = QTimer(self)
        self._filling.setInterval(0)
        self._filling.timeout.connect(self._fill)

    def take(self, state: DeskState, now: float) -> bool:
        """Learn of a state as of `now`; return whether rows or columns are others, so that all must be shown anew."""
        before, self._state, self._now = self._state, state, now
        if before is None or _is_other_desk(before, state):
            self.columns = columns(state.plan)
            rows = ticket_rows(state.plan, state.catalogue)
            self.left_out = sum(len(flow.tickets) for flow in state.plan.flows) - len(rows)
            self.tickets = Verdicts(rows, self.columns, state.plan, self._judge)
            self.types = None
            self._look_again()
            return True
        if (state.facts.version, int(now)) != self._seen and not self._later.isActive():
            self._later.start()
        return False

    @property
    def is_settled(self) -> bool:
        """Whether every cell was judged by what is known now."""
        return not self._filling.isActive() and not self._later.isActive()

    @property
    def world(self) -> World | None:
        """What routes are judged by; None before the first state."""
        state = self._state
        return World(state.facts, state.plan, state.catalogue, self._now) if state is not None else None

    def types_of(self, contract: str) -> Verdicts | None:
        """Return the verdicts of all order types for a contract of the playbook; None before the first state."""
        state = self._state
        if state is None:
            return None
        picked = state.plan.instrument(contract)
        rows = type_rows(state.catalogue, picked) if picked is not None else ()
        if self.types is None or self.types.rows[:1] != rows[:1]:
            self.types = Verdicts(rows, self.columns, state.plan, self._judge)
            self.types.see_again()
        return self.types

    def go_on(self) -> None:
        """Judge what is due, between two frames."""
        self._due = [
            (verdicts, number)
            for verdicts in (self.types, self.tickets)
            if verdicts is not None
            for number in verdicts.due()
        ]
        self._filling.start()

    def _look_again(self) -> None:
        state, world = self._state, self.world
        if state is None or world is None:
            return
        self._seen = (state.facts.version, int(self._now))
        self._judge.see(state.facts, world)
        for verdicts in (self.types, self.tickets):
            if verdicts is not None:
                verdicts.see_again()
        self.go_on()

    def _fill(self) -> None:
        """Judge one more block, one on screen first."""
        verdicts = self.front
        number = verdicts.first_due(self._on_screen()) if verdicts is not None else None
        if verdicts is None or number is None:
            if not self._due:
                self._filling.stop()
                self.settled.emit()
                return
            verdicts, number = self._due.pop()
        changed = verdicts.judge(number)
        if changed and verdicts is self.front:
            self.judged.emit(changed)


def _is_other_desk(before: DeskState, state: DeskState) -> bool:
    """Whether rows or columns may be others now. Equal records are compared only when they are not the same ones."""
    if before.plan is not state.plan and before.plan != state.plan:
        return True
    return before.catalogue is not state.catalogue and before.catalogue != state.catalogue
