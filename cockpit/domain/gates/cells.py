"""Cells: gates of many routes that have one answer, judged once."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence

from cockpit.domain.gates.contract import judge_reading, read_all
from cockpit.domain.gates.gate import Case
from cockpit.domain.gates.strands import Strand
from cockpit.domain.gates.table import GateRow
from cockpit.domain.gates.world import World
from cockpit.domain.level import Level

BITS = {Level.READY: 0, Level.LIMITED: 1, Level.UNKNOWN: 2, Level.BLOCKED: 4}


class Cell:
    """Gates judged for one case that stands for many. `until` is when the answer must be looked at again."""

    __slots__ = ("bits", "case", "rows", "strands", "until")

    def __init__(self, case: Case, rows: Sequence[GateRow]) -> None:
        self.case = case
        self.rows = rows
        self.strands: list[Strand] = []
        self.until = -math.inf
        self.bits = 0

    def judge(self, world: World) -> float:
        """Judge the gates; return until when the answers hold."""
        bits, until = 0, math.inf
        for row in self.rows:
            answer = row.judge(world, self.case)
            bits |= BITS[answer.level]
            if world.now < answer.until < until:
                until = answer.until
        self.bits = bits
        return until


class OfferRow:
    """The interface's cells side by side for the looks of its strands."""

    __slots__ = ("cells", "strands")

    def __init__(self, cells: tuple[Cell, ...]) -> None:
        self.cells = cells
        self.strands: list[Strand] = []

    def bits(self) -> bytes:
        """One byte for each look."""
        return bytes(cell.bits for cell in self.cells)


class ContractCell(Cell):
    """The contract's gate in two steps: what a door said of a contract is read once for all shapes of order.

    Contracts of which the same was said share a row of bits.
    """

    __slots__ = ("row_of", "shared")

    def __init__(self, case: Case, shared: SharedRows) -> None:
        super().__init__(case, ())
        self.shared = shared
        self.row_of: dict[int, bytes] = {}  # by the strand's identity

    def judge(self, world: World) -> float:
        """Read the contract and find the row of bits for each strand."""
        readings = read_all(world, self.case)
        said = (len(self.case.legs), tuple(reading.signature() for reading in readings))
        number = self.shared.numbers.setdefault(said, len(self.shared.numbers))
        levels = self.shared.levels.setdefault(number, {})
        for strand in self.strands:
            key = (number, strand.looks)
            row = self.shared.rows.get(key)
            if row is None:
                for look, case in zip(strand.looks, strand.cases, strict=True):
                    if look not in levels:
                        levels[look] = BITS[judge_reading(world.catalogue, readings, case).level]
                row = self.shared.rows[key] = bytes(levels[look] for look in strand.looks)
            self.row_of[id(strand)] = row
        return min((reading.turns() for reading in readings), default=math.inf)


class SharedRows:
    """What contracts share: numbers for what was said, bits by number and look, rows by number and looks."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Forget everything: the catalogue may be another."""
        self.numbers: dict[Hashable, int] = {}
        self.levels: dict[int, dict[int, int]] = {}
        self.rows: dict[tuple[int, tuple[int, ...]], bytes] = {}
