"""The bar at the top: the verdict, the two paths, the one button, and the clocks."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cockpit.domain.readiness import Progress, Run
from cockpit.domain.words import clock, counted, signed, zone_letters
from cockpit.services.state import DeskState
from cockpit.ui import theme
from cockpit.ui.glance import Glance, Mode
from cockpit.ui.pane import Wish
from cockpit.ui.text import ago, clock_time, countdown, plain_label, say, short, took
from cockpit.ui.widgets.chip import Chip
from cockpit.ui.widgets.key_button import KeyButton
from cockpit.ui.widgets.level_badge import LevelBadge
from cockpit.ui.widgets.path_light import PathLightBox
from cockpit.ui.widgets.two_lines import TwoLines


class TopBar(QWidget):
    """What must be seen first, from left to right in the order of need."""

    wished = Signal(Wish)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(theme.TOP_BAR)
        self._run: Run | None = None
        self._found: Glance | None = None
        self._build()

    def _build(self) -> None:
        self.badge = LevelBadge(self)
        self.price = PathLightBox("Price path", parent=self)
        self.order = PathLightBox("Order path", parent=self)
        self.button = KeyButton(self)
        self.button.clicked.connect(self._on_clicked)
        self._label_button(is_running=False)
        self._last = TwoLines(parent=self)
        self._open = TwoLines(mono=True, parent=self)
        self._clock = TwoLines(mono=True, parent=self)
        self._account = plain_label("", theme.font(theme.TEXT, bold=True), parent=self)
        self._account_detail = plain_label(
            "", theme.font(theme.SMALL), QPalette.ColorRole.PlaceholderText, self
        )
        self.mode = Chip(parent=self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(3 * theme.UNIT, 0, 3 * theme.UNIT, 0)
        layout.setSpacing(4 * theme.UNIT)
        layout.addWidget(self.badge)
        layout.addSpacing(0)
        paths = QHBoxLayout()
        paths.setSpacing(2 * theme.UNIT)
        paths.addWidget(self.price)
        paths.addWidget(self.order)
        layout.addLayout(paths)
        layout.addWidget(self.button)
        layout.addWidget(self._last)
        layout.addStretch(1)
        layout.addWidget(self._open)
        layout.addWidget(self._clock)
        layout.addLayout(self._build_account())

    def _build_account(self) -> QVBoxLayout:
        above = QHBoxLayout()
        above.setSpacing(theme.UNIT)
        above.addWidget(self._account)
        above.addWidget(self.mode)
        above.addStretch(1)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addStretch()
        column.addLayout(above)
        column.addWidget(self._account_detail)
        column.addStretch()
        return column

    def show_state(self, state: DeskState, found: Glance, now: float) -> None:
        """Show a state as of `now` (UTC epoch seconds)."""
        if self._found is None or found.is_running != self._found.is_running:
            self._label_button(is_running=found.is_running)
        self._run, self._found = state.run, found
        stands = found.standing
        self.badge.show_level(stands.level, stands.word, stands.sentence, is_stale=stands.is_stale)
        self.price.show_light(found.price.level, found.price.sentence)
        self.order.show_light(found.order.level, found.order.sentence)
        say(self._account, short(found.account))
        say(self._account_detail, short(found.account_detail, 40))
        self.mode.show_text(found.mode.value)
        self.mode.setVisible(found.mode is not Mode.UNKNOWN)
        self.tick(now)

    def tick(self, now: float) -> None:
        """Let a second pass."""
        if self._found is None:
            return
        zone = self._found.zone
        self._last.show_lines(*_last_run(self._run, zone, now))
        self._clock.show_lines(
            f"{clock(now, zone, seconds=True)} {zone_letters(now, zone)}", _skew(self._found.skew)
        )
        if self._found.next_open is None:
            self._open.show_lines("--:--:--", "next open not known")
        else:
            venue, at = self._found.next_open
            when = f"{clock(at, zone)} {zone_letters(at, zone)}"
            self._open.show_lines(countdown(at - now), f"to {short(venue)} open {when}")

    def _label_button(self, *, is_running: bool) -> None:
        self.button.show_words(*(("Stop the check", "Esc") if is_running else ("Run pre-open check", "F5")))

    def _on_clicked(self) -> None:
        is_running = self._found is not None and self._found.is_running
        self.wished.emit(Wish("stop-check" if is_running else "run-check"))

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens_of(self.palette())
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens.pane))
        painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(tokens.line))


def _last_run(run: Run | None, zone: str, now: float) -> tuple[str, str]:
    """Say how the newest run went, in two lines."""
    if run is None:
        return "No check yet", "press F5 to run it"
    asked = counted(len(run.results), "check")
    if run.ended is None:
        done = sum(result.progress is Progress.DONE for result in run.results)
        return f"{done} of {asked}", f"started {clock_time(run.started, zone)}"
    word = "stopped" if run.cancelled or run.stopped else "finished"
    return f"{asked} · {took(run.seconds)}", f"{word} {clock_time(run.ended, zone)}, {ago(now - run.ended)}"


def _skew(offset: float | None) -> str:
    return "clock skew not known" if offset is None else f"clock skew {signed(offset)}"
