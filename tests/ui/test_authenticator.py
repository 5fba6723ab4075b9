"""The authenticator box: hidden until held, hidden again by whatever happens, and its copies do not stay."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, Qt
from PySide6.QtGui import QFocusEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from cockpit.domain.otp import Authenticator, judge_clock
from cockpit.ui.authenticator.box import AuthenticatorBox
from cockpit.ui.authenticator.capture import can_leave_out, leave_out
from cockpit.ui.authenticator.clipboard import MARKS
from cockpit.ui.authenticator.face import HIDDEN
from cockpit.ui.authenticator.source import Unavailable
from tests.ui.authenticator_source import ALICE, BOB, FAKE, LOCKED, Clocks, MadeUpCodes
from tests.ui.conftest import settle
from tests.ui.test_hostile_text import check

SHOWN = "123 456"


class Bench:
    """A window with the box in it, and beside it a field that can take the keyboard."""

    def __init__(self, qtbot: QtBot, kept: list[Authenticator], *, holds_back: bool = False) -> None:
        self.clocks = Clocks()
        self.source = MadeUpCodes(self.clocks, kept, holds_back=holds_back)
        self.window = QWidget()
        self.box = AuthenticatorBox(self.source, lambda: self.clocks.wall, lambda: self.clocks.steady)
        self.box.show_clock(judge_clock([0.12]))
        self.elsewhere = QLineEdit()
        column = QVBoxLayout(self.window)
        column.addWidget(self.box)
        column.addWidget(self.elsewhere)
        qtbot.addWidget(self.window)
        self.window.resize(1260, 260)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)
        settle()

    @property
    def said(self) -> str:
        return self.box.row.face.said

    def press(self) -> None:
        QTest.mousePress(self.box.row.hold, Qt.MouseButton.LeftButton)

    def release(self) -> None:
        QTest.mouseRelease(self.box.row.hold, Qt.MouseButton.LeftButton)

    def pass_time(self, seconds: float) -> None:
        """Let time pass as a running PC sees it: with a tick at least every second."""
        while seconds > 0:
            self.clocks.sleep(min(1.0, seconds))
            self.box.tick()
            seconds -= 1.0

    def copy(self) -> None:
        QTest.mouseClick(self.box.row.copy, Qt.MouseButton.LeftButton)


@pytest.fixture
def bench(qtbot: QtBot) -> Bench:
    return Bench(qtbot, [ALICE])


@pytest.fixture(autouse=True)
def clean_clipboard(qapp: QApplication) -> Iterator[None]:
    QGuiApplication.clipboard().clear()
    yield
    QGuiApplication.clipboard().clear()


def app() -> QGuiApplication:
    running = QGuiApplication.instance()
    assert isinstance(running, QGuiApplication)
    return running


def copied() -> str:
    return QGuiApplication.clipboard().text()


def test_the_box_is_off_until_somebody_sets_one_up(qtbot: QtBot) -> None:
    bench = Bench(qtbot, [])
    assert bench.box.off.isVisible()
    assert not bench.box.row.isVisible()
    assert bench.source.asked == ["list"]


def test_until_the_keychain_has_answered_the_box_does_not_say_that_it_is_off(qtbot: QtBot) -> None:
    bench = Bench(qtbot, [], holds_back=True)
    assert bench.box.off.words.text() == "Looking into the keychain…"
    assert not bench.box.off.set_up.isVisible()
    bench.source.answer_all()
    assert bench.box.off.words.text().startswith("Off.")
    assert bench.box.off.set_up.isVisible()


def test_a_code_is_asked_for_and_shown_only_while_the_mouse_holds(bench: Bench) -> None:
    assert bench.said == ""
    bench.pass_time(5)
    assert bench.source.asked == ["list"]
    bench.press()
    assert bench.said == SHOWN
    assert FAKE[0] in bench.box.row.face.accessibleName()
    bench.release()
    assert bench.said == ""
    assert bench.box.row.face.accessibleName() == HIDDEN


def test_space_holds_as_the_mouse_does(bench: Bench) -> None:
    bench.box.row.hold.setFocus()
    QTest.keyPress(bench.box.row.hold, Qt.Key.Key_Space)
    assert bench.said == SHOWN
    QTest.keyRelease(bench.box.row.hold, Qt.Key.Key_Space)
    assert bench.said == ""


def deactivate(bench: Bench) -> None:
    QApplication.sendEvent(bench.window, QEvent(QEvent.Type.WindowDeactivate))


def open_menu(bench: Bench) -> None:
    """Take the keyboard as a menu does, which a button takes for no reason to come up again."""
    lost = QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.PopupFocusReason)
    QApplication.sendEvent(bench.box.row.hold, lost)


def block(bench: Bench) -> None:
    QApplication.sendEvent(bench.window, QEvent(QEvent.Type.WindowBlocked))


def leave_program(bench: Bench) -> None:
    app().applicationStateChanged.emit(Qt.ApplicationState.ApplicationInactive)


def tick_after(wall: float, steady: float) -> Callable[[Bench], None]:
    """Move the PC's clocks by so many seconds without any tick in between."""

    def happen(bench: Bench) -> None:
        bench.clocks.wall += wall
        bench.clocks.steady += steady
        bench.box.tick()
        bench.box.clipboard.look()

    return happen


