"""Make the horizon pane for a test, shown and laid out at the fixed time."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from cockpit.services.state import DeskState
from cockpit.ui.glance import glance
from cockpit.ui.panes.horizon import HorizonPane
from tests.ui.conftest import settle
from tests.ui.states import NOW

SIZE = (1100, 640)


def make_pane(qtbot: QtBot, state: DeskState, size: tuple[int, int] = SIZE) -> HorizonPane:
    pane = HorizonPane()
    qtbot.addWidget(pane)
    pane.resize(*size)
    pane.show()
    pane.show_state(state, glance(state, NOW), NOW)
    settle()
    return pane
