"""What flows down to the screen: one immutable record, published at most once per frame."""

from __future__ import annotations

from msgspec import Struct

from cockpit.domain.catalogue import Playing
from cockpit.domain.custody.history import History
from cockpit.domain.facts import Facts
from cockpit.domain.notice import Notice
from cockpit.domain.plan import Plan
from cockpit.domain.readiness import HarmCount, Run
from cockpit.services.ports import StoredRun

_NOTHING_DONE = HarmCount()
_NO_CATALOGUE = Playing()
_NO_HISTORY = History()

# How a rehearsal ended.
ANSWERED = "answered"
REFUSED = "refused"
NO_ANSWER = "no answer"
NOT_POSSIBLE = "not possible"


class Rehearsal(Struct, frozen=True):
    """The newest what-if of one ticket. Money as the broker words it; `at` in UTC epoch seconds."""

    ticket: str
    at: float
    state: str  # one of the four above
    sentence: str
    initial_margin_change: str = ""
    maintenance_margin_change: str = ""
    commission: str = ""
    warning: str = ""
    code: int = 0


class Drill(Struct, frozen=True):
    """The newest record of a drill: when it was walked (UTC epoch seconds) and how long each step took, seconds."""

    key: str
    title: str
    at: float
    steps: tuple[tuple[str, float], ...]


class DeskState(Struct, frozen=True):
    """Everything the window shows: panes take this and the present, nothing else."""

    plan: Plan
    facts: Facts
    run: Run | None = None  # the newest run, growing while it runs
    last_green: StoredRun | None = None
    harm: HarmCount = _NOTHING_DONE
    notices: tuple[Notice, ...] = ()
    rehearsals: tuple[Rehearsal, ...] = ()
    earlier_rehearsals: tuple[Rehearsal, ...] = ()  # the last answered one before the newest, by ticket
    rehearsing: tuple[str, ...] = ()  # tickets that wait, the one under way or next first
    rehearses_at: str = ""  # HH:MM of the desk's zone at which they are repeated; empty: not
    drills: tuple[Drill, ...] = ()
    catalogue: Playing = _NO_CATALOGUE
    custody: History = _NO_HISTORY  # who has held trading and data, as far as anybody has seen
    round_trips: tuple[tuple[str, tuple[float, ...]], ...] = ()  # per session key, newest last, seconds
    vault: str = "not asked yet"  # where secrets live, in words
    restored_at: float | None = None  # when the facts shown at start were last seen
