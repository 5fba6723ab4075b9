"""The trader's word as observations: what is offered, held, requested; and the records of drills."""

from __future__ import annotations

from cockpit.domain import kinds
from cockpit.domain.evidence import Observation, Provenance
from cockpit.services.intents import KeepDrill, SayHeld, SayOffered, SayRequested
from cockpit.services.state import Drill

_BAR = " | "


def attested(word: SayOffered | SayHeld | SayRequested, now: float) -> Observation:
    """Return what the trader says as an observation of `now` (UTC epoch seconds)."""
    match word:
        case SayOffered():
            subject = f"attested/{word.interface.value}/{word.order_type}"
            return kinds.SAID_OFFERED.seen(subject, word.is_offered, now, Provenance.ATTESTED)
        case SayHeld():
            subject = f"attested/permission/{word.account}/{word.permission}"
            return kinds.SAID_HELD.seen(subject, word.is_held, now, Provenance.ATTESTED)
        case SayRequested():
            subject = f"attested/permission/{word.account}/{word.permission}"
            return kinds.REQUESTED_ON.seen(subject, word.at, now, Provenance.ATTESTED)


def drilled(record: KeepDrill, now: float) -> Observation:
    """Return the record of a drill as an observation: a line for each step, its seconds behind the last bar."""
    steps = tuple(f"{title}{_BAR}{seconds:.1f}" for title, seconds in record.steps)
    return kinds.DRILLED.seen(f"drill/{record.key}", steps, now, Provenance.ATTESTED, record.title)


def drill_of(seen: Observation) -> Drill | None:
    """Read the record of a drill back; None when the observation is none, or was written by another version."""
    if seen.fact != kinds.DRILLED.name or not isinstance(seen.value, tuple):
        return None
    steps = []
    for line in seen.value:
        title, bar, seconds = line.rpartition(_BAR)
        try:
            steps.append((title, float(seconds)))
        except ValueError:
            return None
        if not bar:
            return None
    return Drill(seen.subject.removeprefix("drill/"), seen.note, seen.at, tuple(steps))
