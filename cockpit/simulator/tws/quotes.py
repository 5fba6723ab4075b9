"""Prices that move a little and always the same way, and the ticks that carry them."""

from __future__ import annotations

import math
from collections.abc import Iterator

from msgspec import Struct

from cockpit.simulator.scenario import Contract
from cockpit.simulator.tws import layouts
from cockpit.simulator.wire.frames import FieldValue

LIVE, FROZEN, DELAYED, DELAYED_FROZEN = 1, 2, 3, 4

_NO_PRICE = -1.0
_TIME_OF_LAST = 45
_DELAYED_TIME_OF_LAST = 88
_MODEL_GREEKS = 13
_DELAYED_MODEL_GREEKS = 83
_FOUR_PLACES = 4


class TickIds(Struct, frozen=True):
    """The tick numbers of one family; sizes travel with their price and once more alone."""

    bid: int
    ask: int
    last: int
    bid_size: int
    ask_size: int
    last_size: int
    high: int
    low: int
    volume: int
    close: int
    open: int


LIVE_IDS = TickIds(1, 2, 4, 0, 3, 5, 6, 7, 8, 9, 14)
DELAYED_IDS = TickIds(66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76)


class Quote(Struct, frozen=True):
    """A moment of the market; a bid or ask of -1 means that nobody quotes."""

    bid: float
    ask: float
    last: float
    size: float
    high: float
    low: float
    close: float
    open: float
    volume: int


def quote(contract: Contract, step: int, is_open: bool = True) -> Quote:
    """The quote of an instrument at a step of the desk's clock, in whole price steps around its price."""
    tick = contract.min_tick or 0.01
    middle = contract.price + tick * round(3 * math.sin(step * 0.7 + contract.con_id % 7))
    quotes = is_open and contract.price != 0 and contract.sec_type != "IND"
    return Quote(
        bid=_rounded(middle - tick, tick) if quotes else _NO_PRICE,
        ask=_rounded(middle + tick, tick) if quotes else _NO_PRICE,
        last=_rounded(middle, tick) if contract.price and contract.sec_type != "CASH" else 0.0,
        size=float(5 + (step + contract.con_id) % 9) if quotes else 0.0,
        high=_rounded(contract.price * 1.006, tick),
        low=_rounded(contract.price * 0.995, tick),
        close=_rounded(contract.price * 0.998, tick),
        open=_rounded(contract.price * 0.999, tick),
        volume=12_000 + step * 3,
    )


def first_ticks(
    request: int, contract: Contract, now: Quote, flowing: int, clock: float
) -> Iterator[list[FieldValue]]:
    """Every tick of a fresh subscription."""
    ids = DELAYED_IDS if flowing >= DELAYED else LIVE_IDS
    yield from moving_ticks(request, contract, now, flowing)
    if contract.sec_type not in {"IND", "CASH"} and contract.price:
        yield _size(request, ids.volume, now.volume)
    if now.last > 0:
        number = _DELAYED_TIME_OF_LAST if flowing >= DELAYED else _TIME_OF_LAST
        yield [46, 6, request, number, str(int(clock))]
    for number, price in (
        (ids.high, now.high),
        (ids.low, now.low),
        (ids.close, now.close),
        (ids.open, now.open),
    ):
        if price:
            yield _price(request, number, price, 0.0)


def moving_ticks(request: int, contract: Contract, now: Quote, flowing: int) -> Iterator[list[FieldValue]]:
    """The ticks that change with every step: the index has no sides, currencies have no last."""
    ids = DELAYED_IDS if flowing >= DELAYED else LIVE_IDS
    if contract.sec_type != "IND":
        yield _price(request, ids.bid, now.bid, now.size)
        yield _price(request, ids.ask, now.ask, now.size)
        yield _size(request, ids.bid_size, now.size)
        yield _size(request, ids.ask_size, now.size)
    if now.last > 0:
        size = 0.0 if contract.sec_type == "IND" else 1.0
        yield _price(request, ids.last, now.last, size)
        if size:
            yield _size(request, ids.last_size, size)


def greeks(
    request: int, contract: Contract, flowing: int, version: int, under_price: float
) -> list[FieldValue]:
    """Write the model's view of an option: volatility, Greeks and the underlying's price."""
    distance = (under_price - contract.strike) / under_price if under_price else 0.0
    call_delta = 1 / (1 + math.exp(-40 * distance))
    return layouts.fill(
        layouts.OPTION_TICK,
        version,
        {
            "request": request,
            "tick": _DELAYED_MODEL_GREEKS if flowing >= DELAYED else _MODEL_GREEKS,
            "volatility": 0.142,
            "delta": round(call_delta if contract.right == "C" else call_delta - 1, _FOUR_PLACES),
            "price": contract.price,
            "dividends": 0.0,
            "gamma": 0.0021,
            "vega": 3.41,
            "theta": -2.87,
            "under_price": under_price,
        },
    )


def _price(request: int, number: int, price: float, size: float) -> list[FieldValue]:
    return [1, 6, request, number, price, size, 0]


def _size(request: int, number: int, size: float) -> list[FieldValue]:
    return [2, 6, request, number, size]


def _rounded(price: float, tick: float) -> float:
    places = max(0, -math.floor(math.log10(tick))) + 1
    return round(round(price / tick) * tick, places)
