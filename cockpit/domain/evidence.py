"""What was seen: observations with their provenance and time, and the kinds of fact they speak about."""

from __future__ import annotations

from enum import StrEnum
from typing import Generic, TypeAlias, TypeVar

from msgspec import Struct

Value: TypeAlias = bool | int | float | str | tuple[str, ...]
MOST_AHEAD = 5.0  # seconds that evidence may lie ahead of the present before a clock must have been wrong
V = TypeVar("V", bool, int, float, str, tuple[str, ...])


class Provenance(StrEnum):
    """Where a value comes from, strongest first."""

    MEASURED = "measured"  # a program answered
    ATTESTED = "attested"  # the trader said so
    INFERRED = "inferred"  # derived, with the rule named
    PUBLISHED = "published"  # the broker documents it


class Observation(Struct, frozen=True):
    """One thing seen: subject, fact, value, provenance and time (UTC epoch seconds).

    `note` names the code, rule or source behind it, for drill-down. Observations are only added, never edited.
    """

    subject: str
    fact: str
    value: Value
    provenance: Provenance
    at: float
    note: str = ""


class Kind(Struct, Generic[V], frozen=True):
    """A kind of fact: its name, the type of its value, and for how many seconds a value counts as fresh.

    `among` holds the words its value is one of; empty when any will do.
    """

    name: str
    type: type[V]
    fresh_for: float
    title: str
    among: frozenset[str] = frozenset()

    def seen(
        self,
        subject: str,
        value: V,
        at: float,
        provenance: Provenance = Provenance.MEASURED,
        note: str = "",
    ) -> Observation:
        """Make an observation of this kind. Its value is plain: an enum becomes text, a float stays a float."""
        if self.type is float:
            return Observation(subject, self.name, float(value), provenance, at, note)  # type: ignore[arg-type]
        if self.type is str:
            return Observation(subject, self.name, str(value), provenance, at, note)
        return Observation(subject, self.name, value, provenance, at, note)


class Seen(Struct, Generic[V], frozen=True):
    """The newest value of a fact, when it was last confirmed and since when it has held (UTC epoch seconds)."""

    value: V
    at: float
    since: float
    provenance: Provenance
    note: str
    fresh_for: float
    is_from_before: bool = False  # known from an earlier start: shown with its age, never counted as fresh

    def age(self, now: float) -> float:
        """Seconds since the value was last confirmed, never negative."""
        return max(0.0, now - self.at)

    def is_fresh(self, now: float) -> bool:
        """Whether the value is still within its budget. A value from the future is not: a clock is wrong."""
        return not self.is_from_before and -MOST_AHEAD <= now - self.at <= self.fresh_for
