"""Every clock that can hurt, on one line: what runs out when, whom it hits, and where it could be moved."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from cockpit.domain.catalogue import Playing
from cockpit.domain.facts import FactsView
from cockpit.domain.horizon import HorizonEvent
from cockpit.domain.horizon_events import credentials, data, factors, market, resets, restarts, sessions
from cockpit.domain.horizon_events.advice import Hours
from cockpit.domain.horizon_events.collisions import mark
from cockpit.domain.horizon_events.hours import busy_of, edges_of
from cockpit.domain.horizon_events.outlook import DAY, Outlook
from cockpit.domain.plan import Plan

Clock = Callable[[Outlook], Iterable[HorizonEvent]]

CLOCKS: tuple[Clock, ...] = (
    sessions.portal_sign_in,
    sessions.live_session_token,
    sessions.ends_for_everybody,
    restarts.restarts,
    restarts.missed_restarts,
    resets.resets,
    factors.mobile_access,
    factors.temporary_codes,
    factors.online_cards,
    credentials.rotations,
    credentials.ends,
    credentials.certificates,
    data.idle_users,
    data.non_professional,
    market.early_closes,
    market.closed_days,
    market.zones_apart,
    market.own_clock_changes,
)


def horizon(
    facts: FactsView, plan: Plan, catalogue: Playing, now: float, days: float
) -> tuple[HorizonEvent, ...]:
    """Return what runs out within `days` of `now` (UTC epoch seconds), soonest first.

    What has run out already and still matters comes before. No clock is made up: one of which nothing is known is
    not on the line but among `missing_clocks`. Builds that the broker stops supporting are not on it, because no
    date of one is published in a way that could be read.
    """
    outlook = Outlook(facts, plan, catalogue, now, now + days * DAY)
    events = (event for clock in CLOCKS for event in clock(outlook))
    seen = sorted((event for event in events if event.at < outlook.until), key=lambda one: (one.at, one.key))
    hours = Hours(
        busy_of(facts, plan, now),
        edges_of(facts, plan, now),
        resets.windows_of(outlook),
        plan.zone,
        plan.restart_at,
        now,
    )
    return tuple(mark(seen, hours))
