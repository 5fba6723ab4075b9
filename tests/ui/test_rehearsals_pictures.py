"""The rehearsals pane looks as it did when somebody last looked at it."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cockpit.services.state import DeskState
from cockpit.ui import theme
from cockpit.ui.glance import glance
from cockpit.ui.panes.rehearsals import RehearsalsPane
from tests.ui import rehearsal_states
from tests.ui.conftest import Compare, settle, show_pane
from tests.ui.states import NOW

SIZE = (1060, 640)


def shown(qtbot: QtBot, state: DeskState, size: tuple[int, int] = SIZE) -> RehearsalsPane:
    return show_pane(qtbot, RehearsalsPane(), state, size)


@pytest.mark.parametrize("tokens", [theme.DARK, theme.LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize("state", rehearsal_states.STATES)
def test_the_rehearsals_look_as_pictured(
    qapp: QApplication, qtbot: QtBot, same_picture: Compare, state: str, tokens: theme.Tokens
) -> None:
    theme.apply(qapp, tokens)
    pane = shown(qtbot, rehearsal_states.STATES[state]())
    same_picture(pane, f"rehearsals-{state}-{tokens.name}")


def test_a_running_drill_looks_as_pictured(qtbot: QtBot, same_picture: Compare) -> None:
    pane = shown(qtbot, rehearsal_states.evening())
    seconds = [0.0]
    pane.drill._clock = lambda: seconds[0]
    pane.drill.start.click()
    seconds[0] = 17.0
    pane.drill.done.click()
    seconds[0] = 50.0
    pane.drill.done.click()
    pane.drill.skip.click()
    seconds[0] = 83.0
    pane.show_state(rehearsal_states.evening(), glance(rehearsal_states.evening(), NOW), NOW + 1)
    settle()
    same_picture(pane.drill, "rehearsals-drill")


def test_a_narrow_rehearsals_pane_cuts_words_and_never_overlaps_them(
    qtbot: QtBot, same_picture: Compare
) -> None:
    same_picture(shown(qtbot, rehearsal_states.evening(), (640, 560)), "rehearsals-narrow")
