"""The order types pane: keys, filters, ladder, lists, what it sends and what it copies."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy, QTest
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from cockpit.domain import kinds
from cockpit.domain.evidence import Provenance
from cockpit.domain.facts import fold
from cockpit.domain.gates.gate import GATES, Case, Column, Gate, GateAnswer, Ladder
from cockpit.domain.gates.world import World
from cockpit.domain.interface import Interface
from cockpit.domain.level import Level
from cockpit.domain.plan import Instrument, Ticket
from cockpit.services.intents import SayOffered
from cockpit.ui.order_grid.controls import Rows, View
from cockpit.ui.order_grid.ladder_lines import LineKind
from cockpit.ui.order_grid.looks import Border, look_of
from cockpit.ui.order_grid.reasons import ReasonRow
from cockpit.ui.order_grid.rows import GridRow, Heading
from cockpit.ui.pane import Wish
from cockpit.ui.panes.order_types import OrderTypesPane
from cockpit.ui.record_model import LEVEL_ROLE
from tests.ui.conftest import settle
from tests.ui.order_panes import at, make_pane, show
from tests.ui.order_states import judge, order_state
from tests.ui.states import NOW

KEY = Qt.Key
NONE = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
SPOKEN = int(Qt.ItemDataRole.AccessibleTextRole)
STRICT = QAbstractItemModelTester.FailureReportingMode.Warning


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
    """Press a key where the keyboard is."""
    widget = QApplication.focusWidget()
    assert widget is not None
    QTest.keyClick(widget, key, modifier)
    settle()


def go_to(pane: OrderTypesPane, key: str, column: str) -> None:
    pane.grid.setFocus()
    pane.grid.setCurrentIndex(at(pane, key, column))


def here(pane: OrderTypesPane) -> tuple[str, str]:
    """Title of the current row and name of the current column."""
    index = pane.grid.currentIndex()
    return pane.model.title(index.row()), pane.model.column_title(index.column())


def titles(pane: OrderTypesPane) -> list[str]:
    found = [pane.model.line(row) for row in range(pane.model.rowCount())]
    return [line.title for line in found if isinstance(line, GridRow)]


def gate_lines(pane: OrderTypesPane) -> list[str]:
    return [line.key for line in pane.ladder.lines.records if line.kind is LineKind.GATE]


# The table


def test_every_cell_says_order_interface_level_gate_and_reason_to_a_screen_reader(qtbot: QtBot) -> None:
    pane = make_pane(qtbot)
    assert at(pane, "conditional", "tws-api/tws").data(SPOKEN) == (
        "Conditional on SPX price, TWS API: with care at market data: "
        "SPX comes 15 minutes late: the condition would fire late (measured)"
    )
    assert at(pane, "limit", "tws").data(SPOKEN) == (
        "Limit, TWS: can: The broker lists it for this contract (measured)"
    )
    assert at(pane, "limit", "flex").data(LEVEL_ROLE) == Level.BLOCKED


def test_the_model_obeys_the_rules_of_qt_whatever_is_folded_filtered_or_switched(qtbot: QtBot) -> None:
    pane = make_pane(qtbot)
    tester = QAbstractItemModelTester(pane.model, STRICT)
    other = QAbstractItemModelTester(pane.reasons_model, STRICT)
    ladder = QAbstractItemModelTester(pane.ladder.lines, STRICT)
    go_to(pane, "bracket", "tws")
    press(KEY.Key_Return)
    pane.controls.filter.setText("stop")
    pane.grid.folded.emit("Basic")
    pane.controls.filter.setText("")
    pane.controls.rows[Rows.TICKETS].click()
    pane.controls.views[View.PHONE].click()
    pane.controls.views[View.DIFFER].click()
    settle()
    for one in (tester, other, ladder):
        one.deleteLater()


def test_rows_stand_below_the_headings_of_their_groups(qtbot: QtBot) -> None:
    pane = make_pane(qtbot)
    headings = [
        line for row in range(pane.model.rowCount()) if isinstance(line := pane.model.line(row), Heading)
    ]
    assert [line.group for line in headings][:2] == ["Basic", "Stop and trailing"]
    assert headings[0].count == 2


# The keyboard


def test_arrows_home_and_end_go_through_the_cells(qtbot: QtBot) -> None:
    pane = make_pane(qtbot)
    go_to(pane, "limit", "tws")
    press(KEY.Key_Right)
    press(KEY.Key_Down)
    assert here(pane) == ("Market", "TWS API")
    press(KEY.Key_End)
    assert here(pane) == ("Market", "Flex")
    press(KEY.Key_Home)
    assert pane.grid.currentIndex().column() == 0


def test_every_cell_can_be_reached_by_arrow(qtbot: QtBot) -> None:
    pane = make_pane(qtbot)
    pane.grid.setFocus()
    pane.grid.setCurrentIndex(pane.model.index(0, 1))
    seen = {pane.grid.currentIndex().row()}
    for _ in range(pane.model.rowCount()):
        press(KEY.Key_Down)
        seen.add(pane.grid.currentIndex().row())
    assert seen == set(range(pane.model.rowCount()))


def test_enter_opens_the_ladder_and_backspace_comes_back(qtbot: QtBot) -> None:
    pane = make_pane(qtbot)
    go_to(pane, "trailing-stop-limit", "ibkr-mobile")
    press(KEY.Key_Return)
    assert pane.ladder.isVisible()
    assert QApplication.focusWidget() is pane.ladder.view
    assert gate_lines(pane) == [gate.value for gate in GATES]
    press(KEY.Key_Backspace)
    assert not pane.ladder.isVisible()
    assert QApplication.focusWidget() is pane.grid
    assert here(pane) == ("Trailing stop limit", "Mobile")


def test_backspace_comes_back_from_a_button_too(qtbot: QtBot) -> None:
    pane = make_pane(qtbot)
    go_to(pane, "trailing-stop-limit", "ibkr-mobile")
    press(KEY.Key_Return)
    pane.ladder.copy_button.setFocus()
    press(KEY.Key_Backspace)
    assert QApplication.focusWidget() is pane.grid


def test_an_open_ladder_follows_the_current_cell(qtbot: QtBot) -> None:
    pane = make_pane(qtbot)
    go_to(pane, "limit", "tws")
    press(KEY.Key_Return)
    pane.grid.setFocus()
    press(KEY.Key_Right)
    press(KEY.Key_Right)
    assert pane.ladder.title == "Limit · ESZ6 · Client Portal: with care"


def test_enter_and_arrows_fold_a_group_and_keep_the_keyboard_on_it(qtbot: QtBot) -> None:
    pane = make_pane(qtbot)
    pane.grid.setFocus()
    pane.grid.setCurrentIndex(pane.model.index(0, 0))
    press(KEY.Key_Return)
    assert "Limit" not in titles(pane)
    assert pane.model.index(0, 0).data(SPOKEN) == "Basic, 2 rows, folded"
    press(KEY.Key_Right)
    assert titles(pane)[:2] == ["Limit", "Market"]
    press(KEY.Key_Left)
    assert "Limit" not in titles(pane)


def test_every_control_can_be_reached_by_tab(qtbot: QtBot) -> None:
    pane = make_pane(qtbot)
    pane.controls.rows[Rows.TYPES].setFocus()
    reached = set()
    for _ in range(30):
        reached.add(QApplication.focusWidget())
        press(KEY.Key_Tab)
    buttons = [button for button in pane.controls.findChildren(QAbstractButton) if button.isVisible()]
    assert len(buttons) > 5
    # Of switches that exclude each other Tab reaches the chosen one, and arrows the others.
    wanted = {button for button in buttons if button.group() is None or button.isChecked()}
    assert wanted | {pane.grid, pane.controls.contract, pane.controls.filter} <= reached


def test_arrows_change_between_the_switches(qtbot: QtBot) -> None:
    pane = make_pane(qtbot)
    pane.controls.rows[Rows.TYPES].setFocus()
    press(KEY.Key_Right)
    assert pane.controls.shown_rows is Rows.TICKETS
    assert len(titles(pane)) == 3


def test_the_slash_leads_into_the_filter_and_escape_back(qtbot: QtBot) -> None:
    pane = make_pane(qtbot)
    assert pane.focus_filter()
    QTest.keyClicks(pane.controls.filter, "trail")
    assert titles(pane) == ["Trailing stop", "Trailing stop limit"]
    press(KEY.Key_Escape)
    assert QApplication.focusWidget() is pane.grid
    assert len(titles(pane)) == 10


# Filters


def test_only_gaps_leaves_out_what_goes_everywhere_orders_are_taken(qtbot: QtBot) -> None:
    def all_but_vwap(world: World, case: Case) -> Ladder:
        if case.ticket.algorithm or case.column.interface is Interface.FLEX:
            return judge(world, case)
        return judge(world, replace(case, column=replace(case.column, interface=Interface.TWS)))

    pane = make_pane(qtbot, judging=all_but_vwap)
    pane.controls.only_gaps.setChecked(True)
    qtbot.waitUntil(lambda: pane.is_settled)
    assert titles(pane) == ["Conditional on SPX price", "Futures option spread", "Volume-weighted price"]


def test_capability_alone_leaves_the_sign_in_out(qtbot: QtBot) -> None:
    pane = make_pane(qtbot)
    assert at(pane, "limit", "web-api").data(LEVEL_ROLE) == Level.BLOCKED
    pane.controls.capability_only.setChecked(True)
    assert at(pane, "limit", "web-api").data(LEVEL_ROLE) == Level.READY
    assert at(pane, "limit", "client-portal").data(LEVEL_ROLE) == Level.READY
    assert at(pane, "future-option-spread", "web-api").data(LEVEL_ROLE) == Level.BLOCKED


def test_the_column_that_does_most_of_today_comes_first(qtbot: QtBot) -> None:
    pane = make_pane(qtbot)
    pane.controls.best_first.setChecked(True)
    names = [pane.model.column_title(section) for section in range(1, pane.model.columnCount())]
    assert names == ["TWS", "TWS API", "Client Portal", "Mobile", "Desktop", "Web API", "Flex"]
    assert pane.model.column_aside(1) == "3 of 3"


def test_todays_tickets_stand_below_their_flows_and_what_has_no_contract_is_counted(qtbot: QtBot) -> None:
    pane = make_pane(qtbot)
    pane.controls.rows[Rows.TICKETS].click()
    assert titles(pane) == [
        "BUY 1 IC SPX LMT 4.20",
        "BUY 1 SPX COND DAY",
        "SELL 2 ESZ6 TRAIL LIMIT GTC outside",
    ]
    assert pane.aside == "3 tickets, 1 left out: contract not in the playbook"
    pane.controls.product.choose("FUT")
    assert titles(pane) == ["SELL 2 ESZ6 TRAIL LIMIT GTC outside"]


def test_the_class_narrows_the_contracts_and_the_contract_is_what_is_judged(qtbot: QtBot) -> None:
    pane = make_pane(qtbot)
    pane.controls.product.choose("IND")
    qtbot.waitUntil(lambda: pane.is_settled)
    assert pane.controls.contract.key == "SPX"
    ladder = pane.model.ladder(at(pane, "limit", "tws").row(), 1)
    assert ladder is not None
    assert ladder.case.instrument.key == "SPX"


# The ladder


def ladder_of(qtbot: QtBot, key: str, column: str) -> OrderTypesPane:
    pane = make_pane(qtbot)
    go_to(pane, key, column)
    press(KEY.Key_Return)
    return pane


def test_the_first_block_is_marked_and_later_gates_do_not_count(qtbot: QtBot) -> None:
    pane = ladder_of(qtbot, "trailing-stop-limit", "ibkr-mobile")
    lines = {line.key: line for line in pane.ladder.lines.records}
    assert [key for key, line in lines.items() if line.is_first_block] == [Gate.INTERFACE.value]
    assert not lines[Gate.SESSION.value].is_later
    assert lines[Gate.MARKET_DATA.value].is_later
    assert lines[Gate.MARKET_DATA.value].text
    assert lines[Gate.SESSION.value].aside == "attested 40 s"
    assert lines[Gate.INTERFACE.value].aside == "published 2026-10"


def test_the_source_of_a_published_row_is_a_wish_with_its_key(qtbot: QtBot) -> None:
    pane = ladder_of(qtbot, "trailing-stop-limit", "ibkr-mobile")
    wishes = QSignalSpy(pane.wished)
    choose_line(pane, f"{Gate.INTERFACE.value}/source")
    assert wishes.at(0)[0] == Wish("open-source", "trailing-stop-limit")


def test_a_remedy_is_a_wish(qtbot: QtBot) -> None:
    pane = ladder_of(qtbot, "limit", "client-portal")
    wishes = QSignalSpy(pane.wished)
    choose_line(pane, f"{Gate.SESSION.value}/remedy")
    assert wishes.at(0)[0] == Wish("open-sign-in", "gateway")


def choose_line(pane: OrderTypesPane, key: str) -> None:
    place = [line.key for line in pane.ladder.lines.records].index(key)
    pane.ladder.view.setCurrentIndex(pane.ladder.lines.index(place, 0))
    press(KEY.Key_Return)


def test_what_to_do_instead_leads_to_its_cell(qtbot: QtBot) -> None:
    pane = ladder_of(qtbot, "trailing-stop-limit", "ibkr-mobile")
    choose_line(pane, "instead/route")
    assert here(pane) == ("Trailing stop limit", "TWS")
    assert not any(line.is_first_block for line in pane.ladder.lines.records)


@pytest.mark.parametrize("is_offered", [True, False], ids=["offered", "not-offered"])
def test_the_trader_says_what_stood_on_the_ticket(qtbot: QtBot, is_offered: bool) -> None:
    pane = ladder_of(qtbot, "trailing-stop-limit", "ibkr-mobile")
    intents = QSignalSpy(pane.sent)
    (pane.ladder.offered if is_offered else pane.ladder.not_offered).click()
    assert intents.at(0)[0] == SayOffered(Interface.MOBILE, "trailing-stop-limit", is_offered)


@pytest.mark.parametrize(("key", "column"), [("limit", "tws"), ("limit", "web-api"), ("limit", "flex")])
def test_what_was_measured_or_has_no_screen_is_not_asked_of_the_trader(
    qtbot: QtBot, key: str, column: str
) -> None:
    pane = ladder_of(qtbot, key, column)
    assert not pane.ladder.offered.isVisible()


def test_the_evidence_is_copied_as_plain_text_with_masked_accounts(qtbot: QtBot) -> None:
    pane = ladder_of(qtbot, "future-option-spread", "tws")
    assert pane.ladder.isVisible()
    press(KEY.Key_C, CTRL)
    text = QGuiApplication.clipboard().text()
    assert text.startswith("Futures option spread, ESZ6, TWS: blocked\nas of 2026-11-06T13:31:48Z\n")
    assert " 7. Trading permission: blocked  <- the order ends here" in text
    assert "the broker wrote: No trading permissions for this instrument." in text
    assert "do: Request it in Client Portal" in text
    assert "U1234821" not in text
    assert "U•••4821" in text


def test_a_ladder_whose_row_is_gone_is_closed(qtbot: QtBot) -> None:
    pane = ladder_of(qtbot, "vwap", "tws")
    state = order_state()
    show(qtbot, pane, replace(state, catalogue=replace(state.catalogue, order_types={})))
    assert not pane.ladder.isVisible()


# The lists


def test_the_list_for_the_phone_says_why_and_where_else(qtbot: QtBot) -> None:
    pane = make_pane(qtbot)
    pane.controls.views[View.PHONE].click()
    found = {row.title: (row.left.level, row.right.text) for row in pane.reasons_model.records}
    assert list(found) == [
        "Trailing stop limit",
        "Conditional on SPX price",
        "Futures option spread",
        "Volume-weighted price",
    ]
    assert found["Trailing stop limit"][0] is Level.BLOCKED
    assert found["Trailing stop limit"][1].startswith("TWS: can")
    assert found["Futures option spread"][1] == "No other way is known to go"


def test_only_what_two_interfaces_answer_differently_is_listed(qtbot: QtBot) -> None:
    pane = make_pane(qtbot)
    pane.controls.views[View.DIFFER].click()
    assert pane.reasons_model.records == ()
    pane.controls.second.choose("ibkr-mobile")
    found: tuple[ReasonRow, ...] = pane.reasons_model.records
    assert [row.title for row in found] == [
        "Trailing stop limit",
        "Conditional on SPX price",
        "Volume-weighted price",
    ]


def test_enter_in_a_list_opens_the_ladder_of_that_route(qtbot: QtBot) -> None:
    pane = make_pane(qtbot)
    pane.controls.views[View.PHONE].click()
    pane.reasons.setFocus()
    press(KEY.Key_Return)
    assert pane.ladder.isVisible()
    assert any(line.is_first_block for line in pane.ladder.lines.records)
    press(KEY.Key_Backspace)
    assert QApplication.focusWidget() is pane.reasons


# Copying


def test_the_whole_grid_is_copied_as_a_table(qtbot: QtBot) -> None:
    pane = make_pane(qtbot)
    pane.controls.copy_all.click()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].split("\t") == [
        "Order type", "TWS", "TWS API", "Client Portal", "Desktop", "Mobile", "Web API", "Flex",
    ]  # fmt: skip
    assert len(lines) == 11
    assert all(line.count("\t") == 7 for line in lines)


def test_tickets_are_copied_below_their_own_name(qtbot: QtBot) -> None:
    pane = make_pane(qtbot)
    pane.controls.rows[Rows.TICKETS].click()
    settle()
    pane.controls.copy_all.click()
    assert QGuiApplication.clipboard().text().startswith("Ticket\tTWS\t")


def test_what_was_measured_for_the_contract_is_drawn_solid_where_the_offer_is_only_published() -> None:
    def border(contract: Provenance) -> Border:
        answers = tuple(
            GateAnswer(gate, Level.READY, "", contract if gate is Gate.CONTRACT else Provenance.PUBLISHED)
            for gate in Gate
        )
        case = Case(Ticket("t", "AAA"), Instrument("AAA", "AAA"), Column(Interface.TWS_API, "tws"))
        return look_of(Ladder(case, answers)).border

    assert border(Provenance.MEASURED) is Border.MEASURED
    assert border(Provenance.PUBLISHED) is Border.PUBLISHED


def test_a_selection_is_copied_with_the_names_of_its_rows_and_columns(qtbot: QtBot) -> None:
    pane = make_pane(qtbot)
    go_to(pane, "limit", "tws")
    press(KEY.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    press(KEY.Key_C, CTRL)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert [line.split("\t")[0] for line in lines] == ["Order type", "Limit", "Market"]
    assert lines[0].split("\t")[1:] == ["TWS"]


# New facts


def test_the_keyboard_stays_on_its_cell_when_columns_and_rows_change(qtbot: QtBot) -> None:
    pane = make_pane(qtbot)
    go_to(pane, "trailing-stop-limit", "ibkr-mobile")
    pane.controls.best_first.setChecked(True)
    pane.controls.filter.setText("trail")
    assert here(pane) == ("Trailing stop limit", "Mobile")


def offered_by_attestation(world: World, case: Case) -> Ladder:
    """Let the trader's word open the phone, as the gate of the interface does."""
    made = judge(world, case)
    seen = world.facts.look(kinds.SAID_OFFERED, "attested/ibkr-mobile/trailing-stop-limit")
    if seen is None or case.column.interface is not Interface.MOBILE:
        return made
    answers = tuple(
        replace(one, level=Level.READY, provenance=Provenance.ATTESTED) if one.gate is Gate.INTERFACE else one
        for one in made.answers
    )
    return replace(made, answers=answers)


