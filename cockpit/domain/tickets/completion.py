"""What can stand at the cursor of a ticket that is being typed, and what each word means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from cockpit.domain.plan import Instrument
from cockpit.domain.tickets import dates
from cockpit.domain.tickets.known import MODIFIERS, SIDES, Known, algorithms, order_types, times
from cockpit.domain.tickets.reader import Reading
from cockpit.domain.tickets.strategies import BY_WORD, STRATEGIES
from cockpit.domain.tickets.words import LONGEST, Unreadable, Word, split

MOST = 40
_LONGEST_PHRASE = 4  # words


class Completion(Struct, frozen=True):
    """A word that fits, what it means, and which part of the line it replaces: from `start` up to `end`."""

    word: str
    meaning: str
    start: int
    end: int


def complete(text: str, cursor: int, known: Known) -> tuple[Completion, ...]:
    """Return what fits at the cursor, in the order of the grammar and of the catalogue. Raises nothing."""
    if len(text) > LONGEST or not 0 <= cursor <= len(text):
        return ()
    words = split(text)
    before = [word for word in words if word.end < cursor or (word.end == cursor and word.text in "()@")]
    here = next((word for word in words[len(before) :] if word.start < cursor <= word.end), None)
    found: dict[str, Completion] = {}
    for back in range(min(_LONGEST_PHRASE, len(before)) + 1):
        for one in _from(text, before, back, here, cursor, known):
            found.setdefault(one.word, one)
    return tuple(found.values())[:MOST]


def _from(
    text: str, before: list[Word], back: int, here: Word | None, cursor: int, known: Known
) -> Iterator[Completion]:
    """Yield the phrases that begin `back` words before the cursor's word and go on as the line does."""
    begun = before[len(before) - back :]
    first = begun[0] if begun else here
    start = first.start if first else cursor
    end = here.end if here else cursor
    typed = " ".join([*(word.plain for word in begun), text[here.start : cursor].upper() if here else ""])
    for phrase, meaning in _wanted(text[:start], known):
        capitals = phrase.upper()
        if capitals.startswith(typed) and capitals.count(" ") >= back:
            yield Completion(phrase, meaning, start, end)


def _wanted(text: str, known: Known) -> Iterator[tuple[str, str]]:
    """Yield every word that can come after `text`, with its meaning."""
    last = next(reversed(split(text)), None)
    after = last.plain if last else ""
    if after in _AFTER_WORD:
        yield from _AFTER_WORD[after](known)
        return
    if after in BY_WORD:
        yield from _named(one for one in known.instruments if not one.right)
        return
    reading = Reading(text, known)
    try:
        reading.read()
    except Unreadable as stop:
        if not stop.problem.word:
            yield from _within(split(text), known)
            return
    yield from _next(reading.filled, known)


def _within(words: tuple[Word, ...], known: Known) -> Iterator[tuple[str, str]]:
    """Yield what can come where the line ends inside a contract or a combination.

    Strikes and amounts are the trader's alone: there is nothing to offer, and a list would lie over the sentence
    that says what is missing.
    """
    last, before = words[-1], words[-2] if len(words) > 1 else None
    if last.text == "(":
        yield from SIDES.items()
    elif before is not None and before.plain in BY_WORD:
        yield from _expiries(last.plain, known)
    elif before is not None and before.plain in SIDES and last.text.isdigit():
        yield from _instruments(known)


def _expiries(root: str, known: Known) -> Iterator[tuple[str, str]]:
    """Yield the expiries of the desk's options on this underlying, the next one first."""
    days = {one.expiry for one in known.instruments if one.symbol == root and one.right and one.expiry}
    for day in sorted(days):
        yield dates.written(day), f"An expiry of {root} at this desk"


def _next(filled: frozenset[str], known: Known) -> Iterator[tuple[str, str]]:
    """Yield what a line still lacks, then what it may have."""
    if "action" not in filled:
        yield from SIDES.items()
    if "contract" not in filled:
        yield from _instruments(known)
        yield from ((row.word, row.sentence) for row in STRATEGIES)
        return
    if "order_type" not in filled:
        yield from _types(known)
    if "time_in_force" not in filled:
        yield from dict(times(known.catalogue).values()).items()
    for word, meaning in MODIFIERS.items():
        if _FIELD_OF.get(word) not in filled:
            yield word, meaning


def _types(known: Known) -> Iterator[tuple[str, str]]:
    """Yield every order type once, by what TWS calls it, else by the word that brings its time in force along."""
    told = set()
    for word, meant in order_types(known.catalogue).items():
        if meant.row.key not in told or (word == meant.code.upper() and not meant.time_in_force):
            told.add(meant.row.key)
            yield (word if meant.time_in_force else meant.code), meant.row.title


def _instruments(known: Known) -> Iterator[tuple[str, str]]:
    yield from _named(known.instruments)


def _named(instruments: Iterable[Instrument]) -> Iterator[tuple[str, str]]:
    for one in instruments:
        words = (one.symbol, one.sec_type, one.expiry, one.trading_class, one.exchange)
        yield one.key, " ".join(word for word in words if word)


def _algorithms(known: Known) -> Iterator[tuple[str, str]]:
    rows = {row.key: row for row in algorithms(known.catalogue).values()}
    yield from ((row.key, row.title) for row in rows.values())


def _accounts(known: Known) -> Iterator[tuple[str, str]]:
    yield from ((account, "An account of this desk") for account in known.accounts)


def _exchanges(known: Known) -> Iterator[tuple[str, str]]:
    yield from ((one.exchange, f"Where {one.key} trades") for one in known.instruments)


def _nothing(known: Known) -> Iterator[tuple[str, str]]:
    yield from ()


_AFTER_WORD = {
    "ALGO": _algorithms,
    "ACCOUNT": _accounts,
    "ON": _exchanges,
    "IN": _nothing,
    "CLASS": _nothing,
    "TIMES": _nothing,
    "GTD": _nothing,
    "@": _nothing,
}
_FIELD_OF = {
    "outside": "outside_hours",
    "cash": "in_cash",
    "algo": "algorithm",
    "account": "account",
    "@": "price",
}
