"""The one hook for bugs of ours: whatever slips through anywhere is logged with its context and told, once a minute."""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Callable
from types import TracebackType

log = logging.getLogger("cockpit.bug")
QUIET_FOR = 60.0  # seconds in which the same bug is only counted

Tell = Callable[[str, BaseException | None], None]


class BugHook:
    """Counts, logs and tells. Safe from any thread; never raises."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._seen: dict[tuple[str, str, str], tuple[float, int]] = {}
        self._lock = threading.Lock()

    def install(self) -> None:
        """Take over Python's own hooks: uncaught exceptions, threads, destructors."""
        sys.excepthook = self._on_uncaught
        threading.excepthook = self._on_thread
        sys.unraisablehook = self._on_unraisable

    def take(self, where: str, error: BaseException | None) -> None:
        """Log a bug with its trace and tell it; the same one within a minute is only counted."""
        # By place and not by text: texts with a number in them would be a new bug each time, and never end.
        key = (where, type(error).__name__, _place(error))
        now = time.monotonic()
        with self._lock:
            last, count = self._seen.get(key, (-QUIET_FOR, 0))
            is_new = now - last >= QUIET_FOR
            self._seen[key] = (now if is_new else last, 0 if is_new else count + 1)
        if not is_new:
            return
        log.error("%s (%d more like it before)", where, count, exc_info=error)
        self._tell(where, error)

    def _on_uncaught(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        self.take("something in the window failed", error)

    def _on_thread(self, arguments: threading.ExceptHookArgs) -> None:
        name = arguments.thread.name if arguments.thread is not None else "a thread"
        self.take(f"the thread {name} failed", arguments.exc_value)

    def _on_unraisable(self, arguments: sys.UnraisableHookArgs) -> None:
        self.take("clearing up failed", arguments.exc_value)


def _place(error: BaseException | None) -> str:
    """Name the line of code that raised; what was never raised is known by its text only."""
    trace = error.__traceback__ if error is not None else None
    if trace is None:
        return str(error)
    while trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
