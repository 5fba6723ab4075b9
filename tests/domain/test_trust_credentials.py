"""Programmatic access: clocks, scopes, and what is wrong with it as a whole; then the four steps."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cockpit.domain import kinds
from cockpit.domain.evidence import Provenance
from cockpit.domain.facts import Facts, fold
from cockpit.domain.interface import Interface
from cockpit.domain.kinds import DAY, HOUR
from cockpit.domain.level import Level
from cockpit.domain.plan import Flow, Plan
from cockpit.domain.register import Credential, CredentialKind, Register, Scope
from cockpit.domain.trust.credentials import CredentialRow, credential_rows
from cockpit.domain.trust.findings import credential_findings
from cockpit.domain.trust.hardening import steps, weaknesses
from cockpit.domain.trust.row import Step
from tests.domain.trust_desks import CATALOGUE, DESK, READER, REGISTER, SAID, good_morning, seen
from tests.fakes.clock import NOON

FLEX = Credential("flex", CredentialKind.FLEX_TOKEN, "Ann", made=NOON - 30 * DAY, used_for=Scope.STATEMENTS)
KEY = Credential(
    "consumer",
    CredentialKind.OAUTH_CONSUMER,
    "Ann",
    "anna-bot",
    "bot",
    Interface.WEB_API,
    scope=Scope.READ,
    made=NOON - 100 * DAY,
    rotate_days=365,
)
TOKEN = Credential("live session", CredentialKind.LIVE_SESSION, "Ann", "anna-bot", "bot", scope=Scope.READ)
BOT_ID = Credential("bot id", CredentialKind.CLIENT_ID, tool="bot", number=7, used_for=Scope.TRADE)


def _desk(*credentials: Credential) -> Plan:
    return replace(DESK, register=replace(REGISTER, credentials=credentials))


def _row(credential: Credential, facts: Facts | None = None) -> CredentialRow:
    (found,) = credential_rows(Facts() if facts is None else facts, _desk(credential), NOON)
    return found


@pytest.mark.parametrize(
    ("credential", "level", "says"),
    [
        (FLEX, Level.READY, "No end said"),
        (replace(FLEX, ends=NOON + 5 * DAY), Level.LIMITED, "Ends in 5 d"),
        (replace(FLEX, ends=NOON + 40 * DAY), Level.READY, "Ends in 40 d"),
        (replace(FLEX, ends=NOON - DAY), Level.BLOCKED, "Ended Mon 07:00 ET"),
        (KEY, Level.READY, "to be renewed in 265 d"),
        (replace(KEY, rotate_days=90), Level.LIMITED, "100 d old, the rule says 90 d"),
        (replace(KEY, made=0.0), Level.UNKNOWN, "nobody said when it was made"),
        (replace(KEY, scope=Scope.TRADE), Level.LIMITED, "Can trade, used to read"),
        (replace(FLEX, scope=Scope.TRADE), Level.READY, "can read statements"),
        (BOT_ID, Level.READY, "can trade"),
    ],
)
def test_a_credential_is_as_good_as_its_end_its_age_and_its_scope(
    credential: Credential, level: Level, says: str
) -> None:
    found = _row(credential)
    assert found.level is level
    assert says in found.sentence
    assert found.detail
    assert found.level is Level.READY or found.remedy is not None


def test_the_inventory_says_age_next_due_and_last_use() -> None:
    used = kinds.USED.seen("credential/consumer", NOON - HOUR, NOON - HOUR, SAID)
    found = _row(KEY, fold(Facts(), [used]))
    assert (found.age, found.due, found.used_at) == (100 * DAY, KEY.made + 365 * DAY, NOON - HOUR)
    assert found.limits == ("Web API (OAuth) only", "cannot trade", "its own username")


def test_addresses_are_not_shown_whole() -> None:
    assert _row(replace(KEY, addresses=("203.0.113.9",))).limits[1] == "from 203.0.•.•"


def test_the_live_session_has_the_clock_that_was_measured() -> None:
    assert _row(TOKEN).level is Level.UNKNOWN
    ends = kinds.LIVE_SESSION_ENDS.seen("web-api", NOON + 3 * HOUR, NOON)
    found = _row(TOKEN, fold(Facts(), [ends]))
    assert (found.level, found.ends) == (Level.READY, NOON + 3 * HOUR)
    over = kinds.LIVE_SESSION_ENDS.seen("web-api", NOON - 3 * HOUR, NOON)
    ended = _row(TOKEN, fold(Facts(), [over]))
    assert (ended.level, ended.provenance) == (Level.BLOCKED, Provenance.MEASURED)


def test_the_read_only_box_narrows_a_client_id() -> None:
    reader = replace(BOT_ID, used_for=Scope.READ)
    assert _row(reader).level is Level.LIMITED
    assert _row(reader, seen()).sentence == "No end said, held to reading by the Read-Only API box"


def test_the_worst_credential_comes_first() -> None:
    plan = _desk(FLEX, replace(KEY, rotate_days=90), replace(READER, ends=NOON - DAY))
    levels = [one.level for one in credential_rows(Facts(), plan, NOON)]
    assert levels == [Level.BLOCKED, Level.LIMITED, Level.READY]


@pytest.mark.parametrize(
    ("credentials", "key"),
    [
        ((replace(KEY, username="ANNA1"),), "shared-username/consumer"),
        ((BOT_ID,), "no-read-only-credential"),
        ((), "no-read-only-credential"),
        ((replace(BOT_ID, number=0),), "special-id/bot id"),
        ((replace(BOT_ID, kind=CredentialKind.MASTER_ID),), "special-id/bot id"),
        ((BOT_ID, replace(BOT_ID, name="other", tool="excel")), "doubled-id/7"),
        ((replace(BOT_ID, number=905),), "our-range/bot id"),
        ((replace(FLEX, owner=""),), "no-owner"),
        ((replace(KEY, rotate_days=90),), "credential/consumer"),
        ((replace(KEY, scope=Scope.TRADE),), "credential/consumer"),
        ((replace(FLEX, ends=NOON + DAY),), "credential/flex"),
        ((TOKEN,), "credential/live session"),
    ],
)
def test_what_is_wrong_is_found_and_has_a_cure(credentials: tuple[Credential, ...], key: str) -> None:
    found = {one.key: one for one in credential_findings(Facts(), _desk(*credentials), NOON)}
    assert key in found
    assert found[key].cure.sentence
    assert all(one.provenance is not Provenance.MEASURED for one in found.values())


def test_a_desk_in_order_has_no_findings() -> None:
    assert credential_findings(seen(), _desk(READER, FLEX, KEY, BOT_ID), NOON) == ()


def test_an_address_that_tws_trusts_and_nobody_registered_is_found() -> None:
    facts = seen(kinds.TRUSTED_ADDRESSES.seen("tws/tws", ("127.0.0.1", "10.1.2.3"), NOON))
    (found,) = credential_findings(facts, _desk(READER), NOON)
    assert (found.key, found.provenance) == ("trusted-address/tws", Provenance.MEASURED)
    assert "10.1.2.3" not in found.sentence
    known = Credential(
        "analyst", CredentialKind.TRUSTED_ADDRESS, "Ann", scope=Scope.READ, addresses=("10.1.2.3",)
    )
    assert credential_findings(facts, _desk(READER, known), NOON) == ()


def test_two_tools_on_one_id_of_two_usernames_do_not_meet() -> None:
    one, other = replace(BOT_ID, username="a"), replace(BOT_ID, name="b", tool="excel", username="b")
    keys = [found.key for found in credential_findings(Facts(), _desk(one, other), NOON)]
    assert not any(key.startswith("doubled-id") for key in keys)


def _walked() -> Facts:
    drills = [kinds.DRILLED.seen(f"drill/{key}", ("x | 1.0",), NOON, SAID) for key in CATALOGUE.drills]
    return fold(Facts(), [*good_morning(), *drills])


def test_a_desk_that_has_done_everything_has_no_weakness_left() -> None:
    assert weaknesses(_walked(), DESK, CATALOGUE, NOON) == ()
    assert {one.level for one in steps(_walked(), DESK, CATALOGUE, NOON)} == {Level.READY}


def test_every_weakness_has_a_key_of_its_own_and_comes_worst_first() -> None:
    plan = replace(DESK, register=Register(), flows=(Flow("web", "By Web API", interface=Interface.WEB_API),))
    found = weaknesses(Facts(), plan, CATALOGUE, NOON)
    assert len({one.key for one in found}) == len(found)
    assert [one.level.rank for one in found] == sorted((one.level.rank for one in found), reverse=True)


def test_the_four_steps_are_told_in_their_order_with_what_is_next() -> None:
    flows = (
        Flow("a", "Move a leg", drafts=("BUY 1 VERT SPX",)),
        Flow("b", "Through the Web API", interface=Interface.WEB_API),
    )
    plan = replace(DESK, flows=flows)
    told = steps(seen(), plan, CATALOGUE, NOON)
    assert [one.step for one in told] == list(Step)
    assert [(one.done, one.total) for one in told[:2]] == [(1, 2), (1, 2)]
    assert told[0].sentence == "Next: Move a leg: not planned to the end"
    assert told[1].sentence == "Next: Through the Web API: no way to it"
    assert (told[3].done, told[3].total, told[3].level) == (0, 2, Level.UNKNOWN)


def test_a_drill_that_was_walked_long_ago_no_longer_counts() -> None:
    facts = fold(_walked(), [])
    later = NOON + 91 * DAY
    assert {f"drill/{key}" for key in CATALOGUE.drills} <= {
        one.key for one in weaknesses(facts, DESK, CATALOGUE, later)
    }


WEAK = seen(
    kinds.SCREEN_LOCK.seen("desk", 0.0, NOON),
    kinds.CERTIFICATE.seen("gateway", "vendor", NOON),
    kinds.CROSS_ORIGIN.seen("gateway", True, NOON),
)
KEYS = sorted(one.key for one in weaknesses(WEAK, DESK, CATALOGUE, NOON))


@given(st.sets(st.sampled_from(KEYS)), st.sets(st.sampled_from(KEYS)))
def test_an_accepted_weakness_stays_listed_with_its_date_and_its_level(
    accepted: set[str], taken_back: set[str]
) -> None:
    said = [kinds.ACCEPTED.seen(f"weakness/{key}", NOON - DAY, NOON - DAY, SAID) for key in sorted(accepted)]
    said += [kinds.ACCEPTED.seen(f"weakness/{key}", 0.0, NOON, SAID) for key in sorted(taken_back)]
    before = {one.key: one.level for one in weaknesses(WEAK, DESK, CATALOGUE, NOON)}
    after = weaknesses(fold(WEAK, said), DESK, CATALOGUE, NOON)
    assert {one.key: one.level for one in after} == before
    assert {one.key for one in after if one.accepted_at is not None} == accepted - taken_back
    order = [one.accepted_at is not None for one in after]
    assert order == sorted(order)


def test_what_the_desk_accepted_a_year_ago_must_be_accepted_again() -> None:
    key = KEYS[0]
    facts = fold(WEAK, [kinds.ACCEPTED.seen(f"weakness/{key}", NOON - 366 * DAY, NOON - 366 * DAY, SAID)])
    found = next(one for one in weaknesses(facts, DESK, CATALOGUE, NOON) if one.key == key)
    assert found.accepted_at is None
