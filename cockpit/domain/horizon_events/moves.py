"""Where a time of day that the desk sets would hurt nobody: outside all hours, and better outside resets too."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from cockpit.domain.horizon_events.outlook import DAY, Stretch, strikes, union

STEP = 15  # minutes between proposed times
EASE = 30 * 60.0  # seconds after a close in which orders of the day are still looked at


def free_time(
    at: str, zone: str, length: float, busy: Sequence[Stretch], resets: Sequence[Stretch], begin: float
) -> str | None:
    """Return the time of day (HH:MM in `zone`) nearest to `at` at which `length` seconds never meet `busy`.

    Every night from `begin` (UTC epoch seconds) to the last stretch is looked at, an hour that comes twice
    both times. Times that also leave the hour after a close alone and miss `resets` come first. None: there is none.
    """
    if not busy and not resets:
        return at
    end = max(begin + DAY, *(last for _, last in (*busy, *resets)))
    eased = [(first, last + EASE) for first, last in busy]
    tiers = (union((*eased, *resets)), union((*busy, *resets)), union(busy))
    candidates = sorted(
        (f"{minute // 60:02d}:{minute % 60:02d}" for minute in range(0, 24 * 60, STEP)),
        key=lambda time: (_distance(at, time), time),
    )
    for barred in tiers:
        for time in candidates:
            # Read one by one: a time that collides mostly does so on the first night.
            nights = strikes(time, zone, begin, end, is_twice=True)
            if not any(_meets(moment, length, barred) for moment in nights):
                return time
    return None


def _distance(first: str, second: str) -> int:
    """Minutes from one time of day to another, round the clock the short way."""
    minutes = abs(_minutes(first) - _minutes(second))
    return min(minutes, 24 * 60 - minutes)


def _minutes(time: str) -> int:
    return int(time[:2]) * 60 + int(time[3:])


def _meets(at: float, length: float, stretches: Sequence[Stretch]) -> bool:
    """Whether [`at`, `at` + `length`) touches one of the stretches of a union."""
    place = bisect_left(stretches, (at + length, 0.0))  # those before it begin earlier than this ends
    return place > 0 and stretches[place - 1][1] > at
