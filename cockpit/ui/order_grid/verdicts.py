"""The verdicts of all cells, judged block by block: at once what is on screen, the rest between two frames."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from cockpit.domain.facts import Facts, Held
from cockpit.domain.gates.gate import Case, Column, Ladder
from cockpit.domain.gates.ladder import ladder as judge_by_all_gates
from cockpit.domain.gates.notes import EVERY, Notes, Read
from cockpit.domain.gates.world import World
from cockpit.domain.interface import Interface
from cockpit.domain.level import Level
from cockpit.domain.plan import Plan
from cockpit.ui.order_grid.looks import Look, look_of
from cockpit.ui.order_grid.rows import GridRow, case_of

__all__ = ["BLOCK", "Judge", "Verdicts", "difference", "judge_by_all_gates"]

Judge: TypeAlias = Callable[[World, Case], Ladder]
BLOCK = 8  # rows that are judged together: so few that no frame is missed for them
HOLDS = (
    5.0  # seconds after which a block is judged again though nothing new was seen: gates know the time of day
)


class _Block:
    """Some rows' ladders, what was read for them, and how they look."""

    def __init__(self) -> None:
        self.ladders: tuple[tuple[Ladder, ...], ...] = ()
        self.facts = Facts()
        self.reads: frozenset[Read] = frozenset()
        self.until = -math.inf
        self.turn = 0
        self.looks: tuple[tuple[Look, ...], ...] = ()
        self.usable: tuple[int, ...] = ()  # per column, of how many rows

    def dress(self, *, capability_only: bool) -> None:
        """Look as the ladders say."""
        looks = tuple(
            tuple(look_of(ladder, capability_only=capability_only) for ladder in row) for row in self.ladders
        )
        if looks != self.looks:
            self.looks = looks
            self.usable = tuple(
                sum(look.level.is_usable for look in column) for column in zip(*looks, strict=True)
            )


class Verdicts:
    """Judges rows through columns. `see` tells of a new world; a block is judged again when it is next asked for."""

    def __init__(self, rows: Sequence[GridRow], columns: Sequence[Column], plan: Plan, judge: Judge) -> None:
        self.rows = tuple(rows)
        self.columns = tuple(columns)
        self.places = {row.key: place for place, row in enumerate(self.rows)}
        self.capability_only = False
        self._plan = plan
        self._judge = judge
        self._world: World | None = None
        self._notes: Notes | None = None
        self._facts = Facts()
        self._turn = 0
        self._blocks: dict[int, _Block] = {}
        self._difference: tuple[Facts, Facts, frozenset[Read]] | None = None

    def due(self, first: int, last: int) -> list[int]:
        """Return the blocks that the present world has not judged: rows `first` to `last` first, then the oldest."""
        shown = range(first // BLOCK, last // BLOCK + 1)
        stale = [number for number in range(-(-len(self.rows) // BLOCK)) if not self.is_current(number)]
        return sorted(stale, key=lambda number: (number not in shown, self._judged_in(number)))

    def _judged_in(self, number: int) -> int:
        block = self._blocks.get(number)
        return block.turn if block is not None else 0

    def see(self, facts: Facts, world: World) -> None:
        """Learn of a new world; nothing is judged yet."""
        self._notes = Notes(facts, world.now)
        self._facts = facts
        self._world = World(self._notes, world.plan, world.catalogue, world.now)
        self._turn += 1

    def count_capability_only(self, *, capability_only: bool) -> None:
        """Leave the gates of the session out, or let them count again."""
        self.capability_only = capability_only
        for block in self._blocks.values():
            block.dress(capability_only=capability_only)

    def is_current(self, number: int) -> bool:
        """Whether a block was judged by the present world."""
        block = self._blocks.get(number)
        return block is not None and block.turn == self._turn

    def is_judged(self, row: int) -> bool:
        """Whether the block of a row was ever judged."""
        return row // BLOCK in self._blocks

    def judge(self, number: int) -> tuple[int, ...]:
        """Judge a block by the present world and return the rows that look different now."""
        world, notes = self._world, self._notes
        if world is None or notes is None or self.is_current(number):
            return ()
        block = self._blocks.setdefault(number, _Block())
        if not self._is_touched(block, world.now):
            block.turn = self._turn
            return ()
        notes.begin()
        first = number * BLOCK
        block.ladders = tuple(
            tuple(self._judge(world, case_of(row, column, self._plan)) for column in self.columns)
            for row in self.rows[first : first + BLOCK]
        )
        reads, turns = notes.end()
        ends = (
            answer.until
            for row in block.ladders
            for ladder in row
            for answer in ladder.answers
            if answer.until > world.now
        )
        block.reads, block.until = (
            frozenset(reads),
            min(turns, world.now + HOLDS, min(ends, default=math.inf)),
        )
        block.facts, block.turn = self._facts, self._turn
        before = block.looks
        block.dress(capability_only=self.capability_only)
        if not before:
            return tuple(range(first, first + len(block.looks)))
        pairs = zip(before, block.looks, strict=True)
        return tuple(first + place for place, (old, new) in enumerate(pairs) if old != new)

    def looks(self, row: int) -> tuple[Look, ...]:
        """Return how the cells of a row look; the row is judged first if it never was."""
        number, place = divmod(row, BLOCK)
        if number not in self._blocks:
            self.judge(number)
        block = self._blocks.get(number)
        return block.looks[place] if block is not None and block.looks else ()

    def ladder(self, row: int, column: int) -> Ladder:
        """Return the ladder of one cell, judged by the present world."""
        number, place = divmod(row, BLOCK)
        self.judge(number)
        return self._blocks[number].ladders[place][column]

    def usable(self) -> tuple[int, ...]:
        """Return per column through how many of the rows an order can go now; rows not judged yet are left out."""
        counts = [block.usable for block in self._blocks.values() if block.usable]
        return tuple(map(sum, zip(*counts, strict=True))) if counts else (0,) * len(self.columns)

    def has_gap(self, row: int) -> bool:
        """Whether an order cannot go through every interface that takes orders; so it is until it was judged."""
        if not self.is_judged(row):
            return True
        pairs = zip(self.columns, self.looks(row), strict=False)
        return any(
            look.level is not Level.READY for column, look in pairs if column.interface is not Interface.FLEX
        )

    def _is_touched(self, block: _Block, now: float) -> bool:
        """Whether something that the block rests on is new or has grown stale."""
        if not block.ladders or now >= block.until:
            return True
        return not block.reads.isdisjoint(self._changed(block.facts))

    def _changed(self, before: Facts) -> frozenset[Read]:
        """Return what is new since `before`. Most blocks ask the same, so the last answer is kept."""
        kept = self._difference
        if kept is None or kept[0] is not before or kept[1] is not self._facts:
            kept = self._difference = (before, self._facts, difference(before.held, self._facts.held))
        return kept[2]


def difference(before: Mapping[Read, Held], now: Mapping[Read, Held]) -> frozenset[Read]:
    """Return every fact that was seen, seen again or dropped, and once more its kind for who asked for all of it."""
    if before is now:
        return frozenset()
    changed = {key for key, held in now.items() if before.get(key) is not held}
    changed |= {key for key in before if key not in now}
    return frozenset(changed | {(EVERY, name) for _, name in changed})
