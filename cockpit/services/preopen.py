"""The pre-open run: one at a time, stopped by the trader or by the hard stop, kept in the journal."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from cockpit.domain.level import Level
from cockpit.domain.readiness import Run
from cockpit.services.errors import JournalTrouble
from cockpit.services.ports import Clock, Journal
from cockpit.services.questions import Reach
from cockpit.services.round import Round

HARD_STOP = 30.0  # seconds

log = logging.getLogger(__name__)


class PreOpen:
    """Runs the check. One run at a time; a second request while one goes on is ignored."""

    def __init__(
        self, reach: Reach, clock: Clock, new_id: Callable[[], str], journal: Journal | None = None
    ) -> None:
        self._reach = reach
        self._clock = clock
        self._new_id = new_id
        self._journal = journal
        self._task: asyncio.Task[Run] | None = None

    @property
    def is_running(self) -> bool:
        """Whether a run goes on."""
        return self._task is not None and not self._task.done()

    async def run(self, *, everything: bool = True) -> Run:
        """Run all checks, or those that were not ready last time; return the finished run.

        Cancelling the caller cancels the run. The hard stop ends it after 30 s with what has been answered.
        """
        if self._task is not None and not self._task.done():
            return await asyncio.shield(self._task)
        self._task = asyncio.create_task(self._run(everything=everything), name="pre-open check")
        try:
            return await asyncio.shield(self._task)
        except asyncio.CancelledError:
            self.cancel()
            raise

    def cancel(self) -> None:
        """Stop the running check; what was answered stays."""
        if self._task is not None:
            self._task.cancel()

    async def _run(self, *, everything: bool) -> Run:
        round_ = Round(self._reach, self._clock, self._new_id(), everything=everything)
        cancelled = stopped = False
        # Kept beside the lanes: a slow journal must neither delay the questions nor leave a run that never ends.
        kept = asyncio.create_task(self._keep(round_.record), name="keeping the begun run")
        going = asyncio.create_task(round_.go(), name="lanes")
        try:
            # Waited for from outside: the hard stop must hold even against a probe that ignores cancellation.
            done, _ = await asyncio.wait({going}, timeout=HARD_STOP)
            stopped = not done
        except asyncio.CancelledError:
            cancelled = True
        if going.done() and not going.cancelled() and (bug := going.exception()) is not None:
            round_.finish(cancelled=False, stopped=True)  # the record is closed, the loop's hook tells
            raise bug
        going.cancel()
        run = round_.finish(cancelled=cancelled, stopped=stopped)
        await kept
        await self._keep(run)
        if run.verdict is not None and run.verdict.level is Level.READY:
            await self._show_last_green()
        return run

    async def _keep(self, run: Run) -> None:
        if self._journal is None:
            return
        try:
            await self._journal.write_run(run)
        except JournalTrouble as trouble:
            log.warning("the run was not kept: %s", trouble.sentence)

    async def _show_last_green(self) -> None:
        if self._journal is None:
            return
        try:
            self._reach.desk.show_last_green(await self._journal.last_green())
        except JournalTrouble as trouble:
            log.warning("the last green run cannot be read: %s", trouble.sentence)
