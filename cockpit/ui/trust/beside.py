"""The column beside the reasons: a waiting push, the second factors, failed sign-ins."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from cockpit.domain.trust.factors import FactorsGauge
from cockpit.domain.trust.sign_in import Lockout, Push
from cockpit.ui.text import discreet
from cockpit.ui.trust.attempts import Attempts
from cockpit.ui.trust.level_line import LevelLine
from cockpit.ui.trust.push_box import PushBox
from cockpit.ui.widgets.section_header import SectionHeader


class Beside(QScrollArea):
    """Scrolls when the window is low; what is urgent stands on top."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._inside = QWidget(self)
        self.push = PushBox(self._inside)
        self.push.hide()
        self.factors_header = SectionHeader("Second factors", self._inside)
        self.factors = LevelLine(self._inside)
        self.attempts = Attempts(self._inside)
        self._layout = QVBoxLayout(self._inside)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        for part in (
            self.push,
            self.factors_header,
            self.factors,
            self.attempts,
        ):
            self._layout.addWidget(part)
        self._layout.addStretch(1)
        self.setWidget(self._inside)

    def show_beside(
        self, gauge: FactorsGauge, push: Push | None, lock: Lockout, now: float, zone: str
    ) -> None:
        """Show the three gauges; `now` in UTC epoch seconds."""
        if push is not None and not self.push.isVisibleTo(self):
            self.verticalScrollBar().setValue(0)  # it has minutes: it comes into sight by itself
        self.push.show_push(push)
        cure = f" {gauge.remedy.sentence}" if gauge.remedy is not None else ""
        self.factors.show_line(gauge.level, discreet(f"{gauge.sentence}.{cure}"), discreet(gauge.source))
        self.attempts.show_lockout(lock, now, zone)
