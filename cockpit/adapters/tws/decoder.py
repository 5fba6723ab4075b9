"""From frames to records: ib_async's decoder, cut down to the messages that the cockpit listens to.

The library's own decoder catches every error and writes the whole frame into the log. Here a frame that
cannot be read is counted and dropped whole; its content goes nowhere.
"""

# ruff: noqa: N802, N803 - the names with capitals inside are ib_async's

from __future__ import annotations

import math
from collections.abc import Callable
from typing import cast

from ib_async import Contract, ContractDetails, FamilyCode, Order, OrderState
from ib_async.decoder import Decoder
from ib_async.wrapper import Wrapper

from cockpit.adapters.tws.messages import (
    Bulletin,
    ClockRead,
    Code,
    DataType,
    Details,
    End,
    Families,
    Greeks,
    Key,
    Message,
    OrderAnswer,
    OrderSeen,
    SummaryRow,
    Tick,
    Topic,
    TradeTime,
)
from cockpit.services.ports import Clock

# Tick fields: when the last trade happened, live and delayed.
_TRADE_TIMES = {45, 88}

# Places of client id and permanent id in an openOrder message above version 145 (5, order id, contract, terms
# …).
_ORDER_CLIENT, _ORDER_PERM_ID = 24, 25

_HEARD = (4, 1, 5, 9, 10, 14, 15, 21, 46, 49, 52, 53, 58, 63, 64, 78)


class Ear:
    """What the library's decoder calls, by its own names. Every call becomes a message for its key.

    Messages are collected while a frame is read and delivered after it: so a fault of ours further on is not taken for
    an unreadable frame.
    """

    def __init__(self, clock: Clock, deliver: Callable[[Key, Message], None]) -> None:
        self._clock = clock
        self._deliver_one = deliver
        self._heard: list[tuple[Key, Message]] = []

    def deliver(self) -> None:
        """Deliver what was collected."""
        heard, self._heard = self._heard, []
        for key, message in heard:
            self._deliver_one(key, message)

    def _deliver(self, key: Key, message: Message) -> None:
        self._heard.append((key, message))

    def connectAck(self) -> None:
        """The version is agreed; nothing to do."""

    def setEventsDone(self) -> None:
        """The library tidies its own subscriptions; there are none."""

    def connectionClosed(self) -> None:
        """Heard from the connection itself."""

    def nextValidId(self, orderId: int) -> None:
        """One of the two messages that make a session ready."""
        self._deliver(Topic.READY, End())

    def managedAccounts(self, accountsList: str) -> None:
        """The other one."""
        self._deliver(Topic.READY, End())

    def error(self, reqId: int, errorCode: int, errorString: str, advanced: str) -> None:
        """An error or notice, tied to a request or to none (-1)."""
        self._deliver(reqId, Code(errorCode, errorString, reqId))

    def currentTime(self, time: int) -> None:
        """The broker's clock."""
        self._deliver(Topic.CLOCK, ClockRead(time, self._clock.now(), self._clock.monotonic()))

    def contractDetails(self, reqId: int, contractDetails: ContractDetails) -> None:
        """One contract that fits."""
        self._deliver(reqId, Details(contractDetails))

    def contractDetailsEnd(self, reqId: int) -> None:
        """No more contracts."""
        self._deliver(reqId, End())

    def accountSummary(self, reqId: int, account: str, tag: str, value: str, currency: str) -> None:
        """One account value."""
        self._deliver(reqId, SummaryRow(account, tag, value, currency))

    def accountSummaryEnd(self, reqId: int) -> None:
        """All account values of this round."""
        self._deliver(reqId, End())

    def familyCodes(self, familyCodes: list[FamilyCode]) -> None:
        """The families of all accounts."""
        rows = tuple((family.accountID, family.familyCodeStr) for family in familyCodes)
        self._deliver(Topic.FAMILIES, Families(rows))

    def updateNewsBulletin(self, msgId: int, msgType: int, message: str, exchange: str) -> None:
        """A bulletin."""
        self._deliver(Topic.BULLETINS, Bulletin(msgId, msgType, message, exchange))

    def marketDataType(self, reqId: int, marketDataType: int) -> None:
        """Which kind of data flows for a request."""
        self._deliver(reqId, DataType(marketDataType))

    def priceSizeTick(self, reqId: int, tickType: int, price: float, size: float) -> None:
        """A price."""
        if math.isfinite(price):
            self._deliver(reqId, Tick(tickType, price, self._clock.now()))

    def tickString(self, reqId: int, tickType: int, value: str) -> None:
        """A text tick; of interest is the time of the last trade."""
        if tickType in _TRADE_TIMES and value.isdecimal() and len(value) <= 12 and int(value):
            self._deliver(reqId, TradeTime(float(value)))

    def tickOptionComputation(
        self,
        reqId: int,
        tickType: int,
        tickAttrib: int,
        impliedVol: float,
        delta: float,
        *others: float,
    ) -> None:
        """Option figures. A delta of -2 stands for "could not be computed"."""
        known = math.isfinite(delta) and -1.0 <= delta <= 1.0
        self._deliver(reqId, Greeks(tickType, delta if known else None))

    def openOrder(self, orderId: int, contract: Contract, order: Order, state: OrderState) -> None:
        """An answer to an order frame of ours."""
        self._deliver(orderId, OrderAnswer(order.whatIf, state))

    def order_seen(self, order: OrderSeen) -> None:
        """Somebody's open order, read from the head of the message only."""
        self._deliver(Topic.ORDERS, order)

    def openOrderEnd(self) -> None:
        """No more open orders."""
        self._deliver(Topic.ORDERS, End())


