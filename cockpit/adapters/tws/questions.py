"""Questions under way: who waits for which answer, until when, and what becomes of them when the session ends."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Self

from cockpit.adapters.tws.messages import Key, Message
from cockpit.services.errors import ConnectionEnded, NoAnswer, Unreadable

# More rows than any question of ours can have; beyond it somebody floods us.
_MOST_MESSAGES = 50_000

# Seconds after which an answer that has not come counts as swallowed.
_NEVER_COMES = 15.0


class Question:
    """One question: iterate over what comes for it. The deadline covers the whole answer."""

    def __init__(self, what: str, seconds: float) -> None:
        self.what = what
        self._seconds = seconds
        self._deadline = asyncio.get_running_loop().time() + seconds
        self._came: asyncio.Queue[Message | None] = asyncio.Queue()
        self._taken = 0

    def __aiter__(self) -> Self:
        """Iterate over the messages; there is no end but the caller's `break`."""
        return self

    async def __anext__(self) -> Message:
        """Wait for the next message. Raises NoAnswer, ConnectionEnded, or Unreadable for a flood."""
        try:
            # The deadline holds even while messages keep coming.
            async with asyncio.timeout_at(self._deadline):
                message = await self._came.get()
        except TimeoutError:
            raise NoAnswer(
                f"TWS did not answer {self.what} within {self._seconds:g} s.", self._seconds
            ) from None
        if message is None:
            raise ConnectionEnded(f"The connection ended while TWS was asked for {self.what}.")
        if self._taken > _MOST_MESSAGES:
            raise Unreadable(f"TWS sent far too much for {self.what}.")
        return message

    def take(self, message: Message) -> None:
        """Put a message to the answer."""
        self._taken += 1
        if self._taken <= _MOST_MESSAGES:
            self._came.put_nowait(message)

    def end(self) -> None:
        """Tell whoever waits that nothing more can come."""
        self._came.put_nowait(None)


class Turn:
    """One question of a kind at a time, for answers that carry no request id.

    Such answers come in the order of their questions. Those of questions that have given up come first and are not
    meant for the present one: `is_mine` counts them off, unless they are so late that they will not come.
    """

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._asked: deque[float] = deque()

    @asynccontextmanager
    async def take(self) -> AsyncIterator[Self]:
        """Wait for the turn; it lasts as long as the `async with` block."""
        async with self._lock:
            self._forget_lost()
            self._asked.append(asyncio.get_running_loop().time())
            yield self

    def is_mine(self) -> bool:
        """Count one complete answer, and say whether it belongs to the question whose turn it is."""
        own = self._asked.pop() if self._asked else 0.0
        self._forget_lost()
        if not self._asked:
            return True
        self._asked.popleft()
        self._asked.append(own)
        return False

    def _forget_lost(self) -> None:
        lost_before = asyncio.get_running_loop().time() - _NEVER_COMES
        while self._asked and self._asked[0] < lost_before:
            self._asked.popleft()


class Questions:
    """All questions of one session, by request id or topic."""

    def __init__(self) -> None:
        self._open: dict[Key, list[Question]] = {}
        self._is_over = False

    @contextmanager
    def ask(self, key: Key, what: str, seconds: float) -> Iterator[Question]:
        """Open a question for the time of a `with` block. Raises ConnectionEnded when the session is over."""
        if self._is_over:
            raise ConnectionEnded("There is no connection to TWS.")
        question = Question(what, seconds)
        self._open.setdefault(key, []).append(question)
        try:
            yield question
        finally:
            self._open[key].remove(question)
            if not self._open[key]:
                del self._open[key]

    def has(self, key: Key) -> bool:
        """Whether somebody waits for this."""
        return key in self._open

    def deliver(self, key: Key, message: Message) -> None:
        """Give a message to those who wait for it; a late or unasked one is dropped."""
        for question in self._open.get(key, ()):
            question.take(message)

    def tell_all(self, message: Message) -> None:
        """Give a message to everybody who waits for anything."""
        for questions in self._open.values():
            for question in questions:
                question.take(message)

    def end(self) -> None:
        """End every question, and refuse new ones."""
        self._is_over = True
        for questions in self._open.values():
            for question in questions:
                question.end()
