"""What the tests of the order types pane share: a pane that is shown, judged and laid out."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex
from pytestqt.qtbot import QtBot

from cockpit.services.state import DeskState
from cockpit.ui.glance import glance
from cockpit.ui.order_grid.verdicts import Judge
from cockpit.ui.panes.order_types import OrderTypesPane
from tests.ui.conftest import settle
from tests.ui.order_states import advise, judge, order_state
from tests.ui.states import NOW


def make_pane(
    qtbot: QtBot,
    state: DeskState | None = None,
    size: tuple[int, int] = (860, 620),
    judging: Judge = judge,
) -> OrderTypesPane:
    """Show the pane with a state, everything judged."""
    pane = OrderTypesPane(judge=judging, advise=advise)
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
