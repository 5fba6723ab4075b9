"""The permissions pane shows gaps first, lets the trader say what was asked or held, and forgets the Flex token."""

from __future__ import annotations

from typing import TypeVar

import pytest
from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy, QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from cockpit.domain import kinds
from cockpit.domain.catalogue import playing
from cockpit.domain.evidence import Provenance
from cockpit.domain.facts import fold
from cockpit.domain.plan import Flow, Instrument, Plan, Socket, Ticket
from cockpit.domain.secret import Secret
from cockpit.services.intents import KeepFlexAccess, SayHeld, SayRequested
from cockpit.services.state import DeskState
from cockpit.ui.glance import glance
from cockpit.ui.pane import Wish
from cockpit.ui.panes.permissions import PermissionsPane
from cockpit.ui.permissions.flex_access import FlexAccess
from cockpit.ui.text import short
from cockpit.ui.widgets.fact_lines import FactLines
from tests.ui import permission_states, test_hostile_text
from tests.ui.conftest import settle
from tests.ui.permission_states import ONE, TWO
from tests.ui.states import NOW
from tests.ui.test_permissions_pictures import shown

payload = test_hostile_text.payload
KEY = Qt.Key


def intents_of(spy: QSignalSpy) -> list[object]:
    return [spy.at(number)[0] for number in range(spy.count())]


def choose(pane: PermissionsPane, account: str, key: str) -> None:
    assert pane.list.select(f"{account}\n{key}")


def told(lines: FactLines, name: str) -> str:
    return "\n".join(text for word, text in lines.lines if word == name)


def test_gaps_come_first_and_can_be_shown_alone(qtbot: QtBot) -> None:
    pane = shown(qtbot, permission_states.two_accounts())
    words = [row.cells[0].text for row in pane.list.rows]
    assert words[:2] == ["Not held", "Not held"]
    pane.gaps.click()
    assert [row.cells[0].text for row in pane.list.rows] == ["Not held", "Not held"]
    assert "2 gaps" in pane.aside


def test_an_overdue_request_says_whom_to_ask(qtbot: QtBot) -> None:
    pane = shown(qtbot, permission_states.gaps())
    choose(pane, ONE, "futures-options")
    assert "Message Center" in told(pane.facts, "Request")
    assert "Trading Permissions" in told(pane.facts, "Where")


def test_the_trader_says_that_a_permission_was_asked_for_and_takes_it_back(qtbot: QtBot) -> None:
    pane = shown(qtbot, permission_states.gaps())
    sent = QSignalSpy(pane.sent)
    choose(pane, ONE, "futures")
    pane.requested.click()
    choose(pane, ONE, "futures-options")
    pane.requested.click()
    assert intents_of(sent) == [SayRequested(ONE, "futures", NOW), SayRequested(ONE, "futures-options", 0.0)]


def test_the_trader_says_what_is_held_and_what_is_not(qtbot: QtBot) -> None:
    pane = shown(qtbot, permission_states.gaps())
    sent = QSignalSpy(pane.sent)
    choose(pane, ONE, "forex")
    pane.holds.click()
    pane.holds_not.click()
    assert intents_of(sent) == [SayHeld(ONE, "forex", True), SayHeld(ONE, "forex", False)]


def test_what_the_catalogue_does_not_know_cannot_be_attested(qtbot: QtBot) -> None:
    pane = shown(qtbot, permission_states.two_accounts())
    choose(pane, TWO, "word/Moon Shares")
    assert not pane.requested.isVisible()
    assert not pane.holds.isVisible()


def test_the_account_panel_follows_the_chosen_line(qtbot: QtBot) -> None:
    pane = shown(qtbot, permission_states.two_accounts())
    choose(pane, ONE, "futures")
    assert "Reg T margin" in told(pane.account, "Margin")
    assert "SIPC" in told(pane.account, "Protection")
    assert "+ Bonds" in told(pane.account, "Changed")
    choose(pane, TWO, "options-level-1")
    assert "Cash" in told(pane.account, "Margin")
    assert "no row" in told(pane.account, "Company")


def test_a_gap_is_reached_and_its_place_opened_by_keyboard_alone(qtbot: QtBot) -> None:
    pane = shown(qtbot, permission_states.gaps())
    wished = QSignalSpy(pane.wished)
    pane.setFocus(Qt.FocusReason.ShortcutFocusReason)
    QTest.keyClick(pane.list, KEY.Key_Return)
    assert intents_of(wished) == [Wish("open-permissions")]


def test_statement_and_source_are_wished_from_the_window(qtbot: QtBot) -> None:
    pane = shown(qtbot, permission_states.gaps())
    wished = QSignalSpy(pane.wished)
    pane.fetch.click()
    pane.load.click()
    pane.source.click()
    wishes = intents_of(wished)
    assert wishes[:2] == [Wish("fetch-statement"), Wish("import-statement")]
    assert isinstance(wishes[2], Wish)
    assert wishes[2].about.startswith("https://www.interactivebrokers")


