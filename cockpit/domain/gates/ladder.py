"""The ladder of a route, and what to do instead when it ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from cockpit.domain.catalogue import OrderGroup, OrderType
from cockpit.domain.gates.columns import case, cases, columns
from cockpit.domain.gates.gate import Case, Column, Ladder
from cockpit.domain.gates.refusals import with_refusals
from cockpit.domain.gates.table import GATE_TABLE
from cockpit.domain.gates.world import World
from cockpit.domain.interface import Interface
from cockpit.domain.plan import Ticket

__all__ = [
    "Difference",
    "Instead",
    "case",
    "cases",
    "columns",
    "differ",
    "from_the_phone",
    "instead",
    "ladder",
]

_NOT_TYPES = (OrderGroup.ALGORITHM, OrderGroup.ATTRIBUTE, OrderGroup.TIME, OrderGroup.TOOL)


class Instead(Struct, frozen=True):
    """What to do instead: the same ticket elsewhere, or the nearest order type here. None when nothing is better."""

    elsewhere: Ladder | None
    nearest: Ladder | None


class Difference(Struct, frozen=True):
    """A ticket whose two routes do not answer alike."""

    ticket: Ticket
    one: Ladder
    other: Ladder


def ladder(world: World, one: Case) -> Ladder:
    """Judge every gate of one route, then put what was refused or previewed in place."""
    answers = tuple(row.judge(world, one) for row in GATE_TABLE)
    return Ladder(one, with_refusals(world, one, answers))


def instead(world: World, one: Case, others: Iterable[Column]) -> Instead:
    """Find the best other column for the same ticket, and the nearest order type that passes in the same column."""
    here = ladder(world, one)
    named = one.ticket.account  # an account that only the column gave does not move along
    routes = [
        ladder(world, replace(one, column=column, account=named)) for column in others if column != one.column
    ]
    better = [route for route in routes if route.level.is_usable and route.level.rank < here.level.rank]
    elsewhere = min(better, key=lambda route: route.level.rank, default=None)
    tried = (ladder(world, replace(one, ticket=ticket)) for ticket in _near(world, one))
    nearest = (
        None if here.level.is_usable else next((route for route in tried if route.level.is_usable), None)
    )
    return Instead(elsewhere, nearest)


def _near(world: World, one: Case) -> Iterator[Ticket]:
    """Order types of the same group first, then a limit, then a market order."""
    row = world.catalogue.order_type(one.ticket.order_type)
    words: list[str] = []
    if row is not None and row.group not in _NOT_TYPES:
        words += [near.codes[0] for near in world.catalogue.order_types.values() if _fits(near, row, one)]
    for word in (*words, "LMT", "MKT"):
        if word != one.ticket.order_type:
            yield replace(
                one.ticket, order_type=word, key=""
            )  # another ticket: its previews say nothing of it


def _fits(near: OrderType, row: OrderType, one: Case) -> bool:
    is_traded = not near.products or one.instrument.sec_type in near.products
    return near.group is row.group and near.key != row.key and bool(near.codes) and is_traded


def differ(world: World, pairs: Iterable[tuple[Case, Case]]) -> tuple[Difference, ...]:
    """Return what differs between two columns: tickets whose level or whose deciding gate is not the same."""
    found = []
    for left, right in pairs:
        one, other = ladder(world, left), ladder(world, right)
        if one.level is not other.level or one.decisive.gate is not other.decisive.gate:
            found.append(Difference(left.ticket, one, other))
    return tuple(found)


def from_the_phone(world: World, tickets: Iterable[Ticket]) -> tuple[Ladder, ...]:
    """Return the tickets that cannot, or not surely, be sent from the phone, the blocked ones first."""
    phone = Column(Interface.MOBILE)
    routes = [
        ladder(world, one) for ticket in tickets if (one := case(world.plan, ticket, phone)) is not None
    ]
    stuck = [route for route in routes if not route.level.is_usable]
    return tuple(sorted(stuck, key=lambda route: -route.level.rank))
