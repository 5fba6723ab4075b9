"""What flows down to the screen: one immutable record, published at most once per frame."""

from __future__ import annotations

from msgspec import Struct

from cockpit.domain.facts import Facts
from cockpit.domain.notice import Notice
from cockpit.domain.plan import Plan
from cockpit.domain.readiness import HarmCount, Run
from cockpit.services.ports import StoredRun

_NOTHING_DONE = HarmCount()


class Rehearsal(Struct, frozen=True):
    """The newest what-if of one ticket. Money as the broker words it; `at` in UTC epoch seconds."""

    ticket: str
    at: float
    state: str  # asked, answered, refused, no answer, not possible
    sentence: str
    initial_margin_change: str = ""
    commission: str = ""
    warning: str = ""
    code: int = 0


class DeskState(Struct, frozen=True):
    """Everything the window shows: panes take this and the present, nothing else."""

    plan: Plan
    facts: Facts
    run: Run | None = None  # the newest run, growing while it runs
    last_green: StoredRun | None = None
    harm: HarmCount = _NOTHING_DONE
    notices: tuple[Notice, ...] = ()
    rehearsals: tuple[Rehearsal, ...] = ()
    round_trips: tuple[tuple[str, tuple[float, ...]], ...] = ()  # per session key, newest last, seconds
    vault: str = "not asked yet"  # where secrets live, in words
    restored_at: float | None = None  # when the facts shown at start were last seen
