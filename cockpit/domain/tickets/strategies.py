"""Named combinations and the legs they stand for, as they are bought when the whole is bought."""

from __future__ import annotations

from msgspec import Struct


class Shape(Struct, frozen=True):
    """One option of a combination: which of the written strikes and expiries, call or put, which way, how many.

    An empty `right` is the one written behind the strikes.
    """

    strike: int
    right: str = ""
    action: str = "BUY"
    ratio: int = 1
    expiry: int = 0


class Strategy(Struct, frozen=True):
    """A combination by name: its words, what it means, how many strikes and expiries it is written with."""

    word: str
    sentence: str
    strikes: int
    legs: tuple[Shape, ...]
    expiries: int = 1
    other_words: tuple[str, ...] = ()

    @property
    def has_right(self) -> bool:
        """Whether the trader writes C or P behind the strikes."""
        return any(not leg.right for leg in self.legs)


STRATEGIES = (
    Strategy(
        "VERT",
        "Vertical: buys the first strike, sells the second, such as 6700/6800C",
        2,
        (Shape(0), Shape(1, action="SELL")),
        other_words=("VERTICAL",),
    ),
    # Buying takes the outer wings and sells the inner strikes for a credit, as the broker's glossary has it
    # (ibkrcampus.com/glossary-terms/iron-condor, read 2026-11); other houses call that selling.
    Strategy(
        "IC",
        "Iron condor: buys the outer wings, sells the inner strikes, such as 6700/6720/6900/6920",
        4,
        (Shape(0, "P"), Shape(1, "P", "SELL"), Shape(2, "C", "SELL"), Shape(3, "C")),
        other_words=("CONDOR",),
    ),
    Strategy(
        "STRADDLE",
        "Straddle: buys call and put of one strike, such as 6800",
        1,
        (Shape(0, "C"), Shape(0, "P")),
    ),
    Strategy(
        "STRANGLE",
        "Strangle: buys the put below and the call above, such as 6700/6900",
        2,
        (Shape(0, "P"), Shape(1, "C")),
    ),
    Strategy(
        "BUTTERFLY",
        "Butterfly: buys the wings, sells the body twice, such as 6700/6800/6900C",
        3,
        (Shape(0), Shape(1, action="SELL", ratio=2), Shape(2)),
        other_words=("FLY", "BFLY"),
    ),
    Strategy(
        "CAL",
        "Calendar: sells the first expiry, buys the second, such as 20DEC26/15JAN27 6800C",
        1,
        (Shape(0, action="SELL"), Shape(0, expiry=1)),
        expiries=2,
        other_words=("CALENDAR",),
    ),
)
BY_WORD = {word: row for row in STRATEGIES for word in (row.word, *row.other_words)}
