"""Blocking looks at the machine, each in a daemon thread of its own with a time-out."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Aside:
    """Runs blocking work beside the loop; work of a name that still runs is not started a second time.

    Daemon threads instead of the loop's pool: a look that hangs for ever (a dead network drive) may hold up
    neither the other looks nor the end of the program.
    """

    def __init__(self) -> None:
        self._running: set[str] = set()

    async def run(self, name: str, work: Callable[[], T], seconds: float) -> T:
        """Return what `work` returns or raise what it raises.

        Raises TimeoutError after `seconds`, and at once while the work of that name still runs.
        """
        if name in self._running:
            raise TimeoutError(f"the look called {name} still runs")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._running.add(name)

        def deliver(result: T | None, error: BaseException | None) -> None:
            self._running.discard(name)
            if future.done():
                return
            if error is not None:
                future.set_exception(error)
            else:
                future.set_result(result)  # type: ignore[arg-type]  # None only beside an error

        def look() -> None:
            result, error = None, None
            try:
                result = work()
            except BaseException as problem:  # handed over to whoever waits, never lost in the thread
                error = problem
            try:
                loop.call_soon_threadsafe(deliver, result, error)
            except RuntimeError:  # the loop ended meanwhile: nobody waits any more
                self._running.discard(name)

        threading.Thread(target=look, name=f"look {name}", daemon=True).start()
        return await asyncio.wait_for(future, seconds)
