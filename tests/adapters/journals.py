"""What the journal's tests share: a clock that stands, journals with short waits, runs in every state."""

from __future__ import annotations

import asyncio
import multiprocessing
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from cockpit.adapters.journal.runs import Writer
from cockpit.adapters.journal.sqlite import SqliteJournal
from cockpit.adapters.journal.thread import Timings
from cockpit.domain.evidence import Observation, Provenance, Value
from cockpit.domain.facts import Facts
from cockpit.domain.level import Level
from cockpit.domain.plan import Plan
from cockpit.domain.readiness import (
    Check,
    Finding,
    FlowVerdict,
    Lane,
    LaneRun,
    Progress,
    Reason,
    Result,
    Run,
    Verdict,
)
from cockpit.domain.remedy import Remedy
from cockpit.services.errors import JournalTrouble

if sys.platform == "win32":
    PROCESSES = multiprocessing.get_context("spawn")
else:
    # Forked off a process that has imported everything already: twenty killed ones cost three seconds.
    PROCESSES = multiprocessing.get_context("forkserver")
    PROCESSES.set_forkserver_preload(
        ["tests.adapters.journals", "cockpit.adapters.profile.instance", "pytest"]
    )

T = TypeVar("T")

WRITER = Writer("0.1.0", "2026-11")
SHORT = Timings(batch=0.0, busy=0.02, retry=0.01, longest_retry=0.02)


@dataclass(slots=True)
class StandingClock:
    """A clock that stands until it is set."""

    time: float = 1_800_000_000.0

    def now(self) -> float:
        return self.time

    def monotonic(self) -> float:
        return self.time


def open_journal(path: Path, timings: Timings = SHORT, writer: Writer = WRITER) -> SqliteJournal:
    """A journal with short waits at `path`."""
    return SqliteJournal(path, writer, StandingClock(), timings)


def with_journal(path: Path, use: Callable[[SqliteJournal], Awaitable[T]], timings: Timings = SHORT) -> T:
    """Open a journal, use it, close it."""

    async def life() -> T:
        journal = open_journal(path, timings)
        try:
            return await use(journal)
        finally:
            await journal.close()

    return asyncio.run(life())


def seen(
    fact: str = "door",
    value: Value = "open",
    at: float = 1_800_000_000.0,
    subject: str = "tws/tws",
    note: str = "",
) -> Observation:
    """An observation."""
    return Observation(subject, fact, value, Provenance.MEASURED, at, note)


def append(journal: SqliteJournal, observations: list[Observation]) -> list[str]:
    """Append, and return what the journal wanted to be told with it."""
    try:
        journal.append(observations)
    except JournalTrouble as trouble:
        return [trouble.sentence]
    return []


def troubles_of(journal: SqliteJournal) -> list[str]:
    """Everything the journal wants to be told now."""
    sentences: list[str] = []
    while told := append(journal, []):
        sentences += told
    return sentences


def never_judged(facts: Facts, plan: Plan, now: float) -> Finding:
    raise AssertionError("a stored check is not judged")


def check(name: str) -> Check:
    """A check of the handshake lane."""
    return Check(name, Lane.HANDSHAKE, f"Is {name} well?", never_judged)


def run(
    name: str, level: Level = Level.READY, *, ended: float | None = 1_800_000_009.5, cancelled: bool = False
) -> Run:
    """A run with one answered and one waiting check; not finished when `ended` is None."""
    answered = Finding(
        level,
        "session up, 178",
        Provenance.MEASURED,
        at=1_800_000_001.25,
        since=1_799_999_000.0,
        remedy=Remedy("Sign in", "reconnect"),
        diagnosis="api-off",
        detail="three lines",
    )
    verdict = Verdict(
        level,
        f"All is {level}",
        (FlowVerdict("fx-gap", "Check an overnight FX gap", level, "can"),),
        (Reason("door", "Is door well?", level, "session up, 178", Remedy("Sign in")),),
    )
    return Run(
        id=name,
        started=1_800_000_000.0,
        results=(Result(check("door"), Progress.DONE, answered, 0.25), Result(check("farms"))),
        lanes=(LaneRun(Lane.HANDSHAKE, 0.1, 0.4),),
        ended=ended,
        seconds=9.5,
        cancelled=cancelled,
        verdict=None if ended is None else verdict,
    )
