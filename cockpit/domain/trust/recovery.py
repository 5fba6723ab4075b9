"""Ways back in when the usual factor is gone: proven, claimed or expired, each with its clock."""

from __future__ import annotations

from msgspec import Struct

from cockpit.domain import kinds
from cockpit.domain.catalogue import Playing
from cockpit.domain.evidence import MOST_AHEAD, Provenance
from cockpit.domain.facts import FactsView
from cockpit.domain.level import Level
from cockpit.domain.plan import Plan
from cockpit.domain.reference import AuthMethod
from cockpit.domain.register import RecoveryKind, RecoveryPath
from cockpit.domain.remedy import Remedy
from cockpit.domain.trust.factors import subject_of
from cockpit.domain.trust.points import Point, row_of, told
from cockpit.domain.trust.proofs import Proof, ProofState, better, looked_after, proof_of, words_of
from cockpit.domain.trust.remedies import LOOK_AFTER, PRINT_RUNBOOK, PROVE_RECOVERY
from cockpit.domain.trust.row import TrustGroup, TrustRow
from cockpit.domain.words import moment, span, zone_letters

# The row of the catalogue that says what is published of each kind.
ROWS = {
    RecoveryKind.SECOND_DEVICE: "m2fs",
    RecoveryKind.PHONE_NUMBER: "sms",
    RecoveryKind.CHALLENGE: "ib-key-challenge-response",
    RecoveryKind.TEMPORARY_CODE: "temporary-code",
    RecoveryKind.ONLINE_CARD: "online-code-card",
    RecoveryKind.CARD: "dsc-plus",
    RecoveryKind.DESK_PHONE: "lost-device-phone",
}
# What lies somewhere, so that it matters when somebody last looked.
_THINGS = (RecoveryKind.CARD, RecoveryKind.ONLINE_CARD, RecoveryKind.SECOND_DEVICE)
_ISSUED = (RecoveryKind.TEMPORARY_CODE, RecoveryKind.ONLINE_CARD)
_RUNBOOK = Remedy("Print the runbook, and put it where you find it without this PC.", PRINT_RUNBOOK, 1)


class Clock(Struct, frozen=True):
    """How far something that was issued for a time has run (UTC epoch seconds).

    `level`: ready while everything works with it, limited while only a part does, blocked when it has run out.
    """

    level: Level
    words: str
    issued: float
    ends: float
    provenance: Provenance


def subject_of_path(path: RecoveryPath) -> str:
    """Return the subject under which the facts about a way back are kept."""
    return f"recovery/{path.name}"


def issued_clock(facts: FactsView, path: RecoveryPath, row: AuthMethod | None, now: float) -> Clock | None:
    """Return the clock of a temporary code or an online card; None when none is issued or nothing is published.

    The stages are those of the catalogue's row; the second one of a code leaves Client Portal only.
    """
    seen = facts.look(kinds.ISSUED, subject_of_path(path))
    if path.kind not in _ISSUED or seen is None or seen.value <= 0 or row is None or not row.seconds:
        return None
    if seen.value > now + MOST_AHEAD:
        return None  # a clock was wrong when it was said
    stages = [seen.value + seconds for seconds in row.seconds]
    if now < stages[0]:
        words = f"works everywhere but at an API for another {span(stages[0] - now)}"
        return Clock(Level.READY, words, seen.value, stages[0], seen.provenance)
    if now < stages[-1]:
        words = f"opens Client Portal only, for another {span(stages[-1] - now)}"
        return Clock(Level.LIMITED, words, seen.value, stages[-1], seen.provenance)
    return Clock(Level.BLOCKED, "has run out", seen.value, stages[-1], seen.provenance)


def proof_of_path(facts: FactsView, plan: Plan, path: RecoveryPath, now: float) -> Proof:
    """Return how well a way back is proven; a factor proven on its device proves a second device too."""
    proof = proof_of(facts, subject_of_path(path), now)
    if path.kind is not RecoveryKind.SECOND_DEVICE or proof.state is ProofState.FAILED:
        return proof
    for factor in plan.register.factors:
        if path.device and factor.device == path.device:
            proof = better(proof, proof_of(facts, subject_of(factor), now))
    return proof


def recovery_rows(facts: FactsView, plan: Plan, catalogue: Playing, now: float) -> tuple[TrustRow, ...]:
    """Return a row for every registered way back; one that says so when there is none."""
    if not plan.register.recovery:
        cure = Remedy("Register how you get back in: second device, number on file, card, the desk's phone.")
        nothing = Point(Level.UNKNOWN, "no way back in is registered for a lost phone", remedy=cure)
        return (
            row_of("recovery", "Recovery", TrustGroup.RECOVERY, [nothing], now, plan.zone, calm=_RUNBOOK),
        )
    return tuple(_row(facts, plan, catalogue, path, now) for path in plan.register.recovery)


def _row(facts: FactsView, plan: Plan, catalogue: Playing, path: RecoveryPath, now: float) -> TrustRow:
    published = catalogue.auth.get(ROWS[path.kind])
    proof = proof_of_path(facts, plan, path, now)
    clock = issued_clock(facts, path, published, now)
    points = [_proof_point(proof, now)]
    ends, ends_words = proof.ends, "" if proof.ends is None else "to be proven again"
    if clock is not None:
        when = f"issued {moment(clock.issued, now, plan.zone)} {zone_letters(clock.issued, plan.zone)}"
        points.append(
            Point(clock.level, f"{clock.words}, {when}", clock.provenance, clock.issued, _after(clock))
        )
        ends, ends_words = clock.ends, "expired" if clock.level is Level.BLOCKED else ""
    if path.kind in _THINGS:
        points.append(_place_point(facts, path, now))
    elif path.where:
        points.append(told(f"noted: {path.where}", Provenance.ATTESTED))
    if published is not None:
        limits = [published.sentence, published.window, published.notes]
        points += [told(one, Provenance.PUBLISHED) for one in limits if one]
    return row_of(
        subject_of_path(path),
        f"Recovery: {path.name}",
        TrustGroup.RECOVERY,
        points,
        now,
        plan.zone,
        proven=proof.short,
        ends=ends,
        ends_words=ends_words,
        calm=_RUNBOOK,
    )


def _proof_point(proof: Proof, now: float) -> Point:
    cure = Remedy("Walk it through once without need, then say here that it worked.", PROVE_RECOVERY, 10)
    words = words_of(proof, now)
    if proof.state is ProofState.PROVEN:
        return Point(proof.level, words, proof.provenance, proof.at)
    return Point(proof.level, words, proof.provenance, proof.at, cure)


def _after(clock: Clock) -> Remedy | None:
    if clock.level is Level.READY:
        return None
    return Remedy(
        "Get a lasting factor now: activate IB Key or order a card; a code is not given twice in a row."
    )


def _place_point(facts: FactsView, path: RecoveryPath, now: float) -> Point:
    """Codes are never kept: where they lie is, and when somebody last looked."""
    place = f"lies {path.where}" if path.where else "nobody said where it lies"
    seen = looked_after(facts, subject_of_path(path), now)
    cure = Remedy("Look whether it is there, then say so here.", LOOK_AFTER, 2)
    level = seen.level if path.where else Level.UNKNOWN
    words = f"{place}, {words_of(seen, now, 'looked after')}"
    return Point(level, words, seen.provenance, seen.at, None if level is Level.READY else cure)
