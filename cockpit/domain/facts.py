"""Everything known now: an immutable value, folded from observations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Protocol

from msgspec import Struct, field
from msgspec.structs import replace

from cockpit.domain.evidence import MOST_AHEAD, Kind, Observation, Seen, V

LIVES_FOR_HOURS = 3600.0  # seconds; a kind of fact that is fresh for longer outlives a restart of the program


class FactsView(Protocol):
    """The reading half of Facts. A view may note what was read, so that only that must be judged again."""

    def look(self, kind: Kind[V], subject: str) -> Seen[V] | None:
        """Return the newest value of `kind` for `subject`, fresh or not; None when never seen."""

    def fresh(self, kind: Kind[V], subject: str, now: float) -> Seen[V] | None:
        """Return the value only while it is fresh."""

    def subjects(self, kind: Kind[V], start: str = "") -> Iterator[str]:
        """Yield the subjects of which `kind` was ever seen, those that begin with `start`, sorted."""


class Held(Struct, frozen=True):
    """The newest observation of one fact, and since when its value has been the same (UTC epoch seconds).

    `since_start` leaves out what an earlier start of the program saw: None while nothing was seen since.
    """

    observation: Observation
    since: float
    since_start: float | None


class Facts(Struct, frozen=True):
    """All that is known, by subject and fact. `version` rises with every fold that changed something.

    Of what an earlier start of the program has seen, only what lives for hours, such as a calendar, still counts as
    fresh: a session of then proves nothing now, and nobody knows whether it held in between.
    """

    held: Mapping[tuple[str, str], Held] = field(default_factory=lambda: MappingProxyType({}))
    version: int = 0

    def look(self, kind: Kind[V], subject: str) -> Seen[V] | None:
        """Return the newest value of `kind` for `subject`, fresh or not; None when never seen."""
        held = self.held.get((subject, kind.name))
        if held is None:
            return None
        value = held.observation.value
        if not isinstance(value, kind.type) or (kind.among and value not in kind.among):
            return None  # another version of the program may have written words that this one does not know
        seen, start = held.observation, held.since_start
        if kind.fresh_for >= LIVES_FOR_HOURS:
            return Seen(value, seen.at, held.since, seen.provenance, seen.note, kind.fresh_for)
        since = held.since if start is None else start
        return Seen(value, seen.at, since, seen.provenance, seen.note, kind.fresh_for, start is None)

    def fresh(self, kind: Kind[V], subject: str, now: float) -> Seen[V] | None:
        """Return the value only while it is fresh: what is stale is as good as never seen."""
        seen = self.look(kind, subject)
        return seen if seen is not None and seen.is_fresh(now) else None

    def subjects(self, kind: Kind[V], start: str = "") -> Iterator[str]:
        """Yield the subjects of which `kind` was ever seen, those that begin with `start`, sorted."""
        return iter(sorted(s for s, fact in self.held if fact == kind.name and s.startswith(start)))


def fold(facts: Facts, observations: Iterable[Observation], now: float = float("inf")) -> Facts:
    """Return the facts after `observations`. An observation older than what is held changes nothing.

    What is held from the future of `now` (UTC epoch seconds) gives way: the clock was ahead when it was seen and has
    been set right since, and until then nothing new would ever be believed.
    One copy is made for the whole batch, so a burst of thousands costs little more than one.
    """
    held = dict(facts.held)
    changed = False
    for seen in observations:
        key = (seen.subject, seen.fact)
        before = held.get(key)
        if before is None or before.observation.at > now + MOST_AHEAD:
            held[key] = Held(seen, seen.at, seen.at)
        elif seen.at < before.observation.at:
            continue
        else:
            known = before.observation.value
            if seen.value == known and type(seen.value) is type(known):
                start = seen.at if before.since_start is None else before.since_start
                held[key] = Held(seen, before.since, start)
            else:
                held[key] = Held(seen, seen.at, seen.at)
        changed = True
    return replace(facts, held=MappingProxyType(held), version=facts.version + 1) if changed else facts


def restored(observations: Iterable[Observation]) -> Facts:
    """Return facts that an earlier start of the program has left behind."""
    facts = fold(Facts(), observations)
    held = {key: replace(one, since_start=None) for key, one in facts.held.items()}
    return replace(facts, held=MappingProxyType(held))
