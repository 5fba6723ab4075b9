"""What comes from TWS, as records of ours: the few messages that the cockpit listens to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from ib_async import ContractDetails, OrderState


class Topic(Enum):
    """Questions whose answers carry no request id."""

    CLOCK = "clock"
    BULLETINS = "bulletins"
    ORDERS = "orders"
    FAMILIES = "families"
    SUMMARY = "summary"
    READY = "ready"


Key: TypeAlias = int | Topic


@dataclass(frozen=True, slots=True)
class Code:
    """An error or notice. The text is foreign: decide on the code, only quote the text."""

    code: int
    text: str
    request: int = -1


@dataclass(frozen=True, slots=True)
class End:
    """The answer is complete."""


@dataclass(frozen=True, slots=True)
class ClockRead:
    """The broker's clock in whole seconds since 1970 UTC, and both clocks of this PC when it came."""

    seconds: int
    arrived: float
    monotonic: float


@dataclass(frozen=True, slots=True)
class Details:
    """One contract that fits the question."""

    details: ContractDetails


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One value of the account summary."""

    account: str
    tag: str
    value: str
    currency: str


@dataclass(frozen=True, slots=True)
class DataType:
    """Which kind of data flows: 1 live, 2 frozen, 3 delayed, 4 delayed and frozen."""

    kind: int


@dataclass(frozen=True, slots=True)
class Tick:
    """One price; -1 means that there is none now."""

    field: int
    price: float
    arrived: float


@dataclass(frozen=True, slots=True)
class TradeTime:
    """When the last trade happened, UTC epoch seconds."""

    at: float


@dataclass(frozen=True, slots=True)
class Greeks:
    """Option figures came; `delta` is None when the broker could not work them out."""

    field: int
    delta: float | None


@dataclass(frozen=True, slots=True)
class Bulletin:
    """A news bulletin: kind 1 notice, 2 exchange unavailable, 3 available again."""

    id: int
    kind: int
    text: str
    exchange: str


@dataclass(frozen=True, slots=True)
class OrderSeen:
    """Somebody's open order: who placed it."""

    order_id: int
    client: int
    perm_id: int  # the broker's own number, the same however often the order is told


@dataclass(frozen=True, slots=True)
class OrderAnswer:
    """One part of the answer to an order frame of ours."""

    is_what_if: bool
    state: OrderState


@dataclass(frozen=True, slots=True)
class Families:
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
