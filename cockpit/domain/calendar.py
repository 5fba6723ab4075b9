"""Times that come from calendars: the next open, and the next moment at which a session ends by rule."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from cockpit.domain import kinds
from cockpit.domain.facts import Facts
from cockpit.domain.plan import Plan, SessionEnd

VENUE_NAMES = {
    "XNYS": "NYSE",
    "XNAS": "NASDAQ",
    "CMES": "CME",
    "XCBF": "Cboe",
    "XLON": "LSE",
    "XFRA": "Xetra",
}


def venue_name(code: str) -> str:
    """Return the name traders use for a calendar code; the code itself when there is none."""
    return VENUE_NAMES.get(code, code)


def venues_of(plan: Plan) -> tuple[str, ...]:
    """Return every venue whose hours matter: those the desk works towards, and those of its flows."""
    return tuple(dict.fromkeys((*plan.venues, *(flow.venue for flow in plan.flows if flow.venue))))


def next_open(facts: Facts, plan: Plan, now: float) -> tuple[str, float] | None:
    """Return the plan's venue that opens next and when (UTC epoch seconds); None while nothing is known."""
    opens = []
    for venue in plan.venues:
        seen = facts.look(kinds.NEXT_OPEN, f"venue/{venue}")
        if seen is not None and seen.value > now:
            opens.append((seen.value, venue_name(venue)))
    if not opens:
        return None
    at, name = min(opens)
    return name, at


def next_turn(facts: Facts, plan: Plan, now: float) -> float | None:
    """Return when the first of the plan's venues opens or closes next (UTC epoch seconds).

    None when the calendar of one is not known, not fresh, or over: then it is to be read again.
    """
    turns = []
    for venue in plan.venues:
        for kind in (kinds.NEXT_OPEN, kinds.NEXT_CLOSE):
            seen = facts.fresh(kind, f"venue/{venue}", now)
            if seen is None or seen.value <= now:
                return None
            turns.append(seen.value)
    return min(turns, default=None)


class ForcedEnd(Struct, frozen=True):
    """A moment at which a session ends whether the trader likes it or not (UTC epoch seconds)."""

    title: str
    at: float
    source: str


def next_end(rule: SessionEnd, now: float) -> float:
    """Return the next moment after `now` at which `rule` strikes, in UTC epoch seconds.

    Days are counted in the rule's own zone, so a change of the clocks moves the instant and not the hour.
    """
    zone = ZoneInfo(rule.zone)
    today = datetime.fromtimestamp(now, zone).date()
    hour, minute = (int(part) for part in rule.at.split(":"))
    for ahead in range(9):
        day = today + timedelta(days=ahead)
        if rule.weekday >= 0 and day.weekday() != rule.weekday:
            continue
        at = datetime.combine(day, time(hour, minute), zone).timestamp()
        if at > now:
            return at
    raise ValueError(f"the rule {rule.key} strikes on no day of the week")


RESTART_TAKES = 15 * 60.0  # seconds after the planned time in which a closed door is the restart


def is_restarting(plan: Plan, now: float) -> bool:
    """Whether the time of TWS's planned restart was just now."""
    if not plan.restart_at:
        return False
    daily = SessionEnd("restart", "TWS restart", -1, plan.restart_at, plan.zone)
    return next_end(daily, now - RESTART_TAKES) <= now


def forced_ends(facts: Facts, plan: Plan, now: float) -> tuple[ForcedEnd, ...]:
    """Return the known ends of sessions ahead, soonest first."""
    ends = [
        ForcedEnd(rule.title, next_end(rule, now), f"{rule.source}, as of {rule.as_of}")
        for rule in plan.session_ends
    ]
    if plan.restart_at:
        daily = SessionEnd("restart", "TWS restart", -1, plan.restart_at, plan.zone)
        ends.append(ForcedEnd(daily.title, next_end(daily, now), "said by the desk"))
    return tuple(sorted(ends, key=lambda end: end.at))
