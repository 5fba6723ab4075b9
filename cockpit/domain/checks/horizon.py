"""Sign-in horizon: what ends by rule in trading hours. These lines advise."""

from __future__ import annotations

from cockpit.domain import kinds
from cockpit.domain.calendar import forced_ends
from cockpit.domain.checks.answers import Target, found, unknown
from cockpit.domain.evidence import Provenance
from cockpit.domain.facts import Facts
from cockpit.domain.level import Level
from cockpit.domain.plan import Plan
from cockpit.domain.readiness import Finding
from cockpit.domain.remedy import Remedy
from cockpit.domain.socket_session import program_subject
from cockpit.domain.words import moment, span, zone_letters


def next_end(facts: Facts, plan: Plan, target: Target, now: float) -> Finding:
    """Does a session end by rule while a venue of the plan is open."""
    sessions = [
        (opens.value if opens.value < closes.value else now, closes.value)
        for venue in plan.venues
        if (closes := facts.fresh(kinds.NEXT_CLOSE, f"venue/{venue}", now)) is not None
        and (opens := facts.fresh(kinds.NEXT_OPEN, f"venue/{venue}", now)) is not None
        and closes.value > now
    ]
    ends = forced_ends(facts, plan, now)
    if not ends:
        return unknown("No end of a session is known", None)
    inside = [end for end in ends if any(opens <= end.at < closes for opens, closes in sessions)]
    first = (inside or ends)[0]
    zone = zone_letters(first.at, plan.zone)
    answer = f"{first.title} {moment(first.at, now, plan.zone)} {zone}, in {span(first.at - now)}"
    if inside:
        cure = Remedy(f"Plan for it: {first.title} falls into trading hours.")
        diagnosis = "session-ends-in-trading-hours"
        return Finding(Level.LIMITED, answer, Provenance.PUBLISHED, now, None, cure, diagnosis, first.source)
    if sessions:
        until = max(closes for _, closes in sessions)
        answer = f"None in trading hours until {moment(until, now, plan.zone)} {zone}"
        detail = f"Next: {first.title} {moment(first.at, now, plan.zone)}. {first.source}"
        return Finding(Level.READY, answer, Provenance.PUBLISHED, now, detail=detail)
    return Finding(Level.READY, answer, Provenance.PUBLISHED, now, detail=first.source)


def weekly(facts: Facts, plan: Plan, target: Target, now: float) -> Finding:
    """When the weekly token ends and the second factor is asked for again."""
    weekly_ends = [end for end in forced_ends(facts, plan, now) if end.at - now < 8 * kinds.DAY]
    for rule in plan.session_ends:
        if rule.weekday >= 0:
            at = next(end.at for end in weekly_ends if end.title == rule.title)
            left = at - now
            answer = f"Ends {moment(at, now, plan.zone)} {zone_letters(at, plan.zone)}, in {span(left)}"
            detail = f"{rule.source}, as of {rule.as_of}"
            if left < kinds.DAY:
                cure = Remedy("Plan a full sign-in with second factor after it, before the next open.")
                return Finding(
                    Level.LIMITED, answer, Provenance.PUBLISHED, now, None, cure, "weekly-token", detail
                )
            return Finding(Level.READY, answer, Provenance.PUBLISHED, now, detail=detail)
    return unknown("No weekly end in the catalogue", None)


def restart_token(facts: Facts, plan: Plan, target: Target, now: float) -> Finding:
    """Is the file there that lets tonight's restart go without second factor."""
    socket = target.the_socket()
    seen = facts.fresh(kinds.RESTART_TOKEN, program_subject(socket.program), now)
    if seen is None:
        return unknown(
            "Settings folder not read", Remedy("Name TWS's settings folder in the settings.", "open-settings")
        )
    if seen.value:
        return found(Level.READY, "Restart token present", seen)
    return found(Level.READY, "No restart token: the next start is a full sign-in", seen)
