"""The line as it is worked out for the screen: again only when something it rests on has changed."""

from __future__ import annotations

from msgspec import Struct

from cockpit.domain import kinds
from cockpit.domain.catalogue import Playing
from cockpit.domain.facts import Facts
from cockpit.domain.horizon import HorizonEvent
from cockpit.domain.horizon_events import horizon
from cockpit.domain.horizon_events.hours import busy_of, merged
from cockpit.domain.horizon_events.outlook import Stretch
from cockpit.domain.horizon_events.unknown import Missing, missing_clocks
from cockpit.domain.plan import Plan
from cockpit.services.state import DeskState

_RESTS_ON = frozenset(
    kind.name
    for kind in (
        kinds.SSO_ENDS,
        kinds.LIVE_SESSION_ENDS,
        kinds.RESTART_TOKEN,
        kinds.OPENED_AT,
        kinds.ISSUED,
        kinds.CERTIFICATE_ENDS,
        kinds.USED,
        kinds.LOOKED_AFTER,
        kinds.NEXT_OPEN,
        kinds.NEXT_CLOSE,
        kinds.EARLY_CLOSE,
        kinds.SESSIONS_AHEAD,
        kinds.CLOSED_AHEAD,
    )
)
_EVERY = 20.0  # seconds after which what is fresh or over is looked at again


class Reading(Struct, frozen=True):
    """Events within reach, what is missing, and the hours of the playbook as stretches (UTC epoch seconds)."""

    events: tuple[HorizonEvent, ...]
    missing: tuple[Missing, ...]
    hours: tuple[Stretch, ...]


class Reader:
    """Keeps the last reading. Facts flood in thirty times a second; what the line rests on changes seldom."""

    def __init__(self) -> None:
        self._version = -1
        self._rest: tuple[object, ...] = ()
        self._made_for: tuple[Plan, Playing, int, int] | None = None
        self._reading = Reading((), (), ())

    def read(self, state: DeskState, now: float, days: int) -> Reading:
        """Return the line of `days` from `now` (UTC epoch seconds); the same object while nothing differs."""
        rest = self._rest
        if state.facts.version != self._version:
            self._version, rest = state.facts.version, _rest(state.facts)
        made_for = (state.plan, state.catalogue, days, int(now // _EVERY))
        if rest != self._rest or not _is_same(made_for, self._made_for):
            self._rest, self._made_for = rest, made_for
            made = Reading(
                horizon(state.facts, state.plan, state.catalogue, now, days),
                missing_clocks(state.facts, state.plan, state.catalogue, now),
                merged(busy_of(state.facts, state.plan, now)),
            )
            if made != self._reading:
                self._reading = made
        return self._reading


def _is_same(one: tuple[Plan, Playing, int, int], other: tuple[Plan, Playing, int, int] | None) -> bool:
    """Whether both speak of the same plan and catalogue, which are too large to be compared field by field."""
    return other is not None and one[0] is other[0] and one[1] is other[1] and one[2:] == other[2:]


def _rest(facts: Facts) -> tuple[object, ...]:
    """Return what the line rests on, by name and value; that a value was confirmed again changes nothing."""
    return tuple(
        (subject, fact, held.observation.value)
        for (subject, fact), held in facts.held.items()
        if fact in _RESTS_ON
    )
