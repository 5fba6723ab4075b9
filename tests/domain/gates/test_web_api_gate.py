"""The session gate of the Web API by OAuth: what its row says decides, and a desk without a consumer sees nothing."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from cockpit.domain import kinds
from cockpit.domain.gates.gate import Gate
from cockpit.domain.level import Level
from cockpit.domain.oauth import SUBJECT, OAuthState, WebApi
from tests.domain.gates.worlds import ACCOUNT, LIMIT, PLAN, WEB, answer, case, facts_of
from tests.fakes.clock import NOON

pytestmark = pytest.mark.plain

WITH_CONSUMER = replace(PLAN, web_api=WebApi("COCKPIT01"))


@pytest.mark.parametrize(
    ("state", "level"),
    [
        (OAuthState.TRADING, Level.READY),
        (OAuthState.SIGNED_IN, Level.BLOCKED),
        (OAuthState.TOKEN_LOST, Level.BLOCKED),
        (OAuthState.COMPETING, Level.BLOCKED),
        (OAuthState.UNCLEAR, Level.UNKNOWN),
    ],
)
def test_only_a_trading_session_takes_orders(state: OAuthState, level: Level) -> None:
    facts = facts_of(kinds.OAUTH_STATE.seen(SUBJECT, state, NOON))
    found = answer(Gate.SESSION, facts, case(LIMIT, WEB), WITH_CONSUMER)
    assert found.level is level
    assert "Web API: " in found.sentence


def test_a_desk_without_a_consumer_sees_no_session_even_if_one_was_seen_before() -> None:
    facts = facts_of(kinds.OAUTH_STATE.seen(SUBJECT, OAuthState.TRADING, NOON))
    assert answer(Gate.SESSION, facts, case(LIMIT, WEB)).level is Level.UNKNOWN


def test_an_old_answer_proves_nothing() -> None:
    facts = facts_of(kinds.OAUTH_STATE.seen(SUBJECT, OAuthState.TRADING, NOON - 3600))
    found = answer(Gate.SESSION, facts, case(LIMIT, WEB), WITH_CONSUMER)
    assert found.level is Level.UNKNOWN


def test_a_consumer_of_another_user_does_not_reach_the_account() -> None:
    facts = facts_of(
        kinds.OAUTH_STATE.seen(SUBJECT, OAuthState.TRADING, NOON),
        kinds.PORTAL_ACCOUNTS.seen(SUBJECT, ("U9",), NOON),
    )
    found = answer(Gate.IDENTITY, facts, case(LIMIT, WEB, account=ACCOUNT), WITH_CONSUMER)
    assert found.level is Level.BLOCKED
    assert (
        answer(Gate.IDENTITY, facts, case(LIMIT, WEB, account="U9"), WITH_CONSUMER).level is not Level.BLOCKED
    )
