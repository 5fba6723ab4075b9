"""Requests to the gateway: pinned TLS, the closed list, the broker's pace, one deadline for each call, no memory.

No cookie is kept, no redirect followed, no proxy setting of the environment read: the transport is used without
the client around it, which would do all three.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Coroutine, Iterator
from typing import TypeVar
from urllib.parse import urlsplit

import httpx2
from msgspec import Struct
from msgspec.structs import replace

from cockpit.adapters.portal.answers import Answer, classify, read_capped
from cockpit.adapters.portal.calls import Call, ClosedList
from cockpit.adapters.portal.pacing import Pacer
from cockpit.adapters.portal.pinning import Pin, UnknownCertificate, pinned_context
from cockpit.domain.kinds import PortalDoor
from cockpit.services.errors import ConnectionEnded, NoAnswer, Trouble, Unreadable
from cockpit.services.ports import Clock, Tally

# These libraries write addresses with account ids, headers and whole frames into the log.
for _chatty in ("httpx2", "httpcore2", "websockets"):
    logging.getLogger(_chatty).setLevel(logging.WARNING)

T = TypeVar("T")

_MOMENT = 0.2  # seconds; a handshake on this PC takes a few hundredths
_KEPT_CONNECTIONS = 4
_KEPT_SECONDS = 30.0  # the gateway closes idle connections later than this


class Timeouts(Struct, frozen=True):
    """How long the gateway may take, in seconds. An upstream that is gone never becomes an error by itself."""

    connect: float = 2.0
    local: float = 3.0  # what the gateway answers itself
    proxied: float = 5.0  # what goes on to the broker
    patience: float = 2.0  # after so much silence of the broker the gateway itself is asked whether it lives
    first_frame: float = 10.0  # of the stream
    heartbeat: float = 25.0  # of the stream; it beats every 10 s
    close: float = 1.0


class PortalShut(Trouble):
    """The gateway's door could not be passed; nothing of the program's was sent. `door` says why."""

    def __init__(self, door: PortalDoor, sentence: str) -> None:
        super().__init__(sentence)
        self.door = door


class PortalWire:
    """Sends calls and brings answers. Raises Trouble only."""

    def __init__(
        self, host: str, port: int, pin: Pin, pacer: Pacer, tally: Tally, clock: Clock, timeouts: Timeouts
    ) -> None:
        # A name could be answered by whoever answers names; loopback is dialled by number.
        self.host = "127.0.0.1" if host.lower() == "localhost" else host
        self.port = port
        self.context = pinned_context(pin)
        self._pacer = pacer
        self._tally = tally
        self._clock = clock
        self._timeouts = timeouts
        self._transport: ClosedList | None = None

    async def ask(self, call: Call) -> Answer:
        """Make one call and return its answer, whatever its status.

        A call whose connection broke is made once more: every row of the closed list only reads. Raises
        PortalShut, NoAnswer, ConnectionEnded, Unreadable, and NotPermitted from the pacing or the closed list.
        """
        await self._pacer.turn(call.endpoint.name)
        seconds = self._timeouts.local if call.endpoint.is_local else self._timeouts.proxied
        try:
            async with asyncio.timeout(seconds):
                try:
                    return await unbroken(self._once(call))
                except ConnectionEnded:
                    await self._pacer.turn(call.endpoint.name)
                    return await unbroken(self._once(call))
        except TimeoutError:
            raise NoAnswer(f"The gateway did not answer within {seconds:g} s.", seconds) from None

    async def close(self) -> None:
        """Close all connections; the next call opens new ones. Never raises."""
        transport, self._transport = self._transport, None
        if transport is not None:
            await closed(transport, self._timeouts.close)

    async def _once(self, call: Call) -> Answer:
        if self._transport is None:
            self._transport = self._open()
        bare = f"[{self.host}]" if ":" in self.host else self.host
        limits = httpx2.Timeout(None, connect=self._timeouts.connect, pool=self._timeouts.connect)
        request = httpx2.Request(
            call.endpoint.method,
            f"https://{bare}:{self.port}{call.path}",
            headers={
                "Accept": "application/json",
                "Accept-Encoding": "identity",
                "User-Agent": "access-cockpit",
                **({"Content-Type": "application/json"} if call.body else {}),
            },
            content=call.body.encode() if call.body else None,
            extensions={"timeout": limits.as_dict()},
        )
        self._tally.message()
        began = self._clock.monotonic()
        try:
            response = await self._transport.handle_async_request(request)
            try:
                content = await read_capped(
                    response.aiter_raw(), response.headers.get("Content-Encoding", "")
                )
            finally:
                await response.aclose()
        except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
            raise shut(error, self.host) from error
        except (httpx2.ReadError, httpx2.WriteError, httpx2.CloseError) as error:
            raise ConnectionEnded("The gateway dropped the connection.") from error
        except httpx2.RemoteProtocolError as error:
            raise ConnectionEnded("The gateway broke off in the middle of an answer.") from error
        except httpx2.TimeoutException as error:
            raise NoAnswer("No connection to the gateway was free.", self._timeouts.connect) from error
        except httpx2.HTTPError as error:
            raise Unreadable("The gateway's answer cannot be read.") from error
        where = _path_of(response.headers.get("Location", ""))
        return replace(
            classify(response.status_code, content, where), seconds=self._clock.monotonic() - began
        )

    def _open(self) -> ClosedList:
        limits = httpx2.Limits(
            max_connections=_KEPT_CONNECTIONS,
            max_keepalive_connections=_KEPT_CONNECTIONS,
            keepalive_expiry=_KEPT_SECONDS,
        )
        inner = httpx2.AsyncHTTPTransport(
            verify=self.context, trust_env=False, http1=True, http2=False, retries=0, limits=limits
        )
        return ClosedList(inner, self.host, self.port)


async def closed(transport: httpx2.AsyncBaseTransport, seconds: float) -> None:
    """Close connections within so many seconds; never raises."""
    try:
        async with asyncio.timeout(seconds):
            await transport.aclose()
    except (TimeoutError, httpx2.TransportError, OSError, ssl.SSLError):
        return


async def unbroken(work: Coroutine[None, None, T]) -> T:
    """Make one call; when it is stopped, give it a moment to end by itself.

    Cancelled in the middle of its handshake the library would leave its socket open: it closes on errors only.
    """
    going = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(going)
    except asyncio.CancelledError:
        await asyncio.wait({going}, timeout=_MOMENT)
        going.cancel()
        await asyncio.gather(going, return_exceptions=True)
        raise


def shut(error: BaseException, host: str) -> PortalShut:
    """Say why a connection could not be made, from the error and what caused it."""
    causes = tuple(_chain(error))
    if any(isinstance(one, UnknownCertificate) for one in causes):
        sentence = "The gateway shows a certificate that this desk does not know; nothing was sent."
        return PortalShut(PortalDoor.UNKNOWN_CERTIFICATE, sentence)
    if any(isinstance(one, ConnectionRefusedError) for one in causes):
        return PortalShut(PortalDoor.REFUSED, "Nothing listens at the gateway's port.")
    # Before TLS errors: one that only asks for more bytes is among the causes of a time-out.
    if any(isinstance(one, (TimeoutError, httpx2.ConnectTimeout)) for one in causes):
        if _is_loopback(host):
            return PortalShut(PortalDoor.NO_ANSWER, "The port accepts the connection and then says nothing.")
        return PortalShut(PortalDoor.UNREACHABLE, "The gateway's host does not answer.")
    if any(isinstance(one, (ssl.SSLError, ConnectionResetError, EOFError)) for one in causes):
        return PortalShut(PortalDoor.NOT_TLS, "The port does not speak the encryption the gateway speaks.")
    return PortalShut(PortalDoor.UNREACHABLE, "The gateway's host cannot be reached.")


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error, its causes, and what is bundled in them."""
    todo: list[BaseException | None] = [error]
    seen: set[int] = set()
    while todo:
        one = todo.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        todo += [one.__cause__, one.__context__]
        if isinstance(one, BaseExceptionGroup):
            todo += one.exceptions


def _is_loopback(host: str) -> bool:
    return host == "::1" or host.startswith("127.")


def _path_of(location: str) -> str:
    """Keep the path of a redirect on the same host; one to another host keeps nothing worth matching."""
    parts = urlsplit(location)
    return "" if parts.netloc else parts.path
