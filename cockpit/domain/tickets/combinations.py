"""The contract part of a line: one contract, a named combination, or legs in brackets."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from cockpit.domain.tickets import dates
from cockpit.domain.tickets.contracts import KINDS, Said, future, plain_contract
from cockpit.domain.tickets.known import SIDES, Known, plain
from cockpit.domain.tickets.line import Line, unknown_word
from cockpit.domain.tickets.numbers import number
from cockpit.domain.tickets.strategies import BY_WORD, Strategy
from cockpit.domain.tickets.words import Word, wrong

MOST_LEGS = 8
_HIGHEST_RATIO = 1000
_STRIKE = r"[0-9]{1,7}(?:\.[0-9]{1,4})?"
_STRIKES = re.compile(rf"({_STRIKE}(?:/{_STRIKE}){{0,5}})(C|P|CALL|PUT)?")


class SaidLeg(Struct, frozen=True):
    """One leg as the line says it; of a plain order there is one."""

    contract: Said
    action: str = "BUY"
    ratio: int = 1

    def with_venue(self, venue: Mapping[str, str]) -> Said:
        """Return the contract with what the rest of the line said of every leg."""
        return replace(self.contract, **venue) if venue else self.contract


def read_contract(line: Line, known: Known) -> tuple[tuple[SaidLeg, ...], bool]:
    """Read what is traded; the second value is whether it is a combination. Raises Unreadable."""
    if line.take_if("("):
        return _bracketed(line, known), True
    if found := _named(line, known):
        return (SaidLeg(found),), False
    word = line.take("Say what to trade, such as AAPL or ESZ6.")
    if word.plain in BY_WORD and line.peek() is not None:
        return _strategy(BY_WORD[word.plain], line, known), True
    return (SaidLeg(_single(word, line, known)),), False


def _named(line: Line, known: Known) -> Said | None:
    """Read the name of an instrument of the desk: in quotes, or as the longest name that stands there."""
    word = line.peek()
    if word is not None and word.text.startswith('"'):
        line.skip()
        name = word.text.strip('"')
        if not (found := known.named(name)):
            raise unknown_word(word, "is no instrument of this desk.", (one.key for one in known.instruments))
        return Said(named=found)
    names = {plain(one.key) for one in known.instruments}
    phrase = line.longest(names)
    found = known.named(phrase) if phrase else None
    if found is None:
        return None
    after = line.peek()
    if after is not None and " " not in phrase and (dates.day(after.text) or after.plain in KINDS):
        line.skip(-1)  # the name is only the beginning: an option on it, or another kind of it
        return None
    return Said(named=found)


def _bracketed(line: Line, known: Known) -> tuple[SaidLeg, ...]:
    """Read `( BUY 1 … SELL 2 … )`."""
    legs: list[SaidLeg] = []
    while not line.take_if(")"):
        word = line.take("Close the bracket behind the last leg.")
        if word.plain not in SIDES:
            raise unknown_word(word, "must be BUY or SELL: a leg begins with its side.", SIDES)
        if len(legs) == MOST_LEGS:
            raise wrong(word, f"is one leg too many; {MOST_LEGS} are the most.")
        ratio = line.take("Say how many of this leg.")
        count = number(ratio.text)
        if count is None or not 1 <= count <= _HIGHEST_RATIO or not count.is_integer():
            raise wrong(ratio, "must be a whole number above 0.")
        contract = _named(line, known) or _single(line.take("Say what this leg trades."), line, known)
        legs.append(SaidLeg(contract, word.plain, int(count)))
    if not legs:
        raise line.missing("Say at least one leg between the brackets.")
    return tuple(legs)


def _single(word: Word, line: Line, known: Known) -> Said:
    """Read a contract that begins with `word`: with expiry and strike, with its kind behind it, or alone."""
    after = line.peek()
    if after is not None and dates.day(after.text):
        root, expiry = _root(word, known), dates.day(line.take("").text)
        strike = line.take("Say the strike with C or P, such as 6800C.")
        values, right = _strikes(strike, 1)
        if not right:
            raise wrong(strike, "lacks C or P.")
        return replace(root, expiry=expiry, strike=values[0], right=right)
    if after is not None and (kind := line.take_if(*KINDS)):
        said = plain_contract(word.plain, known)
        return Said(said.symbol if said and said.sec_type == "STK" else word.plain, kind.plain)
    found = plain_contract(word.plain, known)
    if found is None:
        raise unknown_word(word, "is no contract.", (*(one.key for one in known.instruments), *BY_WORD))
    return found


def _root(word: Word, known: Known) -> Said:
    """Read the underlying of an option: a future makes it a futures option."""
    if (named := known.named(word.text)) and named.sec_type == "FUT":
        return Said(named.symbol, "FOP", exchange=named.exchange, multiplier=named.multiplier)
    if said := future(word.plain, known):
        return Said(said.symbol, "FOP")
    said = plain_contract(word.plain, known)
    if said is None or said.sec_type != "STK":
        raise wrong(word, "is nothing that options are written on.")
    return replace(said, sec_type="OPT")


def _strategy(strategy: Strategy, line: Line, known: Known) -> tuple[SaidLeg, ...]:
    """Read the underlying, expiries and strikes of a named combination."""
    root = _root(line.take(f"Say on what: {strategy.word} SPX 20DEC26 …"), known)
    when = line.take("Say the expiry, such as 20DEC26.")
    expiries = [dates.day(part) for part in when.text.split("/")]
    if len(expiries) != strategy.expiries or not all(expiries):
        example = "20DEC26/15JAN27" if strategy.expiries > 1 else "20DEC26"
        raise wrong(when, f"is no expiry for {strategy.word}; write it like {example}.")
    at = line.take(f"Say the strikes. {strategy.sentence}.")
    strikes, right = _strikes(at, strategy.strikes)
    if strategy.has_right and not right:
        raise wrong(at, "lacks C or P.")
    if right and not strategy.has_right:
        raise wrong(at, f"needs no C or P: {strategy.word} has both.", at.text.rstrip("CPcp"))
    return tuple(
        SaidLeg(
            replace(root, expiry=expiries[leg.expiry], strike=strikes[leg.strike], right=leg.right or right),
            leg.action,
            leg.ratio,
        )
        for leg in strategy.legs
    )


def _strikes(word: Word, count: int) -> tuple[list[float], str]:
    """Read strikes with strokes between, and the C or P behind them ("" when there is none)."""
    found = _STRIKES.fullmatch(word.plain)
    parts = found[1].split("/") if found else []
    if found is None or len(parts) != count:
        example = "/".join(("6700", "6720", "6900", "6920")[:count])
        raise wrong(word, f"must be {count} strike{'s' if count > 1 else ''}, such as {example}.")
    return [float(part) for part in parts], (found[2] or "")[:1]
