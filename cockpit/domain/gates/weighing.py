"""How a gate weighs what speaks about it: the strongest evidence wins, and among equals the worst."""

from __future__ import annotations

import math
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from cockpit.domain.evidence import Provenance, Seen, V
from cockpit.domain.gates.gate import Gate, GateAnswer
from cockpit.domain.level import Level
from cockpit.domain.remedy import Remedy

STRENGTH = {provenance: strength for strength, provenance in enumerate(Provenance)}  # strongest first

RUN_CHECK = Remedy("Run the check again: it asks the broker.", "run-check")
REHEARSE = Remedy("Rehearse the ticket: the broker's preview has the last word.", "rehearse")


class Voice(Struct, frozen=True):
    """One piece of evidence on a gate: what it says, and how much it is worth.

    `is_open` is false for what is too old to count. Good news that is too old is no news; bad news that is too old
    still keeps the gate from being called open.
    """

    level: Level
    sentence: str
    provenance: Provenance
    at: float | None = None
    until: float = math.inf
    source: str = ""
    remedy: Remedy | None = None
    quote: str = ""
    is_open: bool = True
    is_old_news: bool = False  # a day-old statement next to a live answer: heard only if nothing live speaks


def voice(
    level: Level,
    sentence: str,
    seen: Seen[V],
    now: float,
    source: str,
    remedy: Remedy | None = None,
    *,
    quote: str = "",
    inferred: bool = False,
    is_old_news: bool = False,
) -> Voice:
    """Let an observation speak. `inferred`: it was made elsewhere and is carried over."""
    provenance = seen.provenance
    if inferred and STRENGTH[provenance] < STRENGTH[Provenance.INFERRED]:
        provenance = Provenance.INFERRED
    return Voice(
        level,
        sentence,
        provenance,
        seen.at,
        seen.at + seen.fresh_for,
        source,
        remedy,
        quote,
        seen.is_fresh(now),
        is_old_news,
    )


def published(
    level: Level, sentence: str, source: str, remedy: Remedy | None = None, quote: str = ""
) -> Voice:
    """Let what the broker publishes speak; it has no age."""
    return Voice(level, sentence, Provenance.PUBLISHED, source=source, remedy=remedy, quote=quote)


def inferred(level: Level, sentence: str, source: str, remedy: Remedy | None = None) -> Voice:
    """Let a rule speak that rests on no single observation; `source` names it."""
    return Voice(level, sentence, Provenance.INFERRED, source=source, remedy=remedy)


def weigh(gate: Gate, voices: Sequence[Voice], silence: str, remedy: Remedy | None = RUN_CHECK) -> GateAnswer:
    """Return the gate's answer: the worst of the strongest voices; when nobody speaks, unknown with `silence`."""
    said: Voice | None = None
    best, until = (len(STRENGTH), True), math.inf
    for spoken in voices:
        if not spoken.is_open and spoken.level is Level.READY:
            continue
        one = _aged(spoken)
        standing = _standing(one)
        if said is None or standing < best or (standing == best and one.level.rank > said.level.rank):
            said, best, until = one, standing, one.until
        elif standing == best and one.level is said.level and one.until < until:
            until = one.until
    if said is None:
        return GateAnswer(gate, Level.UNKNOWN, silence, remedy=remedy)
    return GateAnswer(
        gate,
        said.level,
        said.sentence,
        said.provenance,
        said.at,
        until,
        said.source,
        said.remedy,
        said.quote,
    )


def _standing(one: Voice) -> tuple[int, bool]:
    return STRENGTH[one.provenance], one.is_old_news


def _aged(one: Voice) -> Voice:
    """Bad news past its time: it may still be so, nobody knows."""
    if one.is_open:
        return one
    return Voice(
        Level.UNKNOWN,
        f"Not looked at since: {one.sentence}",
        one.provenance,
        one.at,
        one.until,
        one.source,
        RUN_CHECK,
        one.quote,
        True,
        one.is_old_news,
    )


def hardest(answers: Sequence[GateAnswer]) -> GateAnswer:
    """Return the worst of several parts of one gate, the first of equals; it holds as long as the shortest of them."""
    worst = max(answer.level.rank for answer in answers)
    said = [one for one in answers if one.level.rank == worst]
    until = min(one.until for one in said)
    return said[0] if said[0].until == until else replace(said[0], until=until)
