"""Worst cases to walk through beforehand: published sequences of steps, and one being walked, timed step by step."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from cockpit.domain.confidence import Confidence

NOT_DONE = -1.0  # seconds of a step that was skipped or never reached


class DrillStep(Struct, frozen=True):
    """One step: what to do, where, and how long it should take, seconds (0: not said)."""

    title: str
    where: str = ""
    seconds: float = 0.0


class DrillPlan(Struct, frozen=True):
    """A worst case and what to do about it, in order. A row of the catalogue; a desk can have its own."""

    key: str
    title: str
    situation: str
    steps: tuple[DrillStep, ...]
    source: str = ""
    as_of: str = ""
    confidence: Confidence = Confidence.INFERRED

    @property
    def seconds(self) -> float:
        """How long the whole should take."""
        return sum(step.seconds for step in self.steps)


class Walk(Struct, frozen=True):
    """A drill being walked. `took` holds the seconds of the steps behind us, negative for those skipped.

    Times are those of a clock that never jumps, in seconds.
    """

    plan: DrillPlan
    began: float
    step_began: float
    took: tuple[float, ...] = ()

    @property
    def current(self) -> int | None:
        """The number of the step being done, from 0; None when all are behind us."""
        return len(self.took) if len(self.took) < len(self.plan.steps) else None

    @property
    def total(self) -> float:
        """Seconds of the steps that were done."""
        return total(self.took)

    def done(self, now: float) -> Walk:
        """Return the walk after the current step was done at `now`."""
        if self.current is None:
            return self
        return replace(self, took=(*self.took, max(0.0, now - self.step_began)), step_began=now)

    def skipped(self, now: float) -> Walk:
        """Return the walk after the current step was left out."""
        if self.current is None:
            return self
        return replace(self, took=(*self.took, NOT_DONE), step_began=now)

    def record(self) -> tuple[tuple[str, float], ...]:
        """Return every step with its seconds; those never reached count as not done."""
        missing = (NOT_DONE,) * (len(self.plan.steps) - len(self.took))
        return tuple(
            (step.title, seconds)
            for step, seconds in zip(self.plan.steps, (*self.took, *missing), strict=True)
        )


def begin(plan: DrillPlan, now: float) -> Walk:
    """Begin a drill at `now`."""
    return Walk(plan, now, now)


def total(took: tuple[float, ...]) -> float:
    """Add up the steps that were done."""
    return sum(seconds for seconds in took if seconds >= 0)
