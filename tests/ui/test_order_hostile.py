"""Outside text in the order types pane is shown as text, wherever it comes to stand."""

from __future__ import annotations

from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from cockpit.domain.catalogue import OrderGroup, playing
from cockpit.domain.evidence import Provenance
from cockpit.domain.gates.gate import GATES, Case, Gate, GateAnswer, Ladder
from cockpit.domain.gates.world import World
from cockpit.domain.level import Level
from cockpit.domain.plan import Flow, Instrument, Socket, Ticket
from cockpit.domain.remedy import Remedy
from cockpit.services.state import DeskState
from cockpit.ui.order_grid.controls import Rows, View
from tests.ui.conftest import settle
from tests.ui.order_panes import make_pane
from tests.ui.order_states import order_state, order_type
from tests.ui.states import NOW
from tests.ui.test_hostile_text import check
from tests.ui.test_hostile_text import payload as payload


def hostile(text: str) -> DeskState:
    """Put `text` into everything that the pane reads."""
    state = order_state()
    one = replace(order_type("limit", text, OrderGroup.BASIC, "LMT"), source=text, as_of=text, notes=text)
    plan = replace(
        state.plan,
        sockets=(Socket(name=text, program=text), Socket(name="other")),
        instruments=(Instrument(text, text, text, text),),
        flows=(Flow("f", text, tickets=(Ticket("t", text, order_type="LMT", text=text),)),),
    )
    return replace(state, plan=plan, catalogue=playing(order_types=(one,)))


def test_the_pane_shows_hostile_text_literally(qtbot: QtBot, payload: str) -> None:
    def judging(world: World, case: Case) -> Ladder:
        cure = Remedy(payload, "reconnect")
        answer = GateAnswer(
            Gate.IDENTITY, Level.BLOCKED, payload, Provenance.MEASURED, NOW, NOW, payload, cure, payload
        )
        return Ladder(case, tuple(replace(answer, gate=gate) for gate in GATES))

    pane = make_pane(qtbot, hostile(payload), judging=judging)
    width = pane.width()
    for rows in Rows:
        pane.controls.rows[rows].click()
        for view in View:
            pane.controls.views[view].click()
            settle()
            check(pane)
    pane.controls.views[View.GRID].click()
    pane.grid.setFocus()
    pane.grid.setCurrentIndex(pane.model.index(1, 1))
    QTest.keyClick(pane.grid, Qt.Key.Key_Return)
    settle()
    assert pane.ladder.isVisible()
    check(pane)
    assert pane.width() == width
    assert all(payload not in button.text() for button in pane.findChildren(QAbstractButton))


def test_a_copied_cell_cannot_become_a_formula_or_a_second_cell(qtbot: QtBot) -> None:
    pane = make_pane(qtbot, hostile('=HYPERLINK("x")\tmore\nlines'))
    lines = pane.model.tsv().splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("'=HYPERLINK")
    assert {line.count("\t") for line in lines} == {pane.model.columnCount() - 1}
