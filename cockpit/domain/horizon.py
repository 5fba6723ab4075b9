"""Dated things that can hurt: what they are, when they come, whom they hit, and where they could be moved."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from cockpit.domain.evidence import Provenance
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


class HorizonEvent(Struct, frozen=True):
    """One dated thing. `at` and `until` in UTC epoch seconds; `until` None for a moment.

    `hits` are the titles of flows whose hours it falls into, `move` says what could be moved and where to ("" nothing).
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
