"""The authenticator box: ring, code, two buttons and the clock; hidden until held, off until somebody sets one up."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cockpit.domain.level import Level
from cockpit.domain.otp import Authenticator, ClockCheck, ClockState, Code, judge_clock, seconds_left
from cockpit.ui import theme
from cockpit.ui.authenticator.capture import can_leave_out
from cockpit.ui.authenticator.clipboard import SecretClipboard
from cockpit.ui.authenticator.held_code import HeldCode
from cockpit.ui.authenticator.parts import CodeRow, FinePrint, ForgetQuestion, OffLine
from cockpit.ui.authenticator.remark import Remark
from cockpit.ui.authenticator.set_up import SetUp
from cockpit.ui.authenticator.source import CodeSource, Unavailable
from cockpit.ui.widgets.section_header import SectionHeader

ASIDE = "off by default. On the PC that signs in, two factors become one"
_TICK = 200  # milliseconds

_OFFERS = {"unlock-vault": "Unlock the keychain"}


class AuthenticatorBox(QWidget):
    """Shows codes of a CodeSource. `clock` is UTC epoch seconds, `steady` seconds that never jump.

    `acted` carries the id of an action of the window (such as unlock-vault). After `picture_wanted` the window lets the
    trader choose a file and calls `take_picture`. Call `refresh` when the keychain was unlocked, and `show_clock`
    whenever the offset was measured anew.
    """

    acted = Signal(str)
    picture_wanted = Signal()

    def __init__(
        self,
        source: CodeSource,
        clock: Callable[[], float] = time.time,
        steady: Callable[[], float] = time.monotonic,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._source = source
        self._clock = clock
        self._names: tuple[Authenticator, ...] = ()
        self._check = judge_clock(())
        self._locked = 0  # what was to be copied before the screen was locked is not copied after
        self._trouble: Unavailable | None = None
        self._watch: QObject | None = None
        self.clipboard = SecretClipboard(QGuiApplication.clipboard(), clock, steady, self)
        self.clipboard.changed.connect(self._show)
        self.off = OffLine(self)
        self.row = CodeRow(self)
        self._held = HeldCode(source, self.row.face, clock, steady, self)
        self.fine_print = FinePrint(can_leave_out(), self)
        self.question = ForgetQuestion(self)
        self.set_up = SetUp(source, self)
        self.remark = Remark(self)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK)
        self._timer.timeout.connect(self.tick)
        self._build()
        self._connect()
        self._show()

    def _build(self) -> None:
        self.setAccessibleName("Authenticator code")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        header = SectionHeader("Authenticator code", self)
        header.say_aside(ASIDE)
        column.addWidget(header)
        body = QVBoxLayout()
        body.setContentsMargins(*(3 * theme.UNIT,) * 4)
        body.setSpacing(2 * theme.UNIT)
        for part in (self.off, self.row, self.remark, self.fine_print, self.question, self.set_up):
            body.addWidget(part)
        column.addLayout(body)
        self.question.hide()
        self.set_up.hide()

    def _connect(self) -> None:
        self.off.wanted.connect(self._on_set_up)
        self.row.pressed.connect(self._on_pressed)
        self.row.released.connect(self.hide_code)
        self._held.refused.connect(self._on_refused)
        self.row.copy_wanted.connect(self._on_copy)
        self.row.chosen.connect(self._on_chosen)
        self.row.add_wanted.connect(self._on_set_up)
        self.row.forget_wanted.connect(self._on_forget)
        self.question.answered.connect(self._on_forget_answered)
        self.set_up.kept.connect(self._on_kept)
        self.set_up.left.connect(self._on_left)
        self.set_up.picture_wanted.connect(self.picture_wanted)
        self.remark.acted.connect(self.acted)
        self.row.hold.installEventFilter(self)
        QGuiApplication.instance().applicationStateChanged.connect(self._on_application_state)

    # --- what the window says ---------------------------------------------------------------------------

    def refresh(self) -> None:
        """Ask anew which authenticators there are."""
        self._source.list(self._on_list)

    def show_clock(self, check: ClockCheck) -> None:
        """Take what this PC's clock allows; a clock that is wrong hides the code at once."""
        if check != self._check:
            self._check = check
            if check.is_withheld:
                self.hide_code()
            self._show()

    def take_picture(self, path: str) -> None:
        """Take the picture file that was chosen after `picture_wanted`."""
        self.set_up.take_picture(path)

    @Slot()
    def lock(self) -> None:
        """The screen was locked or this PC goes to sleep: nothing stays on screen or in the clipboard."""
        self.hide_code()
        self._locked += 1
        self.clipboard.clear()

    # --- showing and hiding -----------------------------------------------------------------------------

    @Slot()
    def hide_code(self) -> None:
        """Hide the code and drop it."""
        self._held.hide()
        self._show()

    @Slot()
    def tick(self) -> None:
        """Bring what is on screen up to both clocks."""
        self._held.tick()
        self._show()

    @Slot()
    def _on_pressed(self) -> None:
        if self._chosen is not None and not self._check.is_withheld:
            self._trouble = None
            self._held.hold(self._chosen.name)
            self._show()

    @Slot(Unavailable)
    def _on_refused(self, trouble: Unavailable) -> None:
        self._trouble = trouble
        self._show()

    @Slot()
    def _show(self) -> None:
        """Show everything as of now; what has not changed is not painted again."""
        is_setting_up, is_asking = not self.set_up.isHidden(), not self.question.isHidden()
        is_usual = not is_setting_up and not is_asking
        self.off.setVisible(is_usual and self._chosen is None and self._trouble is None)
        self.row.setVisible(is_usual and self._chosen is not None)
        self.fine_print.setVisible(is_usual and self._chosen is not None)
        self.remark.show_trouble(
            self._trouble if is_usual else None,
            Level.LIMITED,
            _OFFERS.get(self._trouble.action, "") if self._trouble else "",
        )
        chosen = self._chosen
        if chosen is None:
            return
        left = seconds_left(self._clock(), chosen.period)
        self.row.show_time(left, chosen, self.clipboard.left, is_withheld=self._check.is_withheld)
        self.row.clock.show_words(self._check.sentence, _LEVELS[self._check.state])

    # --- which one --------------------------------------------------------------------------------------

    @property
    def _chosen(self) -> Authenticator | None:
        name = self.row.chosen_name
        return next((one for one in self._names if one.name == name), self._names[0] if self._names else None)

    def _on_list(self, answer: tuple[Authenticator, ...] | Unavailable) -> None:
        if isinstance(answer, Unavailable):
            self._trouble, self._names = answer, ()
        else:
            self._trouble, self._names = None, answer
            self.off.show_known(True)
        if self._names and self._watch is None and sys.platform == "linux":
            # Loaded here: who keeps no seed has nothing to hide and needs no bus.
            from cockpit.ui.authenticator.lock_watch import LockWatch

            watch = self._watch = LockWatch(self)
            watch.locked.connect(self.lock)
        self.row.offer(self._names)
        self.hide_code()

    @Slot()
    def _on_chosen(self) -> None:
        self._trouble = None
        self.hide_code()

    # --- copying ----------------------------------------------------------------------------------------

    @Slot()
    def _on_copy(self) -> None:
        chosen = self._chosen
        if chosen is None or self._check.is_withheld:
            return
        self._trouble = None
        locked = self._locked
        self._source.code(chosen.name, lambda answer: self._take_copy(answer, locked))

    def _take_copy(self, answer: Code | Unavailable, locked: int) -> None:
        if locked != self._locked:
            return
        if isinstance(answer, Unavailable):
            self._trouble = answer
        else:
            face = answer.face(self._clock())
            if face is not None and not face.is_ending:
                self.clipboard.put(face.digits)
        self._show()

    # --- setting up and forgetting ----------------------------------------------------------------------

    @Slot()
    def _on_set_up(self) -> None:
        self.hide_code()
        self.set_up.show()
        self._show()
        self.set_up.begin()

    @Slot(Authenticator)
    def _on_kept(self, kept: Authenticator) -> None:
        self.set_up.hide()
        self.row.choose_later(kept.name)
        self.refresh()

    @Slot()
    def _on_left(self) -> None:
        self.set_up.hide()
        self._show()

    @Slot()
    def _on_forget(self) -> None:
        if self._chosen is not None:
            self.hide_code()
            self.question.ask(self._chosen.name)
            self._show()

    @Slot(bool)
    def _on_forget_answered(self, is_yes: bool) -> None:
        self.question.hide()
        if is_yes and self._chosen is not None:
            self._source.forget(self._chosen.name, self._on_forgotten)
        self._show()

    def _on_forgotten(self, answer: Unavailable | None) -> None:
        if isinstance(answer, Unavailable):
            self._trouble = answer
            self._show()
        else:
            self.refresh()

    # --- what Qt tells ----------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.window().installEventFilter(self)
        self._timer.start()
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        self.hide_code()
        super().hideEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hide the code when the window is left, or the keyboard goes elsewhere."""
        if event.type() in (QEvent.Type.WindowDeactivate, QEvent.Type.WindowBlocked) or (
            watched is self.row.hold and event.type() is QEvent.Type.FocusOut
        ):
            self.hide_code()
        return super().eventFilter(watched, event)

    @Slot(Qt.ApplicationState)
    def _on_application_state(self, state: Qt.ApplicationState) -> None:
        if state is not Qt.ApplicationState.ApplicationActive:
            self.hide_code()


_LEVELS = {
    ClockState.GOOD: Level.READY,
    ClockState.UNMEASURED: Level.UNKNOWN,
    ClockState.DOUBTFUL: Level.LIMITED,
    ClockState.WRONG: Level.BLOCKED,
}
