"""The simulated Web API for OAuth callers: a live session token by Diffie-Hellman, then signed calls as usual."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import secrets
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime

from msgspec.structs import replace

from cockpit.simulator.dates import settle
from cockpit.simulator.oauth.keys import GENERATOR, PRIME, ConsumerKeys, make_keys
from cockpit.simulator.oauth.proof import fields_of, is_signed_with_key, is_signed_with_token, signed_text
from cockpit.simulator.portal.certificates import Certificate, issue, server_context
from cockpit.simulator.portal.http import Answer, HttpService, Recording, Request, Response, after
from cockpit.simulator.portal.orders import Placed
from cockpit.simulator.portal.pacing import Clock
from cockpit.simulator.portal.transport import HOST, Listener
from cockpit.simulator.portal.upstream import Upstream
from cockpit.simulator.scenario import OAuthServer, Portal, PortalServer, Scenario

PREFIX = "/v1/api"
TOKEN_PATH = f"{PREFIX}/oauth/live_session_token"
REALM, TEST_REALM, TEST_CONSUMER = "limited_poa", "test_realm", "TESTCONS"
_CHALLENGE = "diffie_hellman_challenge"
_GATEWAY_ONLY = frozenset({"/sso/validate", "/iserver/reauthenticate"})
_SSO = frozenset({"ssoExpires", "collission", "userId"})  # the broker's own spelling
_FIRST_ID = 39_687


class WebApiService:
    """One consumer of one user. Texts of refusals are those in public reports; the order of the checks is ours."""

    def __init__(
        self,
        scenario: Scenario,
        recorder: Recording,
        clock: Clock = time.monotonic,
        wall: Callable[[], float] = time.time,
        keys: ConsumerKeys | None = None,
    ) -> None:
        """`clock` gives monotonic seconds, `wall` UTC epoch seconds; `keys` are made when none are given."""
        self._server = scenario.oauth
        self._wall = wall
        self.keys = keys or make_keys(self._server.consumer)
        settled = settle(
            replace(scenario, gateway=_as_portal(self._server)), datetime.fromtimestamp(wall(), UTC)
        )
        self._upstream = Upstream(settled, clock, wall)
        self._certificate: Certificate = issue("desk")
        self._listener = Listener(HttpService("web-api", recorder, self._answer).serve)
        self._port = self._server.port
        self._live: tuple[bytes, float] | None = None  # token and end; a new one replaces the old one
        self._nonces: set[str] = set()
        self._ids = itertools.count(_FIRST_ID)
        self.granted = 0  # how many live session tokens were given out

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, 64 lower-case hex digits."""
        return self._certificate.fingerprint

    @property
    def certificate(self) -> bytes:
        """The certificate as PEM."""
        return self._certificate.pem

    @property
    def placed(self) -> tuple[Placed, ...]:
        """Live orders that were accepted: a leak, whenever there is one."""
        return self._upstream.placed

    async def start(self) -> int:
        """Listen and return the port; after a stop it is the same one. Raises OSError when it is taken."""
        self._port = await self._listener.open(self._port, server_context(self._certificate))
        return self._port

    async def stop(self) -> None:
        """Stop listening and drop every connection."""
        await self._listener.close()

    def change(self, server: OAuthServer) -> None:
        """Behave like this from now on; port and keys stay."""
        if server.state is not self._server.state:
            self._upstream.sign_in.change(server.state)
        self._server = server

    @property
    def server(self) -> OAuthServer:
        """How it behaves now."""
        return self._server

    def end_session(self) -> None:
        """Forget the live session token, as after the nightly reset."""
        self._live = None

    async def _answer(self, request: Request, number: int) -> Answer:
        answer = await self._decided(request)
        if not isinstance(answer, Response):
            return answer
        stamp = format_datetime(datetime.fromtimestamp(self._now(), UTC).replace(microsecond=0), usegmt=True)
        return answer.with_headers(("Date", stamp))

    async def _decided(self, request: Request) -> Answer:
        await after(self._server.latency_ms)
        if not request.headers.get("user-agent"):
            return Response(403)
        if self._server.status:
            return self._error(self._server.status, "not served here")
        if request.method == "POST" and not (
            {"content-length", "transfer-encoding"} & request.headers.keys()
        ):
            return Response(411)
        fields = fields_of(request.headers.get("authorization", ""))
        if fields is None:
            return self._error(401, "invalid request")
        refused = self._refused(request, fields)
        if refused:
            return self._error(401, refused)
        if request.path == TOKEN_PATH:
            return self._grant(fields) if request.method == "POST" else Response(405)
        call = request.path.removeprefix(PREFIX) if request.path.startswith(f"{PREFIX}/") else ""
        if not call or call in _GATEWAY_ONLY:
            return self._error(404, "Resource not found")
        answer = await self._upstream.answer(request, call)
        return _without_sso(answer) if call == "/tickle" and isinstance(answer, Response) else answer

    def _refused(self, request: Request, fields: Mapping[str, str]) -> str:
        """Why the caller is not let in; empty when it is."""
        is_for_token, server = request.path == TOKEN_PATH, self._server
        if fields["oauth_consumer_key"] != self.keys.consumer or not server.active:
            return "invalid consumer"
        if fields["realm"] != (TEST_REALM if self.keys.consumer == TEST_CONSUMER else REALM):
            return "invalid consumer"
        if fields["oauth_token"] != self.keys.token or server.token_lost:
            token = fields["oauth_token"]
            return (
                f"LST failed, error: No access secret key found for {token}"
                if is_for_token
                else "invalid token"
            )
        stamp = fields["oauth_timestamp"]
        if not stamp.isdecimal() or abs(int(stamp[:12]) - self._now()) > server.tolerance:
            return "invalid timestamp"
        address = f"https://{request.headers.get('host', f'{HOST}:{self._port}')}{request.path}"
        text = signed_text(request.method, address, request.query_text, fields)
        if is_for_token:
            public = self.keys.signature_key.public_key()
            is_signed = is_signed_with_key(public, self.keys.secret.hex() + text, fields)
        else:
            is_signed = self._live is not None and self._wall() < self._live[1]
            is_signed = (
                is_signed and self._live is not None and is_signed_with_token(self._live[0], text, fields)
            )
        if not is_signed:
            return "invalid signature"
        if fields["oauth_nonce"] in self._nonces:
            return "invalid nonce"
        self._nonces.add(fields["oauth_nonce"])
        return ""

    def _grant(self, fields: Mapping[str, str]) -> Response:
        try:
            theirs = int(fields.get(_CHALLENGE, ""), 16)
        except ValueError:
            return self._error(400, "invalid challenge")
        if not 1 < theirs < PRIME - 1:
            return self._error(400, "invalid challenge")
        exponent = secrets.randbits(256) | 1
        shared = pow(theirs, exponent, PRIME)
        written = shared.to_bytes((shared.bit_length() + 8) // 8)
        token = hmac.new(written, self.keys.secret, hashlib.sha1).digest()
        ends = self._wall() + self._server.hours * 3600
        self._live = (token, ends)
        self.granted += 1
        return Response.of(
            {
                "diffie_hellman_response": f"{pow(GENERATOR, exponent, PRIME):x}",
                "live_session_token_signature": hmac.new(
                    token, self.keys.consumer.encode(), hashlib.sha1
                ).hexdigest(),
                "live_session_token_expiration": round(ends * 1000),
            }
        )

    def _error(self, status: int, text: str) -> Response:
        return Response.of({"error": f"id: {next(self._ids)}, error: {text}", "statusCode": status}, status)

    def _now(self) -> float:
        return self._wall() + self._server.clock_skew


def _without_sso(tickled: Response) -> Response:
    """A tickle of an OAuth caller says nothing of a single sign-on."""
    said = json.loads(tickled.body or b"{}")
    if tickled.status != 200 or not isinstance(said, dict):
        return tickled
    return Response.of({name: value for name, value in said.items() if name not in _SSO})


def _as_portal(server: OAuthServer) -> PortalServer:
    """The same web tier stands behind both doors."""
    state = Portal.SIGNED_IN if server.state is Portal.SIGNED_OUT else server.state
    return PortalServer(
        state=state,
        sso_minutes=server.hours * 60,
        requests_per_second=server.requests_per_second,
        penalty_seconds=server.penalty_seconds,
    )
