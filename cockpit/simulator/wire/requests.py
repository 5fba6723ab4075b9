"""What clients send: a cursor over the fields of a request, and the walk through an order."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

PLACE_ORDER = 3


class Malformed(Exception):
    """A request that cannot be read: too few fields, or text where a number belongs."""


class Leg(Struct, frozen=True):
    """One leg of a combination."""

    con_id: int
    ratio: int
    action: str
    exchange: str


class Cursor:
    """Takes the fields of one request from left to right."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        self._fields = fields
        self._next = 0

    def everything(self) -> tuple[str, ...]:
        """The whole request from its first field, for a reader of its own."""
        return self._fields

    def text(self) -> str:
        """Take one field as it is. Raises Malformed at the end."""
        if self._next >= len(self._fields):
            raise Malformed("the request ends too early")
        self._next += 1
        return self._fields[self._next - 1]

    def integer(self) -> int:
        """Take a whole number; an empty field is 0."""
        raw = self.text()
        try:
            return int(raw or 0)
        except ValueError:
            raise Malformed(f"{raw!r} is not a whole number") from None

    def number(self) -> float:
        """Take a number; an empty field is 0."""
        raw = self.text()
        try:
            return float(raw or 0)
        except ValueError:
            raise Malformed(f"{raw!r} is not a number") from None

    def amount(self) -> str:
        """Take a number as it was written, which may be empty for "not set"."""
        raw = self.text()
        try:
            float(raw or 0)
        except ValueError:
            raise Malformed(f"{raw!r} is not a number") from None
        return raw

    def legs(self, width: int) -> tuple[Leg, ...]:
        """Take the counted legs of a combination, each `width` fields wide."""
        try:
            return tuple(Leg(int(row[0] or 0), int(row[1] or 0), row[2], row[3]) for row in self.rows(width))
        except ValueError as error:
            raise Malformed(str(error)) from None

    def flag(self) -> bool:
        """Take a boolean."""
        return self.text() not in {"", "0"}

    def skip(self, count: int = 1) -> None:
        """Pass over fields that nothing here looks at."""
        for _ in range(count):
            self.text()

    def rows(self, width: int) -> list[tuple[str, ...]]:
        """Take a counted list of rows that are `width` fields wide."""
        count = self.integer()
        if count < 0 or count * width > len(self._fields):
            raise Malformed(f"a list of {count} rows")
        return [tuple(self.text() for _ in range(width)) for _ in range(count)]


class ContractQuery(Struct, frozen=True):
    """The twelve fields by which a client names a contract; empty ones match anything."""

    con_id: int = 0
    symbol: str = ""
    sec_type: str = ""
    expiry: str = ""
    strike: float = 0.0
    right: str = ""
    multiplier: str = ""
    exchange: str = ""
    primary_exchange: str = ""
    currency: str = ""
    local_symbol: str = ""
    trading_class: str = ""
    legs: tuple[Leg, ...] = ()


class PlacedOrder(Struct, frozen=True):
    """What an order frame asks for, as far as the desk cares."""

    order_id: int
    contract: ContractQuery
    action: str
    quantity: float
    order_type: str
    limit_price: str
    stop_price: str
    tif: str
    account: str
    transmit: bool
    outside_hours: bool
    algo: str
    what_if: bool
    algo_params: tuple[tuple[str, ...], ...] = ()


def read_contract(cursor: Cursor) -> ContractQuery:
    """Take the twelve contract fields."""
    return ContractQuery(
        cursor.integer(),
        cursor.text(),
        cursor.text(),
        cursor.text(),
        cursor.number(),
        cursor.text(),
        cursor.text(),
        cursor.text(),
        cursor.text(),
        cursor.text(),
        cursor.text(),
        cursor.text(),
    )


def read_order(fields: tuple[str, ...], version: int) -> PlacedOrder:
    """Walk a placeOrder frame up to its what-if flag, which has no fixed place.

    Raises Malformed when the frame does not hold together; such a frame must count as a live order.
    """
    cursor = Cursor(fields)
    cursor.skip(2 if version < 145 else 1)  # message id, and the layout number that went away at 145
    order_id = cursor.integer()
    contract = read_contract(cursor)
    cursor.skip(2)  # kind and value of a security id
    action, quantity, order_type = cursor.text(), cursor.number(), cursor.text()
    limit_price, stop_price, tif = cursor.amount(), cursor.amount(), cursor.text()
    cursor.skip()  # group of orders that cancel each other
    account = cursor.text()
    cursor.skip(3)  # open or close, origin, reference
    transmit = cursor.flag()
    cursor.skip(5)  # parent, block, sweep, display size, trigger method
    outside_hours = cursor.flag()
    cursor.skip()  # hidden
    legs: tuple[Leg, ...] = ()
    if contract.sec_type == "BAG":
        legs = cursor.legs(8)
        cursor.rows(1)  # prices of legs
        cursor.rows(2)  # routing parameters
    cursor.skip(7)  # share allocation … advisor percentage
    if version < 177:
        cursor.skip()  # advisor profile
    if version >= 103:
        cursor.skip()  # model
    cursor.skip(21)  # short-sale slot … volatility and its type
    delta_neutral = cursor.text()
    cursor.skip()  # its price
    if delta_neutral:
        cursor.skip(8)
    cursor.skip(6)  # continuous update … second scale level
    if 0 < float(cursor.amount() or 0) < 1e300:  # scale price increment
        cursor.skip(7)
    cursor.skip(3)  # scale table, active from, active until
    if cursor.text():  # hedge type
        cursor.skip()
    cursor.skip(4)  # no smart routing, clearing account, clearing intent, not held
    if cursor.flag():  # delta-neutral contract
        cursor.skip(3)
    algo = cursor.text()
    algo_params = tuple(cursor.rows(2)) if algo else ()
    cursor.skip()  # algo id
    return PlacedOrder(
        order_id,
        replace(contract, legs=legs),
        action,
        quantity,
        order_type,
        limit_price,
        stop_price,
        tif,
        account,
        transmit,
        outside_hours,
        algo,
        # Only the exact mark counts: anything else would be carried out.
        what_if=cursor.text() == "1",
        algo_params=algo_params,
    )