def hide_for_long(bench: Bench) -> None:
    bench.box.hide()
    tick_after(20, 20)(bench)


HIDING: dict[str, Callable[[Bench], None]] = {
    "twenty seconds": lambda bench: bench.pass_time(20),
    "another field that takes the keyboard": lambda bench: bench.elsewhere.setFocus(),
    "a menu that takes the keyboard": open_menu,
    "another window": deactivate,
    "a window of ours that must be answered": block,
    "another program": leave_program,
    "a locked screen": lambda bench: bench.box.lock(),
    "another tab": lambda bench: bench.box.hide(),
    "the closing of the window": lambda bench: bench.window.hide(),
    "a sleep in which the steady clock stood still": tick_after(3600, 0),
    "a sleep in which both clocks ran": tick_after(3600, 3600),
    "a PC that hangs": tick_after(6, 6),
    "a clock that is set back": tick_after(-60, 0.2),
    "a clock that turns out to be wrong": lambda bench: bench.box.show_clock(judge_clock([45.0])),
}


@pytest.mark.parametrize("happen", HIDING.values(), ids=list(HIDING))
def test_a_code_that_is_held_is_hidden_at_once_by(bench: Bench, happen: Callable[[Bench], None]) -> None:
    bench.press()
    assert bench.said == SHOWN
    happen(bench)
    assert bench.said == ""
    bench.box.tick()
    assert bench.said == ""
    bench.release()


def test_a_code_that_was_hidden_by_time_is_shown_again_by_holding_again(bench: Bench) -> None:
    bench.press()
    bench.pass_time(20)
    bench.release()
    bench.press()
    assert bench.said != ""
    bench.release()


def test_an_answer_that_comes_after_the_release_is_not_shown(qtbot: QtBot) -> None:
    bench = Bench(qtbot, [ALICE], holds_back=True)
    bench.source.answer_all()
    bench.press()
    bench.release()
    bench.source.answer_all()
    bench.box.tick()
    assert bench.said == ""


def test_an_answer_that_comes_while_held_is_shown(qtbot: QtBot) -> None:
    bench = Bench(qtbot, [ALICE], holds_back=True)
    bench.source.answer_all()
    bench.press()
    assert bench.said == ""
    bench.source.answer_all()
    assert bench.said == SHOWN
    bench.release()


