"""Published rows about interfaces, market data and ways to prove who you are. Read by an adapter."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from cockpit.domain.confidence import Availability, Confidence
from cockpit.domain.interface import Interface


class InterfaceRow(Struct, frozen=True):
    """What is published of one way in: how it is signed in to, how long that lasts, what a PC can see of it.

    `interface` is the program's own word for it; None for one that the cockpit does not watch. `hosts` are those
    of the sign-in, `ports` the customary local ones. Texts are empty when nothing is published.
    """

    key: str
    title: str
    purpose: str
    source: str
    as_of: str
    confidence: Confidence
    interface: Interface | None = None
    hosts: tuple[str, ...] = ()
    ports: tuple[int, ...] = ()
    second_factor: str = ""
    lifetime: str = ""
    ends: str = ""
    concurrency: str = ""
    read_only: str = ""
    seen_from_pc: str = ""
    network: str = ""
    docs: str = ""
    notes: str = ""


class Depth(StrEnum):
    """How much of the book a subscription shows."""

    TOP = "top of book"
    DEPTH = "depth"


class Subscription(Struct, frozen=True):
    """A market-data subscription: what it covers, what it costs a month, and whether the API may use it.

    Fees are texts in the broker's words, "" when not published. `needs` are keys of subscriptions that must be held
    as well; `api_note` says under which condition an API gets it.
    """

    key: str
    title: str
    covers: tuple[str, ...]
    depth: Depth
    api: Availability
    source: str
    as_of: str
    confidence: Confidence
    fee: str = ""  # for a non-professional
    fee_professional: str = ""
    waiver: str = ""
    needs: tuple[str, ...] = ()
    api_note: str = ""
    paper: Availability = Availability.UNKNOWN  # whether one paper user of the live user may share it
    notes: str = ""


class MarketDataRule(Struct, frozen=True):
    """A rule about market data; `value` is its figure as text, "" when it has none."""

    key: str
    subject: str
    sentence: str
    source: str
    as_of: str
    confidence: Confidence
    value: str = ""


class AuthKind(StrEnum):
    """What a row about signing in speaks of."""

    SECOND_FACTOR = "second factor"
    RECOVERY = "recovery"
    POLICY = "policy"
    TIME_BOUND = "time bound"
    EVIDENCE = "evidence"


class AuthMethod(Struct, frozen=True):
    """A way to prove who you are, or a rule about it. Texts are empty when nothing is published.

    `needs_phone` asks whether the phone must have a network; `window` is how long it counts or when it ends, and
    `seconds` the same in figures, one for each stage, counted from the beginning. `count` is how often, 0 not said.
    """

    key: str
    title: str
    kind: AuthKind
    sentence: str
    interfaces: tuple[Interface, ...]  # empty: not said
    source: str
    as_of: str
    confidence: Confidence
    needs_phone: Availability = Availability.UNKNOWN
    window: str = ""
    together: str = ""  # with which others it can be active
    withdrawals: str = ""  # how much may leave the account with it
    recovery: str = ""
    check: str = ""  # what a desk should look at
    notes: str = ""
    seconds: tuple[float, ...] = ()
    count: int = 0
