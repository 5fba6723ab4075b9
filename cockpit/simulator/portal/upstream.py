"""What stands behind the gateway: the broker's web tier, with its tiers of sign-in and its pacing."""

from __future__ import annotations

import time
from collections.abc import Callable

from cockpit.simulator.portal.call import Call, Tier, failure
from cockpit.simulator.portal.http import Answer, Hold, Json, Request, Response, after, decoded
from cockpit.simulator.portal.orders import OrderBook, Placed, open_orders
from cockpit.simulator.portal.pacing import Clock, Pacing
from cockpit.simulator.portal.routes import ROUTES
from cockpit.simulator.portal.session import SignIn
from cockpit.simulator.scenario import Portal, Scenario

_LOGIN_PAGE = b"<!doctype html><title>Log in</title><a href='/sso/Dispatcher'>Sign in (simulated)</a>\n"
_HTML = ("Content-Type", "text/html;charset=utf-8")


class Upstream:
    """Answers what the gateway passes on. One login for all callers; `sign_in` may be changed at any time."""

    def __init__(self, scenario: Scenario, clock: Clock, wall: Callable[[], float] = time.time) -> None:
        """`clock` gives monotonic seconds, `wall` UTC epoch seconds."""
        server = scenario.gateway
        self.scenario = scenario
        self.sign_in = SignIn(scenario, clock)
        self.pacing = Pacing(server.requests_per_second, server.penalty_seconds, server.path_limits, clock)
        self._book = OrderBook()
        self._wall = wall

    @property
    def placed(self) -> tuple[Placed, ...]:
        """Every live order that was accepted. With the cockpit as the only client there is none."""
        return tuple(self._book.placed)

    def now(self) -> float:
        """UTC epoch seconds."""
        return self._wall()

    def open_orders(self) -> list[Json]:
        """The rows of the live order list."""
        rows = open_orders(self.scenario, self._book)["orders"]
        return list(rows) if isinstance(rows, list) else []

    async def answer(self, request: Request, path: str) -> Answer:
        """Answer a call to `path`, without its prefix; never, when the upstream is gone."""
        if self.sign_in.state is Portal.HANGING:
            return Hold()
        refused = self.pacing.refuses(path)
        await after(self.scenario.gateway.latency_ms)
        if refused == 423:
            return Response.of({"status": "asked more often than once in five minutes"}, 423)
        if refused:
            return Response.of({"error": "too many requests"}, refused)
        return self._answer(request, path)

    async def login_page(self, path: str) -> Answer:
        """Answer a call below /sso that is not the validation; the dispatcher is where a login ends."""
        if self.sign_in.state is Portal.HANGING:
            return Hold()
        await after(self.scenario.gateway.latency_ms)
        if path != "/sso/Dispatcher":
            return Response(200, _LOGIN_PAGE, (_HTML,))
        if not self.sign_in.is_signed_in:
            self.sign_in.change(Portal.TRADING)  # the gateway goes on to take the brokerage session by itself
        return Response(200, b"Client login succeeds", (_HTML,))

    def _answer(self, request: Request, path: str) -> Answer:
        sign_in = self.sign_in
        if not sign_in.is_signed_in:
            return Response(401)
        if request.method in ("POST", "PUT") and not (
            {"content-length", "transfer-encoding"} & request.headers.keys()
        ):
            return Response(411)
        for route in ROUTES:
            found = route.pattern.fullmatch(path)
            if not found:
                continue
            if request.method not in route.methods:
                return Response(405)
            if route.tier is Tier.BROKERAGE:
                if not sign_in.has_brokerage:
                    return failure(400, "Bad Request: no bridge")
                if sign_in.state is Portal.STARTING:
                    return failure(500, "Not ready")
            parts = tuple(decoded(part) for part in found.groups())
            return route.answer(Call(self.scenario, sign_in, self._book, request, parts, self.now()))
        return failure(404, "Resource not found")
