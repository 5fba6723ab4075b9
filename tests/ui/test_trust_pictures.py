"""The trust pane looks as it did when somebody last looked at it."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cockpit.services.state import DeskState
from cockpit.ui import theme
from cockpit.ui.panes.trust import HARDENING, TrustPane
from cockpit.ui.trust.how_to import HOW_TOS, HowToSheet
from tests.ui import trust_states
from tests.ui.conftest import Compare, settle, show_pane

SIZE = (1140, 760)


def shown(qtbot: QtBot, state: DeskState, size: tuple[int, int] = SIZE) -> TrustPane:
    pane = show_pane(qtbot, TrustPane(), state, size)
    pane.setFocus()
    settle()
    return pane


@pytest.mark.parametrize("tokens", [theme.DARK, theme.LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize("state", trust_states.STATES)
def test_device_trust_looks_as_pictured(
    qapp: QApplication, qtbot: QtBot, same_picture: Compare, state: str, tokens: theme.Tokens
) -> None:
    theme.apply(qapp, tokens)
    pane = shown(qtbot, trust_states.STATES[state]())
    same_picture(pane, f"trust-{state}-{tokens.name}")


@pytest.mark.parametrize("tokens", [theme.DARK, theme.LIGHT], ids=["dark", "light"])
def test_the_hardening_list_looks_as_pictured(
    qapp: QApplication, qtbot: QtBot, same_picture: Compare, tokens: theme.Tokens
) -> None:
    theme.apply(qapp, tokens)
    pane = shown(qtbot, trust_states.open_ends())
    pane.chips.choose(HARDENING)
    settle()
    same_picture(pane, f"trust-hardening-{tokens.name}")


def test_a_narrow_trust_pane_cuts_words_and_never_overlaps_them(qtbot: QtBot, same_picture: Compare) -> None:
    same_picture(shown(qtbot, trust_states.open_ends(), (640, 560)), "trust-narrow")


def test_the_form_of_a_factor_looks_as_pictured(qtbot: QtBot, same_picture: Compare) -> None:
    pane = shown(qtbot, trust_states.open_ends())
    pane.forms.edit("factor/IB Key (Phone B)")
    form = pane.forms.form
    assert form is not None
    form.fill("name", "IB Key (iPhone 15)")
    settle()
    same_picture(form, "trust-form-factor")
    form.close()


@pytest.mark.parametrize("action", HOW_TOS)
def test_what_to_change_elsewhere_looks_as_pictured(qtbot: QtBot, same_picture: Compare, action: str) -> None:
    pane = shown(qtbot, trust_states.open_ends())
    sheet = HowToSheet(HOW_TOS[action], pane)
    sheet.show()
    settle()
    same_picture(sheet, f"trust-{action}")
    sheet.close()
