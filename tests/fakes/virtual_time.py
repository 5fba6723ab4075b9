"""An event loop whose clock jumps to the next timer: an hour of waiting takes no time and no test sleeps."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from typing import TypeVar

T = TypeVar("T")
START = 1000.0


class _Selector(selectors.DefaultSelector):
    """Instead of waiting it moves the loop's clock. Only for code without sockets."""

    def __init__(self) -> None:
        super().__init__()
        self.now = START

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready: list[tuple[selectors.SelectorKey, int]] = super().select(0)
        if not ready and timeout is not None:
            self.now += max(0.0, timeout)
        elif not ready:
            raise RuntimeError("everything waits and no timer is set: this would hang for ever")
        return ready


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """A loop in virtual time."""

    def __init__(self) -> None:
        self._virtual = _Selector()
        super().__init__(self._virtual)

    def time(self) -> float:
        return self._virtual.now


class LoopClock:
    """The Clock port in the time of the running loop."""

    def __init__(self, start: float = 1_795_521_600.0) -> None:
        self._start = start

    def now(self) -> float:
        return self._start + asyncio.get_running_loop().time() - START

    def sleep_for(self, seconds: float) -> None:
        """Let the wall clock jump ahead as it does while a PC sleeps."""
        self._start += seconds

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()


def run(work: Coroutine[object, object, T]) -> T:
    """Run `work` in virtual time; a task or exception that is left over fails the test."""
    lost: list[dict[str, object]] = []

    async def guarded() -> T:
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: lost.append(context))
        return await work

    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        result = runner.run(guarded())
    assert lost == []
    return result
