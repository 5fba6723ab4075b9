"""The simulated Client Portal gateway: TLS on loopback, a few answers of its own, the rest from upstream."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

from msgspec.structs import replace

from cockpit.simulator.dates import settle
from cockpit.simulator.portal.certificates import Certificate, issue, server_context
from cockpit.simulator.portal.http import Answer, Hold, HttpService, Recording, Request, Response, Upgrade
from cockpit.simulator.portal.orders import Placed
from cockpit.simulator.portal.pacing import Clock
from cockpit.simulator.portal.stream import StreamSession, handshake
from cockpit.simulator.portal.transport import Listener, Wire
from cockpit.simulator.portal.upstream import Upstream
from cockpit.simulator.scenario import Portal, Scenario

_PREFIXES = ("/v1/api", "/v1/portal")
_LOGIN = "/sso/Login?forwardTo=22&RL=1&ip2loc=US"
_ELSEWHERE = "https://api.ibkr.com"
_DEMO_PAGE = b"<!doctype html><title>Demo</title><p>A static page that needs no login.</p>\n"
_CORS = ("Access-Control-Allow-Origin", "*")
_PREFLIGHT = (
    ("Access-Control-Allow-Methods", "POST,GET,OPTIONS,DELETE,PUT"),
    ("Access-Control-Allow-Headers", "Content-Type,portal,Cookie"),
)


class Gateway:
    """One gateway. What it answers is measured behaviour of the vendor's program where that is known."""

    def __init__(
        self,
        scenario: Scenario,
        recorder: Recording,
        clock: Clock = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        """`clock` gives monotonic seconds for pacing and lifetimes, `wall` UTC epoch seconds for stamps."""
        settled = settle(scenario, datetime.fromtimestamp(wall(), UTC))
        self._upstream = Upstream(settled, clock, wall)
        self._recorder = recorder
        self._http = HttpService("gateway", recorder, self._answer)
        self._listener = Listener(self._http.serve)
        self._certificate: Certificate = issue(settled.gateway.certificate)
        self._port = settled.gateway.port

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, 64 lower-case hex digits."""
        return self._certificate.fingerprint

    @property
    def certificate(self) -> bytes:
        """The certificate as PEM."""
        return self._certificate.pem

    @property
    def state(self) -> Portal:
        """The state of the sign-in."""
        return self._upstream.sign_in.state

    @property
    def placed(self) -> tuple[Placed, ...]:
        """Live orders that were accepted: a leak, whenever there is one."""
        return self._upstream.placed

    @property
    def streams(self) -> frozenset[int]:
        """The contracts whose market-data streams are open."""
        return frozenset(self._upstream.sign_in.asked.streams)

    @property
    def evicted(self) -> int:
        """How often this gateway took the brokerage session from another program."""
        return self._upstream.sign_in.evicted

    async def start(self) -> int:
        """Listen and return the port; after a stop it is the same one. Raises OSError when it is taken."""
        self._port = await self._listener.open(self._port, server_context(self._certificate))
        return self._port

    async def stop(self) -> None:
        """Stop listening and drop every connection."""
        await self._listener.close()

    async def set_state(self, state: Portal) -> None:
        """Move the sign-in; open streams are told, requests that hang already go on hanging."""
        self._upstream.sign_in.change(state)

    async def change_certificate(self) -> None:
        """Come back on the same port with another certificate, as after a restart with a new key store."""
        await self.stop()
        self._certificate = issue("other")
        await self.start()

    def penalise(self, seconds: float) -> None:
        """Put the callers' address into the penalty box for so many seconds."""
        self._upstream.pacing.penalise(seconds)

    def set_latency(self, milliseconds: float) -> None:
        """Make every call that is passed on take so long from now on."""
        scenario = self._upstream.scenario
        slower = replace(scenario.gateway, latency_ms=milliseconds)
        self._upstream.scenario = replace(scenario, gateway=slower)

    async def _answer(self, request: Request, number: int) -> Answer:
        path = request.path
        call = _behind_prefix(path)
        if request.wants_websocket and call == "/ws":
            return self._upgrade(request)  # the address filter does not look at upgrades
        if self.state is Portal.REFUSING:
            return Response(404, b"Access Denied", chunked=False)
        is_cross_site = "origin" in request.headers
        if (
            is_cross_site
            and "access-control-request-method" in request.headers
            and request.method == "OPTIONS"
        ):
            return Response(204, headers=(_CORS, *_PREFLIGHT))
        answer = await self._route(request, path, call)
        if is_cross_site and isinstance(answer, Response):
            return answer.with_headers(_CORS)
        return answer

    async def _route(self, request: Request, path: str, call: str) -> Answer:
        sign_in = self._upstream.sign_in
        if path == "/":
            return Response(302, headers=(("Location", _LOGIN),))
        if call == "/iserver/reauthenticate":
            if not sign_in.is_signed_in:
                return Response.of({"error": "not logged in"})
            sign_in.begin_brokerage(compete=True)  # the gateway's own second login always competes
            return Response.of({"message": "triggered"})
        if path == "/status":
            return Hold()  # a route of the real program that never completes
        if path == "/clear":
            sign_in.change(Portal.SIGNED_OUT)  # empties the shared cookie jar
            return Response(200, b"cleared")
        if path in ("/demo", "/demo/", "/demo/index.html"):
            return Response(200, _DEMO_PAGE, (("Content-Type", "text/html;charset=utf-8"),), chunked=False)
        if call:
            return await self._upstream.answer(request, call)
        if path.startswith("/sso/"):
            return await self._upstream.login_page(path)
        return Response(302, headers=(("Location", _ELSEWHERE + request.target),))

    def _upgrade(self, request: Request) -> Answer:
        status, headers = handshake(request)
        if status != 101:
            return Response(status, chunked=False)

        async def serve(wire: Wire, early: bytes, number: int) -> None:
            await StreamSession(wire, number, self._upstream, self._recorder).serve(early)

        return Upgrade(headers, serve)


def _behind_prefix(path: str) -> str:
    """The part that the broker's pages document; empty for paths that are not passed on."""
    for prefix in _PREFIXES:
        if path.startswith(f"{prefix}/") and len(path) > len(prefix) + 1:
            return path.removeprefix(prefix)
    return ""
