"""A journal in memory: what was given to it, and nothing on a disk."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from cockpit.domain.evidence import Observation
from cockpit.domain.readiness import Run
from cockpit.services.errors import JournalTrouble
from cockpit.services.ports import StoredRun


class FakeJournal:
    """Implements the Journal port. `runs` holds every state of a run that was to be kept."""

    def __init__(self) -> None:
        self.seen: list[Observation] = []
        self.runs: list[Run] = []
        self.trouble: JournalTrouble | None = None

    def append(self, observations: Sequence[Observation]) -> None:
        self.seen.extend(observations)

    async def newest(self) -> Sequence[Observation]:
        return self.seen

    async def since(self, facts: Collection[str], start: float) -> Sequence[Observation]:
        return [one for one in self.seen if one.fact in facts and one.at >= start]

    async def write_run(self, run: Run) -> None:
        self.runs.append(run)

    async def last_green(self) -> StoredRun | None:
        return None

    async def flush(self) -> None:
        return

    async def close(self) -> None:
        return
