"""Signed requests to the Web API: checked TLS, the closed list, the broker's pace, a deadline each, no memory.

No cookie is kept, no redirect followed, no proxy setting of the environment read.
"""

from __future__ import annotations

import asyncio
import ssl
from datetime import UTC
from email.utils import parsedate_to_datetime

import httpx2
from msgspec import Struct

from cockpit.adapters.oauth.calls import Address, SignedCalls
from cockpit.adapters.oauth.signing import Caller, Signer, authorization
from cockpit.adapters.oauth.trouble import trouble
from cockpit.adapters.portal.answers import Answer, classify, read_capped
from cockpit.adapters.portal.calls import Call
from cockpit.adapters.portal.pacing import Pacer
from cockpit.adapters.portal.pinning import Pin, pinned_context
from cockpit.adapters.portal.wire import closed, shut, unbroken
from cockpit.domain.kinds import PortalDoor
from cockpit.domain.oauth import OAuthState
from cockpit.services.errors import ConnectionEnded, Unreadable
from cockpit.services.ports import Clock, Tally

_KEPT_CONNECTIONS = 2
_KEPT_SECONDS = 20.0


class Timeouts(Struct, frozen=True):
    """How long things may take, in seconds."""

    connect: float = 4.0
    answer: float = 12.0  # the broker itself gives up at about ten
    close: float = 1.0


class Told(Struct, frozen=True):
    """An answer, and how many seconds this PC's clock is ahead of its date (None: it bears none)."""

    answer: Answer
    ahead: float | None


class OAuthWire:
    """Signs and sends calls. Raises Trouble only: OAuthTrouble, and NotPermitted from pacing or the closed list."""

    def __init__(
        self,
        address: Address,
        fingerprint: str,
        pacer: Pacer,
        tally: Tally,
        clock: Clock,
        timeouts: Timeouts | None = None,
    ) -> None:
        """A pinned address must show the certificate of `fingerprint`, any other one that the system trusts."""
        self._address = address
        # Without a fingerprint every certificate of a pinned address is unknown.
        self._verify: ssl.SSLContext | bool = (
            pinned_context(Pin(fingerprint, ())) if address.is_pinned else True
        )
        self._pacer = pacer
        self._tally = tally
        self._clock = clock
        self._timeouts = timeouts or Timeouts()
        self._transport: SignedCalls | None = None

    async def ask(self, call: Call, caller: Caller, signer: Signer, **more: str) -> Told:
        """Make one call and return its answer, whatever its status.

        A call whose connection broke is made once more, signed anew: every row of the list only reads.
        """
        await self._pacer.turn(call.endpoint.name)
        try:
            async with asyncio.timeout(self._timeouts.answer):
                try:
                    return await unbroken(self._once(call, caller, signer, more))
                except ConnectionEnded:
                    await self._pacer.turn(call.endpoint.name)
                    return await unbroken(self._once(call, caller, signer, more))
        except TimeoutError:
            raise trouble(OAuthState.NO_ANSWER, f"({self._timeouts.answer:g} s)") from None
        except ConnectionEnded:
            raise trouble(OAuthState.NO_ANSWER, "It broke off twice.") from None
        except Unreadable:
            raise trouble(OAuthState.UNREADABLE) from None

    async def close(self) -> None:
        """Close all connections; the next call opens new ones. Never raises."""
        transport, self._transport = self._transport, None
        if transport is not None:
            await closed(transport, self._timeouts.close)

    async def _once(self, call: Call, caller: Caller, signer: Signer, more: dict[str, str]) -> Told:
        if self._transport is None:
            self._transport = self._open()
        url = f"{self._address.base}{call.path}"
        signed = authorization(caller, signer, call.endpoint.method, url, self._clock.now(), **more)
        connect = self._timeouts.connect
        request = httpx2.Request(
            call.endpoint.method,
            url,
            headers={
                "Accept": "application/json",
                "Accept-Encoding": "identity",
                "User-Agent": "access-cockpit",
                "Authorization": signed,
            },
            extensions={"timeout": httpx2.Timeout(None, connect=connect, pool=connect).as_dict()},
        )
        self._tally.message()
        began = self._clock.monotonic()
        state: OAuthState | None
        try:
            response = await self._transport.handle_async_request(request)
            try:
                content = await read_capped(
                    response.aiter_raw(), response.headers.get("Content-Encoding", "")
                )
            finally:
                await response.aclose()
        except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
            state = _STATES.get(shut(error, self._address.host).door, OAuthState.UNREACHABLE)
        except httpx2.TimeoutException:
            state = OAuthState.NO_ANSWER
        except (httpx2.NetworkError, httpx2.RemoteProtocolError):
            state = None
        except httpx2.HTTPError:
            state = OAuthState.UNREADABLE
        else:
            answer = classify(response.status_code, content)
            seconds = self._clock.monotonic() - began
            return Told(
                Answer(answer.status, answer.body, answer.document, seconds),
                self._ahead(response.headers.get("Date", "")),
            )
        # Outside of the handlers: inside, the library's error would travel along as context.
        raise ConnectionEnded("The Web API dropped the connection.") if state is None else trouble(state)

    def _ahead(self, date: str) -> float | None:
        try:
            said = parsedate_to_datetime(date)
        except ValueError:
            return None
        return self._clock.now() - (said if said.tzinfo else said.replace(tzinfo=UTC)).timestamp()

    def _open(self) -> SignedCalls:
        limits = httpx2.Limits(
            max_connections=_KEPT_CONNECTIONS,
            max_keepalive_connections=_KEPT_CONNECTIONS,
            keepalive_expiry=_KEPT_SECONDS,
        )
        inner = httpx2.AsyncHTTPTransport(
            verify=self._verify, trust_env=False, http1=True, http2=False, retries=0, limits=limits
        )
        return SignedCalls(inner, self._address)


_STATES = {
    PortalDoor.UNKNOWN_CERTIFICATE: OAuthState.UNKNOWN_CERTIFICATE,
    PortalDoor.NO_ANSWER: OAuthState.NO_ANSWER,
}
