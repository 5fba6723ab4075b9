"""The simulated Web API: nothing unsigned, replayed or changed on the way is answered."""

from __future__ import annotations

import hashlib
import hmac
import ssl
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from urllib.parse import quote

import httpx2
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from msgspec.structs import replace

from cockpit.simulator.desk import SimulatedDesk
from cockpit.simulator.oauth.keys import GENERATOR, PRIME, ConsumerKeys, make_keys
from cockpit.simulator.oauth.proof import signed_text
from cockpit.simulator.oauth.service import PREFIX, TOKEN_PATH, WebApiService
from cockpit.simulator.recorder import Recorder
from cockpit.simulator.scenario import Event, OAuthServer, Portal, Scenario

from .gateway_clients import Clock, on_a_loop

pytestmark = pytest.mark.plain

SERVER = OAuthServer(present=True, consumer="COCKPIT01", state=Portal.TRADING)
ACCOUNTS = f"{PREFIX}/portfolio/accounts"
RULES = f"{PREFIX}/iserver/contract/1/info-and-rules"


@cache
def keys() -> ConsumerKeys:
    return make_keys("COCKPIT01")


@dataclass
class Caller:
    """A caller who signs by hand, with nothing of the program's own."""

    service: WebApiService
    client: httpx2.AsyncClient
    clock: Clock
    recorder: Recorder
    token: bytes = b""
    number: int = 0

    def fields(self, method: str, **changes: str) -> dict[str, str]:
        self.number += 1
        return {
            "realm": "limited_poa",
            "oauth_consumer_key": "COCKPIT01",
            "oauth_nonce": f"nonce{self.number}",
            "oauth_signature_method": method,
            "oauth_timestamp": str(int(self.clock.now)),
            "oauth_token": keys().token,
            **changes,
        }

    async def send(self, method: str, path: str, query: str, fields: dict[str, str]) -> httpx2.Response:
        header = "OAuth " + ", ".join(f'{name}="{quote(value, safe="")}"' for name, value in fields.items())
        target = f"{path}?{query}" if query else path
        return await self.client.request(method, target, headers={"Authorization": header})

    def text(self, method: str, path: str, query: str, fields: dict[str, str]) -> str:
        return signed_text(method, str(self.client.base_url).rstrip("/") + path, query, fields)

    async def begin(self, **changes: str) -> httpx2.Response:
        """Ask for a live session token, and keep it when it comes."""
        exponent = 2**200 + 12345
        challenge = f"{pow(GENERATOR, exponent, PRIME):x}"
        fields = self.fields("RSA-SHA256", diffie_hellman_challenge=challenge, **changes)
        text = keys().secret.hex() + self.text("POST", TOKEN_PATH, "", fields)
        signature = keys().signature_key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
        answer = await self.send("POST", TOKEN_PATH, "", {**fields, "oauth_signature": _base64(signature)})
        if answer.status_code == 200:
            shared = pow(int(answer.json()["diffie_hellman_response"], 16), exponent, PRIME)
            written = shared.to_bytes(shared.bit_length() // 8 + 1, "big", signed=True)
            self.token = hmac.new(written, keys().secret, hashlib.sha1).digest()
        return answer

    async def call(self, path: str, query: str = "", method: str = "GET", **changes: str) -> httpx2.Response:
        fields = self.fields("HMAC-SHA256", **changes)
        return await self.send(method, path, query, self.signed(method, path, query, fields))

    def signed(self, method: str, path: str, query: str, fields: dict[str, str]) -> dict[str, str]:
        text = self.text(method, path, query, fields)
        signature = hmac.new(self.token, text.encode(), hashlib.sha256).digest()
        return {**fields, "oauth_signature": _base64(signature)}


def _base64(content: bytes) -> str:
    return b64encode(content).decode()


@asynccontextmanager
async def serving(server: OAuthServer = SERVER) -> AsyncIterator[Caller]:
    clock, recorder = Clock(), Recorder()
    service = WebApiService(Scenario(oauth=server), recorder, clock, clock, keys())
    port = await service.start()
    base = f"https://127.0.0.1:{port}"
    try:
        async with httpx2.AsyncClient(
            verify=ssl.create_default_context(cadata=service.certificate.decode()),
            base_url=base,
            trust_env=False,
        ) as client:
            yield Caller(service, client, clock, recorder)
    finally:
        await service.stop()


def why(answer: httpx2.Response) -> str:
    assert answer.status_code == 401
    return str(answer.json()["error"]).partition("error: ")[2]


@on_a_loop
async def test_the_check_value_proves_who_answered_and_the_token_opens_the_portal() -> None:
    async with serving() as caller:
        said = (await caller.begin()).json()
        check = hmac.new(caller.token, b"COCKPIT01", hashlib.sha1).hexdigest()
        assert said["live_session_token_signature"] == check
        assert said["live_session_token_expiration"] == round((caller.clock.now + 24 * 3600) * 1000)
        assert [row["id"] for row in (await caller.call(ACCOUNTS)).json()] == ["U1234821"]


@pytest.mark.parametrize("path", [ACCOUNTS, TOKEN_PATH, f"{PREFIX}/tickle", "/", f"{PREFIX}/ws"])
@on_a_loop
async def test_an_unsigned_call_is_refused_whatever_it_asks(path: str) -> None:
    async with serving() as caller:
        await caller.begin()
        assert (await caller.client.post(path)).status_code == 401
        assert (await caller.client.get(path, headers={"Authorization": "Bearer x"})).status_code == 401
        assert (
            await caller.client.get(path, headers={"Authorization": 'OAuth realm="x"'})
        ).status_code == 401


@on_a_loop
async def test_a_replayed_request_is_refused() -> None:
    async with serving() as caller:
        await caller.begin()
        signed = caller.signed("GET", ACCOUNTS, "", caller.fields("HMAC-SHA256"))
        assert (await caller.send("GET", ACCOUNTS, "", signed)).status_code == 200
        assert why(await caller.send("GET", ACCOUNTS, "", signed)) == "invalid nonce"


@on_a_loop
async def test_a_request_changed_on_the_way_is_refused() -> None:
    async with serving() as caller:
        await caller.begin()
        signed = caller.signed("GET", RULES, "isBuy=true", caller.fields("HMAC-SHA256"))
        for method, path, query, fields in (
            ("POST", RULES, "isBuy=true", signed),
            ("GET", ACCOUNTS, "isBuy=true", signed),
            ("GET", RULES, "isBuy=false", signed),
            ("GET", RULES, "isBuy=true&more=1", signed),
            ("GET", RULES, "isBuy=true", {**signed, "oauth_nonce": "another"}),
            ("GET", RULES, "isBuy=true", {**signed, "oauth_signature": "no base64"}),
            ("GET", RULES, "isBuy=true", {**signed, "oauth_signature_method": "PLAINTEXT"}),
        ):
            assert why(await caller.send(method, path, query, fields)) == "invalid signature"
        assert (await caller.send("GET", RULES, "isBuy=true", signed)).status_code != 401


@on_a_loop
async def test_before_a_token_after_its_end_and_after_a_new_one_the_old_signature_fits_nothing() -> None:
    async with serving() as caller:
        assert why(await caller.call(ACCOUNTS)) == "invalid signature"
        await caller.begin()
        old = caller.token
        await caller.begin()
        caller.token, new = old, caller.token
        assert why(await caller.call(ACCOUNTS)) == "invalid signature"
        caller.token = new
        assert (await caller.call(ACCOUNTS)).status_code == 200
        caller.clock.forward(24 * 3600.0)
        assert why(await caller.call(ACCOUNTS)) == "invalid signature"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"oauth_consumer_key": "OTHERCONS"}, "invalid consumer"),
        ({"realm": "test_realm"}, "invalid consumer"),
        ({"oauth_token": "0" * 20}, f"LST failed, error: No access secret key found for {'0' * 20}"),
        ({"oauth_timestamp": "1"}, "invalid timestamp"),
        ({"oauth_timestamp": "soon"}, "invalid timestamp"),
    ],
)
@on_a_loop
async def test_each_field_is_judged_by_itself(changes: dict[str, str], reason: str) -> None:
    async with serving() as caller:
        answer = await caller.begin(**changes)
        assert why(answer) == reason


