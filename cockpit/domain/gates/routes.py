"""Many routes at once, judged again only where something they rest on has changed or grown stale.

Routes share answers: a session is the same for every ticket of a column. So each gate is judged once for every
different `key`, and a route's level is the union of the bits of its cells. Decision 0008 has the figures.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

from cockpit.domain import kinds
from cockpit.domain.gates.cells import BITS, Cell, ContractCell, OfferRow, SharedRows
from cockpit.domain.gates.contract import read_all
from cockpit.domain.gates.gate import Case, Gate, GateAnswer, Ladder
from cockpit.domain.gates.ladder import ladder
from cockpit.domain.gates.notes import EVERY, Notes, Read
from cockpit.domain.gates.refusals import PREVIEW, order_of, refused_order
from cockpit.domain.gates.strands import Strand, strands
from cockpit.domain.gates.table import GATE_TABLE, GateRow, by_contract
from cockpit.domain.gates.world import World
from cockpit.domain.level import Level

_LEVEL = tuple(
    Level.BLOCKED if bits & 4 else Level.UNKNOWN if bits & 2 else Level.LIMITED if bits & 1 else Level.READY
    for bits in range(8)
)
_SIGHTINGS = frozenset({kinds.REFUSED_CODE.name, kinds.PREVIEWED.name})


class Special:
    """A route that was refused or previewed by name: judged as a whole, for a preview opens what its cells leave."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.bits = 0
        self.until = 0.0

    def judge(self, world: World) -> float:
        """Judge the whole ladder; return until when it holds."""
        found = ladder(world, self.case)
        self.bits = BITS[found.level]
        ends = [answer.until for answer in found.answers if answer.until > world.now]
        hours = [reading.turns() for reading in read_all(world, self.case)]
        return min((*ends, *hours), default=float("inf"))


