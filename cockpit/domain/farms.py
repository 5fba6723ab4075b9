"""The data farms of one API socket: those the present session has spoken of, and those an earlier one knew."""

from __future__ import annotations

from msgspec import Struct

from cockpit.domain import kinds
from cockpit.domain.evidence import Seen
from cockpit.domain.facts import Facts
from cockpit.domain.plan import Socket

# Farm notices come with the handshake, which is noted as the session's begin a moment later.
_BEFORE_BEGIN = 5.0  # seconds
_BRANCH = "farm"  # of the subjects below a socket
_REMEMBERED = 7 * kinds.DAY  # how long a farm of an earlier session is missed


def farm_subject(socket: str, name: str) -> str:
    """Return the subject of the facts about the farm `name`, as the API socket with the subject `socket` sees it."""
    return f"{socket}/{_BRANCH}/{name}"


class Farms(Struct, frozen=True):
    """`now` are the farms of this session by name; `missed` those of an earlier one that it has not spoken of."""

    now: dict[str, Seen[str]]
    missed: tuple[str, ...]


def farms_of(facts: Facts, socket: Socket, now: float) -> Farms:
    """Read the farms of a socket. TWS speaks of a farm at the handshake and when it changes, never in between."""
    start = farm_subject(socket.subject, "")
    connected = facts.look(kinds.CONNECTED_AT, socket.subject)
    begin = connected.value - _BEFORE_BEGIN if connected is not None else float("-inf")
    current: dict[str, Seen[str]] = {}
    earlier: set[str] = set()
    for subject in facts.subjects(kinds.FARM, start):
        seen = facts.look(kinds.FARM, subject)
        if seen is None:
            continue
        name = subject.removeprefix(start)
        if seen.at >= begin and not seen.is_from_before:
            current[name] = seen
        elif now - seen.at <= _REMEMBERED:
            earlier.add(name)
    wanted = set(socket.farms) or earlier
    return Farms(current, tuple(sorted(wanted - set(current))))
