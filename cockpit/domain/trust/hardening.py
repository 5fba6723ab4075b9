"""The list of weaknesses, worst first, and how far the desk is with the four-step rule."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from cockpit.domain import kinds
from cockpit.domain.catalogue import Playing
from cockpit.domain.evidence import MOST_AHEAD, Provenance
from cockpit.domain.facts import FactsView
from cockpit.domain.level import Level
from cockpit.domain.plan import Plan
from cockpit.domain.register import FactorKind
from cockpit.domain.remedy import Remedy
from cockpit.domain.trust.factors import factors_gauge
from cockpit.domain.trust.findings import credential_findings
from cockpit.domain.trust.playbook_gaps import playbook_gaps
from cockpit.domain.trust.proofs import PROOF_HOLDS
from cockpit.domain.trust.remedies import EDIT_REGISTER, LOOK_AGAIN, WALK_DRILL
from cockpit.domain.trust.row import Step, TrustRow, Weakness
from cockpit.domain.trust.rows import trust_rows
from cockpit.domain.trust.sign_in import lockout

# The companies that are said to demand passkeys, and the catalogue's row on each.
PASSKEY_ROWS = {"ibsj": "passkey-mandate-japan", "ibhk": "passkey-mandate-hong-kong"}


class StepProgress(Struct, frozen=True):
    """How far the desk is with one of the four steps: `done` of `total`, and what is next."""

    step: Step
    done: int
    total: int
    level: Level
    sentence: str


def weaknesses(facts: FactsView, plan: Plan, catalogue: Playing, now: float) -> tuple[Weakness, ...]:
    """Return everything that makes the desk weaker than need be: not accepted ones first, each group worst first.

    An accepted weakness stays listed with its date; accepting changes neither its level nor any other answer.
    """
    found = [
        _of_row(row, now) for row in trust_rows(facts, plan, catalogue, now) if row.level is not Level.READY
    ]
    found += _of_gauges(facts, plan, catalogue, now)
    found += credential_findings(facts, plan, now)
    found += _of_company(facts, plan, catalogue, now)
    found += playbook_gaps(plan, now)
    found += _of_drills(facts, catalogue, now)
    dated = [replace(one, accepted_at=accepted_at(facts, one.key, now)) for one in found]
    return tuple(sorted(dated, key=lambda one: (one.accepted_at is not None, -one.level.rank)))


def accepted_at(facts: FactsView, key: str, now: float) -> float | None:
    """Return when the desk accepted a weakness (UTC epoch seconds); None when it did not, or took it back.

    After a year nobody remembers: then it counts as not accepted.
    """
    seen = facts.fresh(kinds.ACCEPTED, f"weakness/{key}", now)
    return seen.value if seen is not None and 0 < seen.value <= now + MOST_AHEAD else None


def _of_row(row: TrustRow, now: float) -> Weakness:
    return Weakness(
        row.key,
        row.title,
        row.level,
        row.sentence,
        Step.HARDEN,
        row.remedy or LOOK_AGAIN,
        row.provenance or Provenance.INFERRED,
        row.at if row.at is not None else now,
        source="rule: device trust",
    )


def _of_gauges(facts: FactsView, plan: Plan, catalogue: Playing, now: float) -> list[Weakness]:
    found = []
    gauge = factors_gauge(facts, plan, catalogue, now)
    if gauge.level is not Level.READY and gauge.remedy is not None:
        found.append(
            Weakness(
                "factors",
                "Fewer than two proven factors on different devices",
                gauge.level,
                gauge.sentence,
                Step.HARDEN,
                gauge.remedy,
                gauge.provenance or Provenance.INFERRED,
                gauge.at if gauge.at is not None else now,
                source=gauge.source,
            )
        )
    lock = lockout(facts, plan, catalogue, now)
    if lock.level is not Level.READY and lock.remedy is not None:
        found.append(
            Weakness(
                "lockout",
                "Failed sign-ins",
                lock.level,
                lock.sentence,
                Step.HARDEN,
                lock.remedy,
                lock.provenance or Provenance.INFERRED,
                lock.at if lock.at is not None else now,
                source=lock.source,
            )
        )
    return found


def _of_company(facts: FactsView, plan: Plan, catalogue: Playing, now: float) -> list[Weakness]:
    """A passkey where the broker's company is said to demand one; the rows of the catalogue say how sure that is."""
    words = [plan.register.entity]
    words += [seen.value for one in facts.subjects(kinds.ENTITY) if (seen := facts.look(kinds.ENTITY, one))]
    companies = [catalogue.entities.get(word) or catalogue.entity(word) for word in words if word]
    if any(factor.kind is FactorKind.PASSKEY for factor in plan.register.factors):
        return []
    found = {}
    for company in companies:
        row = catalogue.auth.get(PASSKEY_ROWS.get(company.key, "")) if company is not None else None
        if row is not None:
            found[row.key] = Weakness(
                row.key,
                row.title,
                Level.LIMITED,
                f"{row.sentence} No passkey is registered here",
                Step.HARDEN,
                Remedy(
                    "Enrol a passkey while the other factors still work, and register it.", EDIT_REGISTER, 10
                ),
                Provenance.INFERRED,
                now,
                source=row.source,
            )
    return list(found.values())


