"""Many routes at once say what every single ladder says, before and after whatever happens."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from cockpit.domain import kinds
from cockpit.domain.evidence import Observation
from cockpit.domain.facts import Facts, fold
from cockpit.domain.gates.columns import columns
from cockpit.domain.gates.gate import Case
from cockpit.domain.gates.ladder import ladder
from cockpit.domain.gates.notes import Notes
from cockpit.domain.gates.routes import Routes
from cockpit.domain.gates.world import World
from cockpit.domain.interface import Interface
from cockpit.domain.level import Level
from cockpit.domain.plan import Leg, Ticket
from tests.domain.gates.worlds import (
    ACCOUNT,
    API,
    FUTURE,
    INSTRUMENTS,
    PIECES,
    PLAN,
    STOCK,
    calm,
    case,
    facts_of,
    world,
)
from tests.fakes.clock import NOON

TICKETS = (
    *(
        Ticket("", one.key, order_type=word)
        for one in INSTRUMENTS
        for word in ("LMT", "TRAIL LIMIT", "MIDPRICE")
    ),
    Ticket("lmt", "AAA", price=10.0),
    Ticket("named", "AAA", price=10.0, account=ACCOUNT),
    Ticket("", "AAA", "SELL", 0.5, "MKT", "IOC"),
    Ticket("", "FFF", "SELL", 2, "CONDITIONAL", "GTC", True, account="U9"),
)
COMBO = Ticket("combo", "FFF", order_type="LMT", legs=(Leg("FFF"), Leg("AAA", "SELL")))
CASES = (
    *(case(ticket, column) for column in columns(PLAN) for ticket in TICKETS),
    *(Case(COMBO, FUTURE, column, (FUTURE, STOCK)) for column in columns(PLAN)),
)


def assert_same(routes: Routes, world: World) -> None:
    expected = [ladder(world, one) for one in CASES]
    assert routes.levels() == [found.level for found in expected]
    for number in (0, len(CASES) // 2, len(CASES) - 1):
        assert routes.ladder(number) == expected[number]
        assert routes.first_block(number) == expected[number].first_block


@st.composite
def happenings(draw: st.DrawFn) -> tuple[float, list[Observation]]:
    """Some time passes and some facts are seen, good or bad."""
    later = draw(st.sampled_from((0.0, 1.0, 31.0, 95.0, 601.0, 20_001.0, 43_300.0, 90_000.0)))
    numbers = draw(st.lists(st.integers(0, len(PIECES) - 1), max_size=4))
    seen = []
    for number in numbers:
        piece = PIECES[number]
        value = draw(st.sampled_from((piece.good, *piece.bad)))
        seen.append(piece.seen(value, NOON + later - draw(st.sampled_from((0.0, 5.0)))))
    return later, seen


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sets(st.integers(0, len(PIECES) - 1)), st.lists(happenings(), max_size=4))
def test_routes_say_what_the_ladders_say_whatever_happens(
    known: set[int], happened: list[tuple[float, list[Observation]]]
) -> None:
    facts = fold(Facts(), [PIECES[number].seen(PIECES[number].good) for number in known])
    first = world(facts)
    routes = Routes(CASES)
    routes.evaluate(first)
    assert_same(routes, first)
    for later, seen in sorted(happened, key=lambda one: one[0]):
        facts = fold(facts, seen)
        then = replace(first, facts=facts, now=NOON + later)
        routes.evaluate(then, [(one.subject, one.fact) for one in seen])
        assert_same(routes, then)


def test_a_refusal_and_the_preview_that_answers_it_reach_the_routes_they_name() -> None:
    routes = Routes(CASES)
    facts = facts_of()
    routes.evaluate(world(facts))
    number = next(n for n, one in enumerate(CASES) if one.ticket.key == "lmt" and one.column == API)
    assert routes.level(number) is Level.READY
    refused = kinds.REFUSED_CODE.seen("tws/tws/refusal/AAA/LMT/buy", "383", NOON)
    facts = fold(facts, [refused])
    routes.evaluate(world(facts), [(refused.subject, refused.fact)])
    block = routes.first_block(number)
    assert block is not None
    assert block.source == "code 383"
    taken = kinds.PREVIEWED.seen("tws/tws/preview/lmt", True, NOON + 1)
    facts = fold(facts, [taken])
    routes.evaluate(world(facts, now=NOON + 1), [(taken.subject, taken.fact)])
    assert routes.level(number) is Level.READY


def test_a_rule_for_programs_alone_parts_columns_that_share_a_door() -> None:
    """Client Portal and the Web API share the gateway's words; the Canadian rule concerns only the second."""
    listed = [kinds.LISTED_ON.seen(f"{door}/contract/AAA", "TSE", NOON) for door in ("tws/tws", "tws/gw")]
    then = world(facts_of(kinds.ENTITY.seen("account/U1234821", "IB-CAN", NOON), *listed))
    routes = Routes(CASES)
    routes.evaluate(then)
    assert_same(routes, then)
    levels = {
        one.column.interface: routes.level(number)
        for number, one in enumerate(CASES)
        if one.ticket.key == "named"
    }
    assert levels[Interface.WEB_API] is Level.BLOCKED
    assert levels[Interface.CLIENT_PORTAL] is Level.READY


def test_another_plan_or_a_clock_put_back_judges_everything_anew() -> None:
    routes = Routes(CASES)
    routes.evaluate(world(facts_of()))
    stale = world(facts_of(), now=NOON + 1e6)
    routes.evaluate(stale, [])
    assert_same(routes, stale)
    routes.evaluate(world(facts_of()), [])
    assert_same(routes, world(facts_of()))
    alone = world(facts_of(), replace(PLAN, sockets=PLAN.sockets[:1]))
    routes.evaluate(alone, [])
    assert_same(routes, alone)


def test_only_what_an_observation_touches_is_read_again() -> None:
    """Facts that count every look: one contract's data is a few looks, not thousands."""
    routes = Routes(CASES)
    facts = facts_of()
    routes.evaluate(world(facts))
    counted = Counting(fold(facts, [kinds.FEED.seen("tws/tws/feed/AAA", "delayed", NOON)]))
    routes.evaluate(replace(world(facts), facts=counted), [("tws/tws/feed/AAA", kinds.FEED.name)])
    contracts = {subject for subject in counted.looked if "/contract/" in subject}
    assert "tws/tws/feed/AAA" in counted.looked
    assert contracts <= {"gateway/contract/AAA", "gateway/contract/FFF"}  # the data letters beside the feed


class Counting(Notes):
    """Notes the subjects of every look."""

    def __init__(self, facts: Facts) -> None:
        super().__init__(facts, NOON)
        self.begin()

    @property
    def looked(self) -> set[str]:
        return {subject for subject, _ in self.end()[0]}


def test_no_cases_are_no_routes() -> None:
    routes = Routes(())
    routes.evaluate(world(fold(Facts(), calm())))
    assert (len(routes), routes.levels()) == (0, [])
