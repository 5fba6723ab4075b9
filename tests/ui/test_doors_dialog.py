"""The dialog in which a link is judged: by keyboard, in words, and never rendering what was pasted."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from cockpit.domain.doors.hosts import DoorBook, Imitation, OfficialHost
from cockpit.domain.doors.judging import judge
from cockpit.ui import theme
from cockpit.ui.doors import DoorsDialog
from tests.ui.conftest import Compare, settle
from tests.ui.test_hostile_text import BAIT, PAYLOADS, check

HOME = "www.interactivebrokers.com"
BOOK = DoorBook(
    (
        OfficialHost(
            "www-interactivebrokers-com",
            HOME,
            "main website and portal login",
            "America/global",
            is_for_passwords=True,
            source="https://www.interactivebrokers.com/campus/ibkr-api-page/twsapi-doc/",
            as_of="2026-04-30",
        ),
        OfficialHost(
            "api", "api.ibkr.com", "Web API production", "global", source="https://api.ibkr.com/docs"
        ),
    ),
    (Imitation("interractivebroker.com"),),
    lambda host: ".".join(host.split(".")[-2:]) if "." in host else "",
)
LINKS = {
    "official": "https://www.interactivebrokers.com/en/index.php?f=39138",
    "reading": "https://api.ibkr.com/gw/api/v3/api-docs",
    "look-alike": "https://www.interactivebrokers.com.account-check.net/sso/Login?RL=1",
    "badly-written": "http://www.interactivebrokers.com/",
    "unknown": "https://news.example.org/article",
}


@pytest.fixture
def dialog(qtbot: QtBot) -> DoorsDialog:
    made = DoorsDialog(lambda text: judge(text, BOOK))
    qtbot.addWidget(made)
    made.open_for(HOME)
    settle()
    return made


def test_it_opens_with_the_cursor_in_the_field_and_closes_with_escape(dialog: DoorsDialog) -> None:
    assert QApplication.focusWidget() is dialog.line
    QTest.keyClicks(dialog.line, "ibkr.com")
    QTest.keyClick(dialog.line, Qt.Key.Key_Return)
    assert dialog.isVisible()
    QTest.keyClick(dialog.line, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_enter_opens_nothing_because_a_pasted_line_may_end_with_one(dialog: DoorsDialog) -> None:
    asked = QSignalSpy(dialog.open_asked)
    QTest.keyClicks(dialog.line, LINKS["official"])
    QTest.keyClick(dialog.line, Qt.Key.Key_Return)
    assert asked.count() == 0


def test_only_what_is_official_can_be_opened_from_it(dialog: DoorsDialog) -> None:
    can_be_opened = {}
    for name, link in LINKS.items():
        dialog.line.setText(link)
        can_be_opened[name] = dialog.open_link.isVisible()
    assert can_be_opened == {
        "official": True,
        "reading": True,
        "look-alike": False,
        "badly-written": False,
        "unknown": False,
    }


def test_the_verdict_its_reason_and_the_step_are_said_for_assistive_technology(dialog: DoorsDialog) -> None:
    dialog.line.setText(LINKS["look-alike"])
    said = dialog.text()
    assert "Look-alike" in said
    assert "stands only in front" in said
    assert "Registered as: account-check.net" in said
    assert dialog.accessibleDescription() == said
    dialog.copy_all.click()
    assert QGuiApplication.clipboard().text() == said


def test_every_button_is_reached_by_tab(dialog: DoorsDialog) -> None:
    dialog.line.setText(LINKS["official"])
    reached = set()
    for _ in range(6):
        QTest.keyClick(dialog, Qt.Key.Key_Tab)
        reached.add(QApplication.focusWidget())
    assert {dialog.line, dialog.open_link, dialog.copy_all, dialog.open_home} <= reached


def test_an_empty_field_says_what_the_dialog_is_for(dialog: DoorsDialog) -> None:
    dialog.line.setText(LINKS["official"])
    dialog.line.clear()
    assert dialog.text() == ""
    assert not dialog.copy_all.isVisible()


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_pasted_page_is_shown_as_text(dialog: DoorsDialog, tmp_path: Path, payload: str) -> None:
    bait = tmp_path / "bait.png"
    image = QImage(64, 64, QImage.Format.Format_RGB32)
    image.fill(BAIT)
    image.save(str(bait))
    for start in ("", "https://", "https://www.interactivebrokers.com"):
        dialog.line.setText(start + PAYLOADS[payload](bait))
        settle()
        check(dialog)


def test_a_host_as_long_as_can_be_widens_nothing_and_its_end_stays_in_sight(dialog: DoorsDialog) -> None:
    label = "interactivebrokers" * 3
    dialog.line.setText(f"https://{label}.{label}.{label}.{label}.evil.net/")
    settle()
    assert dialog.width() <= 700
    shown = [label.text() for label in dialog.findChildren(QLabel) if label.isVisible()]
    assert any(text.startswith("…") for text in shown)
    assert "evil.net" in shown


@pytest.mark.parametrize("tokens", [theme.DARK, theme.LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize("name", ["official", "look-alike", "unknown"])
def test_a_judged_link_looks_as_pictured(
    qapp: QApplication, dialog: DoorsDialog, same_picture: Compare, name: str, tokens: theme.Tokens
) -> None:
    theme.apply(qapp, tokens)
    dialog.line.setText(LINKS[name])
    dialog.line.setCursorPosition(0)
    dialog.open_home.setFocus()
    settle()
    same_picture(dialog, f"doors-{name}-{tokens.name}")


def test_the_empty_dialog_looks_as_pictured(dialog: DoorsDialog, same_picture: Compare) -> None:
    dialog.open_home.setFocus()
    settle()
    same_picture(dialog, "doors-empty-dark")
