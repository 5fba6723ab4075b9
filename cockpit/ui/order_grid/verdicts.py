"""The verdicts of all cells, judged block by block: at once what is on screen, the rest between two frames."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.domain.gates.gate import Column, Ladder
from cockpit.domain.interface import Interface
from cockpit.domain.level import Level
from cockpit.domain.plan import Plan
from cockpit.ui.order_grid.judging import Judge
from cockpit.ui.order_grid.looks import Look, look_of
from cockpit.ui.order_grid.rows import GridRow, case_of

BLOCK = 4  # rows that are judged together: so few that no frame is missed for them


class _Block:
    """How some rows look, and when that was judged."""

    def __init__(self) -> None:
        self.turn = 0
        self.looks: tuple[tuple[Look, ...], ...] = ()
        self.usable: tuple[int, ...] = ()  # per column, of how many rows

    def take(self, looks: tuple[tuple[Look, ...], ...]) -> None:
        """Look like this from now on."""
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
        self._turn = 0
        self._blocks: dict[int, _Block] = {}
        self._same_looks: dict[Look, Look] = {}
        self._same_rows: dict[
            tuple[Look, ...], tuple[Look, ...]
        ] = {}  # equal looks and rows of looks are kept once

    def due(self) -> list[int]:
        """Return the blocks that the present world has not judged yet, those first that were judged last."""
        stale = [number for number in range(-(-len(self.rows) // BLOCK)) if not self.is_current(number)]
        return sorted(stale, key=self._judged_in, reverse=True)

    def first_due(self, rows: Sequence[int]) -> int | None:
        """Return the first block below these rows that the present world has not judged; None when all are."""
        return next((row // BLOCK for row in rows if not self.is_current(row // BLOCK)), None)

    def _judged_in(self, number: int) -> int:
        block = self._blocks.get(number)
        return block.turn if block is not None else 0

    def see_again(self) -> None:
        """Learn that the judge has seen a new world; nothing is judged yet."""
        self._turn += 1

    def count_capability_only(self, *, capability_only: bool) -> None:
        """Leave the gates of the session out, or let them count again."""
        self.capability_only = capability_only
        self._blocks.clear()

    def is_current(self, number: int) -> bool:
        """Whether a block was judged by the present world."""
        block = self._blocks.get(number)
        return block is not None and block.turn == self._turn

    def is_judged(self, row: int) -> bool:
        """Whether the block of a row was ever judged."""
        return row // BLOCK in self._blocks

    def judge(self, number: int) -> tuple[int, ...]:
        """Judge a block by the present world and return the rows that look different now."""
        if self.is_current(number):
            return ()
        block = self._blocks.setdefault(number, _Block())
        first = number * BLOCK
        looks = tuple(self._looks(row) for row in self.rows[first : first + BLOCK])
        before, block.turn = block.looks, self._turn
        block.take(looks)
        if not before:
            return tuple(range(first, first + len(looks)))
        pairs = zip(before, looks, strict=True)
        return tuple(first + place for place, (old, new) in enumerate(pairs) if old != new)

    def _looks(self, row: GridRow) -> tuple[Look, ...]:
        only, same = self.capability_only, self._same_looks
        looks: list[Look] = []
        for column in self.columns:
            look = look_of(self._judge.ladder(case_of(row, column, self._plan)), capability_only=only)
            looks.append(same.setdefault(look, look))
        found = tuple(looks)
        return self._same_rows.setdefault(found, found)

    def looks(self, row: int) -> tuple[Look, ...]:
        """Return how the cells of a row look; the row is judged first if it never was."""
        number, place = divmod(row, BLOCK)
        if number not in self._blocks:
            self.judge(number)
        block = self._blocks.get(number)
        return block.looks[place] if block is not None and block.looks else ()

    def known_looks(self, row: int) -> tuple[Look, ...]:
        """Return how the cells of a row looked when last judged; none when they never were. Judges nothing."""
        number, place = divmod(row, BLOCK)
        block = self._blocks.get(number)
        return block.looks[place] if block is not None and block.looks else ()

    def ladder(self, row: int, column: int) -> Ladder:
        """Return the ladder of one cell, judged by the present world."""
        return self._judge.ladder(case_of(self.rows[row], self.columns[column], self._plan))

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
