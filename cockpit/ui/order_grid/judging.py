"""How the grid has its routes judged: what gates ask alike is asked once, and again only when it matters."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from typing import Protocol

from cockpit.domain import kinds
from cockpit.domain.facts import Facts, Held
from cockpit.domain.gates.gate import Case, Gate, GateAnswer, Ladder
from cockpit.domain.gates.notes import EVERY, Notes, Read
from cockpit.domain.gates.refusals import order_of, refused_order, with_refusals
from cockpit.domain.gates.table import GATE_TABLE, GateRow
from cockpit.domain.gates.world import World

HOLDS = 5.0  # seconds after which an answer is asked for again though nothing new was seen: some know the time of day
_MOST = (
    200_000  # answers kept; a desk has some thousand, and what a trader no longer looks at should not stay
)


class Judge(Protocol):
    """Judges routes in the world that it was shown last."""

    def see(self, facts: Facts, world: World) -> None:
        """Learn of a new world. `world.facts` are these facts or a view of them."""

    def ladder(self, case: Case) -> Ladder:
        """Return the ladder of a route."""


class _Answer:
    """What a gate said, what was read for it, and until when it holds."""

    __slots__ = ("answer", "facts", "reads", "turn", "until")

    def __init__(
        self, answer: GateAnswer, reads: frozenset[Read], until: float, facts: Facts, turn: int
    ) -> None:
        self.answer = answer
        self.reads = reads
        self.until = until
        self.facts = facts
        self.turn = turn


class SharedJudge:
    """Keeps every answer of a gate by what it depends on. Its ladders are those of `ladder`, only sooner."""

    def __init__(self) -> None:
        self._facts = Facts()
        self._notes = Notes(self._facts, 0.0)
        self._world: World | None = None
        self._turn = 0
        self._kept: dict[tuple[Gate, Hashable], _Answer] = {}
        self._said: frozenset[str] = frozenset()  # orders and tickets that the broker itself has spoken of
        self._difference: tuple[Facts, Facts, frozenset[Read]] | None = None

    def see(self, facts: Facts, world: World) -> None:
        before = self._world
        if before is not None and (before.plan is not world.plan or before.catalogue is not world.catalogue):
            self._kept.clear()
        if len(self._kept) > _MOST or (before is not None and world.now < before.now):
            self._kept.clear()
        self._facts = facts
        self._notes = Notes(facts, world.now)
        self._world = World(self._notes, world.plan, world.catalogue, world.now)
        self._turn += 1
        subjects = (*facts.subjects(kinds.REFUSED_CODE), *facts.subjects(kinds.PREVIEWED))
        self._said = frozenset(found[1] for one in subjects if (found := order_of(one)) is not None)

    def ladder(self, case: Case) -> Ladder:
        world = self._world
        if world is None:
            raise RuntimeError("no world was seen yet")
        answers = tuple(self._answer(row, case, world) for row in GATE_TABLE)
        if case.ticket.key in self._said or refused_order(case) in self._said:
            answers = with_refusals(world, case, answers)
        return Ladder(case, answers)

    def _answer(self, row: GateRow, case: Case, world: World) -> GateAnswer:
        key = (row.gate, row.key(case))
        kept = self._kept.get(key)
        if kept is not None and (kept.turn == self._turn or self._still_holds(kept, world.now)):
            kept.turn = self._turn
            return kept.answer
        self._notes.begin()
        answer = row.judge(world, case)
        reads, turns = self._notes.end()
        ends = answer.until if answer.until > world.now else math.inf
        until = min(turns, ends, world.now + HOLDS)
        self._kept[key] = _Answer(answer, frozenset(reads), until, self._facts, self._turn)
        return answer

    def _still_holds(self, kept: _Answer, now: float) -> bool:
        return now < kept.until and kept.reads.isdisjoint(self._changed(kept.facts))

    def _changed(self, before: Facts) -> frozenset[Read]:
        """Return what is new since `before`. Most ask the same, so the last answer is kept."""
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
