"""Authenticator codes: what is kept beside the seed, what is shown when, and what this PC's clock allows.

Nothing here reads a time zone. A step is counted in seconds since 1970 (UTC), so the night when clocks are set back has
no hour twice.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from cockpit.domain.secret import Secret

WAIT_BELOW = 6.0
"""Seconds before its end from which a code is too short-lived to be copied; the next one is shown beside it."""

WARN_ABOVE = 10.0
"""Seconds of clock offset above which a code comes with a warning."""

WITHHOLD_ABOVE = 30.0
"""Seconds of clock offset above which no code is shown. RFC 6238, 5.2: a checker forgives about one step, 30 s."""

TAKEN = "rename-authenticator"
"""The action of the remedy when the name of a new authenticator is taken."""


class Algorithm(StrEnum):
    """The hash under a code, as `otpauth` addresses name it."""

    SHA1 = "SHA1"
    SHA256 = "SHA256"
    SHA512 = "SHA512"


class Authenticator(Struct, frozen=True, omit_defaults=True):
    """An authenticator without its seed. `period` is in seconds. No two share a name, whatever their capitals."""

    name: str
    algorithm: Algorithm = Algorithm.SHA1
    digits: int = 6
    period: int = 30


class Draft(Struct, frozen=True):
    """An authenticator that has been read and not yet kept: one code must show first that the seed is right."""

    authenticator: Authenticator
    secret: Secret


class Face(Struct, frozen=True):
    """What a trader sees at one moment. `following` is the next code, said only when it will be needed."""

    digits: str
    left: int
    following: str = ""

    @property
    def is_ending(self) -> bool:
        """Whether the code would die on the way to where it is typed."""
        return self.left <= WAIT_BELOW

    def __repr__(self) -> str:
        return f"Face({self.left} s)"


class Code(Struct, frozen=True):
    """The code of one step and of the one after it. `ends` is where the first stops (UTC epoch seconds)."""

    digits: str
    following: str
    ends: float
    period: int

    def __repr__(self) -> str:
        return f"Code(until {self.ends:g})"

    def face(self, at: float) -> Face | None:
        """Return what to show at `at` (UTC epoch seconds); None outside the two steps: then ask for a new code."""
        if self.ends - self.period <= at < self.ends:
            left = math.ceil(self.ends - at)
            return Face(self.digits, left, self.following if left <= WAIT_BELOW else "")
        if self.ends <= at < self.ends + self.period:
            return Face(self.following, math.ceil(self.ends + self.period - at))
        return None


def step_start(at: float, period: int) -> float:
    """Return when the step began that `at` is in; all in UTC epoch seconds."""
    return at - at % period


def seconds_left(at: float, period: int) -> int:
    """Return the whole seconds until the step ends, from `period` down to 1; never 0."""
    return math.ceil(period - at % period)


def grouped(digits: str) -> str:
    """Set digits in two groups, as they are read aloud: `123 456`, `1234 5678`."""
    half = len(digits) // 2
    return f"{digits[:half]} {digits[half:]}" if half else digits


class ClockState(StrEnum):
    """What this PC's clock allows."""

    GOOD = "good"
    UNMEASURED = "unmeasured"
    DOUBTFUL = "doubtful"  # shown with a warning
    WRONG = "wrong"  # withheld


class ClockCheck(Struct, frozen=True):
    """This PC's clock judged: the offset in seconds that decided, and what it means in words."""

    state: ClockState
    sentence: str
    offset: float | None = None

    @property
    def is_withheld(self) -> bool:
        """Whether no code may be shown."""
        return self.state is ClockState.WRONG


def judge_clock(offsets: Sequence[float]) -> ClockCheck:
    """Judge the clock from what each source says of it, in seconds; finite values only count.

    No source is trusted alone against another: codes are withheld when the kindest one is beyond the limit, and shown
    with a warning as soon as the strictest one is beyond its own.
    """
    known = sorted((one for one in offsets if math.isfinite(one)), key=abs)
    if not known:
        return ClockCheck(
            ClockState.UNMEASURED, "Clock not compared with anything yet: a code may be refused"
        )
    kindest, strictest = known[0], known[-1]
    if abs(kindest) > WITHHOLD_ABOVE:
        words = f"Clock {_signed(kindest)}, beyond {WITHHOLD_ABOVE:g} s: every code would be wrong"
        return ClockCheck(ClockState.WRONG, words, kindest)
    if abs(strictest) > WARN_ABOVE:
        words = f"Clock {_signed(strictest)}, limit {WARN_ABOVE:g} s: a code may be refused"
        return ClockCheck(ClockState.DOUBTFUL, words, strictest)
    return ClockCheck(ClockState.GOOD, f"Clock skew {_signed(strictest)}, limit {WARN_ABOVE:g} s", strictest)


def _signed(seconds: float) -> str:
    if abs(seconds) < 10:
        return f"{seconds:+.2f} s"
    whole = round(seconds)
    return f"{whole:+d} s" if abs(whole) < 120 else f"{whole / 60:+.0f} min"
