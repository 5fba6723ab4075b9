"""The Playbook pane: tickets typed, corrected, pasted, filled in, moved and taken back; nothing typed is ever lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cockpit.domain.interface import Interface
from cockpit.domain.plan import Flow, Instrument, Objective, Ticket
from cockpit.domain.tickets.paste import MOST_ROWS
from cockpit.ui.pane import Wish
from cockpit.ui.panes.playbook import PlaybookPane
from tests.ui.conftest import MakeWindow, settle
from tests.ui.playbook_panes import answer, flow_of, make_pane, show
from tests.ui.playbook_states import FLOWS, no_playbook, playbook_state
from tests.ui.test_hostile_text import BAIT, PAYLOADS, check

KEY = Qt.Key
STRICT = QAbstractItemModelTester.FailureReportingMode.Warning
ALT = Qt.KeyboardModifier.AltModifier
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def pane(qtbot: QtBot) -> PlaybookPane:
    made = make_pane(qtbot)
    made.box.entry.line.setFocus()
    return made


@pytest.fixture
def heard(pane: PlaybookPane) -> QSignalSpy:
    return QSignalSpy(pane.sent)


def type_in(pane: PlaybookPane, text: str) -> None:
    QTest.keyClicks(pane.box.entry.line, text)


def press(
    pane: PlaybookPane, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    QTest.keyClick(pane.box.entry.line, key, held)


# Typing


def test_a_typed_line_says_what_it_is_and_enter_adds_it(pane: PlaybookPane, heard: QSignalSpy) -> None:
    type_in(pane, "SELL 2 ESZ6 TRAIL LIMIT 5 2 GTC outside")
    press(pane, KEY.Key_Escape)
    said = pane.box.entry.says.text()
    assert (
        said
        == "Read as: Sell 2 ESZ26, trailing stop limit, trail 5, offset 2, until cancelled, outside hours"
    )
    press(pane, KEY.Key_Return)
    added = flow_of(heard).tickets[-1]
    assert (added.order_type, added.trail, added.limit_offset, added.outside_hours) == (
        "TRAIL LIMIT",
        5.0,
        2.0,
        True,
    )
    assert pane.box.entry.line.text() == ""
    assert [row.key for row in pane.box.list.rows][2] == added.key


def test_the_wrong_word_is_marked_named_and_corrected_by_a_key(pane: PlaybookPane) -> None:
    type_in(pane, "SELL 2 ESZ6 TRIAL 5 GTC")
    press(pane, KEY.Key_Escape)
    assert pane.box.entry.line.marked == "TRIAL"
    assert pane.box.entry.says.text() == "Word 4, TRIAL: is no word of a ticket. Did you mean TRAIL?"
    assert pane.box.entry.line.accessibleDescription() == pane.box.entry.says.text()
    assert not pane.box.entry.add.isEnabled()
    press(pane, KEY.Key_Return, CTRL)
    assert pane.box.entry.line.text() == "SELL 2 ESZ6 TRAIL 5 GTC"
    assert pane.box.entry.line.marked == ""
    assert pane.box.entry.add.isEnabled()


def test_a_word_that_is_still_being_typed_is_no_mistake_yet(pane: PlaybookPane) -> None:
    type_in(pane, "SELL 2 ESZ6 TR")
    assert pane.box.entry.line.marked == ""
    type_in(pane, "X ")
    assert pane.box.entry.line.marked == "TRX"


def test_a_line_that_cannot_be_read_stays_or_is_kept_as_a_draft(
    pane: PlaybookPane, heard: QSignalSpy
) -> None:
    type_in(pane, "SELL two of it")
    press(pane, KEY.Key_Escape)
    press(pane, KEY.Key_Return)
    assert pane.box.entry.line.text() == "SELL two of it"
    assert heard.count() == 0
    press(pane, KEY.Key_Return, SHIFT)
    assert flow_of(heard).drafts[-1] == "SELL two of it"
    assert pane.box.entry.line.text() == ""


def test_what_fits_is_offered_chosen_and_left(pane: PlaybookPane) -> None:
    type_in(pane, "SELL 2 ESZ6 TR")
    offers = pane.box.entry.offers
    assert offers.isVisible()
    assert [one.word for one in offers.rows.records] == ["TRAIL", "TRAIL LIMIT"]
    press(pane, KEY.Key_Down)
    press(pane, KEY.Key_Down)
    press(pane, KEY.Key_Return)
    assert pane.box.entry.line.text() == "SELL 2 ESZ6 TRAIL LIMIT "
    assert not offers.isVisible()
    type_in(pane, "5 2 G")
    press(pane, KEY.Key_Tab)
    assert pane.box.entry.line.text() == "SELL 2 ESZ6 TRAIL LIMIT 5 2 GTC "
    press(pane, KEY.Key_Down)
    assert offers.isVisible()
    press(pane, KEY.Key_Escape)
    assert not offers.isVisible()
    assert QApplication.focusWidget() is pane.box.entry.line


def test_the_words_on_offer_leave_the_sentence_about_what_is_missing_in_sight(pane: PlaybookPane) -> None:
    type_in(pane, "BUY 100 E")
    entry = pane.box.entry
    assert entry.offers.isVisible()
    sentence = entry.says.mapTo(pane, entry.says.rect().bottomLeft())
    assert entry.offers.geometry().top() >= sentence.y()


def test_a_new_combination_is_said_by_the_names_of_its_legs(pane: PlaybookPane, heard: QSignalSpy) -> None:
    type_in(pane, "BUY 1 IC SPX 18DEC26 6600/6650/7000/7050 LMT 4.5")
    assert pane.box.entry.says.text() == (
        "Read as: Buy 1 combination of 4 legs, limit, at 4.5, day. "
        "New: SPX 18DEC26 6600P, SPX 18DEC26 6650P, SPX 18DEC26 7000C, SPX 18DEC26 7050C"
    )
    press(pane, KEY.Key_Return)
    assert "SPX combination, 4 legs, 18DEC26" in [row.cells[1].sentence() for row in pane.box.list.rows]


def test_tab_goes_on_when_nothing_is_offered(pane: PlaybookPane) -> None:
    press(pane, KEY.Key_Tab)
    assert QApplication.focusWidget() is not pane.box.entry.line


def test_a_click_takes_an_offered_word(pane: PlaybookPane) -> None:
    type_in(pane, "BUY 1 ESZ6 L")
    offers = pane.box.entry.offers
    first = offers.visualRect(offers.rows.index(0, 0)).center()
    QTest.mouseClick(offers.viewport(), Qt.MouseButton.LeftButton, pos=first)
    assert pane.box.entry.line.text() == "BUY 1 ESZ6 LMT "


# Changing


def test_enter_changes_a_ticket_in_its_place(pane: PlaybookPane, heard: QSignalSpy) -> None:
    pane.box.list.setFocus()
    pane.box.list.select("spx-2")
    QTest.keyClick(pane.box.list, KEY.Key_Return)
    assert pane.box.entry.line.text() == "SELL 2 ESZ26 TRAIL LIMIT 5 2 GTC outside"
    pane.box.entry.line.setText("SELL 3 ESZ26 TRAIL LIMIT 5 2 GTC outside")
    press(pane, KEY.Key_Return)
    changed = flow_of(heard).tickets
    assert [(ticket.key, ticket.quantity) for ticket in changed] == [("spx-1", 1.0), ("spx-2", 3.0)]


def test_a_combination_can_be_changed_as_a_line(pane: PlaybookPane, heard: QSignalSpy) -> None:
    pane.box.list.select("spx-1")
    pane.box.bar.open.click()
    assert pane.box.entry.line.text() == "BUY 1 IC SPX 20DEC26 6700/6720/6900/6920 LMT 4.2"
    pane.box.entry.line.setText("BUY 1 IC SPX 20DEC26 6700/6720/6900/6920 LMT 4")
    press(pane, KEY.Key_Return)
    assert flow_of(heard).tickets[0] == replace(
        FLOWS[1].tickets[0], price=4.0, text="BUY 1 IC SPX 20DEC26 6700/6720/6900/6920 LMT 4"
    )


def test_a_draft_is_corrected_into_a_ticket(pane: PlaybookPane, heard: QSignalSpy) -> None:
    pane.box.list.select("draft/0")
    pane.box.bar.open.click()
    assert pane.box.entry.line.text() == FLOWS[1].drafts[0]
    press(pane, KEY.Key_Return, CTRL)
    press(pane, KEY.Key_Return)
    assert flow_of(heard).drafts == ()
    assert flow_of(heard).tickets[-1].order_type == "TRAIL"


def test_a_line_that_is_begun_waits_while_a_ticket_is_changed(pane: PlaybookPane) -> None:
    type_in(pane, "BUY 7 of something")
    press(pane, KEY.Key_Escape)
    pane.box.list.select("spx-2")
    pane.box.bar.open.click()
    assert pane.box.entry.unsaved == ("BUY 7 of something",)
    press(pane, KEY.Key_Return)
    assert pane.box.entry.line.text() == "BUY 7 of something"


def test_leaving_a_changed_line_keeps_it_as_a_new_one(pane: PlaybookPane, heard: QSignalSpy) -> None:
    pane.box.list.select("spx-2")
    pane.box.bar.open.click()
    pane.box.entry.line.setText("SELL 9 ESZ26 MKT")
    press(pane, KEY.Key_Escape)
    assert pane.box.entry.line.text() == "SELL 9 ESZ26 MKT"
    press(pane, KEY.Key_Return)
    assert [ticket.quantity for ticket in flow_of(heard).tickets] == [1.0, 2.0, 9.0]


def test_delete_move_and_take_back_by_key(pane: PlaybookPane, heard: QSignalSpy) -> None:
    pane.box.list.setFocus()
    pane.box.list.select("spx-2")
    QTest.keyClick(pane.box.list, KEY.Key_Up, ALT)
    assert [row.key for row in pane.box.list.rows] == ["spx-2", "spx-1", "draft/0"]
    QTest.keyClick(pane.box.list, KEY.Key_Delete)
    assert [row.key for row in pane.box.list.rows] == ["spx-1", "draft/0"]
    assert pane.flow_bar.undo.text() == "Take back the deletion of a ticket  Ctrl+Z"
    QTest.keyClick(pane.box.list, KEY.Key_Z, CTRL)
    QTest.keyClick(pane.box.list, KEY.Key_Z, CTRL)
    assert flow_of(heard) == FLOWS[1]
    assert not pane.flow_bar.undo.isVisible()


def test_a_ticket_goes_to_another_flow(pane: PlaybookPane, heard: QSignalSpy) -> None:
    pane.box.list.select("spx-2")
    pane.box.bar.to.choose("margin")
    pane.box.bar.to.activated.emit(pane.box.bar.to.currentIndex())
    assert [ticket.key for ticket in flow_of(heard, "margin").tickets] == ["spx-2"]
    assert [ticket.key for ticket in flow_of(heard).tickets] == ["spx-1"]


# Flows


def test_a_flow_is_named_changed_and_its_rule_is_said(pane: PlaybookPane, heard: QSignalSpy) -> None:
    box = pane.flow_box
    box.title.setFocus()
    box.title.selectAll()
    QTest.keyClicks(box.title, "Roll the condor")
    QTest.keyClick(box.title, KEY.Key_Return)
    assert flow_of(heard).title == "Roll the condor"
    box.objective.choose(Objective.AUTOMATION.value)
    assert flow_of(heard).objective is Objective.AUTOMATION
    assert "For automation: TWS API" in box.advice.text()
    assert "Web API (OAuth) comes first but is" in box.advice.text()
    box.take.click()
    assert flow_of(heard).interface is Interface.TWS_API
    assert not box.take.isVisible()


def test_prices_are_read_like_the_contracts_of_a_ticket(pane: PlaybookPane, heard: QSignalSpy) -> None:
    prices = pane.flow_box.prices
    prices.setFocus()
    prices.selectAll()
    QTest.keyClicks(prices, "EUR.USD, AAPL")
    QTest.keyClick(prices, KEY.Key_Return)
    assert flow_of(heard).instruments == ("EUR.USD", "AAPL")
    count = heard.count()
    prices.selectAll()
    QTest.keyClicks(prices, "EUR.USD, ???")
    QTest.keyClick(prices, KEY.Key_Return)
    assert heard.count() == count
    assert prices.text() == "EUR.USD, ???"
    assert "???" in pane.flow_box.advice.text()


def test_flows_are_added_moved_and_deleted(pane: PlaybookPane, heard: QSignalSpy) -> None:
    pane.flow_bar.add.click()
    new = pane.flows.current_key
    assert QApplication.focusWidget() is pane.flow_box.title
    assert heard.at(0)[0].flows[-1].key == new
    pane.flows.setFocus()
    QTest.keyClick(pane.flows, KEY.Key_Up, ALT)
    assert [row.key for row in pane.flows.rows][-2] == new
    QTest.keyClick(pane.flows, KEY.Key_Delete)
    assert [row.key for row in pane.flows.rows] == [flow.key for flow in FLOWS]


def test_the_first_three_flows_wear_the_keys_of_the_task_cards(pane: PlaybookPane) -> None:
    assert [row.cells[0].text for row in pane.flows.rows] == ["1", "2", "3", ""]


def test_import_and_export_are_wished(pane: PlaybookPane) -> None:
    wished = QSignalSpy(pane.wished)
    pane.flow_bar.bring.click()
    pane.flow_bar.export.click()
    assert [wished.at(0)[0], wished.at(1)[0]] == [Wish("import-playbook"), Wish("export-playbook")]


# The form


def test_the_form_follows_the_line_and_writes_it(pane: PlaybookPane) -> None:
    pane.box.entry.line.setText("SELL 2 ESZ6 TRAIL LIMIT 5 2 GTC outside")
    pane.box.open_form.click()
    form = pane.box.form
    assert (form.side.key, form.quantity.text(), form.order_type.key, form.time.key) == (
        "SELL",
        "2",
        "TRAIL LIMIT",
        "GTC",
    )
    assert [name for name, line in form.numbers.items() if line.isVisible()] == ["trail", "limit_offset"]
    form.quantity.selectAll()
    QTest.keyClicks(form.quantity, "12")
    assert pane.box.entry.line.text() == "SELL 12 ESZ26 TRAIL LIMIT 5 2 GTC outside"
    form.order_type.choose("LMT")
    assert [name for name, line in form.numbers.items() if line.isVisible()] == ["price"]
    assert pane.box.entry.parsed.ticket is not None
    form.numbers["price"].setFocus()
    QTest.keyClicks(form.numbers["price"], "x")
    assert pane.box.entry.line.marked == "x"


def test_the_form_shows_a_combination_as_its_contract(pane: PlaybookPane) -> None:
    pane.box.open_form.click()
    pane.box.list.select("spx-1")
    pane.box.bar.open.click()
    assert pane.box.form.instrument.currentText() == "IC SPX 20DEC26 6700/6720/6900/6920"
    pane.box.form.side.choose("SELL")
    assert pane.box.entry.line.text() == "SELL 1 IC SPX 20DEC26 6700/6720/6900/6920 LMT 4.2"


def test_a_half_typed_line_is_kept_before_the_form_writes_over_it(
    pane: PlaybookPane, heard: QSignalSpy
) -> None:
    type_in(pane, "BUY some of it")
    pane.box.open_form.click()
    QTest.keyClicks(pane.box.form.quantity, "4")
    assert flow_of(heard).drafts[-1] == "BUY some of it"
    assert heard.count() == 1
    QTest.keyClicks(pane.box.form.quantity, "2")
    assert heard.count() == 1


# Pasting

SHEET = "Side\tQty\tSymbol\tType\tPrice\nBUY\t1\tAAPL\tLMT\t200\nSELL\t2\tESZ6\tTRIAL\t5\n"


def test_a_pasted_sheet_is_shown_first_and_nothing_of_it_is_lost(
    pane: PlaybookPane, heard: QSignalSpy
) -> None:
    QGuiApplication.clipboard().setText(SHEET)
    pane.box.paste.click()
    page = pane.box.paste_page
    assert page.isVisible()
    assert [row.cells[1].text for row in page.list.rows] == ["Ticket", "Not read"]
    assert "TRIAL" in page.list.rows[1].cells[2].sentence()
    assert page.take.text() == "Add 1 ticket and keep 1 draft"
    QTest.keyClick(page.take, KEY.Key_Return)
    assert flow_of(heard).tickets[-1].instrument == "AAPL"
    assert flow_of(heard).drafts[-1] == "SELL 2 ESZ6 TRIAL 5"
    assert pane.box.entry.isVisible()


def test_several_lines_pasted_into_the_line_are_a_sheet(pane: PlaybookPane) -> None:
    QGuiApplication.clipboard().setText("BUY 1 AAPL LMT 200\nBUY 2 AAPL LMT 201")
    press(pane, KEY.Key_V, CTRL)
    assert len(pane.box.paste_page.parsed) == 2
    QTest.keyClick(pane.box.paste_page.take, KEY.Key_Escape)
    assert pane.box.entry.isVisible()
    assert pane.box.entry.line.text() == ""


def test_of_a_sheet_that_is_too_long_the_rest_waits(pane: PlaybookPane, heard: QSignalSpy) -> None:
    rows = [f"MKT\tAAPL\t{number + 1}\tBUY" for number in range(MOST_ROWS + 3)]
    pane.box.entry.many_pasted.emit("\n".join(["Type\tSymbol\tQty\tSide", *rows]))
    pane.box.paste_page.take.click()
    assert len(flow_of(heard).tickets) == MOST_ROWS + 2
    assert [one.ticket is not None for one in pane.box.paste_page.parsed] == [True, True, True]
    pane.box.paste_page.take.click()
    assert [ticket.quantity for ticket in flow_of(heard).tickets[-3:]] == [501.0, 502.0, 503.0]


# The desk, memory, models, hostile text


def test_the_desks_answer_changes_nothing_on_screen(pane: PlaybookPane, heard: QSignalSpy) -> None:
    type_in(pane, "BUY 1 ESZ6 MKT")
    press(pane, KEY.Key_Return)
    rows = pane.box.list.rows
    answer(pane, heard)
    assert pane.box.list.rows == rows
    assert heard.count() == 1


def test_a_state_that_changes_nothing_leaves_what_is_typed_alone(pane: PlaybookPane) -> None:
    type_in(pane, "BUY 1 ESZ6 L")
    for second in range(3):
        show(pane, playbook_state(), 1793971908.0 + second)
    assert pane.box.entry.line.text() == "BUY 1 ESZ6 L"
    assert pane.box.entry.offers.isVisible()


def test_an_empty_desk_says_what_to_do_and_takes_a_first_flow(qtbot: QtBot) -> None:
    pane = make_pane(qtbot, no_playbook())
    heard = QSignalSpy(pane.sent)
    pane.flow_bar.add.click()
    pane.box.entry.line.setFocus()
    type_in(pane, "BUY 100 AAPL MKT")
    press(pane, KEY.Key_Return)
    assert flow_of(heard, pane.flows.current_key).tickets[0].instrument == "AAPL"


def test_a_line_that_was_being_typed_is_there_at_the_next_start(
    make_window: MakeWindow, tmp_path: Path
) -> None:
    file = tmp_path / "layout.ini"
    window = make_window(playbook_state(), file)
    pane = window.panes.dock("playbook").pane
    assert isinstance(pane, PlaybookPane)
    pane.box.entry.line.setText('SELL 2 "half typed')
    window.close()
    next_window = make_window(playbook_state(), file)
    again = next_window.panes.dock("playbook").pane
    assert isinstance(again, PlaybookPane)
    assert again.box.entry.line.text() == 'SELL 2 "half typed'


def test_its_models_obey_the_rules_of_a_model(pane: PlaybookPane) -> None:
    models = (
        pane.flows.rows_model,
        pane.box.list.rows_model,
        pane.box.entry.offers.rows,
        pane.box.paste_page.list.rows_model,
    )
    testers = [QAbstractItemModelTester(model, STRICT) for model in models]
    type_in(pane, "BUY 1 ESZ6 L")
    pane.box.entry.many_pasted.emit(SHEET)
    pane.box.paste_page.take.click()
    pane.flow_bar.delete.click()
    pane.flow_bar.undo.click()
    for tester in testers:
        tester.deleteLater()


def test_every_part_has_a_name_for_assistive_technology(pane: PlaybookPane) -> None:
    for widget in (
        pane.flows,
        pane.box.list,
        pane.box.entry.line,
        pane.box.entry.offers,
        pane.box.paste_page.list,
    ):
        assert widget.accessibleName()
    for field in (
        pane.box.form.side,
        pane.box.form.quantity,
        pane.box.form.instrument,
        *pane.box.form.numbers.values(),
    ):
        assert field.accessibleName()


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_text_is_shown_literally(qtbot: QtBot, tmp_path: Path, payload: str) -> None:
    bait = tmp_path / "bait.png"
    image = QImage(64, 64, QImage.Format.Format_RGB32)
    image.fill(BAIT)
    image.save(str(bait))
    text = PAYLOADS[payload](bait)
    state = playbook_state()
    ticket = Ticket(text, text, order_type=text, account=text, text=text)
    flow = Flow("spx-leg", text, instruments=(text,), tickets=(ticket,), drafts=(text,), venue=text)
    plan = replace(state.plan, flows=(flow,), instruments=(Instrument(text, text, text, text),))
    pane = make_pane(qtbot, replace(state, plan=plan))
    pane.box.entry.line.setText(text)
    pane.box.open_form.click()
    settle()
    check(pane)
    pane.box.entry.many_pasted.emit(f"{text}\n{text}")
    settle()
    check(pane)


def test_an_account_is_masked_wherever_a_ticket_is_said(qtbot: QtBot) -> None:
    state = playbook_state()
    flow = Flow("spx-leg", "x", tickets=(Ticket("a", "ESZ26", order_type="MKT", account="U1234821"),))
    pane = make_pane(qtbot, replace(state, plan=replace(state.plan, flows=(flow,))))
    assert "U1234821" not in pane.box.list.rows[0].cells[0].sentence()
    assert "U•••4821" in pane.box.list.rows[0].cells[0].sentence()


def test_a_draft_that_has_gone_meanwhile_takes_no_other_with_it(qtbot: QtBot) -> None:
    state = playbook_state()
    flow = replace(FLOWS[1], drafts=("SELL 1 ESZ6 TRIAL 5", "BUY and wait"))
    pane = make_pane(qtbot, replace(state, plan=replace(state.plan, flows=(flow,))))
    heard = QSignalSpy(pane.sent)
    pane.box.list.select("draft/0")
    pane.box.bar.open.click()
    left = replace(flow, drafts=("BUY and wait",))
    show(pane, replace(state, plan=replace(state.plan, flows=(left,))))
    press(pane, KEY.Key_Return, CTRL)
    press(pane, KEY.Key_Return)
    assert flow_of(heard).drafts == ("BUY and wait",)
    assert flow_of(heard).tickets[-1].order_type == "TRAIL"
