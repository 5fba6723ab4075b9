"""What one flow says of itself: title, objective, interface, venue, prices it needs; and the rule's advice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from cockpit.domain.calendar import VENUE_NAMES, venue_name
from cockpit.domain.interface import Interface
from cockpit.domain.level import Level
from cockpit.domain.matching import Matching, Suggestion, suggest
from cockpit.domain.plan import Flow, Instrument, Objective
from cockpit.domain.tickets.known import Known
from cockpit.domain.tickets.reader import parse
from cockpit.ui import theme
from cockpit.ui.order_grid.controls import Picker
from cockpit.ui.order_grid.wrap import WrapLayout
from cockpit.ui.playbook.controls import HEIGHT, Says, button, field
from cockpit.ui.playbook.words import INTERFACES
from cockpit.ui.text import button_text, discreet, plain_label, short

_LONGEST_TITLE = 120


class FlowBox(QWidget):
    """The fields of one flow."""

    edited = Signal(Flow)  # as the trader wants it
    prices_wanted = Signal(tuple)  # of Instrument

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._flow: Flow | None = None
        self._known: Known | None = None
        self._suggestion: Suggestion | None = None
        self.title = QLineEdit(self)
        self.objective = Picker("Objective", self, 22)
        self.interface = Picker("Preferred interface", self, 15)
        self.venue = Picker("Venue open", self, 8)
        self.prices = field("Live prices of", self, 170, "SPX, ESZ6")
        self.advice = Says(self)
        self.take = button("", self, self._on_take)
        self._build()

    def _build(self) -> None:
        self.title.setAccessibleName("Title of the flow")
        self.title.setFont(theme.font(theme.LARGE, bold=True))
        self.title.setMaxLength(_LONGEST_TITLE)
        self.title.setFixedHeight(32)
        self.title.editingFinished.connect(self._on_title)
        self.objective.offer([(one.value, one.value.capitalize()) for one in Objective])
        self.interface.offer([(one.value, INTERFACES[one]) for one in Interface])
        for picker in (self.objective, self.interface, self.venue):
            picker.currentIndexChanged.connect(self._on_picked)
        self.prices.editingFinished.connect(self._on_prices)
        fields = QWidget(self)
        row = WrapLayout(fields)
        row.setContentsMargins(0, 0, 0, 0)
        for name, widget in (
            ("For", self.objective),
            ("through", self.interface),
            ("before", self.venue),
            ("with live prices of", self.prices),
        ):
            row.addWidget(_named(name, widget, fields))
        advice = QHBoxLayout()
        advice.setSpacing(2 * theme.UNIT)
        advice.addWidget(self.advice, 1)
        advice.addWidget(self.take, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3 * theme.UNIT, 2 * theme.UNIT, 3 * theme.UNIT, theme.UNIT)
        layout.setSpacing(2 * theme.UNIT)
        layout.addWidget(self.title)
        layout.addWidget(fields)
        layout.addLayout(advice)

    def show_flow(self, flow: Flow, known: Known, venues: Sequence[str]) -> None:
        """Show a flow. A field that is being typed in keeps what stands in it."""
        is_other = self._flow is None or self._flow.key != flow.key
        self._known = known
        offered = dict.fromkeys((*venues, *VENUE_NAMES, flow.venue))
        for picker in (self.objective, self.interface, self.venue):
            picker.blockSignals(True)
        self.venue.offer([(code, venue_name(code) if code else "None") for code in offered])
        self.objective.choose(flow.objective.value)
        self.interface.choose(flow.interface.value)
        self.venue.choose(flow.venue)
        for picker in (self.objective, self.interface, self.venue):
            picker.blockSignals(False)
        if is_other or not self.title.isModified():
            self.title.setText(flow.title)
        if is_other or not self.prices.isModified():
            self.prices.setText(", ".join(flow.instruments))
        self._flow = flow

    def show_advice(self, rules: Sequence[Matching], levels: Mapping[Interface, Level]) -> None:
        """Say which interface the matching rule suggests for the flow's objective, and why."""
        if self._flow is None:
            return
        objective = self._flow.objective
        found = self._suggestion = suggest(objective, rules, levels)
        if found is None:
            self.advice.show_sentence(None, f"No rule names an interface for {objective.value}.")
            self.take.hide()
            return
        reason = discreet(found.reason)
        self.advice.show_sentence(
            found.level,
            f"For {objective.value}: {INTERFACES[found.interface]} ({found.level.value} now). {reason}",
        )
        self.take.setText(button_text(f"Prefer {INTERFACES[found.interface]}"))
        self.take.setVisible(found.interface is not self._flow.interface)

    def _on_title(self) -> None:
        title = " ".join(self.title.text().split())
        if self._flow is not None and self.title.isModified() and title:
            self.title.setModified(False)
            self.edited.emit(replace(self._flow, title=title))

    def _on_picked(self) -> None:
        if self._flow is not None:
            self.edited.emit(
                replace(
                    self._flow,
                    objective=Objective(self.objective.key),
                    interface=Interface(self.interface.key),
                    venue=self.venue.key,
                )
            )

    def _on_take(self) -> None:
        if self._flow is not None and self._suggestion is not None:
            self.edited.emit(replace(self._flow, interface=self._suggestion.interface))

    def _on_prices(self) -> None:
        """Read the contracts between the commas; one that cannot be read leaves the field as it is and says so."""
        known = self._known
        if known is None or not self.prices.isModified():
            return
        found: list[Instrument] = []
        for word in (part.strip() for part in self.prices.text().split(",")):
            if not word:
                continue
            parsed = parse(f"BUY 1 {word} MKT", known)
            if parsed.ticket is None or parsed.ticket.legs:
                self.advice.show_sentence(
                    Level.BLOCKED, f"Prices: {short(word)} is no contract the program knows."
                )
                return
            found.extend(parsed.instruments)
        self.prices.setModified(False)
        self.prices_wanted.emit(tuple(found))


def _named(name: str, widget: QWidget, parent: QWidget) -> QWidget:
    made = QWidget(parent)
    made.setFixedHeight(HEIGHT)
    layout = QHBoxLayout(made)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(theme.UNIT + 2)
    layout.addWidget(plain_label(name, theme.font(theme.SMALL), QPalette.ColorRole.PlaceholderText, made))
    layout.addWidget(widget)
    return made
