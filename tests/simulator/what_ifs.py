"""Order frames written by ib_async's own encoder, without a socket."""

from __future__ import annotations

from typing import Any

from ib_async import Contract as IbContract
from ib_async import Order
from ib_async.client import Client
from ib_async.wrapper import Wrapper
from typing_extensions import override

from cockpit.simulator.wire.frames import fields_of, frame, payload


class CapturingClient(Client):
    """ib_async's encoder, without a socket."""

    def __init__(self, version: int) -> None:
        untyped: Any = super()
        untyped.__init__(Wrapper.__new__(Wrapper))
        self._serverVersion = version
        self.connState = Client.CONNECTED
        self.sent: list[tuple[str, ...]] = []

    @override
    def sendMsg(self, msg: str) -> None:
        self.sent.append(fields_of(msg.encode()))

    def write(self, number: int, contract: IbContract, order: Order) -> tuple[str, ...]:
        """Encode an order and return its fields."""
        untyped: Any = self
        untyped.placeOrder(number, contract, order)
        return self.sent[-1]


def what_if_frame(contract: IbContract, order: Order) -> bytes:
    """The bytes of a what-if at 178, with order id 5."""
    order.whatIf = True
    return frame(payload(CapturingClient(178).write(5, contract, order)))
