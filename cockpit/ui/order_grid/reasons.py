"""Two lists with reasons: what cannot be sent from the phone, and what differs between two interfaces."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from cockpit.domain.gates.gate import Column, Ladder
from cockpit.domain.interface import Interface
from cockpit.domain.level import Level
from cockpit.ui.order_grid.looks import Look, counting, reason_of
from cockpit.ui.order_grid.rows import GridRow, column_titles
from cockpit.ui.order_grid.verdicts import Verdicts


class Saying(Struct, frozen=True):
    """What is said of one route."""

    level: Level
    text: str
    column: Column | None = None


class ReasonRow(Struct, frozen=True):
    """An order and what is said of two of its routes."""

    key: str
    title: str
    left: Saying
    right: Saying


NO_OTHER = Saying(Level.UNKNOWN, "No other way is known to go")


def _saying(ladder: Ladder, *, capability_only: bool, name: str = "") -> Saying:
    answers = counting(ladder, capability_only=capability_only)
    level = max((answer.level for answer in answers), key=lambda one: one.rank, default=Level.UNKNOWN)
    text = reason_of(ladder, capability_only=capability_only)
    return Saying(level, f"{name}: {text}" if name else text, ladder.case.column)


def not_from_the_phone(verdicts: Verdicts, shown: Iterable[GridRow]) -> tuple[ReasonRow, ...]:
    """Return every shown order that IBKR Mobile does not surely take, blocked ones first: why, and another way."""
    phone = next(
        (n for n, column in enumerate(verdicts.columns) if column.interface is Interface.MOBILE), None
    )
    if phone is None:
        return ()
    titles = column_titles(verdicts.columns)
    only = verdicts.capability_only
    found: list[ReasonRow] = []
    for place, row in _placed(verdicts, shown):
        looks = verdicts.known_looks(place)
        if not looks or looks[phone].level.is_usable:
            continue
        left = _saying(verdicts.ladder(place, phone), capability_only=only)
        other = best_other(verdicts, place, phone)
        right = NO_OTHER
        if other is not None:
            name = titles[verdicts.columns[other]]
            right = _saying(verdicts.ladder(place, other), capability_only=only, name=name)
        found.append(ReasonRow(row.key, row.title, left, right))
    return tuple(sorted(found, key=lambda row: -row.left.level.rank))


def differences(
    verdicts: Verdicts, shown: Iterable[GridRow], first: int, second: int
) -> tuple[ReasonRow, ...]:
    """Return every shown order that two columns do not answer alike, with both reasons."""
    only = verdicts.capability_only
    return tuple(
        ReasonRow(
            row.key,
            row.title,
            _saying(verdicts.ladder(place, first), capability_only=only),
            _saying(verdicts.ladder(place, second), capability_only=only),
        )
        for place, row in _placed(verdicts, shown)
        if (looks := verdicts.known_looks(place)) and not _is_alike(looks[first], looks[second])
    )


def _is_alike(one: Look, other: Look) -> bool:
    """Whether two routes end at the same gate with the same level."""
    return (one.level, one.word) == (other.level, other.word)


def best_other(verdicts: Verdicts, place: int, without: int) -> int | None:
    """Return the best column that can be used for a row, another than `without`; None when none can."""
    looks = verdicts.looks(place)
    usable = [n for n, look in enumerate(looks) if n != without and look.level.is_usable]
    return min(usable, key=lambda n: looks[n].level.rank, default=None)


def _placed(verdicts: Verdicts, shown: Iterable[GridRow]) -> Sequence[tuple[int, GridRow]]:
    return [(verdicts.places[row.key], row) for row in shown if row.key in verdicts.places]
