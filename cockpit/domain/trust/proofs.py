"""When a factor or a way back was last proven, and how long that holds."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from cockpit.domain import kinds
from cockpit.domain.evidence import MOST_AHEAD, Kind, Provenance
from cockpit.domain.facts import FactsView
from cockpit.domain.kinds import DAY
from cockpit.domain.level import Level

PROOF_HOLDS = 90 * DAY  # seconds; our own rule: once a quarter, as with a fire drill


class ProofState(StrEnum):
    """How well something is proven."""

    PROVEN = "proven"
    OLD = "proven long ago"
    CLAIMED = "claimed"
    FAILED = "failed"


_LEVELS = {
    ProofState.PROVEN: Level.READY,
    ProofState.OLD: Level.LIMITED,
    ProofState.CLAIMED: Level.UNKNOWN,
    ProofState.FAILED: Level.BLOCKED,
}


class Proof(Struct, frozen=True):
    """How well something is proven; `at` is when (UTC epoch seconds), None when it never was."""

    state: ProofState
    at: float | None = None
    provenance: Provenance | None = None

    @property
    def level(self) -> Level:
        """What the proof is worth: a claim alone is worth nothing."""
        return _LEVELS[self.state]

    @property
    def short(self) -> str:
        """What a column says beside the age: `never`, `failed`, nothing."""
        if self.state is ProofState.FAILED:
            return "failed"
        return "never" if self.at is None else ""

    @property
    def ends(self) -> float | None:
        """When it is to be proven again (UTC epoch seconds); None when it never was."""
        return self.at + PROOF_HOLDS if self.at is not None and self.state is not ProofState.FAILED else None


def proof_of(facts: FactsView, subject: str, now: float) -> Proof:
    """Read the newest proof of `subject`, such as `factor/<name>`."""
    seen = facts.look(kinds.PROVEN, subject)
    if seen is None:
        return Proof(ProofState.CLAIMED)
    if seen.is_fresh(now) and seen.value <= 0:
        return Proof(ProofState.FAILED, seen.at, seen.provenance)
    return _dated(facts, kinds.PROVEN, subject, now)


def looked_after(facts: FactsView, subject: str, now: float) -> Proof:
    """Read when somebody last checked that `subject` lies where it should, as a proof of that."""
    return _dated(facts, kinds.LOOKED_AFTER, subject, now)


def better(one: Proof, other: Proof) -> Proof:
    """Return the proof that is worth more, of equals the newer."""
    return min(one, other, key=lambda proof: (proof.level.rank, -(proof.at or 0.0)))


def words_of(proof: Proof, now: float, done: str = "proven") -> str:
    """Say how well it is proven: `proven 12 d ago`, `claimed but never proven here`."""
    if proof.at is None:
        return f"claimed but never {done} here"
    if proof.state is ProofState.FAILED:
        return f"failed {_ago(proof.at, now)}"
    if proof.state is ProofState.CLAIMED:
        return f"last {done} {_ago(proof.at, now)}: too long to count"
    return f"{done if proof.state is ProofState.PROVEN else f'last {done}'} {_ago(proof.at, now)}"


def _dated(facts: FactsView, kind: Kind[float], subject: str, now: float) -> Proof:
    seen = facts.look(kind, subject)
    if seen is None or seen.value <= 0:
        return Proof(ProofState.CLAIMED)
    if not seen.is_fresh(now) or now - seen.value > kind.fresh_for:
        return Proof(ProofState.CLAIMED, seen.value, seen.provenance)
    if seen.value > now + MOST_AHEAD:
        return Proof(ProofState.CLAIMED)  # a clock was wrong when it was said
    state = ProofState.PROVEN if now - seen.value <= PROOF_HOLDS else ProofState.OLD
    return Proof(state, seen.value, seen.provenance)


def _ago(at: float, now: float) -> str:
    """Say an age in whole days, so that a row stays the same for a day."""
    days = int(max(0.0, now - at) // DAY)
    return "today" if days == 0 else f"{days} d ago"
