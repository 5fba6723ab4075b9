"""64,000 routes: from scratch and after one observation, beside the naive loop over every ladder in the same run."""

from __future__ import annotations

import gc
import statistics
import time

from benchmarks.figures import Figure
from cockpit.adapters.catalogue import shipped_catalogue
from cockpit.domain import kinds
from cockpit.domain.catalogue import Playing
from cockpit.domain.evidence import Observation
from cockpit.domain.facts import Facts, fold
from cockpit.domain.gates.gate import Case
from cockpit.domain.gates.ladder import columns, ladder
from cockpit.domain.gates.routes import Routes
from cockpit.domain.gates.world import World
from cockpit.domain.kinds import Door, FeedState, PortalDoor, PortalStage, Upstream
from cockpit.domain.level import Level
from cockpit.domain.plan import Instrument, Plan, Socket, Ticket

SCRATCH, ONE = 0.300, 0.010  # seconds: the limits
CONTRACTS, TYPES = 200, 40
NOW = 1_763_990_000.0  # UTC epoch seconds of the made-up morning
ACCOUNT = "U1234821"
_KINDS = (("STK", "SMART"), ("FUT", "CME"), ("OPT", "SMART"), ("CASH", "IDEALPRO"))
_RUNS = 5


def run() -> Figure:
    """Measure both and return the worse of the two ratios to its limit."""
    catalogue = shipped_catalogue().playing
    plan = _plan()
    facts = fold(Facts(), _morning(plan, catalogue))
    cases = _cases(plan, catalogue)
    world = World(facts, plan, catalogue, NOW)
    gc.collect()
    scratch: list[float] = []
    placed: list[float] = []
    for _ in range(_RUNS):
        start = time.perf_counter()
        routes = Routes(cases)
        middle = time.perf_counter()
        routes.evaluate(world)
        end = time.perf_counter()
        scratch.append(end - start)
        placed.append(middle - start)
    singles = {name: _one(routes, facts, world, seen) for name, seen in _single().items()}
    start = time.perf_counter()
    naive = [ladder(world, case).level for case in cases]
    naive_time = time.perf_counter() - start
    routes.evaluate(world)
    if naive != routes.levels():
        raise AssertionError("the routes do not say what the ladders say")
    all_at, one_at = statistics.median(scratch), max(singles.values())
    return {
        "ratio": max(all_at / SCRATCH, one_at / ONE),
        "limit": 1.0,
        "routes": len(cases),
        "scratch_ms": all_at * 1000,
        "of_which_placing_ms": statistics.median(placed) * 1000,
        "one_observation_ms": {name: value * 1000 for name, value in singles.items()},
        "naive_ms": naive_time * 1000,
        "levels": {level.value: naive.count(level) for level in Level},
    }


def _plan() -> Plan:
    instruments = tuple(
        Instrument(f"C{number}", f"C{number}", *_KINDS[number % len(_KINDS)]) for number in range(CONTRACTS)
    )
    sockets = (Socket("tws", accounts=(ACCOUNT,)), Socket("gw", port=4001, program="IB Gateway"))
    return Plan(sockets=sockets, instruments=instruments)


def _cases(plan: Plan, catalogue: Playing) -> tuple[Case, ...]:
    words = [row.codes[0] for row in catalogue.order_types.values() if row.codes]
    words = list(dict.fromkeys((*words, *catalogue.order_types)))
    tickets = [
        (one, Ticket("", one.key, order_type=word)) for one in plan.instruments for word in words[:TYPES]
    ]
    return tuple(
        Case(ticket, one, column, (), ACCOUNT) for column in columns(plan) for one, ticket in tickets
    )