def access_of(pane: PermissionsPane) -> FlexAccess:
    pane.access.click()
    settle()
    found = pane.findChild(FlexAccess)
    assert isinstance(found, FlexAccess)
    return found


def test_the_flex_token_is_hidden_while_typed_and_forgotten_once_sent(qtbot: QtBot) -> None:
    pane = shown(qtbot, permission_states.gaps())
    sent = QSignalSpy(pane.sent)
    access = access_of(pane)
    assert access.token.echoMode() is QLineEdit.EchoMode.Password
    assert not access.isModal()
    access.token.setText(" 123456789012 ")
    access.query.setText("654321")
    access.keep.click()
    (intent,) = intents_of(sent)
    assert intent == KeepFlexAccess(Secret("123456789012"), "654321")
    assert "123456789012" not in repr(intent)
    assert not access.isVisible()
    assert all(field.text() == "" for field in access.findChildren(QLineEdit))


@pytest.mark.parametrize("how", ["cancel", "escape"])
def test_a_flex_access_that_is_left_keeps_nothing(qtbot: QtBot, how: str) -> None:
    pane = shown(qtbot, permission_states.gaps())
    sent = QSignalSpy(pane.sent)
    access = access_of(pane)
    access.token.setText("123456789012")
    if how == "cancel":
        access.cancel.click()
    else:
        QTest.keyClick(access, KEY.Key_Escape)
    assert sent.count() == 0
    assert access.token.text() == ""


def test_only_a_number_is_taken_for_a_query(qtbot: QtBot) -> None:
    pane = shown(qtbot, permission_states.gaps())
    access = access_of(pane)
    access.token.setText("123456789012")
    for wrong in ("", "12a", "１２", "-1"):
        access.query.setText(wrong)
        assert not access.keep.isEnabled()
    access.query.setText("654321")
    assert access.keep.isEnabled()
    access.close()


def test_the_same_state_again_repaints_nothing(qtbot: QtBot) -> None:
    pane = shown(qtbot, permission_states.gaps())
    changed = QSignalSpy(pane.list.rows_model.dataChanged)
    state = permission_states.gaps()
    pane.show_state(state, glance(state, NOW), NOW + 0.4)
    assert changed.count() == 0


def test_its_table_obeys_qt_and_speaks_its_evidence(qtbot: QtBot) -> None:
    pane = shown(qtbot, permission_states.gaps())
    strict = QAbstractItemModelTester.FailureReportingMode.Warning
    tester = QAbstractItemModelTester(pane.list.model(), strict)
    for state in (permission_states.two_accounts(), permission_states.nothing(), permission_states.gaps()):
        pane.show_state(state, glance(state, NOW), NOW + 2)
    row = next(number for number, row in enumerate(pane.list.rows) if row.key.endswith("\nforex"))
    index = pane.list.rows_model.index(row, 0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Held, attested"
    tester.deleteLater()


R = TypeVar("R", bound=Struct)


def _with_text(row: R, text: str) -> R:
    """Put `text` into every field of a row that holds words."""
    texts = {name: text for name in row.__struct_fields__ if isinstance(getattr(row, name), str)}
    return replace(
        row, **{name: value for name, value in texts.items() if name not in ("key", "confidence", "code")}
    )


def test_hostile_text_is_shown_literally(qtbot: QtBot, payload: str) -> None:
    rows = permission_states.CATALOGUE
    subject = f"account/{payload}"
    catalogue = playing(
        permissions=tuple(_with_text(row, payload) for row in rows.permissions.values()),
        entities=tuple(
            replace(_with_text(row, payload), restrictions=(payload,)) for row in rows.entities.values()
        ),
        rules=tuple(_with_text(row, payload) for row in rows.rules.values()),
    )
    plan = Plan(
        sockets=(Socket(accounts=(payload,)),),
        instruments=(Instrument("ES", "ES", "FUT"),),
        flows=(Flow("f", payload, tickets=(Ticket("t", "ES", text=payload),)),),
    )
    seen = [
        kinds.PERMISSIONS.seen(subject, (payload, "x"), NOW),
        kinds.PERMISSIONS_BEFORE.seen(subject, ("y",), NOW),
        kinds.ENTITY.seen(subject, "IBLLC-US", NOW),
        kinds.FLEX_STATE.seen("flex", payload, NOW),
        kinds.REQUESTED_ON.seen(f"attested/permission/{payload}/futures", 1.0, NOW, Provenance.ATTESTED),
    ]
    state = DeskState(plan, fold(permission_states.nothing().facts, seen), catalogue=catalogue, vault=payload)
    pane = shown(qtbot, state)
    access_of(pane)
    test_hostile_text.check(pane)
    assert short(payload, 80) in {cell.text for row in pane.list.rows for cell in row.cells}
    access_of(pane).close()
