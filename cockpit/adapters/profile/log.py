"""The program's log: one line for each event, without secrets, never larger than its cap."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path

from cockpit.adapters.profile.redaction import Redactor

LARGEST_FILE = 2_000_000  # bytes
KEPT_FILES = 3  # older ones beside the newest
LONGEST_LINE = 4_000  # characters
LONGEST_TEXT = 3 * LONGEST_LINE
BURST = 50  # events of one kind in one window, the rest is counted
WINDOW = 10.0  # seconds


class OneLine(logging.Formatter):
    """Writes an event as one line: time (UTC), level, logger, text; what is not printable is escaped."""

    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def __init__(self, redactor: Redactor) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")
        self.converter = time.gmtime
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        """Format, clean, escape and cut a record."""
        # Cut twice: a secret that the first cut leaves in half is behind the second.
        text = self._redactor.clean(super().format(record)[:LONGEST_TEXT])
        line = text if text.isprintable() else "".join(map(_escaped, text))
        return line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]} …"


def _escaped(letter: str) -> str:
    return letter if letter.isprintable() else letter.encode("unicode_escape").decode()


class Throttle(logging.Filter):
    """Lets so many events of one kind through in a window of time, then counts; the count comes with the next."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._windows: dict[tuple[str, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether to let a record through."""
        kind = (record.name, str(record.msg))
        now = self._clock()
        start, count = self._windows.get(kind, (now, 0))
        if now - start >= WINDOW:
            if count > BURST:
                record.msg = f"{record.getMessage()} ({count - BURST} more like this were left out)"
                record.args = ()
            start, count = now, 0
        if len(self._windows) > 1000:
            self._windows.clear()  # kinds are few, unless somebody makes them up
        self._windows[kind] = (start, count + 1)
        return count < BURST


class LogFile:
    """The log while the program runs. Made first, closed last."""

    def __init__(
        self, folder: Path, redactor: Redactor, *, level: int = logging.INFO, largest: int = LARGEST_FILE
    ) -> None:
        """Write all events of `level` of ours, and warnings of libraries, to a file in `folder`. Raises OSError."""
        self.path = folder / "cockpit.log"
        self._handler = RotatingFileHandler(
            self.path,
            maxBytes=largest,
            backupCount=KEPT_FILES,
            encoding="utf-8",
            errors="backslashreplace",
        )
        self._handler.setFormatter(OneLine(redactor))
        self._handler.addFilter(Throttle())
        root = logging.getLogger()
        root.setLevel(logging.WARNING)  # HTTP libraries write whole addresses, with tokens, at INFO
        logging.getLogger("cockpit").setLevel(level)
        root.addHandler(self._handler)

    def close(self) -> None:
        """Write no more."""
        logging.getLogger().removeHandler(self._handler)
        self._handler.close()


def start_log(folder: Path, redactor: Redactor, *, level: int = logging.INFO) -> LogFile | None:
    """Start the log; without its folder say so on standard error, where there is one, and go on."""
    try:
        return LogFile(folder, redactor, level=level)
    except OSError as error:
        if sys.stderr is not None:
            sys.stderr.write(f"There is no log: {error}\n")
        return None
