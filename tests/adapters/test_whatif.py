"""The encoder of what-ifs: what it writes is what others write for the same order, and it writes nothing else."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import fields as struct_fields
from msgspec.structs import replace

from cockpit.adapters.tws.whatif import (
    NEWEST_VERSION,
    OLDEST_VERSION,
    Action,
    NotEncodable,
    OrderType,
    PlainContract,
    TimeInForce,
    WhatIf,
    encode,
)
from cockpit.adapters.tws.wire_walker import read_what_if
from cockpit.simulator.wire.requests import read_order
from tests.adapters.order_frames import fields, meaning, of_library, of_official_client
from tests.fuzz.orders import hostile_orders

STOCK = PlainContract(265598, "AAPL", "STK", currency="USD", local_symbol="AAPL", trading_class="NMS")
OPTION = PlainContract(
    700123, "SPX", "OPT", "20261127", 6700.0, "P", "100", "SMART", "", "USD", "SPXW  27P", "SPXW"
)
FUTURE = PlainContract(495512563, "ES", "FUT", "20261218", 0.0, "", "50", "CME", "", "USD", "ESZ6", "ES")
PAIR = PlainContract(
    12087792, "EUR", "CASH", exchange="IDEALPRO", local_symbol="EUR.USD", trading_class="EUR.USD"
)

ORDERS = {
    "market": WhatIf(7, STOCK, order_type="MKT"),
    "limit": WhatIf(7, STOCK, order_type="LMT", limit_price=226.5, account="U1234821"),
    "limit below zero": WhatIf(7, FUTURE, Action.SELL, 2, "LMT", limit_price=-37.63),
    "stop": WhatIf(8, OPTION, "SELL", 3.0, "STP", stop_price=12.35, time_in_force="GTC"),
    "stop limit": WhatIf(9, PAIR, "BUY", 20000, "STP LMT", limit_price=1.05125, stop_price=1.05),
    "trail": WhatIf(10, FUTURE, "SELL", 1, "TRAIL", stop_price=0.25, outside_hours=True),
    "trail limit": WhatIf(11, STOCK, "SELL", 0.5, "TRAIL LIMIT", stop_price=1.5, limit_offset=0.01),
    "trail by per cent": WhatIf(13, STOCK, "SELL", 1, "TRAIL", trailing_percent=2.5),
    "trail limit by per cent": WhatIf(
        14, STOCK, "SELL", 1, "TRAIL LIMIT", trailing_percent=2.5, limit_offset=0.1
    ),
    "market if touched": WhatIf(15, STOCK, "BUY", 10, "MIT", stop_price=220.0),
    "limit if touched": WhatIf(16, FUTURE, "BUY", 1, "LIT", limit_price=6700.25, stop_price=6700.0),
    "market to limit": WhatIf(17, FUTURE, "SELL", 1, "MTL"),
    "on the close": WhatIf(18, STOCK, "SELL", 100, "MOC"),
    "limit on the close": WhatIf(19, STOCK, "SELL", 100, "LOC", limit_price=226.5),
    "relative": WhatIf(20, STOCK, "BUY", 100, "REL", stop_price=0.01),
    "relative with a cap": WhatIf(21, STOCK, "BUY", 100, "REL", limit_price=227.0, stop_price=0.0),
    "midprice": WhatIf(22, STOCK, "BUY", 100, "MIDPRICE"),
    "midprice with a cap": WhatIf(23, STOCK, "BUY", 100, "MIDPRICE", limit_price=227.0),
    "until a day": WhatIf(
        24, STOCK, "BUY", 1, "LMT", limit_price=1.0, time_in_force="GTD", good_till="20991231"
    ),
    "until a moment": WhatIf(
        *(25, STOCK, "BUY", 1, "LMT"),
        limit_price=1.0,
        time_in_force="GTD",
        good_till="20991231 23:59:59 US/Eastern",
    ),
    "fill or kill": WhatIf(26, OPTION, "BUY", 1, "LMT", limit_price=1.0, time_in_force="FOK"),
    "tiny price": WhatIf(12, PAIR, order_type="LMT", limit_price=0.00000125, time_in_force="IOC"),
}
VERSIONS = range(OLDEST_VERSION, NEWEST_VERSION + 1)

orders = pytest.mark.parametrize("order", [pytest.param(order, id=name) for name, order in ORDERS.items()])


@orders
@pytest.mark.parametrize("version", VERSIONS)
def test_the_frame_means_the_same_as_the_one_of_ib_async(order: WhatIf, version: int) -> None:
    ours, theirs = fields(encode(order, version)), fields(of_library(order, version))
    price_management = 109 if version < 177 else 108
    assert (ours.pop(price_management), theirs.pop(price_management)) == (
        "",
        "0",
    )  # we leave it to the account
    assert [meaning(field) for field in ours] == [meaning(field) for field in theirs]


# What release 9.81 sends differently, by position: an empty open/close, and two flags without effect since years.
_OFFICIAL_DIFFERS = {24, 53, 54}


@orders
def test_the_frame_means_the_same_as_the_one_of_the_official_client(order: WhatIf) -> None:
    ours, theirs = fields(encode(order, 157)), fields(of_official_client(order))
    assert len(ours) == len(theirs)
    different = {
        index
        for index, (one, other) in enumerate(zip(ours, theirs, strict=True))
        if meaning(one) != meaning(other)
    }
    assert different <= _OFFICIAL_DIFFERS


@orders
@pytest.mark.parametrize("version", VERSIONS)
def test_every_reader_finds_a_what_if_that_is_transmitted(order: WhatIf, version: int) -> None:
    frame = encode(order, version)
    assert int.from_bytes(frame[:4], "big") == len(frame) - 4
    reading = read_what_if(frame[4:], version)
    assert (reading.order_id, reading.symbol, reading.action) == (
        order.order_id,
        order.contract.symbol,
        order.action,
    )
    assert float(reading.quantity) == order.quantity
    placed = read_order(tuple(fields(frame)), version)
    assert placed.what_if
    assert placed.transmit
    assert (placed.order_type, placed.tif, placed.account) == (
        order.order_type,
        order.time_in_force,
        order.account,
    )


@pytest.mark.parametrize(
    "order",
    [
        pytest.param(replace(ORDERS["limit"], limit_price=None), id="limit without price"),
        pytest.param(replace(ORDERS["market"], limit_price=1.0), id="market with price"),
        pytest.param(replace(ORDERS["stop"], stop_price=None), id="stop without price"),
        pytest.param(replace(ORDERS["trail"], limit_offset=1.0), id="trail with limit offset"),
        pytest.param(replace(ORDERS["trail"], trailing_percent=1.0), id="trail by both"),
        pytest.param(replace(ORDERS["trail"], stop_price=None), id="trail by nothing"),
        pytest.param(replace(ORDERS["stop"], trailing_percent=1.0), id="stop with per cent"),
        pytest.param(replace(ORDERS["on the close"], limit_price=1.0), id="market on close with limit"),
        pytest.param(replace(ORDERS["limit if touched"], stop_price=None), id="if touched without trigger"),
        pytest.param(replace(ORDERS["limit"], good_till="20991231"), id="day order with last day"),
        pytest.param(replace(ORDERS["until a day"], good_till="2099123"), id="last day cut"),
        pytest.param(replace(ORDERS["until a day"], good_till="20991231\0001"), id="NUL in the last day"),
        pytest.param(replace(ORDERS["limit"], limit_price=math.inf), id="infinite price"),
        pytest.param(replace(ORDERS["limit"], limit_price=math.nan), id="no number"),
        pytest.param(replace(ORDERS["limit"], limit_price=1e300), id="absurd price"),
        pytest.param(replace(ORDERS["limit"], limit_price=True), id="truth as price"),
        pytest.param(replace(ORDERS["limit"], quantity=0), id="nothing"),
        pytest.param(replace(ORDERS["limit"], quantity=-5), id="less than nothing"),
        pytest.param(replace(ORDERS["limit"], quantity=1e-11), id="rounds to nothing"),
        pytest.param(replace(ORDERS["limit"], order_type="MOC"), id="order type not known"),
        pytest.param(
            replace(ORDERS["limit"], order_type="PEG MID"), id="order type with a layout of its own"
        ),
        pytest.param(replace(ORDERS["limit"], action="SSHORT"), id="action not known"),
        pytest.param(replace(ORDERS["limit"], time_in_force="GTD"), id="needs a date"),
        pytest.param(replace(ORDERS["limit"], order_id=0), id="no order id"),
        pytest.param(replace(ORDERS["limit"], order_id=2**31), id="order id too large"),
        pytest.param(replace(ORDERS["limit"], account="U1/orders#"), id="account with a path"),
        pytest.param(replace(ORDERS["limit"], contract=replace(STOCK, sec_type="BAG")), id="combination"),
        pytest.param(
            replace(ORDERS["limit"], contract=replace(STOCK, exchange="IBKRATS")), id="venue with more fields"
        ),
        pytest.param(
            replace(ORDERS["limit"], contract=replace(STOCK, symbol="A\0B")), id="NUL in the symbol"
        ),
        pytest.param(replace(ORDERS["limit"], contract=replace(STOCK, symbol="ÄPL")), id="not ASCII"),
        pytest.param(replace(ORDERS["limit"], contract=replace(STOCK, symbol="A" * 65)), id="long symbol"),
        pytest.param(replace(ORDERS["limit"], contract=replace(STOCK, con_id=-1)), id="negative contract id"),
    ],
)
def test_what_is_not_plainly_a_simple_order_is_not_written(order: WhatIf) -> None:
    with pytest.raises(NotEncodable):
        encode(order, 178)


@pytest.mark.parametrize("version", [0, 156, 179, 200])
def test_an_unknown_layout_is_not_written(version: int) -> None:
    with pytest.raises(NotEncodable):
        encode(ORDERS["limit"], version)


# Text as it could come from settings, contract details or a keyboard, leaning towards what could break a frame.
hostile = st.one_of(
    st.text(max_size=12),
    st.text(st.sampled_from("\0\x00\x01\n\r 01;=,AZ\u202e"), max_size=12),
    st.sampled_from(
        ["", "\0", "0\0", "1\0" * 5, "BAG", "IBKRATS", "PEG BENCH", "\0" * 70, "A\0001\0001", "١", "½"]
    ),
)
numbers = st.one_of(
    st.none(),
    st.floats(),
    st.integers(-5, 5),
    st.sampled_from([0.0, -0.0, 1e12, 1e-11, 1e308, math.inf, -math.inf]),
)
contracts = st.builds(
    PlainContract,
    con_id=st.integers(-2, 2**33),
    strike=st.floats(),
    **{
        field.name: st.one_of(hostile, st.just(field.default))
        for field in struct_fields(PlainContract)
        if field.name not in {"con_id", "strike"}
    },
)
any_orders = st.builds(
    WhatIf,
    order_id=st.one_of(st.integers(1, 1000), st.integers(-(2**40), 2**40)),
    contract=st.one_of(contracts, st.sampled_from([STOCK, OPTION, FUTURE, PAIR])),
    action=st.one_of(st.sampled_from(list(Action)), hostile),
    quantity=st.one_of(st.floats(0.01, 1e6), st.floats()),
    order_type=st.one_of(st.sampled_from(list(OrderType)), hostile),
    limit_price=numbers,
    stop_price=numbers,
    limit_offset=numbers,
    time_in_force=st.one_of(st.sampled_from(list(TimeInForce)), hostile),
    account=st.one_of(st.just("U1234821"), hostile),
    outside_hours=st.booleans(),
    trailing_percent=numbers,
    good_till=st.one_of(st.just(""), st.just("20991231"), hostile),
)


def never_a_live_order(order: WhatIf, version: int) -> bool:
    """Whether the order was refused; a frame that comes out is a what-if to two readers that do not know each other."""
    try:
        frame = encode(order, version)
    except NotEncodable:
        return True
    read_what_if(frame[4:], version)
    placed = read_order(tuple(fields(frame)), version)
    assert placed.what_if
    assert placed.transmit
    return False


@settings(max_examples=1000)
@given(any_orders, st.sampled_from(VERSIONS))
def test_whatever_goes_in_nothing_but_a_what_if_comes_out(order: WhatIf, version: int) -> None:
    never_a_live_order(order, version)


@pytest.mark.slow
def test_a_million_hostile_orders() -> None:
    figures = hostile_orders(1_000_000, seed=1)
    assert figures["of the refused live by another encoder"] > 0, (
        "the control: without us some of them are live orders"
    )


_TEXTS = [field.name for field in struct_fields(PlainContract) if field.name not in {"con_id", "strike"}]


@pytest.mark.parametrize("name", _TEXTS)
@settings(max_examples=100)
@given(text=hostile)
def test_hostile_text_in_one_field_of_a_good_order_is_harmless(name: str, text: str) -> None:
    contract = replace(STOCK, **{name: text})
    never_a_live_order(replace(ORDERS["limit"], contract=contract), 178)
