"""The shortest time in which a check can be done, given how long each question takes and which lane waits for which."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

from benchmarks.questions import Question
from cockpit.domain.plan import Plan
from cockpit.domain.readiness import Lane

_RULES = ("buy rules", "sell rules")  # asked one after the other, beside the snapshot


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
    contracts = _contract_ends(ends, took, plan)
    return max(
        *ends.values(),
        *contracts.values(),
        *_feed_ends(ends, contracts, took),
        _gateway_end(ends, contracts, took),
    )


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
            gateway = of("ports") + one_by_one("knock", "session") + of("portal accounts")
            return max(gateway, of("programs"))
        case Lane.HORIZON | Lane.FEED:
            return 0.0


def _of_tickets(plan: Plan) -> set[str]:
    tickets = [ticket for flow in plan.flows for ticket in flow.tickets]
    return {ticket.instrument for ticket in tickets} | {leg.instrument for one in tickets for leg in one.legs}


def _contract_ends(
    ends: Mapping[Lane, float], took: Mapping[Question, float], plan: Plan
) -> dict[tuple[str, str], float]:
    """Return when each contract has been asked, by whom and about what."""
    of_tickets = _of_tickets(plan)
    return {
        (question.of, question.about): ends[Lane.HANDSHAKE if question.about in of_tickets else Lane.UPSTREAM]
        + seconds
        for question, seconds in took.items()
        if question.what in ("contract", "contract with listing")
    }


def _feed_ends(
    ends: Mapping[Lane, float], contracts: Mapping[tuple[str, str], float], took: Mapping[Question, float]
) -> list[float]:
    """Return when each feed has been looked at."""
    return [
        max(ends[Lane.UPSTREAM], contracts.get((question.of, question.about), 0.0)) + seconds
        for question, seconds in took.items()
        if question.what == "feed"
    ]


def _gateway_end(
    ends: Mapping[Lane, float], contracts: Mapping[tuple[str, str], float], took: Mapping[Question, float]
) -> float:
    """Return when the gateway has told of the tickets: that waits for its stage and for the tickets' contracts."""
    listed = [question for question in took if question.what == "contract with listing"]
    begin = max([ends[Lane.OTHERS], *(contracts[question.of, question.about] for question in listed)])
    snapshot = sum(seconds for question, seconds in took.items() if question.what == "snapshot")
    rules = sum(seconds for question, seconds in took.items() if question.what in _RULES)
    return begin + max(snapshot, rules)
