"""The Web API as the desk uses it: quiet looks, loud clicks, and keeping what it signs with."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from cockpit.domain.oauth import OAuthSecret
from cockpit.domain.plan import Plan
from cockpit.domain.secret import Secret
from cockpit.services.desk import Desk
from cockpit.services.harm import Harm
from cockpit.services.state import DeskState
from cockpit.services.web_api import (
    ACCESS_NOTICE,
    NOTICE,
    keep_oauth_secret,
    look_at_web_api,
    renew_web_api,
)
from cockpit.simulator.scenario import OAuthServer
from tests.adapters.oauth_bench import SERVER, OAuthBench, keys, oauth

pytestmark = pytest.mark.plain

LOST = replace(SERVER, token_lost=True)
Work = Callable[[OAuthBench, Desk, Harm], Awaitable[None]]


def scene(work: Work, server: OAuthServer = SERVER) -> list[DeskState]:
    states: list[DeskState] = []

    async def play() -> None:
        async with oauth(server) as on:
            await work(on, Desk(Plan(), on.clock, states.append), Harm(on.clock))

    asyncio.run(play())
    return states


def notices(desk: Desk) -> dict[str, str]:
    return {notice.key: notice.sentence for notice in desk.state().notices}


def test_a_look_brings_session_and_accounts_within_the_messages_it_announces() -> None:
    async def work(on: OAuthBench, desk: Desk, harm: Harm) -> None:
        assert await look_at_web_api(desk, harm, on.link)
        assert on.calls == ["oauth/live_session_token", "iserver/auth/status", "portfolio/accounts"]

    scene(work)


def test_a_look_that_fails_stays_quiet_and_a_click_says_why_until_it_works() -> None:
    async def work(on: OAuthBench, desk: Desk, harm: Harm) -> None:
        assert not await look_at_web_api(desk, harm, on.link)
        assert NOTICE not in notices(desk)
        assert not await renew_web_api(desk, harm, on.link)
        assert "lost the access token" in notices(desk)[NOTICE]
        on.behave(token_lost=False)
        assert await renew_web_api(desk, harm, on.link)
        assert NOTICE not in notices(desk)

    scene(work, LOST)


def test_a_secret_that_cannot_be_used_is_told_and_one_that_can_takes_the_notice_away(tmp_path: Path) -> None:
    async def work(on: OAuthBench, desk: Desk, harm: Harm) -> None:
        assert not await keep_oauth_secret(desk, on.link, OAuthSecret.SIGNATURE_KEY, tmp_path / "none.pem")
        assert notices(desk)[ACCESS_NOTICE].startswith("The file cannot be read")
        assert await keep_oauth_secret(desk, on.link, OAuthSecret.ACCESS_TOKEN, Secret(keys().token))
        assert ACCESS_NOTICE not in notices(desk)

    scene(work)
