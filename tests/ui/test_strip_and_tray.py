"""Strip and tray: always true, never in the way."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, QRect, QSettings, Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QSystemTrayIcon
from pytestqt.qtbot import QtBot

from cockpit.ui.actions import ACTIONS
from cockpit.ui.bridge import Bridge
from cockpit.ui.strip import SNAP, WIDTH, Strip, snapped
from cockpit.ui.theme import STRIP
from cockpit.ui.tray import Tray
from tests.ui import states
from tests.ui.states import NOW

SCREENS = [QRect(0, 0, 1920, 1080), QRect(1920, -200, 2560, 1440)]


@pytest.fixture
def strip(qtbot: QtBot, bridge: Bridge, tmp_path: Path) -> Strip:
    made = Strip(bridge, tmp_path / "screen.ini", lambda: NOW)
    qtbot.addWidget(made)
    made.show()
    return made


def test_the_strip_never_takes_the_keyboard(strip: Strip) -> None:
    assert strip.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    flags = strip.windowFlags()
    assert flags & Qt.WindowType.WindowDoesNotAcceptFocus
    assert flags & Qt.WindowType.WindowStaysOnTopHint
    assert strip.focusPolicy() is Qt.FocusPolicy.NoFocus


def test_the_strip_says_verdict_paths_and_sessions(strip: Strip) -> None:
    strip.show_state(states.permission_blocked())
    assert strip.accessibleName() == "Not ready: 1 of 5 flows blocked. Price path limited, order path ready."
    assert "Trader Workstation: Trading" in strip.text()
    assert "Futures-options permission: No permission" in strip.text()
    strip.show_state(states.index_delayed())
    assert "SPX data: Delayed 15 min → open subscriptions" in strip.text()


def test_a_hidden_strip_is_up_to_date_when_it_is_shown_again(strip: Strip) -> None:
    strip.show_state(states.calm_morning())
    strip.hide()
    strip.show_state(states.tws_down())
    strip.toggle()
    assert strip.accessibleName().startswith("Not ready")


def test_a_double_click_opens_the_window(strip: Strip) -> None:
    opened = QSignalSpy(strip.opened)
    QTest.mouseDClick(strip, Qt.MouseButton.LeftButton)
    assert opened.count() == 1


def drag(strip: Strip, to: QPoint) -> None:
    """Drag the strip by a point inside it until its corner is at `to`."""
    hold = QPointF(20, 10)
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    moves = (
        (QMouseEvent.Type.MouseButtonPress, QPointF(strip.pos()) + hold),
        (QMouseEvent.Type.MouseMove, QPointF(to) + hold),
        (QMouseEvent.Type.MouseButtonRelease, QPointF(to) + hold),
    )
    for kind, place in moves:
        QGuiApplication.sendEvent(strip, QMouseEvent(kind, hold, place, left, left, none))


def test_the_strip_clings_to_the_edge_and_remembers_where(
    qtbot: QtBot, bridge: Bridge, strip: Strip, tmp_path: Path
) -> None:
    screen = QGuiApplication.primaryScreen().availableGeometry()
    drag(strip, QPoint(screen.left() + 7, screen.bottom() - STRIP - 5))
    assert strip.pos() == QPoint(screen.left(), screen.bottom() + 1 - STRIP)
    strip.close()
    again = Strip(bridge, tmp_path / "screen.ini", lambda: NOW)
    qtbot.addWidget(again)
    assert again.pos() == strip.pos()


def test_a_strip_from_a_vanished_screen_comes_back_onto_one_that_exists(
    qtbot: QtBot, bridge: Bridge, tmp_path: Path
) -> None:
    file = tmp_path / "screen.ini"
    kept = QSettings(str(file), QSettings.Format.IniFormat)
    kept.setValue("strip", QPoint(9000, 5000))
    kept.sync()
    strip = Strip(bridge, file, lambda: NOW)
    qtbot.addWidget(strip)
    assert QGuiApplication.primaryScreen().availableGeometry().intersects(strip.geometry())


@given(st.integers(-500, 5000), st.integers(-500, 2000))
def test_wherever_it_is_dropped_it_stands_wholly_on_one_screen(x: int, y: int) -> None:
    place = snapped(QRect(x, y, WIDTH, STRIP), SCREENS)
    strip = QRect(place, QRect(0, 0, WIDTH, STRIP).size())
    (screen,) = [screen for screen in SCREENS if screen.contains(strip)]
    for gap in (strip.left() - screen.left(), screen.right() - strip.right(), strip.top() - screen.top()):
        assert gap == 0 or gap >= SNAP
    assert snapped(strip, SCREENS) == place


@given(st.integers(SNAP, 1920 - WIDTH - SNAP), st.integers(SNAP, 1080 - STRIP - SNAP))
def test_away_from_the_edges_it_stays_where_it_is_dropped(x: int, y: int) -> None:
    assert snapped(QRect(x, y, WIDTH, STRIP), SCREENS) == QPoint(x, y)


@pytest.mark.parametrize(("name", "word"), [("calm-morning", "Ready"), ("tws-down", "Not ready")])
def test_the_tray_mirrors_the_verdict_by_shape_and_word(bridge: Bridge, name: str, word: str) -> None:
    tray = Tray(bridge, lambda: NOW)
    before = tray.icon.icon().pixmap(22, 22).toImage()
    tray.show_state(states.STATES[name]())
    assert tray.icon.icon().pixmap(22, 22).toImage().createAlphaMask() != before.createAlphaMask()
    assert f": {word}, price path" in tray.icon.toolTip()
    tray.close()


def test_the_tray_offers_the_rows_that_are_marked_for_it(bridge: Bridge) -> None:
    tray = Tray(bridge, lambda: NOW)
    chosen, opened = QSignalSpy(tray.chosen), QSignalSpy(tray.opened)
    menu = tray.icon.contextMenu()
    assert [action.objectName() for action in menu.actions()] == [row.id for row in ACTIONS if row.in_tray]
    tray.show_state(states.calm_morning())
    menu.actions()[0].trigger()
    tray.icon.activated.emit(QSystemTrayIcon.ActivationReason.Trigger)
    assert (chosen.at(0), opened.count()) == (["run-check"], 1)
    tray.close()


def test_a_desktop_without_a_tray_is_fine(bridge: Bridge) -> None:
    tray = Tray(bridge, lambda: NOW)
    assert tray.show() is QSystemTrayIcon.isSystemTrayAvailable()
    tray.close()
