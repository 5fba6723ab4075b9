"""Horizon: one time line for every clock that runs out, what it falls into, and what to do about it."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence, QPalette, QShortcut
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from cockpit.domain.horizon import HorizonKind, series_key
from cockpit.domain.horizon_events.data import YEARLY_SUBJECT
from cockpit.domain.words import counted
from cockpit.services.intents import SayLookedAfter
from cockpit.services.state import DeskState
from cockpit.ui import theme
from cockpit.ui.glance import Glance
from cockpit.ui.horizon.controls import Controls
from cockpit.ui.horizon.lines import (
    ANSWERED_TODAY,
    PLACES,
    ROW,
    Series,
    marks_of,
    missing_row,
    row_of,
    series_of,
)
from cockpit.ui.horizon.reading import Reader, Reading
from cockpit.ui.horizon.time_line import TimeLine
from cockpit.ui.pane import Pane, Wish
from cockpit.ui.text import plain_label, say
from cockpit.ui.widgets.ledger import LEGEND, Ledger

HINT = "Nothing runs out in this time, as far as anybody has said or seen."
_ROWS = 7  # of the time line
_HERE = Qt.ShortcutContext.WidgetWithChildrenShortcut


class HorizonPane(Pane):
    """Controls above, then the time line, the list of clocks, and the whole of the current one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: DeskState | None = None
        self._now = 0.0
        self._reader = Reader()
        self._build()

    def _build(self) -> None:
        self.controls = Controls(self)
        self.controls.changed.connect(self._on_changed)
        self.controls.export_asked.connect(self._on_export)
        self.line = TimeLine(_ROWS, self)
        self.line.moved.connect(self._on_mark)
        # Shortcuts, because a list keeps letters and signs to itself.
        for key, slot in (("+", self._on_nearer), ("=", self._on_nearer), ("-", self._on_farther)):
            shortcut = QShortcut(QKeySequence(key), self, context=_HERE)
            shortcut.activated.connect(slot)
        self.list = Ledger("Clocks that run out", PLACES, ROW, self)
        self.list.show_hint(HINT)
        self.list.moved.connect(self._on_row)
        self.list.followed.connect(self._on_followed)
        self.whole = plain_label("", theme.font(theme.DETAIL), QPalette.ColorRole.PlaceholderText)
        self.whole.setWordWrap(True)
        self.whole.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.whole.setContentsMargins(3 * theme.UNIT, theme.UNIT, 3 * theme.UNIT, 0)
        self.legend = plain_label(
            f"{LEGEND} · blue: hours of the playbook",
            theme.font(theme.SMALL),
            QPalette.ColorRole.PlaceholderText,
        )
        self.legend.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.legend.setContentsMargins(3 * theme.UNIT, theme.UNIT, 3 * theme.UNIT, 2 * theme.UNIT)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for widget in (self.controls, self.line):
            layout.addWidget(widget)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.whole)
        layout.addWidget(self.legend)
        self.setFocusProxy(self.list)

    def show_state(self, state: DeskState, found: Glance, now: float) -> None:
        self._state, self._now = state, now
        reading = self._reader.read(state, now, self.controls.zoom.days)
        shown = (
            reading,
            int(now),
            self.controls.zoom,
            self.controls.kind,
            self.controls.is_colliding_only,
        )
        if self._is_news(shown):
            self._show(reading, state.plan.zone, now)

    def _show(self, reading: Reading, zone: str, now: float) -> None:
        every = series_of(reading.events)
        self._count(every)
        kind, only = self.controls.kind, self.controls.is_colliding_only
        events = [
            event
            for event in reading.events
            if (kind is None or event.kind is kind) and (not only or event.hits)
        ]
        zoom = self.controls.zoom
        rows = [row_of(series, now, zone) for series in series_of(events)]
        if kind is None and not only:
            rows += [missing_row(missing) for missing in reading.missing]
        self.list.show_rows(rows)
        self.line.show_line(marks_of(events, zoom, zone), reading.hours, now, zoom, zone)
        self._on_row(self.list.current_key)
        colliding = sum(bool(series.hits) for series in every)
        reach = "next day" if zoom.days == 1 else f"next {zoom.days} days"
        collide = f" · {counted(colliding, 'clock')} in hours of the playbook" if colliding else ""
        missing = f" · {len(reading.missing)} not known" if reading.missing else ""
        self._say_aside(f"{reach}{collide}{missing}")

    def _count(self, every: tuple[Series, ...]) -> None:
        counts: Counter[HorizonKind] = Counter(series.first.kind for series in every)
        self.controls.show_counts(counts, sum(bool(series.hits) for series in every))

    @Slot()
    def _on_nearer(self) -> None:
        self.controls.choose_zoom(self.controls.zoom.nearer())

    @Slot()
    def _on_farther(self) -> None:
        self.controls.choose_zoom(self.controls.zoom.farther())

    @Slot()
    def _on_changed(self) -> None:
        if self._state is not None:
            reading = self._reader.read(self._state, self._now, self.controls.zoom.days)
            self._show(reading, self._state.plan.zone, self._now)

    @Slot(str)
    def _on_row(self, key: str) -> None:
        """Say the whole of the current clock below, and show where it strikes."""
        row = next((row for row in self.list.rows if row.key == key), None)
        say(self.whole, row.tooltip if row is not None else "")
        if series_key(self.line.current) != key:
            mark = next((one.mark for one in self.line.placed if series_key(one.mark.key) == key), None)
            self.line.select(mark.key if mark is not None else "")

    @Slot(str)
    def _on_mark(self, key: str) -> None:
        self.list.select(series_key(key))

    @Slot(str, str)
    def _on_followed(self, key: str, action: str) -> None:
        if action == ANSWERED_TODAY:
            self.sent.emit(SayLookedAfter(YEARLY_SUBJECT))
        else:
            self.wished.emit(Wish(action))

    @Slot()
    def _on_export(self) -> None:
        self.wished.emit(Wish("export-horizon", str(self.controls.zoom.days)))
