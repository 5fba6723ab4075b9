"""How long the TWS adapter waits for each kind of answer: overall deadlines in seconds, never per read."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import fields

LONGEST = 60.0
"""No wait may be longer: a finished wait keeps its timer in the loop until it would have ended."""


class Timeouts(Struct, frozen=True):
    """Seconds. Raises ValueError for a value that is not above 0 and at most LONGEST."""

    connect: float = 2.0  # until the TCP connection stands
    handshake: float = 2.5  # from then until accounts and next id have come, for one client id
    client_ids: float = 8.0  # for the whole walk through the range of client ids
    beat: float = 4.0
    bulletins: float = 0.6  # there is no end mark: bulletins and farm notices that come, come at once
    summary: float = 4.0
    families: float = 2.0
    orders: float = 4.0
    details: float = 4.0
    listing: float = 1.5  # the same contract once more at its listing exchange; nothing waits for it
    feed: float = 3.0
    what_if: float = (
        10.0  # a refusal may come half a second after the first part; a quiet market may never answer
    )
    goodbye: float = 0.5  # for the last bytes when a session is closed

    def __post_init__(self) -> None:
        """Refuse a wait that would never end."""
        for field in fields(self):
            value = getattr(self, field.name)
            if not 0.0 < value <= LONGEST:
                raise ValueError(f"{field.name} must be above 0 and at most {LONGEST:g} seconds")
