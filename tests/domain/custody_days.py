"""Days of a desk as observations, for tests of custody: heartbeats every five seconds and what breaks them."""

from __future__ import annotations

from collections.abc import Iterator

from cockpit.domain import kinds
from cockpit.domain.custody.history import History, heard
from cockpit.domain.evidence import Observation, Provenance
from cockpit.domain.kinds import Door, FeedState, Upstream
from cockpit.domain.plan import Mode, Plan, Portal, Socket

START = 1793944800.0  # Friday 6 November 2026, 01:00 in New York
MINUTE = 60.0
TWS = "tws/tws"
PAPER = "tws/paper"
PLAN = Plan(sockets=(Socket(),), portal=Portal())
BOTH = Plan(sockets=(Socket(), Socket("paper", port=7497, mode=Mode.PAPER)), portal=Portal())


def beats(
    start: float, end: float, state: Upstream = Upstream.UP, subject: str = TWS
) -> Iterator[Observation]:
    """Yield what every heartbeat says between two moments, minutes from the start of the day."""
    at = START + start * MINUTE
    while at < START + end * MINUTE:
        yield kinds.UPSTREAM.seen(subject, state, at)
        yield kinds.DOOR.seen(subject, Door.OPEN, at)
        at += 5.0


def connected(minute: float, subject: str = TWS) -> Observation:
    """A session began."""
    return kinds.CONNECTED_AT.seen(subject, START + minute * MINUTE, START + minute * MINUTE)


def door(minute: float, state: Door, subject: str = TWS) -> Observation:
    """The door was tried."""
    return kinds.DOOR.seen(subject, state, START + minute * MINUTE)


def taken(minute: float, is_taken: bool = True, subject: str = TWS) -> Observation:
    """Code 10197, or live data again."""
    return kinds.DATA_TAKEN.seen(subject, is_taken, START + minute * MINUTE)


def feed(minute: float, state: FeedState = FeedState.LIVE, subject: str = TWS) -> Observation:
    """Somebody looked at a price."""
    return kinds.FEED.seen(f"{subject}/feed/SPX", state, START + minute * MINUTE)


def opened(minute: float, said_at: float) -> Observation:
    """The trader says at one minute that IBKR Mobile was opened at another."""
    return kinds.OPENED_AT.seen(
        "mobile", START + minute * MINUTE, START + said_at * MINUTE, Provenance.ATTESTED
    )


def day(*observations: Observation, minutes: float = 600.0) -> History:
    """Return the history of a day."""
    return heard(History(), observations, START + minutes * MINUTE)
