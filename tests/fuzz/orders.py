"""Hostile orders and damaged order frames: none may come out as anything but a what-if.

Both runs carry their control: the same input through ib_async's own encoder, or past the walker, makes live orders.
"""

from __future__ import annotations

import random
from typing import Final

from msgspec.structs import replace

from cockpit.adapters.tws.whatif import (
    NEWEST_VERSION,
    OLDEST_VERSION,
    NotEncodable,
    PlainContract,
    WhatIf,
    encode,
)
from cockpit.adapters.tws.wire_walker import Doubt, read_what_if
from cockpit.simulator.wire.requests import Malformed, PlacedOrder, read_order
from tests.adapters.order_frames import fields, framed, of_library

CONTRACT: Final = PlainContract(265598, "AAPL", local_symbol="AAPL", trading_class="NMS")
BASE: Final = WhatIf(7, CONTRACT, limit_price=226.5)

PIECES: Final = (
    "",
    "0",
    "1",
    "3",
    "\0",
    "\0\0",
    "0\0",
    "1\0001\0",
    "BAG",
    "BUY",
    "LMT",
    "IBKRATS",
    "PEG BENCH",
    "-1",
    "O",
    "ü",
    "\n",
)
LETTERS: Final = "\0\0\0\x01\n 01A;=,.-Zü\u202e٣"
TEXTS: Final = (
    *("symbol", "sec_type", "expiry", "right", "multiplier"),
    *("exchange", "primary_exchange", "currency", "local_symbol", "trading_class"),
)
NUMBERS: Final = (
    None,
    0.0,
    -0.0,
    1.0,
    -5.25,
    1e12,
    1e13,
    1e-11,
    1e308,
    float("inf"),
    float("-inf"),
    float("nan"),
    True,
)
KINDS: Final = (
    *("MKT", "LMT", "STP", "STP LMT", "TRAIL", "TRAIL LIMIT"),
    *("MIT", "LIT", "MTL", "MOC", "LOC", "REL", "MIDPRICE"),
)


def hostile_orders(cases: int, seed: int) -> dict[str, int]:
    """Put random hostile values into good orders and encode them."""
    chance = random.Random(seed)
    refused = live_without_us = 0
    for _ in range(cases):
        order = _hostile(chance)
        version = chance.randint(OLDEST_VERSION, NEWEST_VERSION)
        try:
            frame = encode(order, version)
        except NotEncodable:
            refused += 1
            live_without_us += _is_live_elsewhere(order, version)
            continue
        _must_be_what_if(frame[4:], version, repr(order))
    return {"refused": refused, "live orders": 0, "of the refused live by another encoder": live_without_us}


def damaged_frames(cases: int, seed: int) -> dict[str, int]:
    """Damage finished frames and show them to the walker."""
    chance = random.Random(seed)
    good = {version: fields(encode(BASE, version)) for version in range(OLDEST_VERSION, NEWEST_VERSION + 1)}
    stopped = live_without_us = 0
    for _ in range(cases):
        version = chance.randint(OLDEST_VERSION, NEWEST_VERSION)
        body = framed(_damaged(good[version], chance))[4:]
        try:
            read_what_if(body, version)
        except Doubt:
            stopped += 1
            placed = _placed(body, version)
            live_without_us += placed is not None and placed.transmit and not placed.what_if
            continue
        _must_be_what_if(body, version, repr(body))
    return {"stopped": stopped, "live orders": 0, "of the stopped live to a trusting reader": live_without_us}


def _hostile(chance: random.Random) -> WhatIf:
    """Change one to three things of a good order."""
    order = BASE
    for _ in range(chance.randint(1, 3)):
        match chance.randrange(9):
            case 0 | 1 | 2:
                name = chance.choice(TEXTS)
                text = _text(chance)
                if chance.random() < 0.5:
                    text = str(getattr(order.contract, name)) + text
                order = replace(order, contract=replace(order.contract, **{name: text}))
            case 3:
                order = replace(order, account=chance.choice(("", "U1234821", "U1")) + _text(chance))
            case 4:
                order = replace(order, order_type=chance.choice((*KINDS, _text(chance))))
            case 5:
                order = replace(order, action=chance.choice(("BUY", "SELL", "BUY" + _text(chance))))
            case 6:
                order = replace(order, time_in_force=chance.choice(("DAY", "GTC", _text(chance))))
            case 7:
                until = chance.choice(("", "20991231")) + chance.choice(("", _text(chance)))
                order = replace(order, time_in_force=chance.choice(("GTD", "DAY")), good_till=until)
            case _:
                prices = ("limit_price", "stop_price", "limit_offset", "trailing_percent", "quantity")
                name = chance.choice(prices)
                order = replace(order, **{name: chance.choice(NUMBERS)})
    return order


def _text(chance: random.Random) -> str:
    if chance.random() < 0.5:
        return chance.choice(PIECES)
    return "".join(chance.choices(LETTERS, k=chance.randint(0, 8)))


def _damaged(parts: list[str], chance: random.Random) -> list[str]:
    made = [*parts]
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(made))
        match chance.randrange(5):
            case 0:
                made.insert(at, chance.choice(PIECES))
            case 1 if len(made) > 1:
                del made[at]
            case 2:
                other = chance.randrange(len(made))
                made[at], made[other] = made[other], made[at]
            case 3:
                made[at] += _text(chance)
            case _:
                made[at] = _text(chance)
    return made


def _must_be_what_if(body: bytes, version: int, case: str) -> None:
    try:
        read_what_if(body, version)
    except Doubt as doubt:
        raise AssertionError(f"the walker stops what the encoder made ({doubt}): {case}") from doubt
    placed = _placed(body, version)
    assert placed is not None, f"another reader cannot read it: {case}"
    assert placed.what_if, f"no what-if: {case}"
    assert placed.transmit, f"not transmitted: {case}"


def _placed(body: bytes, version: int) -> PlacedOrder | None:
    try:
        return read_order(tuple(body.decode("utf-8", "replace").split("\0")[:-1]), version)
    except Malformed:
        return None


def _is_live_elsewhere(order: WhatIf, version: int) -> bool:
    try:
        frame = of_library(order, version)
    except (TypeError, ValueError, AttributeError):
        return False
    placed = _placed(frame[4:], version)
    return placed is not None and placed.transmit and not placed.what_if
