"""Second factors: a claim is no proof, two on one device are lost together, the lock is counted from below."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cockpit.domain import kinds
from cockpit.domain.catalogue import Playing
from cockpit.domain.evidence import Observation, Provenance
from cockpit.domain.facts import Facts, fold
from cockpit.domain.kinds import DAY, HOUR
from cockpit.domain.level import Level
from cockpit.domain.plan import Plan
from cockpit.domain.register import Factor, FactorKind, Register
from cockpit.domain.trust.factors import factors_gauge
from cockpit.domain.trust.sign_in import lockout, push
from tests.domain.trust_desks import (
    CARD_FACTOR,
    CATALOGUE,
    CODE_FACTOR,
    DESK,
    PUSH_FACTOR,
    REGISTER,
    SAID,
    row,
    seen,
)
from tests.fakes.clock import NOON


def _proven(factor: Factor, days_ago: float) -> Observation:
    at = NOON - days_ago * DAY
    return kinds.PROVEN.seen(f"factor/{factor.name}", at, at, SAID)


def _failed(factor: Factor) -> Observation:
    return kinds.PROVEN.seen(f"factor/{factor.name}", 0.0, NOON, SAID)


def _desk(*factors: Factor) -> Plan:
    return replace(DESK, register=replace(REGISTER, factors=factors))


@pytest.mark.parametrize(
    ("proof", "level", "short"),
    [
        (_proven(PUSH_FACTOR, 0), Level.READY, ""),
        (_proven(PUSH_FACTOR, 89), Level.READY, ""),
        (_proven(PUSH_FACTOR, 91), Level.LIMITED, ""),
        (_proven(PUSH_FACTOR, 366), Level.UNKNOWN, ""),
        (_failed(PUSH_FACTOR), Level.BLOCKED, "failed"),
        (kinds.PROVEN.seen("factor/somebody else's", NOON, NOON, SAID), Level.UNKNOWN, "never"),
        (kinds.PROVEN.seen(f"factor/{PUSH_FACTOR.name}", NOON + DAY, NOON, SAID), Level.UNKNOWN, "never"),
    ],
    ids=["today", "in the quarter", "long ago", "over a year", "failed", "never", "from a wrong clock"],
)
def test_a_factor_is_worth_its_newest_proof(proof: Observation, level: Level, short: str) -> None:
    found = row(f"factor/{PUSH_FACTOR.name}", fold(Facts(), [proof]))
    assert (found.level, found.proven) == (level, short)
    assert found.title == "Second factor: IB Key (iPhone 15)"


def test_an_authenticator_on_the_pc_that_signs_in_is_one_factor_not_two() -> None:
    facts = fold(Facts(), [_proven(CODE_FACTOR, 1), _proven(PUSH_FACTOR, 1)])
    plan = _desk(CODE_FACTOR, PUSH_FACTOR)
    found = row(f"factor/{CODE_FACTOR.name}", facts, plan)
    assert (found.level, found.sentence) == (
        Level.LIMITED,
        "Lies on the PC that signs in: two factors become one",
    )
    assert factors_gauge(facts, plan, CATALOGUE, NOON).proven == (PUSH_FACTOR.name,)


def test_a_factor_on_a_device_nobody_registered_says_so() -> None:
    stray = Factor("IB Key (old)", FactorKind.IB_KEY, "old phone")
    found = row("factor/IB Key (old)", fold(Facts(), [_proven(stray, 1)]), _desk(stray))
    assert (found.level, found.sentence) == (Level.LIMITED, "Its device old phone is not registered")


def test_two_proven_factors_on_two_devices_are_enough() -> None:
    found = factors_gauge(seen(), DESK, CATALOGUE, NOON)
    assert (found.level, found.provenance) == (Level.READY, Provenance.ATTESTED)
    assert found.devices == ("iPhone 15", "DSC+")
    assert found.at == NOON - 12 * DAY


@pytest.mark.parametrize(
    ("factors", "proofs", "level", "says"),
    [
        ((), (), Level.UNKNOWN, "No second factor is registered"),
        ((PUSH_FACTOR, CARD_FACTOR), (), Level.UNKNOWN, "None of 2 factors is proven"),
        ((PUSH_FACTOR, CARD_FACTOR), (_proven(PUSH_FACTOR, 1),), Level.LIMITED, "Only one factor is proven"),
        (
            (PUSH_FACTOR, CARD_FACTOR),
            (_proven(PUSH_FACTOR, 1), _proven(CARD_FACTOR, 100)),
            Level.LIMITED,
            "Only one factor is proven",
        ),
        ((PUSH_FACTOR,), (_failed(PUSH_FACTOR),), Level.BLOCKED, "Every registered factor failed"),
        (
            (PUSH_FACTOR, replace(CARD_FACTOR, device="iPhone 15")),
            (_proven(PUSH_FACTOR, 1), _proven(CARD_FACTOR, 1)),
            Level.LIMITED,
            "all on iPhone 15: lost together",
        ),
    ],
    ids=["none", "claims", "one", "one and an old one", "failed", "one device"],
)
def test_fewer_than_two_proven_factors_are_a_weakness(
    factors: tuple[Factor, ...], proofs: tuple[Observation, ...], level: Level, says: str
) -> None:
    found = factors_gauge(fold(Facts(), proofs), _desk(*factors), CATALOGUE, NOON)
    assert found.level is level
    assert says in found.sentence
    assert found.remedy is not None


@given(st.lists(st.tuples(st.sampled_from([PUSH_FACTOR, CARD_FACTOR]), st.floats(0, 400)), max_size=2))
def test_a_proof_less_never_makes_the_gauge_better(proofs: list[tuple[Factor, float]]) -> None:
    evidence = [_proven(factor, days) for factor, days in proofs]
    whole = factors_gauge(fold(Facts(), evidence), DESK, CATALOGUE, NOON).level
    for left_out in range(len(evidence)):
        rest = fold(Facts(), evidence[:left_out] + evidence[left_out + 1 :])
        if len({factor.name for factor, _ in proofs}) == len(proofs):
            assert factors_gauge(rest, DESK, CATALOGUE, NOON).level.rank >= whole.rank


def _failures(count: int, start: float = NOON - HOUR) -> Facts:
    said = [
        kinds.SIGN_IN_FAILED.seen(f"signin/ibc/{n}", start + n, start + n, note="launcher")
        for n in range(count)
    ]
    return fold(Facts(), [*said, kinds.LOGS_READ.seen("signin", 1, NOON)])


@pytest.mark.parametrize(
    ("count", "level", "says"),
    [
        (0, Level.READY, "None known in 24 h. Stop launchers at 5"),
        (2, Level.READY, "2 used: launcher 06:00, launcher 06:00. Stop launchers at 5"),
        (5, Level.LIMITED, "Stop launchers now: the broker locks at 10"),
        (10, Level.BLOCKED, "The broker locks at 10"),
    ],
)
def test_failed_sign_ins_are_counted_against_the_published_limit(count: int, level: Level, says: str) -> None:
    found = lockout(_failures(count), DESK, CATALOGUE, NOON)
    assert (found.level, found.used, found.limit, found.stop_at) == (level, count, 10, 5)
    assert says in found.sentence
    assert (found.locked_until is None) == (count < 10)


def test_a_failure_counts_for_a_day() -> None:
    facts = _failures(1, NOON - DAY + 60)
    assert lockout(facts, DESK, CATALOGUE, NOON).used == 1
    assert lockout(facts, DESK, CATALOGUE, NOON).eases_at == NOON + 60
    assert lockout(facts, DESK, CATALOGUE, NOON + 61).used == 0


def test_no_known_failure_is_no_answer_while_no_launchers_log_is_read() -> None:
    plan = replace(DESK, register=Register())
    found = lockout(Facts(), plan, CATALOGUE, NOON)
    assert found.level is Level.UNKNOWN
    assert found.remedy is not None
    assert found.remedy.action == "name-launcher-logs"


@pytest.mark.parametrize("read", [None, 0])
def test_no_known_failure_is_no_answer_while_a_named_log_cannot_be_read(read: int | None) -> None:
    seen = [] if read is None else [kinds.LOGS_READ.seen("signin", read, NOON)]
    found = lockout(fold(Facts(), seen), DESK, CATALOGUE, NOON)
    assert found.level is Level.UNKNOWN
    assert "1 log of launchers could not be read" in found.sentence
    assert found.remedy is not None
    assert found.remedy.action == "name-launcher-logs"
    later = lockout(fold(Facts(), [kinds.LOGS_READ.seen("signin", 1, NOON)]), DESK, CATALOGUE, NOON + HOUR)
    assert later.level is Level.UNKNOWN


def test_without_a_published_limit_none_is_claimed() -> None:
    found = lockout(_failures(3), DESK, Playing(), NOON)
    assert (found.level, found.limit, found.used) == (Level.UNKNOWN, 0, 3)


@given(st.integers(0, 12), st.integers(0, 12))
def test_more_failures_are_never_better(fewer: int, more: int) -> None:
    fewer, more = sorted((fewer, more))
    low, high = (lockout(_failures(n), DESK, CATALOGUE, NOON).level.rank for n in (fewer, more))
    assert low <= high


def _pushed(seconds_ago: float) -> Facts:
    at = NOON - seconds_ago
    return seen(kinds.PUSH_SENT.seen("signin", at, at))


def test_a_fresh_push_counts_down_the_published_window() -> None:
    found = push(_pushed(5), DESK, CATALOGUE, NOON)
    assert found is not None
    assert (found.level, found.left, found.ends) == (Level.READY, 175.0, NOON + 175)
    assert found.sentence == "Approve on the phone, about 2:55 left"
    assert "no promise" in found.certainty
    assert found.steps[0] == "Approve it on the phone."


def test_a_push_that_does_not_come_brings_the_other_ways() -> None:
    found = push(_pushed(60), DESK, CATALOGUE, NOON)
    assert found is not None
    assert found.level is Level.LIMITED
    assert "challenge and response" in found.steps[0]
    assert found.steps[1] == "Choose another factor in the list of the sign-in: Digital Security Card+."


def test_a_factor_that_failed_is_not_proposed_instead_of_the_push() -> None:
    facts = seen(_failed(CARD_FACTOR), kinds.PUSH_SENT.seen("signin", NOON - 60, NOON - 60))
    found = push(facts, DESK, CATALOGUE, NOON)
    assert found is not None
    assert not any("Digital Security Card+" in step for step in found.steps)


def test_a_push_that_ran_out_says_how_to_begin_again_and_is_then_forgotten() -> None:
    found = push(_pushed(200), DESK, CATALOGUE, NOON)
    assert found is not None
    assert (found.left, found.level) == (0.0, Level.LIMITED)
    assert found.steps[0].startswith("Start the sign-in again once.")
    assert push(_pushed(3600), DESK, CATALOGUE, NOON) is None


def test_without_a_published_window_there_is_no_countdown() -> None:
    assert push(_pushed(5), DESK, Playing(), NOON) is None
    assert push(Facts(), DESK, CATALOGUE, NOON) is None
