"""Everything known now: an immutable value, folded from observations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from cockpit.domain.evidence import Kind, Observation, Seen, V

LIVES_FOR_HOURS = 3600.0  # seconds; a kind of fact that is fresh for longer outlives a restart of the program


@dataclass(frozen=True, slots=True)
class Held:
    """The newest observation of one fact, and since when its value has been the same (UTC epoch seconds)."""

    observation: Observation
    since: float


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known, by subject and fact. `version` rises with every fold that changed something.

    What was seen up to `restored_until` (UTC epoch seconds) comes from an earlier start of the program. Of it only
    what lives for hours, such as a calendar, still counts as fresh: a session of then proves nothing now.
    """

    held: Mapping[tuple[str, str], Held] = field(default_factory=lambda: MappingProxyType({}))
    version: int = 0
    restored_until: float = float("-inf")

    def look(self, kind: Kind[V], subject: str) -> Seen[V] | None:
        """Return the newest value of `kind` for `subject`, fresh or not; None when never seen."""
        held = self.held.get((subject, kind.name))
        if held is None:
            return None
        value = held.observation.value
        if not isinstance(value, kind.type):
            return None
        seen = held.observation
        is_from_before = seen.at <= self.restored_until and kind.fresh_for < LIVES_FOR_HOURS
        return Seen(value, seen.at, held.since, seen.provenance, seen.note, kind.fresh_for, is_from_before)

    def fresh(self, kind: Kind[V], subject: str, now: float) -> Seen[V] | None:
        """Return the value only while it is fresh: what is stale is as good as never seen."""
        seen = self.look(kind, subject)
        return seen if seen is not None and seen.is_fresh(now) else None

    def subjects(self, kind: Kind[V], start: str = "") -> Iterator[str]:
        """Yield the subjects of which `kind` was ever seen, those that begin with `start`, sorted."""
        return iter(sorted(s for s, fact in self.held if fact == kind.name and s.startswith(start)))


def fold(facts: Facts, observations: Iterable[Observation]) -> Facts:
    """Return the facts after `observations`. An observation older than what is held changes nothing.

    One copy is made for the whole batch, so a burst of thousands costs little more than one.
    """
    held = dict(facts.held)
    changed = False
    for seen in observations:
        key = (seen.subject, seen.fact)
        before = held.get(key)
        if before is None:
            held[key] = Held(seen, seen.at)
        elif seen.at < before.observation.at:
            continue
        else:
            same = seen.value == before.observation.value and type(seen.value) is type(
                before.observation.value
            )
            held[key] = Held(seen, before.since if same else seen.at)
        changed = True
    return replace(facts, held=MappingProxyType(held), version=facts.version + 1) if changed else facts


def restored(observations: Iterable[Observation]) -> Facts:
    """Return facts that an earlier start of the program has left behind."""
    kept = tuple(observations)
    facts = fold(Facts(), kept)
    return replace(facts, restored_until=max((seen.at for seen in kept), default=float("-inf")))
