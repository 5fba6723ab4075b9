"""The shortest time in which a check can be done, given how long each question takes and which lane waits for which."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

from benchmarks.questions import Question
from cockpit.domain.plan import Plan
from cockpit.domain.readiness import Lane


def critical_path(took: Mapping[Question, float], plan: Plan) -> float:
    """Return the end of the longest chain, in seconds.

    A lane begins when the one before it has ended and lasts as long as its longest probe; a probe lasts as long as
    its questions, which have to be asked one after the other. A contract is asked once, by the lane that needs it
    first, and the look at its feed waits for it. Nothing is granted for pacing, for judging or for the journal.
    """
    ends: dict[Lane, float] = {}
    for lane in Lane:
        begin = 0.0 if lane.after is None else ends[lane.after]
        ends[lane] = begin + _longest_probe(lane, took)
    return max(*ends.values(), *_feed_ends(ends, took, plan))


def _longest_probe(lane: Lane, took: Mapping[Question, float]) -> float:
    """Return how long the longest probe of a lane lasts; contracts and feeds are looked at apart."""

    def of(what: str) -> float:
        return max((seconds for question, seconds in took.items() if question.what == what), default=0.0)

    def one_by_one(first: str, then: str) -> float:
        pairs = product(took.items(), took.items())
        sums = (a + b for (p, a), (q, b) in pairs if p.of == q.of and (p.what, q.what) == (first, then))
        return max(sums, default=0.0)

    match lane:
        case Lane.DESK:
            return max(of("desk"), of("calendar"))
        case Lane.PORTS:
            return of("programs") + of("ports")
        case Lane.HANDSHAKE:
            return one_by_one("open", "beat")
        case Lane.UPSTREAM:
            return of("upstream")
        case Lane.ACCOUNT:
            return max(of("accounts"), of("orders"))
        case Lane.CAPABILITY:
            return 0.0  # its contracts are counted with the feeds
        case Lane.OTHERS:
            return max(of("ports") + one_by_one("knock", "session"), of("programs"))
        case Lane.HORIZON | Lane.FEED:
            return 0.0


def _feed_ends(ends: Mapping[Lane, float], took: Mapping[Question, float], plan: Plan) -> list[float]:
    """Return when each contract has been asked and each feed looked at."""
    of_tickets = {ticket.instrument for flow in plan.flows for ticket in flow.tickets}
    contracts: dict[tuple[str, str], float] = {}
    for question, seconds in took.items():
        if question.what == "contract":
            before = Lane.HANDSHAKE if question.about in of_tickets else Lane.UPSTREAM
            contracts[question.of, question.about] = ends[before] + seconds
    feeds = [
        max(ends[Lane.UPSTREAM], contracts.get((question.of, question.about), 0.0)) + seconds
        for question, seconds in took.items()
        if question.what == "feed"
    ]
    return [*contracts.values(), *feeds]
