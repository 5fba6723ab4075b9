"""Contracts chosen and described; accounts and orders read; the two-part preview folded: each from plain records."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ib_async import Contract, ContractDetails, OrderState

from cockpit.adapters.tws import accounts as tws_accounts
from cockpit.adapters.tws import contracts as tws_contracts
from cockpit.adapters.tws.messages import Code, Families, OrderAnswer, OrderSeen, SummaryRow
from cockpit.adapters.tws.preview import PreviewAnswer
from cockpit.domain.plan import Instrument
from cockpit.services.errors import Refused, Unreadable

pytestmark = pytest.mark.plain

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC).timestamp()
UNSET = 1.7976931348623157e308


def future(expiry: str, name: str = "") -> ContractDetails:
    contract = Contract(
        secType="FUT", symbol="ES", lastTradeDateOrContractMonth=expiry, localSymbol=name or expiry
    )
    return ContractDetails(contract=contract, timeZoneId="US/Central", realExpirationDate=expiry)


ES = Instrument("ES", "ES", "FUT", "CME")


def test_the_nearest_living_expiry_is_chosen_whatever_the_order() -> None:
    chosen = tws_contracts.resolve(ES, [future("20270319"), future("20261218"), future("20260918")], NOW)
    assert chosen.word == "one"
    assert chosen.chosen is not None
    assert chosen.chosen.localSymbol == "20261218"


def test_a_contract_lives_through_its_last_day_at_its_own_place() -> None:
    late = datetime(2026, 11, 25, 5, tzinfo=UTC).timestamp()  # still the 24th in Chicago
    assert tws_contracts.resolve(ES, [future("20261124"), future("20261218")], late).chosen is not None
    assert tws_contracts.resolve(ES, [future("20261124")], late).word == "one"
    assert tws_contracts.resolve(ES, [future("20261123")], late).word == "none"


def test_two_with_the_same_nearest_expiry_are_several() -> None:
    assert (
        tws_contracts.resolve(ES, [future("20261218", "A"), future("20261218", "B")], NOW).word == "several"
    )


def test_hours_that_cannot_be_read_leave_no_fact() -> None:
    details = ContractDetails(contract=Contract(symbol="X"), tradingHours="nonsense", timeZoneId="US/Eastern")
    seen = tws_contracts.facts("s", tws_contracts.Resolved((details,)), NOW)
    assert {one.fact for one in seen} == {"contract", "order types", "venues"}


@given(st.text(max_size=80))
def test_tokens_of_the_broker_are_plain_words(text: str) -> None:
    assert all(
        token.isascii() and token.isprintable() and " " not in token for token in tws_contracts.tokens(text)
    )


def test_account_values_that_are_no_numbers_are_left_out() -> None:
    rows = [
        SummaryRow("U1234821", "ExcessLiquidity", "412300.50", "USD"),
        SummaryRow("U1234821", "Cushion", "nan", ""),
        SummaryRow("U1234821", "NetLiquidation", str(UNSET), "USD"),
        SummaryRow("U1234821", "AccountType", "INDIVIDUAL\u202e", ""),
        SummaryRow("../x", "ExcessLiquidity", "1", "USD"),
        SummaryRow("U1234821", "Unknown", "1", "USD"),
    ]
    seen = [(one.subject, one.fact, one.value) for one in tws_accounts.summary_facts(rows, NOW)]
    assert seen == [
        ("account/U1234821", "excess liquidity", 412300.5),
        ("account/U1234821", "account type", "INDIVIDUAL\\u202e"),
    ]


def test_orders_told_twice_count_once() -> None:
    orders = [
        OrderSeen(0, 0, 1),
        OrderSeen(0, 0, 1),
        OrderSeen(0, 0, 2),
        OrderSeen(3, 0, 3),
        OrderSeen(-4, 0, 4),
    ]
    assert tws_accounts.origins(orders) == ("manual 3", "client 0: 1")


def test_families_name_only_accounts_that_have_one() -> None:
    assert tws_accounts.family_words(Families((("U1", "F7"), ("U2", ""), ("", "F8")))) == ("U1: F7",)


def test_accounts_are_kept_in_order_once_and_only_when_they_look_like_one() -> None:
    assert tws_accounts.accounts(["U2", "U1", "U2", "", "U 3", "U1/../x"]) == ("U2", "U1")


def part(what_if: bool = True, **values: object) -> OrderAnswer:
    return OrderAnswer(what_if, OrderState(**values))  # type: ignore[arg-type]


FIRST = part(warningText="Outside hours", initMarginChange=str(UNSET), commission=0.0)
SECOND = part(
    initMarginChange="1620.50",
    maintMarginChange="1400",
    commission=UNSET,
    minCommission=1.0,
    maxCommission=2.5,
    commissionCurrency="USD",
)


def test_the_numbers_come_with_the_second_part_and_the_warning_of_the_first() -> None:
    answer = PreviewAnswer()
    answer.take(FIRST)
    assert answer.preview is None
    answer.take(Code(399, "Held until the open", 5))
    answer.take(Code(2109, "Outside-hours flag ignored", 5))
    answer.take(Code(1102, "Back", -1))
    answer.take(SECOND)
    assert answer.preview is not None
    assert answer.preview.initial_margin_change == "1620.50"
    assert answer.preview.maintenance_margin_change == "1400"
    assert answer.preview.commission == "1.0 to 2.5 USD"
    assert (
        answer.preview.warning == "Outside hours · 399 Held until the open · 2109 Outside-hours flag ignored"
    )


@pytest.mark.parametrize("number", [201, 460, 203, 387, 321, 10015, 200, 110, 434])
def test_a_code_that_stops_an_order_is_a_refusal(number: int) -> None:
    answer = PreviewAnswer()
    answer.take(FIRST)
    with pytest.raises(Refused) as refused:
        answer.take(Code(number, "<b>why</b>", 5))
    assert (refused.value.code, refused.value.quote) == (number, "<b>why</b>")


def test_an_answer_that_is_no_what_if_is_an_alarm() -> None:
    with pytest.raises(Unreadable):
        PreviewAnswer().take(part(what_if=False, initMarginChange="1"))
