"""The other devices of the desk: PCs, phones, cards. Nothing of them is visible from here but what is said."""

from __future__ import annotations

from cockpit.domain import kinds
from cockpit.domain.evidence import Provenance
from cockpit.domain.facts import FactsView
from cockpit.domain.plan import Plan
from cockpit.domain.register import Device, DeviceRole
from cockpit.domain.remedy import Remedy
from cockpit.domain.trust.factors import subject_of
from cockpit.domain.trust.points import Point, row_of, told
from cockpit.domain.trust.proofs import ProofState, better, looked_after, proof_of, words_of
from cockpit.domain.trust.remedies import LOOK_AFTER
from cockpit.domain.trust.row import TrustGroup, TrustRow
from cockpit.domain.words import listed

_WHAT_TO_LOOK_FOR = {
    DeviceRole.DESK_PC: "Go there: disk encrypted, screen locks, nothing for remote control. Then say so here.",
    DeviceRole.OTHER_PC: "Go there: disk encrypted, screen locks, nothing for remote control. Then say so here.",
    DeviceRole.PHONE: "Take it in your hand: it locks, it is charged, the app opens. Then say so here.",
    DeviceRole.CARD: "Look whether it lies where it should and its battery works. Then say so here.",
}


def device_rows(facts: FactsView, plan: Plan, now: float) -> tuple[TrustRow, ...]:
    """Return a row for every registered device but the PC the cockpit runs on, which has its own."""
    desk = next((one for one in plan.register.devices if one.role is DeviceRole.DESK_PC), None)
    return tuple(_row(facts, plan, one, now) for one in plan.register.devices if one is not desk)


def _row(facts: FactsView, plan: Plan, device: Device, now: float) -> TrustRow:
    """A factor that was proven on a device shows that the device is there; so does somebody who looked."""
    carried = [factor for factor in plan.register.factors if factor.device == device.name]
    proof = looked_after(facts, f"device/{device.name}", now)
    for factor in carried:
        proven = proof_of(facts, subject_of(factor), now)
        if proven.state is not ProofState.FAILED:
            proof = better(proof, proven)
    cure = Remedy(_WHAT_TO_LOOK_FOR[device.role], LOOK_AFTER, 2)
    points = [
        Point(
            proof.level,
            words_of(proof, now, "seen to work"),
            proof.provenance,
            proof.at,
            None if proof.state is ProofState.PROVEN else cure,
        )
    ]
    points += (
        [told(f"carries {listed([one.name for one in carried])}", Provenance.ATTESTED)] if carried else []
    )
    points += [told(device.note, Provenance.ATTESTED)] if device.note else []
    ends, ends_words = _access(facts, plan, device)
    return row_of(
        f"device/{device.name}",
        f"{device.name}, {device.role.value}",
        TrustGroup.OTHER_DEVICES,
        points,
        now,
        plan.zone,
        proven=proof.short,
        ends=ends,
        ends_words=ends_words,
    )


def _access(facts: FactsView, plan: Plan, device: Device) -> tuple[float | None, str]:
    """When the app on the only phone drops to looking. Of several phones nobody knows which was opened."""
    phones = [one for one in plan.register.devices if one.role is DeviceRole.PHONE]
    opened = facts.look(kinds.OPENED_AT, "mobile")
    if opened is None or phones != [device]:
        return None, ""
    return opened.value + plan.mobile_access, "trading access of the app"