def test_at_the_edge_of_a_step_the_next_code_is_there_without_waiting_for_an_answer(qtbot: QtBot) -> None:
    bench = Bench(qtbot, [ALICE], holds_back=True)
    bench.source.answer_all()
    bench.pass_time(20)
    bench.press()
    bench.source.answer_all()
    assert (bench.said, bench.box.row.face.said_next) == (SHOWN, "")
    bench.pass_time(4)
    assert (bench.said, bench.box.row.face.said_next) == (SHOWN, "000 000")
    bench.pass_time(6)
    assert (bench.said, bench.box.row.face.said_next) == ("000 000", "")
    bench.source.answer_all()
    assert bench.said == "000 000"
    bench.release()


def test_a_copy_goes_into_the_clipboard_marked_and_without_showing_the_code(bench: Bench) -> None:
    bench.copy()
    assert copied() == FAKE
    assert bench.said == ""
    mime = QGuiApplication.clipboard().mimeData()
    assert {form: bytes(mime.data(form).data()) for form in MARKS} == MARKS
    assert bench.box.row.copy.text() == "Copied, clears in 20 s"


def test_a_copy_is_taken_out_after_twenty_seconds(bench: Bench) -> None:
    bench.copy()
    bench.pass_time(13)
    bench.box.clipboard.look()
    assert (copied(), bench.box.row.copy.text()) == (FAKE, "Copied, clears in 7 s")
    bench.pass_time(7)
    bench.box.clipboard.look()
    assert (copied(), bench.box.row.copy.text()) == ("", "Copy, clears in 20 s")


def test_what_somebody_copies_afterwards_stays(bench: Bench) -> None:
    bench.copy()
    other = QMimeData()
    other.setText("a limit price")
    QGuiApplication.clipboard().setMimeData(other)
    bench.pass_time(20)
    bench.box.clipboard.look()
    assert copied() == "a limit price"


TAKING_OUT: dict[str, Callable[[Bench], None]] = {
    "the program ends": lambda bench: app().aboutToQuit.emit(),
    "the screen is locked": lambda bench: bench.box.lock(),
    "the PC has slept": tick_after(3600, 0),
    "the time is up although the wall clock was set back": tick_after(-3600, 20),
    "the time is up and the box is not on screen": hide_for_long,
}


@pytest.mark.parametrize("happen", TAKING_OUT.values(), ids=list(TAKING_OUT))
def test_a_copy_is_taken_out_when(bench: Bench, happen: Callable[[Bench], None]) -> None:
    bench.copy()
    assert copied() == FAKE
    happen(bench)
    assert copied() == ""


def test_a_copy_that_was_asked_for_before_the_lock_does_not_come_after_it(qtbot: QtBot) -> None:
    bench = Bench(qtbot, [ALICE], holds_back=True)
    bench.source.answer_all()
    bench.copy()
    bench.box.lock()
    bench.source.answer_all()
    assert copied() == ""


def test_leaving_the_window_does_not_take_the_copy_out_because_it_is_pasted_elsewhere(bench: Bench) -> None:
    bench.copy()
    deactivate(bench)
    bench.pass_time(2)
    assert copied() == FAKE


def test_in_the_last_six_seconds_the_copy_button_says_how_long_to_wait(bench: Bench) -> None:
    bench.pass_time(26)
    assert bench.box.row.copy.text() == "Wait 4 s"
    assert not bench.box.row.copy.isEnabled()
    bench.copy()
    assert copied() == ""
    bench.pass_time(4)
    assert bench.box.row.copy.isEnabled()


def test_a_copy_whose_answer_came_too_late_in_the_step_is_not_made(qtbot: QtBot) -> None:
    bench = Bench(qtbot, [ALICE], holds_back=True)
    bench.source.answer_all()
    bench.pass_time(23)
    bench.copy()
    bench.pass_time(3)
    bench.source.answer_all()
    assert copied() == ""


@pytest.mark.parametrize(("offset", "is_withheld"), [(0.1, False), (12.0, False), (31.0, True)])
def test_the_clock_warns_or_withholds(bench: Bench, offset: float, is_withheld: bool) -> None:
    bench.box.show_clock(judge_clock([offset]))
    assert bench.box.row.hold.isEnabled() is not is_withheld
    assert bench.box.row.copy.isEnabled() is not is_withheld
    assert bench.box.row.clock.text() == judge_clock([offset]).sentence
    bench.press()
    assert (bench.said == "") is is_withheld
    bench.release()


