"""The credentials pane looks as it did when somebody last looked at it."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cockpit.services.state import DeskState
from cockpit.ui import theme
from cockpit.ui.panes.credentials import DRILL_PAGE, IDS_PAGE, WAYS_PAGE, CredentialsPane
from tests.ui import trust_states
from tests.ui.conftest import Compare, settle, show_pane

SIZE = (1140, 760)
STATES = {name: trust_states.STATES[name] for name in ("open-ends", "in-order", "nothing")}


def shown(qtbot: QtBot, state: DeskState, size: tuple[int, int] = SIZE) -> CredentialsPane:
    pane = show_pane(qtbot, CredentialsPane(), state, size)
    pane.setFocus()
    settle()
    return pane


@pytest.mark.parametrize("tokens", [theme.DARK, theme.LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize("state", STATES)
def test_credentials_look_as_pictured(
    qapp: QApplication, qtbot: QtBot, same_picture: Compare, state: str, tokens: theme.Tokens
) -> None:
    theme.apply(qapp, tokens)
    same_picture(shown(qtbot, STATES[state]()), f"credentials-{state}-{tokens.name}")


@pytest.mark.parametrize("tokens", [theme.DARK, theme.LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize("page", [IDS_PAGE, WAYS_PAGE, DRILL_PAGE])
def test_each_page_looks_as_pictured(
    qapp: QApplication, qtbot: QtBot, same_picture: Compare, page: str, tokens: theme.Tokens
) -> None:
    theme.apply(qapp, tokens)
    pane = shown(qtbot, trust_states.open_ends())
    pane.chips.choose(page)
    settle()
    same_picture(pane, f"credentials-{page}-{tokens.name}")


def test_a_narrow_credentials_pane_cuts_words_and_never_overlaps_them(
    qtbot: QtBot, same_picture: Compare
) -> None:
    same_picture(shown(qtbot, trust_states.open_ends(), (640, 560)), "credentials-narrow")


def test_the_form_of_a_credential_looks_as_pictured(qtbot: QtBot, same_picture: Compare) -> None:
    pane = shown(qtbot, trust_states.open_ends())
    pane.forms.edit("credential/consumer ANNAQUANT")
    form = pane.forms.form
    assert form is not None
    settle()
    same_picture(form, "credentials-form")
    form.close()
