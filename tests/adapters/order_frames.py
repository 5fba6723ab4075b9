"""Order frames made by others than our encoder: the libraries', and hostile variants of ours."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ib_async import Contract, Order
from ib_async.client import Client
from ibapi.client import EClient
from ibapi.contract import Contract as OfficialContract
from ibapi.order import Order as OfficialOrder
from ibapi.wrapper import EWrapper

from cockpit.adapters.tws.whatif import PlainContract, WhatIf


@dataclass
class Sink:
    """Stands where a library expects its connection, and keeps what is written."""

    written: list[bytes] = field(default_factory=list)

    def sendMsg(self, message: bytes) -> None:
        self.written.append(message)

    def isConnected(self) -> bool:
        return True

    def take_text(self, message: str) -> None:
        """Take a message of ib_async above its pacing, which would want an event loop."""
        self.written.append(struct.pack(">I", len(message.encode())) + message.encode())


def library(version: int) -> tuple[Any, Sink]:
    """ib_async's client as in a session of `version`, and where its frames go."""
    sink = Sink()
    client: Any = Client(object())  # type: ignore[no-untyped-call]
    client.sendMsg = sink.take_text
    client.connState, client._serverVersion = Client.CONNECTED, version
    return client, sink


def of_library(order: WhatIf, version: int, what_if: bool = True) -> bytes:
    """The frame that ib_async makes of the same order."""
    client, sink = library(version)
    client.placeOrder(order.order_id, _library_contract(order.contract), _library_order(order, what_if))
    return sink.written[0]


def of_official_client(order: WhatIf, what_if: bool = True) -> bytes:
    """The frame that IBKR's own client, release 9.81, makes of the same order; it speaks version 157."""
    sink = Sink()
    client = EClient(EWrapper())
    client.conn = sink
    client.setConnState(EClient.CONNECTED)
    client.serverVersion_ = 157
    client.placeOrder(order.order_id, _official_contract(order.contract), _official_order(order, what_if))
    return sink.written[0]


def fields(frame: bytes) -> list[str]:
    """The fields of a frame."""
    return frame[4:].decode("ascii").split("\0")[:-1]


def framed(parts: Sequence[str]) -> bytes:
    """A frame of fields, with its length right, whatever the fields hold."""
    body = b"".join(part.encode("utf-8", "surrogatepass") + b"\0" for part in parts)
    return struct.pack(">I", len(body)) + body


def meaning(text: str) -> str | float:
    """A field by its meaning: numbers as numbers, and what is not set as the empty text."""
    try:
        number = float(text)
    except ValueError:
        return text
    return "" if number > 1e300 else number


def _library_contract(contract: PlainContract) -> Contract:
    return Contract(
        conId=contract.con_id,
        symbol=contract.symbol,
        secType=contract.sec_type,
        lastTradeDateOrContractMonth=contract.expiry,
        strike=contract.strike,
        right=contract.right,
        multiplier=contract.multiplier,
        exchange=contract.exchange,
        primaryExchange=contract.primary_exchange,
        currency=contract.currency,
        localSymbol=contract.local_symbol,
        tradingClass=contract.trading_class,
    )


def _library_order(order: WhatIf, what_if: bool) -> Order:
    made = Order(
        action=order.action,
        totalQuantity=order.quantity,
        orderType=order.order_type,
        tif=order.time_in_force,
        account=order.account,
        outsideRth=order.outside_hours,
        whatIf=what_if,
        transmit=True,
    )
    if order.limit_price is not None:
        made.lmtPrice = order.limit_price
    if order.stop_price is not None:
        made.auxPrice = order.stop_price
    if order.limit_offset is not None:
        made.lmtPriceOffset = order.limit_offset
    if order.trailing_percent is not None:
        made.trailingPercent = order.trailing_percent
    made.goodTillDate = order.good_till
    return made


def _official_contract(contract: PlainContract) -> OfficialContract:
    made = OfficialContract()
    made.conId, made.symbol, made.secType = contract.con_id, contract.symbol, contract.sec_type
    made.lastTradeDateOrContractMonth, made.strike, made.right = (
        contract.expiry,
        contract.strike,
        contract.right,
    )
    made.multiplier, made.exchange, made.primaryExchange = (
        contract.multiplier,
        contract.exchange,
        contract.primary_exchange,
    )
    made.currency, made.localSymbol, made.tradingClass = (
        contract.currency,
        contract.local_symbol,
        contract.trading_class,
    )
    return made


def _official_order(order: WhatIf, what_if: bool) -> OfficialOrder:
    made = OfficialOrder()
    made.action, made.totalQuantity, made.orderType = order.action, order.quantity, order.order_type
    made.tif, made.account, made.outsideRth = order.time_in_force, order.account, order.outside_hours
    made.whatIf, made.transmit = what_if, True
    if order.limit_price is not None:
        made.lmtPrice = order.limit_price
    if order.stop_price is not None:
        made.auxPrice = order.stop_price
    if order.limit_offset is not None:
        made.lmtPriceOffset = order.limit_offset
    if order.trailing_percent is not None:
        made.trailingPercent = order.trailing_percent
    made.goodTillDate = order.good_till
    return made
