"""The gate of market data: orders pass without it, but blindly; what waits for a price needs it."""

from __future__ import annotations

from cockpit.domain import kinds
from cockpit.domain.evidence import Seen
from cockpit.domain.gates.doors import GATEWAY, doors, traded, watched
from cockpit.domain.gates.gate import Case, Gate, GateAnswer
from cockpit.domain.gates.weighing import RUN_CHECK, Voice, hardest, published, voice, weigh
from cockpit.domain.gates.world import World
from cockpit.domain.interface import Interface
from cockpit.domain.kinds import FeedState
from cockpit.domain.level import Level
from cockpit.domain.plan import Instrument
from cockpit.domain.remedy import Remedy

_SUBSCRIBE = Remedy("Check the market-data subscriptions of this username.", "open-subscriptions")
_SIGN_OUT = Remedy(
    "Sign out in the other program that uses this username, then run the check again.", "run-check"
)
_SIGN = Remedy("Sign the market-data agreement: Settings, Market Data Subscriptions.", "open-subscriptions")

_CONDITIONS = frozenset({"CONDITIONAL", "COND", "CONDITION"})  # what a ticket writes, and the broker's token
_LIVE, _LATE, _NONE, _UNSURE = "live", "late", "none", "unsure"
_FEEDS: dict[FeedState, tuple[str, str, Remedy | None]] = {
    FeedState.LIVE: (_LIVE, "Live prices arrive", None),
    FeedState.FROZEN: (_LIVE, "Subscribed; frozen at the last price", None),
    FeedState.NO_QUOTE: (_LIVE, "Subscribed; there is no quote now", None),
    FeedState.DELAYED: (_LATE, "Delayed prices only", _SUBSCRIBE),
    FeedState.DELAYED_FROZEN: (_LATE, "Delayed and frozen prices only", _SUBSCRIBE),
    FeedState.PARTIAL: (_LATE, "Only a part of the data arrives", _SUBSCRIBE),
    FeedState.COMPETING: (_NONE, "Another login has the live data", _SIGN_OUT),
    FeedState.NOT_SUBSCRIBED: (_NONE, "Not subscribed", _SUBSCRIBE),
    FeedState.REFUSED: (_NONE, "The broker refuses the data", _SUBSCRIBE),
    FeedState.SILENT: (_UNSURE, "Accepted, but no price has arrived", RUN_CHECK),
}
# First letter of field 6509 (Web API documentation, market data); an unknown letter is unknown.
_LETTERS: dict[str, tuple[str, str, Remedy | None]] = {
    "R": (_LIVE, "Real-time data", None),
    "Z": (_LIVE, "Real-time data, frozen at the close", None),
    "D": (_LATE, "Delayed data only", _SUBSCRIBE),
    "Y": (_LATE, "Delayed data only, frozen at the close", _SUBSCRIBE),
    "N": (_NONE, "Not subscribed", _SUBSCRIBE),
    "O": (_NONE, "The yearly market-data agreement is not signed", _SIGN),
}


def market_data(world: World, case: Case) -> GateAnswer:
    """Do prices arrive for what is traded, and for what a condition watches."""
    if case.column.interface is Interface.FLEX:
        only = published(Level.READY, "A statement needs no prices", "Flex Web Service")
        return weigh(Gate.MARKET_DATA, [only], "")
    waits = is_conditional(case)
    answers = [_of(world, case, one, waits) for one in traded(case)]
    if waits:
        answers += [_of(world, case, one, waits) for one in watched(world, case) if one not in traded(case)]
    return hardest(answers)


def is_conditional(case: Case) -> bool:
    """Whether the order waits for a condition on a price; plain stops are watched by the exchange or the broker."""
    return case.ticket.order_type.upper() in _CONDITIONS


def _of(world: World, case: Case, instrument: Instrument, waits: bool) -> GateAnswer:
    said: list[Voice] = []
    for subject, is_elsewhere in doors(world, case.column):
        if subject == GATEWAY:
            letters = world.facts.look(kinds.DATA_LETTERS, f"{subject}/contract/{instrument.key}")
            if letters is not None:
                found = _LETTERS.get(
                    letters.value[:1], (_UNSURE, "The broker's letters are not known", RUN_CHECK)
                )
                said.append(_say(letters, found, instrument, waits, world.now, "field 6509", is_elsewhere))
            continue
        feed = world.facts.look(kinds.FEED, f"{subject}/feed/{instrument.key}")
        if feed is not None:
            found = _FEEDS[FeedState(feed.value)]
            said.append(_say(feed, found, instrument, waits, world.now, "feed", is_elsewhere))
        taken = world.facts.look(kinds.DATA_TAKEN, subject)
        if taken is not None and taken.value and feed is None:
            lost = (_NONE, "Another login has the live data (code 10197)", _SIGN_OUT)
            said.append(_say(taken, lost, instrument, waits, world.now, "code 10197", is_elsewhere))
    return weigh(Gate.MARKET_DATA, said, f"The data of {instrument.key} was not looked at")


def _say(
    seen: Seen[str] | Seen[bool],
    found: tuple[str, str, Remedy | None],
    instrument: Instrument,
    waits: bool,
    now: float,
    source: str,
    is_elsewhere: bool,
) -> Voice:
    """Trading without data is allowed but asks for care; a condition on missing data never comes true."""
    state, sentence, cure = found
    words = f"{instrument.key}: {sentence[0].lower()}{sentence[1:]}"
    level = {_LIVE: Level.READY, _LATE: Level.LIMITED, _NONE: Level.LIMITED, _UNSURE: Level.UNKNOWN}[state]
    if waits and state in (_LATE, _NONE):
        late = state == _LATE
        level = Level.BLOCKED
        end = "the condition would trigger minutes late" if late else "the condition has nothing to watch"
        words = f"{words}; {end}"
    if isinstance(seen.value, bool):
        return voice(level, words, seen, now, source, cure, inferred=is_elsewhere)
    return voice(level, words, seen, now, source, cure, quote=str(seen.value), inferred=is_elsewhere)
