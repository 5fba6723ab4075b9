"""One walk over the words of a line: take the next one, see whether it is the one asked for, stop at a wrong one."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from cockpit.domain.tickets.words import Problem, Unreadable, Word, closest, split, wrong


class Line:
    """The words of a text and how far they are read."""

    def __init__(self, text: str) -> None:
        self._end = len(text.rstrip())
        self._words = split(text)
        self._next = 0

    def peek(self) -> Word | None:
        """Return the next word without taking it; None at the end."""
        return self._words[self._next] if self._next < len(self._words) else None

    def ahead(self, count: int) -> str:
        """Return the next `count` words in capitals, or fewer at the end."""
        return " ".join(word.plain for word in self._words[self._next : self._next + count])

    def rest(self) -> tuple[Word, ...]:
        """Return the words that are not taken yet."""
        return self._words[self._next :]

    def skip(self, count: int = 1) -> None:
        """Take some words."""
        self._next += count

    def take(self, wanted: str) -> Word:
        """Take the next word. Raises Unreadable saying what is wanted when there is none."""
        word = self.peek()
        if word is None:
            raise self.missing(wanted)
        self._next += 1
        return word

    def take_if(self, *texts: str) -> Word | None:
        """Take the next word if it is one of these, in capitals."""
        word = self.peek()
        if word is None or word.plain not in texts:
            return None
        self._next += 1
        return word

    def missing(self, wanted: str, suggestion: str = "") -> Unreadable:
        """Return the exception that says what is missing at the end of the line."""
        return Unreadable(Problem("", len(self._words), self._end, self._end, wanted, suggestion))

    def longest(self, phrases: Collection[str], most: int = 5) -> str:
        """Take the longest of these phrases (in capitals) that stands next; "" when none does."""
        for count in range(min(most, len(self._words) - self._next), 0, -1):
            phrase = self.ahead(count)
            if phrase in phrases:
                self._next += count
                return phrase
        return ""


def unknown_word(word: Word, reason: str, known: Iterable[str]) -> Unreadable:
    """Return the exception for a word that nobody knows, with the known one that looks most like it."""
    return wrong(word, reason, closest(word.text, known))
