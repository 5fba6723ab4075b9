"""Routes sorted into strands: the same column, contract and account, with one order after the other."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from cockpit.domain.gates.contract import shape
from cockpit.domain.gates.gate import Case
from cockpit.domain.gates.market import is_conditional
from cockpit.domain.plan import Ticket


class Strand:
    """Routes that differ only in the shape of the order. `looks` numbers each route's shape, in their order.

    `cases` are those of its routes; the first stands for all wherever the shape does not matter.
    """

    __slots__ = ("cases", "looks", "place", "routes")

    def __init__(self) -> None:
        self.cases: list[Case] = []
        self.routes: list[int] = []
        self.looks: tuple[int, ...] = ()
        self.place: slice | None = None  # where its routes stand in a row, if they do

    def write(self, bits: bytearray, row: bytes) -> None:
        """Set the bits of its routes, one byte for each."""
        if self.place is not None:
            bits[self.place] = row
            return
        for route, one in zip(self.routes, row, strict=True):
            bits[route] = one


def strands(cases: Sequence[Case]) -> list[Strand]:
    """Sort cases into strands.

    Parts are compared by identity first, which is many times cheaper than by value: cases made of the same columns,
    instruments and tickets fall together, others stand in strands of their own and are right all the same.
    """
    found: dict[Hashable, Strand] = {}
    looks: dict[int, list[int]] = {}
    numbers: dict[Hashable, int] = {}
    sides: dict[Hashable, int] = {}
    known: dict[int, tuple[int, int]] = {}
    for route, case in enumerate(cases):
        ticket = case.ticket
        look = known.get(id(ticket))
        if look is None:
            number = numbers.setdefault(_look(ticket), len(numbers))
            look = known[id(ticket)] = number, sides.setdefault(_side(case), len(sides))
        legs = case.legs
        part = (id(case.column), id(case.instrument), case.account, id(legs) if legs else 0, look[1])
        strand = found.get(part)
        if strand is None:
            strand = found[part] = Strand()
            looks[id(strand)] = []
        strand.cases.append(case)
        strand.routes.append(route)
        looks[id(strand)].append(look[0])
    same: dict[tuple[int, ...], tuple[int, ...]] = {}
    for strand in found.values():
        row = tuple(looks[id(strand)])
        strand.looks = same.setdefault(row, row)
        first, last = strand.routes[0], strand.routes[-1]
        if last - first + 1 == len(strand.routes):
            strand.place = slice(first, last + 1)
    return list(found.values())


def _look(ticket: Ticket) -> Hashable:
    """What may differ within a strand."""
    return shape(ticket), ticket.in_cash, ticket.quantity == int(ticket.quantity)


def _side(case: Case) -> Hashable:
    """What of a ticket may not differ within a strand: every other gate depends on it."""
    ticket = case.ticket
    return ticket.action, ticket.account, ticket.legs, is_conditional(case)
