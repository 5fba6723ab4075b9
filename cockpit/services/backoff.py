"""How long to wait before the next try: doubling, with jitter, forgotten after a stable minute."""

from __future__ import annotations

import random

from msgspec import Struct, field


class Backoff(Struct):
    """Waits of 1, 2, 4 … 60 seconds, each spread by up to a quarter so that tries do not fall in step."""

    first: float = 1.0
    longest: float = 60.0
    stable_after: float = 60.0
    rng: random.Random = field(default_factory=random.Random)
    _tries: int = 0

    def next(self) -> float:
        """Return the seconds to wait now."""
        wait = min(self.longest, self.first * 2**self._tries)
        self._tries = min(self._tries + 1, 30)
        return float(min(self.longest, wait * self.rng.uniform(1.0, 1.25)))

    def held(self, seconds: float) -> None:
        """Say for how long the last connection held: a stable one starts the count anew."""
        if seconds >= self.stable_after:
            self._tries = 0

    def reset(self) -> None:
        """Start anew, because the trader asked for a try now."""
        self._tries = 0
