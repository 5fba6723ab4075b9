"""The horizon looks as it did when somebody last looked at it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cockpit.ui import theme
from cockpit.ui.glance import glance
from cockpit.ui.horizon.box import HorizonBox
from cockpit.ui.horizon.scale import Zoom
from tests.ui import horizon_states
from tests.ui.conftest import Compare, settle
from tests.ui.horizon_panes import make_pane
from tests.ui.states import NOW

THEMES = pytest.mark.parametrize("tokens", [theme.DARK, theme.LIGHT], ids=["dark", "light"])


@THEMES
@pytest.mark.parametrize("state", horizon_states.STATES)
def test_the_horizon_looks_as_pictured(
    qapp: QApplication, qtbot: QtBot, same_picture: Compare, state: str, tokens: theme.Tokens
) -> None:
    theme.apply(qapp, tokens)
    same_picture(make_pane(qtbot, horizon_states.STATES[state]()), f"horizon-{state}-{tokens.name}")


@pytest.mark.parametrize("zoom", [Zoom.DAY, Zoom.MONTH], ids=["day", "month"])
def test_a_nearer_and_a_farther_line_look_as_pictured(
    qtbot: QtBot, same_picture: Compare, zoom: Zoom
) -> None:
    pane = make_pane(qtbot, horizon_states.colliding_week())
    pane.controls.choose_zoom(zoom)
    settle()
    same_picture(pane, f"horizon-{zoom.name.lower()}")


def test_a_narrow_horizon_cuts_words_and_never_overlaps_them(qtbot: QtBot, same_picture: Compare) -> None:
    same_picture(make_pane(qtbot, horizon_states.colliding_week(), (560, 640)), "horizon-narrow")


@THEMES
def test_the_small_horizon_looks_as_pictured(
    qapp: QApplication, qtbot: QtBot, same_picture: Compare, tokens: theme.Tokens
) -> None:
    theme.apply(qapp, tokens)
    box = HorizonBox()
    qtbot.addWidget(box)
    box.resize(556, 128)
    box.show()
    state = horizon_states.calm_week()
    box.show_state(state, glance(state, NOW), NOW)
    settle()
    same_picture(box, f"horizon-box-{tokens.name}")


def test_the_current_mark_and_the_current_line_show_where_the_keyboard_is(
    qtbot: QtBot, same_picture: Compare
) -> None:
    pane = make_pane(qtbot, horizon_states.colliding_week())
    pane.line.setFocus()
    QTest.keyClick(pane.line, Qt.Key.Key_End)
    settle()
    same_picture(pane, "horizon-keyboard")
