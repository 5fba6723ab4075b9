"""On which terms an order is taken: what refuses it, what a venue changes, what the portal's rules say by side."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Effect(StrEnum):
    """What an order must do to the account's position for a rule to meet it."""

    ANY = "any"
    OPENS = "opens"  # the position would grow or change its sign; a closing order passes
    SHORTS = "shorts"  # more would be sold than is held


class OnPortal(StrEnum):
    """How the gateway's preview tells a refusal that TWS tells with a code."""

    ERROR = "error"
    WARNING = "warning"  # the preview comes, with a warning: a precaution asks, it does not refuse
    NOTHING = "nothing"  # a setting of TWS that the gateway does not know


class Refusal(Struct, frozen=True):
    """A rule for what-ifs: with which code and text an order is refused, if every condition meets it.

    An empty condition meets every order. Delays are milliseconds, quantities contracts or shares.
    """

    code: int = 201
    text: str = "Order rejected - reason:No trading permissions."
    order_types: tuple[str, ...] = ()  # in any spelling: STP LMT, STPLMT, STOP_LIMIT
    tifs: tuple[str, ...] = ()
    silent: bool = False  # no answer at all
    delay_ms: float = 0.0  # the placeholder part comes first, the refusal so much later
    sides: tuple[str, ...] = ()  # BUY, SELL
    accounts: tuple[str, ...] = ()
    sec_types: tuple[str, ...] = ()
    over_quantity: float = 0.0  # only orders for more than this; 0 for any
    effect: Effect = Effect.ANY
    direct: bool = False  # only orders routed to a venue although SMART could take them
    on_portal: OnPortal = OnPortal.ERROR


class Side(Struct, frozen=True):
    """What the portal's rules say differently for buying or for selling; empty lists change nothing."""

    error: str = ""  # why no rules are given
    shut: bool = False  # no account may trade on this side
    order_types: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    tifs: tuple[str, ...] = ()


class Place(Struct, frozen=True):
    """What is different about a contract when it is asked for or traded at one venue; empty changes nothing."""

    name: str = ""
    hours: str = ""  # a word or template of `dates.py`, or the broker's own format
    order_types: tuple[str, ...] = ()
    web_order_types: tuple[str, ...] = ()
    web_outside: tuple[str, ...] = ()
    web_tifs: tuple[str, ...] = ()
    refuse: tuple[Refusal, ...] = ()  # before those of the contract
