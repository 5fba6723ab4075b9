"""The clock of a requested permission: how long it has run, what is published, and when to ask a person."""

from __future__ import annotations

import re
from enum import StrEnum

from msgspec import Struct

from cockpit.domain.words import span

HOUR = 3600.0
UNPUBLISHED = 48 * HOUR  # seconds after which to ask when the catalogue gives no figure for a permission
_HOURS = re.compile(r"(\d+)(?:\s*(?:-|–|to)\s*(\d+))?\s*(?:h\b|hours?\b)", re.IGNORECASE)
_DAYS = re.compile(r"(\d+)(?:\s*(?:-|–|to)\s*(\d+))?\s*(?:business |working )?days?\b", re.IGNORECASE)
ESCALATE = (
    "Write to the broker in Client Portal's Message Center and name the day of the request; "
    "if the open is near, call client service, not the trade desk: only they see pending requests."
)


class Stage(StrEnum):
    """Where a request stands against what is published."""

    RUNNING = "running"  # shorter than what the broker quotes
    DUE = "due"  # between the shortest and the longest quoted time
    OVERDUE = "overdue"


class RequestClock(Struct, frozen=True):
    """A running request. Times in seconds; `longest` is what the catalogue quotes, else the cockpit's own figure."""

    stage: Stage
    elapsed: float
    shortest: float
    longest: float
    is_published: bool

    @property
    def left(self) -> float:
        """Seconds until it is overdue; 0 afterwards."""
        return max(0.0, self.longest - self.elapsed)

    @property
    def sentence(self) -> str:
        """Say how it stands and, when it is overdue, whom to ask."""
        quoted = (
            f"the broker quotes up to {spell(self.longest)}" if self.is_published else "no time is published"
        )
        if self.stage is Stage.OVERDUE:
            return f"Requested {spell(self.elapsed)} ago, {quoted}. {ESCALATE}"
        return f"Requested {spell(self.elapsed)} ago, {quoted}, {spell(self.left)} left."


def spell(seconds: float) -> str:
    """Say a span in hours as long as the broker quotes hours: `53 h`; else as everywhere."""
    return f"{seconds / HOUR:.0f} h" if 10 * HOUR <= seconds < 96 * HOUR else span(seconds)


def quoted_times(approval: str) -> tuple[float, float] | None:
    """Read the shortest and longest time, in seconds, out of what is published; None when it gives none.

    Figures of hours win over those of days; `next business day` counts as 24 h.
    """
    figures = [_span_of(found, HOUR) for found in _HOURS.finditer(approval)]
    if not figures:
        figures = [_span_of(found, 24 * HOUR) for found in _DAYS.finditer(approval)]
    if "next business day" in approval.casefold():
        figures.append((24 * HOUR, 24 * HOUR))
    figures = [(low, high) for low, high in figures if high > 0]
    if not figures:
        return None
    return min(low for low, _ in figures), max(high for _, high in figures)


def request_clock(requested_at: float, approval: str, now: float) -> RequestClock:
    """Return how a request of `requested_at` stands at `now` (UTC epoch seconds)."""
    quoted = quoted_times(approval)
    shortest, longest = quoted if quoted is not None else (UNPUBLISHED, UNPUBLISHED)
    elapsed = max(0.0, now - requested_at)
    if elapsed > longest:
        stage = Stage.OVERDUE
    elif elapsed >= shortest:
        stage = Stage.DUE
    else:
        stage = Stage.RUNNING
    return RequestClock(stage, elapsed, shortest, longest, quoted is not None)


def _span_of(found: re.Match[str], unit: float) -> tuple[float, float]:
    # Longer figures are no hours of anybody's: whoever wrote them meant something else.
    low = min(int(found[1][:6]), 9999)
    high = min(int(found[2][:6]), 9999) if found[2] else low
    return min(low, high) * unit, max(low, high) * unit
