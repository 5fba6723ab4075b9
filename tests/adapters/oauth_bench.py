"""The Web API link with everything around it: the simulated service on the test's clock, keys in a vault in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache

from msgspec.structs import replace

from cockpit.adapters.oauth.link import OAuthLink
from cockpit.adapters.oauth.wire import Timeouts
from cockpit.domain.evidence import Seen
from cockpit.domain.kinds import OAUTH_STATE
from cockpit.domain.oauth import SUBJECT, OAuthSecret, WebApi, secret_name
from cockpit.domain.plan import Plan
from cockpit.domain.register import Credential, CredentialKind, Register
from cockpit.services.errors import Trouble
from cockpit.simulator.oauth.keys import ConsumerKeys, make_keys
from cockpit.simulator.oauth.service import WebApiService
from cockpit.simulator.scenario import Account, OAuthServer, Scenario
from tests.fakes.vault import MemoryVault
from tests.simulator.gateway_clients import SignallingRecorder

from .web_api_bench import SHIPPED, HandClock, Notebook

CONSUMER = "COCKPIT01"
ACCOUNTS = (Account(), Account(id="U7654321", entity="IB-IE"))
PATIENT = Timeouts(connect=20.0, answer=20.0, close=0.5)
SERVER = OAuthServer(present=True, consumer=CONSUMER)


@cache
def keys() -> ConsumerKeys:
    """The keys of one run of the tests: making them takes a moment."""
    return make_keys(CONSUMER)


@cache
def texts() -> dict[OAuthSecret, str]:
    """What the trader keeps of them."""
    return {OAuthSecret(name): text for name, text in keys().texts().items()}


@dataclass(slots=True)
class OAuthBench:
    """A link, the service behind it, and what both noted."""

    link: OAuthLink
    service: WebApiService
    recorder: SignallingRecorder
    notes: Notebook
    clock: HandClock
    vault: MemoryVault
    learned: list[str] = field(default_factory=list)

    @property
    def calls(self) -> list[str]:
        """What the service was asked, in order: the last part of each path."""
        return [path.removeprefix("/v1/api/") for _, path in self.recorder.http_calls("web-api")]

    @property
    def state(self) -> Seen[str] | None:
        """The newest state that was reported."""
        return self.notes.facts.look(OAUTH_STATE, SUBJECT)

    def behave(self, **changes: object) -> None:
        """Let the service behave otherwise from now on."""
        self.service.change(replace(self.service.server, **changes))


def plan(made: float = 0.0) -> Plan:
    """A plan whose register says when the consumer was made (UTC epoch seconds); 0 says nothing."""
    row = Credential("Web API", CredentialKind.OAUTH_CONSUMER, tool=CONSUMER, made=made)
    return Plan(register=Register(credentials=(row,)))


def kept(**changes: str) -> MemoryVault:
    """A vault with everything a consumer needs; a change by the secret's name in capitals, "" takes it out."""
    changed = {OAuthSecret[name]: text for name, text in changes.items()}
    whole = {**texts(), **changed}
    return MemoryVault({secret_name(CONSUMER, which): text for which, text in whole.items() if text})


@asynccontextmanager
async def oauth(
    server: OAuthServer = SERVER,
    *,
    made: float = 0.0,
    vault: MemoryVault | None = None,
    fingerprint: str | None = None,
    timeouts: Timeouts = PATIENT,
) -> AsyncIterator[OAuthBench]:
    """Run a service with a link to it. Whatever happened, nothing forbidden may have arrived."""
    clock, notes, recorder = HandClock(), Notebook(), SignallingRecorder()
    scenario = Scenario(accounts=ACCOUNTS, oauth=server)
    service = WebApiService(scenario, recorder, clock.monotonic, clock.now, keys())
    port = await service.start()
    vault = vault or kept()
    learned: list[str] = []
    web_api = WebApi(CONSUMER, "127.0.0.1", port, service.fingerprint if fingerprint is None else fingerprint)
    link = OAuthLink(
        web_api,
        lambda: plan(made),
        SHIPPED,
        vault,
        learned.append,
        notes.report,
        notes,
        clock,
        timeouts,
        clock.sleep,
    )
    try:
        yield OAuthBench(link, service, recorder, notes, clock, vault, learned)
    finally:
        await link.close()
        await service.stop()
        assert recorder.forbidden() == ()
        assert service.placed == ()


async def trouble_of(bench: OAuthBench) -> Trouble | None:
    """Ask the session and return the trouble, None when there was none."""
    try:
        await bench.link.ask_session()
    except Trouble as trouble:
        return trouble
    return None
