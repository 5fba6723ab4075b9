"""Credentials: what lets programs in and what is wrong with it, who uses which client id, and the ways back in."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from cockpit.domain import kinds
from cockpit.domain.level import Level
from cockpit.domain.trust.credentials import WEB_API, CredentialRow, credential_rows
from cockpit.domain.trust.findings import credential_findings
from cockpit.domain.trust.recovery import recovery_rows
from cockpit.domain.trust.remedies import (
    EDIT_REGISTER,
    LOOK_AFTER,
    PRINT_RUNBOOK,
    PROVE_RECOVERY,
)
from cockpit.domain.trust.row import TrustRow, Weakness
from cockpit.domain.words import counted
from cockpit.services.state import DeskState
from cockpit.ui import theme
from cockpit.ui.credentials.rows import (
    ACCESS,
    FINDINGS,
    HEIGHT,
    IDS,
    WAYS,
    access_detail,
    access_row,
    finding_detail,
    finding_row,
    id_rows,
    way_row,
)
from cockpit.ui.glance import Glance
from cockpit.ui.pane import Pane, Wish
from cockpit.ui.rehearsals.drill_view import DrillView
from cockpit.ui.trust.controls import Chips, Explained, splitter, stacked
from cockpit.ui.trust.editing import DESK, key_of_entry
from cockpit.ui.trust.how_to import HOW_TOS, HowToSheet
from cockpit.ui.trust.offers import Offer, offers_of, word_of_offer
from cockpit.ui.trust.reasons import Reasons
from cockpit.ui.trust.register_forms import RegisterForms
from cockpit.ui.trust.rows import row_detail
from cockpit.ui.widgets.ledger import Place
from cockpit.ui.widgets.section_header import SectionHeader
from cockpit.ui.widgets.small_button import small_button

RECONNECT = "reconnect"
ACCESS_PAGE, IDS_PAGE, WAYS_PAGE, DRILL_PAGE = "access", "ids", "ways", "drill"
_PAGES = (ACCESS_PAGE, IDS_PAGE, WAYS_PAGE, DRILL_PAGE)
DRILL = "phone-lost"  # the keys of drills with a lost phone begin so
NO_ACCESS = "No programmatic access is registered. Add what lets programs in: who owns it and what it may do."
NO_FINDING = "No finding: nothing is shared, too wide, too old or about to end."
NO_IDS = "No API socket and no client id is registered."


class CredentialsPane(Pane):
    """Pages by chips: findings over the inventory, client ids, ways back in, and the drill of a lost phone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: DeskState | None = None
        self._now = 0.0
        self._zone = "UTC"
        self._found: tuple[Weakness, ...] = ()
        self._access: tuple[CredentialRow, ...] = ()
        self._ways: tuple[TrustRow, ...] = ()
        self.forms = RegisterForms(self)
        self.forms.sent.connect(self.sent)
        self._build()

    def _build(self) -> None:
        self.chips = Chips("Which page", self)
        self.chips.chosen.connect(self._on_chip)
        self.add = small_button("Add a credential …", self)
        self.add.clicked.connect(self._on_add)
        self.desk = small_button("Desk's username …", self)
        self.desk.clicked.connect(self._on_desk)
        self.runbook = small_button("Print the runbook", self)
        self.runbook.clicked.connect(self._on_runbook)
        top = QHBoxLayout()
        top.setContentsMargins(0, 0, 3 * theme.UNIT, 0)
        top.setSpacing(2 * theme.UNIT)
        top.addWidget(self.chips, 1)
        top.addWidget(self.desk)
        top.addWidget(self.runbook)
        top.addWidget(self.add)
        self.findings = self._table("Findings, worst first", FINDINGS, NO_FINDING)
        self.access = self._table("Programmatic access, worst first", ACCESS, NO_ACCESS)
        self.ids = self._table("Client ids and who uses them", IDS, NO_IDS)
        self.ways = self._table("Ways back in", WAYS, "")
        self._now_in = self.findings  # the table whose line is explained
        self.findings_header = SectionHeader("Findings", self)
        self.access_header = SectionHeader("Inventory", self)
        self.drill = DrillView(parent=self)
        self.drill.kept.connect(self.sent)
        self.pages = QStackedWidget(self)
        self.pages.addWidget(
            splitter(
                Qt.Orientation.Vertical,
                (stacked(self, self.findings_header, self.findings), 2),
                (stacked(self, self.access_header, self.access), 3),
            )
        )
        for page in (self.ids, self.ways, self.drill):
            self.pages.addWidget(page)
        self.why = Reasons("Why", self)
        self.why.offered.connect(self._on_offered)
        self.why.left.connect(self._on_left)
        above = stacked(self, top, self.pages)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(splitter(Qt.Orientation.Vertical, (above, 5), (self.why, 2)))
        self.setFocusProxy(self.findings)

    def _table(self, name: str, places: tuple[Place, ...], hint: str) -> Explained:
        made = Explained(name, places, HEIGHT, self)
        made.show_hint(hint)
        made.moved.connect(self._on_moved)
        made.turned_to.connect(self._on_turned_to)
        made.followed.connect(self._on_followed)
        made.opened.connect(self._on_opened)
        return made

    def show_state(self, state: DeskState, found: Glance, now: float) -> None:
        seen = (state.plan, state.catalogue, state.facts.version, state.drills, int(now))
        if not self._is_news(seen):
            return
        self._state, self._now, self._zone = state, now, found.zone
        self._found = credential_findings(state.facts, state.plan, now)
        self._access = credential_rows(state.facts, state.plan, now)
        self._ways = recovery_rows(state.facts, state.plan, state.catalogue, now)
        self.forms.show_register(state.plan.register)
        self.findings.show_rows([finding_row(one) for one in self._found])
        self.access.show_rows([access_row(one, state.plan.register, now) for one in self._access])
        self.ids.show_rows(id_rows(state.facts, state.plan))
        self.ways.show_rows([way_row(one, now) for one in self._ways])
        plans = {key: plan for key, plan in state.catalogue.drills.items() if key.startswith(DRILL)}
        self.drill.show_drills(plans, state.drills, now)
        self._say(state)
        self._show_current()

    def _say(self, state: DeskState) -> None:
        self.chips.show_chips(
            [
                (ACCESS_PAGE, "Access", len(self._access)),
                (IDS_PAGE, "Client ids", len(self.ids.rows)),
                (WAYS_PAGE, "Ways back in", len(state.plan.register.recovery)),
                (DRILL_PAGE, "Drill: phone lost", -1),
            ]
        )
        due = sum(one.level is not Level.READY for one in self._access)
        self.findings_header.say_aside(f"{len(self._found)}, worst first" if self._found else "none")
        care = f"{due} of {len(self._access)} need care" if self._access else "nothing registered"
        self.access_header.say_aside(f"{care} · no secret is kept here")
        self._say_aside(counted(len(self._found), "finding"))

    def _show_current(self) -> None:
        state, key, now = self._state, self._now_in.current_key, self._now
        if state is None:
            return
        if self._now_in is self.findings and not self._found:
            self._now_in, key = self.access, self.access.current_key
        weak = next((one for one in self._found if one.key == key), None)
        credential = next((one for one in self._access if one.key == key), None)
        way = next((one for one in self._ways if one.key == key), None)
        register = state.plan.register
        offers: tuple[Offer, ...]
        if self._now_in is self.findings and weak is not None:
            offers = (Offer.EDIT,) if key_of_entry(register, key) else ()
            self.why.show_reasons(weak.title, finding_detail(weak), weak.cure, offers)
        elif credential is not None:
            offers = offers_of(key, register)
            self.why.show_reasons(
                credential.credential.name,
                access_detail(credential, self._now, self._zone),
                credential.remedy,
                offers,
            )
        elif way is not None:
            issued = state.facts.look(kinds.ISSUED, key)
            offers = offers_of(key, register, is_issued=issued is not None and issued.value > 0)
            self.why.show_reasons(way.title, row_detail(way, now, self._zone), way.remedy, offers)
        else:
            self.why.show_reasons("", (), None, (), NO_FINDING if self._now_in is self.access else "")

    # What is clicked in the tables

    @Slot(str)
    def _on_chip(self, key: str) -> None:
        self.pages.setCurrentIndex(_PAGES.index(key))
        self.why.setVisible(key != DRILL_PAGE)
        self._now_in = {IDS_PAGE: self.ids, WAYS_PAGE: self.ways}.get(key, self.findings)
        self.add.setText("Add a way back in …" if key == WAYS_PAGE else "Add a credential …")
        self._show_current()

    @Slot(str)
    def _on_moved(self, key: str) -> None:
        self._show_current()

    @Slot()
    def _on_turned_to(self) -> None:
        """Explain the table that has the keyboard; another one whose lines change by themselves is left alone."""
        entered = self.sender()
        if isinstance(entered, Explained):
            self._now_in = entered
            self._show_current()

    @Slot(str)
    def _on_opened(self, key: str) -> None:
        self.why.take_keyboard()

    @Slot()
    def _on_left(self) -> None:
        self._now_in.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot(str, str)
    def _on_followed(self, key: str, action: str) -> None:
        state = self._state
        if action in (PROVE_RECOVERY, LOOK_AFTER):
            self.ways.select(key)
            self.why.take_keyboard(Offer.LOOKED_AFTER if action == LOOK_AFTER else Offer.PROVEN)
        elif action == EDIT_REGISTER and state is not None:
            if not self.forms.edit(key_of_entry(state.plan.register, key)):
                self.forms.add("recovery" if self._now_in is self.ways else "credential")
        elif action in HOW_TOS:
            HowToSheet(HOW_TOS[action], self).show()
        else:
            self.wished.emit(Wish(action, WEB_API if action == RECONNECT else key))

    @Slot(str)
    def _on_offered(self, offer: str) -> None:
        key, state = self._now_in.current_key, self._state
        if state is None or not key:
            return
        match Offer(offer):
            case Offer.FIX:
                row = self._now_in.row(self._now_in.currentIndex())
                action = self._fix_of(key) if row is None else row.action or self._fix_of(key)
                if action:
                    self._on_followed(key, action)
            case Offer.EDIT:
                self.forms.edit(key_of_entry(state.plan.register, key))
            case Offer.REMOVE:
                self.forms.remove(key)
            case word:
                intent = word_of_offer(word, key, self._now)
                if intent is not None:
                    self.sent.emit(intent)

    def _fix_of(self, key: str) -> str:
        """The inventory has no room for a link: its fix stands in the reasons only."""
        one = next((one for one in self._access if one.key == key), None)
        return one.remedy.action if one is not None and one.remedy is not None else ""

    @Slot()
    def _on_add(self) -> None:
        self.forms.add("recovery" if self._now_in is self.ways else "credential")

    @Slot()
    def _on_desk(self) -> None:
        self.forms.edit(DESK)

    @Slot()
    def _on_runbook(self) -> None:
        self.wished.emit(Wish(PRINT_RUNBOOK))
