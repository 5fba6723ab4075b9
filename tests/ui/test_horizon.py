"""The horizon pane: what it lists, how the keyboard goes through it, and when it works at all."""

from __future__ import annotations

from msgspec.structs import replace
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy, QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from cockpit.domain import kinds
from cockpit.domain.evidence import Provenance
from cockpit.domain.facts import Facts, fold
from cockpit.domain.horizon import HorizonKind, series_key
from cockpit.domain.horizon_events.data import YEARLY_SUBJECT
from cockpit.domain.plan import Flow, Plan, SessionEnd
from cockpit.domain.register import Credential, CredentialKind, RecoveryKind, RecoveryPath, Register
from cockpit.services.intents import SayLookedAfter
from cockpit.services.state import DeskState
from cockpit.ui.actions import action_of
from cockpit.ui.glance import glance
from cockpit.ui.horizon.box import HorizonBox
from cockpit.ui.horizon.scale import Zoom
from cockpit.ui.pane import Wish
from cockpit.ui.panes.horizon import HorizonPane
from cockpit.ui.text import discreet
from tests.ui import horizon_states
from tests.ui.conftest import settle
from tests.ui.horizon_panes import make_pane
from tests.ui.horizon_states import DAY, HOUR
from tests.ui.states import NOW, calm_morning_observations
from tests.ui.test_hostile_text import check
from tests.ui.test_hostile_text import payload as payload

STRICT = QAbstractItemModelTester.FailureReportingMode.Warning


def titles(pane: HorizonPane) -> list[str]:
    return [row.cells[1].text for row in pane.list.rows]


def test_a_clock_that_strikes_often_is_one_line_and_one_label(qtbot: QtBot) -> None:
    pane = make_pane(qtbot, horizon_states.calm_week())
    assert titles(pane).count("TWS restarts") == 1
    assert [series_key(one.mark.key) for one in pane.line.placed].count("restart") == 1
    (row,) = (row for row in pane.list.rows if row.key == "restart")
    assert "7 times" in row.cells[1].detail
    assert "Also Sat 23:45" in row.tooltip


def test_a_collision_names_the_flow_and_the_move(qtbot: QtBot) -> None:
    pane = make_pane(qtbot, horizon_states.colliding_week())
    (row,) = (row for row in pane.list.rows if row.key == "restart")
    assert row.cells[0].text == "collides"
    assert "Hedge ES overnight" in row.cells[3].text
    assert "Set the restart to 17:00 ET" in row.cells[3].detail


def test_unknown_hours_are_said_where_no_collision_can_be_found(qtbot: QtBot) -> None:
    pane = make_pane(qtbot, horizon_states.nothing_known())
    maintenance = next(row for row in pane.list.rows if row.key == "weekend-maintenance")
    assert maintenance.cells[0].text == "unknown"
    assert maintenance.cells[3].detail == "not held against the hours of NYSE"
    assert "Hours of NYSE" in titles(pane)


def test_a_chip_cuts_the_list_and_the_line_down_to_its_kind(qtbot: QtBot) -> None:
    pane = make_pane(qtbot, horizon_states.colliding_week())
    pane.controls.kinds[HorizonKind.TOKEN].click()
    settle()
    assert {row.cells[1].detail.split(" · ")[0] for row in pane.list.rows} == {"token"}
    assert len(pane.line.placed) == len(pane.list.rows)
    pane.controls.colliding.click()
    assert titles(pane) == ["Live session token has ended", "TWS restarts", "Daily server reset, America"]
    assert pane.controls.colliding.text() == "Collides 3"


def test_plus_and_minus_zoom_from_the_list_and_from_the_line(qtbot: QtBot) -> None:
    pane = make_pane(qtbot, horizon_states.calm_week())
    pane.activateWindow()
    qtbot.waitUntil(pane.isActiveWindow)
    seen = []
    for widget, key in (
        (pane.list, Qt.Key.Key_Minus),
        (pane.list, Qt.Key.Key_Minus),
        (pane.line, Qt.Key.Key_Plus),
        (pane.line, Qt.Key.Key_Equal),
        (pane.line, Qt.Key.Key_Plus),
    ):
        widget.setFocus()
        QTest.keyClick(widget, key)
        seen.append(
            (pane.controls.zoom.title, "NYSE closed" in titles(pane), "Flex token ends" in titles(pane))
        )
    month, week, day = ("Month", True, True), ("Week", False, True), ("Day", False, False)
    assert seen == [month, month, week, day, day]


def test_line_and_list_go_together(qtbot: QtBot) -> None:
    pane = make_pane(qtbot, horizon_states.colliding_week())
    pane.line.setFocus()
    QTest.keyClick(pane.line, Qt.Key.Key_End)
    assert pane.list.current_key == "ends/Flex token"
    assert "Flex token ends: Wed 18:07 ET" in pane.whole.text()
    assert "Flex token ends" in pane.line.accessibleName()
    pane.list.setFocus()
    QTest.keyClick(pane.list, Qt.Key.Key_Up)
    assert series_key(pane.line.current) == pane.list.current_key
    QTest.mouseClick(pane.line, Qt.MouseButton.LeftButton, pos=pane.line.rect().bottomLeft())
    assert series_key(pane.line.current) == pane.list.current_key


