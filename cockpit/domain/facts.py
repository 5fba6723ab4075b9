"""Everything known now: an immutable value, folded from observations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from cockpit.domain.evidence import Kind, Observation, Seen, V


@dataclass(frozen=True, slots=True)
class Held:
    """The newest observation of one fact, and since when its value has been the same (UTC epoch seconds)."""

    observation: Observation
    since: float


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known, by subject and fact. `version` rises with every fold that changed something."""

    held: Mapping[tuple[str, str], Held] = field(default_factory=lambda: MappingProxyType({}))
    version: int = 0

    def look(self, kind: Kind[V], subject: str) -> Seen[V] | None:
        """Return the newest value of `kind` for `subject`, fresh or not; None when never seen."""
        held = self.held.get((subject, kind.name))
        if held is None:
            return None
        value = held.observation.value
        if not isinstance(value, kind.type):
            return None
        seen = held.observation
        return Seen(value, seen.at, held.since, seen.provenance, seen.note, kind.fresh_for)

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
    return Facts(MappingProxyType(held), facts.version + 1) if changed else facts
