"""Readiness: every line of the pre-open check with its answer, its evidence and its cure."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from cockpit.domain.level import Level
from cockpit.domain.readiness import Progress, Run
from cockpit.domain.words import clock, moment
from cockpit.services.state import DeskState
from cockpit.ui import theme
from cockpit.ui.checklist.lines import FINDING_FRESH_FOR, Line, Wanted, lines_of
from cockpit.ui.checklist.model import ChecklistModel
from cockpit.ui.checklist.view import ChecklistView
from cockpit.ui.glance import Glance
from cockpit.ui.glyphs import Glyph, glyph_of_result
from cockpit.ui.pane import Pane, Wish
from cockpit.ui.text import plain_label, say
from cockpit.ui.widgets.count_marks import CountMarks
from cockpit.ui.widgets.small_button import small_button

HINT = (
    "No check has run yet.\n\n"
    "F5 runs it. It looks and asks, takes a few seconds, and disturbs nothing: "
    "no session is taken, no dialog is raised, no order is sent."
)
_BETWEEN_LANES = 50  # milliseconds between two lanes that grow older
_ROOM_FOR_ASKED = 700  # pixels of width
_ROOM_FOR_TOGGLE = 580
NOTHING_FOUND = "No line matches the filter. Esc clears it."


class _Filter(QLineEdit):
    """The filter's line; Esc clears it and gives the keyboard back to the list."""

    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setPlaceholderText("Filter checks")
        self.setAccessibleName("Filter checks")
        self.setFixedWidth(180)
        self.setFont(theme.font(theme.DETAIL))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
            self.hide()
            self.left.emit()
            return
        super().keyPressEvent(event)


class _RunLine(QWidget):
    """The completion line: when, how many asked, how many of each level."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedHeight(theme.HEADER - 2)
        self._done = plain_label("", theme.font(theme.TEXT, bold=True))
        self._asked = plain_label("", theme.font(theme.DETAIL), QPalette.ColorRole.PlaceholderText)
        self._marks = CountMarks(self)
        self.filter = _Filter(self)
        self.filter.hide()
        self.worst_first = _toggle("Not ready first", self)
        self.worst_first.setChecked(True)
        self.expand = _toggle("Expand all", self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(3 * theme.UNIT, 0, 3 * theme.UNIT, 0)
        layout.setSpacing(3 * theme.UNIT)
        for widget in (self._done, self._asked, self._marks):
            layout.addWidget(widget)
        layout.addStretch(1)
        for right in (self.filter, self.worst_first, self.expand):
            layout.addWidget(right)

    def show_run(self, run: Run | None, zone: str, now: float) -> None:
        """Say how the run stands."""
        if run is None:
            say(self._done, "Not checked yet")
            say(self._asked, "")
            self._marks.show_counts({})
            return
        done = [result for result in run.results if result.progress is Progress.DONE]
        counts = Counter(glyph_of_result(result) for result in done)
        if run.ended is None:
            say(self._done, "Pre-open running")
            say(self._asked, f"{len(done)} of {len(run.results)} answered")
        else:
            word = "stopped" if run.cancelled else "out of time" if run.stopped else "complete"
            is_stale = now - run.ended > FINDING_FRESH_FOR
            when = moment(run.ended, now, zone) if is_stale else clock(run.ended, zone, seconds=True)
            say(self._done, f"Pre-open {word} {when}")
            say(self._asked, f"{len(run.results)} asked" + (", out of date" if is_stale else ""))
            counts = Counter[Glyph]() if is_stale else counts
        self._marks.show_counts(counts)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Drop what can be missed where there is no room for it."""
        self._asked.setVisible(self.width() >= _ROOM_FOR_ASKED)
        self.worst_first.setVisible(self.width() >= _ROOM_FOR_TOGGLE)
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.tokens_of(self.palette()).raised))


