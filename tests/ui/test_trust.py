"""The trust pane: worst first, every level explained, every fix reachable, what the trader says goes to the desk."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy, QTest
from PySide6.QtWidgets import QLabel, QMessageBox
from pytestqt.qtbot import QtBot

from cockpit.domain import kinds
from cockpit.domain.catalogue import playing
from cockpit.domain.facts import fold
from cockpit.domain.level import Level
from cockpit.domain.register import (
    Device,
    DeviceRole,
    Factor,
    FactorKind,
    RecoveryKind,
    RecoveryPath,
    Register,
)
from cockpit.services.intents import (
    AcceptWeakness,
    KeepRegister,
    SayFailedSignIn,
    SayIssued,
    SayLookedAfter,
    SayProven,
    is_intent,
)
from cockpit.services.state import DeskState
from cockpit.ui.glance import glance
from cockpit.ui.pane import Wish
from cockpit.ui.panes.trust import ALL, HARDENING, TrustPane
from cockpit.ui.question import Question
from cockpit.ui.trust.codes_page import NO_CODES
from cockpit.ui.trust.form import RegisterForm
from cockpit.ui.trust.how_to import HowToSheet
from cockpit.ui.trust.offers import Offer
from tests.ui import test_hostile_text, trust_states
from tests.ui.conftest import settle
from tests.ui.states import NOW
from tests.ui.test_trust_pictures import shown

payload = test_hostile_text.payload
KEY = Qt.Key


def intents_of(spy: QSignalSpy) -> list[object]:
    return [spy.at(number)[0] for number in range(spy.count())]


def press(pane: TrustPane, offer: Offer) -> None:
    button = pane.why.buttons[offer]
    assert button.isVisible(), f"{offer} is not offered"
    button.click()


def answer(pane: TrustPane, button: QMessageBox.StandardButton) -> None:
    question = pane.findChild(Question)
    assert isinstance(question, Question)
    question.button(button).click()
    settle()


def form_of(pane: TrustPane) -> RegisterForm:
    form = pane.forms.form
    assert form is not None
    return form


def test_lines_stand_worst_first_and_are_counted_by_chips(qtbot: QtBot) -> None:
    pane = shown(qtbot, trust_states.open_ends())
    ranks = [level.rank for row in pane.list.rows if (level := row.cells[0].level) is not None]
    assert ranks == sorted(ranks, reverse=True)
    assert len(ranks) == len(pane.list.rows)
    doors = pane.chips.button("Doors")
    assert doors is not None
    assert (
        doors.text() == f"Doors {sum(row.key.startswith(('door/', 'read-only/')) for row in pane.list.rows)}"
    )


def test_a_chip_shows_its_group_alone_and_all_brings_everything_back(qtbot: QtBot) -> None:
    pane = shown(qtbot, trust_states.open_ends())
    everything = len(pane.list.rows)
    chip = pane.chips.button("Second factor")
    assert chip is not None
    chip.click()
    assert {row.key.partition("/")[0] for row in pane.list.rows} == {"factor"}
    pane.chips.choose(ALL)
    assert len(pane.list.rows) == everything


def test_every_line_has_reasons_of_its_own_level(qtbot: QtBot) -> None:
    pane = shown(qtbot, trust_states.open_ends())
    for row in pane.list.rows:
        pane.list.select(row.key)
        assert pane.why.list.rows, row.key
        assert row.cells[0].level in {reason.cells[0].level for reason in pane.why.list.rows}, row.key


def test_reasons_are_as_high_as_their_words(qtbot: QtBot) -> None:
    pane = shown(qtbot, trust_states.open_ends(), (640, 560))
    pane.list.select("door/gateway")
    heights = [pane.why.list.rowHeight(number) for number in range(len(pane.why.list.rows))]
    assert max(heights) > min(heights)
    wide = shown(qtbot, trust_states.open_ends(), (1600, 760))
    wide.list.select("door/gateway")
    assert max(wide.why.list.rowHeight(number) for number in range(len(wide.why.list.rows))) < max(heights)


def test_enter_opens_the_reasons_and_backspace_leads_back(qtbot: QtBot) -> None:
    pane = shown(qtbot, trust_states.open_ends())
    pane.list.setFocus(Qt.FocusReason.ShortcutFocusReason)
    QTest.keyClick(pane.list, KEY.Key_Return)
    assert pane.why.buttons[Offer.FIX].hasFocus()
    QTest.keyClick(pane.why.buttons[Offer.FIX], KEY.Key_Backspace)
    assert pane.list.hasFocus()


def test_a_factor_is_proven_by_keyboard_alone(qtbot: QtBot) -> None:
    pane = shown(qtbot, trust_states.open_ends())
    sent = QSignalSpy(pane.sent)
    pane.list.setFocus(Qt.FocusReason.ShortcutFocusReason)
    QTest.keyClick(pane.list, KEY.Key_Down)
    assert pane.list.current_key == "factor/IB Key (Phone B)"
    QTest.keyClick(pane.list, KEY.Key_Return)
    QTest.keyClick(pane.why.buttons[Offer.PROVEN], KEY.Key_Space)
    assert intents_of(sent) == [SayProven("factor/IB Key (Phone B)")]


def test_what_is_said_of_a_line_goes_to_the_desk(qtbot: QtBot) -> None:
    pane = shown(qtbot, trust_states.open_ends())
    sent = QSignalSpy(pane.sent)
    pane.list.select("factor/Digital Security Card+")
    press(pane, Offer.FAILED)
    pane.list.select("recovery/temporary code")
    press(pane, Offer.ISSUED_BACK)
    pane.list.select("device/Phone B")
    press(pane, Offer.LOOKED_AFTER)
    assert intents_of(sent) == [
        SayProven("factor/Digital Security Card+", has_worked=False),
        SayIssued("recovery/temporary code", 0.0),
        SayLookedAfter("device/Phone B"),
    ]


def test_a_door_offers_nothing_to_say_and_shows_the_lines_to_add(qtbot: QtBot) -> None:
    pane = shown(qtbot, trust_states.open_ends())
    pane.list.select("door/gateway")
    assert [offer for offer, button in pane.why.buttons.items() if button.isVisible()] == [Offer.FIX]
    press(pane, Offer.FIX)
    sheet = pane.findChild(HowToSheet)
    assert isinstance(sheet, HowToSheet)
    assert not sheet.isModal()
    sheet.copy.click()
    copied = QGuiApplication.clipboard().text()
    assert "allow:" in copied
    assert "deny:" in copied
    sheet.close()


def test_what_the_pane_cannot_do_itself_is_wished_with_its_subject(qtbot: QtBot) -> None:
    pane = shown(qtbot, trust_states.nothing())
    wished = QSignalSpy(pane.wished)
    pane.list.select("this-pc")
    press(pane, Offer.FIX)
    pane.chips.choose(HARDENING)
    pane.weak.select("drill/tws-dies")
    press(pane, Offer.FIX)
    assert intents_of(wished) == [Wish("run-check", "this-pc"), Wish("walk-drill", "tws-dies")]


def test_accepting_a_weakness_asks_first_and_can_be_taken_back(qtbot: QtBot) -> None:
    pane = shown(qtbot, trust_states.open_ends())
    sent = QSignalSpy(pane.sent)
    pane.chips.choose(HARDENING)
    assert pane.weak.select("door/gateway")
    press(pane, Offer.ACCEPT)
    answer(pane, QMessageBox.StandardButton.Cancel)
    assert sent.count() == 0
    press(pane, Offer.ACCEPT)
    answer(pane, QMessageBox.StandardButton.Yes)
    assert pane.weak.select("door/gateway-certificate")
    press(pane, Offer.TAKE_BACK)
    assert intents_of(sent) == [
        AcceptWeakness("door/gateway"),
        AcceptWeakness("door/gateway-certificate", is_accepted=False),
    ]


def test_an_accepted_weakness_stays_in_the_list_with_its_level_and_date(qtbot: QtBot) -> None:
    pane = shown(qtbot, trust_states.open_ends())
    pane.chips.choose(HARDENING)
    row = next(row for row in pane.weak.rows if row.key == "door/gateway-certificate")
    assert row.cells[0].level is Level.LIMITED
    assert row.cells[4].text == "28 Oct 09:31"
    assert row is pane.weak.rows[-1]


def test_the_four_steps_say_how_far_the_desk_is(qtbot: QtBot) -> None:
    pane = shown(qtbot, trust_states.open_ends())
    pane.chips.choose(HARDENING)
    text = pane.steps.text()
    assert "define the objective: 5 of 5, ready" in text
    assert "rehearse beforehand: 0 of 2, unknown" in text


def test_a_push_counts_down_and_goes_when_it_is_long_over(qtbot: QtBot) -> None:
    state = trust_states.waiting()
    pane = shown(qtbot, state)
    assert pane.beside.push.left.text() == "2:21"
    pane.show_state(state, glance(state, NOW + 60), NOW + 60)
    assert pane.beside.push.left.text() == "1:21"
    pane.show_state(state, glance(state, NOW + 170), NOW + 170)
    assert pane.beside.push.left.text() == "0:00"
    pane.show_state(state, glance(state, NOW + 1000), NOW + 1000)
    assert not pane.beside.push.isVisible()


def test_the_gauge_counts_failures_against_the_published_limit(qtbot: QtBot) -> None:
    pane = shown(qtbot, trust_states.waiting())
    assert pane.beside.attempts.boxes.accessibleName() == "5 failed sign-ins of 10 in 24 hours"
    assert "Stop launchers now" in pane.beside.attempts.says.text()
    sent = QSignalSpy(pane.sent)
    place = pane.beside.attempts.menu.actions()[0]
    place.trigger()
    assert intents_of(sent) == [SayFailedSignIn("TWS")]


def test_a_new_factor_is_registered_as_typed(qtbot: QtBot) -> None:
    pane = shown(qtbot, trust_states.open_ends())
    sent = QSignalSpy(pane.sent)
    pane.top.menu.actions()[1].trigger()
    form = form_of(pane)
    assert not form.isModal()
    assert not form.keep.isEnabled()
    form.fill("name", " Authenticator ")
    form.fill("kind", FactorKind.AUTHENTICATOR.value)
    form.fill("device", "Phone B")
    form.keep.click()
    (intent,) = intents_of(sent)
    assert isinstance(intent, KeepRegister)
    assert intent.register.factors == (
        *trust_states.REGISTER.factors,
        Factor("Authenticator", FactorKind.AUTHENTICATOR, "Phone B"),
    )
    settle()


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("IB Key (iPhone 15)", "taken"),
        ("", "name"),
        ("x" * 130, "at most"),
        ("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "secret"),
        ("otpauth://totp/x?secret=ABC", "secret"),
    ],
)
def test_a_name_that_cannot_be_kept_is_refused_with_a_sentence(qtbot: QtBot, name: str, why: str) -> None:
    pane = shown(qtbot, trust_states.open_ends())
    pane.forms.edit("factor/IB Key (Phone B)")
    form = form_of(pane)
    form.fill("name", name)
    assert why in form.says.text()
    assert not form.keep.isEnabled()
    form.fill("name", "IB Key (Phone B)")
    assert form.says.text() == ""
    assert form.keep.isEnabled()
    form.close()


def test_a_renamed_device_keeps_what_lives_on_it(qtbot: QtBot) -> None:
    pane = shown(qtbot, trust_states.open_ends())
    sent = QSignalSpy(pane.sent)
    pane.list.select("device/Phone B")
    press(pane, Offer.EDIT)
    form_of(pane).fill("name", "Pixel 9")
    form_of(pane).keep.click()
    (intent,) = intents_of(sent)
    assert isinstance(intent, KeepRegister)
    assert [one.name for one in intent.register.factors if one.device == "Pixel 9"] == ["IB Key (Phone B)"]
    assert [one.name for one in intent.register.recovery if one.device == "Pixel 9"] == ["Phone B"]
    settle()


def test_two_quick_changes_lose_nothing_even_before_the_desk_answers(qtbot: QtBot) -> None:
    state = trust_states.open_ends()
    pane = shown(qtbot, state)
    sent = QSignalSpy(pane.sent)
    for name in ("laptop", "tablet"):
        pane.forms.add("device")
        form_of(pane).fill("name", name)
        form_of(pane).keep.click()
        pane.show_state(state, glance(state, NOW + 1), NOW + 1)  # the desk has not taken it yet
    last = intents_of(sent)[-1]
    assert isinstance(last, KeepRegister)
    assert {"laptop", "tablet"} < {one.name for one in last.register.devices}
    settle()


def test_removing_asks_first_and_takes_away_only_what_was_named(qtbot: QtBot) -> None:
    pane = shown(qtbot, trust_states.open_ends())
    sent = QSignalSpy(pane.sent)
    pane.list.select("recovery/desk's phone")
    press(pane, Offer.REMOVE)
    assert sent.count() == 0
    answer(pane, QMessageBox.StandardButton.Yes)
    (intent,) = intents_of(sent)
    assert isinstance(intent, KeepRegister)
    assert intent.register == replace(trust_states.REGISTER, recovery=trust_states.REGISTER.recovery[:-1])


def test_the_authenticators_box_takes_the_place_kept_for_it_and_widens_nothing(qtbot: QtBot) -> None:
    pane = shown(qtbot, trust_states.open_ends())
    pane.show_codes()
    assert [one.text() for one in pane.codes.findChildren(QLabel) if one.isVisible()] == [NO_CODES]
    narrow = pane.minimumSizeHint().width()
    box = QLabel("codes")
    box.setMinimumWidth(2000)
    pane.hold_codes(box)
    settle()
    assert [one.text() for one in pane.codes.findChildren(QLabel) if one.isVisible()] == ["codes"]
    assert pane.minimumSizeHint().width() == narrow
    assert not pane.why.isVisible()
    pane.chips.choose(ALL)
    assert pane.why.isVisible()


def test_the_same_state_again_repaints_nothing(qtbot: QtBot) -> None:
    state = trust_states.open_ends()
    pane = shown(qtbot, state)
    changed = QSignalSpy(pane.list.rows_model.dataChanged)
    pane.show_state(state, glance(state, NOW), NOW + 0.4)
    pane.show_state(state, glance(state, NOW), NOW + 5)  # older by seconds, but no word differs
    assert changed.count() == 0


def test_its_tables_obey_qt_and_speak_level_and_evidence(qtbot: QtBot) -> None:
    pane = shown(qtbot, trust_states.open_ends())
    strict = QAbstractItemModelTester.FailureReportingMode.Warning
    testers = [QAbstractItemModelTester(one.model(), strict) for one in (pane.list, pane.weak, pane.why.list)]
    for make in (trust_states.in_order, trust_states.nothing, trust_states.open_ends):
        pane.show_state(make(), glance(make(), NOW), NOW)
    row = next(number for number, row in enumerate(pane.list.rows) if row.key == "door/gateway")
    said = pane.list.rows_model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == "Blocked, measured"
    for tester in testers:
        tester.deleteLater()


def hostile(text: str) -> DeskState:
    state = trust_states.open_ends()
    register = Register(
        text,
        text,
        devices=(Device(text, DeviceRole.PHONE, text), Device("b", DeviceRole.OTHER_PC, text)),
        factors=(Factor(text, FactorKind.IB_KEY, text, text, text),),
        credentials=tuple(
            replace(
                one,
                name=f"{text}{number}",
                tool=text,
                owner=text,
                username=text,
                note=text,
                addresses=(text,),
            )
            for number, one in enumerate(trust_states.REGISTER.credentials)
        ),
        recovery=(RecoveryPath(text, RecoveryKind.CARD, text, text, text),),
    )
    rows = tuple(
        replace(row, title=text, sentence=text, source=text, window=text, recovery=text, notes=text)
        for row in trust_states.CATALOGUE.auth.values()
    )
    drills = tuple(replace(one, title=text, situation=text) for one in trust_states.CATALOGUE.drills.values())
    seen = [
        kinds.PORT_OWNER.seen("gateway", text, NOW),
        kinds.REMOTE_DESKTOP.seen("desk", (text,), NOW),
        kinds.KEYCHAIN.seen("desk", text, NOW),
        kinds.ALLOWED_ADDRESSES.seen("gateway", (text, "1.2.3.4"), NOW),
        kinds.SIGN_IN_FAILED.seen("signin/x/1", NOW - 9, NOW - 9, note=text),
        kinds.PUSH_SENT.seen("signin", NOW - 30, NOW - 30),
    ]
    plan = replace(
        state.plan,
        desk=text,
        register=register,
        flows=tuple(replace(flow, title=text, drafts=(text,)) for flow in state.plan.flows),
    )
    return replace(
        state,
        plan=plan,
        facts=fold(state.facts, seen),
        catalogue=playing(auth=rows, drills=drills),
    )


def test_hostile_text_is_shown_literally(qtbot: QtBot, payload: str) -> None:
    pane = shown(qtbot, hostile(payload))
    for key in (ALL, HARDENING):
        pane.chips.choose(key)
        settle()
        test_hostile_text.check(pane)
    assert any(payload.split()[0][:20] in row.cells[1].text for row in pane.list.rows)
    pane.forms.edit(f"factor/{payload}")
    settle()
    test_hostile_text.check(form_of(pane))
    form_of(pane).close()


def test_everything_it_sends_is_an_intent_the_engine_knows(qtbot: QtBot) -> None:
    pane = shown(qtbot, trust_states.open_ends())
    sent = QSignalSpy(pane.sent)
    for row in pane.list.rows:
        pane.list.select(row.key)
        for offer, button in pane.why.buttons.items():
            if button.isVisible() and offer not in (Offer.FIX, Offer.EDIT, Offer.REMOVE):
                button.click()
    assert sent.count() > 10
    assert all(is_intent(one) for one in intents_of(sent))
