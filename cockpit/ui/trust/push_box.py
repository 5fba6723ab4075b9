"""A push that waits: the time that is left in large figures, and what to do when it does not come."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from cockpit.domain.trust.sign_in import Push
from cockpit.ui import theme
from cockpit.ui.text import discreet, plain_label, say, short
from cockpit.ui.trust.level_line import LevelLine
from cockpit.ui.widgets.section_header import SectionHeader

_FIGURES = 26  # pixels; read from across the desk
_MOST_STEPS = 4


class PushBox(QWidget):
    """Shown only while a push waits, or has just run out."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._sent_at: float | None = None
        self.header = SectionHeader("Waiting for the phone", self)
        self.left = plain_label("", theme.font(_FIGURES, mono=True), parent=self)
        self.left.setContentsMargins(3 * theme.UNIT, theme.UNIT, 0, 0)
        self.says = LevelLine(self)
        self.steps = [plain_label("", theme.font(theme.DETAIL), parent=self) for _ in range(_MOST_STEPS)]
        self.certainty = plain_label("", theme.font(theme.SMALL), QPalette.ColorRole.PlaceholderText, self)
        top = QHBoxLayout()
        top.setContentsMargins(0, 0, 0, 0)
        top.setSpacing(0)
        top.addWidget(self.left, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self.says, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 2 * theme.UNIT)
        layout.setSpacing(theme.UNIT)
        layout.addWidget(self.header)
        layout.addLayout(top)
        for label in (*self.steps, self.certainty):
            label.setWordWrap(True)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
            label.setContentsMargins(3 * theme.UNIT, 0, 3 * theme.UNIT, 0)
            layout.addWidget(label)

    def show_push(self, push: Push | None) -> None:
        """Show a push, or nothing; a new one is announced to assistive technology."""
        self.setVisible(push is not None)
        if push is None:
            self._sent_at = None
            return
        whole = int(push.left)
        say(self.left, f"{whole // 60}:{whole % 60:02d}")
        # The figures tell the time: the sentence beside them is said once and not every second.
        self.says.show_line(push.level, discreet(push.sentence.partition(", about")[0]))
        for number, label in enumerate(self.steps):
            is_used = number < len(push.steps)
            label.setVisible(is_used)
            say(label, f"{number + 1}. {discreet(push.steps[number])}" if is_used else "")
        say(self.certainty, f"The window: {short(push.certainty, 160)}.")
        self.header.say_aside(f"{push.provenance.value}")
        if push.sent_at != self._sent_at:
            self._sent_at = push.sent_at
            self.setAccessibleName(discreet(push.sentence))
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