def test_everything_can_be_reached_by_tab(qtbot: QtBot) -> None:
    pane = make_pane(qtbot, horizon_states.calm_week())
    pane.activateWindow()
    pane.controls.everything.setFocus()
    reached: set[QObject] = set()
    for _ in range(30):
        widget = pane.window().focusWidget()
        if widget is not None:
            reached.add(widget)
            QTest.keyClick(widget, Qt.Key.Key_Tab)
    wanted = {pane.line, pane.list, pane.controls.export, pane.controls.everything}
    assert wanted <= reached


def test_the_export_asks_for_what_is_shown(qtbot: QtBot) -> None:
    pane = make_pane(qtbot, horizon_states.calm_week())
    pane.controls.choose_zoom(Zoom.MONTH)
    spy = QSignalSpy(pane.wished)
    pane.controls.export.click()
    assert spy.at(0) == [Wish("export-horizon", "31")]
    assert action_of("export-horizon") is not None


def test_what_is_missing_offers_what_makes_it_known(qtbot: QtBot) -> None:
    pane = make_pane(qtbot, horizon_states.nothing_known())
    wished, sent = QSignalSpy(pane.wished), QSignalSpy(pane.sent)
    pane.list.select("missing/mobile")
    QTest.keyClick(pane.list, Qt.Key.Key_Return)
    assert wished.at(0) == [Wish("attest-mobile")]
    pane.list.select("missing/non-professional")
    QTest.keyClick(pane.list, Qt.Key.Key_Return)
    assert sent.at(0) == [SayLookedAfter(YEARLY_SUBJECT)]


def test_the_list_obeys_qts_rules_while_the_week_changes(qtbot: QtBot) -> None:
    pane = make_pane(qtbot, horizon_states.nothing_known())
    tester = QAbstractItemModelTester(pane.list.rows_model, STRICT)
    for make in (horizon_states.calm_week, horizon_states.colliding_week, horizon_states.nothing_known):
        state = make()
        pane.show_state(state, glance(state, NOW), NOW)
    tester.deleteLater()


class _Paints(QObject):
    """Counts how often a widget is painted."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() is QEvent.Type.Paint
        return False


def test_other_facts_and_the_same_ones_again_repaint_nothing(qtbot: QtBot) -> None:
    state = horizon_states.calm_week()
    pane = make_pane(qtbot, state)
    paints = _Paints()
    pane.line.installEventFilter(paints)
    pane.list.viewport().installEventFilter(paints)
    reading = pane._reader.read(state, NOW, 7)
    for number in range(20):
        seen = [
            kinds.ROUND_TRIP.seen("tws/tws", 0.01 * number, NOW + number / 30),
            kinds.SSO_ENDS.seen("gateway", NOW + 13 * 3600 + 2600, NOW + number / 30),  # the same again
        ]
        state = replace(state, facts=fold(state.facts, seen))
        pane.show_state(state, glance(state, NOW), NOW + number / 30)
    settle()
    assert paints.count == 0
    assert pane._reader.read(state, NOW + 0.7, 7) is reading


def test_a_new_fact_of_the_line_shows_at_once(qtbot: QtBot) -> None:
    state = horizon_states.calm_week()
    pane = make_pane(qtbot, state)
    seen = [kinds.LIVE_SESSION_ENDS.seen("web-api", NOW + HOUR, NOW)]
    state = replace(state, facts=fold(state.facts, seen))
    pane.show_state(state, glance(state, NOW), NOW)
    assert "Live session token ends" in titles(pane)


def test_the_small_horizon_asks_for_the_whole_pane(qtbot: QtBot) -> None:
    box = HorizonBox()
    qtbot.addWidget(box)
    box.resize(556, 128)
    box.show()
    state = horizon_states.calm_week()
    box.show_state(state, glance(state, NOW), NOW)
    spy = QSignalSpy(box.wished)
    QTest.keyClick(box.line, Qt.Key.Key_Return)
    assert spy.at(0) == [Wish("pane-11")]
    assert action_of("pane-11") is not None


def hostile(text: str) -> DeskState:
    """Put `text` into everything that the pane reads."""
    register = Register(
        credentials=(
            Credential(text, CredentialKind.FLEX_TOKEN, ends=NOW + DAY, made=NOW - 5 * DAY, rotate_days=6),
            Credential(text + "2", CredentialKind.USERNAME),
        ),
        recovery=(RecoveryPath(text, RecoveryKind.ONLINE_CARD),),
    )
    ends = (SessionEnd(text, text, -1, "10:00", "America/New_York", text, text, (), text),)
    flows = (Flow("f", text, venue="XNYS"), Flow("g", text, venue=text))
    plan: Plan = replace(
        horizon_states.PLAN, register=register, session_ends=ends, flows=flows, restart_at="12:00"
    )
    seen = [
        *calm_morning_observations(),
        kinds.NEXT_CLOSE.seen("venue/XNYS", NOW + 8 * HOUR, NOW, Provenance.PUBLISHED, text),
        kinds.ISSUED.seen(f"recovery/{text}", NOW - 15 * DAY, NOW, Provenance.ATTESTED, text),
        kinds.CERTIFICATE_ENDS.seen(text, NOW + DAY, NOW, note=text),
    ]
    return DeskState(plan, fold(Facts(), seen), catalogue=horizon_states.catalogue())


def test_the_horizon_shows_hostile_text_literally(qtbot: QtBot, payload: str) -> None:
    pane = make_pane(qtbot, hostile(payload))
    width = pane.width()
    for zoom in Zoom:
        pane.controls.choose_zoom(zoom)
        settle()
        check(pane)
    assert pane.width() == width
    assert discreet(payload) in titles(pane)
    assert all(payload not in button.text() for button in pane.findChildren(QAbstractButton))
