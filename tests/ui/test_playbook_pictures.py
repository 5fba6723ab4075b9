"""Pictures of the Playbook pane."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cockpit.ui import theme
from tests.ui.conftest import Compare, settle
from tests.ui.playbook_panes import make_pane
from tests.ui.playbook_states import no_playbook

THEMES = pytest.mark.parametrize("tokens", [theme.DARK, theme.LIGHT], ids=["dark", "light"])
SHEET = """Side\tQty\tSymbol\tType\tPrice\tTIF
BUY\t100\tAAPL\tLMT\t228.5\tGTC
SELL\t2\tESZ6\tTRIAL\t5\t
BUY\t100K\tEUR.USD\tLMT\t1.09\tDAY
BUY\t\tESZ6\tMKT\t\t
"""


@THEMES
def test_a_flow_with_a_wrong_word_in_its_line_looks_as_pictured(
    qapp: QApplication, qtbot: QtBot, same_picture: Compare, tokens: theme.Tokens
) -> None:
    theme.apply(qapp, tokens)
    pane = make_pane(qtbot)
    pane.box.entry.line.setText("SELL 2 ESZ6 TRIAL 5 GTC")
    pane.box.list.setFocus()
    settle()
    same_picture(pane, f"playbook-line-{tokens.name}")


@THEMES
def test_the_form_looks_as_pictured(
    qapp: QApplication, qtbot: QtBot, same_picture: Compare, tokens: theme.Tokens
) -> None:
    theme.apply(qapp, tokens)
    pane = make_pane(qtbot)
    pane.box.entry.line.setText("SELL 2 ESZ6 TRAIL LIMIT 5 2 GTC outside")
    pane.box.open_form.click()
    pane.box.open_form.setFocus()
    settle()
    same_picture(pane, f"playbook-form-{tokens.name}")


@THEMES
def test_a_pasted_sheet_looks_as_pictured(
    qapp: QApplication, qtbot: QtBot, same_picture: Compare, tokens: theme.Tokens
) -> None:
    theme.apply(qapp, tokens)
    pane = make_pane(qtbot)
    pane.box.entry.many_pasted.emit(SHEET)
    settle()
    same_picture(pane, f"playbook-paste-{tokens.name}")


@THEMES
def test_what_fits_is_pictured_below_its_place(
    qapp: QApplication, qtbot: QtBot, same_picture: Compare, tokens: theme.Tokens
) -> None:
    theme.apply(qapp, tokens)
    pane = make_pane(qtbot, flow="rebalance")
    pane.box.entry.line.setText("BUY 1 ESZ6 ")
    pane.box.entry.line.setFocus()
    pane.box.entry.line.setCursorPosition(11)
    QTest.keyClick(pane.box.entry.line, Qt.Key.Key_Down)
    QTest.keyClick(pane.box.entry.line, Qt.Key.Key_Down)
    pane.box.entry.line.setReadOnly(True)  # no cursor: it blinks
    settle()
    same_picture(pane, f"playbook-offers-{tokens.name}")


def test_an_empty_playbook_is_pictured_with_what_to_do(qtbot: QtBot, same_picture: Compare) -> None:
    pane = make_pane(qtbot, no_playbook())
    pane.flow_bar.add.setFocus()
    settle()
    same_picture(pane, "playbook-nothing-dark")


def test_a_narrow_pane_puts_the_flows_on_top(qtbot: QtBot, same_picture: Compare) -> None:
    pane = make_pane(qtbot, size=(430, 720))
    pane.box.list.setFocus()
    pane.box.list.select("spx-2")
    QTest.keyClick(pane.box.list, Qt.Key.Key_Shift)
    settle()
    same_picture(pane, "playbook-narrow-dark")
