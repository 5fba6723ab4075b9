"""Why a line has its level: everything it rests on, the fix in words, and what can be said about it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from cockpit.domain.remedy import Remedy
from cockpit.domain.trust.remedies import EDIT_REGISTER, LOOK_AFTER, PROVE_FACTOR, PROVE_RECOVERY
from cockpit.ui import theme
from cockpit.ui.actions import link_of
from cockpit.ui.order_grid.wrap import WrapLayout
from cockpit.ui.text import button_text, discreet, plain_label, say, short
from cockpit.ui.trust.offers import Offer
from cockpit.ui.trust.reason_list import ReasonList
from cockpit.ui.trust.rows import takes
from cockpit.ui.widgets.section_header import SectionHeader
from cockpit.ui.widgets.small_button import small_button


class Reasons(QWidget):
    """The panel below a list. Backspace or Escape leads back to the list."""

    offered = Signal(str)  # an Offer
    left = Signal()

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._shown: tuple[object, ...] = ()
        self.header = SectionHeader(title, self)
        self.list = ReasonList(title, self)
        self.cure = plain_label("", theme.font(theme.DETAIL))
        self.cure.setWordWrap(True)
        self.cure.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.cure.setContentsMargins(3 * theme.UNIT, 2 * theme.UNIT, 3 * theme.UNIT, 0)
        self._bar = QWidget(self)
        bar = WrapLayout(self._bar)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self._bar.setSizePolicy(policy)
        self.buttons: dict[Offer, QPushButton] = {}
        for offer in Offer:
            made = small_button(offer.value, self._bar)
            made.setObjectName(offer.name)
            made.clicked.connect(self._on_clicked)
            made.hide()
            bar.addWidget(made)
            self.buttons[offer] = made
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.cure)
        layout.addWidget(self._bar)
        self.setFocusProxy(self.list)

    def show_reasons(
        self,
        title: str,
        detail: Sequence[str],
        remedy: Remedy | None,
        offers: Sequence[Offer],
        hint: str = "",
    ) -> None:
        """Show what a line rests on, its fix, and what can be said about it."""
        shown = (title, tuple(detail), remedy, tuple(offers), hint)
        if shown == self._shown:
            return
        self._shown = shown
        self.header.say_aside(short(title, 80))
        self.list.show_hint(hint)
        self.list.show_reasons(detail)
        say(self.cure, f"Fix: {discreet(remedy.sentence)}" if remedy is not None else "")
        self.cure.setVisible(remedy is not None)
        link = link_of(remedy.action) if remedy is not None and remedy.action else ""
        for offer, made in self.buttons.items():
            made.setVisible(offer in offers)
        fix = self.buttons[Offer.FIX]
        fix.setVisible(bool(link) and not _is_said(remedy, offers))
        fix.setText(button_text(f"{link}{takes(remedy)}" if remedy is not None else ""))
        self._bar.setVisible(bool(link) or bool(offers))

    def take_keyboard(self, offer: Offer | None = None) -> None:
        """Give the keyboard to a button, or to the first thing that can be done."""
        shown = [one for kind, one in self.buttons.items() if not one.isHidden() and offer in (None, kind)]
        (shown[0] if shown else self.list).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Escape):
            self.left.emit()
            return
        super().keyPressEvent(event)

    @Slot()
    def _on_clicked(self) -> None:
        clicked = self.sender()
        if clicked is not None:
            self.offered.emit(Offer[clicked.objectName()].value)


def _is_said(remedy: Remedy | None, offers: Sequence[Offer]) -> bool:
    """Whether another button of the panel already does what the fix would lead to."""
    match remedy.action if remedy is not None else "":
        case action if action in (PROVE_FACTOR, PROVE_RECOVERY):
            return Offer.PROVEN in offers
        case action if action == LOOK_AFTER:
            return Offer.LOOKED_AFTER in offers
        case action:
            return action == EDIT_REGISTER and Offer.EDIT in offers
