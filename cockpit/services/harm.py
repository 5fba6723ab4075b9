"""Do no harm: every probe asks here first, and what was really done is counted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from msgspec import Struct

from cockpit.domain.readiness import Footprint, HarmCount
from cockpit.domain.remedy import Remedy
from cockpit.domain.words import span
from cockpit.services.errors import NotPermitted
from cockpit.services.ports import Clock


class Budget(Struct, frozen=True):
    """What the cockpit allows itself. The broker's limit is 50 messages a second for all programs together."""

    messages_per_second: float = 5.0
    burst: int = 40
    what_if_every: float = 60.0  # seconds; the broker asks for no more than one a minute
    lines_at_once: int = 8
    longest_wait: float = 10.0  # seconds a probe may wait for its turn


class Harm:
    """The budget, and the meter of the status bar. Implements the Tally port."""

    def __init__(
        self, clock: Clock, budget: Budget | None = None, on_change: Callable[[], None] | None = None
    ) -> None:
        self.budget = budget or Budget()
        self.lines = asyncio.Semaphore(self.budget.lines_at_once)
        self._clock = clock
        self._on_change = on_change or _nothing
        self._tokens = float(self.budget.burst)
        self._filled_at = clock.monotonic()
        self._last_what_if: float | None = None
        self._client_ids = self._lines = self._most_lines = self._messages = self._what_ifs = (
            self._refused
        ) = 0

    def listen(self, on_change: Callable[[], None]) -> None:
        """Call `on_change` whenever the count changes."""
        self._on_change = on_change

    async def permit(self, footprint: Footprint, messages: int = 0, *, confirmed: bool = False) -> None:
        """Let a probe go, when its turn has come.

        Raises NotPermitted for an intrusive probe without the trader's confirmation, and when the wait would be
        longer than the budget's longest.
        """
        if footprint is Footprint.INTRUSIVE and not confirmed:
            self._refuse("This can disturb the session at the broker, so it needs your confirmation first.")
        if footprint is Footprint.PASSIVE or messages == 0:
            return
        self._fill()
        self._tokens -= messages
        if self._tokens >= 0:
            return
        wait = -self._tokens / self.budget.messages_per_second
        if wait > self.budget.longest_wait:
            self._tokens += messages
            self._refuse(f"Too many requests in a short time: the budget is free again in {span(wait)}.")
        try:
            await asyncio.sleep(wait)
        except asyncio.CancelledError:
            self._tokens += messages  # nothing was sent, so nothing is charged
            raise

    def permit_beat(self) -> None:
        """Let one heartbeat go at once, whatever waits: a full budget must not cost the session it protects.

        It is charged all the same, so the others wait a little longer.
        """
        self._fill()
        self._tokens -= 1

    def permit_what_if(self, *, confirmed: bool) -> None:
        """Let one what-if go. Raises NotPermitted without confirmation, or within a minute of the last one."""
        self.require_confirmation(confirmed=confirmed)
        left = self.what_if_in()
        if left > 0:
            self._refuse(
                f"The broker asks for no more than one what-if a minute: the next one can go in {span(left)}."
            )
        self._last_what_if = self._clock.monotonic()

    def require_confirmation(self, *, confirmed: bool) -> None:
        """Refuse a what-if that the trader has not confirmed. Raises NotPermitted."""
        if not confirmed:
            self._refuse("A what-if is sent only after you have confirmed it.")

    def what_if_in(self) -> float:
        """Return the seconds until the next what-if may go; 0 when it may go now."""
        if self._last_what_if is None:
            return 0.0
        return max(0.0, self._last_what_if + self.budget.what_if_every - self._clock.monotonic())

    def count(self) -> HarmCount:
        """Return what was done since the start."""
        return HarmCount(
            client_ids=self._client_ids,
            lines=self._lines,
            most_lines=self._most_lines,
            messages=self._messages,
            what_ifs=self._what_ifs,
            refused=self._refused,
        )

    def message(self, count: int = 1) -> None:
        """Count messages that went out."""
        self._messages += count
        self._on_change()

    def line(self, change: int) -> None:
        """Count market-data lines taken and given back."""
        self._lines += change
        self._most_lines = max(self._most_lines, self._lines)
        self._on_change()

    def client_id(self, change: int) -> None:
        """Count API client slots taken and given back."""
        self._client_ids += change
        self._on_change()

    def what_if(self) -> None:
        """Count a what-if that went out."""
        self._what_ifs += 1
        self._on_change()

    def _fill(self) -> None:
        now = self._clock.monotonic()
        gained = (now - self._filled_at) * self.budget.messages_per_second
        self._tokens = min(float(self.budget.burst), self._tokens + gained)
        self._filled_at = now

    def _refuse(self, sentence: str) -> None:
        self._refused += 1
        self._on_change()
        raise NotPermitted(sentence, Remedy("Wait, then try again."))


def _nothing() -> None:
    """Nobody listens yet."""
