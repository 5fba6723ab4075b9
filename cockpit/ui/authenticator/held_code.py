"""A code on screen while it is held: fetched when it is pressed, followed by both clocks, dropped when it is hidden."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from cockpit.domain.otp import Code
from cockpit.ui.authenticator.capture import leave_out
from cockpit.ui.authenticator.face import CodeFace
from cockpit.ui.authenticator.source import CodeSource, Unavailable

HIDDEN_AFTER = 20.0  # seconds for which a code is shown at most, however long the button is held
_JUMP = 2.0  # seconds by which the two clocks may part between two ticks before somebody has moved one
_GAP = 5.0  # seconds without a tick after which this PC has slept or hung


class HeldCode(QObject):
    """Shows a code on a face. `clock` is UTC epoch seconds, `steady` seconds that never jump."""

    refused = Signal(Unavailable)  # there is no code, and why

    def __init__(
        self,
        source: CodeSource,
        face: CodeFace,
        clock: Callable[[], float],
        steady: Callable[[], float],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._source = source
        self._face = face
        self._clock = clock
        self._steady = steady
        self._name = ""  # whose code is held; empty when none is
        self._code: Code | None = None  # only while it is on screen
        self._since = 0.0  # by the steady clock
        self._asked = 0  # answers to older questions are not wanted any more
        self._is_fetching = False
        self._ticked = (clock(), steady())

    def hold(self, name: str) -> None:
        """Show the code of an authenticator from now on, as soon as it is there."""
        self._name = name
        self._since = self._steady()
        self._ticked = self._clock(), self._steady()
        self._fetch()

    @Slot()
    def hide(self) -> None:
        """Hide the code and drop it."""
        self._name = ""
        self._code = None
        self._asked += 1
        self._is_fetching = False
        if not self._face.is_hidden:
            self._face.hide_code()
            leave_out(self._face, False)

    def tick(self) -> None:
        """Look at both clocks: what is on screen follows them, never the number of ticks."""
        now, steady = self._clock(), self._steady()
        passed, passed_steadily = now - self._ticked[0], steady - self._ticked[1]
        self._ticked = now, steady
        has_jumped = abs(passed - passed_steadily) > _JUMP or passed_steadily > _GAP
        if self._name and (has_jumped or steady - self._since >= HIDDEN_AFTER):
            self.hide()
        if self._code is not None:
            self._show(self._code, now)

    def _show(self, code: Code, now: float) -> None:
        if not code.ends - code.period <= now < code.ends:
            self._fetch()  # until the answer is there, the following code shows
        face = code.face(now)
        if face is None:
            self._face.hide_code()
            return
        if self._face.is_hidden:
            leave_out(self._face, True)
        self._face.show_code(face.digits, face.following)

    def _fetch(self) -> None:
        if self._is_fetching:
            return
        self._is_fetching = True
        self._asked += 1
        asked = self._asked
        self._source.code(self._name, lambda answer: self._take(answer, asked))

    def _take(self, answer: Code | Unavailable, asked: int) -> None:
        if asked != self._asked:
            return  # it was let go meanwhile
        self._is_fetching = False
        if isinstance(answer, Unavailable):
            self.hide()
            self.refused.emit(answer)
        else:
            self._code = answer
            self.tick()
