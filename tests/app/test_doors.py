"""What leaves the program for a browser: pages of the catalogue, the gateway of this PC and judged links only."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

import cockpit
from cockpit.app.doors import Doors
from cockpit.domain.custody.forecast import SIGN_INS
from cockpit.domain.interface import Interface
from cockpit.domain.plan import Portal
from cockpit.ui.custody.forecast import ForecastDialog
from cockpit.ui.doors import DoorsDialog
from tests.ui import states

pytestmark = [pytest.mark.qt, pytest.mark.qt_log_ignore("This plugin does not support", extend=True)]

OPENS = re.compile(r"openUrl|webbrowser|xdg-open|startfile|setOpenExternalLinks\(True")


class Around:
    """A window with what was opened and told; the browser can be missing."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.opened: list[str] = []
        self.told: list[str] = []
        self.entity = ""
        self.has_browser = True
        self.doors = Doors(
            self.window, lambda: self.entity, lambda key, said: self.told.append(said), self.take
        )

    def take(self, url: QUrl) -> bool:
        self.opened.append(url.toString())
        return self.has_browser

    def paste(self, text: str) -> DoorsDialog:
        self.doors.judge_link()
        [dialog] = self.window.findChildren(DoorsDialog)
        dialog.line.setText(text)
        return dialog


@pytest.fixture
def around(qtbot: QtBot) -> Around:
    return Around(qtbot)


@pytest.mark.parametrize(
    ("entity", "host"),
    [
        ("", "www.interactivebrokers.com"),
        ("IBLLC-US", "www.interactivebrokers.com"),
        ("IB-UK", "www.interactivebrokers.co.uk"),
        ("Interactive Brokers Ireland Limited", "www.interactivebrokers.ie"),
        ("a company that nobody knows", "www.interactivebrokers.com"),
    ],
)
def test_the_sign_in_of_the_accounts_company_is_opened(around: Around, entity: str, host: str) -> None:
    around.entity = entity
    around.doors.sign_in()
    assert around.opened == [f"https://{host}/"]


def test_a_page_is_opened_by_its_key_only_where_passwords_belong(around: Around) -> None:
    around.doors.page("ndcdyn-interactivebrokers-com")
    for key in ("api-ibkr-com", "www-ibgdr-com", "localhost-5000", "no such row", "https://evil.example/"):
        around.doors.page(key)
    assert around.opened == ["https://ndcdyn.interactivebrokers.com/"]
    assert len(around.told) == 5


def test_the_gateways_page_is_that_of_this_pc(around: Around) -> None:
    around.doors.gateway(Portal(host="127.0.0.1", port=5001))
    around.doors.gateway(Portal(host="gateway.example"))
    around.doors.gateway(None)
    assert around.opened == ["https://localhost:5001/"]
    assert len(around.told) == 2


def test_a_source_at_the_broker_is_opened_and_any_other_is_copied(around: Around) -> None:
    around.doors.source("https://ibkrguides.com/traderworkstation/lock-and-exit.htm")
    around.doors.source("https://github.com/somebody/something")
    assert around.opened == ["https://ibkrguides.com/traderworkstation/lock-and-exit.htm"]
    assert QGuiApplication.clipboard().text() == "https://github.com/somebody/something"
    assert "copied" in around.told[0]


def test_a_pasted_official_link_is_opened_when_asked_for(around: Around) -> None:
    dialog = around.paste("www.interactivebrokers.com/en/home.php")
    dialog.open_link.click()
    assert around.opened == ["https://www.interactivebrokers.com/en/home.php"]
    dialog.close()


def test_a_look_alike_is_never_opened_even_when_the_dialog_asks(around: Around) -> None:
    dialog = around.paste("https://www.interactivebrokers.com.evil.example/")
    assert not dialog.open_link.isVisible()
    dialog.open_asked.emit("https://www.interactivebrokers.com.evil.example/")
    assert around.opened == []
    dialog.close()


def test_the_dialog_leads_to_the_real_sign_in_and_stays_one(around: Around) -> None:
    around.entity = "IB-UK"
    dialog = around.paste("https://interactivebrokers.example/")
    assert "www.interactivebrokers.co.uk" in dialog.open_home.text()
    dialog.open_home.click()
    assert around.opened == ["https://www.interactivebrokers.co.uk/"]
    assert around.paste("") is dialog
    dialog.close()


def test_without_a_browser_the_address_is_copied_and_said(around: Around) -> None:
    around.has_browser = False
    around.doors.sign_in()
    assert QGuiApplication.clipboard().text() == "https://www.interactivebrokers.com/"
    assert "copied" in around.told[0]


def test_a_file_of_the_program_is_opened_as_a_file(around: Around, tmp_path: Path) -> None:
    around.doors.file(tmp_path / "settings.toml")
    assert around.opened == [QUrl.fromLocalFile(str(tmp_path / "settings.toml")).toString()]


def test_the_forecast_names_every_sign_in_and_opens_the_source_of_a_rule(around: Around) -> None:
    around.doors.foretell(states.calm_morning(), states.NOW)
    [dialog] = around.window.findChildren(ForecastDialog)
    assert len(dialog.list.rows) == len(SIGN_INS)
    dialog.takings.followed.emit("0", "open-source")
    assert around.opened == ["https://www.interactivebrokers.com/campus/ibkr-api-page/twsapi-doc/"]
    dialog.close()


def test_nothing_else_in_the_program_opens_an_address() -> None:
    program = Path(cockpit.__file__).parent
    files = [file for file in program.rglob("*.py") if OPENS.search(file.read_text("utf-8"))]
    assert [file.relative_to(program).as_posix() for file in files] == ["app/doors.py"]


def test_the_sign_in_page_opens_only_after_what_it_takes_was_shown(around: Around) -> None:
    around.doors.before(Interface.WEB_API, states.calm_morning(), states.NOW)
    assert around.opened == []
    [dialog] = around.window.findChildren(ForecastDialog)
    assert dialog.list.current_key == "web-api"
    dialog.sign_in.click()
    assert around.opened == ["https://localhost:5000/"]
    assert not dialog.isVisible()


def test_the_forecast_leads_to_client_portal_of_the_own_company(around: Around) -> None:
    around.entity = "IB-UK"
    around.doors.foretell(states.calm_morning(), states.NOW)
    [dialog] = around.window.findChildren(ForecastDialog)
    dialog.list.select("client-portal")
    dialog.sign_in.click()
    assert around.opened == ["https://www.interactivebrokers.co.uk/"]
