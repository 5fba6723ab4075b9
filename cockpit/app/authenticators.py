"""Authenticator codes in the trust pane: the box on the window's side, the seeds on the sessions' side."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QFileDialog

from cockpit.app.sessions_thread import SessionsThread
from cockpit.domain import kinds
from cockpit.domain.otp import judge_clock
from cockpit.services.codes import Codes
from cockpit.services.engine import Engine
from cockpit.services.state import DeskState
from cockpit.ui.authenticator.box import AuthenticatorBox
from cockpit.ui.authenticator.relay import CodeRelay
from cockpit.ui.panes.trust import TrustPane
from cockpit.ui.window import MainWindow


class Authenticators(QObject):
    """Puts the box into the trust pane and lets it ask for codes. Made when that pane is first seen."""

    def __init__(
        self, window: MainWindow, pane: TrustPane, sessions: Callable[[], SessionsThread | None]
    ) -> None:
        super().__init__(window)
        self._window = window
        self._sessions = sessions
        self._codes: Codes | None = None  # touched in the sessions' loop only
        self._box = AuthenticatorBox(CodeRelay(self._in_sessions, self._start, self))
        self._box.acted.connect(window.perform)
        self._box.picture_wanted.connect(self._on_picture_wanted)
        window.stated.connect(self._on_state)
        pane.hold_codes(self._box)
        if window.state is not None:
            self._on_state(window.state)

    def _in_sessions(self) -> Codes:
        if self._codes is None:
            raise LookupError("the engine keeps no codes")
        return self._codes

    def _start(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Let the engine's loop do it and own the task; without an engine nothing is answered."""

        def begin(engine: object) -> None:
            if isinstance(engine, Engine) and engine.codes is not None:
                self._codes = engine.codes
                engine.aside(work())

        sessions = self._sessions()
        if sessions is not None:
            sessions.call(begin)

    @Slot(DeskState)
    def _on_state(self, state: DeskState) -> None:
        now = self._window.now()
        subjects = [(kinds.BROKER_CLOCK, socket.subject) for socket in state.plan.sockets]
        seen = [state.facts.fresh(kind, one, now) for kind, one in (*subjects, (kinds.CLOCK_OFFSET, "desk"))]
        self._box.show_clock(judge_clock([one.value for one in seen if one is not None]))

    @Slot()
    def _on_picture_wanted(self) -> None:
        dialog = QFileDialog(self._window, "A picture of the QR code")
        dialog.setObjectName("picture")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter("Pictures (*.png *.jpg *.jpeg)")
        dialog.fileSelected.connect(self._box.take_picture)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
