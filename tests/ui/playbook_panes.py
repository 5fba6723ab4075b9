"""What the tests of the Playbook pane share: a pane that is shown, and a desk that answers what it sends."""

from __future__ import annotations

from msgspec.structs import replace
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from cockpit.domain.plan import Flow
from cockpit.services.intents import KeepPlaybook
from cockpit.services.state import DeskState
from cockpit.ui.glance import glance
from cockpit.ui.panes.playbook import PlaybookPane
from tests.ui.conftest import settle
from tests.ui.playbook_states import playbook_state
from tests.ui.states import NOW


def make_pane(
    qtbot: QtBot, state: DeskState | None = None, flow: str = "spx-leg", size: tuple[int, int] = (860, 620)
) -> PlaybookPane:
    """Show the pane with a flow chosen."""
    pane = PlaybookPane()
    qtbot.addWidget(pane)
    pane.resize(*size)
    pane.show()
    pane.activateWindow()
    show(pane, state or playbook_state())
    pane.flows.select(flow)
    settle()
    return pane


def show(pane: PlaybookPane, state: DeskState, now: float = NOW) -> None:
    """Show a state."""
    pane.show_state(state, glance(state, now), now)


def answer(pane: PlaybookPane, spy: QSignalSpy, state: DeskState | None = None) -> DeskState:
    """Let the desk take the newest playbook the pane sent, and show it again."""
    intent = spy.at(spy.count() - 1)[0]
    assert isinstance(intent, KeepPlaybook)
    before = state or playbook_state()
    plan = replace(before.plan, flows=intent.flows, instruments=intent.instruments)
    taken = replace(before, plan=plan)
    show(pane, taken)
    return taken


def flow_of(spy: QSignalSpy, key: str = "spx-leg") -> Flow:
    """Return a flow of the playbook that was sent last."""
    intent = spy.at(spy.count() - 1)[0]
    assert isinstance(intent, KeepPlaybook)
    return next(flow for flow in intent.flows if flow.key == key)
