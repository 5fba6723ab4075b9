"""Device trust: what proves who you are, its weakest point and one fix; and the list of what weakens the desk."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from cockpit.domain import kinds
from cockpit.domain.level import Level
from cockpit.domain.trust.factors import factors_gauge
from cockpit.domain.trust.hardening import steps, weaknesses
from cockpit.domain.trust.remedies import EDIT_REGISTER, LOOK_AFTER, PROVE_FACTOR, PROVE_RECOVERY
from cockpit.domain.trust.row import TrustGroup, TrustRow, Weakness
from cockpit.domain.trust.rows import trust_rows
from cockpit.domain.trust.sign_in import lockout, push
from cockpit.domain.words import counted
from cockpit.services.intents import AcceptWeakness, SayFailedSignIn
from cockpit.services.state import DeskState
from cockpit.ui.glance import Glance
from cockpit.ui.pane import Pane, Wish
from cockpit.ui.question import Question
from cockpit.ui.text import discreet
from cockpit.ui.trust.beside import Beside
from cockpit.ui.trust.codes_page import CodesPage
from cockpit.ui.trust.controls import Explained, splitter, stacked
from cockpit.ui.trust.editing import key_of_entry
from cockpit.ui.trust.how_to import HOW_TOS, HowToSheet
from cockpit.ui.trust.offers import Offer, offers_of, word_of_offer
from cockpit.ui.trust.reasons import Reasons
from cockpit.ui.trust.register_forms import RegisterForms
from cockpit.ui.trust.rows import (
    HEIGHT,
    PLACES,
    WEAKNESSES,
    counts_of,
    row_detail,
    row_of,
    weakness_detail,
    weakness_row,
)
from cockpit.ui.trust.steps_bar import StepsBar
from cockpit.ui.trust.top_line import TopLine

ALL, HARDENING, CODES = "all", "hardening", "codes"
_PAGES = {HARDENING: 1, CODES: 2}  # every other chip filters the list of page 0
NOTHING = (
    "Nothing is known of this desk yet. Run the pre-open check, and add your devices and second factors."
)
NO_WEAKNESS = "No weakness is known: everything the list looks at is ready."


class TrustPane(Pane):
    """The list above, or the hardening list in its place; below it the reasons of the chosen line, and the gauges."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: DeskState | None = None
        self._now = 0.0
        self._zone = "UTC"
        self._rows: tuple[TrustRow, ...] = ()
        self._weak: tuple[Weakness, ...] = ()
        self.forms = RegisterForms(self)
        self.forms.sent.connect(self.sent)
        self._build()

    def _build(self) -> None:
        self.top = TopLine(self)
        self.chips = self.top.chips
        self.chips.chosen.connect(self._on_chip)
        self.top.add_wanted.connect(self.forms.add)
        self.list = Explained("Device trust, worst first", PLACES, HEIGHT, self)
        self.weak = Explained("Weaknesses, worst first", WEAKNESSES, HEIGHT, self)
        self.list.show_hint(NOTHING)
        self.weak.show_hint(NO_WEAKNESS)
        self.steps = StepsBar(self)
        for one in (self.list, self.weak):
            one.moved.connect(self._on_moved)
            one.followed.connect(self._on_followed)
            one.opened.connect(self._on_opened)
        self.pages = QStackedWidget(self)
        self.pages.addWidget(self.list)
        self.codes = CodesPage(self)
        self.pages.addWidget(stacked(self, self.steps, self.weak))
        self.pages.addWidget(self.codes)
        self.why = Reasons("Why", self)
        self.why.offered.connect(self._on_offered)
        self.why.left.connect(self._on_left)
        self.beside = Beside(self)
        self.beside.attempts.failed_at.connect(self._on_failed_at)
        self.beside.attempts.followed.connect(self._on_gauge_followed)
        below = splitter(Qt.Orientation.Horizontal, (self.why, 3), (self.beside, 2))
        above = stacked(self, self.top, self.pages)
        split = splitter(Qt.Orientation.Vertical, (above, 3), (below, 2))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(split)
        self.setFocusProxy(self.list)

    def hold_codes(self, box: QWidget) -> None:
        """Put the box of the authenticator codes into its place; it brings its own title."""
        self.codes.hold(box)

    def show_codes(self) -> None:
        """Turn to the authenticator codes."""
        self.chips.choose(CODES)

    def show_state(self, state: DeskState, found: Glance, now: float) -> None:
        seen = (state.plan, state.catalogue, state.facts.version, int(now))
        if not self._is_news(seen):
            return
        self._state, self._now, self._zone = state, now, found.zone
        asked = (state.facts, state.plan, state.catalogue, now)
        self._rows, self._weak = trust_rows(*asked), weaknesses(*asked)
        self.forms.show_register(state.plan.register)
        self.beside.show_beside(factors_gauge(*asked), push(*asked), lockout(*asked), now, found.zone)
        bad = sum(row.level is not Level.READY for row in self._rows)
        self._say_aside(f"{bad} of {counted(len(self._rows), 'line')} need care · worst first")
        self._refresh()

    def _refresh(self) -> None:
        chips = [(group.value, group.value, count) for group, count in counts_of(self._rows)]
        still_open = sum(one.accepted_at is None for one in self._weak)
        self.chips.show_chips(
            [
                (ALL, "All", len(self._rows)),
                *chips,
                (HARDENING, "Hardening", still_open),
                (CODES, "Codes", -1),
            ]
        )
        group = self.chips.current
        self.list.show_rows(
            [
                row_of(one, self._now, self._zone)
                for one in self._rows
                if group in (ALL, HARDENING, CODES) or one.group is TrustGroup(group)
            ]
        )
        # They cost more than all the rest, and stand only there.
        if self.is_hardening and self._state is not None:
            state = self._state
            self.steps.show_steps(steps(state.facts, state.plan, state.catalogue, self._now))
        self.weak.show_rows([weakness_row(one, self._now, self._zone) for one in self._weak])
        self._show_current()

    @property
    def is_hardening(self) -> bool:
        """Whether the list of weaknesses is shown."""
        return self.chips.current == HARDENING

    def _current(self) -> Explained:
        return self.weak if self.is_hardening else self.list

    def _show_current(self) -> None:
        state, key = self._state, self._current().current_key
        if state is None:
            return
        if self.is_hardening:
            weak = next((one for one in self._weak if one.key == key), None)
            if weak is None:
                self.why.show_reasons("", (), None, (), NO_WEAKNESS)
                return
            word = Offer.ACCEPT if weak.accepted_at is None else Offer.TAKE_BACK
            same = next((row for row in self._rows if row.key == key), None)
            detail = weakness_detail(weak, same, self._now, self._zone)
            self.why.show_reasons(weak.title, detail, weak.cure, (word,))
            return
        row = next((one for one in self._rows if one.key == key), None)
        if row is None:
            self.why.show_reasons("", (), None, (), NOTHING)
            return
        issued = state.facts.look(kinds.ISSUED, key)
        offers = offers_of(key, state.plan.register, is_issued=issued is not None and issued.value > 0)
        self.why.show_reasons(row.title, row_detail(row, self._now, self._zone), row.remedy, offers)

    # What is clicked in the lists

    @Slot(str)
    def _on_chip(self, key: str) -> None:
        self.pages.setCurrentIndex(_PAGES.get(key, 0))
        self.why.setVisible(key != CODES)
        if self._state is not None:
            self._refresh()

    @Slot(str)
    def _on_moved(self, key: str) -> None:
        self._show_current()

    @Slot(str)
    def _on_opened(self, key: str) -> None:
        self.why.take_keyboard()

    @Slot()
    def _on_left(self) -> None:
        self._current().setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot(str, str)
    def _on_followed(self, key: str, action: str) -> None:
        if action in (PROVE_FACTOR, PROVE_RECOVERY, LOOK_AFTER):
            self._go_to(key)
            self.why.take_keyboard(Offer.LOOKED_AFTER if action == LOOK_AFTER else Offer.PROVEN)
        elif action == EDIT_REGISTER:
            self._edit(key)
        elif action in HOW_TOS:
            HowToSheet(HOW_TOS[action], self).show()
        else:
            self.wished.emit(Wish(action, key.removeprefix("drill/")))

    def _go_to(self, key: str) -> None:
        """Show the line with this key among all; the gauge of the factors leads to the worst of them."""
        if not any(row.key == key for row in self._rows):
            factors = [row.key for row in self._rows if row.group is TrustGroup.SECOND_FACTOR]
            key = factors[0] if factors else key
        if self.chips.current in _PAGES:
            self.chips.choose(ALL)
        self.list.select(key)

    def _edit(self, key: str) -> None:
        state = self._state
        if state is None or self.forms.edit(key_of_entry(state.plan.register, key)):
            return
        self.forms.add("factor" if key == "factors" else "recovery" if key == "recovery" else "credential")

    # What is said about a line

    @Slot(str)
    def _on_offered(self, offer: str) -> None:
        key, state = self._current().current_key, self._state
        if state is None or not key:
            return
        match Offer(offer):
            case Offer.FIX:
                row = self._current().row(self._current().currentIndex())
                if row is not None and row.action:
                    self._on_followed(key, row.action)
            case Offer.EDIT:
                self._edit(key)
            case Offer.REMOVE:
                self.forms.remove(key)
            case Offer.ACCEPT:
                self._accept(key)
            case word:
                intent = word_of_offer(word, key, self._now)
                if intent is not None:
                    self.sent.emit(intent)

    def _accept(self, key: str) -> None:
        weak = next((one for one in self._weak if one.key == key), None)
        if weak is None:
            return
        words = (
            f"Accept as of today: {discreet(weak.title)}?\n\n{discreet(weak.sentence)}.\n\n"
            "It stays in the list with the date. No level becomes better by it, and after a year it is asked again."
        )
        asked = Question("Accept a weakness", words, AcceptWeakness(key), self)
        asked.answered.connect(self.sent)
        asked.open()

    @Slot(str)
    def _on_failed_at(self, place: str) -> None:
        self.sent.emit(SayFailedSignIn(place))

    @Slot(str)
    def _on_gauge_followed(self, action: str) -> None:
        self._on_followed("", action)
