"""A code in the clipboard: marked as a secret, and taken out again if it is still there.

Marked means that clipboard managers are asked not to remember it. KDE's and others on Linux look for their hint, the
history and the cloud of Windows for three formats. Managers on macOS look for a type that Qt cannot write: there the
clearing alone helps.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QMimeData, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QClipboard

CLEARED_AFTER = 20.0  # seconds
_LOOK_EVERY = 500  # milliseconds
_NO = bytes(4)  # a number of Windows, zero: no

MARKS = {
    "x-kde-passwordManagerHint": b"secret",
    "application/x-kde-passwordManagerHint": b"secret",
    "ExcludeClipboardContentFromMonitorProcessing": b"1",
    "CanIncludeInClipboardHistory": _NO,
    "CanUploadToCloudClipboard": _NO,
}


class SecretClipboard(QObject):
    """Puts one secret at a time into the clipboard. `clock` is UTC, `steady` never jumps; both in seconds.

    Both count, because the steady one stands still in some systems' sleep: whichever first says that time is up is
    believed.
    """

    changed = Signal()  # something was put in or taken out

    def __init__(
        self,
        clipboard: QClipboard,
        clock: Callable[[], float],
        steady: Callable[[], float],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._clipboard = clipboard
        self._clock = clock
        self._steady = steady
        self._ours = ""
        self._since = (0.0, 0.0)
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY)
        self._timer.timeout.connect(self.look)
        app = QCoreApplication.instance()
        if app is not None:
            app.aboutToQuit.connect(self.clear)

    @property
    def left(self) -> float:
        """Seconds until the secret is taken out; 0 when none is in."""
        if not self._ours:
            return 0.0
        clock, steady = self._since
        # A wall clock that was set back says nothing.
        gone = max(self._clock() - clock, self._steady() - steady, 0.0)
        return max(0.0, CLEARED_AFTER - gone)

    def put(self, secret: str) -> None:
        """Copy a secret, marked as one; what was there before is gone, as with any copy."""
        said = QMimeData()
        said.setText(secret)
        for form, value in MARKS.items():
            said.setData(form, value)
        self._clipboard.setMimeData(said)
        self._ours = secret
        self._since = (self._clock(), self._steady())
        self._timer.start()
        self.changed.emit()

    @Slot()
    def look(self) -> None:
        """Take the secret out when its time is up."""
        if self._ours and self.left == 0.0:
            self.clear()

    @Slot()
    def clear(self) -> None:
        """Take the secret out now, unless somebody has copied something else since."""
        if not self._ours:
            return
        if self._clipboard.text() == self._ours:
            self._clipboard.clear()
        self._ours = ""
        self._timer.stop()
        self.changed.emit()
