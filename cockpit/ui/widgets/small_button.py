"""The quiet button that panes and dialogs use beside their one strong button."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget

from cockpit.ui.text import button_text

HEIGHT = 24  # pixels, where it stands in a row of fields and chips
Focus = Qt.FocusPolicy


def small_button(
    text: str,
    parent: QWidget,
    *,
    name: str = "",
    height: int = 0,
    focus: Focus = Focus.StrongFocus,
    is_checkable: bool = False,
) -> QPushButton:
    """Make a quiet button.

    `name` says what it does where its word does not, `height` is in pixels (0 leaves it to the style).
    """
    made = QPushButton(button_text(text), parent)
    made.setProperty("small", True)
    made.setCheckable(is_checkable)
    made.setFocusPolicy(focus)
    if height:
        made.setFixedHeight(height)
    if name:
        made.setAccessibleName(name)
    return made


def dialog_button(text: str, parent: QWidget) -> QPushButton:
    """Make a quiet button of a dialog that Enter in a field does not press."""
    made = small_button(text, parent, height=HEIGHT)
    made.setAutoDefault(False)
    return made
