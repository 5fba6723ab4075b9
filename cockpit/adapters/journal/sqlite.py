"""The append-only store (port: Journal): observations and runs in SQLite, written by a thread of its own."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import TypeVar

from cockpit.adapters.journal.migrations import JOURNAL
from cockpit.adapters.journal.opening import Store
from cockpit.adapters.journal.runs import Writer
from cockpit.adapters.journal.sqlite_library import Migrations
from cockpit.adapters.journal.thread import Scribe, Timings
from cockpit.adapters.journal.values import is_storable
from cockpit.domain.evidence import Observation
from cockpit.domain.readiness import Run
from cockpit.services.errors import JournalTrouble
from cockpit.services.ports import Clock, StoredRun

T = TypeVar("T")
log = logging.getLogger(__name__)


class SqliteJournal:
    """The journal of one profile. While it cannot write, observations wait (bounded) and nothing else stops.

    It opens by itself, in its thread, whatever is at `path`; what a trader should know about that, and any later
    trouble, is raised once by the next `append`, which takes the observations all the same.
    """

    def __init__(
        self,
        path: Path,
        writer: Writer,
        clock: Clock,
        timings: Timings | None = None,
        migrations: Migrations = JOURNAL,
    ) -> None:
        self._timings = timings or Timings()
        self._scribe = Scribe(path, writer, clock, self._timings, migrations)

    @property
    def trouble(self) -> JournalTrouble | None:
        """What keeps it from writing now; None when it writes."""
        return self._scribe.trouble

    def append(self, observations: Sequence[Observation]) -> None:
        """Take observations; they are written soon, in order. Never waits. Raises each JournalTrouble once.

        An observation whose value or time is not a number says nothing and is left out.
        """
        taken = [seen for seen in observations if is_storable(seen)]
        if len(taken) < len(observations):
            log.warning("%d observations without a number were not kept", len(observations) - len(taken))
        trouble = self._scribe.take(taken)
        if trouble is not None:
            raise trouble

    async def newest(self) -> Sequence[Observation]:
        """Return the newest observation of every subject and fact, each after the one that began its value.

        Folded in this order they give the facts with the moments since which they hold. Raises JournalTrouble.
        """
        return await self._ask(lambda store: store.facts.newest())

    async def since(self, facts: Collection[str], start: float) -> Sequence[Observation]:
        """Return what was seen of these facts from `start` (UTC epoch seconds) on, in order. Raises JournalTrouble."""
        return await self._ask(lambda store: store.facts.since(facts, start))

    async def write_run(self, run: Run) -> None:
        """Keep a run, finished or not; the same id replaces its own unfinished state.

        Raises JournalTrouble, and FinishedRun (a bug) for a run that was finished before.
        """
        await self._ask(lambda store: _writable(store).runs.keep(run, store.facts.last()))

    async def last_green(self) -> StoredRun | None:
        """Return the last run whose verdict was ready. Raises JournalTrouble."""
        return await self._ask(lambda store: store.runs.last_green())

    async def newest_runs(self, count: int) -> Sequence[StoredRun]:
        """Return the last runs, newest first; one without an end was never finished. Raises JournalTrouble."""
        return await self._ask(lambda store: store.runs.newest(count))

    async def first_altered_run(self) -> str | None:
        """Return the id of the first run that is not as it was written; None: all are. Raises JournalTrouble."""
        return await self._ask(lambda store: store.runs.first_altered())

    async def flush(self) -> None:
        """Return when everything appended so far is on disk. Raises JournalTrouble when it is not."""
        await self._ask(lambda store: None, after_writing=True)

    async def close(self) -> None:
        """Write what waits and close. Raises JournalTrouble when something could not be written in time."""
        closed = asyncio.shield(asyncio.wrap_future(self._scribe.close()))
        await self._answer(closed, self._timings.close, "did not close")

    async def _ask(self, do: Callable[[Store], T], *, after_writing: bool = False) -> T:
        asked = asyncio.wrap_future(self._scribe.ask(do, after_writing=after_writing))
        return await self._answer(asked, self._timings.answer, "did not answer")

    async def _answer(self, coming: asyncio.Future[T], seconds: float, what: str) -> T:
        try:
            return await asyncio.wait_for(coming, seconds)
        except TimeoutError:
            raise JournalTrouble(f"The journal {what} within {math.ceil(seconds)} s.") from None


def _writable(store: Store) -> Store:
    if not store.is_writable:
        raise store.trouble or JournalTrouble("The journal is only read.")
    return store
