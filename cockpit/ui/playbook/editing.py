"""What the trader has changed and the desk has not answered yet, and the way back to what stood before."""

from __future__ import annotations

from msgspec import Struct

from cockpit.services.intents import KeepPlaybook
from cockpit.ui.playbook.book import Book

MOST_STEPS = 200


class Step(Struct, frozen=True):
    """A playbook as it was before something was done to it."""

    done: str  # what was done, in words
    before: Book


class Editing:
    """The playbook on screen: the trader's edits at once, the desk's when it has seen all of them."""

    def __init__(self) -> None:
        self.book = Book()
        self._steps: list[Step] = []
        self._sent: list[Book] = []  # on the way to the desk
        self._seen: Book | None = None

    @property
    def last_done(self) -> str:
        """What `undo` would take back, "" when there is nothing."""
        return self._steps[-1].done if self._steps else ""

    def show(self, book: Book) -> bool:
        """Take the desk's playbook; return whether another one is to be shown.

        One that was sent comes back as an answer. While a later one is still under way, an earlier answer changes
        nothing: it would take an edit from the screen for a moment.
        """
        if book == self._seen:
            return False
        is_first, self._seen = self._seen is None, book
        if book in self._sent:
            del self._sent[: self._sent.index(book) + 1]
            return False
        self._sent.clear()
        if book == self.book:
            return False
        if not is_first:
            self._push("the change from outside")
        self.book = book
        return True

    def change(self, book: Book, done: str) -> KeepPlaybook | None:
        """Take an edit, and return what the desk must be told; None when nothing differs."""
        if book == self.book:
            return None
        self._push(done)
        return self._take(book)

    def undo(self) -> KeepPlaybook | None:
        """Go back one step; None when there is none."""
        return self._take(self._steps.pop().before) if self._steps else None

    def _push(self, done: str) -> None:
        self._steps.append(Step(done, self.book))
        del self._steps[:-MOST_STEPS]

    def _take(self, book: Book) -> KeepPlaybook:
        self.book = book
        self._sent.append(book)
        return KeepPlaybook(book.flows, book.instruments)
