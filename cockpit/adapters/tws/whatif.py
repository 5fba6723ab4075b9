"""The only encoder of an order frame in this program, and all it can encode is a what-if.

It knows a handful of order types on one plain contract. There is no parameter for the what-if mark: the mark
is part of the frame's text. Every field is checked before it is written, because the wire separates fields by
NUL without any escaping: one NUL inside a name would push the what-if mark out of its place.
"""

from __future__ import annotations

import re
import struct
from enum import StrEnum

from msgspec import Struct

from cockpit.services.errors import NotPermitted

OLDEST_VERSION = 157
NEWEST_VERSION = 178
"""Protocol versions whose order layout is known here; ib_async 2.1.0 negotiates exactly these."""

_SEC_TYPES = frozenset(
    {"STK", "OPT", "FUT", "FOP", "CASH", "IND", "CFD", "BOND", "FUND", "WAR", "CMDTY", "CRYPTO"}
)
_NAME = re.compile(r"[\x20-\x7e]{0,64}")
_VENUE = re.compile(r"[A-Za-z0-9.]{0,20}")
_DATE = re.compile(r"(?:[0-9]{6}|[0-9]{8})?")
_RIGHT = re.compile(r"[CP]?")
_MULTIPLIER = re.compile(r"(?:[0-9]{1,8}(?:\.[0-9]{1,4})?)?")
_CURRENCY = re.compile(r"(?:[A-Z]{3})?")
_ACCOUNT = re.compile(r"(?:[A-Za-z]{1,4}[0-9]{3,12}[A-Za-z]?)?")
_GOOD_TILL = re.compile(r"[0-9]{8}(?: [0-9]{2}:[0-9]{2}:[0-9]{2}(?: [A-Za-z]{2,12}(?:/[A-Za-z_]{2,20})?)?)?")
_LARGEST_ID = 2**31 - 1
_LARGEST_NUMBER = 1e12


class NotEncodable(NotPermitted):
    """The order is outside what the what-if encoder will write."""


class Action(StrEnum):
    """Which way an order goes."""

    BUY = "BUY"
    SELL = "SELL"


class OrderType(StrEnum):
    """The order types that can be previewed."""

    MARKET = "MKT"
    LIMIT = "LMT"
    STOP = "STP"
    STOP_LIMIT = "STP LMT"
    TRAIL = "TRAIL"
    TRAIL_LIMIT = "TRAIL LIMIT"
    IF_TOUCHED = "MIT"
    LIMIT_IF_TOUCHED = "LIT"
    MARKET_TO_LIMIT = "MTL"
    ON_CLOSE = "MOC"
    LIMIT_ON_CLOSE = "LOC"
    RELATIVE = "REL"
    MIDPRICE = "MIDPRICE"


class TimeInForce(StrEnum):
    """How long the order would stay in the book."""

    DAY = "DAY"
    GTC = "GTC"
    IOC = "IOC"
    FOK = "FOK"
    OPG = "OPG"
    GTD = "GTD"


NEEDS_LIMIT = frozenset(
    {OrderType.LIMIT, OrderType.STOP_LIMIT, OrderType.LIMIT_IF_TOUCHED, OrderType.LIMIT_ON_CLOSE}
)
MAY_LIMIT = frozenset({OrderType.RELATIVE, OrderType.MIDPRICE})
"""For these the limit is a cap that can be left out."""

NEEDS_TRIGGER = frozenset(
    {
        OrderType.STOP,
        OrderType.STOP_LIMIT,
        OrderType.IF_TOUCHED,
        OrderType.LIMIT_IF_TOUCHED,
        OrderType.RELATIVE,
    }
)
TRAILING = frozenset({OrderType.TRAIL, OrderType.TRAIL_LIMIT})
"""Exactly one of trailing amount and per cent belongs to these; the broker refuses both (158, 159)."""


