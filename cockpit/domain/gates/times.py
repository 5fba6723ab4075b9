"""Does the contract take the time in force: tokens at the socket, rules at the gateway, then what is published."""

from __future__ import annotations

from msgspec import Struct

from cockpit.domain.catalogue import OrderType, Playing
from cockpit.domain.gates.gate import Case, Gate, GateAnswer
from cockpit.domain.gates.reading import Reading
from cockpit.domain.gates.weighing import Voice, published, voice, weigh
from cockpit.domain.level import Level
from cockpit.domain.remedy import Remedy

# Tokens of contract details that are times in force (TWS API, contract details); others are not listed there.
_LISTED = frozenset({"DAY", "GTC", "IOC", "FOK", "GTD", "GAT", "OPG"})
_USE_DAY = Remedy("Use DAY instead, or another time in force.")


class RuledTime(Struct, frozen=True):
    """One entry of the gateway's list, such as `IOC/MARKET,LIMIT,a`; no types: it takes all of them."""

    name: str
    types: frozenset[str]
    takes_outside: bool
    takes_algorithms: bool


def ruled_time(text: str) -> RuledTime:
    """Read one entry: name, then capitals for order types, `o` for outside hours, `a` for algorithms."""
    name, _, rest = text.partition("/")
    words = [word.strip() for word in rest.split(",") if word.strip()]
    types = frozenset(word for word in words if len(word) > 1)
    return RuledTime(name.strip().upper(), types, "o" in words, "a" in words)


def times_in_force(
    catalogue: Playing, reading: Reading, case: Case, row: OrderType | None
) -> list[GateAnswer]:
    """Return the part of the answer that concerns the time in force; none when nothing speaks about it."""
    word = case.ticket.time_in_force.upper()
    details: list[Voice] = []
    ruled: list[Voice] = []
    now, source = reading.now, f"time in force {word}"
    for told in reading.sockets:
        if told.types is None or word not in _LISTED or not told.types.value:
            continue
        is_in = word in told.types.value
        level = Level.READY if is_in else Level.BLOCKED
        words = f"{word} is {'' if is_in else 'not '}listed for it"
        cure = None if is_in else _USE_DAY
        details.append(voice(level, words, told.types, now, source, cure, inferred=told.is_elsewhere))
    rules = reading.gateway
    if rules is not None and rules.times is not None and rules.times.value:
        level, words = _ruled(rules.times.value, case, row, word)
        cure = None if level is Level.READY else _USE_DAY
        ruled.append(voice(level, words, rules.times, now, source, cure, inferred=rules.is_elsewhere))
    said = reading.by_own_list(details, ruled)
    if row is not None and row.times_in_force and word:
        is_in = word in row.times_in_force
        level = Level.READY if is_in else Level.UNKNOWN
        words = f"{word} is {'' if is_in else 'not '}among the times published for {case.ticket.order_type}"
        said.append(published(level, words, f"catalogue: {row.key}", None if is_in else _USE_DAY))
    return [weigh(Gate.CONTRACT, said, "")] if said else []


def _ruled(entries: tuple[str, ...], case: Case, row: OrderType | None, word: str) -> tuple[Level, str]:
    found = next((time for text in entries if (time := ruled_time(text)).name == word), None)
    if found is None:
        return Level.BLOCKED, f"The contract's rules do not take {word}"
    kind = row.web_token.upper() if row is not None else ""
    if found.types and kind and kind not in found.types:
        return Level.BLOCKED, f"{word} takes only {', '.join(sorted(found.types)).lower()}"
    if case.ticket.outside_hours and not found.takes_outside:
        return Level.BLOCKED, f"{word} does not go outside regular hours"
    if case.ticket.algorithm and not found.takes_algorithms:
        return Level.BLOCKED, f"{word} does not go with an algorithm"
    return Level.READY, f"The contract's rules take {word}"
