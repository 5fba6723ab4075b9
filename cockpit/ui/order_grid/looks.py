"""What a cell shows of its ladder: level, one word, and on what evidence."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from cockpit.domain.evidence import Provenance
from cockpit.domain.gates.gate import Gate, GateAnswer, Ladder
from cockpit.domain.gates.weighing import STRENGTH
from cockpit.domain.level import Level, worst
from cockpit.ui.text import discreet

SESSION_GATES = frozenset({Gate.IDENTITY, Gate.SECOND_FACTOR, Gate.DEVICE, Gate.SESSION})

_WORDS = {
    Gate.IDENTITY: "identity",
    Gate.SECOND_FACTOR: "second factor",
    Gate.DEVICE: "device",
    Gate.SESSION: "session",
    Gate.INTERFACE: "interface",
    Gate.ACCOUNT: "account",
    Gate.PERMISSION: "permission",
    Gate.ENTITY: "region",
    Gate.MARKET_DATA: "data",
    Gate.CONTRACT: "contract",
    Gate.PRECAUTIONS: "precautions",
}
LEVEL_WORDS = {
    Level.READY: "can",
    Level.LIMITED: "with care",
    Level.BLOCKED: "blocked",
    Level.UNKNOWN: "unknown",
}


class Border(StrEnum):
    """How the evidence of a cell is drawn."""

    MEASURED = "measured"  # solid
    SAID = "said or derived"  # dashed: the trader's word, or a rule of ours
    PUBLISHED = "published"  # dotted
    NONE = "no evidence"


_BORDERS = {
    Provenance.MEASURED: Border.MEASURED,
    Provenance.ATTESTED: Border.SAID,
    Provenance.INFERRED: Border.SAID,
    Provenance.PUBLISHED: Border.PUBLISHED,
    None: Border.NONE,
}


class Look(Struct, frozen=True, gc=False):
    """Everything a cell's picture depends on."""

    level: Level
    word: str
    border: Border


def counting(ladder: Ladder, *, capability_only: bool) -> tuple[GateAnswer, ...]:
    """Return the answers that count: without the first four gates when only the capability is asked for."""
    if not capability_only:
        return ladder.answers
    return tuple(answer for answer in ladder.answers if answer.gate not in SESSION_GATES)


def decisive(answers: tuple[GateAnswer, ...]) -> GateAnswer | None:
    """Return the answer that decides: the first block, else the first of the worst; None of none at all.

    Where all is well the cell stands on the interface's evidence, or on what was found out for this very contract
    where that is worth more.
    """
    if not answers:
        return None
    level = worst(answer.level for answer in answers)
    if level is Level.READY:
        stands_on = [answer for answer in answers if answer.gate in (Gate.INTERFACE, Gate.CONTRACT)]
        return min(stands_on, key=_weakness, default=answers[0])
    return next(answer for answer in answers if answer.level is level)


def _weakness(answer: GateAnswer) -> int:
    """Rank evidence, the strongest first; none is the weakest."""
    return STRENGTH[answer.provenance] if answer.provenance is not None else len(STRENGTH)


def look_of(ladder: Ladder, *, capability_only: bool = False) -> Look:
    """Return how a route looks in the grid."""
    answer = decisive(counting(ladder, capability_only=capability_only))
    if answer is None:
        return Look(Level.UNKNOWN, "", Border.NONE)
    word = "" if answer.level is Level.READY else _WORDS[answer.gate]
    if answer.level is Level.UNKNOWN and answer.gate is Gate.INTERFACE:
        word = "unpublished"
    return Look(answer.level, word, _BORDERS[answer.provenance])


def sentence_of(ladder: Ladder, title: str, column: str, *, capability_only: bool = False) -> str:
    """Say a cell to somebody who cannot see it: order, interface, level, gate, reason and evidence."""
    return f"{title}, {column}: {verdict_of(ladder, capability_only=capability_only)}"


def reason_of(ladder: Ladder, *, capability_only: bool = False) -> str:
    """Say the verdict of a route as short as a list needs it: level, gate in one word, reason, evidence."""
    answer = decisive(counting(ladder, capability_only=capability_only))
    if answer is None:
        return LEVEL_WORDS[Level.UNKNOWN]
    evidence = f" ({answer.provenance.value})" if answer.provenance is not None else ""
    where = "" if answer.level is Level.READY else f", {_WORDS[answer.gate]}"
    return f"{LEVEL_WORDS[answer.level]}{where}: {discreet(answer.sentence)}{evidence}"


def verdict_of(ladder: Ladder, *, capability_only: bool = False) -> str:
    """Say the verdict of a route: level, gate, reason, evidence."""
    answer = decisive(counting(ladder, capability_only=capability_only))
    if answer is None:
        return "unknown"
    evidence = f" ({answer.provenance.value})" if answer.provenance is not None else ""
    reason = discreet(answer.sentence)
    if answer.level is Level.READY:
        return f"can: {reason}{evidence}"
    return f"{LEVEL_WORDS[answer.level]} at {answer.gate.value}: {reason}{evidence}"
