"""How often the Flex service may be asked: once a second, ten times a minute, and not while it wants a pause."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from cockpit.services.backoff import Backoff
from cockpit.services.ports import Clock

PER_MINUTE = 10.0  # of one token, when the catalogue has no figure
_SHARE = 0.8  # other programs may use the same token
_APART = 1.25  # seconds between two calls: the broker wants one, and counts when they arrive
_MINUTE = 60.0
_FIRST_PAUSE, _LONGEST_PAUSE = 60.0, 900.0  # seconds after code 1018


class Pace:
    """Gives calls their turn, all of them together: a new token does not start a new count."""

    def __init__(
        self,
        clock: Clock,
        per_minute: float = PER_MINUTE,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._recent: deque[float] = deque(maxlen=max(1, int(per_minute * _SHARE)))
        self._pauses = Backoff(first=_FIRST_PAUSE, longest=_LONGEST_PAUSE)
        self._pause_ends = float("-inf")  # monotonic

    def wait(self) -> float:
        """Return the seconds until a call may go."""
        now = self._clock.monotonic()
        waits = [self._pause_ends - now]
        if self._recent:
            waits.append(self._recent[-1] + _APART - now)
        if len(self._recent) == self._recent.maxlen:
            waits.append(self._recent[0] + _MINUTE - now)
        return max(0.0, *waits)

    def pause(self) -> None:
        """Send nothing for a while, longer each time."""
        self._pause_ends = self._clock.monotonic() + self._pauses.next()

    @property
    def is_paused(self) -> bool:
        """Whether the service has asked for a pause that is not over."""
        return self._pause_ends > self._clock.monotonic()

    def answered(self) -> None:
        """Say that the service has answered as it should: the next pause is a short one again."""
        self._pauses.reset()

    async def turn(self) -> None:
        """Return when a call may go; it then counts as made."""
        while (wait := self.wait()) > 0:
            await self._sleep(wait)
        self._recent.append(self._clock.monotonic())