class PlainContract(Struct, frozen=True):
    """One contract without legs; texts as contract details gave them."""

    con_id: int = 0
    symbol: str = ""
    sec_type: str = "STK"
    expiry: str = ""
    strike: float = 0.0
    right: str = ""
    multiplier: str = ""
    exchange: str = "SMART"
    primary_exchange: str = ""
    currency: str = "USD"
    local_symbol: str = ""
    trading_class: str = ""


class WhatIf(Struct, frozen=True):
    """A question to the broker's credit system: what would this order change?

    `stop_price` is the trigger of the stop and if-touched types, the trailing amount of the trailing ones, the offset
    of REL. `limit_offset` belongs to TRAIL LIMIT, `trailing_percent` to both trailing types, `good_till` to GTD.
    """

    order_id: int
    contract: PlainContract
    action: str = Action.BUY
    quantity: float = 1.0
    order_type: str = OrderType.LIMIT
    limit_price: float | None = None
    stop_price: float | None = None
    limit_offset: float | None = None
    time_in_force: str = TimeInForce.DAY
    account: str = ""
    outside_hours: bool = False
    trailing_percent: float | None = None
    good_till: str = ""  # YYYYMMDD, or YYYYMMDD HH:MM:SS with a zone


def encode(order: WhatIf, version: int) -> bytes:
    """Return the finished frame, length included, for a session of protocol `version`.

    Raises NotEncodable when anything in the order is not plainly what it should be; nothing is repaired.
    """
    if not OLDEST_VERSION <= version <= NEWEST_VERSION:
        raise NotEncodable(f"Previews are not known for protocol version {version}.")
    fields = [
        *("3", _identifier("order id", order.order_id, least=1)),
        *_contract(order.contract),
        *("", ""),  # security id
        *_terms(order),
        *("", _text("account", order.account, _ACCOUNT)),  # no group of orders that cancel each other
        *("O", "0", ""),  # opens, customer, no reference
        *("1", "0"),  # transmit, as the broker asks of what-ifs; no parent
        *("0", "0", "0", "0"),  # no block, sweep, display size, trigger method
        *("1" if order.outside_hours else "0", "0"),  # hidden: no
        *("", "0", ""),  # old share allocation, discretionary amount, good after
        _good_till(order),
        *("", "", ""),  # advisor group, method, percentage
        *([""] if version < 177 else []),  # advisor profile
        *("", "0", "", "-1"),  # model, short sale
        *("0", "", "", "0", "", "", "0", "0", ""),  # cancel group type … cap on the national best price
        *("0", "", "", "", "", "", "0"),  # auction, box and peg prices, no override of percentage constraints
        *("", "", "", ""),  # volatility and delta-neutral order: none
        *("0", "", ""),  # continuous update, reference price, trail stop price
        _number("trailing per cent", order.trailing_percent),
        *("", "", ""),  # no scale
        *("", "", "", ""),  # scale table, active from and until, no hedge
        *("0", "", "", "0", "0"),  # smart routing stays, clearing, held, no delta-neutral contract
        *("", ""),  # no algo
        *("1",),  # what-if
        *("", "0", "0", "0", "0"),  # options, not solicited, nothing random, no conditions
        *("", "", _number("limit offset", order.limit_offset), "", "", "", "0"),  # no adjusted order
        *("", "", "", "", "", "", "", ""),  # operator, soft dollars, cash quantity, decision makers
        *("0", "0", "0", ""),  # hedge price, container, discretion up to limit, price management
        *([""] if version >= 158 else []),  # duration
        *([""] if version >= 160 else []),  # post to ATS
        *(["0"] if version >= 162 else []),  # cancel with parent
        *([""] if version >= 166 else []),  # override of advanced rejections: never
        *([""] if version >= 169 else []),  # time of a manual order
    ]
    body = "".join(f"{field}\0" for field in fields).encode("ascii")
    return struct.pack(">I", len(body)) + body


