"""The forecast of a sign-in on screen: every way in, what it takes, the rule and where it is published."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cockpit.adapters.catalogue import shipped_catalogue
from cockpit.domain.custody.forecast import SIGN_INS, Forecast, forecast
from cockpit.domain.facts import Facts
from cockpit.ui import theme
from cockpit.ui.custody.forecast import ForecastDialog
from cockpit.ui.pane import Wish
from tests.domain.custody_days import BOTH, PAPER, START
from tests.domain.test_custody_forecast import facts, standing
from tests.ui.conftest import Compare, settle
from tests.ui.test_hostile_text import BAIT, PAYLOADS, check

CATALOGUE = shipped_catalogue().playing


def foretold(known: Facts) -> list[Forecast]:
    return [forecast(one, known, BOTH, CATALOGUE, START) for one in SIGN_INS]


STANDING = foretold(facts(*standing(), *standing(PAPER, "DU7654321")))


@pytest.fixture
def dialog(qtbot: QtBot) -> ForecastDialog:
    made = ForecastDialog()
    qtbot.addWidget(made)
    made.open_for(STANDING, "01:00 ET")
    settle()
    return made


def test_every_sign_in_is_listed_and_the_first_is_shown_whole(dialog: ForecastDialog) -> None:
    assert [row.key for row in dialog.list.rows] == [one.value for one in SIGN_INS]
    assert [row.cells[0].text for row in dialog.takings.rows] == [
        "Trading and live data",
        "The way back",
        "Shared live data",
    ]


def test_arrows_choose_a_sign_in_and_escape_closes(dialog: ForecastDialog) -> None:
    assert QApplication.focusWidget() is dialog.list
    QTest.keyClick(dialog.list, Qt.Key.Key_Down)
    assert dialog.chosen is STANDING[1]
    QTest.keyClick(dialog.list, Qt.Key.Key_Return)
    assert dialog.isVisible()
    QTest.keyClick(dialog.list, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_what_takes_nothing_says_why(dialog: ForecastDialog) -> None:
    dialog.list.select("flex")
    assert dialog.takings.rows == ()
    assert "takes nothing" in dialog.text()


def test_the_chosen_sign_in_stays_when_it_is_opened_again(dialog: ForecastDialog) -> None:
    dialog.list.select("ibkr-mobile")
    dialog.close()
    dialog.open_for(foretold(Facts()), "02:00 ET")
    assert dialog.list.current_key == "ibkr-mobile"
    assert "cannot be seen" in dialog.text()


def test_the_source_of_a_rule_is_wished_for_by_key(dialog: ForecastDialog) -> None:
    wished = QSignalSpy(dialog.wished)
    QTest.keyClick(dialog.takings, Qt.Key.Key_Return)
    assert wished.at(0)[0] == Wish("open-source", STANDING[0].takings[0].source)


def test_everything_can_be_copied_and_is_told_to_assistive_technology(dialog: ForecastDialog) -> None:
    dialog.copy_all.click()
    assert QGuiApplication.clipboard().text() == dialog.text() == dialog.accessibleDescription()
    assert "U•••4821" in dialog.text()


def test_both_lists_obey_the_rules_of_a_model(dialog: ForecastDialog) -> None:
    mode = QAbstractItemModelTester.FailureReportingMode.Warning
    testers = [QAbstractItemModelTester(view.rows_model, mode) for view in (dialog.list, dialog.takings)]
    for one in SIGN_INS:
        dialog.list.select(one.value)
    for tester in testers:
        tester.deleteLater()


@pytest.mark.parametrize("payload", PAYLOADS)
def test_names_from_outside_are_shown_as_text(dialog: ForecastDialog, tmp_path: Path, payload: str) -> None:
    bait = tmp_path / "bait.png"
    image = QImage(64, 64, QImage.Format.Format_RGB32)
    image.fill(BAIT)
    image.save(str(bait))
    text = PAYLOADS[payload](bait)
    takings = tuple(replace(one, whose=text, rule=text, when=text) for one in STANDING[0].takings)
    dialog.open_for([replace(STANDING[0], headline=text, takings=takings, advice=text)], "now")
    settle()
    check(dialog)


@pytest.mark.parametrize("tokens", [theme.DARK, theme.LIGHT], ids=["dark", "light"])
def test_the_forecast_looks_as_pictured(
    qapp: QApplication, dialog: ForecastDialog, same_picture: Compare, tokens: theme.Tokens
) -> None:
    theme.apply(qapp, tokens)
    settle()
    same_picture(dialog, f"forecast-{tokens.name}")


def test_the_forecast_of_an_unseen_desk_looks_as_pictured(
    dialog: ForecastDialog, same_picture: Compare
) -> None:
    dialog.open_for(foretold(Facts()), "01:00 ET")
    settle()
    same_picture(dialog, "forecast-unseen-dark")
