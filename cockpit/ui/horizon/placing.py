"""Where the marks of the time line stand: rows are stacked so that nothing ever covers anything else."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct

from cockpit.domain.evidence import Provenance
from cockpit.domain.level import Level
from cockpit.ui.glyphs import GLYPH

GAP = 10.0  # pixels between two marks of a row
_BESIDE = 5.0  # between a glyph and its label
_SHORTEST = 56.0  # of a label that is cut
_HALF = GLYPH / 2 + 1


class Mark(Struct, frozen=True):
    """One event as it is drawn: its stretch (UTC epoch seconds), and its label; without one it is but a tick."""

    key: str
    at: float
    until: float | None
    level: Level
    provenance: Provenance
    label: str
    is_hit: bool = False


class Placed(Struct, frozen=True):
    """A mark with its place: row 0 stands lowest; `x` is the middle of the glyph, the rest are pixels too.

    `begin` and `end` hold all that is drawn of it, `bar` is where its stretch ends; the label is cut to its room.
    """

    mark: Mark
    row: int
    x: float
    begin: float
    end: float
    bar: float
    label_at: float = 0.0
    label_room: float = 0.0

    @property
    def is_labelled(self) -> bool:
        """Whether its label is drawn."""
        return self.label_room > 0


def place(
    marks: Sequence[Mark],
    x_of: Callable[[float], float],
    width_of: Callable[[str], float],
    left: float,
    right: float,
    rows: int,
) -> tuple[tuple[Placed, ...], int]:
    """Place marks between `left` and `right` in at most `rows` rows, the worst first.

    A label for which no row has room is left out, and a mark for which none has even room for its glyph is only
    counted: returns those placed, in the order of time, and how many were not.
    """
    taken: list[list[tuple[float, float]]] = [[] for _ in range(max(0, rows))]
    found: list[Placed] = []
    lost = 0
    for mark in sorted(marks, key=lambda one: (-one.level.rank, one.at, one.key)):
        for shape in _shapes(mark, x_of, width_of, left, right):
            row = next((number for number, spans in enumerate(taken) if _is_free(spans, shape)), None)
            if row is not None:
                taken[row].append((shape.begin, shape.end))
                found.append(_in_row(shape, row))
                break
        else:
            lost += 1
    return tuple(sorted(found, key=lambda one: (one.mark.at, one.mark.key))), lost


def _in_row(shape: Placed, row: int) -> Placed:
    return Placed(
        shape.mark, row, shape.x, shape.begin, shape.end, shape.bar, shape.label_at, shape.label_room
    )


def _is_free(spans: Sequence[tuple[float, float]], shape: Placed) -> bool:
    return all(shape.end + GAP <= begin or end + GAP <= shape.begin for begin, end in spans)


def _shapes(
    mark: Mark, x_of: Callable[[float], float], width_of: Callable[[str], float], left: float, right: float
) -> list[Placed]:
    """Return the ways to draw a mark, the best first: label right, label left, label cut, glyph alone."""
    x = min(max(x_of(mark.at), left + _HALF), right - _HALF)
    bar = x if mark.until is None else max(x, min(x_of(mark.until), right))
    end = max(bar, x + _HALF)
    alone = Placed(mark, 0, x, x - _HALF, end, bar)
    wide = width_of(mark.label)
    after, before = x + _HALF + _BESIDE, x - _HALF - _BESIDE
    found = []
    if after + wide <= right:
        found.append(Placed(mark, 0, x, x - _HALF, max(end, after + wide), bar, after, wide))
    if before - wide >= left:
        found.append(Placed(mark, 0, x, before - wide, end, bar, before - wide, wide))
    if not found:
        room = max(right - after, before - left)
        if room >= _SHORTEST and right - after >= before - left:
            found.append(Placed(mark, 0, x, x - _HALF, max(end, after + room), bar, after, room))
        elif room >= _SHORTEST:
            found.append(Placed(mark, 0, x, left, end, bar, left, room))
    return [*found, alone]
