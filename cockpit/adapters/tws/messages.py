"""What comes from TWS, as records of ours: the few messages that the cockpit listens to."""

from __future__ import annotations

from enum import Enum
from typing import TypeAlias

from ib_async import ContractDetails, OrderState
from msgspec import Struct


class Topic(Enum):
    """Questions whose answers carry no request id."""

    CLOCK = "clock"
    BULLETINS = "bulletins"
    ORDERS = "orders"
    FAMILIES = "families"
    SUMMARY = "summary"
    READY = "ready"


Key: TypeAlias = int | Topic


class Code(Struct, frozen=True):
    """An error or notice. The text is foreign: decide on the code, only quote the text."""

    code: int
    text: str
    request: int = -1


class End(Struct, frozen=True):
    """The answer is complete."""


class ClockRead(Struct, frozen=True):
    """The broker's clock in whole seconds since 1970 UTC, and both clocks of this PC when it came."""

    seconds: int
    arrived: float
    monotonic: float


class Details(Struct, frozen=True):
    """One contract that fits the question."""

    details: ContractDetails


class SummaryRow(Struct, frozen=True):
    """One value of the account summary."""

    account: str
    tag: str
    value: str
    currency: str


class DataType(Struct, frozen=True):
    """Which kind of data flows: 1 live, 2 frozen, 3 delayed, 4 delayed and frozen."""

    kind: int


class Tick(Struct, frozen=True):
    """One price; -1 means that there is none now."""

    field: int
    price: float
    arrived: float


class TradeTime(Struct, frozen=True):
    """When the last trade happened, UTC epoch seconds."""

    at: float


class Greeks(Struct, frozen=True):
    """Option figures came; `delta` is None when the broker could not work them out."""

    field: int
    delta: float | None


class Bulletin(Struct, frozen=True):
    """A news bulletin: kind 1 notice, 2 exchange unavailable, 3 available again."""

    id: int
    kind: int
    text: str
    exchange: str


class OrderSeen(Struct, frozen=True):
    """Somebody's open order: who placed it."""

    order_id: int
    client: int
    perm_id: int  # the broker's own number, the same however often the order is told


class OrderAnswer(Struct, frozen=True):
    """One part of the answer to an order frame of ours."""

    is_what_if: bool
    state: OrderState


class Families(Struct, frozen=True):
    """The family code of each account that has one."""

    codes: tuple[tuple[str, str], ...]


Message: TypeAlias = (
    Code
    | End
    | ClockRead
    | Details
    | SummaryRow
    | DataType
    | Tick
    | TradeTime
    | Greeks
    | Bulletin
    | OrderSeen
    | OrderAnswer
    | Families
)
