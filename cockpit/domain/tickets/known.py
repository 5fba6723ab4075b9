"""What the reader of a ticket knows beforehand, and the words it makes of it."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from cockpit.domain.catalogue import OrderGroup, OrderType, Playing
from cockpit.domain.plan import Instrument

SIDES = {"BUY": "Buy it", "SELL": "Sell it, or sell it short"}
TIMES = {
    "DAY": "Until the end of the day",
    "GTC": "Until it is cancelled",
    "IOC": "At once, and cancel what does not fill",
    "OPG": "At the opening auction",
    "FOK": "All at once or not at all",
    "GTD": "Until a date, such as GTD 20DEC26",
    "OVERNIGHT": "In the overnight session",
}
MODIFIERS = {
    "outside": "It may fill outside regular hours",
    "cash": "The quantity is an amount of money",
    "algo": "With an algorithm of the broker, such as algo ADAPTIVE",
    "account": "In this account, such as account U1234567",
    "on": "At this exchange, such as on CME",
    "in": "Priced in this currency, such as in EUR",
    "class": "Of this trading class, such as class SPXW",
    "times": "With this multiplier, such as times 50",
    "@": "At this limit price, such as @ 12.5",
}
_CURRENCIES = """
    AUD CAD CHF CNH CZK DKK EUR GBP HKD HUF ILS INR JPY
    KRW MXN NOK NZD PLN SAR SEK SGD TRY TWD USD ZAR
"""
CURRENCIES = frozenset(_CURRENCIES.split())
"""Currencies of the broker's spot market; two of them with a dot between are a pair."""

# Rows of these groups describe how an order behaves; they are no type of their own.
_NO_TIMES = frozenset({"GAT"})  # needs a beginning, which a ticket does not have
_NO_TYPES = frozenset({OrderGroup.ATTRIBUTE, OrderGroup.TIME, OrderGroup.TOOL, OrderGroup.ALGORITHM})


class Known(Struct, frozen=True):
    """The catalogue, the instruments and accounts of the desk, and the day on which the line is read.

    `today` decides which year the single digit of a future such as ESZ6 means.
    """

    catalogue: Playing
    instruments: tuple[Instrument, ...] = ()
    accounts: tuple[str, ...] = ()
    today: date = date(2026, 1, 1)

    def named(self, name: str) -> Instrument | None:
        """Return the instrument of this key: as written, else however it is written."""
        wanted = plain(name)
        same = [one for one in self.instruments if plain(one.key) == wanted]
        return next((one for one in same if one.key == name), same[0] if same else None)


def plain(name: str) -> str:
    """Write a name the way names are compared: capitals, single spaces."""
    return " ".join(name.upper().split())


class Meant(Struct, frozen=True):
    """What a word for an order type means: what TWS calls it, its row, and the time in force it brings with it."""

    code: str
    row: OrderType
    time_in_force: str = ""


def order_types(catalogue: Playing) -> dict[str, Meant]:
    """Return every word for an order type, in capitals, with what it means.

    A row may be another one's type with a time in force, as market on open is a market order at the opening auction.
    Where no single time in force makes the difference, a line cannot say it and the word is left out.
    """
    found = {}
    for word, row in catalogue.by_code.items():
        if not row.codes or row.group in _NO_TYPES:
            continue
        code = {code.upper(): code for code in row.codes}.get(word, row.codes[0])
        if catalogue.by_code.get(code.upper()) is row:
            found[word] = Meant(code, row)
        elif len(row.times_in_force) == 1:
            found[word] = Meant(code, row, row.times_in_force[0])
    return found


def times(catalogue: Playing) -> dict[str, tuple[str, str]]:
    """Return every word for a time in force, in capitals, with the broker's code and what it means."""
    found = {word: (word, meaning) for word, meaning in TIMES.items()}
    for row in catalogue.order_types.values():
        if row.group is OrderGroup.TIME and row.codes and row.codes[0] not in _NO_TIMES:
            for word in (*row.codes, *row.aliases):
                found.setdefault(word.upper(), (row.codes[0], row.title))
    return found


def algorithms(catalogue: Playing) -> dict[str, OrderType]:
    """Return every word for an algorithm, in capitals and without spaces, with its row."""
    found: dict[str, OrderType] = {}
    rows = [row for row in catalogue.order_types.values() if row.group is OrderGroup.ALGORITHM]
    for row in rows:
        found.setdefault(_joined(row.key), row)
    for row in rows:
        for word in (*row.codes, *row.aliases):
            found.setdefault(_joined(word), row)
    return found


def _joined(word: str) -> str:
    return "".join(word.upper().split())
