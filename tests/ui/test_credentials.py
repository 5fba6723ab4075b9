"""The credentials pane: findings on top, an inventory without secrets, who uses which id, ways back, and the drill."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy, QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from cockpit.domain.interface import Interface
from cockpit.domain.level import Level
from cockpit.domain.register import Credential, CredentialKind, RecoveryKind, RecoveryPath, Scope
from cockpit.services.intents import KeepDrill, KeepRegister, SayLookedAfter, SayProven, SayUsed
from cockpit.ui.glance import glance
from cockpit.ui.pane import Wish
from cockpit.ui.panes.credentials import ACCESS_PAGE, DRILL_PAGE, IDS_PAGE, WAYS_PAGE, CredentialsPane
from cockpit.ui.trust.form import RegisterForm
from cockpit.ui.trust.offers import Offer
from tests.ui import test_hostile_text, test_trust, trust_states
from tests.ui.conftest import settle
from tests.ui.states import NOW
from tests.ui.test_credentials_pictures import shown
from tests.ui.test_trust import intents_of

payload = test_hostile_text.payload
KEY = Qt.Key


def press(pane: CredentialsPane, offer: Offer) -> None:
    button = pane.why.buttons[offer]
    assert button.isVisible(), f"{offer} is not offered"
    button.click()


def form_of(pane: CredentialsPane) -> RegisterForm:
    form = pane.forms.form
    assert form is not None
    return form


def turn_to(pane: CredentialsPane, key: str) -> None:
    pane.access.setFocus(Qt.FocusReason.ShortcutFocusReason)
    assert pane.access.select(key)


def test_findings_stand_worst_first_each_with_its_cure(qtbot: QtBot) -> None:
    pane = shown(qtbot, trust_states.open_ends())
    ranks = [level.rank for row in pane.findings.rows if (level := row.cells[0].level) is not None]
    assert ranks == sorted(ranks, reverse=True)
    assert all(row.cells[3].text for row in pane.findings.rows)
    titles = [row.cells[1].text for row in pane.findings.rows]
    assert "rebalancer signs in as the desk" in titles
    assert "Client id 7 is used twice" in titles


def test_the_inventory_sets_what_it_can_do_against_what_it_is_used_for(qtbot: QtBot) -> None:
    pane = shown(qtbot, trust_states.open_ends())
    rows = {row.key: row for row in pane.access.rows}
    consumer = rows["credential/consumer ANNAQUANT"]
    assert consumer.cells[3].text == "can trade, used to read"
    assert "192.168.•.•" in consumer.cells[4].text
    assert consumer.cells[5].sentence() == "40 d old, due in 140 d"
    assert rows["credential/bot"].cells[5].sentence() == "400 d old, due since 35 d"
    assert rows["credential/live session"].cells[5].detail == "ended 2 h ago"
    assert rows["credential/Flex token"].cells[6].text == "2 h ago"


def test_the_line_that_the_keyboard_is_on_is_explained(qtbot: QtBot) -> None:
    pane = shown(qtbot, trust_states.open_ends())
    pane.findings.setFocus(Qt.FocusReason.ShortcutFocusReason)
    pane.findings.select("shared-username/bot")
    assert "the desk's own username" in pane.why.list.rows[0].cells[1].text
    turn_to(pane, "credential/bot")
    assert any("the rule says 365 d" in row.cells[1].text for row in pane.why.list.rows)


def test_a_finding_leads_to_the_entry_it_is_about(qtbot: QtBot) -> None:
    pane = shown(qtbot, trust_states.open_ends())
    pane.findings.setFocus(Qt.FocusReason.ShortcutFocusReason)
    pane.findings.select("shared-username/bot")
    QTest.keyClick(pane.findings, KEY.Key_Return)
    QTest.keyClick(pane.why.buttons[Offer.EDIT], KEY.Key_Space)
    form = form_of(pane)
    name = form.fields["name"]
    assert isinstance(name, QLineEdit)
    assert name.text() == "bot"
    form.close()


def test_a_credential_is_changed_and_everything_else_stays(qtbot: QtBot) -> None:
    pane = shown(qtbot, trust_states.open_ends())
    sent = QSignalSpy(pane.sent)
    turn_to(pane, "credential/bot")
    press(pane, Offer.EDIT)
    form_of(pane).fill("username", "anna-bot")
    form_of(pane).fill("made", "2026-11-06")
    form_of(pane).keep.click()
    (intent,) = intents_of(sent)
    assert isinstance(intent, KeepRegister)
    first, *rest = intent.register.credentials
    assert first.username == "anna-bot"
    assert first.made == 1793923200.0
    assert tuple(rest) == trust_states.REGISTER.credentials[1:]
    settle()


def test_a_form_that_changes_nothing_keeps_the_time_of_day_of_its_dates(qtbot: QtBot) -> None:
    pane = shown(qtbot, trust_states.open_ends())
    sent = QSignalSpy(pane.sent)
    turn_to(pane, "credential/Flex token")
    press(pane, Offer.EDIT)
    form_of(pane).keep.click()
    (intent,) = intents_of(sent)
    assert intent == KeepRegister(trust_states.REGISTER)
    settle()


def test_a_new_credential_is_kept_as_typed(qtbot: QtBot) -> None:
    pane = shown(qtbot, trust_states.nothing())
    sent = QSignalSpy(pane.sent)
    pane.add.click()
    for name, text in (
        ("name", "watcher"),
        ("kind", CredentialKind.CLIENT_ID.value),
        ("tool", "recorder"),
        ("interface", Interface.TWS_API.label),
        ("number", "12"),
        ("scope", Scope.READ.value),
        ("addresses", "10.0.0.7, 10.0.0.8"),
        ("rotate_days", "90"),
    ):
        form_of(pane).fill(name, text)
    form_of(pane).keep.click()
    (intent,) = intents_of(sent)
    assert isinstance(intent, KeepRegister)
    assert intent.register.credentials == (
        Credential(
            "watcher",
            CredentialKind.CLIENT_ID,
            tool="recorder",
            interface=Interface.TWS_API,
            number=12,
            scope=Scope.READ,
            addresses=("10.0.0.7", "10.0.0.8"),
            rotate_days=90,
        ),
    )
    settle()


@pytest.mark.parametrize(
    ("field", "text", "why"),
    [
        ("made", "yesterday", "year-month-day"),
        ("ends", "2026-13-01", "year-month-day"),
        ("ends", "2020-01-01", "before it was made"),
        ("number", "-1", "whole number"),
        ("number", "１２", "whole number"),
        ("number", "99999999999", "whole number"),
        ("rotate_days", "4000", "at most"),
        ("note", "token 8f14e45fceea167a5a36dedd4bea2543", "secret"),
        ("name", "live session", "taken"),
    ],
)
def test_bad_input_gets_a_sentence_and_keeps_nothing(qtbot: QtBot, field: str, text: str, why: str) -> None:
    pane = shown(qtbot, trust_states.open_ends())
    sent = QSignalSpy(pane.sent)
    pane.forms.edit("credential/consumer ANNAQUANT")
    form = form_of(pane)
    form.fill(field, text)
    assert why in form.says.text()
    assert not form.keep.isEnabled()
    QTest.keyClick(form.fields["note"], KEY.Key_Return)
    assert sent.count() == 0
    form.close()


def test_no_form_has_a_field_for_a_secret(qtbot: QtBot) -> None:
    pane = shown(qtbot, trust_states.open_ends())
    for kind in ("credential", "recovery"):
        pane.forms.add(kind)
        form = form_of(pane)
        assert all(
            field.echoMode() is QLineEdit.EchoMode.Normal
            for field in form.fields.values()
            if isinstance(field, QLineEdit)
        )
        assert not {"secret", "token", "password", "code"} & set(form.fields)
        form.close()
        settle()


def test_who_uses_which_client_id_is_listed_with_what_is_special(qtbot: QtBot) -> None:
    pane = shown(qtbot, trust_states.open_ends())
    pane.chips.choose(IDS_PAGE)
    said = [(row.cells[0].text, row.cells[1].text, row.cells[4].text) for row in pane.ids.rows]
    assert said == [
        ("7", "rebalancer", "Also used by risk sheet: the second is refused"),
        ("7", "risk sheet", "Also used by rebalancer: the second is refused"),
        ("12", "tick recorder", "Its own"),
        ("901", "cockpit", "Uses 901 now, measured"),
    ]
    assert pane.ids.rows[0].cells[4].level is Level.LIMITED


@pytest.mark.parametrize(
    ("kind", "number", "why"),
    [
        (CredentialKind.MASTER_ID, 5, "every client"),
        (CredentialKind.CLIENT_ID, 0, "entered by hand"),
        (CredentialKind.CLIENT_ID, 905, "cockpit's range"),
    ],
)
def test_a_special_client_id_says_why(qtbot: QtBot, kind: CredentialKind, number: int, why: str) -> None:
    state = trust_states.open_ends()
    one = Credential("x", kind, tool="tool", number=number)
    register = replace(state.plan.register, credentials=(one,))
    pane = shown(qtbot, replace(state, plan=replace(state.plan, register=register)))
    row = next(row for row in pane.ids.rows if row.key == "credential/x")
    assert why in row.cells[4].text


def test_a_way_back_is_proven_and_looked_after_by_keyboard_alone(qtbot: QtBot) -> None:
    pane = shown(qtbot, trust_states.open_ends())
    sent = QSignalSpy(pane.sent)
    pane.chips.choose(WAYS_PAGE)
    pane.ways.setFocus(Qt.FocusReason.ShortcutFocusReason)
    assert pane.ways.current_key == "recovery/Phone B"
    QTest.keyClick(pane.ways, KEY.Key_Return)
    QTest.keyClick(pane.why.buttons[Offer.PROVEN], KEY.Key_Space)
    QTest.keyClick(pane.why.buttons[Offer.LOOKED_AFTER], KEY.Key_Space)
    assert intents_of(sent) == [SayProven("recovery/Phone B"), SayLookedAfter("recovery/Phone B")]


def test_a_way_back_is_added_where_the_ways_are_listed(qtbot: QtBot) -> None:
    pane = shown(qtbot, trust_states.open_ends())
    sent = QSignalSpy(pane.sent)
    pane.chips.choose(WAYS_PAGE)
    pane.add.click()
    form_of(pane).fill("name", "number on file")
    form_of(pane).fill("kind", RecoveryKind.PHONE_NUMBER.value)
    form_of(pane).keep.click()
    (intent,) = intents_of(sent)
    assert isinstance(intent, KeepRegister)
    assert intent.register.recovery[-1] == RecoveryPath("number on file", RecoveryKind.PHONE_NUMBER)
    settle()


def test_the_desks_own_username_is_noted_and_findings_can_rest_on_it(qtbot: QtBot) -> None:
    state = trust_states.open_ends()
    register = replace(trust_states.REGISTER, username="")
    pane = shown(qtbot, replace(state, plan=replace(state.plan, register=register)))
    assert not pane.findings.select("shared-username/bot")
    sent = QSignalSpy(pane.sent)
    pane.desk.click()
    form_of(pane).fill("name", "anna-desk")
    form_of(pane).keep.click()
    (intent,) = intents_of(sent)
    assert isinstance(intent, KeepRegister)
    assert intent.register == trust_states.REGISTER
    state = replace(state, plan=replace(state.plan, register=intent.register))
    pane.show_state(state, glance(state, NOW), NOW)
    assert pane.findings.select("shared-username/bot")
    settle()


def test_a_use_is_noted_and_the_runbook_is_wished(qtbot: QtBot) -> None:
    pane = shown(qtbot, trust_states.open_ends())
    sent, wished = QSignalSpy(pane.sent), QSignalSpy(pane.wished)
    turn_to(pane, "credential/bot")
    press(pane, Offer.USED)
    pane.runbook.click()
    assert intents_of(sent) == [SayUsed("bot")]
    assert intents_of(wished) == [Wish("print-runbook")]


def test_an_ended_live_session_is_asked_for_at_the_web_api(qtbot: QtBot) -> None:
    pane = shown(qtbot, trust_states.open_ends())
    wished = QSignalSpy(pane.wished)
    turn_to(pane, "credential/live session")
    press(pane, Offer.FIX)
    assert intents_of(wished) == [Wish("reconnect", "web-api")]


def test_the_drill_of_the_lost_phone_is_walked_and_kept(qtbot: QtBot) -> None:
    pane = shown(qtbot, trust_states.open_ends())
    sent = QSignalSpy(pane.sent)
    pane.chips.choose(DRILL_PAGE)
    assert [row.key for row in pane.drill.choice.rows] == ["phone-lost-open"]
    seconds = [0.0]
    pane.drill._clock = lambda: seconds[0]
    pane.drill.start.click()
    for took in (4.0, 30.0, 20.0):
        seconds[0] += took
        pane.drill.done.click()
    pane.drill.skip.click()
    (kept,) = intents_of(sent)
    assert isinstance(kept, KeepDrill)
    assert [took for _, took in kept.steps] == [4.0, 30.0, 20.0, -1.0]
    pane.chips.choose(ACCESS_PAGE)
    assert pane.why.isVisible()


def test_the_same_state_again_repaints_nothing(qtbot: QtBot) -> None:
    state = trust_states.open_ends()
    pane = shown(qtbot, state)
    changed = QSignalSpy(pane.access.rows_model.dataChanged)
    pane.show_state(state, glance(state, NOW), NOW + 0.4)
    pane.show_state(state, glance(state, NOW), NOW + 5)
    assert changed.count() == 0


def test_its_tables_obey_qt_and_speak_level_and_evidence(qtbot: QtBot) -> None:
    pane = shown(qtbot, trust_states.open_ends())
    strict = QAbstractItemModelTester.FailureReportingMode.Warning
    tables = (pane.findings, pane.access, pane.ids, pane.ways)
    testers = [QAbstractItemModelTester(one.model(), strict) for one in tables]
    for make in (trust_states.in_order, trust_states.nothing, trust_states.open_ends):
        pane.show_state(make(), glance(make(), NOW), NOW)
    assert pane.access.rows_model.index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole) == "Limited, attested"
    for tester in testers:
        tester.deleteLater()


def test_hostile_text_is_shown_literally(qtbot: QtBot, payload: str) -> None:
    pane = shown(qtbot, test_trust.hostile(payload))
    for page in (ACCESS_PAGE, IDS_PAGE, WAYS_PAGE, DRILL_PAGE):
        pane.chips.choose(page)
        settle()
        test_hostile_text.check(pane)
    pane.forms.edit(f"credential/{payload}0")
    settle()
    test_hostile_text.check(form_of(pane))
    form_of(pane).close()
