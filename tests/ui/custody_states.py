"""Custody ribbons to draw: a calm day, a day on which the phone took over, and a day of which little was seen."""

from __future__ import annotations

from cockpit.domain import kinds
from cockpit.domain.custody.history import History
from cockpit.domain.custody.ribbon import Ribbon, custody_ribbon, day_begin
from cockpit.domain.evidence import Observation
from cockpit.domain.kinds import Door, FeedState, PortalStage, Upstream
from tests.domain.custody_days import MINUTE, PLAN, START, beats, connected, day, door, feed, opened, taken

ZONE = "America/New_York"
MINUTES = 451.0  # from 01:00 to 08:31 in New York


def _feeds(start: int, end: int, every: int = 4) -> list[Observation]:
    return [feed(minute) for minute in range(start, end, every)]


def calm() -> Ribbon:
    """TWS since 06:12, prices looked at all the time."""
    return _ribbon(day(connected(312), *beats(312, 451), *_feeds(314, 451)))


def phone() -> Ribbon:
    """The phone is opened at 07:58: data go to it, then TWS is cut off; at 08:20 all is back."""
    return _ribbon(
        day(
            connected(300),
            *beats(300, 419),
            *_feeds(301, 417),
            opened(418, 440),
            taken(419),
            *beats(419, 425),
            *beats(425, 440, Upstream.DOWN),
            *beats(440, 451, Upstream.UP_DATA_LOST),
            taken(442, is_taken=False),
            *_feeds(442, 451),
        )
    )


def patchy() -> Ribbon:
    """TWS comes and goes, Client Portal trades for an hour, a price is refused."""
    gateway = [
        kinds.PORTAL_STAGE.seen("gateway", PortalStage.TRADING, START + (200 + at) * MINUTE)
        for at in range(60)
    ]
    return _ribbon(
        day(
            connected(20),
            *beats(20, 90),
            feed(40),
            door(90, Door.LOST),
            *gateway,
            kinds.PORTAL_STAGE.seen("gateway", PortalStage.COMPETING, START + 262 * MINUTE),
            connected(300),
            *beats(300, 330),
            feed(310, FeedState.COMPETING),
            door(330, Door.REFUSED),
        )
    )


def empty() -> Ribbon:
    """The program has just begun."""
    return Ribbon(START, START)


def _ribbon(history: History) -> Ribbon:
    now = START + MINUTES * MINUTE
    return custody_ribbon(history, PLAN, day_begin(history, ZONE, now), now)


RIBBONS = {"calm": calm, "phone": phone, "patchy": patchy, "empty": empty}
