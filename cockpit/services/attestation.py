"""The trader's word as observations: what is offered, held, requested; and the records of drills."""

from __future__ import annotations

from typing import TypeAlias

from cockpit.domain import kinds
from cockpit.domain.evidence import Observation, Provenance
from cockpit.services.intents import (
    AcceptWeakness,
    KeepDrill,
    SayFailedSignIn,
    SayHeld,
    SayIssued,
    SayLookedAfter,
    SayOffered,
    SayProven,
    SayRequested,
    SayUsed,
)
from cockpit.services.state import Drill

_BAR = " | "


Word: TypeAlias = (
    SayOffered
    | SayHeld
    | SayRequested
    | SayProven
    | SayLookedAfter
    | SayIssued
    | SayUsed
    | AcceptWeakness
    | SayFailedSignIn
)


def attested(word: Word, now: float) -> Observation:
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
        case SayProven():
            moment = now if word.has_worked else 0.0
            return kinds.PROVEN.seen(word.subject, moment, now, Provenance.ATTESTED)
        case SayLookedAfter():
            return kinds.LOOKED_AFTER.seen(word.subject, now, now, Provenance.ATTESTED)
        case SayIssued():
            return kinds.ISSUED.seen(word.subject, word.at, now, Provenance.ATTESTED)
        case SayUsed():
            return kinds.USED.seen(f"credential/{word.credential}", now, now, Provenance.ATTESTED)
        case AcceptWeakness():
            moment = now if word.is_accepted else 0.0
            return kinds.ACCEPTED.seen(f"weakness/{word.key}", moment, now, Provenance.ATTESTED)
        case SayFailedSignIn():
            subject = f"signin/said/{now:.0f}"  # each one counts: no two share a subject
            return kinds.SIGN_IN_FAILED.seen(subject, now, now, Provenance.ATTESTED, word.where)


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
