"""Whether a list marks where the keyboard is: only for who uses it, not for who clicks or has just begun."""

from __future__ import annotations

from PySide6.QtCore import Qt

_BY_KEY = frozenset(
    {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason}
)


class FocusMark:
    """Set by a pressed key, taken away by a click."""

    def __init__(self) -> None:
        self.is_shown = False

    def take_focus(self, reason: Qt.FocusReason) -> None:
        """Learn how the keyboard came; coming back to the window changes nothing."""
        if reason is not Qt.FocusReason.ActiveWindowFocusReason:
            self.is_shown = reason in _BY_KEY
