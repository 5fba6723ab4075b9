"""The version table: every message has exactly the fields that readers of its version expect."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ib_async.ib import IB
from ibapi.decoder import Decoder
from ibapi.wrapper import EWrapper

from cockpit.simulator.scenario import Contract
from cockpit.simulator.tws import layouts
from cockpit.simulator.tws.contracts import describe
from cockpit.simulator.wire.frames import UNSET_DOUBLE, FieldValue, payload

VERSIONS = st.integers(100, 200)
CONTRACT = Contract(
    7,
    "ES",
    "FUT",
    "CME",
    expiry="20261218",
    multiplier="50",
    long_name="E-mini ä",
    ineligible="i1: one; i2: two",
)


# How many fields each message has at 100, and how many a version adds. Taken from the wire's description,
# not from the table under test.
_DETAILS = {
    100: 32,
    110: 1,
    121: 1,
    122: 2,
    126: 1,
    134: 1,
    152: 1,
    163: 1,
    164: 3 - 1 - 1 - 1,
    182: 1,
    186: 5,
}
_ERROR = {100: 5, 166: 1, 194: 1 - 1}
_ORDER = {100: 105, 102: 9, 103: 1, 106: 3, 111: 1, 141: 1, 142: 6, 145: 1 - 1, 148: 1, 151: 1} | {
    **dict.fromkeys((159, 160, 162, 183, 184, 185, 189, 198, 199), 1),
    170: 5,
    177: -1,
    193: 2,
    195: 13,
}


def expected(counts: dict[int, int], version: int) -> int:
    return sum(count for since, count in counts.items() if since <= version)


@given(version=VERSIONS)
@settings(deadline=None)
def test_contract_details_have_the_number_of_fields_of_their_version(version: int) -> None:
    assert len(describe(CONTRACT, 1, "CME", version)) == expected(_DETAILS, version)


@given(version=VERSIONS)
@settings(deadline=None)
def test_an_error_has_the_number_of_fields_of_its_version(version: int) -> None:
    assert len(layouts.fill(layouts.ERROR, version, {"id": -1, "code": 2104, "text": "ok"})) == expected(
        _ERROR, version
    )


@given(version=VERSIONS)
@settings(deadline=None)
def test_an_open_order_has_the_number_of_fields_of_its_version(version: int) -> None:
    assert len(layouts.fill(layouts.OPEN_ORDER, version, {})) == expected(_ORDER, version)


class Reading(EWrapper):  # type: ignore[misc]  # the official client has no types
    """Keeps what the older official decoder understood."""

    def __init__(self) -> None:
        super().__init__()
        self.got: list[tuple[object, ...]] = []

    def contractDetails(self, *args: object) -> None:
        self.got.append(args)

    def openOrder(self, *args: object) -> None:
        self.got.append(args)

    def orderStatus(self, *args: object) -> None:
        self.got.append(args)

    def tickOptionComputation(self, *args: object) -> None:
        self.got.append(args)


def by_official(fields: list[FieldValue], version: int) -> tuple[list[tuple[object, ...]], list[bytes]]:
    """Decode with the official decoder; return what it understood and what it left over."""
    reading = Reading()
    rest: Iterator[bytes] = iter(payload(fields).split(b"\0")[:-1])
    decoder = Decoder(reading, version)
    decoder.msgId2handleInfo[int(str(fields[0]))].processMeth(decoder, rest)
    return reading.got, list(rest)


@given(version=st.integers(100, 157))
@settings(deadline=None)
def test_the_official_decoder_reads_contract_details_to_the_last_field(version: int) -> None:
    got, rest = by_official(describe(CONTRACT, 3, "CME", version), version)
    assert rest == []
    ((request, found),) = got
    assert request == 3
    assert found.contract.symbol == "ES"  # type: ignore[attr-defined]
    assert found.longName == "E-mini ä"  # type: ignore[attr-defined]
    assert found.marketRuleIds == ("26" if version >= 126 else "")  # type: ignore[attr-defined]


@given(version=st.integers(100, 157), algo=st.booleans())
@settings(deadline=None)
def test_the_official_decoder_reads_an_open_order_to_the_last_field(version: int, algo: bool) -> None:
    values: dict[str, FieldValue | layouts.Block] = {"order_id": 9, "symbol": "ES", "what_if": True}
    values |= {"commission": 2.25, "warning": "careful", "init_margin_after": 12.5, "strike": 0.0}
    values |= {"algo": ["Adaptive", 1, "adaptivePriority", "Normal"] if algo else [""]}
    values |= {"order_type": "LMT", "quantity": 3.0, "limit_price": 6700.25}
    got, rest = by_official(layouts.fill(layouts.OPEN_ORDER, version, values), version)
    assert rest == []
    ((number, contract, order, state),) = got
    assert (number, contract.symbol, order.whatIf) == (9, "ES", True)  # type: ignore[attr-defined]
    assert (state.commission, state.warningText) == (2.25, "careful")  # type: ignore[attr-defined]
    assert (order.lmtPrice, order.algoStrategy) == (6700.25, "Adaptive" if algo else "")  # type: ignore[attr-defined]


@given(version=st.integers(100, 157))
@settings(deadline=None)
def test_the_official_decoder_reads_order_status_and_greeks_to_the_last_field(version: int) -> None:
    status: dict[str, FieldValue | layouts.Block] = {"order_id": 1, "status": "Submitted", "remaining": 1}
    status |= {"filled": 0, "average_price": 0, "perm_id": 5, "client": 1}
    greeks: dict[str, FieldValue | layouts.Block] = {
        "request": 1,
        "tick": 13,
        "volatility": 0.1,
        "delta": 0.5,
    }
    greeks |= dict.fromkeys(("price", "dividends", "gamma", "vega", "theta", "under_price"), 1.0)
    for layout, values in ((layouts.ORDER_STATUS, status), (layouts.OPTION_TICK, greeks)):
        got, rest = by_official(layouts.fill(layout, version, values), version)
        assert rest == []
        assert len(got) == 1


@pytest.mark.parametrize("version", range(157, 179))
def test_ib_async_reads_contract_details_and_open_orders_of_its_versions(
    version: int, caplog: pytest.LogCaptureFixture
) -> None:
    ib = IB()
    decoder: Any = ib.client.decoder  # untyped
    decoder.serverVersion = version
    results = ib.wrapper._results
    results["openOrders"] = []
    results[3] = []
    with caplog.at_level(logging.WARNING, "ib_async"):
        decoder.interpret([*_texts(describe(CONTRACT, 3, "CME", version))])
        decoder.interpret(
            [*_texts(layouts.fill(layouts.OPEN_ORDER, version, {"order_id": 9, "con_id": 7, "symbol": "ES"}))]
        )
    assert not caplog.records
    (found,) = results[3]
    assert (found.contract.conId, found.timeZoneId, found.minSize) == (
        7,
        "US/Eastern",
        1.0 if version >= 164 else 0.0,
    )
    (trade,) = results["openOrders"]
    assert trade.order.orderId == 9
    assert trade.order.deltaNeutralOrderType == "None"


def test_a_value_without_a_place_in_the_message_is_a_named_mistake() -> None:
    with pytest.raises(layouts.UnknownField, match="colour"):
        layouts.fill(layouts.ERROR, 200, {"colour": "red"})


def test_numbers_are_written_without_exponents_and_whole_ones_without_a_point() -> None:
    assert payload([0.00005, 1e15, 5.0, True, None, UNSET_DOUBLE, "a\0b"]).split(b"\0") == [
        *(b"0.00005", b"1000000000000000", b"5", b"1", b"", UNSET_DOUBLE.encode(), b"a b", b"")
    ]


def _texts(fields: list[FieldValue]) -> list[str]:
    return payload(fields).decode().split("\0")[:-1]