def test_a_locked_keychain_says_so_and_offers_to_be_unlocked(bench: Bench, qtbot: QtBot) -> None:
    bench.source.trouble = LOCKED
    bench.press()
    assert "The keychain is locked." in bench.box.remark.text()
    bench.release()
    with qtbot.waitSignal(bench.box.acted) as acted:
        bench.box.remark.acted.emit("unlock-vault")
    assert acted.args == ["unlock-vault"]
    bench.source.trouble = None
    bench.box.refresh()
    assert bench.box.remark.text() == ""
    bench.press()
    assert bench.said == SHOWN
    bench.release()


def test_with_several_the_chosen_one_is_shown(qtbot: QtBot) -> None:
    bench = Bench(qtbot, [ALICE, BOB])
    assert bench.box.row.picker.isVisible()
    bench.press()
    bench.box.row.picker.setCurrentIndex(1)
    assert bench.said == ""
    bench.release()
    bench.press()
    assert bench.source.asked[-1] == f"code {BOB.name}"
    bench.release()


def begin_set_up(bench: Bench) -> None:
    bench.box.off.set_up.click()
    bench.box.set_up.accept.setChecked(True)


def test_setting_up_asks_for_the_trade_off_the_seed_and_one_code(qtbot: QtBot) -> None:
    bench = Bench(qtbot, [])
    bench.box.off.set_up.click()
    form = bench.box.set_up
    assert form.isVisible()
    assert not form.seed.isEnabled()
    assert not form.picture.isEnabled()
    form.accept.setChecked(True)
    assert form.seed.echoMode() is QLineEdit.EchoMode.Password
    form.seed.setText("otpauth://totp/alice?secret=JBSWY3DPEHPK3PXP")
    form.read.click()
    assert form.draft is not None
    assert form.seed.text() == ""
    assert not form.seed.isUndoAvailable()
    assert not form.keep.isEnabled()
    form.code.setText("999999")
    form.keep.click()
    assert "Nothing was kept" in form.remark.text()
    assert bench.source.kept == []
    form.code.setText(FAKE)
    form.keep.click()
    assert form.draft is None
    assert not form.isVisible()
    assert bench.box.row.isVisible()
    assert [one.name for one in bench.source.kept] == [ALICE.name]


def test_a_seed_that_was_pasted_does_not_stay_in_the_clipboard_once_it_was_read(qtbot: QtBot) -> None:
    bench = Bench(qtbot, [])
    begin_set_up(bench)
    QGuiApplication.clipboard().setText("bad JBSWY3DPEHPK3PXP")
    bench.box.set_up.seed.paste()
    bench.box.set_up.read.click()
    assert "cut short" in bench.box.set_up.remark.text()
    assert bench.box.set_up.seed.text() == copied() == "bad JBSWY3DPEHPK3PXP"  # nothing lost
    QGuiApplication.clipboard().setText("JBSWY3DPEHPK3PXP")
    bench.box.set_up.seed.clear()
    bench.box.set_up.seed.paste()
    bench.box.set_up.read.click()
    assert copied() == ""


def test_a_picture_is_asked_for_and_read(qtbot: QtBot) -> None:
    bench = Bench(qtbot, [])
    begin_set_up(bench)
    with qtbot.waitSignal(bench.box.picture_wanted):
        bench.box.set_up.picture.click()
    bench.box.take_picture("bad.png")
    assert "No QR code" in bench.box.set_up.remark.text()
    bench.box.take_picture("good.png")
    assert bench.box.set_up.name.text() == BOB.name


