"""A locked screen and a PC that goes to sleep are heard over a real message bus."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("dbus-run-session") is None, reason="there is no message bus here"
)

PROGRAM = """
import os, sys
from PySide6.QtCore import QTimer
from PySide6.QtDBus import QDBusConnection, QDBusMessage
from PySide6.QtWidgets import QApplication
from cockpit.ui.authenticator.box import AuthenticatorBox
from cockpit.ui.authenticator.lock_watch import LockWatch
from tests.ui.authenticator_source import ALICE, AT, Clocks, MadeUpCodes

app = QApplication([])
box = AuthenticatorBox(MadeUpCodes(Clocks(), [ALICE]), lambda: AT, lambda: 0.0)
box.show()
somebody = QDBusConnection.connectToBus(os.environ["DBUS_SESSION_BUS_ADDRESS"], "somebody")

def say(path, interface, name, *values):
    signal = QDBusMessage.createSignal(path, interface, name)
    signal.setArguments(list(values))
    somebody.send(signal)

def hold():
    box.row.hold.pressed.emit()
    print("shown" if box.row.face.said else "not shown")

def locked():
    print("hidden" if not box.row.face.said else "still there")
    app.quit()

[watch] = box.findChildren(LockWatch)
watch.locked.connect(locked)
QTimer.singleShot(0, hold)
QTimer.singleShot(0, lambda: say(*WHAT_HAPPENS))
QTimer.singleShot(10_000, app.quit)  # only when nothing is heard
app.exec()
"""

SIGNALS = {
    "GNOME locks": ("/org/gnome/ScreenSaver", "org.gnome.ScreenSaver", "ActiveChanged", True),
    "KDE locks": ("/ScreenSaver", "org.freedesktop.ScreenSaver", "ActiveChanged", True),
    "the session is locked": (
        "/org/freedesktop/login1/session/_31",
        "org.freedesktop.login1.Session",
        "Lock",
    ),
    "the PC goes to sleep": (
        "/org/freedesktop/login1",
        "org.freedesktop.login1.Manager",
        "PrepareForSleep",
        True,
    ),
}


@pytest.mark.parametrize("signal", SIGNALS.values(), ids=list(SIGNALS))
def test_a_code_is_hidden_when(signal: tuple[object, ...]) -> None:
    # One bus stands for both, because a test may not speak on the system's own.
    shell = 'DBUS_SYSTEM_BUS_ADDRESS="$DBUS_SESSION_BUS_ADDRESS" exec "$0" -c "$1"'
    program = PROGRAM.replace("WHAT_HAPPENS", repr(signal))
    done = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", shell, sys.executable, program],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout.split("\n")[:2] == ["shown", "hidden"], done.stderr
