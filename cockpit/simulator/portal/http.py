"""HTTP/1.1 for the simulated services: requests in, answers out, on one connection; h11 does the grammar."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol, TypeAlias
from urllib.parse import parse_qs, unquote

import h11
from msgspec import Struct

from cockpit.simulator.portal.transport import Wire

Json: TypeAlias = "Mapping[str, Json] | Sequence[Json] | str | int | float | bool | None"
JSON_TYPE = "application/json;charset=utf-8"


class Recording(Protocol):
    """Where every request and every frame of a stream is noted, in the order of arrival."""

    def request(
        self,
        service: str,
        method: str,
        path: str,
        query: str,
        headers: Mapping[str, str],
        body: bytes,
        connection: int,
    ) -> None:
        """Note a request as it arrived, before anything is decided about it."""
        ...

    def stream(self, service: str, direction: str, payload: bytes, connection: int) -> None:
        """Note the payload of a frame; `direction` is "in" (from the client) or "out"."""
        ...


class Request(Struct, frozen=True):
    """One request; header names are lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def path(self) -> str:
        """The path as it was sent, without the query."""
        return self._split()[0]

    @property
    def query_text(self) -> str:
        """The query as it was sent."""
        return self._split()[1]

    def _split(self) -> tuple[str, str]:
        """Path and query of the target, which may be any text; a fragment does not belong to either."""
        target = self.target.partition("#")[0]
        if not target.startswith("/"):  # a proxy's form, with scheme and host
            target = "/" + target.partition("://")[2].partition("/")[2]
        path, _, query = target.partition("?")
        return path, query

    def query(self, name: str) -> str:
        """The first value of a query parameter, empty when it is missing."""
        return parse_qs(self.query_text, keep_blank_values=True).get(name, [""])[0]

    def json(self) -> dict[str, object]:
        """The body as an object; empty when it is none."""
        try:
            value = json.loads(self.body or b"{}")
        except (ValueError, RecursionError):
            return {}
        return value if isinstance(value, dict) else {}

    @property
    def wants_websocket(self) -> bool:
        """Whether this request asks to go on as a websocket."""
        return self.headers.get("upgrade", "").lower() == "websocket"


class Response(Struct, frozen=True):
    """One answer."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    chunked: bool = True  # the gateway sends everything it passes on in chunks, whatever the length

    @classmethod
    def of(cls, value: Json, status: int = 200) -> Response:
        """An answer in JSON."""
        return cls(status, json.dumps(value).encode(), (("Content-Type", JSON_TYPE),))

    def with_headers(self, *more: tuple[str, str]) -> Response:
        """The same answer with more headers."""
        return Response(self.status, self.body, (*self.headers, *more), self.chunked)


class Upgrade(Struct, frozen=True):
    """Go on as a websocket: `serve` gets the wire and what already came behind the request."""

    headers: tuple[tuple[str, str], ...]
    serve: Callable[[Wire, bytes, int], Awaitable[None]]


class Hold:
    """No answer, ever: the request stays open without a byte until the client goes away."""


Answer: TypeAlias = "Response | Upgrade | Hold"
Handler = Callable[[Request, int], Awaitable[Answer]]


def decoded(path_part: str) -> str:
    """A part of a path as the application reads it."""
    return unquote(path_part)


class HttpService:
    """Serves one wire after the other: notes each request, asks the handler, sends the answer."""

    def __init__(self, name: str, recorder: Recording, handler: Handler) -> None:
        self._name = name
        self._recorder = recorder
        self._handler = handler

    async def serve(self, wire: Wire, number: int) -> None:
        """Serve a connection until either side ends it."""
        connection = h11.Connection(h11.SERVER)
        while True:
            try:
                request = await _receive(connection, wire)
            except h11.RemoteProtocolError as problem:
                await _refuse(connection, wire, problem)
                return
            if request is None:
                return
            self._recorder.request(
                self._name,
                request.method,
                request.path,
                request.query_text,
                request.headers,
                request.body,
                number,
            )
            answer = await self._handler(request, number)
            if isinstance(answer, Hold):
                while await wire.read():
                    pass
                return
            if isinstance(answer, Upgrade):
                switch = h11.InformationalResponse(status_code=101, headers=list(answer.headers))
                await wire.write(connection.send(switch) or b"")
                await answer.serve(wire, connection.trailing_data[0], number)
                return
            await _send(connection, wire, answer, request.method)
            if connection.our_state is not h11.DONE or connection.their_state is not h11.DONE:
                return
            connection.start_next_cycle()


async def _receive(connection: h11.Connection, wire: Wire) -> Request | None:
    """Read one whole request; None when the client has gone."""
    head: h11.Request | None = None
    body = bytearray()
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            if connection.they_are_waiting_for_100_continue:
                go_on = h11.InformationalResponse(status_code=100, headers=[])
                await wire.write(connection.send(go_on) or b"")
            connection.receive_data(await wire.read())
        elif isinstance(event, h11.Request):
            head = event
        elif isinstance(event, h11.Data):
            body += event.data
        elif isinstance(event, h11.EndOfMessage) and head is not None:
            headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in head.headers}
            return Request(head.method.decode(), head.target.decode("latin-1"), headers, bytes(body))
        else:  # the connection closed, or paused without anything to go on with
            return None


async def _send(connection: h11.Connection, wire: Wire, response: Response, method: str) -> None:
    headers = list(response.headers)
    without_body = response.status in (204, 304) or method == "HEAD"
    if response.chunked and not without_body:
        headers.append(("Transfer-Encoding", "chunked"))
    elif not without_body:
        headers.append(("Content-Length", str(len(response.body))))
    content = connection.send(h11.Response(status_code=response.status, headers=headers)) or b""
    if response.body and not without_body:
        content += connection.send(h11.Data(data=response.body)) or b""
    content += connection.send(h11.EndOfMessage()) or b""
    await wire.write(content)


async def _refuse(connection: h11.Connection, wire: Wire, problem: h11.RemoteProtocolError) -> None:
    if connection.our_state in (h11.IDLE, h11.SEND_RESPONSE):
        status = problem.error_status_hint
        await _send(
            connection, wire, Response(status, chunked=False, headers=(("Connection", "close"),)), "GET"
        )


async def after(milliseconds: float) -> None:
    """Let the time of a slow service pass; others are served meanwhile."""
    if milliseconds > 0:
        await asyncio.sleep(milliseconds / 1000)
