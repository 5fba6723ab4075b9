"""The hours that count: when each flow of the playbook needs its interface, and from how long before the open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from cockpit.domain.facts import FactsView
from cockpit.domain.horizon_events.outlook import Stretch, union
from cockpit.domain.interface import Interface
from cockpit.domain.plan import Plan
from cockpit.domain.venue_days import sessions_ahead

BEFORE_OPEN = 30 * 60.0  # seconds in which a flow already needs its interface
_TWS = frozenset({Interface.TWS, Interface.TWS_API})  # one sign-in: what ends the one ends the other


class Busy(Struct, frozen=True):
    """A stretch in which a flow needs its interface, half an hour before the open to the close. UTC epoch seconds."""

    flow: str  # its title
    interface: Interface
    venue: str
    opens: float
    closes: float

    @property
    def begins(self) -> float:
        """When the flow begins to need its interface."""
        return self.opens - BEFORE_OPEN

    def meets(self, at: float, until: float) -> bool:
        """Whether [`at`, `until`) touches it; a moment counts as the second that follows."""
        return at < self.closes and max(until, at + 1) > self.begins


def busy_of(facts: FactsView, plan: Plan, now: float) -> tuple[Busy, ...]:
    """Return the stretches of all flows whose venue's hours are known, soonest first."""
    hours = {flow.venue: sessions_ahead(facts, flow.venue, now) for flow in plan.flows}
    found = [
        Busy(flow.title, flow.interface, flow.venue, session.opens, session.closes)
        for flow in plan.flows
        for session in hours[flow.venue] or ()
    ]
    return tuple(sorted(found, key=lambda busy: (busy.begins, busy.closes)))


def unknown_hours(facts: FactsView, plan: Plan, now: float) -> tuple[str, ...]:
    """Return the venues of flows whose hours are not known: what collides there cannot be said."""
    venues = dict.fromkeys(flow.venue for flow in plan.flows)
    return tuple(venue for venue in venues if sessions_ahead(facts, venue, now) is None)


class Edge(Struct, frozen=True):
    """Up to when (UTC epoch seconds) the hours of a flow's venue are known; 0 when they are not known at all."""

    interface: Interface
    venue: str
    until: float


def edges_of(facts: FactsView, plan: Plan, now: float) -> tuple[Edge, ...]:
    """Return how far the hours of each flow are known."""
    found = []
    for flow in plan.flows:
        sessions = sessions_ahead(facts, flow.venue, now)
        found.append(Edge(flow.interface, flow.venue, sessions[-1].closes if sessions else 0.0))
    return tuple(found)


def is_touched(interface: Interface, by: Iterable[Interface]) -> bool:
    """Whether what strikes the interfaces `by` strikes this one; none at all are all of them."""
    wanted = set(by)
    if wanted & _TWS:
        wanted |= _TWS
    return not wanted or interface in wanted


def concerned(busy: Sequence[Busy], interfaces: Iterable[Interface]) -> tuple[Busy, ...]:
    """Return the stretches that use one of `interfaces`; of none given, all of them."""
    return tuple(one for one in busy if is_touched(one.interface, interfaces))


def merged(busy: Iterable[Busy]) -> tuple[Stretch, ...]:
    """Return the hours in which anything of `busy` is needed, soonest first."""
    return union((one.begins, one.closes) for one in busy)
