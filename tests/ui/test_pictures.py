"""Pictures: the screen is what it was when somebody last looked at it and found it good."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from cockpit.ui import theme
from cockpit.ui.bridge import Bridge
from cockpit.ui.first_start import DoorUse
from cockpit.ui.strip import Strip
from tests.ui import states
from tests.ui.conftest import Compare, MakeWindow, settle
from tests.ui.doors import DOORS


@pytest.mark.parametrize(
    "state", ["calm-morning", "index-delayed", "tws-down", "half-way", "nothing-known", "restored"]
)
def test_the_window_shows_each_morning_as_pictured(
    make_window: MakeWindow, same_picture: Compare, state: str
) -> None:
    same_picture(make_window(states.STATES[state]()), f"window-{state}")


@pytest.mark.parametrize("tokens", [theme.DARK, theme.LIGHT], ids=["dark", "light"])
def test_the_window_looks_as_pictured_in_both_themes(
    qapp: QApplication, make_window: MakeWindow, same_picture: Compare, tokens: theme.Tokens
) -> None:
    theme.apply(qapp, tokens)
    same_picture(make_window(states.permission_blocked()), f"window-{tokens.name}")


@pytest.mark.parametrize("tokens", [theme.DARK, theme.LIGHT], ids=["dark", "light"])
def test_the_window_can_be_read_without_colour(
    qapp: QApplication, make_window: MakeWindow, same_picture: Compare, tokens: theme.Tokens
) -> None:
    theme.apply(qapp, tokens)
    window = make_window(states.permission_blocked())
    grey = window.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    same_picture(grey, f"window-grey-{tokens.name}")


@pytest.mark.parametrize("pane", ["sessions", "readiness", "flows", "lanes"])
@pytest.mark.parametrize("state", ["permission-blocked", "tws-down"])
def test_every_pane_looks_as_pictured(
    make_window: MakeWindow, same_picture: Compare, pane: str, state: str
) -> None:
    window = make_window(states.STATES[state]())
    same_picture(window.panes.dock(pane), f"pane-{pane}-{state}")


def test_a_drilled_line_shows_its_evidence_as_pictured(
    make_window: MakeWindow, same_picture: Compare
) -> None:
    window = make_window(states.index_delayed())
    pane = window.panes.dock("readiness").pane
    pane.view.drilled.emit("feed-spx")  # type: ignore[attr-defined]
    settle()
    same_picture(pane, "readiness-drilled")


@pytest.mark.parametrize("state", list(states.STATES))
def test_the_strip_looks_as_pictured(qtbot: QtBot, bridge: Bridge, same_picture: Compare, state: str) -> None:
    strip = Strip(bridge, None, lambda: states.NOW)
    qtbot.addWidget(strip)
    strip.show()
    strip.show_state(states.STATES[state]())
    same_picture(strip, f"strip-{state}")


def test_all_notices_unfold_as_pictured(make_window: MakeWindow, same_picture: Compare) -> None:
    window = make_window(states.tws_down())
    window.perform("notices")
    settle()
    same_picture(window.notices, "notices")


@pytest.mark.parametrize("tokens", [theme.DARK, theme.LIGHT], ids=["dark", "light"])
def test_the_first_start_looks_as_pictured(
    qapp: QApplication, make_window: MakeWindow, same_picture: Compare, tokens: theme.Tokens
) -> None:
    theme.apply(qapp, tokens)
    window = make_window(states.nothing_known())
    page = window.show_first_start(DOORS)
    page.rows[0].choose(DoorUse.LIVE)
    page.setFocus()
    settle()
    same_picture(window, f"first-start-{tokens.name}")


@pytest.mark.parametrize("tokens", [theme.DARK, theme.LIGHT], ids=["dark", "light"])
def test_palette_and_keys_look_as_pictured(
    qapp: QApplication, make_window: MakeWindow, same_picture: Compare, tokens: theme.Tokens
) -> None:
    theme.apply(qapp, tokens)
    window = make_window(states.calm_morning())
    window.perform("palette")
    window.palette_box.line.setText("ar")
    window.palette_box.line.setReadOnly(True)  # no blinking cursor in a picture
    settle()
    same_picture(window.palette_box, f"palette-{tokens.name}")
    window.palette_box.line.setReadOnly(False)
    window.palette_box.hide()
    window.perform("keys")
    same_picture(window.keys_box, f"keys-{tokens.name}")
    window.keys_box.hide()


def test_a_narrow_window_cuts_words_and_never_overlaps_them(
    make_window: MakeWindow, same_picture: Compare
) -> None:
    window: QWidget = make_window(states.permission_blocked(), size=(1120, 700))
    same_picture(window, "window-narrow")
