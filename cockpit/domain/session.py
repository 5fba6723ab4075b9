"""One sign-in at one interface: its stage, and the rows of the Sessions pane."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

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


class Session(Struct, frozen=True):
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
