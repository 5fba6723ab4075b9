"""Is the venue open now, and does that matter to this order."""

from __future__ import annotations

from msgspec.structs import replace

from cockpit.domain.catalogue import OrderGroup, OrderType
from cockpit.domain.evidence import Seen
from cockpit.domain.gates.gate import Case, Gate, GateAnswer
from cockpit.domain.gates.reading import OVERNIGHT_VENUE, Reading, SocketTold
from cockpit.domain.gates.weighing import Voice, published, voice, weigh
from cockpit.domain.level import Level
from cockpit.domain.remedy import Remedy

_AT_ONCE = frozenset({"IOC", "FOK"})
_OVERNIGHT_TIMES = frozenset({"OVERNIGHT", "OVT", "OND", "OVERNIGHT+DAY"})
_WAIT = Remedy("Wait for the open, or use a time in force that waits.")
_LIMIT = Remedy("Send a day limit, or wait for regular hours.")


def wants_overnight(reading: Reading, case: Case) -> bool:
    """Whether the order is meant for the overnight venue."""
    ticket = case.ticket
    return reading.instrument.exchange == OVERNIGHT_VENUE or ticket.time_in_force.upper() in _OVERNIGHT_TIMES


def hours(reading: Reading, case: Case, row: OrderType | None) -> list[GateAnswer]:
    """Outside hours an order waits, unless it must fill at once; a stop may sleep until regular hours."""
    said: list[Voice] = []
    for told in reading.sockets:
        until = told.open_until
        if until is None or _have_turned(told, reading.now):
            continue
        is_open = until.value > reading.now
        if not is_open and case.ticket.time_in_force.upper() in _AT_ONCE:
            said.append(_say(Level.BLOCKED, "Closed: an order that fills at once or not at all has no market",
                             until, reading, told, _WAIT))  # fmt: skip
            continue
        regular = told.regular_until
        if is_open and regular is not None and regular.value <= reading.now and not case.ticket.outside_hours:
            level = Level.LIMITED if row is not None and row.group is OrderGroup.STOP else Level.READY
            said.append(_say(level, "Outside regular hours: without the flag it sleeps until they begin",
                             regular, reading, told, None))  # fmt: skip
            continue
        words = "The venue is open" if is_open else "The venue is closed: the order waits for the open"
        said.append(_say(Level.READY, words, until, reading, told, None))
    return [weigh(Gate.CONTRACT, said, "")] if said else []


def overnight(reading: Reading, case: Case) -> list[GateAnswer]:
    """The overnight venue takes day limits in eligible stocks, at night only (seen at the TWS API)."""
    parts: list[GateAnswer] = []
    if case.ticket.order_type.upper() != "LMT":
        words = "The overnight venue takes limit orders only"
        parts.append(weigh(Gate.CONTRACT, [published(Level.BLOCKED, words, "overnight venue", _LIMIT)], ""))
    said: list[Voice] = []
    rules = reading.gateway
    if rules is not None and rules.overnight is not None:
        can = rules.overnight.value
        level = Level.READY if can else Level.BLOCKED
        words = f"It {'trades' if can else 'does not trade'} overnight"
        cure = None if can else _LIMIT
        said.append(
            voice(
                level,
                words,
                rules.overnight,
                reading.now,
                "contract rules",
                cure,
                inferred=rules.is_elsewhere,
            )
        )
    for told in reading.sockets:
        if told.venues is not None and told.venues.value:
            can = OVERNIGHT_VENUE in told.venues.value
            level = Level.READY if can else Level.BLOCKED
            words = f"The overnight venue is {'' if can else 'not '}among its venues"
            said.append(_say(level, words, told.venues, reading, told, None if can else _LIMIT))
    parts.append(weigh(Gate.CONTRACT, said, "Whether it trades overnight was not looked up"))
    clock = [
        _say(
            Level.READY if told.overnight_until.value > reading.now else Level.BLOCKED,
            "The overnight venue is open"
            if told.overnight_until.value > reading.now
            else "The overnight venue is closed",
            told.overnight_until,
            reading,
            told,
            None if told.overnight_until.value > reading.now else _WAIT,
        )
        for told in reading.sockets
        if told.overnight_until is not None
    ]
    parts.append(weigh(Gate.CONTRACT, clock, "Whether the overnight venue is open is not known"))
    return parts


def _have_turned(told: SocketTold, now: float) -> bool:
    """Whether trading has begun since the hours were read: then they say nothing about the present."""
    until, opens = told.open_until, told.opens_at
    return until is not None and until.value <= now and opens is not None and 0 < opens.value <= now


def _say(
    level: Level,
    words: str,
    seen: Seen[float] | Seen[tuple[str, ...]],
    reading: Reading,
    told: SocketTold,
    cure: Remedy | None,
) -> Voice:
    if isinstance(seen.value, tuple):
        return voice(level, words, seen, reading.now, "contract details", cure, inferred=told.is_elsewhere)
    said = voice(level, words, seen, reading.now, "trading hours", cure, inferred=told.is_elsewhere)
    turns = [time.value for time in told.times() if time is not None and time.value > reading.now]
    return replace(said, until=min((said.until, *turns)))  # the answer ends when the hours turn
