"""Permissions: needed, held, gap; what closes a gap is proof, never time, ignorance or the trader's word alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cockpit.domain import kinds
from cockpit.domain.catalogue import Confidence, Permission, playing
from cockpit.domain.evidence import Observation, Provenance
from cockpit.domain.facts import Facts, fold, restored
from cockpit.domain.level import Level
from cockpit.domain.permission import Holding, Witness, accounts_of, holdings, permission_for, weigh
from cockpit.domain.plan import Flow, Instrument, Leg, Plan, Socket, Ticket
from tests.fakes.clock import NOON

ACCOUNT = "U1234821"
HOUR, DAY = 3600.0, 86400.0


def row(
    key: str, products: tuple[str, ...], words: tuple[str, ...], approval: str = "up to 48 h"
) -> Permission:
    return Permission(
        key, key.title(), products, words, "", "", "Settings", approval, "s", "2026", Confidence.DOCUMENTED
    )


CATALOGUE = playing(
    permissions=(
        row("overnight", ("STK",), ()),
        row("stocks", ("STK",), ("Stocks",)),
        row("futures", ("FUT",), ("Futures",)),
        row("futures-options", ("FOP",), ("Futures Options",)),
        row("bonds", ("BOND",), ("Bonds",)),
    )
)
PLAN = Plan(
    sockets=(Socket("tws", accounts=(ACCOUNT,)),),
    instruments=(
        Instrument("ES", "ES", "FUT", "CME"),
        Instrument("NQ", "NQ", "FUT", "CME"),
        Instrument("ESOPT", "ES", "FOP", "CME"),
        Instrument("SPX", "SPX", "IND", "CBOE"),
    ),
    flows=(
        Flow(
            "hedge",
            "Hedge",
            tickets=(Ticket("es", "ES", text="SELL 2 ES TRAIL LIMIT"), Ticket("fop", "ESOPT")),
        ),
    ),
)
GATEWAY = kinds.PORTAL_ACCOUNTS.seen("gateway", (ACCOUNT,), NOON)


def listed(*words: str, at: float = NOON) -> Observation:
    return kinds.PERMISSIONS.seen(f"account/{ACCOUNT}", words, at)


def permitted(value: bool, at: float = NOON, instrument: str = "ES") -> Observation:
    return kinds.PERMITTED.seen(f"gateway/contract/{instrument}", value, at)


def tradable(*accounts: str, at: float = NOON) -> Observation:
    return kinds.RULE_ACCOUNTS.seen("gateway/contract/ES/buy", accounts, at)


def said(value: bool, at: float = NOON, key: str = "futures") -> Observation:
    return kinds.SAID_HELD.seen(f"attested/permission/{ACCOUNT}/{key}", value, at, Provenance.ATTESTED)


def held(*seen: Observation, now: float = NOON, key: str = "futures", plan: Plan = PLAN) -> Holding:
    found = holdings(fold(Facts(), seen), plan, CATALOGUE, now)
    return next(holding for holding in found if holding.key == key)


@pytest.mark.parametrize(
    ("seen", "level"),
    [
        ((), Level.UNKNOWN),
        ((listed("Stocks", "Futures"),), Level.READY),
        ((listed("Stocks", "futures (united states)"),), Level.READY),
        ((listed("Futures Options"),), Level.BLOCKED),
        ((GATEWAY, permitted(True)), Level.READY),
        ((GATEWAY, permitted(False)), Level.UNKNOWN),
        ((GATEWAY, permitted(False), listed("Bonds")), Level.BLOCKED),
        ((GATEWAY, permitted(False), said(False)), Level.BLOCKED),
        ((permitted(True),), Level.UNKNOWN),
        ((tradable(ACCOUNT),), Level.READY),
        ((GATEWAY, tradable("U9")), Level.BLOCKED),
        (
            (kinds.PORTAL_ACCOUNTS.seen("gateway", ("U9",), NOON), tradable("U9"), permitted(False)),
            Level.UNKNOWN,
        ),
        ((said(True),), Level.READY),
        ((said(False),), Level.BLOCKED),
        ((said(True, NOON - 31 * DAY),), Level.UNKNOWN),
        ((said(True), GATEWAY, tradable("U9", at=NOON - HOUR)), Level.BLOCKED),
        ((said(False), GATEWAY, permitted(True, NOON - HOUR)), Level.READY),
        ((said(True), GATEWAY, permitted(False, NOON - DAY)), Level.UNKNOWN),
        ((listed("Stocks", at=NOON - DAY), GATEWAY, permitted(True)), Level.READY),
        ((listed("Futures", at=NOON - DAY), GATEWAY, tradable("U9")), Level.BLOCKED),
    ],
    ids=[
        "nothing seen",
        "in the statement",
        "in the statement with a country",
        "another word that begins the same",
        "the gateway says yes",
        "the gateway alone says no",
        "the gateway and the statement say no",
        "the gateway and the trader say no",
        "the gateway's yes, of nobody knows whom",
        "the rules name the account",
        "the rules name another account",
        "the gateway is somebody else's",
        "said to be held",
        "said to be missing",
        "said too long ago",
        "measured no beats a newer word",
        "measured yes beats a newer word",
        "a word does not overcome a stale no",
        "granted since the statement",
        "taken away since the statement",
    ],
)
def test_what_the_evidence_makes_of_a_permission(seen: tuple[Observation, ...], level: Level) -> None:
    found = held(*seen)
    assert found.level is level
    assert found.is_gap is (level is not Level.READY)


def test_the_statement_counts_as_of_the_moment_it_was_made() -> None:
    """Fetched after the gateway's no, but made before it: it proves nothing newer."""
    made = kinds.STATEMENT_OF.seen(f"account/{ACCOUNT}", NOON - DAY, NOON)
    found = held(GATEWAY, tradable("U9", at=NOON - HOUR), listed("Futures"), made)
    assert found.level is Level.BLOCKED


