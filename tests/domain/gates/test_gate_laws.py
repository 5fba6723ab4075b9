"""Laws of the gates: a block is a gate's, ignorance is never greener, measured beats published."""

from __future__ import annotations

import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from cockpit.domain import kinds
from cockpit.domain.evidence import Observation, Provenance
from cockpit.domain.facts import Facts, fold
from cockpit.domain.gates.columns import columns
from cockpit.domain.gates.gate import GATES, Case, Gate
from cockpit.domain.gates.ladder import ladder
from cockpit.domain.gates.weighing import STRENGTH, Voice, weigh
from cockpit.domain.level import Level
from cockpit.domain.plan import Ticket
from tests.domain.gates.worlds import (
    API,
    KINDS,
    LIMIT,
    PIECES,
    PLAN,
    PORTAL,
    TRAIL,
    Piece,
    answer,
    calm,
    case,
    facts_of,
    world,
)
from tests.fakes.clock import NOON

CASES = [case(ticket, column) for ticket in (LIMIT, TRAIL) for column in columns(PLAN)]
Chosen = dict[int, int]  # piece → 0 for its good value, n for the nth bad one
LAWFUL = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def desks(draw: st.DrawFn) -> Chosen:
    """A desk that shows most of what it could, some of it bad."""
    chosen: Chosen = {}
    missing = draw(st.sets(st.integers(0, len(PIECES) - 1), max_size=8))
    spoilt = draw(st.dictionaries(st.integers(0, len(PIECES) - 1), st.integers(1, 4), max_size=8))
    for number, piece in enumerate(PIECES):
        if number not in missing:
            chosen[number] = min(spoilt.get(number, 0), len(piece.bad))
    return chosen


def seen_of(piece: Piece, choice: int, at: float = NOON) -> Observation:
    return piece.seen((piece.good, *piece.bad)[choice], at)


def facts(chosen: Chosen, old: int = -1) -> Facts:
    """The facts of a desk; the piece `old` was seen just longer ago than it counts."""
    seen = []
    for number, choice in chosen.items():
        piece = PIECES[number]
        ago = KINDS[piece.kind].fresh_for + 1 if number == old else 0
        seen.append(seen_of(piece, choice, NOON - ago))
    return fold(Facts(), seen)


def is_greener(after: Level, before: Level) -> bool:
    """Blocked and unknown are both not usable: neither is greener than the other."""
    return after.is_usable and after.rank < before.rank


def assert_never_greener(before: Facts, after: Facts, one: Case, now: float = NOON) -> None:
    was, then = ladder(world(before), one), ladder(world(after, now=now), one)
    assert not is_greener(then.level, was.level)
    for old, new in zip(was.answers, then.answers, strict=True):
        assert not is_greener(new.level, old.level), (old, new)


@LAWFUL
@given(desks(), st.sampled_from(CASES))
def test_a_route_is_blocked_if_and_only_if_a_gate_blocks(chosen: Chosen, one: Case) -> None:
    found = ladder(world(facts(chosen)), one)
    assert tuple(said.gate for said in found.answers) == GATES
    blocks = [said for said in found.answers if said.level is Level.BLOCKED]
    assert (found.level is Level.BLOCKED) == bool(blocks)
    assert found.first_block == (blocks[0] if blocks else None)
    for said in found.answers:
        assert said.sentence
        if said.level.is_usable:
            assert said.provenance is not None
            assert said.source
        if said.provenance in (Provenance.MEASURED, Provenance.ATTESTED) and said.at is not None:
            assert said.until > said.at


@LAWFUL
@given(desks(), st.sampled_from(CASES), st.data())
def test_less_evidence_is_never_greener(chosen: Chosen, one: Case, data: st.DataObject) -> None:
    """What speaks for the order may go; an objection that goes is no evidence less."""
    favourable = [n for n, choice in chosen.items() if choice == 0 and not PIECES[n].is_event]
    gone = data.draw(st.sets(st.sampled_from(favourable), min_size=1, max_size=3))
    less = {number: choice for number, choice in chosen.items() if number not in gone}
    assert_never_greener(facts(chosen), facts(less), one)


@LAWFUL
@given(desks(), st.sampled_from(CASES), st.data())
def test_evidence_past_its_budget_is_never_greener_not_even_an_objection(
    chosen: Chosen, one: Case, data: st.DataObject
) -> None:
    ages = [
        n for n in chosen if PIECES[n].kind != kinds.REFUSED_CODE.name
    ]  # an older refusal may be answered since
    old = data.draw(st.sampled_from(ages))
    assert_never_greener(facts(chosen), facts(chosen, old), one)


