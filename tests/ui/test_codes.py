"""The translator of codes: what is pasted leads to what it means, and everything can be reached by keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cockpit.domain.catalogue import Confidence, FailureFamily, KnownCode, Severity
from cockpit.ui import theme
from cockpit.ui.codes import CodesDialog
from cockpit.ui.pane import Wish
from tests.ui import states
from tests.ui.conftest import Compare, MakeWindow, settle
from tests.ui.test_hostile_text import BAIT, PAYLOADS, check

STRICT = QAbstractItemModelTester.FailureReportingMode.Warning


def code(
    api: str, word: str, sentence: str, severity: Severity, remedy: str = "", gate: str = "market data"
) -> KnownCode:
    return KnownCode(
        f"{api}-{word}",
        api,
        word,
        sentence,
        gate,
        FailureFamily.CAPABILITY,
        severity,
        remedy,
        "https://www.interactivebrokers.com/campus/ibkr-api-page/twsapi-doc/",
        "2026-10",
        Confidence.DOCUMENTED,
    )


ROWS = (
    code("tws", "10197", "Another session has the live data.", Severity.DEGRADE, "Close the other session."),
    code("tws", "201", "The order was refused.", Severity.BLOCK, "Read the text.", "precautions"),
    code("tws", "2104", "The market data farm is connected.", Severity.INFO),
    code("web", "o163", "The price is far from the market.", Severity.CONFIRM, "Compare.", "precautions"),
    code("web", "http_429", "Too many requests.", Severity.BLOCK, "Wait.", "interface offers it"),
    code("flex", "1012", "The Flex token has run out.", Severity.BLOCK, "Make a new token.", "identity"),
)
CODES = {(one.api, one.code): one for one in ROWS}


@pytest.fixture
def dialog(qtbot: QtBot) -> CodesDialog:
    made = CodesDialog()
    qtbot.addWidget(made)
    made.open_with(CODES)
    settle()
    return made


def keys(dialog: CodesDialog) -> list[str]:
    return [row.key for row in dialog.list.rows]


def test_without_a_word_every_known_code_is_listed(dialog: CodesDialog) -> None:
    assert keys(dialog) == ["tws/201", "tws/2104", "tws/10197", "web/http_429", "web/o163", "flex/1012"]


def test_a_pasted_log_line_leads_to_its_codes_and_to_what_the_first_means(dialog: CodesDialog) -> None:
    dialog.line.setText("Error 10197, reqId 3: No market data during competing live session; HTTP 429")
    assert keys(dialog) == ["tws/10197", "web/http_429"]
    said = dialog.meaning.text()
    for words in (
        "10197 · TWS API",
        "Another session has the live data.",
        "First step: Close the other session.",
        "Gate: Market data",
        "Kind of failure: Capability",
        "as of 2026-10, documented by the broker",
    ):
        assert words in said


def test_an_unknown_code_is_not_explained_away(dialog: CodesDialog) -> None:
    dialog.line.setText("Error 98765, reqId 1: something new")
    assert keys(dialog) == ["tws/98765"]
    assert "does not know this code" in dialog.meaning.text()
    assert not dialog.meaning.open_source.isVisible()


def test_words_look_through_sentences_gates_and_steps(dialog: CodesDialog) -> None:
    dialog.line.setText("price market")
    assert keys(dialog) == ["web/o163"]
    dialog.line.setText("nobody says this")
    assert keys(dialog) == []
    assert dialog.meaning.text() == ""


def test_arrows_choose_while_the_field_keeps_the_keyboard(dialog: CodesDialog) -> None:
    QTest.keyClicks(dialog.line, "flex")
    QTest.keyClick(dialog.line, Qt.Key.Key_Down)
    dialog.line.clear()
    QTest.keyClick(dialog.line, Qt.Key.Key_Down)
    assert dialog.list.current_key != keys(dialog)[0]
    assert QApplication.focusWidget() is dialog.line
    QTest.keyClick(dialog.line, Qt.Key.Key_Return)
    assert dialog.isVisible()
    QTest.keyClick(dialog.line, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_the_source_is_asked_for_and_everything_can_be_copied(dialog: CodesDialog) -> None:
    dialog.line.setText("1012")
    wished = QSignalSpy(dialog.wished)
    dialog.meaning.open_source.click()
    assert wished.at(0)[0] == Wish("open-source", "flex-1012")
    dialog.meaning.copy_all.click()
    assert QGuiApplication.clipboard().text() == dialog.meaning.text()


def test_every_answer_names_itself_for_assistive_technology(dialog: CodesDialog) -> None:
    dialog.line.setText("o163")
    assert dialog.meaning.accessibleName() == dialog.meaning.text()
    assert dialog.list.rows_model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole) == "o163"


def test_the_list_of_codes_obeys_the_rules_of_a_model(dialog: CodesDialog) -> None:
    tester = QAbstractItemModelTester(dialog.list.rows_model, STRICT)
    for text in ("price", "Error 201", "", "none of these"):
        dialog.line.setText(text)
    tester.deleteLater()


def test_control_e_opens_it_with_the_codes_of_the_catalogue(make_window: MakeWindow) -> None:
    state = states.index_delayed()
    window = make_window(replace(state, catalogue=replace(state.catalogue, codes=CODES)))
    QTest.keyClick(window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    assert len(window.codes_box.list.rows) == len(ROWS)
    asked = QSignalSpy(window.asked_outside)
    window.codes_box.meaning.open_source.click()
    assert asked.at(0) == ["open-source", "tws-201"]
    window.codes_box.close()


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_pasted_page_is_shown_as_text(dialog: CodesDialog, tmp_path: Path, payload: str) -> None:
    bait = tmp_path / "bait.png"
    image = QImage(64, 64, QImage.Format.Format_RGB32)
    image.fill(BAIT)
    image.save(str(bait))
    hostile = PAYLOADS[payload](bait)
    row = replace(
        ROWS[0], sentence=hostile[:400], remedy=hostile[:400], source=hostile[:400], gate="identity"
    )
    dialog.open_with({("tws", "10197"): row})
    dialog.line.setText(f"Error 10197 {hostile}")
    settle()
    check(dialog)
    assert not dialog.meaning.open_source.isVisible()


@pytest.mark.parametrize("tokens", [theme.DARK, theme.LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize(
    ("name", "text"),
    [("all", ""), ("line", "Error 10197, reqId 3: No market data; HTTP 429; Error 98765")],
)
def test_the_translator_looks_as_pictured(
    qapp: QApplication, dialog: CodesDialog, same_picture: Compare, tokens: theme.Tokens, name: str, text: str
) -> None:
    theme.apply(qapp, tokens)
    dialog.line.setText(text)
    dialog.list.setFocus()
    settle()
    same_picture(dialog, f"codes-{name}-{tokens.name}")
