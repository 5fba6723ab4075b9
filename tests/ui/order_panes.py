"""What the tests of the order types pane share: a pane that is shown, judged and laid out."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex
from pytestqt.qtbot import QtBot

from cockpit.domain.facts import Facts
from cockpit.domain.gates.gate import Case, Ladder
from cockpit.domain.gates.world import World
from cockpit.services.state import DeskState
from cockpit.ui.glance import glance
from cockpit.ui.panes.order_types import OrderTypesPane
from tests.ui.conftest import settle
from tests.ui.order_states import advise, judge, order_state
from tests.ui.states import NOW


class OneByOne:
    """Judges every route by one function, whenever it is asked."""

    def __init__(self, judging: Callable[[World, Case], Ladder]) -> None:
        self._judging = judging
        self._world: World | None = None

    def see(self, facts: Facts, world: World) -> None:
        self._world = world

    def ladder(self, case: Case) -> Ladder:
        assert self._world is not None
        return self._judging(self._world, case)


def make_pane(
    qtbot: QtBot,
    state: DeskState | None = None,
    size: tuple[int, int] = (860, 620),
    judging: Callable[[World, Case], Ladder] = judge,
) -> OrderTypesPane:
    """Show the pane with a state, everything judged."""
    pane = OrderTypesPane(judge=OneByOne(judging), advise=advise)
    qtbot.addWidget(pane)
    pane.resize(*size)
    pane.show()
    pane.activateWindow()
    show(qtbot, pane, state or order_state())
    return pane


def show(qtbot: QtBot, pane: OrderTypesPane, state: DeskState, now: float = NOW) -> None:
    """Show a state and wait until every cell was judged by it."""
    pane.show_state(state, glance(state, now), now)
    qtbot.waitUntil(lambda: pane.is_settled)
    settle()


def at(pane: OrderTypesPane, key: str, column: str) -> QModelIndex:
    """Return the cell of a row and a column, by their keys."""
    for section in range(1, pane.model.columnCount()):
        found = pane.model.column(section)
        if found is not None and found.key == column:
            index = pane.model.find(key, found)
            assert index.isValid(), key
            return index
    raise AssertionError(column)
