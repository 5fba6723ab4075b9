"""The first start: three questions, none of which must be answered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from cockpit.ui.first_start import DoorAnswer, DoorUse, FirstAnswers, FirstStart, FoundDoor, read_accounts
from tests.ui.conftest import MakeWindow, settle
from tests.ui.doors import DOORS


@pytest.fixture
def page(qtbot: QtBot) -> FirstStart:
    made = FirstStart(DOORS)
    qtbot.addWidget(made)
    made.show()
    return made


def texts(page: FirstStart) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel))


def test_start_without_a_single_answer_skips_all_three(page: FirstStart) -> None:
    answered = QSignalSpy(page.answered)
    page.start.click()
    (answers,) = answered.at(0)
    assert isinstance(answers, FirstAnswers)
    assert (answers.accounts, answers.restart_at) == ((), "")
    uses = [answer.use for answer in answers.doors]
    assert uses == [DoorUse.UNSAID, DoorUse.NOT_MINE, DoorUse.NOT_MINE, DoorUse.UNSAID]


def test_each_question_is_answered_with_one_click_or_line(page: FirstStart) -> None:
    page.rows[0].choose(DoorUse.LIVE)
    page.rows[3].choose(DoorUse.PAPER)
    page.accounts.setText("u1234821, DU7654321; u1234821")
    next(button for button in page.findChildren(QPushButton) if button.text() == "23:45").click()
    answers = page.answers
    assert answers.doors[0] == DoorAnswer(DOORS[0], DoorUse.LIVE)
    assert answers.doors[3].use is DoorUse.PAPER
    assert (answers.accounts, answers.restart_at) == (("U1234821", "DU7654321"), "23:45")


def test_a_silent_door_cannot_be_called_live(page: FirstStart) -> None:
    page.rows[1].choose(DoorUse.LIVE)
    assert page.answers.doors[1].use is DoorUse.NOT_MINE


@pytest.mark.parametrize(
    ("accounts", "restart", "complaint"),
    [
        ("U12345678, hello", "", "HELLO is not an account number."),
        ("", "25:00", "The time is written as 23:45."),
        ("", "noon", "The time is written as 23:45."),
    ],
)
def test_what_cannot_be_read_is_said_at_once(
    page: FirstStart, accounts: str, restart: str, complaint: str
) -> None:
    page.accounts.setText(accounts)
    page.restart.setText(restart)
    assert complaint in texts(page)
    assert not page.start.isEnabled()
    page.accounts.clear()
    page.restart.setText("7:05")
    assert complaint not in texts(page)
    assert page.start.isEnabled()
    assert page.answers.restart_at == "07:05"


@given(st.text())
def test_whatever_is_typed_only_account_numbers_come_out(text: str) -> None:
    accounts, wrong = read_accounts(text)
    assert all(account.isascii() and account[0].isalpha() and account[-1].isdigit() for account in accounts)
    assert len(set(accounts)) == len(accounts)
    if not wrong:
        assert bool(accounts) == bool(text.strip(" \t\n,;").strip()) or not accounts


def test_the_demo_needs_no_answer(page: FirstStart) -> None:
    wanted, answered = QSignalSpy(page.demo_wanted), QSignalSpy(page.answered)
    page.demo.click()
    assert (wanted.count(), answered.count()) == (1, 0)


def test_a_pc_without_broker_programs_is_told_the_first_step(qtbot: QtBot) -> None:
    page = FirstStart((FoundDoor("TWS API", "127.0.0.1", 7496, "TWS"),))
    qtbot.addWidget(page)
    assert (
        "No broker program listens here now. Start TWS or IB Gateway and sign in, or try the demo."
        in texts(page)
    )


def test_the_page_can_be_filled_by_keyboard_alone(page: FirstStart) -> None:
    page.activateWindow()
    button = page.rows[0].findChildren(QPushButton)[0]
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert page.answers.doors[0].use is DoorUse.LIVE


def test_leaving_the_page_brings_the_panes_back(make_window: MakeWindow) -> None:
    window = make_window()
    page = window.show_first_start(DOORS)
    settle()
    assert page.isVisible()
    assert not window.panes.isVisible()
    window.leave_first_start()
    settle()
    assert window.panes.isVisible()
