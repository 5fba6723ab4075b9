"""One run of the pre-open check while it goes: lanes that wait for each other, and the growing record."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from msgspec.structs import replace

from cockpit.domain.checks.table import checks_for
from cockpit.domain.facts import Facts
from cockpit.domain.level import Level
from cockpit.domain.plan import Plan
from cockpit.domain.readiness import Check, Lane, LaneRun, Progress, Result, Run
from cockpit.domain.verdict import answer, verdict
from cockpit.services.errors import Trouble
from cockpit.services.ports import Clock
from cockpit.services.questions import Probe, Questions, Reach

KEEP_FOR = 600.0  # seconds for which a ready answer is carried into a re-run

log = logging.getLogger(__name__)


class Round:
    """One run while it goes: what to ask, who waits for whom, and the growing record."""

    def __init__(self, reach: Reach, clock: Clock, id_: str, *, everything: bool) -> None:
        self._desk = reach.desk
        self._clock = clock
        self._began = clock.monotonic()
        self._is_closed = False
        self._questions = Questions(reach, self)
        self._done: dict[Lane, asyncio.Event] = {lane: asyncio.Event() for lane in Lane}
        desk = reach.desk
        kept = (
            {}
            if everything or desk.run is None
            else _still_ready(desk.run, desk.facts, desk.plan, desk.now())
        )
        checks = checks_for(desk.plan, desk.facts, desk.catalogue)
        self._results = {check.id: kept.get(check.id, Result(check)) for check in checks}
        self._lanes = {lane: LaneRun(lane) for lane in Lane}
        self.record = Run(id_, desk.now())
        self._show()

    async def go(self) -> None:
        """Run every lane that has something to ask."""
        async with asyncio.TaskGroup() as group:
            for lane in Lane:
                group.create_task(self._lane(lane), name=f"lane {lane}")

    def finish(self, *, cancelled: bool, stopped: bool) -> Run:
        """Close the record: what has no answer says so, and the verdict is read."""
        self._is_closed = True
        self._questions.close()
        for id_, result in self._results.items():
            if result.progress is not Progress.DONE:
                self._results[id_] = replace(result, progress=Progress.CANCELLED)
        record = self._record()
        self.record = replace(
            record,
            ended=self._desk.now(),
            seconds=self._elapsed(),
            cancelled=cancelled,
            stopped=stopped,
            verdict=verdict(record.results, self._desk.plan),
        )
        self._desk.show_run(self.record)
        return self.record

    async def _lane(self, lane: Lane) -> None:
        if lane.after is not None:
            await self._done[lane.after].wait()
        try:
            if lane is Lane.ACCOUNT or lane is Lane.CAPABILITY or lane is Lane.FEED:
                self._refresh_lines()
            if any(result.progress is not Progress.DONE for result in self._of(lane)):
                await self._ask(lane)
        finally:
            self._done[lane].set()

    async def _ask(self, lane: Lane) -> None:
        self._lanes[lane] = replace(self._lanes[lane], started=self._elapsed())
        self._mark(lane, Progress.RUNNING)
        asked = self.open_checks(lane)
        probes = [probe for probe in self._questions.of(lane) if any(probe.covers(check) for check in asked)]
        timed_out = False
        try:
            async with asyncio.timeout(lane.budget), asyncio.TaskGroup() as group:
                for probe in probes:
                    group.create_task(self._probe(lane, probe), name=f"{lane} {probe.name}")
        except TimeoutError:
            timed_out = True
        self._judge(lane, lambda check: True)
        self._lanes[lane] = replace(self._lanes[lane], ended=self._elapsed(), timed_out=timed_out)
        self._show()

    async def _probe(self, lane: Lane, probe: Probe) -> None:
        try:
            await probe.run()
        except Trouble as trouble:
            log.info("%s, %s: %s", lane, probe.name, trouble.sentence)
        self._judge(lane, probe.covers)

    def open_checks(self, lane: Lane) -> list[Check]:
        """Return the checks of a lane that have no answer yet."""
        return [r.check for r in self._of(lane) if r.progress is not Progress.DONE]

    def result(self, id_: str) -> Result | None:
        """Return one result of the run."""
        return self._results.get(id_)

    async def lane_done(self, lane: Lane) -> None:
        """Return when a lane has ended."""
        await self._done[lane].wait()

    def _of(self, lane: Lane) -> list[Result]:
        return [result for result in self._results.values() if result.check.lane is lane]

    def _refresh_lines(self) -> None:
        """Add the lines of accounts that have become known since the run began."""
        checks = checks_for(self._desk.plan, self._desk.facts, self._desk.catalogue)
        self._results = {check.id: self._results.get(check.id, Result(check)) for check in checks}

    def _mark(self, lane: Lane, progress: Progress) -> None:
        for result in self._of(lane):
            if result.progress is not Progress.DONE:
                self._results[result.check.id] = replace(result, progress=progress)
        self._show()

    def _judge(self, lane: Lane, covers: Callable[[Check], bool]) -> None:
        """Judge the open checks of `lane` that are covered, parents before children as the table lists them."""
        started = self._lanes[lane].started or 0.0
        desk = self._desk
        for result in self._of(lane):
            if result.progress is Progress.DONE or not covers(result.check):
                continue
            finding = answer(result.check, self._results, desk.facts, desk.plan, desk.now())
            seconds = max(0.0, self._elapsed() - started)
            self._results[result.check.id] = Result(result.check, Progress.DONE, finding, seconds)
        self._show()

    def _record(self) -> Run:
        return replace(self.record, results=tuple(self._results.values()), lanes=tuple(self._lanes.values()))

    def _show(self) -> None:
        if self._is_closed:
            return  # an answer that comes after the end changes nothing
        self.record = self._record()
        self._desk.show_run(self.record)

    def _elapsed(self) -> float:
        return self._clock.monotonic() - self._began


def _still_ready(run: Run, facts: Facts, plan: Plan, now: float) -> dict[str, Result]:
    """Return the results that a re-run keeps: ready on evidence of the last ten minutes, or never to be asked.

    Each is judged once more: what has been seen since the run may say otherwise, and a door that has closed in the
    meantime must not stay ready because nobody asks it again.
    """
    kept: dict[str, Result] = {}
    for result in run.results:
        if result.finding is None:
            continue
        finding = result.check.judge(facts, plan, now)
        age = finding.age(now)
        was_ready = result.level is Level.READY
        is_ready = finding.level is Level.READY and age is not None and age <= KEEP_FOR
        needs = result.check.needs
        is_kept_back = result.finding.not_tested and finding.not_tested
        is_settled = is_kept_back and bool(needs) and all(need in kept for need in needs)
        if (was_ready and is_ready) or is_settled:
            kept[result.check.id] = replace(result, finding=finding)
    return kept
