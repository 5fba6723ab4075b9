"""Many routes at once, judged again only where something they rest on has changed or grown stale.

Routes share answers: a session is the same for every ticket of a column. So each gate is judged once for every
different `key`, and a route's level is the union of the bits of its cells. Decision 0008 has the figures.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Sequence

from cockpit.domain import kinds
from cockpit.domain.gates.contract import judge_reading, read_all, shape
from cockpit.domain.gates.gate import Case, Gate, GateAnswer, Ladder
from cockpit.domain.gates.ladder import ladder
from cockpit.domain.gates.notes import EVERY, Notes, Read
from cockpit.domain.gates.table import GATE_TABLE, GateRow, by_column, by_instrument
from cockpit.domain.gates.world import World
from cockpit.domain.level import Level

BITS = {Level.READY: 0, Level.LIMITED: 1, Level.UNKNOWN: 2, Level.BLOCKED: 4}
_LEVEL = tuple(
    Level.BLOCKED if bits & 4 else Level.UNKNOWN if bits & 2 else Level.LIMITED if bits & 1 else Level.READY
    for bits in range(8)
)
_SIGHTINGS = frozenset({kinds.REFUSED_CODE.name, kinds.PREVIEWED.name})


class Cell:
    """Routes that share an answer: one case that stands for them, what was read for it, and until when it holds."""

    __slots__ = ("case", "is_always", "routes", "shapes", "until")

    def __init__(self, case: Case, is_always: bool) -> None:
        self.case = case
        self.is_always = is_always  # judged at every turn: it depends on the time of day and costs nothing
        self.routes: list[int] = []
        self.shapes: list[int] = []  # of the contract's cells: the shape of each route
        self.until = -math.inf


class Layer:
    """The gates that depend on the same parts of a case, and the bits of every route for them."""

    def __init__(self, rows: Sequence[GateRow], is_always: bool) -> None:
        self.rows = rows
        self.is_always = is_always
        self.cells: dict[Hashable, Cell] = {}
        self.bits = bytearray()

    def judge(self, world: World, cell: Cell) -> float:
        """Set the bits of the cell's routes; return until when the answers hold."""
        bits, until = 0, math.inf
        for row in self.rows:
            answer = row.judge(world, cell.case)
            bits |= BITS[answer.level]
            if answer.until > world.now:
                until = min(until, answer.until)
        codes = self.bits
        for route in cell.routes:
            codes[route] = bits
        return until


class ContractLayer(Layer):
    """The contract's gate in two steps: what a door said of a contract is read once for all order types.

    Contracts of which the same was said share the answers for every shape of order.
    """

    def __init__(self, rows: Sequence[GateRow]) -> None:
        super().__init__(rows, False)
        self.shapes: dict[Hashable, int] = {}
        self.known: dict[Hashable, dict[int, int]] = {}
        self.cases: tuple[Case, ...] = ()

    def judge(self, world: World, cell: Cell) -> float:
        """Read the cell's contract, then set the bits of its routes."""
        readings = read_all(world, cell.case)
        is_order = bool(readings)
        signature = (is_order, tuple(reading.signature() for reading in readings))
        levels = self.known.setdefault(signature, {})
        codes = self.bits
        for look, route in zip(cell.shapes, cell.routes, strict=True):
            bits = levels.get(look)
            if bits is None:
                bits = BITS[judge_reading(world.catalogue, readings, self.cases[route]).level]
                levels[look] = bits
            codes[route] = bits
        return min((reading.turns() for reading in readings), default=math.inf)


