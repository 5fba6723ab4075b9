"""Contracts as traders write them: AAPL, EUR.USD, ESZ6, SPX 20DEC26 6800C; read and spelled."""

from __future__ import annotations

import re

from msgspec import Struct
from msgspec.structs import replace

from cockpit.domain.plan import Instrument
from cockpit.domain.tickets import dates
from cockpit.domain.tickets.known import CURRENCIES, Known
from cockpit.domain.tickets.numbers import written
from cockpit.domain.tickets.roots import EXCHANGES

KINDS = ("STK", "CFD", "CRYPTO", "IND", "CMDTY", "FUND", "BOND", "WAR")
_SYMBOL = re.compile(r"(?=[A-Z0-9.]*[A-Z0-9])[A-Z0-9][A-Z0-9.-]{0,11}")
_FUTURE = re.compile(rf"(?=[A-Z0-9]*[A-Z])([A-Z0-9]{{1,6}})([{dates.LETTERS}])([0-9]{{1,2}})")
_NEAREST = re.compile(r"/([A-Z0-9]{1,9})")
_SHARE_CLASS = re.compile(r"([A-Z]{1,5})[.]([A-Z])")
_KEY = re.compile(r"[^A-Za-z0-9 ._+-]")
_LONGEST_KEY = 40
_DERIVED = ("FUT", "OPT", "FOP")


class Said(Struct, frozen=True):
    """What a line says of a contract; empty where it says nothing. `named` is the instrument it calls by name."""

    symbol: str = ""
    sec_type: str = "STK"
    expiry: str = ""
    strike: float = 0.0
    right: str = ""
    exchange: str = ""
    currency: str = ""
    trading_class: str = ""
    multiplier: str = ""
    named: Instrument | None = None


def future(word: str, known: Known) -> Said | None:
    """Read a future: root, month letter and year, or a slash and the root for the nearest one."""
    if found := _NEAREST.fullmatch(word):
        return Said(found[1], "FUT")
    if found := _FUTURE.fullmatch(word):
        return Said(found[1], "FUT", dates.contract_month(found[2], found[3], known.today))
    return None


def plain_contract(word: str, known: Known) -> Said | None:
    """Read a contract of one word: a pair of currencies, a future or a symbol; None when it is none of them."""
    base, _, quote = word.partition(".")
    if base in CURRENCIES and quote in CURRENCIES and base != quote:
        return Said(base, "CASH", currency=quote)
    if said := future(word, known):
        return said
    if found := _SHARE_CLASS.fullmatch(word):
        return Said(f"{found[1]} {found[2]}")  # the broker writes BRK B where others write BRK.B
    return Said(word) if _SYMBOL.fullmatch(word) else None


def built(said: Said) -> Instrument | None:
    """Return the instrument that a line describes, by its own name; None when the exchange is not known."""
    exchange = said.exchange or _usual_exchange(said.symbol, said.sec_type)
    if not exchange:
        return None
    bare = Instrument(
        key="",
        symbol=said.symbol,
        sec_type=said.sec_type,
        exchange=exchange,
        currency=said.currency or "USD",
        expiry=said.expiry,
        strike=said.strike,
        right=said.right,
        trading_class=said.trading_class,
        multiplier=said.multiplier,
    )
    return replace(bare, key=name_of(bare))


def resolve(said: Said, known: Known) -> Instrument | None:
    """Return the desk's own instrument if the line means one, else a new one; None when its exchange is not known.

    What the line does not say of a derivative (class, multiplier, exchange, currency) may be what it is in the desk's.
    """
    if said.named is not None:
        changed = {
            name: value
            for name in ("exchange", "currency", "trading_class", "multiplier")
            if (value := str(getattr(said, name)))
        }
        wanted = replace(said.named, **changed)
        if wanted == said.named:
            return wanted
        wanted = replace(wanted, key=name_of(wanted))
    else:
        fitting = [one for one in known.instruments if _fits(said, one)]
        made = built(said)
        if made is None or not any(same(made, one) for one in fitting):
            if len(fitting) == 1:
                return fitting[0]
            if made is None:
                return None
        wanted = made
    return next((one for one in known.instruments if same(wanted, one)), None) or _unclashing(wanted, known)


def same(one: Instrument, other: Instrument) -> bool:
    """Whether both are the same contract, whatever they are called and needed for."""
    return replace(one, key="", venue="", needs_greeks=False) == replace(
        other, key="", venue="", needs_greeks=False
    )


def _fits(said: Said, one: Instrument) -> bool:
    """Whether everything a line says of a derivative is true of an instrument."""
    if said.sec_type not in _DERIVED or not said.expiry:
        return False
    return (said.symbol, said.sec_type, said.expiry, said.strike, said.right) == (
        one.symbol,
        one.sec_type,
        one.expiry,
        one.strike,
        one.right,
    ) and all(
        not told or told == there
        for told, there in (
            (said.exchange, one.exchange),
            (said.currency, one.currency),
            (said.trading_class, one.trading_class),
            (said.multiplier, one.multiplier),
        )
    )


def _usual_exchange(symbol: str, sec_type: str) -> str:
    if sec_type in ("FUT", "FOP"):
        return EXCHANGES.get(symbol, "")
    return "IDEALPRO" if sec_type == "CASH" else "SMART"


def spelled(one: Instrument) -> str:
    """Write a contract without what is usual for it, in the words that the reader takes."""
    symbol = re.sub(r"^([A-Z]{1,5}) ([A-Z])$", r"\1.\2", one.symbol)
    if one.sec_type == "CASH":
        return f"{one.symbol}.{one.currency}"
    if one.sec_type == "FUT":
        return f"/{one.symbol}" if not one.expiry else dates.future_code(one.symbol, one.expiry)
    if one.sec_type in ("OPT", "FOP"):
        root = f"/{one.symbol}" if one.sec_type == "FOP" else symbol
        return f"{root} {dates.written(one.expiry)} {written(one.strike)}{one.right}"
    return symbol if one.sec_type == "STK" else f"{symbol} {one.sec_type}"


def venue_words(one: Instrument) -> tuple[str, ...]:
    """Write what is not usual for a contract: exchange, currency, trading class, multiplier."""
    words = []
    if one.exchange != _usual_exchange(one.symbol, one.sec_type):
        words.append(f"on {one.exchange}")
    if one.currency != "USD" and one.sec_type != "CASH":
        words.append(f"in {one.currency}")
    if one.trading_class:
        words.append(f"class {one.trading_class}")
    if one.multiplier:
        words.append(f"times {one.multiplier}")
    return tuple(words)


def name_of(one: Instrument) -> str:
    """Give a new instrument its name on screen: how it is spelled, in letters that a name may have."""
    words = [spelled(one).replace("/", "")]
    if one.sec_type == "FOP" or (one.sec_type == "FUT" and not one.expiry):
        words.append(one.sec_type)
    return _KEY.sub("", " ".join([*words, *venue_words(one)]))[:_LONGEST_KEY].strip()


def _unclashing(wanted: Instrument, known: Known) -> Instrument:
    """Give an instrument another name when the desk calls something else so."""
    name, number = wanted.key, 1
    while known.named(name) is not None:
        number += 1
        name = f"{wanted.key[: _LONGEST_KEY - 5]} {number}"
    return replace(wanted, key=name)