class ReadinessPane(Pane):
    """The checklist. Failing lanes open by themselves, green ones fold; a fold by hand lasts until the next run."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run: Run | None = None
        self._zone = "UTC"
        self._now = 0.0
        self._opened: set[str] = set()
        self._folds: dict[str, bool] = {}  # lanes the trader opened or closed by hand
        self._older: list[tuple[int, Line]] = []  # lanes that have yet to show that they are a second older
        self._ageing = QTimer(self)
        self._ageing.setInterval(_BETWEEN_LANES)
        self._ageing.timeout.connect(self._on_ageing)
        self.lines_model = ChecklistModel(self)
        self._line = _RunLine(self)
        self.view = ChecklistView(self.lines_model, self)
        self.view.setAccessibleName("Checks")
        self.view.show_hint(HINT)
        self.view.followed.connect(self._on_followed)
        self.view.drilled.connect(self._on_drilled)
        self.view.folded.connect(self._on_folded)
        self._line.worst_first.toggled.connect(self._on_wanted)
        self._line.expand.toggled.connect(self._on_expand)
        self._line.filter.textChanged.connect(self._on_wanted)
        self._line.filter.left.connect(self._on_filter_left)
        self.setFocusProxy(self.view)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._line)
        layout.addWidget(self.view, 1)

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lanes as they are shown."""
        return self.lines_model.lanes

    def show_state(self, state: DeskState, found: Glance, now: float) -> None:
        run = state.run
        if run is not None and (self._run is None or run.id != self._run.id):
            self._folds.clear()
            self._opened.clear()
        if run is not None and run is self._run and found.zone == self._zone:
            # Facts come many times a second, runs do not: then nothing but the ages can have changed.
            if int(now) != int(self._now):
                self._now = now
                self._grow_older(run)
            return
        self._run, self._zone, self._now = run, found.zone, now
        self._line.show_run(run, found.zone, now)
        self._refresh()

    def _grow_older(self, run: Run) -> None:
        """Let the lines age, a lane at a time: all at once would hold the window for a frame every second."""
        self._line.show_run(run, self._zone, self._now)
        lanes = lines_of(run, self._zone, self._now, self._wanted())
        if not self.lines_model.has_same_shape(lanes):
            self._refresh()
            return
        self._older = list(enumerate(lanes))
        self._ageing.start()

    def _on_ageing(self) -> None:
        if not self._older:
            self._ageing.stop()
            return
        self.lines_model.show_lane(*self._older.pop(0))

    def focus_filter(self) -> bool:
        self._line.filter.show()
        self._line.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._line.filter.selectAll()
        return True

    def _refresh(self) -> None:
        if self._run is None:
            self.lines_model.show(())
            return
        needle = self._line.filter.text()
        self.view.show_hint(NOTHING_FOUND if needle else HINT)
        self._older.clear()
        self.lines_model.show(lines_of(self._run, self._zone, self._now, self._wanted()))
        self._unfold()

    def _wanted(self) -> Wanted:
        return Wanted(self._line.worst_first.isChecked(), self._line.filter.text(), frozenset(self._opened))

    def _unfold(self) -> None:
        """Open what fails and what the trader wants open; touch nothing that is right already."""
        opens_all = self._line.expand.isChecked() or bool(self._line.filter.text())
        for row, lane in enumerate(self.lines_model.lanes):
            is_open = opens_all or self._folds.get(lane.key, _opens_by_itself(lane))
            index = self.lines_model.index(row, 0)
            if self.view.isExpanded(index) != is_open:
                self.view.setExpanded(index, is_open)

    def _on_wanted(self) -> None:
        self._refresh()

    def _on_filter_left(self) -> None:
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_expand(self) -> None:
        self._folds.clear()
        self._refresh()

    def _on_folded(self, key: str, is_open: bool) -> None:
        self._folds[key] = is_open

    def _on_drilled(self, key: str) -> None:
        self._opened.symmetric_difference_update({key})
        self._refresh()

    def _on_followed(self, key: str, action: str) -> None:
        self.wished.emit(Wish(action, key.removesuffix("/remedy")))


def _opens_by_itself(lane: Line) -> bool:
    """Whether there is news in a lane: not where all is well, nothing was tested, or everything is out of date."""
    return lane.level is not Level.READY and lane.glyph is not Glyph.NOT_TESTED and not lane.is_stale


def _toggle(text: str, parent: QWidget) -> QPushButton:
    return small_button(text, parent, focus=Qt.FocusPolicy.TabFocus, is_checkable=True)
