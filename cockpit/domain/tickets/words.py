"""The words of a typed ticket, each with its place, and what is wrong with one of them."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST = 500  # characters; nobody types more, and a pasted book is none
_WORD = re.compile(r'"[^"]*"?|[()@]|[^\s()"@]+')
_LONGEST_GUESSED = 40  # characters; likeness of longer words is nobody's slip and costs time


class Word(Struct, frozen=True):
    """One word as it was typed, with its place in the line: characters from `start` up to `end`."""

    text: str
    index: int
    start: int
    end: int

    @property
    def plain(self) -> str:
        """The word in capitals, as the grammar reads it."""
        return self.text.upper()


class Problem(Struct, frozen=True):
    """Which word of a line cannot be read and why; `word` is empty where one is missing.

    `index` counts words from 0, `start` and `end` are places in the line. `suggestion` is a word to put there.
    """

    word: str
    index: int
    start: int
    end: int
    reason: str
    suggestion: str = ""

    def sentence(self) -> str:
        """Say it in one line."""
        place = f"word {self.index + 1}, {self.word}: " if self.word else ""
        hint = f" Did you mean {self.suggestion}?" if self.suggestion else ""
        return f"{place}{self.reason}{hint}"


class Unreadable(Exception):
    """Reading stops at a word. Stays inside this package."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.reason)
        self.problem = problem


def split(text: str) -> tuple[Word, ...]:
    """Return the words of a line. Brackets and @ stand alone, and quotes keep a name of several words together."""
    return tuple(
        Word(found.group(), index, found.start(), found.end())
        for index, found in enumerate(_WORD.finditer(text))
    )


def wrong(word: Word, reason: str, suggestion: str = "") -> Unreadable:
    """Return the exception that says what is wrong with a word."""
    return Unreadable(Problem(word.text, word.index, word.start, word.end, reason, suggestion))


def closest(word: str, known: Iterable[str]) -> str:
    """Return the known word that looks most like this one; "" when none does."""
    if len(word) > _LONGEST_GUESSED:
        return ""
    by_capitals = {candidate.upper(): candidate for candidate in known}
    return next((by_capitals[found] for found in get_close_matches(word.upper(), by_capitals, 1)), "")
