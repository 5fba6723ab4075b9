"""Walk through a worst case: choose it, do its steps against the clock, keep the record, compare it with the last."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from cockpit.domain.drill import DrillPlan, DrillStep, Walk, begin, total
from cockpit.domain.level import Level
from cockpit.services.intents import KeepDrill
from cockpit.services.state import Drill
from cockpit.ui import theme
from cockpit.ui.glyphs import Glyph
from cockpit.ui.text import ago, discreet, plain_label, say, short
from cockpit.ui.widgets.ledger import Cell, Ledger, Place, Row, Tone
from cockpit.ui.widgets.section_header import SectionHeader
from cockpit.ui.widgets.small_button import small_button

DONE = "drill-done"  # only ever followed inside this view
START = "drill-start"
_CHOICE = (Place("Worst case", 150, 1),)
_CHOICE_WIDTH = 256
_STEPS = (
    Place("", 34),
    Place("Step", 240, 1),
    Place("Should take", 84, is_right=True, spare=1),
    Place("Took", 68, is_right=True),
    Place("Last time", 72, is_right=True, spare=2),
    Place("", 54),
)
_SLOW = 1.5  # a step that takes so many times what it should is worth another drill
HINT = "The catalogue has no worst case to walk through. Put your own into the desk's file as [[drill]]."


class DrillView(QWidget):
    """The drill. `clock` is one that never jumps, in seconds."""

    kept = Signal(object)  # KeepDrill, when a walk has ended with at least one step done

    def __init__(self, clock: Callable[[], float] = time.monotonic, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._plans: dict[str, DrillPlan] = {}
        self._records: dict[str, Drill] = {}
        self._walk: Walk | None = None
        self._before: Drill | None = None  # what a running walk is compared with
        self._now = 0.0
        self._build()

    def _build(self) -> None:
        self.header = SectionHeader("Drill a worst case", self)
        self.choice = Ledger("Worst cases", _CHOICE, 40, self)
        self.choice.show_hint(HINT)
        self.choice.moved.connect(self._on_chosen)
        self.choice.followed.connect(self._on_start)
        self.steps = Ledger("Steps of the drill", _STEPS, 38, self)
        self.steps.followed.connect(self._on_done)
        self.situation = plain_label("", theme.font(theme.DETAIL), QPalette.ColorRole.PlaceholderText)
        self.situation.setWordWrap(True)
        self.situation.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.total = plain_label("", theme.font(theme.DETAIL))
        self.total.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.start = small_button("Start the drill", self)
        self.done = small_button("Done", self)
        self.skip = small_button("Skip", self)
        self.end = small_button("End here", self)
        self.start.clicked.connect(self._on_start)
        self.done.clicked.connect(self._on_done)
        self.skip.clicked.connect(self._on_skip)
        self.end.clicked.connect(self._on_end)
        line = QHBoxLayout()
        line.setContentsMargins(3 * theme.UNIT, theme.UNIT, 3 * theme.UNIT, theme.UNIT)
        line.setSpacing(2 * theme.UNIT)
        for button in (self.start, self.done, self.skip, self.end):
            line.addWidget(button)
        line.addSpacing(2 * theme.UNIT)
        line.addWidget(self.total, 1)
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        above = QHBoxLayout()
        above.setContentsMargins(3 * theme.UNIT, 2 * theme.UNIT, 3 * theme.UNIT, theme.UNIT)
        above.addWidget(self.situation)
        right.addLayout(above)
        right.addWidget(self.steps, 1)
        right.addLayout(line)
        both = QHBoxLayout()
        both.setContentsMargins(0, 0, 0, 0)
        both.setSpacing(0)
        self.choice.setFixedWidth(_CHOICE_WIDTH)
        both.addWidget(self.choice)
        both.addLayout(right, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addLayout(both, 1)
        self.setFocusProxy(self.choice)
        self._show_buttons()

    @property
    def walk(self) -> Walk | None:
        """The walk that goes on, or the last one until another is chosen."""
        return self._walk

    @property
    def is_walking(self) -> bool:
        """Whether a walk goes on."""
        return self._walk is not None and self._walk.current is not None

    def show_drills(self, plans: dict[str, DrillPlan], records: tuple[Drill, ...], now: float) -> None:
        """Show what can be drilled and when it was last; `now` in UTC epoch seconds."""
        self._plans, self._now = plans, now
        self._records = {record.key: record for record in records}
        self._refresh()

    def _refresh(self) -> None:
        self.choice.show_rows([self._choice_row(plan) for plan in self._plans.values()])
        plan = self._plan()
        record = self._compared(plan)
        rows = (
            [self._step_row(number, step, record) for number, step in enumerate(plan.steps)] if plan else []
        )
        self.steps.show_rows(rows)
        say(self.situation, discreet(plan.situation) if plan is not None else "")
        say(self.total, self._total(plan, record))
        self.header.say_aside(_last(self._records.get(plan.key) if plan else None, self._now))
        self._show_buttons()

    def _plan(self) -> DrillPlan | None:
        if self._walk is not None:
            return self._walk.plan
        return self._plans.get(self.choice.current_key)

    def _compared(self, plan: DrillPlan | None) -> Drill | None:
        if plan is None:
            return None
        return self._before if self._walk is not None else self._records.get(plan.key)

    def _choice_row(self, plan: DrillPlan) -> Row:
        record = self._records.get(plan.key)
        when = f"walked {ago(self._now - record.at)}" if record is not None else "never walked"
        return Row(
            plan.key,
            (Cell(short(plan.title, 120), when),),
            discreet(f"{plan.title}\n{plan.situation}\n{plan.source}, as of {plan.as_of}, {plan.confidence}"),
        )

    def _step_row(self, number: int, step: DrillStep, record: Drill | None) -> Row:
        walk = self._walk
        took = walk.took[number] if walk is not None and number < len(walk.took) else None
        is_current = walk is not None and walk.current == number
        glyph, level = Glyph.WAITING, Level.UNKNOWN
        text = ""
        if is_current and walk is not None:
            glyph, text = Glyph.RUNNING, _whole(self._clock() - walk.step_began)
        elif took is not None and took < 0:
            glyph, text = Glyph.NOT_TESTED, "skipped"
        elif took is not None:
            is_slow = 0 < step.seconds * _SLOW < took
            glyph, level = (Glyph.LIMITED, Level.LIMITED) if is_slow else (Glyph.READY, Level.READY)
            text = _whole(took)
        before = (
            next((seconds for title, seconds in record.steps if title == step.title), None)
            if record
            else None
        )
        return Row(
            str(number),
            (
                Cell(glyph=glyph, level=level),
                Cell(f"{number + 1}. {short(step.title, 160)}", short(step.where, 120)),
                Cell(_whole(step.seconds) if step.seconds > 0 else "—", tone=Tone.FIGURE),
                Cell(text, tone=Tone.FIGURE),
                Cell(_said(before), tone=Tone.FIGURE),
                Cell("Done", tone=Tone.LINK, action=DONE) if is_current else Cell(),
            ),
            is_quiet=walk is not None and not is_current and took is None,
        )

    def _total(self, plan: DrillPlan | None, record: Drill | None) -> str:
        if plan is None:
            return ""
        parts = []
        if self._walk is not None:
            done = sum(seconds >= 0 for seconds in self._walk.took)
            parts.append(f"{done} of {len(plan.steps)} steps done in {_whole(self._walk.total)}")
        if plan.seconds > 0:
            parts.append(f"should take {_whole(plan.seconds)}")
        if record is not None:
            parts.append(f"last time {_whole(total(tuple(seconds for _, seconds in record.steps)))}")
        return " · ".join(parts)

    def _show_buttons(self) -> None:
        self.start.setVisible(not self.is_walking)
        self.start.setEnabled(self._plan() is not None)
        for button in (self.done, self.skip, self.end):
            button.setVisible(self.is_walking)
        self.choice.setEnabled(not self.is_walking)

    @Slot()
    def _on_start(self) -> None:
        plan = self._plans.get(self.choice.current_key)
        if plan is None or self.is_walking:
            return
        self._before = self._records.get(plan.key)
        self._walk = begin(plan, self._clock())
        self._refresh()
        self.steps.select("0")
        self.done.setFocus(Qt.FocusReason.OtherFocusReason)  # so that the space bar ends each step

    @Slot()
    def _on_done(self) -> None:
        if self._walk is not None and self.is_walking:
            self._step(self._walk.done(self._clock()))

    @Slot()
    def _on_skip(self) -> None:
        if self._walk is not None and self.is_walking:
            self._step(self._walk.skipped(self._clock()))

    @Slot()
    def _on_end(self) -> None:
        walk = self._walk
        while walk is not None and walk.current is not None:
            walk = walk.skipped(self._clock())
        if walk is not None:
            self._step(walk)

    def _step(self, walk: Walk) -> None:
        self._walk = walk
        if walk.current is not None:
            self.steps.select(str(walk.current))
        elif any(seconds >= 0 for seconds in walk.took):
            self.kept.emit(KeepDrill(walk.plan.key, walk.plan.title, walk.record()))
        self._refresh()
        if not self.is_walking:
            self.start.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(str)
    def _on_chosen(self, key: str) -> None:
        if not self.is_walking and (self._walk is None or self._walk.plan.key != key):
            self._walk = self._before = None
            self._refresh()


def _last(record: Drill | None, now: float) -> str:
    if record is None:
        return "never walked"
    done = sum(seconds >= 0 for _, seconds in record.steps)
    took = _whole(total(tuple(seconds for _, seconds in record.steps)))
    return f"walked {ago(now - record.at)}, {done} of {len(record.steps)} steps in {took}"


def _whole(seconds: float) -> str:
    whole = int(max(0.0, seconds))
    return f"{whole // 60}:{whole % 60:02d}"


def _said(seconds: float | None) -> str:
    if seconds is None:
        return "—"
    return _whole(seconds) if seconds >= 0 else "skipped"