def _contract(contract: PlainContract) -> tuple[str, ...]:
    if contract.sec_type not in _SEC_TYPES:
        raise NotEncodable("Only single contracts of the common kinds are previewed.")
    if contract.exchange == "IBKRATS":
        raise NotEncodable("This venue needs an order layout that is not previewed.")
    return (
        _identifier("contract id", contract.con_id, least=0),
        _text("symbol", contract.symbol, _NAME),
        contract.sec_type,
        _text("expiry", contract.expiry, _DATE),
        _number("strike", contract.strike),
        _text("right", contract.right, _RIGHT),
        _text("multiplier", contract.multiplier, _MULTIPLIER),
        _text("exchange", contract.exchange, _VENUE),
        _text("primary exchange", contract.primary_exchange, _VENUE),
        _text("currency", contract.currency, _CURRENCY),
        _text("local symbol", contract.local_symbol, _NAME),
        _text("trading class", contract.trading_class, _NAME),
    )


def _terms(order: WhatIf) -> tuple[str, ...]:
    """Encode action, quantity, type, both prices and time in force."""
    try:
        action, kind = Action(order.action), OrderType(order.order_type)
        time_in_force = TimeInForce(order.time_in_force)
    except ValueError as error:
        raise NotEncodable(f"This cannot be previewed: {error}.") from None
    if not _is_sane(order.quantity) or order.quantity <= 0:
        raise NotEncodable("The quantity of a preview must be a positive number.")
    if kind not in MAY_LIMIT and (order.limit_price is not None) != (kind in NEEDS_LIMIT):
        raise NotEncodable(f"A limit price and the order type {kind} do not fit together.")
    has_amount, has_percent = order.stop_price is not None, order.trailing_percent is not None
    if kind in TRAILING:
        if has_amount == has_percent:
            raise NotEncodable(
                f"The order type {kind} trails by an amount or by per cent, by exactly one of them."
            )
    elif has_percent or has_amount != (kind in NEEDS_TRIGGER):
        raise NotEncodable(f"A stop price and the order type {kind} do not fit together.")
    if (order.limit_offset is not None) != (kind is OrderType.TRAIL_LIMIT):
        raise NotEncodable(f"A limit offset and the order type {kind} do not fit together.")
    return (
        action.value,
        _number("quantity", order.quantity),
        kind.value,
        _number("limit price", order.limit_price),
        _number("stop price", order.stop_price),
        time_in_force.value,
    )


def _good_till(order: WhatIf) -> str:
    if (order.time_in_force == TimeInForce.GTD) != bool(order.good_till):
        raise NotEncodable("A last day and the time in force GTD belong together.")
    return _text("last day", order.good_till, _GOOD_TILL) if order.good_till else ""


def _identifier(name: str, value: int, least: int) -> str:
    # A bool is an int to Python, and "True" is none to the wire.
    if type(value) is not int or not least <= value <= _LARGEST_ID:
        raise NotEncodable(f"The {name} of a preview is out of range.")
    return str(value)


def _text(name: str, value: str, allowed: re.Pattern[str]) -> str:
    if not allowed.fullmatch(value):
        raise NotEncodable(f"The {name} of a preview is not one that can be sent.")
    return value


def _number(name: str, value: float | None) -> str:
    """Write a number without exponent; None is the empty field, which stands for "not set"."""
    if value is None:
        return ""
    if not _is_sane(value):
        raise NotEncodable(f"The {name} of a preview is not a usable number.")
    # Adding zero turns the negative zero into the plain one.
    text = f"{value + 0.0:.10f}".rstrip("0").rstrip(".")
    if value and float(text) == 0.0:
        raise NotEncodable(f"The {name} of a preview is too small to be written.")
    return text


def _is_sane(value: float) -> bool:
    # What is not a number compares false with everything.
    return type(value) in {int, float} and abs(value) <= _LARGEST_NUMBER
