"""Leaving a window out of screen sharing and recordings, where the system lets a program ask for that."""

from __future__ import annotations

import sys

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

_NOTHING, _BLACK, _LEFT_OUT = (
    0x0,
    0x1,
    0x11,
)  # what SetWindowDisplayAffinity takes; the last since Windows 10, 2004


def can_leave_out() -> bool:
    """Whether this system can leave a window out. Linux has no such request; macOS has one that Qt does not reach."""
    return sys.platform == "win32" and QGuiApplication.platformName() == "windows"


def leave_out(widget: QWidget, is_left_out: bool) -> bool:
    """Leave the widget's whole window out of what others see, or no longer; whether the system does so."""
    if not can_leave_out():
        return False
    return _ask_windows(int(widget.window().winId()), is_left_out)


def _ask_windows(window: int, is_left_out: bool) -> bool:
    if sys.platform != "win32":
        return False
    import ctypes
    from ctypes import wintypes

    ask = ctypes.windll.user32.SetWindowDisplayAffinity
    ask.argtypes = (wintypes.HWND, wintypes.DWORD)
    ask.restype = wintypes.BOOL
    if not is_left_out:
        return bool(ask(window, _NOTHING))
    # Windows before 2004 knows only a black window.
    return bool(ask(window, _LEFT_OUT)) or bool(ask(window, _BLACK))
