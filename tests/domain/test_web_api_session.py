"""The Web API's row: its word and level for each state, its age, and the end of its token."""

from __future__ import annotations

import pytest

from cockpit.domain import kinds
from cockpit.domain.evidence import Kind, Observation, Provenance, V
from cockpit.domain.facts import Facts, fold
from cockpit.domain.interface import Interface
from cockpit.domain.level import Level
from cockpit.domain.oauth import SUBJECT, OAuthState, WebApi
from cockpit.domain.plan import Plan
from cockpit.domain.session import Session, Stage
from cockpit.domain.sessions import sessions
from cockpit.domain.web_api_session import ROWS, web_api_session

pytestmark = pytest.mark.plain

NOW = 1_795_521_600.0
ZONE = "America/New_York"
OURS = WebApi("COCKPIT01")


def seen(kind: Kind[V], value: V, at: float = NOW) -> Observation:
    return kind.seen(SUBJECT, value, at, Provenance.MEASURED)


def row(*observations: Observation, web_api: WebApi = OURS) -> Session:
    return web_api_session(fold(Facts(), observations), web_api, NOW, ZONE)


@pytest.mark.parametrize("state", OAuthState)
def test_every_state_has_a_row_and_everything_but_trading_a_remedy(state: OAuthState) -> None:
    shown = row(seen(kinds.OAUTH_STATE, state.value))
    assert shown.word == ROWS[state].word
    assert (shown.remedy is None) == (state is OAuthState.TRADING)
    assert (shown.level is Level.READY) == (state is OAuthState.TRADING)


def test_an_old_answer_is_unknown_and_says_its_age() -> None:
    shown = row(seen(kinds.OAUTH_STATE, OAuthState.TRADING.value, NOW - 600))
    assert shown.level is Level.UNKNOWN
    assert "last answer 10 min ago" in shown.lines


def test_only_a_desk_with_a_consumer_has_the_row() -> None:
    with_one = sessions(Facts(), Plan(web_api=OURS), NOW)
    assert [one.key for one in with_one if one.interface is Interface.WEB_API] == [SUBJECT]
    assert Interface.WEB_API not in {one.interface for one in sessions(Facts(), Plan(), NOW)}


def test_nothing_seen_yet_is_unknown() -> None:
    assert row().level is Level.UNKNOWN
    assert row().stage is Stage.UNKNOWN


def test_the_end_of_the_token_stands_in_the_row_only_while_it_lasts() -> None:
    state = seen(kinds.OAUTH_STATE, OAuthState.SIGNED_IN.value)
    shown = row(state, seen(kinds.LIVE_SESSION_ENDS, NOW + 3600))
    assert shown.ends == NOW + 3600
    assert shown.lines[0] == "The broker's own host · token ends 08:00"
    assert row(state, seen(kinds.LIVE_SESSION_ENDS, NOW - 1)).ends is None
    lost = seen(kinds.OAUTH_STATE, OAuthState.TOKEN_LOST.value)
    assert row(lost, seen(kinds.LIVE_SESSION_ENDS, NOW + 3600)).ends is None


def test_a_word_of_a_later_version_is_unclear_and_never_ready() -> None:
    shown = row(seen(kinds.OAUTH_STATE, "better than ever"))
    assert (shown.word, shown.level) == ("Unclear", Level.UNKNOWN)


def test_a_stand_in_on_this_pc_is_named() -> None:
    shown = row(web_api=WebApi("COCKPIT01", "127.0.0.1", 5001))
    assert shown.lines == ("Stand-in at 127.0.0.1:5001",)