@LAWFUL
@given(desks(), st.sampled_from(CASES), st.sampled_from((20.0, 100.0, 700.0, 5e4, 2e5, 1e7)))
def test_time_alone_makes_nothing_greener(chosen: Chosen, one: Case, later: float) -> None:
    before = facts({n: c for n, c in chosen.items() if PIECES[n].kind != kinds.OPEN_UNTIL.name})
    assert_never_greener(before, before, one, NOON + later)


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        pytest.param(case(LIMIT, API), {kinds.ROUND_TRIP.name}, id="socket"),
        pytest.param(case(TRAIL, PORTAL), {kinds.PORTAL_STAGE.name, kinds.SAID_OFFERED.name}, id="gateway"),
    ],
)
def test_what_a_route_needs_and_is_older_than_its_budget_is_unknown(one: Case, expected: set[str]) -> None:
    """Every fact that a ready route cannot do without makes it unknown once it is too old."""
    assert ladder(world(facts_of()), one).level is Level.READY
    proven_otherwise = {kinds.DOOR.name, kinds.PORTAL_DOOR.name}  # each answer through a door proves it open
    ageless = {kinds.ACCOUNTS.name, kinds.PORTAL_ACCOUNTS.name}  # whose account it is does not grow old
    needed = set()
    for name in {seen.fact for seen in calm()} - proven_otherwise - ageless:
        rest = [seen for seen in calm() if seen.fact != name]
        if ladder(world(fold(Facts(), rest)), one).level is Level.READY:
            continue
        needed.add(name)
        ago = KINDS[name].fresh_for + 1
        aged = [replace(seen, at=NOON - ago) for seen in calm() if seen.fact == name]
        assert ladder(world(fold(Facts(), [*rest, *aged])), one).level is Level.UNKNOWN, name
    assert needed >= expected


def voices(*provenances: Provenance) -> st.SearchStrategy[Voice]:
    return st.builds(
        Voice,
        level=st.sampled_from(Level),
        sentence=st.just("it is so"),
        provenance=st.sampled_from(provenances),
        at=st.just(NOON),
        until=st.just(math.inf),
    )


@given(st.lists(voices(*Provenance), min_size=1), st.data())
def test_the_strongest_evidence_decides_and_among_equals_the_worst(
    said: list[Voice], data: st.DataObject
) -> None:
    strongest = min(STRENGTH[one.provenance] for one in said)
    equals = [one for one in said if STRENGTH[one.provenance] == strongest]
    found = weigh(Gate.CONTRACT, data.draw(st.permutations(said)), "silence")
    assert found.level.rank == max(one.level.rank for one in equals)
    assert found.provenance is equals[0].provenance


@given(st.lists(voices(Provenance.PUBLISHED, Provenance.INFERRED)))
def test_silence_is_unknown_and_old_good_news_is_silence(said: list[Voice]) -> None:
    old = [replace(one, is_open=False) for one in said]
    found = weigh(Gate.CONTRACT, old, "silence")
    assert found.level is Level.UNKNOWN


def test_a_measured_list_beats_the_published_products_both_ways() -> None:
    """Published: MIDPRICE is for stocks. The socket's list for this very contract says otherwise, and wins."""
    subject = "tws/tws/contract/FFF"
    one = case(Ticket("", "FFF", order_type="MIDPRICE"), API)
    listed = facts_of(kinds.ORDER_TYPES.seen(subject, ("MIDPX", "DAY"), NOON))
    silent = facts_of(without=(kinds.ORDER_TYPES.name, kinds.RULE_TYPES.name, kinds.RULE_TIMES.name))
    assert answer(Gate.CONTRACT, listed, one).level is Level.READY
    assert answer(Gate.CONTRACT, listed, one).provenance is Provenance.MEASURED
    assert answer(Gate.CONTRACT, silent, one).level is Level.BLOCKED
    assert answer(Gate.CONTRACT, silent, one).provenance is Provenance.PUBLISHED
    stock = case(Ticket("", "AAA", order_type="MIDPRICE"), API)
    bare = facts_of(kinds.ORDER_TYPES.seen("tws/tws/contract/AAA", ("LMT", "DAY"), NOON))
    assert answer(Gate.CONTRACT, bare, stock).provenance is Provenance.MEASURED
    assert answer(Gate.CONTRACT, bare, stock).level is Level.BLOCKED


def test_a_live_field_beats_the_statement_and_the_statement_the_traders_word() -> None:
    account = "account/U1234821"
    said = kinds.SAID_HELD.seen("attested/permission/U1234821/stocks", True, NOON + 1, Provenance.ATTESTED)
    lacks = kinds.PERMISSIONS.seen(account, ("Bonds",), NOON)
    one = case(LIMIT, API)
    assert (
        answer(Gate.PERMISSION, facts_of(said, lacks, without=("permitted", "rule accounts")), one).level
        is Level.BLOCKED
    )
    live = facts_of(lacks, without=("rule accounts",))
    portal = case(LIMIT, PORTAL)
    assert answer(Gate.PERMISSION, live, portal).level is Level.READY