class StrictDecoder(Decoder):
    """Reads the messages in `_HEARD` and ignores the rest. `is_ours` knows the order ids of our previews."""

    ear: Ear
    is_ours: Callable[[int], bool]
    on_unreadable: Callable[[int], None]
    whole_order: Callable[[list[str]], None]

    @classmethod
    def listening(
        cls, ear: Ear, is_ours: Callable[[int], bool], on_unreadable: Callable[[int], None]
    ) -> StrictDecoder:
        """Make a decoder that speaks into `ear`."""
        decoder = cls(cast("Wrapper", ear), 0)
        decoder.ear, decoder.is_ours, decoder.on_unreadable = ear, is_ours, on_unreadable
        decoder.handlers = {number: decoder.handlers[number] for number in _HEARD}
        decoder.whole_order, decoder.handlers[5] = decoder.handlers[5], decoder.orders
        return decoder

    def wrap(
        self,
        methodName: str,
        types: list[type],
        skip: int = 2,
    ) -> Callable[[list[str]], None]:
        """Make a handler that converts fields by type, and lets a field that does not convert raise."""

        def handler(fields: list[str]) -> None:
            if len(fields) < skip + len(types):
                raise IndexError("too few fields")
            values = [_converted(kind, text) for kind, text in zip(types, fields[skip:], strict=False)]
            getattr(self.wrapper, methodName)(*values)

        return handler

    def orders(self, fields: list[str]) -> None:
        """Read who placed an open order; read the whole message only when it answers a preview of ours."""
        order_id = int(fields[1])
        if self.is_ours(order_id):
            self.whole_order(fields)
        else:
            client, perm_id = int(fields[_ORDER_CLIENT] or 0), int(fields[_ORDER_PERM_ID] or 0)
            self.ear.order_seen(OrderSeen(order_id, client, perm_id))

    def interpret(self, fields: list[str]) -> None:
        """Read one message; one that cannot be read is counted and dropped."""
        handler = self.handlers.get(int(fields[0]))
        if handler is None:
            return
        try:
            handler(fields)
        # What a reader may raise on foreign bytes: conversion, unpacking, missing fields, odd escapes.
        except (ValueError, IndexError, KeyError, TypeError, OverflowError, StopIteration):
            self.on_unreadable(int(fields[0]))
        else:
            self.ear.deliver()


def _converted(kind: type, text: str) -> object:
    if kind is str:
        return text
    if kind is int:
        return int(text or 0)
    if kind is float:
        return float(text or 0)
    return bool(int(text or 0))
