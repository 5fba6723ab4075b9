"""Pictures of the order types pane."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cockpit.ui import theme
from cockpit.ui.order_grid.controls import Rows, View
from tests.ui.conftest import Compare, settle
from tests.ui.order_panes import at, make_pane
from tests.ui.order_states import no_playbook

THEMES = pytest.mark.parametrize("tokens", [theme.DARK, theme.LIGHT], ids=["dark", "light"])


@THEMES
def test_the_grid_looks_as_pictured(
    qapp: QApplication, qtbot: QtBot, same_picture: Compare, tokens: theme.Tokens
) -> None:
    theme.apply(qapp, tokens)
    pane = make_pane(qtbot)
    pane.grid.setFocus()
    pane.grid.setCurrentIndex(at(pane, "trailing-stop-limit", "ibkr-mobile"))
    QTest.keyClick(pane.grid, Qt.Key.Key_Shift)
    settle()
    same_picture(pane, f"order-grid-{tokens.name}")


@THEMES
def test_the_ladder_beside_it_looks_as_pictured(
    qapp: QApplication, qtbot: QtBot, same_picture: Compare, tokens: theme.Tokens
) -> None:
    theme.apply(qapp, tokens)
    pane = make_pane(qtbot)
    pane.grid.setFocus()
    pane.grid.setCurrentIndex(at(pane, "trailing-stop-limit", "ibkr-mobile"))
    QTest.keyClick(pane.grid, Qt.Key.Key_Return)
    settle()
    same_picture(pane, f"order-ladder-{tokens.name}")


@THEMES
@pytest.mark.parametrize("view", [View.PHONE, View.DIFFER], ids=["phone", "differ"])
def test_the_lists_with_reasons_look_as_pictured(
    qapp: QApplication, qtbot: QtBot, same_picture: Compare, tokens: theme.Tokens, view: View
) -> None:
    theme.apply(qapp, tokens)
    pane = make_pane(qtbot)
    pane.controls.second.choose("client-portal")
    pane.controls.views[view].click()
    settle()
    same_picture(pane, f"order-{view.name.lower()}-{tokens.name}")


def test_todays_tickets_look_as_pictured(qtbot: QtBot, same_picture: Compare) -> None:
    pane = make_pane(qtbot)
    pane.controls.best_first.setChecked(True)
    pane.controls.rows[Rows.TICKETS].click()
    pane.grid.setFocus()
    settle()
    same_picture(pane, "order-tickets-dark")


def test_an_empty_playbook_is_pictured_with_what_to_do(qtbot: QtBot, same_picture: Compare) -> None:
    same_picture(make_pane(qtbot, no_playbook()), "order-nothing-dark")


def test_a_narrow_pane_shows_the_ladder_instead_of_the_grid(qtbot: QtBot, same_picture: Compare) -> None:
    pane = make_pane(qtbot, size=(440, 620))
    same_picture(pane, "order-grid-narrow")
    pane.grid.setFocus()
    pane.grid.setCurrentIndex(at(pane, "future-option-spread", "tws"))
    QTest.keyClick(pane.grid, Qt.Key.Key_Return)
    settle()
    same_picture(pane, "order-ladder-narrow")
