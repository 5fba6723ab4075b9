"""Dated things that can hurt: what they are, when they come, whom they hit, and where they could be moved."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from cockpit.domain.evidence import Provenance
from cockpit.domain.interface import Interface
from cockpit.domain.level import Level


class HorizonKind(StrEnum):
    """What sort of clock runs out."""

    SESSION = "session end"
    RESTART = "restart"
    MAINTENANCE = "maintenance"
    TOKEN = "token"
    ROTATION = "rotation"
    CERTIFICATE = "certificate"
    FACTOR = "second factor"
    DATA = "market data"
    MARKET = "market hours"
    CLOCK = "clock change"
    BUILD = "build"


def series_key(key: str) -> str:
    """Return the part of an event's key that names its clock."""
    return key.rpartition("@")[0]


class Shift(StrEnum):
    """What a desk can do about the hour of a clock."""

    FIXED = "fixed"  # the broker, a venue or a government sets it
    RENEW = "renew"  # the clock starts anew when somebody signs in or renews
    SET = "set"  # the desk chooses the time of day


class HorizonEvent(Struct, frozen=True):
    """One dated thing. `at` and `until` in UTC epoch seconds; `until` None for a moment.

    `hits` are the titles of flows whose hours it falls into, `move` says what could be moved and where to ("" nothing).
    Events of one clock that strikes again and again share what stands before the last `@` of their keys.
    `interfaces` are those it touches (none: it is no matter of one), `seen` is when its evidence was last confirmed.
    `unjudged` are the venues whose hours nobody knows for its time: whether it falls into them cannot be said.
    """

    key: str
    title: str
    kind: HorizonKind
    at: float
    until: float | None = None
    level: Level = Level.READY
    sentence: str = ""
    provenance: Provenance = Provenance.PUBLISHED
    source: str = ""
    hits: tuple[str, ...] = ()
    move: str = ""
    interfaces: tuple[Interface, ...] = ()
    shift: Shift = Shift.FIXED
    seen: float | None = None
    unjudged: tuple[str, ...] = ()

    @property
    def series(self) -> str:
        """The clock it belongs to."""
        return series_key(self.key)

    @property
    def ends(self) -> float:
        """When it is over: `until`, or the moment itself."""
        return self.at if self.until is None else self.until