def test_what_two_instruments_need_is_as_good_as_the_worse_of_them() -> None:
    tickets = (Ticket("es", "ES"), Ticket("nq", "NQ"))
    plan = replace(PLAN, flows=(Flow("f", "F", tickets=tickets),))
    found = held(GATEWAY, permitted(True), permitted(False, instrument="NQ"), plan=plan)
    assert found.level is Level.UNKNOWN
    assert "NQ" in found.sentence
    assert [need.ticket for need in found.needs] == ["es", "nq"]


def test_a_combination_needs_what_its_legs_need_and_an_index_needs_nothing() -> None:
    ticket = Ticket("combo", "", legs=(Leg("ES"), Leg("ESOPT"), Leg("SPX")))
    plan = replace(PLAN, flows=(Flow("f", "F", tickets=(ticket,)),))
    found = holdings(Facts(), plan, CATALOGUE, NOON)
    assert {holding.key for holding in found} == {"futures", "futures-options"}


def test_a_product_without_a_row_is_needed_and_unknown() -> None:
    plan = replace(PLAN, instruments=(Instrument("ES", "ES", "CMDTY"), PLAN.instruments[2]))
    found = holdings(Facts(), plan, CATALOGUE, NOON)
    assert found[0].key == "product/CMDTY"
    assert found[0].is_gap


def test_a_word_of_the_statement_that_nobody_knows_is_still_listed() -> None:
    found = held(listed("Futures", "Moon Shares"), key="word/Moon Shares")
    assert (found.level, found.is_gap, found.row) == (Level.READY, False, None)


def test_gaps_come_first_and_what_nobody_needs_comes_last() -> None:
    found = holdings(fold(Facts(), [listed("Futures", "Bonds")]), PLAN, CATALOGUE, NOON)
    assert [holding.key for holding in found if holding.needs] == ["futures-options", "futures"]
    assert [holding.key for holding in found][-1] == "bonds"
    assert not any(holding.is_gap for holding in found if not holding.needs)


def test_the_row_that_a_statement_can_name_stands_for_a_security_type() -> None:
    stocks = permission_for(CATALOGUE, "STK")
    assert stocks is not None
    assert stocks.key == "stocks"
    assert permission_for(CATALOGUE, "CRYPTO") is None


