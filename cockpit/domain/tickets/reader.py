"""Read one line into a ticket, such as `SELL 2 ESZ6 TRAIL LIMIT 5 2 GTC outside`; say which word is wrong."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from cockpit.domain.plan import Instrument, Leg, Ticket
from cockpit.domain.tickets import contracts, dates
from cockpit.domain.tickets.combinations import SaidLeg, read_contract
from cockpit.domain.tickets.known import MODIFIERS, SIDES, Known, algorithms, order_types, times
from cockpit.domain.tickets.line import Line, unknown_word
from cockpit.domain.tickets.numbers import looks_like_number, number
from cockpit.domain.tickets.prices import WORDS, numbers_of
from cockpit.domain.tickets.words import LONGEST, Problem, Unreadable, Word, wrong

_ACCOUNT = re.compile(r"[A-Z]{1,3}[0-9]{3,12}")
_CODE = re.compile(r"[A-Za-z0-9./_-]{1,24}")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?")
_ZONE = re.compile(r"[A-Za-z]{2,20}(/[A-Za-z_]{2,20}){0,2}")
_SAID_BY_MODIFIER = {
    "ON": "exchange",
    "IN": "currency",
    "CLASS": "trading_class",
    "TIMES": "multiplier",
}
_OTHER_WORDS = {"SHORT": "SELL", "SLD": "SELL", "LONG": "BUY", "BOT": "BUY"}
_OUTSIDE = ("OUTSIDE", "OUTSIDERTH", "ORTH")

Value: TypeAlias = str | float | bool


class Parsed(Struct, frozen=True):
    """What became of a line: the ticket and all instruments it needs, or the problem. `text` stays as it was typed."""

    text: str
    ticket: Ticket | None = None
    instruments: tuple[Instrument, ...] = ()
    problem: Problem | None = None


def parse(text: str, known: Known, key: str = "") -> Parsed:
    """Read one line into a ticket called `key`. Raises nothing: what cannot be read is a problem with its word."""
    if len(text) > LONGEST:
        return Parsed(text, problem=Problem("", 0, 0, len(text), f"is longer than {LONGEST} characters"))
    try:
        ticket, instruments = Reading(text, known).finish(key)
    except Unreadable as stop:
        return Parsed(text, problem=stop.problem)
    return Parsed(text, ticket, instruments)


class Reading:
    """The line on its way to a ticket: every word fills one field."""

    def __init__(self, text: str, known: Known) -> None:
        self._text = text
        self._known = known
        self._line = Line(text)
        self._types = order_types(known.catalogue)
        self._times = times(known.catalogue)
        self._legs: tuple[SaidLeg, ...] = ()
        self._is_combination = False
        self._contract_word: Word | None = None
        self._values: dict[str, Value] = {}
        self._venue: dict[str, str] = {}
        self._numbers: list[Word] = []

    @property
    def filled(self) -> frozenset[str]:
        """Which fields of the ticket the words read so far fill; "contract" among them."""
        more = {"contract"} if self._legs else set()
        return frozenset(self._values) | more | ({"price"} if self._numbers else set())

    def read(self) -> None:
        """Read every word. Raises Unreadable at one that fits nowhere, or when the line ends within something."""
        while self._line.peek() is not None:
            self._step()

    def finish(self, key: str) -> tuple[Ticket, tuple[Instrument, ...]]:
        """Read the line into a ticket and its instruments, the leg's in order. Raises Unreadable."""
        self.read()
        self._check_complete()
        instruments = self._resolve()
        legs = tuple(
            Leg(instrument.key, said.action, said.ratio)
            for instrument, said in zip(instruments, self._legs, strict=True)
        )
        plain = Ticket(key, instruments[0].key, legs=legs if self._is_combination else (), text=self._text)
        ticket = replace(plain, **self._values)
        return ticket, tuple(dict.fromkeys(instruments))

    def _step(self) -> None:
        """Read the next word or words, whatever they are."""
        word = self._line.take("")
        if word.plain in SIDES and "action" not in self._values:
            self._values["action"] = word.plain
        elif not self._legs:
            self._start(word)
        elif word.plain in _OUTSIDE:
            self._set(word, "outside_hours", value=True)
        elif word.plain == "CASH":
            self._set(word, "in_cash", value=True)
        elif phrase := self._begins(word, self._times):
            self._take_time(word, self._times[phrase][0])
        elif word.plain == "ALGO":
            self._take_algorithm(word)
        elif word.plain == "ACCOUNT":
            self._take_account(word)
        elif word.plain in _SAID_BY_MODIFIER:
            self._take_venue(word)
        elif word.text == "@":
            self._take_price(word)
        else:
            self._take_type_or_number(word)

    def _start(self, word: Word) -> None:
        """Read what stands before the contract: the quantity, or the contract itself."""
        if "quantity" not in self._values and looks_like_number(word.text) and not self._names(word):
            self._take_quantity(word)
            return
        if word.plain in _OTHER_WORDS and "action" not in self._values and not self._names(word):
            raise wrong(word, "is no side of an order.", _OTHER_WORDS[word.plain])
        self._contract_word = word
        self._line.skip(-1)
        self._legs, self._is_combination = read_contract(self._line, self._known)

    def _names(self, word: Word) -> bool:
        """Whether a word that looks like something else is the name of an instrument, when a quantity has come."""
        return "quantity" in self._values and self._known.named(word.text) is not None

    def _take_quantity(self, word: Word) -> None:
        amount = number(word.text)
        if amount is None:
            raise _no_number(word)
        if word.text[0] in "+-" and "action" not in self._values:
            self._values["action"] = "SELL" if word.text[0] == "-" else "BUY"
            amount = abs(amount)
        if amount <= 0:
            raise wrong(word, "must be more than nothing.")
        self._set(word, "quantity", amount)

    def _begins(self, word: Word, phrases: Collection[str]) -> str:
        """Take the longest of these phrases that begins with the word just taken; "" when none does."""
        self._line.skip(-1)
        if phrase := self._line.longest(phrases):
            return phrase
        self._line.skip()
        return ""

    def _take_time(self, word: Word, code: str) -> None:
        self._set(word, "time_in_force", code)
        if code != "GTD":
            return
        until = self._line.take("Say until which day, such as GTD 20DEC26.")
        written = dates.day(until.text)
        if len(written) != len("YYYYMMDD"):
            raise wrong(until, "is no day; write it like 20DEC26.")
        after = self._line.peek()
        if after is not None and _CLOCK.fullmatch(after.text):
            self._line.skip()
            zone = self._line.take("Say in which zone, such as US/Eastern.")
            if not _ZONE.fullmatch(zone.text):
                raise wrong(zone, "is no time zone; write it like US/Eastern.")
            clock = after.text if after.text.count(":") > 1 else f"{after.text}:00"
            written = f"{written} {clock} {zone.text}"
        self._values["until"] = written

    def _take_algorithm(self, word: Word) -> None:
        name = self._line.take("Say which algorithm, such as algo ADAPTIVE.")
        rows = algorithms(self._known.catalogue)
        if name.plain not in rows:
            raise unknown_word(name, "is no algorithm the catalogue knows.", rows)
        self._set(word, "algorithm", rows[name.plain].key)

    def _take_account(self, word: Word) -> None:
        name = self._line.take("Say which account, such as account U1234567.")
        if not _ACCOUNT.fullmatch(name.plain):
            raise unknown_word(name, "is no account; write it like U1234567.", self._known.accounts)
        self._set(word, "account", name.plain)

    def _take_venue(self, word: Word) -> None:
        field = _SAID_BY_MODIFIER[word.plain]
        value = self._line.take(f"Say what comes after {word.text}: {MODIFIERS[word.text.lower()]}.")
        if not _CODE.fullmatch(value.text):
            raise wrong(value, "is no code of the broker.")
        if field in self._venue:
            raise wrong(word, "is said twice.")
        self._venue[field] = value.plain

    def _take_price(self, word: Word) -> None:
        value = self._line.take("Say the price, such as @ 12.5.")
        price = number(value.text)
        if price is None:
            raise _no_number(value)
        self._set(word, "price", price)

    def _take_type_or_number(self, word: Word) -> None:
        if "order_type" not in self._values and (phrase := self._begins(word, self._types)):
            meant = self._types[phrase]
            self._values["order_type"] = meant.code
            if meant.time_in_force:
                self._set(word, "time_in_force", meant.time_in_force)
            return
        if not looks_like_number(word.text):
            if word.plain in self._types:
                raise wrong(word, f"is a second order type, after {self._values['order_type']}.")
            if (first := self._contract_word) is not None and self._stands_for_quantity(first, word):
                raise wrong(first, "is no number; say how many.")
            raise unknown_word(
                word, "is no word of a ticket.", (*self._types, *self._times, *MODIFIERS, *SIDES)
            )
        if "quantity" not in self._values and "order_type" not in self._values:
            self._take_quantity(word)
        else:
            self._numbers.append(word)

    def _stands_for_quantity(self, first: Word, second: Word) -> bool:
        """Whether two contracts before the order type are a quantity that is no number, and the contract."""
        after = self._line.peek()
        return (
            "quantity" not in self._values
            and second.index == first.index + 1
            and self._known.named(first.text) is None
            and after is not None
            and after.plain in self._types
        )

    def _set(self, word: Word, field: str, value: Value) -> None:
        if field in self._values:
            raise wrong(word, "is said twice.")
        self._values[field] = value

    def _check_complete(self) -> None:
        if not self._legs:
            raise self._line.missing("Say what to trade, such as AAPL or ESZ6.")
        if "action" not in self._values and "quantity" in self._values and self._is_pair():
            # As FX is written: an amount without a sign buys the first currency.
            self._values["action"] = "BUY"
        if "action" not in self._values:
            # Guessing a side of anything else would rehearse the wrong order, so a missing one is a mistake.
            raise self._line.missing("Say BUY or SELL, or put a sign before the quantity.")
        if "quantity" not in self._values:
            raise self._line.missing("Say how many.")
        if "order_type" not in self._values:
            raise self._line.missing("Say which order type, such as LMT.", "LMT")
        self._fill_numbers(str(self._values["order_type"]))

    def _is_pair(self) -> bool:
        return len(self._legs) == 1 and self._legs[0].contract.sec_type == "CASH"

    def _fill_numbers(self, order_type: str) -> None:
        """Give the numbers of the line to the fields that the order type has, all of them or none."""
        fields = numbers_of(order_type)
        if "price" in self._values:
            if "price" not in fields:
                at = next(word for word in Line(self._text).rest() if word.text == "@")
                raise wrong(at, f"{order_type} takes no limit price.")
            fields = tuple(field for field in fields if field != "price")
        wanted = " and ".join(WORDS[field] for field in fields)
        if len(self._numbers) > len(fields):
            takes = f"takes only {wanted}" if fields else "takes no further number"
            raise wrong(self._numbers[len(fields)], f"is one number too many: {order_type} {takes}.")
        if self._numbers and len(self._numbers) < len(fields):
            raise self._line.missing(f"{order_type} takes {wanted}.")
        for field, word in zip(fields, self._numbers, strict=False):
            self._values[field] = self._number_for(field, word)

    def _number_for(self, field: str, word: Word) -> float:
        text = word.text
        if field == "trail" and text.endswith("%"):
            self._values["trail_in_percent"] = True
            text = text[:-1]
        value = number(text)
        if value is None:
            raise _no_number(word)
        if field == "trail" and value < 0:
            raise wrong(word, "must not be negative.")
        return value

    def _resolve(self) -> tuple[Instrument, ...]:
        """Turn what the line says of each contract into instruments."""
        known, found = self._known, []
        for leg in self._legs:
            instrument = contracts.resolve(leg.with_venue(self._venue), known)
            if instrument is None:
                at = self._contract_word
                symbol = leg.contract.symbol
                problem = f"trades where? Say the exchange of {symbol}, such as on CME."
                raise wrong(at, problem) if at else self._line.missing(problem)
            if known.named(instrument.key) is None:
                known = Known(known.catalogue, (*known.instruments, instrument), known.accounts, known.today)
            found.append(instrument)
        return tuple(found)


def _no_number(word: Word) -> Unreadable:
    comma = re.fullmatch(r"([+-]?[0-9]+),([0-9]+)", word.text)
    return wrong(word, "is no number the program can use.", f"{comma[1]}.{comma[2]}" if comma else "")