def test_a_name_that_is_taken_can_be_changed_or_replaced(qtbot: QtBot) -> None:
    bench = Bench(qtbot, [ALICE])
    bench.box.row.add.click()
    bench.box.set_up.accept.setChecked(True)
    bench.box.set_up.seed.setText("x")
    bench.box.set_up.read.click()
    bench.box.set_up.code.setText(FAKE)
    bench.box.set_up.keep.click()
    assert "already, and it stays" in bench.box.set_up.remark.text()
    bench.box.set_up.remark.acted.emit("rename-authenticator")
    assert bench.source.asked[-2:] == [f"verify {ALICE.name} replacing", "list"]
    assert bench.source.kept == [ALICE]


@pytest.mark.parametrize("step", ["seed typed", "draft read"])
def test_leaving_the_set_up_forgets_the_seed(qtbot: QtBot, step: str) -> None:
    bench = Bench(qtbot, [])
    begin_set_up(bench)
    bench.box.set_up.seed.setText("JBSWY3DPEHPK3PXP")
    if step == "draft read":
        bench.box.set_up.read.click()
    bench.box.set_up.cancel.click()
    assert bench.box.set_up.draft is None
    assert bench.box.set_up.seed.text() == ""
    assert bench.box.off.isVisible()
    assert bench.source.kept == []


def test_a_draft_that_comes_after_the_set_up_was_left_is_dropped(qtbot: QtBot) -> None:
    bench = Bench(qtbot, [], holds_back=True)
    bench.source.answer_all()
    begin_set_up(bench)
    bench.box.set_up.seed.setText("JBSWY3DPEHPK3PXP")
    bench.box.set_up.read.click()
    bench.box.set_up.cancel.click()
    bench.source.answer_all()
    assert bench.box.set_up.draft is None


def test_forgetting_asks_first_and_the_safe_answer_has_the_keyboard(bench: Bench) -> None:
    bench.box.row.forget.click()
    assert bench.box.question.isVisible()
    assert bench.box.question.no.hasFocus()
    bench.box.question.no.click()
    assert bench.source.kept == [ALICE]
    bench.box.row.forget.click()
    bench.box.question.yes.click()
    assert bench.source.kept == []
    assert bench.box.off.isVisible()


def test_every_part_is_reached_by_the_keyboard_in_reading_order(qtbot: QtBot) -> None:
    bench = Bench(qtbot, [ALICE, BOB])
    row = bench.box.row
    row.picker.setFocus()
    reached = []
    for _ in range(4):
        QTest.keyClick(bench.window, Qt.Key.Key_Tab)
        reached.append(QApplication.focusWidget())
    assert reached == [row.hold, row.copy, row.add, row.forget]
    assert all(
        widget.accessibleName() or widget.text() for widget in (row.hold, row.copy, row.add, row.forget)
    )


@pytest.mark.parametrize(
    "text", ["<b>x</b><img src='file:///etc/passwd'>", "W" * 4000, "U1234567 &File\u202e"]
)
def test_outside_text_is_shown_as_text(qtbot: QtBot, text: str) -> None:
    bench = Bench(qtbot, [Authenticator(text), Authenticator(text + "2")])
    bench.source.trouble = Unavailable(text, text, "unlock-vault")
    bench.press()
    bench.release()
    settle()
    check(bench.window)
    bench.box.row.forget.click()
    bench.box.set_up.remark.show_trouble(Unavailable(text, text))
    check(bench.window)
    assert "U1234567" not in "".join(label.text() for label in bench.box.findChildren(QLabel))


def test_offscreen_no_window_can_be_left_out_of_screen_sharing_and_the_box_says_so(bench: Bench) -> None:
    assert not can_leave_out()
    assert not leave_out(bench.box, True)
    assert "cannot leave a window out of screen sharing" in bench.box.fine_print.text()


def test_a_click_beside_the_button_while_it_is_held_hides_the_code(bench: Bench) -> None:
    bench.press()
    QTest.mouseMove(bench.box.row.hold, QPoint(-200, 0))
    bench.release()
    assert bench.said == ""
