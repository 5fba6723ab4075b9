"""Rehearsals: what the broker would say to each ticket of the playbook, and worst cases walked through beforehand."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from cockpit.domain.permission import words_of
from cockpit.domain.words import counted, zone_letters
from cockpit.services.intents import Intent, Rehearse, RepeatRehearsals, StopRehearsals
from cockpit.services.state import DeskState
from cockpit.ui import theme
from cockpit.ui.actions import WHAT_IF_COST
from cockpit.ui.glance import Glance
from cockpit.ui.pane import Pane, Wish
from cockpit.ui.question import Question
from cockpit.ui.rehearsals.drill_view import DrillView
from cockpit.ui.rehearsals.rows import PLACES, Queue, queue_of, read_only_door, rows_of, tickets_of
from cockpit.ui.text import discreet, plain_label, say, short
from cockpit.ui.widgets.elided_label import ElidedLabel
from cockpit.ui.widgets.ledger import Ledger
from cockpit.ui.widgets.small_button import small_button

_TIME = re.compile(r"([01]?\d|2[0-3]):[0-5]\d")
HINT = "The playbook has no tickets yet. Add some in the Playbook pane, then rehearse them here."


class RehearsalsPane(Pane):
    """The tickets with their last what-if above, the drill below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: DeskState | None = None
        self._now = 0.0
        self._build()

    def _build(self) -> None:
        self.list = Ledger("Rehearsed tickets", PLACES, 42, self)
        self.list.show_hint(HINT)
        self.list.followed.connect(self._on_rehearse)
        self.drill = DrillView(parent=self)
        self.drill.kept.connect(self.sent)
        self.all = small_button("Rehearse all …", self)
        self.stop = small_button("Stop", self)
        self.repeat = small_button("Repeat daily …", self)
        self.queue = ElidedLabel("", QPalette.ColorRole.PlaceholderText, self)
        self.queue.setFont(theme.font(theme.DETAIL))
        self.at = QLineEdit(self)
        self.at.setAccessibleName("Time of day for the daily rehearsal, such as 08:15")
        self.at.setPlaceholderText("08:15")
        self.at.setMaxLength(5)
        self.at.setFixedWidth(72)
        self.zone = plain_label("", theme.font(theme.SMALL), QPalette.ColorRole.PlaceholderText)
        self.all.clicked.connect(self._on_all)
        self.stop.clicked.connect(self._on_stop)
        self.repeat.clicked.connect(self._on_repeat)
        self.at.returnPressed.connect(self._on_repeat)
        self.at.textChanged.connect(self._on_typed)
        line = QHBoxLayout()
        line.setContentsMargins(3 * theme.UNIT, 2 * theme.UNIT, 3 * theme.UNIT, 2 * theme.UNIT)
        line.setSpacing(2 * theme.UNIT)
        line.addWidget(self.all)
        line.addWidget(self.stop)
        line.addSpacing(theme.UNIT)
        line.addWidget(self.queue, 1)
        line.addWidget(self.zone)
        line.addWidget(self.at)
        line.addWidget(self.repeat)
        self.whole = plain_label("", theme.font(theme.DETAIL), QPalette.ColorRole.PlaceholderText)
        self.whole.setWordWrap(True)
        self.whole.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.whole.setContentsMargins(3 * theme.UNIT, theme.UNIT, 3 * theme.UNIT, theme.UNIT)
        self.list.moved.connect(self._on_moved)
        above = QWidget(self)
        upper = QVBoxLayout(above)
        upper.setContentsMargins(0, 0, 0, 0)
        upper.setSpacing(0)
        upper.addLayout(line)
        upper.addWidget(self.list, 1)
        upper.addWidget(self.whole)
        self._split = QSplitter(Qt.Orientation.Vertical, self)
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(2 * theme.UNIT)
        self._split.addWidget(above)
        self._split.addWidget(self.drill)
        self._split.setStretchFactor(0, 1)
        self._split.setStretchFactor(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._split)
        self.setFocusProxy(self.list)

    def show_state(self, state: DeskState, found: Glance, now: float) -> None:
        seen = (
            state.plan,
            state.catalogue,
            state.facts.version,
            state.rehearsals,
            state.rehearsing,
            state.rehearses_at,
            state.drills,
            int(now),
        )
        if not self._is_news(seen):
            return
        self._state, self._now = state, now
        queue = queue_of(state, now)
        door = read_only_door(state, now)
        tickets = tickets_of(state)
        self.list.show_rows(rows_of(state, now))
        self._on_moved(self.list.current_key)
        self._show_line(state, queue, door, now)
        asked = {one.ticket for one in state.rehearsals}
        proven = sum(ticket.key in asked for _, ticket in tickets)
        self._say_aside(f"{proven} of {counted(len(tickets), 'ticket')} rehearsed")
        self.all.setEnabled(bool(tickets) and not door)
        self.stop.setVisible(bool(queue.waiting))
        self.drill.show_drills(state.catalogue.drills, state.drills, now)

    def _show_line(self, state: DeskState, queue: Queue, door: str, now: float) -> None:
        if door:
            self.queue.set_text(
                f"{short(door)} has a read-only API: a what-if would raise a dialog there and bring no answer."
            )
        else:
            self.queue.set_text(queue.sentence)
        letters = zone_letters(now, state.plan.zone)
        is_set = bool(state.rehearses_at)
        say(self.zone, f"each day at {state.rehearses_at} {letters}" if is_set else f"each day, {letters}")
        self.at.setVisible(not is_set)
        self.repeat.setText("End it" if is_set else "Repeat …")
        self._on_typed()

    @Slot(str)
    def _on_moved(self, key: str) -> None:
        """Say the whole of the current line below: its cells are cut, and nothing is told by hovering alone."""
        row = next((row for row in self.list.rows if row.key == key), None)
        say(self.whole, row.tooltip if row is not None else "")

    @Slot()
    def _on_typed(self) -> None:
        is_set = self._state is not None and bool(self._state.rehearses_at)
        self.repeat.setEnabled(is_set or _TIME.fullmatch(self.at.text().strip()) is not None)

    @Slot(str, str)
    def _on_rehearse(self, key: str, action: str) -> None:
        state = self._state
        if state is None:
            return
        for flow, ticket in tickets_of(state):
            if ticket.key == key:
                socket = state.plan.socket_of(flow)
                through = f" through {short(socket.title)}" if socket is not None else ""
                sentence = f"Send a what-if of this ticket{through}?\n\n{discreet(words_of(ticket))}\n\n{WHAT_IF_COST}"
                self._ask("Rehearse a ticket", sentence, Rehearse(key, confirmed=True))
                return

    @Slot()
    def _on_all(self) -> None:
        self.wished.emit(Wish("rehearse-all"))  # the window asks first: so it does from menu and palette too

    @Slot()
    def _on_stop(self) -> None:
        self.sent.emit(StopRehearsals())

    @Slot()
    def _on_repeat(self) -> None:
        if self._state is None or not self.repeat.isEnabled():
            return
        if self._state.rehearses_at:
            self.sent.emit(RepeatRehearsals(""))
            return
        at = self.at.text().strip().rjust(5, "0")
        letters = zone_letters(self._now, self._state.plan.zone)
        sentence = (
            f"Send a what-if of every ticket of the playbook each day at {at} {letters}, one a minute, while the "
            f"cockpit runs?\n\n{WHAT_IF_COST}"
        )
        self._ask("Repeat the rehearsals", sentence, RepeatRehearsals(at, confirmed=True))

    def _ask(self, title: str, sentence: str, intent: Intent) -> None:
        question = Question(title, sentence, intent, self)
        question.answered.connect(self.sent)
        question.open()