@pytest.mark.parametrize("challenge", ["", "0", "1", "xyz", f"{PRIME - 1:x}"])
@on_a_loop
async def test_a_challenge_that_is_none_is_refused(challenge: str) -> None:
    async with serving() as caller:
        fields = caller.fields("RSA-SHA256", diffie_hellman_challenge=challenge)
        text = keys().secret.hex() + caller.text("POST", TOKEN_PATH, "", fields)
        signature = keys().signature_key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
        answer = await caller.send("POST", TOKEN_PATH, "", {**fields, "oauth_signature": _base64(signature)})
        assert answer.status_code == 400


@on_a_loop
async def test_a_caller_of_this_kind_is_not_told_of_a_single_sign_on() -> None:
    async with serving() as caller:
        await caller.begin()
        assert set((await caller.call(f"{PREFIX}/tickle", method="POST")).json()) == {
            "session",
            "hmds",
            "iserver",
        }
        assert (await caller.call(f"{PREFIX}/sso/validate")).status_code == 404


@on_a_loop
async def test_every_request_is_kept_also_those_that_were_refused() -> None:
    async with serving() as caller:
        await caller.client.get("/anything")
        await caller.begin()
        assert caller.recorder.http_calls("web-api") == (("GET", "/anything"), ("POST", TOKEN_PATH))


@on_a_loop
async def test_a_scenario_starts_the_service_and_hands_its_keys_over() -> None:
    async with SimulatedDesk(Scenario(oauth=replace(SERVER, active=False))) as desk:
        assert desk.web_api is not None
        said = desk.announcement()["web_api"]
        assert isinstance(said, dict)
        assert said["consumer"] == "COCKPIT01"
        assert said["fingerprint"] == desk.web_api.fingerprint
        assert set(said["secrets"]) == {
            "access-token",
            "access-secret",
            "signature-key",
            "encryption-key",
            "dh-prime",
        }
        await desk.play(Event(does="web_api", state="active"))
        await desk.play(Event(does="web_api", state="token_lost"))
        await desk.play(Event(does="web_api", state="clock", seconds=90.0))
        await desk.play(Event(does="web_api", state="competing"))
        server = desk.web_api.server
        assert (server.active, server.token_lost, server.clock_skew) == (True, True, 90.0)
        assert server.state is Portal.COMPETING


@on_a_loop
async def test_a_desk_without_the_service_refuses_its_port_and_lets_its_events_pass() -> None:
    async with SimulatedDesk(Scenario()) as desk:
        assert desk.announcement()["web_api"] == {}
        assert desk.ports["web-api"] > 0
        await desk.play(Event(does="web_api", state="token_lost"))