def test_rows_that_a_statement_cannot_tell_apart_are_one_line_by_its_word() -> None:
    levels = tuple(row(f"options-level-{level}", ("OPT",), ("Options",)) for level in (1, 2, 3))
    plan = replace(
        PLAN,
        instruments=(Instrument("SPXOPT", "SPX", "OPT"),),
        flows=(Flow("f", "F", tickets=(Ticket("o", "SPXOPT"),)),),
    )
    found = holdings(fold(Facts(), [listed("Options")]), plan, playing(permissions=levels), NOON)
    assert [holding.title for holding in found] == ["Options"]
    assert "which level" in found[0].sentence


def test_a_ticket_counts_for_its_own_account_only() -> None:
    plan = replace(PLAN, flows=(Flow("f", "F", tickets=(Ticket("es", "ES", account="U7777777"),)),))
    found = holdings(Facts(), plan, CATALOGUE, NOON)
    assert accounts_of(Facts(), plan) == (ACCOUNT, "U7777777")
    assert [(holding.account, holding.key) for holding in found] == [("U7777777", "futures")]


def test_a_yes_from_an_earlier_start_that_lives_for_minutes_proves_nothing() -> None:
    facts = restored([GATEWAY, permitted(True)])
    assert holdings(facts, PLAN, CATALOGUE, NOON + 13 * HOUR)[0].level is Level.UNKNOWN


MOMENTS = st.floats(NOON - 4 * DAY, NOON)
SEEN = st.lists(
    st.one_of(
        st.builds(permitted, st.booleans(), MOMENTS),
        st.builds(lambda yes, at: tradable(ACCOUNT if yes else "U9", at=at), st.booleans(), MOMENTS),
        st.builds(lambda yes, at: listed("Futures" if yes else "Bonds", at=at), st.booleans(), MOMENTS),
        st.builds(said, st.booleans(), MOMENTS),
        st.builds(lambda made, at: kinds.STATEMENT_OF.seen(f"account/{ACCOUNT}", made, at), MOMENTS, MOMENTS),
        st.builds(
            lambda mine, at: kinds.PORTAL_ACCOUNTS.seen("gateway", (ACCOUNT if mine else "U9",), at),
            st.booleans(),
            MOMENTS,
        ),
    ),
    max_size=12,
)


@given(SEEN, st.floats(0, 60 * DAY))
def test_growing_older_never_closes_a_gap(seen: list[Observation], wait: float) -> None:
    if held(*seen).is_gap:
        assert held(*seen, now=NOON + wait).is_gap


WITNESSES = st.lists(
    st.builds(
        Witness,
        st.booleans(),
        st.just("somebody"),
        st.sampled_from([Provenance.MEASURED, Provenance.ATTESTED]),
        MOMENTS,
        st.floats(NOON - 4 * DAY, NOON + 4 * DAY),
    ),
    max_size=8,
).map(tuple)


@given(WITNESSES, st.data())
def test_forgetting_who_said_yes_never_closes_a_gap(
    witnesses: tuple[Witness, ...], data: st.DataObject
) -> None:
    kept = tuple(one for one in witnesses if not one.says or data.draw(st.booleans()))
    if weigh(witnesses, NOON)[0] is not Level.READY:
        assert weigh(kept, NOON)[0] is not Level.READY


@given(WITNESSES)
def test_only_a_fresh_yes_closes_a_gap(witnesses: tuple[Witness, ...]) -> None:
    level, _, decisive = weigh(witnesses, NOON)
    if level is Level.READY:
        assert decisive is not None
        assert decisive.says
        assert decisive.is_fresh(NOON)


@given(WITNESSES)
def test_the_trader_never_overrules_a_measurement(witnesses: tuple[Witness, ...]) -> None:
    measured = tuple(one for one in witnesses if one.provenance is Provenance.MEASURED)
    if any(not one.says for one in measured):
        assert (weigh(witnesses, NOON)[0] is Level.READY) <= (weigh(measured, NOON)[0] is Level.READY)
