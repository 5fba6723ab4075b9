"""Which flows an event falls upon, and what could be done about it."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from cockpit.domain.horizon import HorizonEvent, HorizonKind, Shift
from cockpit.domain.horizon_events.advice import (
    Hours,
    next_sign_in,
    renewal,
    resets_that_matter,
    restart_move,
)
from cockpit.domain.horizon_events.hours import Busy, concerned, is_touched
from cockpit.domain.level import Level, worst

# Kinds that take something away at their hour; the others are only to be known.
TAKES_AWAY = frozenset(
    {
        HorizonKind.SESSION,
        HorizonKind.RESTART,
        HorizonKind.MAINTENANCE,
        HorizonKind.TOKEN,
        HorizonKind.FACTOR,
        HorizonKind.CERTIFICATE,
    }
)


def mark(events: Sequence[HorizonEvent], hours: Hours) -> list[HorizonEvent]:
    """Return `events` with the flows that each hits, and what could be done about it."""
    proposal: list[str] = []  # one answer for all nights, made when the first restart needs it

    def restart() -> str:
        if not proposal:
            proposal.append(restart_move(hours))
        return proposal[0]

    resets = resets_that_matter(hours, max((event.ends for event in events), default=hours.now))
    marked = []
    for event in events:
        hit, dark = hits(event, hours.busy, hours.now), unjudged(event, hours)
        levels, sentence, move = [event.level], event.sentence, ""
        if hit:
            levels.append(Level.LIMITED)
            move = restart() if event.shift is Shift.SET else renewal(event, hit, hours)
        elif event.kind in TAKES_AWAY and event.at > hours.now:
            move = next_sign_in(event, hours)
        if dark and not hit:
            levels.append(Level.UNKNOWN)  # who does not know the hours cannot say that all is well
        if event.shift is Shift.SET and any(
            begins < event.ends and event.at < ends for begins, ends in resets
        ):
            levels.append(Level.LIMITED)
            sentence = f"{sentence} The broker's servers are being reset then: a sign-in may fail."
            move = restart()
        titles = tuple(dict.fromkeys(busy.flow for busy in hit))
        marked.append(
            replace(event, level=worst(levels), sentence=sentence, hits=titles, move=move, unjudged=dark)
        )
    return marked


def unjudged(event: HorizonEvent, hours: Hours) -> tuple[str, ...]:
    """Return the venues of concerned flows whose hours are not known for the time of `event`."""
    if event.kind not in TAKES_AWAY or event.ends <= hours.now:
        return ()
    dark = (edge for edge in hours.edges if edge.until < event.ends)
    return tuple(dict.fromkeys(one.venue for one in dark if is_touched(one.interface, event.interfaces)))


def hits(event: HorizonEvent, busy: Sequence[Busy], now: float) -> tuple[Busy, ...]:
    """Return the stretches into which `event` falls, soonest first. What is over hits whatever still needs it."""
    if event.kind not in TAKES_AWAY:
        return ()
    mine = concerned(busy, event.interfaces)
    if event.ends <= now and event.until is None:
        return tuple(one for one in mine if one.closes > now) if event.level is Level.BLOCKED else ()
    return tuple(one for one in mine if one.meets(event.at, event.ends))
