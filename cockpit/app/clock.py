"""The system's clocks."""

from __future__ import annotations

import time


class SystemClock:
    """Wall clock and monotonic clock of this PC."""

    def now(self) -> float:
        """Return UTC epoch seconds."""
        return time.time()

    def monotonic(self) -> float:
        """Return seconds of a clock that never jumps."""
        return time.monotonic()
