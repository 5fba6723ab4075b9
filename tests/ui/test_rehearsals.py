"""The rehearsals pane asks before it asks the broker, shows the queue, and walks a drill by keyboard alone."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy, QTest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from cockpit.domain.drill import DrillPlan, DrillStep
from cockpit.domain.level import Level
from cockpit.domain.plan import Flow, Plan, Socket, Ticket
from cockpit.services.intents import (
    Intent,
    KeepDrill,
    Rehearse,
    RehearseAll,
    RepeatRehearsals,
    StopRehearsals,
)
from cockpit.services.state import ANSWERED, REFUSED, DeskState, Drill, Rehearsal
from cockpit.ui.glance import glance
from cockpit.ui.panes.rehearsals import RehearsalsPane
from cockpit.ui.rehearsals.rows import FRESH_FOR, amount_of, level_of, queue_of
from cockpit.ui.text import discreet, short
from cockpit.ui.widgets.ledger import Ledger
from tests.ui import rehearsal_states, test_hostile_text
from tests.ui.conftest import MakeWindow, settle
from tests.ui.states import NOW
from tests.ui.test_rehearsals_pictures import shown

payload = test_hostile_text.payload
KEY = Qt.Key


def question(pane: RehearsalsPane) -> QMessageBox:
    box = pane.findChild(QMessageBox, "question")
    assert isinstance(box, QMessageBox)
    return box


def answer(box: QMessageBox, button: QMessageBox.StandardButton) -> None:
    found = box.button(button)
    assert found is not None
    found.click()
    settle()


def intents_of(spy: QSignalSpy) -> list[object]:
    return [spy.at(number)[0] for number in range(spy.count())]


def test_a_ticket_is_rehearsed_only_after_a_question_that_names_it(qtbot: QtBot) -> None:
    pane = shown(qtbot, rehearsal_states.evening())
    sent = QSignalSpy(pane.sent)
    pane.list.followed.emit("es", "rehearse")
    assert "SELL 2 ESZ6 TRAIL LIMIT 5 2 GTC outside" in question(pane).text()
    assert "creates no order" in question(pane).text()
    answer(question(pane), QMessageBox.StandardButton.Cancel)
    assert intents_of(sent) == []
    pane.list.followed.emit("es", "rehearse")
    answer(question(pane), QMessageBox.StandardButton.Yes)
    assert intents_of(sent) == [Rehearse("es", confirmed=True)]


def test_all_tickets_are_rehearsed_only_after_a_question_that_counts_them(
    make_window: MakeWindow, sent: list[Intent]
) -> None:
    window = make_window(rehearsal_states.evening())
    window.perform("pane-8")
    settle()
    pane = window.panes.dock("rehearsals").pane
    assert isinstance(pane, RehearsalsPane)
    pane.all.click()
    box = window.findChild(QMessageBox, "question")
    assert isinstance(box, QMessageBox)
    assert "each of 5 tickets" in box.text()
    assert sent == []
    answer(box, QMessageBox.StandardButton.Yes)
    assert sent == [RehearseAll(confirmed=True)]


def test_stop_needs_no_question_and_is_there_only_while_somebody_waits(qtbot: QtBot) -> None:
    pane = shown(qtbot, rehearsal_states.queue())
    sent = QSignalSpy(pane.sent)
    pane.stop.click()
    assert intents_of(sent) == [StopRehearsals()]
    state = rehearsal_states.evening()
    pane.show_state(state, glance(state, NOW), NOW)
    assert not pane.stop.isVisible()


def test_a_daily_time_is_asked_about_and_ended_without_a_question(qtbot: QtBot) -> None:
    pane = shown(qtbot, rehearsal_states.queue())
    sent = QSignalSpy(pane.sent)
    pane.at.setText("25:00")
    assert not pane.repeat.isEnabled()
    pane.at.setText("7:45")
    pane.repeat.click()
    answer(question(pane), QMessageBox.StandardButton.Yes)
    state = rehearsal_states.evening()
    pane.show_state(state, glance(state, NOW), NOW)
    pane.repeat.click()
    assert intents_of(sent) == [RepeatRehearsals("07:45", confirmed=True), RepeatRehearsals("")]


def test_a_read_only_api_offers_no_rehearsal(qtbot: QtBot) -> None:
    pane = shown(qtbot, rehearsal_states.read_only())
    assert not pane.all.isEnabled()
    assert not any(row.action for row in pane.list.rows)
    assert "read-only" in pane.queue.text()


def test_a_ticket_is_reached_and_rehearsed_by_keyboard_alone(qtbot: QtBot) -> None:
    pane = shown(qtbot, rehearsal_states.evening())
    pane.setFocus(Qt.FocusReason.ShortcutFocusReason)
    QTest.keyClick(pane.list, KEY.Key_Down)
    assert pane.list.current_key == "es"
    assert "399 Order will not be placed" in pane.whole.text()
    QTest.keyClick(pane.list, KEY.Key_Return)
    assert "ESZ6" in question(pane).text()
    answer(question(pane), QMessageBox.StandardButton.Cancel)


def test_a_drill_is_walked_with_the_space_bar_and_its_record_is_kept(qtbot: QtBot) -> None:
    pane = shown(qtbot, rehearsal_states.evening())
    kept = QSignalSpy(pane.sent)
    pane.drill.start.setFocus()
    QTest.keyClick(pane.drill.start, KEY.Key_Space)
    for _ in range(3):
        QTest.keyClick(pane.drill.done, KEY.Key_Space)
    assert intents_of(kept) == []
    QTest.keyClick(pane.drill.skip, KEY.Key_Space)
    (record,) = intents_of(kept)
    assert isinstance(record, KeepDrill)
    assert record.key == "tws-dies"
    assert [seconds >= 0 for _, seconds in record.steps] == [True, True, True, False]


def test_a_drill_that_is_ended_before_any_step_leaves_no_record(qtbot: QtBot) -> None:
    pane = shown(qtbot, rehearsal_states.evening())
    kept = QSignalSpy(pane.sent)
    pane.drill.start.click()
    pane.drill.end.click()
    assert kept.count() == 0
    assert not pane.drill.is_walking


def test_a_running_drill_survives_new_states_and_a_changed_catalogue(qtbot: QtBot) -> None:
    pane = shown(qtbot, rehearsal_states.evening())
    pane.drill.start.click()
    pane.drill.done.click()
    state = replace(rehearsal_states.nothing(), rehearsing=("x",))
    pane.show_state(state, glance(state, NOW), NOW + 1)
    assert pane.drill.is_walking
    assert len(pane.drill.steps.rows) == 4


def test_the_same_state_again_repaints_nothing(qtbot: QtBot) -> None:
    pane = shown(qtbot, rehearsal_states.evening())
    changed = QSignalSpy(pane.list.rows_model.dataChanged)
    state = rehearsal_states.evening()
    pane.show_state(state, glance(state, NOW), NOW + 0.4)
    assert changed.count() == 0


@pytest.mark.parametrize(
    ("rehearsal", "level"),
    [
        (None, Level.UNKNOWN),
        (Rehearsal("t", NOW - 60, ANSWERED, ""), Level.READY),
        (Rehearsal("t", NOW - 60, ANSWERED, "", warning="x"), Level.LIMITED),
        (Rehearsal("t", NOW - 60, REFUSED, ""), Level.BLOCKED),
        (Rehearsal("t", NOW - FRESH_FOR - 9, ANSWERED, ""), Level.UNKNOWN),
        (Rehearsal("t", NOW + 3600, ANSWERED, ""), Level.UNKNOWN),
    ],
    ids=["never", "accepted", "warning", "refused", "too old", "from the future"],
)
def test_a_rehearsal_counts_as_what_it_proves(rehearsal: Rehearsal | None, level: Level) -> None:
    assert level_of(rehearsal, NOW)[0] is level


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("16204.5", 16204.5),
        ("+16,204 USD", 16204),
        ("-3.10", -3.1),
        ("−3.10", -3.1),
        ("", None),
        ("1 to 2", None),
    ],
)
def test_amounts_are_read_as_the_broker_words_them(text: str, amount: float | None) -> None:
    assert amount_of(text) == amount


def test_the_wait_is_counted_from_the_last_question_that_went_out() -> None:
    queue = queue_of(rehearsal_states.queue(), NOW)
    assert queue.next_in == 42
    assert "3 tickets" in queue.sentence
    assert queue_of(rehearsal_states.queue(), NOW + 100).next_in == 0


def test_its_tables_obey_qt(qtbot: QtBot) -> None:
    pane = shown(qtbot, rehearsal_states.evening())
    strict = QAbstractItemModelTester.FailureReportingMode.Warning
    testers = [QAbstractItemModelTester(view.model(), strict) for view in pane.findChildren(Ledger)]
    for state in (rehearsal_states.queue(), rehearsal_states.nothing(), rehearsal_states.evening()):
        pane.show_state(state, glance(state, NOW), NOW + 2)
    assert len(testers) == 3
    index = pane.list.rows_model.index(0, 0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Accepted, measured"
    for tester in testers:
        tester.deleteLater()


def test_hostile_text_is_shown_literally(qtbot: QtBot, payload: str) -> None:
    ticket = Ticket("t", payload, text=payload)
    drill = DrillPlan(payload, payload, payload, (DrillStep(payload, payload),), payload)
    state = DeskState(
        Plan(sockets=(Socket(program=payload),), flows=(Flow("f", payload, tickets=(ticket,)),)),
        rehearsal_states.evening().facts,
        rehearsals=(Rehearsal("t", NOW, REFUSED, payload, payload, payload, payload, payload, 201),),
        earlier_rehearsals=(Rehearsal("t", NOW, ANSWERED, payload, payload, payload, payload, payload),),
        rehearses_at=payload[:5],
        drills=(Drill(payload, payload, NOW, ((payload, 3.0),)),),
        catalogue=replace(rehearsal_states.CATALOGUE, drills={payload: drill}),
    )
    pane = shown(qtbot, state)
    pane.drill.start.click()
    test_hostile_text.check(pane)
    assert discreet(payload) in pane.whole.text() or short(payload)[:20] in pane.whole.text()
    pane.list.followed.emit("t", "rehearse")
    assert question(pane).textFormat() is Qt.TextFormat.PlainText
    answer(question(pane), QMessageBox.StandardButton.Cancel)