class Routes:
    """Evaluates cases. Call `evaluate` before asking for levels; its answers are those of `ladder`."""

    def __init__(self, cases: Iterable[Case]) -> None:
        self.cases = tuple(cases)
        self._contract = ContractLayer([row for row in GATE_TABLE if row.gate is Gate.CONTRACT])
        self._layers = _layers(self._contract)
        self._place()
        self._reads: dict[Read, set[tuple[Layer, Cell]]] = {}
        self._special: dict[int, Cell] = {}
        self._special_bits: dict[int, int] = {}
        self._special_reads: dict[Read, set[int]] = {}
        self._world: World | None = None
        self._bits = bytes(len(self.cases))
        self._ladders: dict[int, Ladder] = {}

    def __len__(self) -> int:
        return len(self.cases)

    def evaluate(self, world: World, changed: Iterable[Read] | None = None) -> None:
        """Judge what `changed` touches (subject and name of the kind), and what has turned stale; None: everything.

        Another plan, another catalogue or a clock that was put back makes everything new.
        """
        before = self._world
        self._ladders = {}
        self._world = world
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
        """Sort every case into its cell of every layer."""
        size = len(self.cases)
        self._contract.cases = self.cases
        for layer in self._layers:
            layer.bits = bytearray(size)
            key, cells, is_always = layer.rows[0].key, layer.cells, layer.is_always
            if isinstance(layer, ContractLayer):
                self._place_contracts(layer)
                continue
            for route, case in enumerate(self.cases):
                part = key(case)
                cell = cells.get(part)
                if cell is None:
                    cell = cells[part] = Cell(case, is_always)
                cell.routes.append(route)

    def _place_contracts(self, layer: ContractLayer) -> None:
        cells, shapes = layer.cells, layer.shapes
        for route, case in enumerate(self.cases):
            part = by_instrument(case)
            cell = cells.get(part)
            if cell is None:
                cell = cells[part] = Cell(case, False)
            cell.routes.append(route)
            look = shape(case)
            cell.shapes.append(shapes.setdefault(look, len(shapes)))

    def _all(self, world: World, notes: Notes) -> None:
        self._reads = {}
        self._contract.known = {}
        self._special, self._special_bits, self._special_reads = {}, {}, {}
        for layer in self._layers:
            for cell in layer.cells.values():
                self._judge(world, notes, layer, cell)
        facts = world.facts
        for subject in (*facts.subjects(kinds.REFUSED_CODE), *facts.subjects(kinds.PREVIEWED)):
            self._add_special(subject)
        for route, cell in self._special.items():
            self._judge_special(world, notes, route, cell)

    def _some(self, world: World, notes: Notes, changed: tuple[Read, ...]) -> None:
        touched = {one for read in changed for one in self._touched(read)}
        for layer in self._layers:
            for cell in layer.cells.values():
                if cell.is_always or cell.until <= world.now:
                    touched.add((layer, cell))
        for layer, cell in touched:
            self._judge(world, notes, layer, cell)
        again = {route for read in changed for route in self._special_reads.get(read, ())}
        again |= {route for route, cell in self._special.items() if cell.until <= world.now}
        known = set(self._special)
        for subject, name in changed:
            if name in _SIGHTINGS:
                self._add_special(subject)
        for route in again | (set(self._special) - known):
            self._judge_special(world, notes, route, self._special[route])

    def _touched(self, read: Read) -> Iterable[tuple[Layer, Cell]]:
        yield from self._reads.get(read, ())
        yield from self._reads.get((EVERY, read[1]), ())

    def _judge(self, world: World, notes: Notes, layer: Layer, cell: Cell) -> None:
        notes.begin()
        until = layer.judge(world, cell)
        read, turns = notes.end()
        cell.until = min(until, turns)
        for one in read:
            self._reads.setdefault(one, set()).add((layer, cell))

    def _add_special(self, subject: str) -> None:
        """Note the routes that a refusal or a preview may concern; they are few and judged as a whole."""
        for route in self._concerned(subject):
            self._special.setdefault(route, Cell(self.cases[route], True))

    def _concerned(self, subject: str) -> Iterable[int]:
        _, _, ticket = subject.partition("/preview/")
        _, _, order = subject.partition("/refusal/")
        for route, case in enumerate(self.cases):
            if ticket:
                if case.ticket.key == ticket:
                    yield route
            elif order == f"{case.instrument.key}/{case.ticket.order_type}":
                yield route

    def _judge_special(self, world: World, notes: Notes, route: int, cell: Cell) -> None:
        """Judge one route as a whole: a preview may open what its cells leave unknown."""
        notes.begin()
        found = ladder(world, cell.case)
        ends = [answer.until for answer in found.answers if answer.until > world.now]
        hours = [reading.turns() for reading in read_all(world, cell.case)]
        read, turns = notes.end()
        cell.until = min((turns, *ends, *hours))
        for one in read:
            self._special_reads.setdefault(one, set()).add(route)
        self._special_bits[route] = BITS[found.level]

    def _join(self) -> None:
        whole = 0
        for layer in self._layers:
            whole |= int.from_bytes(layer.bits, "little")
        joined = bytearray(whole.to_bytes(len(self.cases), "little"))
        for route, bits in self._special_bits.items():
            joined[route] = bits
        self._bits = bytes(joined)


def _layers(contract: ContractLayer) -> list[Layer]:
    """One layer for every way in which gates depend on a case."""
    by_key: dict[Callable[[Case], Hashable], list[GateRow]] = {}
    for row in GATE_TABLE:
        if row.gate is not Gate.CONTRACT:
            by_key.setdefault(row.key, []).append(row)
    return [*(Layer(rows, key is by_column) for key, rows in by_key.items()), contract]


def _is_another(before: World, world: World) -> bool:
    same = before.plan is world.plan and before.catalogue is world.catalogue
    return not same or world.now < before.now
