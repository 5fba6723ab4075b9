"""A flood of observations such as adapters make them: the same few facts again and again, some with new values."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from itertools import islice

from msgspec.structs import replace

from cockpit.domain import kinds
from cockpit.domain.evidence import Observation
from cockpit.domain.facts import Facts
from cockpit.domain.farms import farm_subject
from cockpit.domain.kinds import FarmState, FeedState

FACTS = 200
BATCH = 5  # observations per report; a heartbeat reports four, a feed three
PACE = 0.002  # seconds between two looks at what is due


def templates(facts: Facts) -> list[Observation]:
    """Return FACTS different observations: what this desk knows, filled up with more feeds and farms of its sockets."""
    known = [held.observation for held in facts.held.values()]
    return list(islice([*known, *_more(facts)], FACTS))


def _more(facts: Facts) -> list[Observation]:
    sockets = sorted(facts.subjects(kinds.DOOR, "tws/")) or ["tws/tws"]
    return [
        seen
        for number in range(FACTS)
        for socket in sockets
        for seen in (
            kinds.FEED.seen(f"{socket}/feed/STOCK{number}", FeedState.LIVE.value, 0.0),
            kinds.TICK_AGE.seen(f"{socket}/feed/STOCK{number}", 0.2, 0.0),
            kinds.FARM.seen(farm_subject(socket, f"farm{number}"), FarmState.OK.value, 0.0),
        )
    ]


async def pour(
    observe: Callable[[Sequence[Observation]], None], shapes: Sequence[Observation], per_second: int
) -> None:
    """Report `per_second` observations, BATCH at a time, until cancelled; what a busy loop delays is caught up."""
    began, sent = time.perf_counter(), 0
    while True:
        due = int((time.perf_counter() - began) * per_second)
        while sent + BATCH <= due:
            observe([_anew(shapes[(sent + offset) % len(shapes)], sent) for offset in range(BATCH)])
            sent += BATCH
        await asyncio.sleep(PACE)


def _anew(shape: Observation, number: int) -> Observation:
    """Return the observation as seen now; measured amounts move a little, words stay."""
    value = shape.value
    if isinstance(value, float) and shape.fact not in _MOMENTS:
        value *= 1.0 + (number % 97) / 10_000
    return replace(shape, value=value, at=time.time())


_MOMENTS = frozenset(
    kind.name
    for kind in (
        kinds.CONNECTED_AT,
        kinds.NEXT_OPEN,
        kinds.NEXT_CLOSE,
        kinds.OPEN_UNTIL,
        kinds.OPENS_AT,
        kinds.OPENED_AT,
        kinds.SSO_ENDS,
        kinds.STARTED_AT,
    )
)