class Routes:
    """Evaluates cases. Call `evaluate` before asking for levels; its answers are those of `ladder`."""

    def __init__(self, cases: Iterable[Case]) -> None:
        self.cases = tuple(cases)
        self._strands = strands(self.cases)
        self._shared = SharedRows()
        self._cells: list[Cell] = []  # of all gates that do not ask for the shape of the order
        self._of_strand: list[list[Cell]] = []
        self._number = {id(strand): number for number, strand in enumerate(self._strands)}
        self._offers: dict[Hashable, Cell] = {}
        self._offer_rows: dict[Hashable, OfferRow] = {}
        self._rows_of: dict[int, list[OfferRow]] = {}  # by identity of the offer's cell
        self._contracts: dict[Hashable, ContractCell] = {}
        self._place()
        size = len(self.cases)
        self._plain, self._offered, self._listed = bytearray(size), bytearray(size), bytearray(size)
        self._reads: dict[Read, set[Cell | Special]] = {}
        self._special: dict[int, Special] = {}
        self._by_ticket: dict[str, list[int]] | None = None  # made when the first preview is seen
        self._world: World | None = None
        self._bits = bytes(size)
        self._ladders: dict[int, Ladder] = {}

    def __len__(self) -> int:
        return len(self.cases)

    def evaluate(self, world: World, changed: Iterable[Read] | None = None) -> None:
        """Judge what `changed` touches (subject and name of the kind), and what has turned stale; None: everything.

        Another plan, another catalogue or a clock that was put back makes everything new.
        """
        before, self._world, self._ladders = self._world, world, {}
        notes = Notes(world.facts, world.now)
        seen = World(notes, world.plan, world.catalogue, world.now)
        if before is None or changed is None or _is_another(before, world):
            self._all(seen, notes)
        else:
            self._some(seen, notes, tuple(changed))
        self._join()

    def level(self, route: int) -> Level:
        """The level of a route by its place among the cases."""
        return _LEVEL[self._bits[route]]

    def levels(self) -> list[Level]:
        """The levels of all routes in order."""
        return [_LEVEL[bits] for bits in self._bits]

    def ladder(self, route: int) -> Ladder:
        """The whole ladder of a route, made when asked for. Raises RuntimeError before the first `evaluate`."""
        if self._world is None:
            raise RuntimeError("nothing was evaluated yet")
        found = self._ladders.get(route)
        if found is None:
            found = self._ladders[route] = ladder(self._world, self.cases[route])
        return found

    def first_block(self, route: int) -> GateAnswer | None:
        """The gate at which the order ends; None when none blocks. Raises RuntimeError before `evaluate`."""
        return self.ladder(route).first_block if self.level(route) is Level.BLOCKED else None

    def _place(self) -> None:
        """Make the cells of every strand."""
        plain: dict[tuple[int, Hashable], Cell] = {}
        groups = _by_key()
        for strand in self._strands:
            first = strand.cases[0]
            own: list[Cell] = []
            for number, (key, rows) in enumerate(groups.items()):
                part = (number, key(first))
                cell = plain.get(part)
                if cell is None:
                    cell = plain[part] = Cell(first, rows)
                cell.strands.append(strand)
                own.append(cell)
            self._of_strand.append(own)
            self._place_offer(strand)
            part_of = by_contract(first)
            contract = self._contracts.get(part_of)
            if contract is None:
                contract = self._contracts[part_of] = ContractCell(first, self._shared)
            contract.strands.append(strand)
        self._cells = list(plain.values())

    def _place_offer(self, strand: Strand) -> None:
        first = strand.cases[0]
        part = (first.column.interface, first.instrument.sec_type, bool(first.legs), strand.looks)
        row = self._offer_rows.get(part)
        if row is None:
            gate = _row(Gate.INTERFACE)
            found: list[Cell] = []
            for case in strand.cases:
                key = gate.key(case)
                cell = self._offers.get(key)
                if cell is None:
                    cell = self._offers[key] = Cell(case, (gate,))
                found.append(cell)
            row = self._offer_rows[part] = OfferRow(tuple(found))
            for cell in set(found):
                self._rows_of.setdefault(id(cell), []).append(row)
        row.strands.append(strand)

    def _all(self, world: World, notes: Notes) -> None:
        self._reads = {}
        self._shared.clear()
        self._special = {}
        for cell in (*self._cells, *self._offers.values(), *self._contracts.values()):
            self._judge(world, notes, cell)
        for number, strand in enumerate(self._strands):
            self._write_plain(number, strand)
        for row in self._offer_rows.values():
            self._write_offer(row)
        for contract in self._contracts.values():
            self._write_contract(contract)
        facts = world.facts
        self._add_special((*facts.subjects(kinds.REFUSED_CODE), *facts.subjects(kinds.PREVIEWED)))
        for special in self._special.values():
            self._judge(world, notes, special)

    def _some(self, world: World, notes: Notes, changed: tuple[Read, ...]) -> None:
        touched = {one for read in changed for one in self._touched(read)}
        for cells in (self._cells, self._offers.values(), self._contracts.values(), self._special.values()):
            touched.update(cell for cell in cells if cell.until <= world.now)
        touched.update(self._add_special([subject for subject, name in changed if name in _SIGHTINGS]))
        dirty: set[int] = set()
        rows: set[OfferRow] = set()
        for cell in touched:
            before = cell.bits
            self._judge(world, notes, cell)
            if isinstance(cell, ContractCell):
                self._write_contract(cell)
            elif isinstance(cell, Cell) and cell.bits != before:
                rows.update(self._rows_of.get(id(cell), ()))
                dirty.update(self._number[id(strand)] for strand in cell.strands)
        for number in dirty:
            self._write_plain(number, self._strands[number])
        for row in rows:
            self._write_offer(row)

    def _touched(self, read: Read) -> Iterable[Cell | Special]:
        yield from self._reads.get(read, ())
        yield from self._reads.get((EVERY, read[1]), ())

    def _judge(self, world: World, notes: Notes, cell: Cell | Special) -> None:
        notes.begin()
        until = cell.judge(world)
        read, turns = notes.end()
        cell.until = min(until, turns)
        reads = self._reads
        for one in read:
            cells = reads.get(one)
            if cells is None:
                reads[one] = {cell}
            else:
                cells.add(cell)

    def _write_plain(self, number: int, strand: Strand) -> None:
        bits = 0
        for cell in self._of_strand[number]:
            bits |= cell.bits
        strand.write(self._plain, bytes((bits,)) * len(strand.routes))

    def _write_offer(self, row: OfferRow) -> None:
        bits = row.bits()
        for strand in row.strands:
            strand.write(self._offered, bits)

    def _write_contract(self, cell: ContractCell) -> None:
        for strand in cell.strands:
            strand.write(self._listed, cell.row_of[id(strand)])

    def _add_special(self, subjects: Iterable[str]) -> list[Special]:
        """Note the routes that refusals or previews may concern, and return those that were not known."""
        orders = {order for subject in subjects if (order := order_of(subject)) is not None}
        named = (self._previewed(name) if mark == PREVIEW else self._refused(name) for mark, name in orders)
        added = {
            route: Special(self.cases[route])
            for routes in named
            for route in routes
            if route not in self._special
        }
        self._special.update(added)
        return list(added.values())

    def _refused(self, named: str) -> Iterator[int]:
        for strand in self._strands:
            if named.startswith(f"{strand.cases[0].instrument.key}/"):
                pairs = zip(strand.routes, strand.cases, strict=True)
                yield from (route for route, case in pairs if refused_order(case) == named)

    def _previewed(self, key: str) -> Iterator[int]:
        if self._by_ticket is None:
            self._by_ticket = {}
            for route, case in enumerate(self.cases):
                if case.ticket.key:
                    self._by_ticket.setdefault(case.ticket.key, []).append(route)
        yield from self._by_ticket.get(key, ())

    def _join(self) -> None:
        whole = int.from_bytes(self._plain, "little")
        whole |= int.from_bytes(self._offered, "little")
        whole |= int.from_bytes(self._listed, "little")
        joined = bytearray(whole.to_bytes(len(self.cases), "little"))
        for route, special in self._special.items():
            joined[route] = special.bits
        self._bits = bytes(joined)


def _by_key() -> dict[Callable[[Case], Hashable], Sequence[GateRow]]:
    """The gates that do not ask for the shape of an order, those with the same key together."""
    by_key: dict[Callable[[Case], Hashable], list[GateRow]] = {}
    for row in GATE_TABLE:
        if row.gate not in (Gate.INTERFACE, Gate.CONTRACT):
            by_key.setdefault(row.key, []).append(row)
    return {key: tuple(rows) for key, rows in by_key.items()}


def _row(gate: Gate) -> GateRow:
    return next(row for row in GATE_TABLE if row.gate is gate)


def _is_another(before: World, world: World) -> bool:
    same = before.plan is world.plan and before.catalogue is world.catalogue
    return not same or world.now < before.now
