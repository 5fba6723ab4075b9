"""The window: remembers its places, survives a pane that fails, asks before it does what must be asked."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QAccessible, QAction, QMouseEvent
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication, QMainWindow, QMessageBox, QWidget
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from cockpit.domain import kinds
from cockpit.domain.facts import fold
from cockpit.domain.level import Level
from cockpit.domain.notice import Notice
from cockpit.services.intents import DismissNotice, Intent, Reconnect, RunCheck, TrustCertificate
from cockpit.services.state import DeskState
from cockpit.ui import theme
from cockpit.ui.actions import ACTIONS, Perspective
from cockpit.ui.bridge import Bridge
from cockpit.ui.dock import PaneDock
from cockpit.ui.glance import Glance, glance
from cockpit.ui.notices import NoticeLine
from cockpit.ui.pane import Pane, Wish
from cockpit.ui.panes.sessions import SessionsPane
from cockpit.ui.window import MainWindow
from tests.ui import states
from tests.ui.conftest import MakeWindow, settle
from tests.ui.states import NOW


def widths(window: MainWindow) -> list[int]:
    return [window.panes.dock(name).width() for name in in_front(window)]


def in_front(window: MainWindow) -> list[str]:
    """The panes that can be seen: of several tabs the front one."""
    docks = window.panes.docks
    return [dock.objectName() for dock in docks if dock.isVisible() and not dock.visibleRegion().isEmpty()]


def test_a_state_from_the_bridge_reaches_the_window(
    qtbot: QtBot, bridge: Bridge, make_window: MakeWindow
) -> None:
    window = make_window()
    bridge.show(states.tws_down())
    qtbot.waitUntil(lambda: window.windowTitle() == "NOT READY · NO ACCOUNT · Access cockpit")


def test_the_arrangement_comes_back_at_the_next_start(make_window: MakeWindow, tmp_path: Path) -> None:
    file = tmp_path / "screen.ini"
    first = make_window(layout_file=file)
    first.panes.dock("flows").hide()
    first.perform("perspective-session")
    first.perform("perspective-pre-open")
    settle()
    before = widths(first)
    first.close()
    second = make_window(layout_file=file)
    settle()
    assert second.panes.dock("flows").isHidden()
    assert second.panes.perspective is Perspective.PRE_OPEN
    assert widths(second) == before
    second.perform("reset-layout")
    settle()
    assert second.panes.dock("flows").isVisible()


@pytest.mark.parametrize("content", [b"", b"\x00\xff garbage", b"[panes]\npre-open=@ByteArray(nonsense)\n"])
def test_a_broken_memory_of_places_is_as_good_as_none(
    make_window: MakeWindow, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "screen.ini"
    file.write_bytes(content)
    window = make_window(states.calm_morning(), file)
    assert in_front(window) == ["sessions", "readiness", "flows", "lanes", "next-days"]


def test_each_perspective_shows_its_panes_and_remembers_its_own_changes(
    make_window: MakeWindow, tmp_path: Path
) -> None:
    window = make_window(layout_file=tmp_path / "screen.ini")
    window.perform("perspective-incident")
    settle()
    shown = {dock.objectName() for dock in window.panes.docks if dock.isVisible()}
    assert shown == {"sessions", "readiness"}
    window.panes.dock("lanes").show()
    window.perform("perspective-pre-open")
    window.perform("perspective-incident")
    settle()
    assert window.panes.dock("lanes").isVisible()


def test_the_theme_is_remembered(qapp: QApplication, make_window: MakeWindow, tmp_path: Path) -> None:
    file = tmp_path / "screen.ini"
    window = make_window(layout_file=file)
    window.perform("theme")
    window.close()
    assert "theme=light" in file.read_text("utf-8")
    theme.apply(qapp, theme.DARK)
    make_window(layout_file=file)
    assert theme.tokens_of(qapp.palette()) is theme.LIGHT


class BrokenPane(Pane):
    """A pane with a bug that shows when TWS is down."""

    def show_state(self, state: DeskState, found: Glance, now: float) -> None:
        if state != states.calm_morning():
            raise ZeroDivisionError("a bug")


def test_a_pane_is_made_when_it_is_first_seen_and_then_shows_what_is_known(qtbot: QtBot) -> None:
    made: list[Pane] = []

    def make() -> Pane:
        made.append(SessionsPane())
        return made[-1]

    home = QMainWindow()
    qtbot.addWidget(home)
    dock = PaneDock("late", "Late", make, home)
    home.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock)
    dock.settle()
    dock.hide()
    home.show()
    calm = states.calm_morning()
    dock.show_state(calm, glance(calm, NOW), NOW)
    assert made == []
    dock.show()
    settle()
    assert [bool(pane.aside) for pane in made] == [True]


def test_a_pane_that_fails_says_so_and_the_others_go_on(make_window: MakeWindow) -> None:
    window = make_window(states.calm_morning())
    dock = window.panes.dock("sessions")
    broken = dock.fill(BrokenPane())
    with capture_exceptions() as bugs:
        window.show_state(states.tws_down())
        window.show_state(states.tws_down())
    assert [kind for kind, _, _ in bugs] == [ZeroDivisionError]
    assert dock.has_failed
    assert broken.isHidden()
    assert window.panes.dock("flows").pane.aside.startswith("1 of 5 usable")


def test_the_certificate_is_trusted_only_after_a_click_that_shows_it(
    make_window: MakeWindow, sent: list[Intent]
) -> None:
    calm = states.calm_morning()
    shown = replace(calm, facts=fold(calm.facts, [kinds.FINGERPRINT.seen("gateway", "ab" * 32, NOW)]))
    window = make_window(shown)
    for answer, expected in (
        (QMessageBox.StandardButton.Cancel, []),
        (QMessageBox.StandardButton.Yes, [TrustCertificate("ab" * 32)]),
    ):
        window.perform("trust-certificate")
        box = window.findChild(QMessageBox, "question")
        assert box is not None
        assert "abab abab" in box.text()
        assert sent == []
        box.button(answer).click()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        assert sent == expected


def test_the_confirmed_certificate_is_the_one_that_was_shown(
    make_window: MakeWindow, sent: list[Intent]
) -> None:
    """If the gateway changes its certificate while the question is open, the answer still means the old one."""
    calm = states.calm_morning()
    window = make_window(
        replace(calm, facts=fold(calm.facts, [kinds.FINGERPRINT.seen("gateway", "ab" * 32, NOW)]))
    )
    window.perform("trust-certificate")
    changed = fold(calm.facts, [kinds.FINGERPRINT.seen("gateway", "cd" * 32, NOW + 1)])
    window.show_state(replace(calm, facts=changed))
    box = window.findChild(QMessageBox, "question")
    assert box is not None
    box.button(QMessageBox.StandardButton.Yes).click()
    assert sent == [TrustCertificate("ab" * 32)]


def test_a_wish_carries_what_it_is_about(make_window: MakeWindow, sent: list[Intent]) -> None:
    window = make_window(states.tws_down())
    window.panes.dock("sessions").pane.wished.emit(Wish("reconnect", "tws/tws"))
    assert sent == [Reconnect("tws/tws")]


def test_a_notice_can_be_followed_and_put_away(make_window: MakeWindow, sent: list[Intent]) -> None:
    window = make_window(states.tws_down())
    first = window.notices.findChildren(NoticeLine)[0]
    assert first.notice.level is Level.BLOCKED
    first.dismissed.emit(first.notice.key)
    first.wished.emit(Wish("run-check"))
    assert sent == [DismissNotice("tws/tws"), RunCheck(everything=False)]


def test_notices_are_folded_after_the_second_and_none_is_lost(make_window: MakeWindow) -> None:
    calm = states.calm_morning()
    notices = tuple(Notice(f"n{i}", Level.LIMITED, f"Title {i}", "Sentence", NOW - i) for i in range(5))
    window = make_window(replace(calm, notices=notices))
    assert len(window.notices.findChildren(NoticeLine)) == 2
    window.perform("notices")
    settle()
    lines = [line for line in window.notices.findChildren(NoticeLine) if line.isVisible()]
    assert [line.notice.title for line in lines] == [f"Title {i}" for i in range(5)]
    window.show_state(calm)
    assert not window.notices.isVisible()


def test_every_action_is_in_the_menu_once(make_window: MakeWindow) -> None:
    window = make_window(states.calm_morning())
    in_window = {action.objectName() for action in window.actions()}
    assert in_window == {row.id for row in ACTIONS if row.menu.value}


def test_only_what_changed_is_painted_again(make_window: MakeWindow) -> None:
    window = make_window(states.calm_morning())
    painted: list[QWidget] = []

    class Watcher(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() is QEvent.Type.Paint and isinstance(watched, QWidget):
                painted.append(watched)
            return False

    watcher = Watcher()
    for child in window.findChildren(QWidget):
        child.installEventFilter(watcher)
    window.show_state(states.calm_morning())
    settle()
    assert painted == []


def test_evidence_ages_without_a_new_state(make_window: MakeWindow) -> None:
    now = [NOW]
    window = make_window(states.calm_morning(), clock=lambda: now[0])
    assert window.windowTitle().startswith("READY ")
    now[0] = NOW + 120
    timer = next(child for child in window.findChildren(QTimer) if child.interval() == 1000)
    timer.timeout.emit()
    assert window.windowTitle().startswith("NOT KNOWN ")


def test_a_changed_verdict_is_announced_and_named_for_assistive_technology(make_window: MakeWindow) -> None:
    window = make_window(states.calm_morning())
    badge = window.top_bar.badge
    assert badge.accessibleName() == "Verdict: ready, 5 of 5 flows ready"
    window.show_state(states.tws_down())
    assert badge.accessibleName() == "Verdict: not ready, 4 of 5 flows blocked"
    interface = QAccessible.queryAccessibleInterface(badge)
    assert interface is not None
    assert "not ready" in interface.text(QAccessible.Text.Name)
    assert window.accessibleDescription().startswith("Not ready: 4 of 5 flows blocked.")


def test_everything_that_takes_the_keyboard_has_a_name(make_window: MakeWindow) -> None:
    window = make_window(states.tws_down())
    for widget in window.findChildren(QWidget):
        if widget.focusPolicy().value and widget.isVisible() and not widget.focusProxy():
            interface = QAccessible.queryAccessibleInterface(widget)
            assert interface is not None
            assert interface.text(QAccessible.Text.Name), widget


def test_a_closed_window_leaves_nothing_behind(qtbot: QtBot, bridge: Bridge) -> None:
    window = MainWindow(bridge, None, lambda: NOW)
    closed = QSignalSpy(window.closed)
    window.show()
    window.show_state(states.permission_blocked())
    gone: list[None] = []
    children = [*window.findChildren(QWidget), *window.findChildren(QTimer), *window.findChildren(QAction)]
    for child in (window, *children):
        child.destroyed.connect(lambda: gone.append(None))
    window.close()
    assert closed.count() == 1
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert len(gone) == len(children) + 1
    bridge.state_changed.emit(states.calm_morning())


def test_a_wider_window_gives_the_room_to_the_centre(make_window: MakeWindow) -> None:
    window = make_window(states.calm_morning())
    before = widths(window)
    window.resize(2200, 1200)
    settle()
    after = widths(window)
    assert (after[0], after[2]) == (before[0], before[2])
    assert after[1] == before[1] + 600


def test_a_closed_pane_gives_its_room_to_the_centre(make_window: MakeWindow) -> None:
    window = make_window(states.calm_morning())
    before = widths(window)
    window.panes.dock("flows").close()
    settle()
    assert widths(window)[0] == before[0]
    assert widths(window)[1] > before[1] + before[2]


def test_a_size_that_was_dragged_to_is_kept(make_window: MakeWindow) -> None:
    window = make_window(states.calm_morning())
    left = window.panes.dock("sessions").geometry()
    start = QPoint(left.right() + 4, left.center().y())
    button, no_key = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    for kind, by in (
        (QEvent.Type.MouseButtonPress, 0),
        (QEvent.Type.MouseMove, 60),
        (QEvent.Type.MouseButtonRelease, 60),
    ):
        place = QPointF(start + QPoint(by, 0))
        QCoreApplication.sendEvent(window.panes, QMouseEvent(kind, place, place, button, button, no_key))
        settle()
    wide = widths(window)[0]
    assert wide > left.width() + 40
    window.resize(2000, 1000)
    settle()
    assert widths(window)[0] == wide


def test_without_a_remembered_place_the_window_fits_the_screen(qtbot: QtBot, bridge: Bridge) -> None:
    window = MainWindow(bridge, None, lambda: NOW)
    qtbot.addWidget(window)
    room = window.screen().availableGeometry()
    least = window.minimumSizeHint()
    assert window.width() <= max(room.width(), least.width())
    assert window.height() <= max(room.height(), least.height())
