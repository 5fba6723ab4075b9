"""What every pane is: shown a state and the present, it says what it wishes; it holds no service and no other pane."""

from __future__ import annotations

from msgspec import Struct
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cockpit.services.state import DeskState
from cockpit.ui.glance import Glance


class Wish(Struct, frozen=True):
    """What the trader clicked: the id of an action, and what it is about ("" when the action needs no more)."""

    action: str
    about: str = ""


class Pane(QWidget):
    """The base of all panes. `aside` is the quiet text at the right of its header."""

    wished = Signal(Wish)
    sent = Signal(object)  # an Intent, when the trader has filled in more than a click can say
    aside_changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._aside = ""
        self._compared: tuple[object, ...] = ()

    @property
    def aside(self) -> str:
        """The quiet text at the right of the header."""
        return self._aside

    def show_state(self, state: DeskState, found: Glance, now: float) -> None:
        """Show a state as of `now` (UTC epoch seconds).

        Called for every new state and once a second for the same one, because evidence ages: what has not changed on
        screen must not be painted again.
        """
        raise NotImplementedError

    @property
    def unsaved(self) -> str:
        """What was typed and is kept nowhere else; the screen's memory has it until the next start."""
        return ""

    def restore_unsaved(self, text: str) -> None:
        """Take back what was `unsaved` when the program ended."""

    def focus_filter(self) -> bool:
        """Put the cursor into the pane's filter; return whether it has one."""
        return False

    def _is_news(self, seen: tuple[object, ...]) -> bool:
        """Return whether something of what is `seen` differs from the last time this was asked, and keep it.

        Large parts of a state stay the same object from one to the next, and are not compared again.
        """
        before, self._compared = self._compared, seen
        return len(seen) != len(before) or any(
            one is not other and one != other for one, other in zip(seen, before, strict=True)
        )

    def _say_aside(self, text: str) -> None:
        if text != self._aside:
            self._aside = text
            self.aside_changed.emit(text)
