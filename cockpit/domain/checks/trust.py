"""Sign-in horizon, second half: failed sign-ins, two proven factors, the ages of credentials. Read, never asked."""

from __future__ import annotations

from cockpit.domain.checks.answers import Target, not_tested
from cockpit.domain.facts import Facts
from cockpit.domain.level import Level, worst
from cockpit.domain.plan import Plan
from cockpit.domain.readiness import Finding
from cockpit.domain.trust.credentials import credential_rows
from cockpit.domain.trust.factors import factors_gauge
from cockpit.domain.trust.sign_in import lockout
from cockpit.domain.words import counted


def factors(facts: Facts, plan: Plan, target: Target, now: float) -> Finding:
    """Are two second factors proven, on different devices."""
    if not plan.register.factors:
        return not_tested("no second factor is registered")
    gauge = factors_gauge(facts, plan, target.catalogue, now)
    return Finding(gauge.level, gauge.sentence, gauge.provenance, gauge.at)


def failures(facts: Facts, plan: Plan, target: Target, now: float) -> Finding:
    """How near is the lock that too many failed sign-ins bring."""
    found = lockout(facts, plan, target.catalogue, now)
    if not found.attempts and found.level is Level.UNKNOWN:
        return not_tested("no launcher's log is named and nobody has said that one failed")
    newest = max((attempt.at for attempt in found.attempts), default=None)
    return Finding(found.level, found.sentence, found.provenance, newest, None, found.remedy)


def credentials(facts: Facts, plan: Plan, target: Target, now: float) -> Finding:
    """Is a key or token older than its rule, or about to end."""
    rows = credential_rows(facts, plan, now)
    if not rows:
        return not_tested("no programmatic access is registered")
    against = [row for row in rows if row.level in (Level.BLOCKED, Level.LIMITED)]
    if against:
        first = max(against, key=lambda row: row.level.rank)
        return Finding(first.level, f"{first.credential.name}: {first.sentence}")
    level = worst(row.level for row in rows)
    return Finding(level, f"{counted(len(rows), 'credential')}, none of them due")
