"""The sessions' own thread: an asyncio loop that keeps beating whatever the window does.

Decision 0003 has the measurements: with one shared loop a modal dialog, an open menu, a dragged window or a busy
second stops every session; with a loop of its own none of them does.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable

from cockpit.services.engine import Engine
from cockpit.services.intents import Intent

STOP_WITHIN = 8.0  # seconds

log = logging.getLogger(__name__)


class SessionsThread:
    """Runs one engine. `send` and `stop` may be called from any thread."""

    def __init__(
        self,
        make_engine: Callable[[], Engine],
        on_bug: Callable[[str, BaseException | None], None] | None = None,
    ) -> None:
        self._make_engine = make_engine
        self._on_bug = on_bug
        self._loop: asyncio.AbstractEventLoop | None = None
        self._engine: Engine | None = None
        self._main: asyncio.Task[None] | None = None
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sessions", daemon=True)

    def start(self) -> None:
        """Start the thread; return when it takes intents."""
        self._thread.start()
        self._ready.wait()

    def send(self, intent: Intent) -> None:
        """Hand an intent to the engine. After the end it is dropped."""
        self.call(lambda: self._take(intent))

    def call(self, what: Callable[[], None]) -> None:
        """Call something in the sessions' loop. After the end it is dropped."""
        if self._loop is None or self._loop.is_closed():
            return
        try:
            self._loop.call_soon_threadsafe(what)
        except RuntimeError:
            log.info("a call came after the end")

    def stop(self, within: float = STOP_WITHIN) -> bool:
        """End the engine and the thread; whether it ended in time."""
        loop, main = self._loop, self._main
        if loop is not None and main is not None and not loop.is_closed():
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
        finally:
            self._ready.set()

    async def _live(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._loop.set_exception_handler(self._on_loop_exception)
        self._main = asyncio.current_task()
        self._engine = self._make_engine()
        self._ready.set()
        await self._engine.run()

    def _take(self, intent: Intent) -> None:
        if self._engine is not None:
            self._engine.send(intent)

    def _on_loop_exception(self, loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        error = context.get("exception")
        log.error("%s", context.get("message"), exc_info=error if isinstance(error, BaseException) else None)
        self._tell(str(context.get("message")), error if isinstance(error, BaseException) else None)

    def _tell(self, sentence: str, error: BaseException | None) -> None:
        if self._on_bug is not None:
            self._on_bug(sentence, error)