def _morning(plan: Plan, catalogue: Playing) -> list[Observation]:
    seen = [
        kinds.PORTAL_DOOR.seen("gateway", PortalDoor.OPEN, NOW),
        kinds.PORTAL_STAGE.seen("gateway", PortalStage.TRADING, NOW),
        kinds.PORTAL_ACCOUNTS.seen("gateway", (ACCOUNT,), NOW),
        kinds.OPENED_AT.seen("mobile", NOW - 600, NOW - 600),
        kinds.ENTITY.seen(f"account/{ACCOUNT}", "IBLLC-US", NOW),
        kinds.TRADING_TYPE.seen(f"account/{ACCOUNT}", "PMRGN", NOW),
        kinds.EXCESS_LIQUIDITY.seen(f"account/{ACCOUNT}", 412_300.0, NOW),
    ]
    for socket in plan.sockets:
        seen += [
            kinds.DOOR.seen(socket.subject, Door.OPEN, NOW),
            kinds.ROUND_TRIP.seen(socket.subject, 0.011, NOW),
            kinds.UPSTREAM.seen(socket.subject, Upstream.UP, NOW),
            kinds.ACCOUNTS.seen(socket.subject, (ACCOUNT,), NOW),
        ]
    for number, one in enumerate(plan.instruments):
        for socket in plan.sockets:
            seen += _details(f"{socket.subject}/contract/{one.key}", number, catalogue)
            seen.append(kinds.FEED.seen(f"{socket.subject}/feed/{one.key}", FeedState.LIVE, NOW))
        seen += _rules(f"gateway/contract/{one.key}", number, catalogue)
    return seen


def _details(subject: str, number: int, catalogue: Playing) -> list[Observation]:
    tokens = sorted({token for row in catalogue.order_types.values() for token in row.tokens})
    listed = tuple(token for place, token in enumerate(tokens) if (place + number % 12) % 3)
    at = NOW - number
    return [
        kinds.CONTRACT.seen(subject, "one", at),
        kinds.ORDER_TYPES.seen(subject, (*listed, "DAY", "GTC", "RTH"), at),
        kinds.LISTED_ON.seen(subject, "NYSE", at),
        kinds.VENUES.seen(subject, ("SMART", "NYSE"), at),
        kinds.STOCK_TYPE.seen(subject, "COMMON", at),
        kinds.INCREMENT.seen(subject, 0.01, at),
        kinds.OPEN_UNTIL.seen(subject, NOW + 20_000, at),
        kinds.OPENS_AT.seen(subject, NOW + 90_000, at),
        kinds.REGULAR_UNTIL.seen(subject, NOW + 15_000, at),
    ]


def _rules(subject: str, number: int, catalogue: Playing) -> list[Observation]:
    words = sorted({row.web_token for row in catalogue.order_types.values() if row.web_token})
    at = NOW - number
    return [
        kinds.RULE_TYPES.seen(f"{subject}/buy", tuple(words[number % 3 :]), at),
        kinds.RULE_TIMES.seen(f"{subject}/buy", ("DAY/o,a", "GTC/o,a"), at),
        kinds.RULE_ACCOUNTS.seen(f"{subject}/buy", (ACCOUNT,), at),
        kinds.PERMITTED.seen(subject, number % 7 > 0, at),
        kinds.TRADABLE.seen(subject, True, at),
        kinds.DATA_LETTERS.seen(subject, "RpB", NOW),
    ]


def _single() -> dict[str, Observation]:
    """One observation each of the kinds that touch little, much, and a route by name."""
    later = NOW + 1
    return {
        "order types of one contract": kinds.ORDER_TYPES.seen("tws/tws/contract/C7", ("LMT", "DAY"), later),
        "a session is lost": kinds.UPSTREAM.seen("tws/tws", Upstream.DOWN, later),
        "data of one contract": kinds.FEED.seen("tws/tws/feed/C7", FeedState.DELAYED, later),
        "the account's company": kinds.ENTITY.seen(f"account/{ACCOUNT}", "IB-IE", later),
        "a refusal": kinds.REFUSED_CODE.seen(
            "tws/tws/refusal/C7/LMT", "201", later, note="No trading permission"
        ),
    }


def _one(routes: Routes, facts: Facts, world: World, seen: Observation) -> float:
    """Seconds to take in one observation, the median of several turns between before and after."""
    after = World(fold(facts, [seen]), world.plan, world.catalogue, world.now + 1)
    turns: list[float] = []
    for _ in range(_RUNS):
        routes.evaluate(world)
        start = time.perf_counter()
        routes.evaluate(after, [(seen.subject, seen.fact)])
        turns.append(time.perf_counter() - start)
    return statistics.median(turns)
