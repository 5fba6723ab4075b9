"""One sign-in at one interface: its stage, and the rows of the Sessions pane."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cockpit.domain.evidence import Provenance
from cockpit.domain.interface import Interface
from cockpit.domain.level import Level
from cockpit.domain.remedy import Remedy


class Stage(StrEnum):
    """How far a sign-in has come."""

    UNKNOWN = "unknown"
    ABSENT = "absent"
    REACHABLE = "reachable"
    SIGNING_IN = "signing in"
    SIGNED_IN = "signed in"
    TRADING = "trading"
    LIMITED = "limited"
    ENDED = "ended"


# Which stage may follow which: a session that ended must be seen reachable again before it trades.
ALLOWED: dict[Stage, frozenset[Stage]] = {
    Stage.UNKNOWN: frozenset(Stage),
    Stage.ABSENT: frozenset({Stage.UNKNOWN, Stage.ABSENT, Stage.REACHABLE}),
    Stage.REACHABLE: frozenset(
        {
            Stage.UNKNOWN,
            Stage.ABSENT,
            Stage.REACHABLE,
            Stage.SIGNING_IN,
            Stage.SIGNED_IN,
            Stage.TRADING,
            Stage.LIMITED,
        }
    ),
    Stage.SIGNING_IN: frozenset(set(Stage) - {Stage.ENDED}),
    Stage.SIGNED_IN: frozenset(Stage),
    Stage.TRADING: frozenset(Stage),
    Stage.LIMITED: frozenset(Stage),
    Stage.ENDED: frozenset({Stage.UNKNOWN, Stage.ENDED, Stage.ABSENT, Stage.REACHABLE}),
}


def may_follow(before: Stage, after: Stage) -> bool:
    """Whether a session may go from `before` to `after` in one step."""
    return after in ALLOWED[before]


@dataclass(frozen=True, slots=True)
class Session:
    """One sign-in as the Sessions pane shows it.

    `word` is the short state on the right ("Trading", "Signed in, not trading"), `lines` at most three lines of
    detail, `round_trip` seconds. `at` is when it was last confirmed, `since` since when it has held (UTC epoch
    seconds).
    """

    key: str
    interface: Interface
    title: str
    stage: Stage
    level: Level
    word: str
    lines: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    provenance: Provenance | None = None
    at: float | None = None
    since: float | None = None
    ends: float | None = None
    round_trip: float | None = None
    remedy: Remedy | None = None
    is_used: bool = True  # false: grey, never red: the desk does not use it
