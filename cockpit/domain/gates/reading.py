"""What every door has said of a contract, read once for all order types that might be sent in it."""

from __future__ import annotations

from collections.abc import Hashable
from enum import StrEnum
from typing import TypeAlias, TypeVar

from msgspec import Struct

from cockpit.domain import kinds
from cockpit.domain.evidence import Seen
from cockpit.domain.gates.doors import GATEWAY, doors
from cockpit.domain.gates.gate import Case
from cockpit.domain.gates.world import World
from cockpit.domain.interface import Interface
from cockpit.domain.plan import Instrument

OVERNIGHT_VENUE = "OVERNIGHT"

T = TypeVar("T")
Word: TypeAlias = Seen[str] | Seen[tuple[str, ...]] | Seen[float] | Seen[bool]


class SocketTold(Struct, frozen=True):
    """What an API socket's contract details say. `overnight_until` is the end of the overnight session."""

    is_elsewhere: bool
    contract: Seen[str] | None
    types: Seen[tuple[str, ...]] | None
    listed_on: Seen[str] | None
    listed_types: Seen[tuple[str, ...]] | None
    venues: Seen[tuple[str, ...]] | None
    ineligible: Seen[tuple[str, ...]] | None
    increment: Seen[float] | None
    open_until: Seen[float] | None
    opens_at: Seen[float] | None
    regular_until: Seen[float] | None
    overnight_until: Seen[float] | None

    def times(self) -> tuple[Seen[float] | None, ...]:
        """Everything that is a moment: it matters whether it has passed."""
        return self.open_until, self.opens_at, self.regular_until, self.overnight_until


class GatewayTold(Struct, frozen=True):
    """What the gateway's contract rules and snapshot say, for one side."""

    is_elsewhere: bool
    types: Seen[tuple[str, ...]] | None
    outside: Seen[tuple[str, ...]] | None
    times: Seen[tuple[str, ...]] | None
    algorithms: Seen[tuple[str, ...]] | None
    error: Seen[str] | None
    tradable: Seen[bool] | None
    overnight: Seen[bool] | None


class OwnList(StrEnum):
    """By which list of order types an interface goes."""

    DETAILS = "contract details"
    RULES = "contract rules"
    NEITHER = "neither"  # nothing can be read of it from this PC: both are hints


_OWN_LISTS = {
    Interface.TWS: OwnList.DETAILS,
    Interface.TWS_API: OwnList.DETAILS,
    Interface.CLIENT_PORTAL: OwnList.RULES,
    Interface.WEB_API: OwnList.RULES,
}


def own_list(interface: Interface) -> OwnList:
    """Return by which list of order types an interface goes."""
    return _OWN_LISTS.get(interface, OwnList.NEITHER)


class Reading(Struct, frozen=True):
    """All doors' words on one instrument at one moment (`now`, UTC epoch seconds)."""

    instrument: Instrument
    sockets: tuple[SocketTold, ...]
    gateway: GatewayTold | None
    now: float
    goes_by: OwnList = OwnList.NEITHER

    def by_own_list(self, details: list[T], rules: list[T]) -> list[T]:
        """Choose what counts. The two lists differ: the Web API takes fewer orders than TWS shows.

        The other list is asked only when the own one says nothing; for the phone and the desktop neither is the own.
        """
        match self.goes_by:
            case OwnList.DETAILS:
                return details or rules
            case OwnList.RULES:
                return rules or details
            case OwnList.NEITHER:
                return [*details, *rules]

    def signature(self) -> Hashable:
        """What the level can depend on: values, provenance, freshness, open or not; but not when it was seen."""
        one = self.instrument
        parts: list[Hashable] = [one.sec_type, one.exchange, self.goes_by]
        for told in self.sockets:
            parts.append(told.is_elsewhere)
            words = (
                told.contract,
                told.types,
                told.listed_on,
                told.listed_types,
                told.venues,
                told.ineligible,
            )
            parts.extend(self._worth(seen) for seen in (*words, told.increment))
            parts.extend(self._worth_of_time(seen) for seen in told.times())
        if self.gateway is not None:
            rules = self.gateway
            parts.append(rules.is_elsewhere)
            lists = (rules.types, rules.outside, rules.times, rules.algorithms)
            parts.extend(self._worth(seen) for seen in (*lists, rules.error, rules.tradable, rules.overnight))
        return tuple(parts)

    def _worth(self, seen: Word | None) -> Hashable:
        return None if seen is None else (seen.value, seen.provenance, seen.is_fresh(self.now))

    def _worth_of_time(self, seen: Seen[float] | None) -> Hashable:
        if seen is None:
            return None
        return seen.value > self.now, seen.value > 0, seen.provenance, seen.is_fresh(self.now)

    def turns(self) -> float:
        """The next moment at which one of the hours begins or ends (UTC epoch seconds); infinity when none will."""
        seen = (time for told in self.sockets for time in told.times() if time is not None)
        times = (time.value for time in seen if time.value > self.now)
        return min(times, default=float("inf"))


def read(world: World, case: Case, instrument: Instrument | None = None) -> Reading:
    """Read what all doors say of the instrument (default the case's own) for the case's side."""
    one = instrument if instrument is not None else case.instrument
    side = "buy" if case.ticket.action.upper() == "BUY" else "sell"
    sockets: list[SocketTold] = []
    gateway: GatewayTold | None = None
    for subject, is_elsewhere in doors(world, case.column):
        if subject == GATEWAY:
            gateway = _rules(world, f"{subject}/contract/{one.key}", side, is_elsewhere)
        else:
            sockets.append(_details(world, f"{subject}/contract/{one.key}", is_elsewhere, one))
    return Reading(one, tuple(sockets), gateway, world.now, own_list(case.column.interface))


def _details(world: World, subject: str, is_elsewhere: bool, instrument: Instrument) -> SocketTold:
    look = world.facts.look
    listed_on = look(kinds.LISTED_ON, subject)
    on_listing = f"{subject}@{listed_on.value}" if listed_on is not None else ""
    overnight = subject if instrument.exchange == OVERNIGHT_VENUE else f"{subject}@{OVERNIGHT_VENUE}"
    return SocketTold(
        is_elsewhere,
        look(kinds.CONTRACT, subject),
        look(kinds.ORDER_TYPES, subject),
        listed_on,
        look(kinds.ORDER_TYPES, on_listing) if on_listing else None,
        look(kinds.VENUES, subject),
        look(kinds.INELIGIBLE, subject),
        look(kinds.INCREMENT, subject),
        look(kinds.OPEN_UNTIL, subject),
        look(kinds.OPENS_AT, subject),
        look(kinds.REGULAR_UNTIL, subject),
        look(kinds.OPEN_UNTIL, overnight),
    )


def _rules(world: World, subject: str, side: str, is_elsewhere: bool) -> GatewayTold:
    look, sided = world.facts.look, f"{subject}/{side}"
    return GatewayTold(
        is_elsewhere,
        look(kinds.RULE_TYPES, sided),
        look(kinds.RULE_TYPES_OUTSIDE, sided),
        look(kinds.RULE_TIMES, sided),
        look(kinds.RULE_ALGORITHMS, sided),
        look(kinds.RULE_ERROR, sided),
        look(kinds.TRADABLE, subject),
        look(kinds.OVERNIGHT, subject),
    )
