"""Everything can be done by keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from cockpit.services.intents import CancelCheck, Intent, Reconnect, RunCheck
from cockpit.ui.panes.flows import FlowsPane
from cockpit.ui.panes.readiness import ReadinessPane
from cockpit.ui.panes.sessions import SessionsPane
from cockpit.ui.window import MainWindow
from tests.ui import states
from tests.ui.conftest import MakeWindow, settle

KEY = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


def readiness(window: MainWindow) -> ReadinessPane:
    pane = window.panes.dock("readiness").pane
    assert isinstance(pane, ReadinessPane)
    return pane


def press(
    window: MainWindow, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    """Press a key where the keyboard is."""
    QTest.keyClick(QApplication.focusWidget() or window, key, modifier)
    settle()


@pytest.fixture
def window(make_window: MakeWindow) -> MainWindow:
    shown = make_window(states.permission_blocked())
    shown.activateWindow()
    readiness(shown).view.setFocus()
    settle()
    return shown


@pytest.mark.parametrize(
    ("state", "key", "modifier", "wanted"),
    [
        ("permission-blocked", KEY.Key_F5, Qt.KeyboardModifier.NoModifier, [RunCheck(everything=False)]),
        ("nothing-known", KEY.Key_F5, Qt.KeyboardModifier.NoModifier, [RunCheck(everything=True)]),
        ("permission-blocked", KEY.Key_F5, Qt.KeyboardModifier.ShiftModifier, [RunCheck(everything=True)]),
        ("half-way", KEY.Key_Escape, Qt.KeyboardModifier.NoModifier, [CancelCheck()]),
        ("half-way", KEY.Key_F5, Qt.KeyboardModifier.NoModifier, []),
        ("permission-blocked", KEY.Key_Escape, Qt.KeyboardModifier.NoModifier, []),
    ],
)
def test_the_check_is_run_and_stopped_by_key(
    window: MainWindow,
    sent: list[Intent],
    state: str,
    key: Qt.Key,
    modifier: Qt.KeyboardModifier,
    wanted: list[Intent],
) -> None:
    window.show_state(states.STATES[state]())
    press(window, key, modifier)
    assert sent == wanted


def test_the_strong_button_runs_and_then_stops(window: MainWindow, sent: list[Intent]) -> None:
    window.top_bar.button.click()
    window.show_state(states.half_way())
    assert window.top_bar.button.accessibleName() == "Stop the check, Esc"
    window.top_bar.button.click()
    assert sent == [RunCheck(everything=False), CancelCheck()]


def test_control_and_a_digit_goes_to_a_pane(window: MainWindow) -> None:
    for number, dock in enumerate(window.panes.docks[:3], 1):
        press(window, KEY(KEY.Key_0 + number), CTRL)
        focused = QApplication.focusWidget()
        assert focused is not None
        assert dock.isAncestorOf(focused)


def test_a_digit_selects_a_task_card(window: MainWindow) -> None:
    flows = window.panes.dock("flows").pane
    assert isinstance(flows, FlowsPane)
    for number in (1, 2, 3):
        press(window, KEY(KEY.Key_0 + number))
        assert flows.list.currentIndex().row() == number - 1


def test_a_slash_opens_the_filter_and_escape_closes_it(window: MainWindow) -> None:
    press(window, KEY.Key_Slash)
    line = QApplication.focusWidget()
    assert isinstance(line, QLineEdit)
    QTest.keyClicks(line, "123")
    assert line.text() == "123"  # digits belong to the filter now, not to the task cards
    line.setText("delayed")
    assert [lane.key for lane in readiness(window).lines] == ["feed"]
    press(window, KEY.Key_Escape)
    assert len(readiness(window).lines) > 1
    assert QApplication.focusWidget() is readiness(window).view


def test_arrows_and_enter_fold_drill_and_follow(window: MainWindow) -> None:
    view = readiness(window).view
    model = view.model()
    view.setCurrentIndex(model.index(0, 0))
    press(window, KEY.Key_Left)
    assert not view.isExpanded(model.index(0, 0))
    press(window, KEY.Key_Return)
    assert view.isExpanded(model.index(0, 0))
    press(window, KEY.Key_Down)
    before = model.rowCount(model.index(0, 0))
    press(window, KEY.Key_Return)
    assert model.rowCount(model.index(0, 0)) > before
    press(window, KEY.Key_Backspace)
    assert view.currentIndex() == model.index(0, 0)
    feed = readiness(window).lines_model.find("feed-spx/remedy")
    asked = QSignalSpy(window.asked_outside)
    view.setCurrentIndex(feed)
    press(window, KEY.Key_Return)
    assert asked.at(0) == ["open-subscriptions", "feed-spx"]


def test_a_fold_by_hand_stays_when_the_next_state_comes(window: MainWindow) -> None:
    view = readiness(window).view
    first = view.model().index(0, 0)
    view.setCurrentIndex(first)
    press(window, KEY.Key_Left)
    window.show_state(states.permission_blocked())
    assert not view.isExpanded(view.model().index(0, 0))


def test_enter_on_a_session_follows_its_remedy(window: MainWindow, sent: list[Intent]) -> None:
    window.show_state(states.tws_down())
    pane = window.panes.dock("sessions").pane
    assert isinstance(pane, SessionsPane)
    pane.list.select(0)
    press(window, KEY.Key_Return)
    assert sent == [Reconnect("tws/tws")]


def test_the_palette_runs_a_command_by_a_few_letters(window: MainWindow, sent: list[Intent]) -> None:
    press(window, KEY.Key_K, CTRL)
    palette = window.palette_box
    assert palette.isVisible()
    QTest.keyClicks(palette.line, "cheverything")
    assert palette.titles[0] == "Check everything"
    QTest.keyClick(palette.line, KEY.Key_Return)
    assert not palette.isVisible()
    assert sent == [RunCheck(everything=True)]


def test_escape_closes_the_palette_and_does_nothing_else(window: MainWindow, sent: list[Intent]) -> None:
    window.show_state(states.half_way())
    press(window, KEY.Key_K, CTRL)
    QTest.keyClick(window.palette_box.line, KEY.Key_Escape)
    assert not window.palette_box.isVisible()
    assert sent == []


def test_the_palette_never_offers_what_cannot_be_done_now(window: MainWindow) -> None:
    window.perform("palette")
    assert "Stop the check" not in window.palette_box.titles
    window.palette_box.hide()
    window.show_state(states.half_way())
    window.perform("palette")
    assert "Stop the check" in window.palette_box.titles
    assert "Check everything" not in window.palette_box.titles
    window.palette_box.hide()


def test_the_sheet_of_keys_opens_with_a_question_mark(window: MainWindow) -> None:
    press(window, KEY.Key_Question)
    assert window.keys_box.isVisible()
    window.keys_box.hide()


def test_keys_for_the_program_around_the_window_are_passed_on(window: MainWindow) -> None:
    asked, strip = QSignalSpy(window.asked_outside), QSignalSpy(window.strip_toggled)
    press(window, KEY.Key_Q, CTRL)
    press(window, KEY.Key_M, CTRL)
    assert (asked.count(), asked.at(0), strip.count()) == (1, ["quit", ""], 1)


def test_the_keyboards_place_is_marked_for_who_uses_the_keyboard(window: MainWindow) -> None:
    pane = window.panes.dock("sessions").pane
    assert isinstance(pane, SessionsPane)
    pane.list.setFocus(Qt.FocusReason.OtherFocusReason)
    assert not pane.list.marks_focus
    unmarked = pane.grab().toImage()
    press(window, KEY.Key_1, CTRL)
    press(window, KEY.Key_Down)
    assert pane.list.marks_focus
    assert pane.grab().toImage() != unmarked
    QTest.mouseClick(pane.list.viewport(), Qt.MouseButton.LeftButton)
    assert not pane.list.marks_focus
