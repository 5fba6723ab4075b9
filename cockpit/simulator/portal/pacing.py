"""How many calls the portal takes: so many a second altogether, some paths far fewer."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable

from msgspec import Struct, field

Clock = Callable[[], float]


class Limit(Struct, frozen=True):
    """At most `calls` within `seconds` for paths that match, each path counted for itself."""

    pattern: re.Pattern[str]
    calls: int
    seconds: float
    status: int = 429


# The broker's published pacing table for the Web API; paths are counted behind /v1/api.
LIMITS: tuple[Limit, ...] = (
    Limit(re.compile(r"/tickle"), 1, 1.0),
    Limit(re.compile(r"/sso/validate"), 1, 60.0),
    Limit(re.compile(r"/portfolio/(sub)?accounts"), 1, 5.0),
    Limit(re.compile(r"/iserver/account/(orders|trades|pnl/partitioned)"), 1, 5.0),
    Limit(re.compile(r"/iserver/marketdata/snapshot"), 10, 1.0),
    Limit(re.compile(r"/iserver/scanner/params"), 1, 900.0),
    Limit(re.compile(r"/iserver/scanner/run"), 1, 1.0),
    Limit(re.compile(r"/pa/.*"), 1, 900.0),
    Limit(re.compile(r"/fyi/unreadnumber"), 1, 300.0, 423),
    Limit(re.compile(r"/fyi/.*"), 1, 1.0),
)


class Window(Struct):
    """Counts what happened within the last so many seconds."""

    calls: int
    seconds: float
    _times: deque[float] = field(default_factory=deque)

    def admits(self, now: float) -> bool:
        """Count one more call unless the window is full."""
        while self._times and now - self._times[0] >= self.seconds:
            self._times.popleft()
        if len(self._times) >= self.calls:
            return False
        self._times.append(now)
        return True


class Pacing:
    """Decides which status a call gets for coming too often: 0 for none, else 429 or 423.

    Beyond the limit of all calls the address sits in a penalty box; a path's own limit refuses that
    path only. The broker publishes both limits and the box, not how they meet: this is our reading.
    """

    def __init__(self, per_second: int, penalty_seconds: float, path_limits: bool, clock: Clock) -> None:
        self._all = Window(per_second, 1.0)
        self._penalty_seconds = penalty_seconds
        self._path_limits = path_limits
        self._clock = clock
        self._paths: dict[str, Window] = {}
        self._penalty_ends = 0.0

    def penalise(self, seconds: float) -> None:
        """Refuse everything for so many seconds from now."""
        self._penalty_ends = self._clock() + seconds

    def refuses(self, path: str) -> int:
        """Count a call to `path`, without prefix and query, and say which status refuses it."""
        now = self._clock()
        if now < self._penalty_ends:
            return 429
        if not self._all.admits(now):
            self.penalise(self._penalty_seconds)
            return 429
        limit = next((limit for limit in LIMITS if limit.pattern.fullmatch(path)), None)
        if limit is None or not self._path_limits:
            return 0
        window = self._paths.setdefault(path, Window(limit.calls, limit.seconds))
        return 0 if window.admits(now) else limit.status