def walked_at(facts: FactsView, key: str) -> float | None:
    """Return when a drill was last walked (UTC epoch seconds); None when never."""
    seen = facts.look(kinds.DRILLED, f"drill/{key}")
    return None if seen is None else seen.at


def _is_walked(facts: FactsView, key: str, now: float) -> bool:
    at = walked_at(facts, key)
    return at is not None and -MOST_AHEAD <= now - at <= PROOF_HOLDS


def _of_drills(facts: FactsView, catalogue: Playing, now: float) -> list[Weakness]:
    found = []
    for drill in catalogue.drills.values():
        if _is_walked(facts, drill.key, now):
            continue
        at = walked_at(facts, drill.key)
        never = at is None
        found.append(
            Weakness(
                f"drill/{drill.key}",
                f"Drill: {drill.title}",
                Level.UNKNOWN if never else Level.LIMITED,
                "Nobody has walked it through here" if never else "Walked through too long ago to count",
                Step.REHEARSE,
                Remedy("Walk it through once, against the clock.", WALK_DRILL, 5),
                Provenance.INFERRED if at is None else Provenance.ATTESTED,
                now if at is None else at,
                source=drill.source,
            )
        )
    return found


def steps(facts: FactsView, plan: Plan, catalogue: Playing, now: float) -> tuple[StepProgress, ...]:
    """Return how far the desk is with each of the four steps, in their order. What is accepted counts as open."""
    found = weaknesses(facts, plan, catalogue, now)
    open_at = {step: [one for one in found if one.step is step] for step in Step}
    totals = {
        Step.OBJECTIVE: len(plan.flows),
        Step.INTERFACE: len(plan.flows),
        Step.HARDEN: _hardenings(facts, plan, catalogue, now),
        Step.REHEARSE: len(catalogue.drills),
    }
    return tuple(_progress(step, open_at[step], totals[step]) for step in Step)


def _hardenings(facts: FactsView, plan: Plan, catalogue: Playing, now: float) -> int:
    """How many things there are to harden: every line of the list, the two gauges, every credential."""
    return len(trust_rows(facts, plan, catalogue, now)) + 2 + len(plan.register.credentials)


def _progress(step: Step, left: list[Weakness], total: int) -> StepProgress:
    done = max(0, total - len({one.key for one in left}))
    if not total:
        return StepProgress(step, 0, 0, Level.UNKNOWN, left[0].sentence if left else "Nothing to do is known")
    if not left:
        return StepProgress(step, total, total, Level.READY, "Done")
    first = left[0]
    if first.accepted_at is not None:
        return StepProgress(step, done, total, first.level, "Only what the desk accepted is left")
    return StepProgress(step, done, total, first.level, f"Next: {first.title}")
