"""The custody ribbon: who held trading and live data today, with a read-out of one place of it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QPalette
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from cockpit.domain.custody.history import History
from cockpit.domain.custody.ribbon import Mark, Ribbon, custody_ribbon, day_begin, summary
from cockpit.domain.plan import Plan
from cockpit.domain.words import clock, span
from cockpit.ui import theme
from cockpit.ui.custody.bars import PAD, Place, RibbonBars
from cockpit.ui.text import discreet, plain_label, say, short
from cockpit.ui.widgets.elided_label import ElidedLabel

_HINT = "Nothing was seen of today's sessions yet."


class CustodyRibbon(QWidget):
    """The ribbon with its read-out below: two lines that say what stands under the pointer or the keyboard."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ribbon = Ribbon(0.0, 0.0)
        self._zone = "UTC"
        self._read: tuple[int, Plan] | None = None
        self.bars = RibbonBars(self)
        self._head = ElidedLabel("", QPalette.ColorRole.WindowText)
        self._head.setFont(theme.font(theme.DETAIL, bold=True))
        self._line = plain_label("", theme.font(theme.SMALL), QPalette.ColorRole.PlaceholderText, self)
        self._line.setWordWrap(True)
        self._line.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._line.setFixedHeight(2 * QFontMetrics(theme.font(theme.SMALL)).height())
        self._hint = plain_label(_HINT, theme.font(theme.DETAIL), QPalette.ColorRole.PlaceholderText, self)
        self.bars.moved.connect(self.read_out)
        words = QVBoxLayout()
        words.setContentsMargins(PAD, 0, PAD, 0)
        words.setSpacing(0)
        for widget in (self._hint, self._head, self._line):
            words.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 2 * theme.UNIT, 0, 2 * theme.UNIT)
        layout.setSpacing(theme.UNIT)
        layout.addWidget(self.bars)
        layout.addLayout(words)
        self.setFocusProxy(self.bars)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_ribbon(self._ribbon, self._zone)

    def show_history(self, history: History, plan: Plan, now: float) -> None:
        """Show today as of `now` (UTC epoch seconds). Told as often as one likes: it reads at most once a second."""
        second = int(now)
        if (second, plan) == self._read:
            return
        self._read = (second, plan)
        self.show_ribbon(custody_ribbon(history, plan, day_begin(history, plan.zone, now), now), plan.zone)

    def show_ribbon(self, ribbon: Ribbon, zone: str) -> None:
        """Show a ribbon, its times in `zone`; what does not differ on screen is not painted again."""
        self._ribbon, self._zone = ribbon, zone
        is_empty = not ribbon.trading
        self._hint.setVisible(is_empty)
        for widget in (self.bars, self._head, self._line):
            widget.setVisible(not is_empty)
        self.bars.show_ribbon(ribbon, zone)
        self.read_out()

    def text(self) -> str:
        """Everything the ribbon says, line by line, for assistive technology and for copying."""
        return _discreet_lines(summary(self._ribbon, self._zone)) or _HINT

    def read_out(self) -> None:
        """Say the place under the pointer or the keyboard."""
        place = self.bars.place
        head, line = _read(place, self._zone, self._ribbon.end) if place is not None else ("", "")
        self._head.set_text(head)
        say(self._line, line)
        description = f"{head}. {line}\n\n{self.text()}".strip()
        if self.bars.accessibleDescription() != description:
            self.bars.setAccessibleDescription(description)


def _discreet_lines(text: str) -> str:
    """Mask the accounts of a text line by line, so that a long day is not cut as one long text."""
    return "\n".join(discreet(line) for line in text.splitlines())


def _read(place: Place, zone: str, now: float) -> tuple[str, str]:
    if isinstance(place, Mark):
        when = clock(place.at, zone, seconds=True)
        return f"{when} · {place.title}", f"{discreet(place.sentence)} ({place.provenance})"
    until = "now" if place.end >= now else clock(place.end, zone)
    hold = place.hold
    length = span(place.end - place.start)
    head = f"{place.track} · {clock(place.start, zone)} – {until} · {short(hold.who)}"
    known = f" ({hold.provenance})" if hold.provenance is not None else ""
    return head, f"{discreet(hold.sentence)}{known}, for {length}"
