"""The simulated Flex web service: ask for a report, be told to wait, fetch it."""

from __future__ import annotations

import time
from collections.abc import Callable
from xml.sax.saxutils import escape

from msgspec.structs import replace

from cockpit.simulator.flex.statement import statement
from cockpit.simulator.portal.http import Answer, HttpService, Recording, Request, Response, after
from cockpit.simulator.portal.pacing import Clock, Window
from cockpit.simulator.portal.transport import HOST, Listener
from cockpit.simulator.scenario import Scenario

PATH = "/AccountManagement/FlexWebService"
VERSION = "3"
NOT_READY = 1019
TOO_MANY = 1018
# The broker's published table; the texts are ours.
CODES = {
    1001: "The statement cannot be made now.",
    1003: "The statement is not available.",
    1004: "The statement is not complete yet.",
    1005: "Settlement figures are not ready yet.",
    1006: "FIFO profit and loss is not ready yet.",
    1007: "Mark-to-market profit and loss is not ready yet.",
    1008: "Both kinds of profit and loss are not ready yet.",
    1009: "The server is under load.",
    1010: "Queries of the old kind are no longer served.",
    1011: "The service is not active for this account.",
    1012: "The token has expired.",
    1013: "The token does not allow this address.",
    1014: "The query is not valid.",
    1015: "The token is not valid.",
    1016: "The account is not valid.",
    1017: "The reference code is not valid.",
    TOO_MANY: "Too many requests with this token.",
    NOT_READY: "The statement is being made.",
    1020: "The request is not valid.",
    1021: "The statement cannot be fetched now.",
    1025: "The token is locked after repeated failures.",
}
# These speak about a statement that is already being made, so they come when it is fetched.
_WHEN_FETCHED = frozenset({1003, 1004, 1005, 1006, 1007, 1008, 1017, NOT_READY, 1021})
_XML = ("Content-Type", "text/xml;charset=utf-8")
_FIRST_REFERENCE = 7_100_000_001


class FlexService:
    """The two calls of the service over plain HTTP; the real one is HTTPS on an official host."""

    def __init__(
        self,
        scenario: Scenario,
        recorder: Recording,
        clock: Clock = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        """`clock` gives monotonic seconds for pacing, `wall` UTC epoch seconds for dates."""
        self._scenario = scenario
        self._clock = clock
        self._wall = wall
        self._code = scenario.flex.code
        self._port = scenario.flex.port
        self._paces: dict[str, tuple[Window, Window]] = {}
        self._busy: dict[str, int] = {}  # how often each reference still says "in progress"
        self._listener = Listener(HttpService("flex", recorder, self._answer).serve)

    @property
    def base_url(self) -> str:
        """Where the service stands, as a setting of the program takes it."""
        return f"http://{HOST}:{self._port}{PATH}"

    async def start(self) -> int:
        """Listen and return the port; after a stop it is the same one. Raises OSError when it is taken."""
        self._port = await self._listener.open(self._port)
        return self._port

    async def stop(self) -> None:
        """Stop listening and drop every connection."""
        await self._listener.close()

    def set_code(self, code: int) -> None:
        """Fail with this code of the broker's table from now on; 0 for working again."""
        self._code = code

    def set_latency(self, milliseconds: float) -> None:
        """Make every call take so long from now on."""
        slower = replace(self._scenario.flex, latency_ms=milliseconds)
        self._scenario = replace(self._scenario, flex=slower)

    async def _answer(self, request: Request, number: int) -> Answer:
        await after(self._scenario.flex.latency_ms)
        call = request.path.removeprefix(f"{PATH}/")
        if request.method != "GET" or call not in ("SendRequest", "GetStatement"):
            return Response(404)
        if not request.headers.get("user-agent"):
            return Response(403)  # the broker says it is required, not what happens without
        refused = self._refuses(request, call)
        if refused:
            return self._failure(refused)
        if call == "SendRequest":
            return self._begin()
        return self._fetch(request.query("q"))

    def _refuses(self, request: Request, call: str) -> int:
        """The code that refuses this call, 0 for none."""
        flex, token = self._scenario.flex, request.query("t")
        if request.query("v") != VERSION:
            return 1020  # version 2, the broker's default, is not simulated
        if not self._admits(token):
            return TOO_MANY
        if token != flex.token:
            return 1015
        if self._code and (self._code in _WHEN_FETCHED) == (call == "GetStatement"):
            return self._code
        if call == "SendRequest" and request.query("q") != flex.query:
            return 1014
        return 0

    def _admits(self, token: str) -> bool:
        second, minute = self._paces.setdefault(token, (Window(1, 1.0), Window(10, 60.0)))
        now = self._clock()
        return second.admits(now) and minute.admits(now)

    def _begin(self) -> Response:
        reference = str(_FIRST_REFERENCE + len(self._busy))
        self._busy[reference] = self._scenario.flex.busy_times
        return self._xml(
            "<Status>Success</Status>"
            f"<ReferenceCode>{reference}</ReferenceCode>"
            f"<Url>{escape(self.base_url)}/GetStatement</Url>"
        )

    def _fetch(self, reference: str) -> Response:
        if reference not in self._busy:
            return self._failure(1017)
        if self._busy[reference] > 0:
            self._busy[reference] -= 1
            return self._failure(NOT_READY)
        return Response(200, statement(self._scenario, self._wall()), (_XML,), chunked=False)

    def _failure(self, code: int) -> Response:
        status = "Warn" if code == NOT_READY else "Fail"
        text = CODES.get(code, "An error of the service.")
        return self._xml(
            f"<Status>{status}</Status><ErrorCode>{code}</ErrorCode><ErrorMessage>{text}</ErrorMessage>"
        )

    def _xml(self, inner: str) -> Response:
        stamp = time.strftime("%d %B, %Y %I:%M %p UTC", time.gmtime(self._wall()))
        text = f"<FlexStatementResponse timestamp='{stamp}'>{inner}</FlexStatementResponse>"
        return Response(200, text.encode(), (_XML,), chunked=False)
