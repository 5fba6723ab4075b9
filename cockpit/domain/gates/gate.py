"""Gates and their answers, and the route whose ladder they are."""

from __future__ import annotations

import math
from enum import StrEnum

from msgspec import Struct

from cockpit.domain.evidence import Provenance
from cockpit.domain.interface import Interface
from cockpit.domain.level import Level, worst
from cockpit.domain.plan import Instrument, Ticket
from cockpit.domain.remedy import Remedy


class Gate(StrEnum):
    """The eleven conditions of an order, in the order in which it meets them."""

    IDENTITY = "identity"
    SECOND_FACTOR = "second factor"
    DEVICE = "device and address"
    SESSION = "session"
    INTERFACE = "interface offers it"
    ACCOUNT = "account type and margin"
    PERMISSION = "trading permission"
    ENTITY = "entity and region"
    MARKET_DATA = "market data"
    CONTRACT = "contract and venue"
    PRECAUTIONS = "precautions"


GATES = tuple(Gate)


class Column(Struct, frozen=True):
    """A way for an order: an interface, and for API sockets the name of the socket."""

    interface: Interface
    door: str = ""

    @property
    def key(self) -> str:
        """The name in subjects, files and tests, such as `tws-api/tws` or `ibkr-mobile`."""
        return f"{self.interface.value}/{self.door}" if self.door else self.interface.value


class Case(Struct, frozen=True):
    """One ticket through one column. `instrument` is what the ticket trades; for a combination its first leg."""

    ticket: Ticket
    instrument: Instrument
    column: Column
    legs: tuple[Instrument, ...] = ()
    account: str = ""  # the ticket's own, else the first one of the column's session; "" when not known


class GateAnswer(Struct, frozen=True):
    """What one gate says of a case: its level, why, on what evidence, how old, what to do.

    `at` is when the evidence was seen and `until` when it goes stale (UTC epoch seconds; None and infinity for what is
    published). `source` names the fact, the code or the catalogue's row; `quote` is the broker's own text.
    """

    gate: Gate
    level: Level
    sentence: str
    provenance: Provenance | None = None
    at: float | None = None
    until: float = math.inf
    source: str = ""
    remedy: Remedy | None = None
    quote: str = ""

    def age(self, now: float) -> float | None:
        """Seconds since the evidence was seen, never negative; None when there is none or it is published."""
        return None if self.at is None else max(0.0, now - self.at)


class Ladder(Struct, frozen=True):
    """All gates of one route, in order. Those after the first block are shown greyed: they do not count."""

    case: Case
    answers: tuple[GateAnswer, ...]

    @property
    def level(self) -> Level:
        """Blocked if and only if a gate blocks; else the worst."""
        return worst(answer.level for answer in self.answers)

    @property
    def first_block(self) -> GateAnswer | None:
        """The gate at which the order ends."""
        return next((answer for answer in self.answers if answer.level is Level.BLOCKED), None)

    @property
    def decisive(self) -> GateAnswer:
        """The gate that gives the route its level: the first block, else the first of the worst."""
        return self.first_block or max(self.answers, key=lambda answer: answer.level.rank)
