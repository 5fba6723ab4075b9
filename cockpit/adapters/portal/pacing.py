"""How fast the gateway may be asked: below the published limits, and not at all while the broker wants a pause."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping

from cockpit.services.errors import NotPermitted
from cockpit.services.ports import Clock

SHARE = 0.8  # of the published rate: other programs on this PC ask through the same gateway
LONGEST_WAIT = 1.5  # seconds a call may wait for its turn; what would wait longer is refused
_WINDOW = 1.0  # seconds the rate is counted in


class CoolingDown(NotPermitted):
    """The broker has asked for a pause; `until` is UTC epoch seconds."""

    def __init__(self, until: float) -> None:
        super().__init__("The broker asked for a pause, so nothing is sent until it is over.")
        self.until = until


class Pacer:
    """Gives calls their turn. `rate` is the published limit per second, `spacings` seconds between calls by name."""

    def __init__(
        self,
        clock: Clock,
        rate: float,
        spacings: Mapping[str, float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._clock = clock
        self._at_once = max(1, int(rate * SHARE))
        self._spacings = dict(spacings)
        self._sleep = sleep
        self._recent: deque[float] = deque(maxlen=self._at_once)
        self._last: dict[str, float] = {}
        self._pause_ends: float | None = None  # monotonic
        self._pause_until = 0.0  # wall clock
        self._queue = asyncio.Lock()

    def assume_made(self, name: str) -> None:
        """Count a call as made just now: another start of this program may have made it, and nobody can know."""
        self._last[name] = self._clock.monotonic()

    def cool_down(self, seconds: float) -> float:
        """Send nothing for so many seconds; return when that ends (UTC epoch seconds). Never shortens a pause."""
        ends = self._clock.monotonic() + seconds
        if self._pause_ends is None or ends > self._pause_ends:
            self._pause_ends, self._pause_until = ends, self._clock.now() + seconds
        return self._pause_until

    @property
    def paused_until(self) -> float | None:
        """When the broker's pause ends (UTC epoch seconds), None outside one."""
        if self._pause_ends is not None and self._clock.monotonic() >= self._pause_ends:
            self._pause_ends = None
        return None if self._pause_ends is None else self._pause_until

    def is_free(self, name: str) -> bool:
        """Whether a call of that name would go without waiting for its own spacing."""
        return self._own_wait(name) <= 0

    async def turn(self, name: str) -> None:
        """Return when a call of that name may go; it then counts as made.

        Raises CoolingDown within a pause, and NotPermitted when the wait would be longer than LONGEST_WAIT.
        """
        async with self._queue:
            while True:
                until = self.paused_until
                if until is not None:
                    raise CoolingDown(until)
                wait = max(self._own_wait(name), self._common_wait())
                if wait <= 0:
                    break
                if wait > LONGEST_WAIT:
                    raise NotPermitted(f"The broker wants this asked less often: again in {wait:.0f} s.")
                await self._sleep(wait)
            now = self._clock.monotonic()
            self._recent.append(now)
            self._last[name] = now

    def _own_wait(self, name: str) -> float:
        last = self._last.get(name)
        return 0.0 if last is None else last + self._spacings.get(name, 0.0) - self._clock.monotonic()

    def _common_wait(self) -> float:
        if len(self._recent) < self._at_once:
            return 0.0
        return self._recent[0] + _WINDOW - self._clock.monotonic()
