"""The shipped OAuth scenarios, played as another process would meet them: only what the desk announces is known."""

from __future__ import annotations

import asyncio

import pytest

from cockpit.adapters.oauth.link import OAuthLink
from cockpit.adapters.oauth.trouble import OAuthTrouble
from cockpit.app.clock import SystemClock
from cockpit.domain import kinds
from cockpit.domain.level import Level
from cockpit.domain.oauth import SUBJECT, OAuthSecret, OAuthState, WebApi, secret_name
from cockpit.domain.plan import Plan
from cockpit.domain.register import Credential, CredentialKind, Register
from cockpit.domain.web_api_session import web_api_session
from cockpit.resources import resource
from cockpit.services.errors import Trouble
from cockpit.simulator import library
from cockpit.simulator.desk import SimulatedDesk
from cockpit.simulator.scenario import Event
from tests.fakes.vault import MemoryVault

from .oauth_bench import PATIENT
from .web_api_bench import SHIPPED, Notebook

pytestmark = pytest.mark.plain

CLOCK = SystemClock()


def link_to(desk: SimulatedDesk, notes: Notebook) -> OAuthLink:
    """A link that knows what the desk announced, to a consumer that was made a minute ago."""
    said = desk.announcement()["web_api"]
    assert isinstance(said, dict)
    consumer = str(said["consumer"])
    kept = {secret_name(consumer, OAuthSecret(name)): text for name, text in said["secrets"].items()}
    row = Credential(consumer, CredentialKind.OAUTH_CONSUMER, made=CLOCK.now() - 60)
    plan = Plan(register=Register(credentials=(row,)))
    web_api = WebApi(consumer, "127.0.0.1", desk.ports["web-api"], str(said["fingerprint"]))
    learned: list[str] = []
    return OAuthLink(
        web_api,
        lambda: plan,
        SHIPPED,
        MemoryVault(kept),
        learned.append,
        notes.report,
        notes,
        CLOCK,
        PATIENT,
    )


@pytest.mark.parametrize(
    ("name", "state", "says", "level"),
    [
        ("oauth-trading", OAuthState.TRADING, "", Level.READY),
        ("oauth-not-active", OAuthState.NOT_ACTIVE, "works from the next regional midnight", Level.LIMITED),
        ("oauth-token-lost", OAuthState.TOKEN_LOST, "The broker has lost the access token", Level.BLOCKED),
        ("oauth-wrong-clock", OAuthState.CLOCK_WRONG, "clock is 20 min ahead of the broker's", Level.BLOCKED),
    ],
)
def test_each_scenario_gets_its_sentence_and_its_row(
    name: str, state: OAuthState, says: str, level: Level
) -> None:
    async def play() -> None:
        notes = Notebook()
        async with SimulatedDesk(library.load(resource("scenarios", f"{name}.toml"))) as desk:
            link = link_to(desk, notes)
            sentence = ""
            try:
                await link.ask_session()
            except Trouble as trouble:
                sentence = trouble.sentence
            await link.close()
            assert says in sentence
            assert notes.value(kinds.OAUTH_STATE, SUBJECT) == state
            row = web_api_session(notes.facts, link.web_api, CLOCK.now(), "Europe/Zurich")
            assert row.level is level
            assert desk.recorder.forbidden() == ()

    asyncio.run(play())


def test_a_session_lives_through_what_happens_on_the_desk() -> None:
    async def play() -> None:
        notes = Notebook()
        async with SimulatedDesk(library.load(resource("scenarios", "oauth-trading.toml"))) as desk:
            link = link_to(desk, notes)
            await link.ask_session()
            await desk.play(Event(does="web_api", state="competing"))
            await link.ask_session()
            assert notes.value(kinds.OAUTH_STATE, SUBJECT) == OAuthState.COMPETING
            await desk.play(Event(does="web_api", state="trading"))
            await link.ask_session()
            assert notes.value(kinds.OAUTH_STATE, SUBJECT) == OAuthState.TRADING
            await desk.play(Event(does="web_api", state="session_ended"))
            with pytest.raises(OAuthTrouble, match="not taken any more"):
                await link.ask_session()
            await link.renew()
            assert notes.all_values(kinds.OAUTH_STATE)[-2:] == [OAuthState.ENDED, OAuthState.TRADING]
            await link.close()

    asyncio.run(play())
