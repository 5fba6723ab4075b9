"""A clock that moves only when told to."""

from __future__ import annotations

NOON = 1_795_521_600.0  # Tuesday 2026-11-24 12:00:00 UTC, a trading day


class FakeClock:
    """Implements the Clock port; both clocks stand still until `advance`."""

    def __init__(self, now: float = NOON) -> None:
        self._now = now
        self._monotonic = 1000.0

    def now(self) -> float:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def advance(self, seconds: float) -> None:
        """Let time pass on both clocks."""
        self._now += seconds
        self._monotonic += seconds

    def jump(self, seconds: float) -> None:
        """Move the wall clock only, as a wrong time service does."""
        self._now += seconds