def test_a_new_fact_changes_only_the_rows_that_rest_on_it(qtbot: QtBot) -> None:
    pane = make_pane(qtbot, judging=offered_by_attestation)
    state = order_state()
    said = kinds.SAID_OFFERED.seen("attested/ibkr-mobile/trailing-stop-limit", True, NOW, Provenance.ATTESTED)
    changed, reset = QSignalSpy(pane.model.dataChanged), QSignalSpy(pane.model.modelReset)
    show(qtbot, pane, replace(state, facts=fold(state.facts, [said])), NOW)
    assert at(pane, "trailing-stop-limit", "ibkr-mobile").data(LEVEL_ROLE) == Level.READY
    rows = {changed.at(place)[0].row() for place in range(changed.count())}
    assert rows <= {row for row in range(pane.model.rowCount()) if pane.model.place(row) >= 0}
    assert reset.count() == 0


def test_the_same_state_a_second_later_changes_no_cell_but_the_age_on_the_ladder(qtbot: QtBot) -> None:
    state = order_state()
    pane = make_pane(qtbot, state)
    go_to(pane, "limit", "tws")
    press(KEY.Key_Return)
    changed = QSignalSpy(pane.model.dataChanged)
    show(qtbot, pane, state, NOW + 1)
    assert changed.count() == 0
    assert pane.ladder.lines.records[0].aside == "measured 41 s"
