"""The bar at the bottom: what the program really did to the broker's session, where secrets live, two keys."""

from __future__ import annotations

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QWidget

from cockpit.domain.readiness import HarmCount
from cockpit.domain.words import counted
from cockpit.services.state import DeskState
from cockpit.ui import theme
from cockpit.ui.text import plain_label, say, short, tooltip
from cockpit.ui.widgets.elided_label import ElidedLabel

_HEIGHT = 26
KEYS = "Ctrl+K commands     Ctrl+M strip     ? keys"


class HarmBar(QWidget):
    """The do-no-harm meter and its neighbours."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(_HEIGHT)
        small, dim = theme.font(theme.DETAIL), QPalette.ColorRole.PlaceholderText
        self._meter = plain_label("", small, dim)
        self._vault = ElidedLabel("", dim)
        self._vault.setFont(small)
        self._law = plain_label("Never sends a live order", small, dim)
        self._keys = plain_label(KEYS, small, dim)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(3 * theme.UNIT, 0, 3 * theme.UNIT, 0)
        layout.setSpacing(5 * theme.UNIT)
        layout.addWidget(self._meter)
        layout.addWidget(self._vault)
        layout.addWidget(self._law)
        layout.addStretch(1)
        layout.addWidget(self._keys)

    def show_state(self, state: DeskState) -> None:
        """Show the counts of a state."""
        say(self._meter, meter(state.harm))
        self._meter.setToolTip(tooltip(meter_detail(state.harm)))
        self._vault.set_text(f"Keychain: {short(state.vault, 60)}")


def meter(harm: HarmCount) -> str:
    """Say the meter in one line."""
    return (
        f"Do no harm: {counted(harm.client_ids, 'client id')} · {harm.lines}/{harm.line_limit} lines · "
        f"{counted(harm.sessions_taken, 'session')} taken · {counted(harm.dialogs, 'dialog')} caused"
    )


def meter_detail(harm: HarmCount) -> str:
    """Say the rest of what was counted since the program started."""
    lines = [
        f"{counted(harm.messages, 'message')} sent since start",
        f"at most {counted(harm.most_lines, 'market-data line')} at once",
        f"{counted(harm.what_ifs, 'what-if')} asked",
        f"{counted(harm.refused, 'probe')} refused by the budget",
        *harm.notes,
    ]
    return "\n".join(lines)
