"""Horizon: being built."""

from __future__ import annotations

from cockpit.services.state import DeskState
from cockpit.ui.glance import Glance
from cockpit.ui.pane import Pane


class HorizonPane(Pane):
    """Horizon."""

    def show_state(self, state: DeskState, found: Glance, now: float) -> None:
        """Show nothing yet."""
