"""The permissions pane looks as it did when somebody last looked at it."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cockpit.services.state import DeskState
from cockpit.ui import theme
from cockpit.ui.panes.permissions import PermissionsPane
from tests.ui import permission_states
from tests.ui.conftest import Compare, settle, show_pane

SIZE = (1060, 640)


def shown(qtbot: QtBot, state: DeskState, size: tuple[int, int] = SIZE) -> PermissionsPane:
    return show_pane(qtbot, PermissionsPane(), state, size)


@pytest.mark.parametrize("tokens", [theme.DARK, theme.LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize("state", permission_states.STATES)
def test_the_permissions_look_as_pictured(
    qapp: QApplication, qtbot: QtBot, same_picture: Compare, state: str, tokens: theme.Tokens
) -> None:
    theme.apply(qapp, tokens)
    pane = shown(qtbot, permission_states.STATES[state]())
    if state == "two-accounts":
        pane.list.select(pane.list.rows[-1].key)
        settle()
    same_picture(pane, f"permissions-{state}-{tokens.name}")


def test_a_narrow_permissions_pane_cuts_words_and_never_overlaps_them(
    qtbot: QtBot, same_picture: Compare
) -> None:
    same_picture(shown(qtbot, permission_states.gaps(), (640, 560)), "permissions-narrow")


def test_the_flex_access_looks_as_pictured(qtbot: QtBot, same_picture: Compare) -> None:
    pane = shown(qtbot, permission_states.gaps())
    pane.access.click()
    assert pane._access is not None
    pane._access.token.setText("123456789012")
    pane._access.query.setText("654321")
    pane._access.keep.setFocus()
    settle()
    same_picture(pane._access, "permissions-flex-access")
    pane._access.close()
