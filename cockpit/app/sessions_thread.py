"""The sessions' own thread: an asyncio loop that keeps beating whatever the window does.

Decision 0003 has the measurements: with one shared loop a modal dialog, an open menu, a dragged window or a busy
second stops every session; with a loop of its own none of them does.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from typing import Protocol

from cockpit.domain.notice import Notice
from cockpit.services.intents import Intent

STOP_WITHIN = 8.0  # seconds

log = logging.getLogger(__name__)


class Runnable(Protocol):
    """What the thread runs: the engine, seen from here."""

    async def run(self) -> None:
        """Live until cancelled."""

    def send(self, intent: Intent) -> None:
        """Take what the user asked for."""

    def tell(self, notice: Notice) -> None:
        """Show a notice."""


class SessionsThread:
    """Runs one engine. Every method may be called from any thread, and none of them waits for the engine."""

    def __init__(
        self,
        make_engine: Callable[[], Runnable],
        on_bug: Callable[[str, BaseException | None], None] | None = None,
    ) -> None:
        self._make_engine = make_engine
        self._on_bug = on_bug
        self._lock = threading.Lock()
        self._early: list[Callable[[Runnable], None]] = []  # asked before there was an engine
        self._loop: asyncio.AbstractEventLoop | None = None
        self._engine: Runnable | None = None
        self._main: asyncio.Task[None] | None = None
        self._is_wanted = True
        self._thread = threading.Thread(target=self._run, name="sessions", daemon=True)

    def start(self) -> None:
        """Start the thread. Building the engine takes a moment; what is asked until then is kept."""
        self._thread.start()

    def send(self, intent: Intent) -> None:
        """Hand an intent to the engine. After the end it is dropped."""
        self.call(lambda engine: engine.send(intent))

    def tell(self, notice: Notice) -> None:
        """Let the engine show a notice. After the end it is dropped."""
        self.call(lambda engine: engine.tell(notice))

    def call(self, what: Callable[[Runnable], None]) -> None:
        """Call something with the engine, in its loop. After the end it is dropped."""
        with self._lock:
            engine, loop = self._engine, self._loop
            if engine is None or loop is None:
                self._early.append(what)
                return
        try:
            loop.call_soon_threadsafe(what, engine)
        except RuntimeError:
            log.info("a call came after the end")

    def stop(self, within: float = STOP_WITHIN) -> bool:
        """End the engine and the thread; whether it ended in time."""
        with self._lock:
            self._is_wanted = False
            loop, main = self._loop, self._main
        if loop is not None and main is not None:
            try:
                loop.call_soon_threadsafe(main.cancel)
            except RuntimeError:
                pass  # it has just ended by itself
        self._thread.join(within)
        return not self._thread.is_alive()

    @property
    def is_running(self) -> bool:
        """Whether the thread lives."""
        return self._thread.is_alive()

    def _run(self) -> None:
        try:
            with asyncio.Runner() as runner:
                runner.run(self._live())
        except asyncio.CancelledError:
            pass
        except BaseException as error:  # the hook of this thread: a bug is logged and told, never lost
            log.exception("the sessions' loop failed")
            self._tell(f"The sessions have stopped: {error!r}", error)

    async def _live(self) -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(self._on_loop_exception)
        engine = self._make_engine()
        with self._lock:
            if not self._is_wanted:
                return  # stopped while it was being built
            self._loop, self._engine, self._main = loop, engine, asyncio.current_task()
            early, self._early = self._early, []
        for what in early:
            loop.call_soon(what, engine)
        await engine.run()

    def _on_loop_exception(self, loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        error = context.get("exception")
        log.error("%s", context.get("message"), exc_info=error if isinstance(error, BaseException) else None)
        self._tell(str(context.get("message")), error if isinstance(error, BaseException) else None)

    def _tell(self, sentence: str, error: BaseException | None) -> None:
        if self._on_bug is not None:
            self._on_bug(sentence, error)
