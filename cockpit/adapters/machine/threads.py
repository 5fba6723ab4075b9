"""Blocking looks at the machine, each in a daemon thread of its own with a time-out."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Aside(Generic[T]):
    """Runs blocking work beside the loop. Who asks for work that still runs waits for the same answer.

    Daemon threads instead of the loop's pool: a look that hangs for ever (a dead network drive) may hold up
    neither the other looks nor the end of the program, and it is not started a second time.
    """

    def __init__(self) -> None:
        self._running: dict[Hashable, asyncio.Future[T]] = {}

    async def run(self, key: Hashable, work: Callable[[], T], seconds: float) -> T:
        """Return what `work` returns or raise what it raises; raises TimeoutError after `seconds`."""
        answer = self._running.get(key)
        if answer is None:
            answer = self._start(key, work)
        return await asyncio.wait_for(asyncio.shield(answer), seconds)

    def _start(self, key: Hashable, work: Callable[[], T]) -> asyncio.Future[T]:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()
        # Whoever waited may have given up: an error nobody fetches is not worth a message.
        answer.add_done_callback(lambda done: done.cancelled() or done.exception())
        self._running[key] = answer

        def deliver(error: BaseException | None, result: list[T]) -> None:
            self._running.pop(key, None)
            if answer.done():
                return
            if error is not None:
                answer.set_exception(error)
            else:
                answer.set_result(result[0])

        def look() -> None:
            error: BaseException | None = None
            result: list[T] = []
            try:
                result.append(work())
            except BaseException as problem:  # handed over to whoever waits, never lost in the thread
                error = problem
            try:
                loop.call_soon_threadsafe(deliver, error, result)
            except RuntimeError:  # the loop ended meanwhile: nobody waits any more
                return

        threading.Thread(target=look, name=f"look {key}", daemon=True).start()
        return answer
