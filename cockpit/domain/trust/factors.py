"""Second factors: how well each is proven, and whether there are two on different devices."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from cockpit.domain.catalogue import Playing
from cockpit.domain.evidence import Provenance
from cockpit.domain.facts import FactsView
from cockpit.domain.interface import Interface
from cockpit.domain.level import Level
from cockpit.domain.plan import Plan
from cockpit.domain.reference import AuthMethod
from cockpit.domain.register import DeviceRole, Factor, FactorKind, Register
from cockpit.domain.remedy import Remedy
from cockpit.domain.trust.points import Point, row_of, told, weakest
from cockpit.domain.trust.proofs import Proof, ProofState, proof_of, words_of
from cockpit.domain.trust.remedies import EDIT_REGISTER, PROVE_FACTOR
from cockpit.domain.trust.row import TrustGroup, TrustRow
from cockpit.domain.words import counted, listed

# The row of the catalogue that says what is published of each kind.
ROWS = {
    FactorKind.IB_KEY: "ib-key-seamless",
    FactorKind.CHALLENGE: "ib-key-challenge-response",
    FactorKind.AUTHENTICATOR: "mobile-authenticator-totp",
    FactorKind.SMS: "sms",
    FactorKind.CARD: "dsc-plus",
    FactorKind.PASSKEY: "passkeys",
}
PROVE_NOW = Remedy("Prove it now: sign in once with it, then say here that it worked.", PROVE_FACTOR, 2)
WANTED = 2  # proven factors; the broker lets several be active at once


class FactorsGauge(Struct, frozen=True):
    """How many factors are proven, and whether the loss of one device leaves another.

    `proven` and `claimed` are the names of factors; `devices` those of the devices of proven ones.
    """

    level: Level
    sentence: str
    proven: tuple[str, ...] = ()
    claimed: tuple[str, ...] = ()
    devices: tuple[str, ...] = ()
    provenance: Provenance | None = None
    at: float | None = None
    remedy: Remedy | None = None
    source: str = ""


def subject_of(factor: Factor) -> str:
    """Return the subject under which the proofs of a factor are kept."""
    return f"factor/{factor.name}"


def is_on_desk_pc(register: Register, factor: Factor) -> bool:
    """Whether the factor lives on a PC that signs in: then whoever has the PC has both factors."""
    return any(one.name == factor.device and one.role is DeviceRole.DESK_PC for one in register.devices)


def factor_rows(facts: FactsView, plan: Plan, catalogue: Playing, now: float) -> tuple[TrustRow, ...]:
    """Return a row for every registered factor."""
    return tuple(_row(facts, plan, catalogue, factor, now) for factor in plan.register.factors)


def _row(facts: FactsView, plan: Plan, catalogue: Playing, factor: Factor, now: float) -> TrustRow:
    proof = proof_of(facts, subject_of(factor), now)
    points = [
        Point(
            proof.level,
            f"{factor.kind.value}, {words_of(proof, now)}",
            proof.provenance,
            proof.at,
            None if proof.state is ProofState.PROVEN else PROVE_NOW,
        ),
        *_place(plan.register, factor),
        *_published(plan, catalogue.auth.get(ROWS[factor.kind])),
    ]
    return row_of(
        subject_of(factor),
        f"Second factor: {factor.name}",
        TrustGroup.SECOND_FACTOR,
        points,
        now,
        plan.zone,
        proven=proof.short,
        ends=proof.ends,
        ends_words="" if proof.ends is None else "to be proven again",
    )


def _place(register: Register, factor: Factor) -> list[Point]:
    """What the register says of where a factor lives."""
    said = Provenance.ATTESTED
    cure = Remedy("Say on which device it is.", EDIT_REGISTER)
    if not factor.device:
        return [Point(Level.LIMITED, "its device is not said", said, None, cure)]
    if all(one.name != factor.device for one in register.devices):
        return [Point(Level.LIMITED, f"its device {factor.device} is not registered", said, None, cure)]
    if _counts_for_nothing(register, factor):
        move = Remedy("Move it to a phone: on the PC that signs in, two factors become one.")
        return [
            Point(Level.LIMITED, "lies on the PC that signs in: two factors become one", said, None, move)
        ]
    return [told(f"on {factor.device}", said)]


def _published(plan: Plan, row: AuthMethod | None) -> list[Point]:
    """What the catalogue says of the kind; it explains and decides nothing."""
    if row is None:
        return []
    notes = []
    if row.recovery:
        notes.append(told(f"if it is lost: {row.recovery}", Provenance.PUBLISHED))
    if plan.sockets and row.interfaces and Interface.TWS_API not in row.interfaces:
        notes.append(told("not listed among the factors for an API sign-in", Provenance.PUBLISHED))
    return notes


def factors_gauge(facts: FactsView, plan: Plan, catalogue: Playing, now: float) -> FactorsGauge:
    """Say whether at least two factors are proven, on different devices.

    One on the PC that signs in counts for nothing beside the password that is typed there. That several may be
    active at once is the catalogue's row on several second factors.
    """
    register = plan.register
    rule = catalogue.auth.get("m2fs")
    source = "" if rule is None else rule.source
    if not register.factors:
        cure = Remedy("Register the factors TWS lists when it asks, then prove each once.", EDIT_REGISTER, 5)
        return FactorsGauge(Level.UNKNOWN, "No second factor is registered here", remedy=cure, source=source)
    proofs = [(factor, proof_of(facts, subject_of(factor), now)) for factor in register.factors]
    good = [
        (factor, proof)
        for factor, proof in proofs
        if proof.state is ProofState.PROVEN and not _counts_for_nothing(register, factor)
    ]
    devices = tuple(dict.fromkeys(factor.device for factor, _ in good if factor.device))
    level, sentence = _weigh([factor for factor, _ in good], devices, [proof for _, proof in proofs])
    names = tuple(factor.name for factor, _ in good)
    return FactorsGauge(
        level,
        sentence,
        names,
        tuple(factor.name for factor, _ in proofs if factor.name not in names),
        devices,
        weakest([proof.provenance for _, proof in good]),
        min((proof.at for _, proof in good if proof.at is not None), default=None),
        None if level is Level.READY else PROVE_NOW,
        source,
    )


def _counts_for_nothing(register: Register, factor: Factor) -> bool:
    return is_on_desk_pc(register, factor) and factor.kind is not FactorKind.PASSKEY


def _weigh(good: Sequence[Factor], devices: Sequence[str], proofs: Sequence[Proof]) -> tuple[Level, str]:
    if not good:
        if all(proof.state is ProofState.FAILED for proof in proofs):
            return Level.BLOCKED, "Every registered factor failed when it was last tried"
        return Level.UNKNOWN, f"None of {counted(len(proofs), 'factor')} is proven"
    names = listed([factor.name for factor in good])
    if len(good) < WANTED:
        return Level.LIMITED, f"Only one factor is proven: {names}. If it is lost, nothing proven is left"
    if len(devices) < WANTED:
        where = devices[0] if devices else "a device nobody named"
        return Level.LIMITED, f"{counted(len(good), 'factor')} proven, all on {where}: lost together"
    return Level.READY, f"{counted(len(good), 'factor')} proven on {counted(len(devices), 'device')}: {names}"
