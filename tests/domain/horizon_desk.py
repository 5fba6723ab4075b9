"""A desk for tests of the horizon: fixed dates, hours of venues written by hand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from cockpit.domain import kinds
from cockpit.domain.catalogue import Playing
from cockpit.domain.evidence import Observation, Provenance
from cockpit.domain.facts import Facts, fold
from cockpit.domain.horizon import HorizonEvent
from cockpit.domain.horizon_events import horizon
from cockpit.domain.interface import Interface
from cockpit.domain.plan import Flow, Plan, SessionEnd
from cockpit.domain.venue_days import TradingSession, sessions_as_text

NEW_YORK = "America/New_York"
DAY = 86400.0
WEEKLY = SessionEnd(
    "weekly-token",
    "Weekly token ends",
    6,
    "01:00",
    NEW_YORK,
    "the broker's guide",
    "2026-10",
    (Interface.TWS, Interface.TWS_API),
    "The next start needs the second factor.",
)
FLOW = Flow("leg", "Move a leg", venue="XNYS")
PLAN = Plan(portal=None, flows=(FLOW,), restart_at="23:45", session_ends=(WEEKLY,))


def at(text: str, zone: str = NEW_YORK) -> float:
    """Return an instant from a local time, such as `2026-11-06 08:30`."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()


NOW = at("2026-11-06 08:30")  # a Friday


def session(day: str, opens: str = "09:30", closes: str = "16:00", zone: str = NEW_YORK) -> TradingSession:
    return TradingSession(at(f"{day} {opens}", zone), at(f"{day} {closes}", zone))


WEEK = tuple(session(f"2026-11-{day:02d}") for day in (6, 9, 10, 11, 12, 13, 16, 17, 18, 19, 20))


def hours(sessions: Iterable[TradingSession], venue: str = "XNYS", now: float = NOW) -> Observation:
    """Say a venue's sessions as the calendar does."""
    return kinds.SESSIONS_AHEAD.seen(
        f"venue/{venue}", sessions_as_text(sessions), now, Provenance.PUBLISHED, "made up"
    )


def line(
    *seen: Observation,
    plan: Plan = PLAN,
    catalogue: Playing | None = None,
    now: float = NOW,
    days: float = 7,
) -> tuple[HorizonEvent, ...]:
    """Return the horizon of a desk on which only `seen` is known, besides the hours of New York."""
    return horizon(fold(Facts(), [hours(WEEK, now=now), *seen]), plan, catalogue or Playing(), now, days)


def of(events: Iterable[HorizonEvent], series: str) -> tuple[HorizonEvent, ...]:
    """Return the events of one clock."""
    return tuple(event for event in events if event.series == series)
