"""The keys of the Web API go to the keychain and leave nothing behind."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cockpit.domain.oauth import OAuthSecret
from cockpit.domain.secret import Secret
from cockpit.services.intents import KeepOAuthSecret
from cockpit.ui.web_api_keys import WebApiKeys


def test_what_is_typed_is_sent_hidden_and_gone_from_the_dialog(qtbot: QtBot) -> None:
    home = QWidget()
    qtbot.addWidget(home)
    dialog = WebApiKeys(home)
    sent: list[object] = []
    dialog.sent.connect(sent.append)
    dialog.text.setText("  canary-token \n")
    dialog.keep.click()
    assert sent == [KeepOAuthSecret(OAuthSecret.ACCESS_TOKEN, Secret("canary-token"))]
    assert "canary" not in repr(sent)
    assert dialog.text.text() == ""
    assert dialog.which.currentData() == OAuthSecret.ACCESS_SECRET.value


def test_closing_forgets_what_was_typed_and_nothing_is_sent(qtbot: QtBot) -> None:
    home = QWidget()
    qtbot.addWidget(home)
    dialog = WebApiKeys(home)
    sent: list[object] = []
    dialog.sent.connect(sent.append)
    dialog.text.setText("half a secret")
    dialog.reject()
    assert (dialog.text.text(), sent) == ("", [])
