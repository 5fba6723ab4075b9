"""What may be asked of the Web API, of which host, and the guard that reads every signed request before it is sent.

The list is the gateway's (`adapters/portal/calls.py`), less what only a gateway answers and what needs a body, plus
the request for a live session token. Nothing in it orders, or starts or ends a brokerage session.
"""

from __future__ import annotations

from typing import Protocol

import httpx2
from msgspec import Struct

from cockpit.adapters.portal import calls as portal
from cockpit.adapters.portal.calls import API, Endpoint
from cockpit.domain.oauth import WebApi
from cockpit.domain.plan import is_loopback
from cockpit.services.errors import NotPermitted

OFFICIAL = "api-ibkr-com"  # key of the host's row in the catalogue
_TLS_PORT = 443
LIVE_SESSION_TOKEN = Endpoint("live session token", "POST", f"{API}/oauth/live_session_token")
ENDPOINTS = (
    LIVE_SESSION_TOKEN,
    *(portal.STATUS, portal.TICKLE, portal.USER_ACCOUNTS, portal.ACCOUNTS, portal.ACCOUNT_META),
    *(portal.RULES, portal.STOCKS, portal.FUTURES, portal.SEARCH),
)
_PATTERNS = tuple((endpoint.method, endpoint.pattern()) for endpoint in ENDPOINTS)
_HEADERS = frozenset(
    {"host", "accept", "accept-encoding", "user-agent", "authorization", "content-length", "connection"}
)


class KnownHost(Protocol):
    """A row of the catalogue's hosts."""

    @property
    def host(self) -> str:
        """The name of the host."""


class Hosts(Protocol):
    """The catalogue, as far as it is needed here."""

    def host(self, key: str) -> KnownHost | None:
        """Return one official host."""


class Address(Struct, frozen=True):
    """Where the Web API is. With `is_pinned` its certificate must be the one of the settings."""

    host: str
    port: int
    is_pinned: bool

    @property
    def base(self) -> str:
        """The beginning of every address there, as it is signed and dialled."""
        bare = f"[{self.host}]" if ":" in self.host else self.host
        return f"https://{bare}" if self.port == _TLS_PORT else f"https://{bare}:{self.port}"


def address_of(web_api: WebApi, hosts: Hosts) -> Address:
    """Return the official address, or this PC's when the settings name it. Raises NotPermitted for any other."""
    if not web_api.host:
        official = hosts.host(OFFICIAL)
        if official is None:
            raise NotPermitted("The catalogue names no official host of the Web API, so nothing is asked.")
        return Address(official.host, _TLS_PORT, is_pinned=False)
    if not is_loopback(web_api.host):
        raise NotPermitted("Signed requests go to the broker's official host only.")
    # A name could be answered by whoever answers names; loopback is dialled by number.
    host = "127.0.0.1" if web_api.host.lower() == "localhost" else web_api.host
    return Address(host, web_api.port, is_pinned=True)


class SignedCalls(httpx2.AsyncBaseTransport):
    """The last stop before the socket: passes on a signed request of the list to one address, without a body."""

    def __init__(self, inner: httpx2.AsyncBaseTransport, address: Address) -> None:
        self._inner = inner
        self._address = address

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send it, or raise NotPermitted. Read what is really sent, not what somebody meant to send."""
        if request.extensions.keys() - {"timeout"}:  # one of them could replace the path on the wire
            raise NotPermitted("A request with another target than its address was stopped.")
        url, here = request.url, (self._address.host, self._address.port)
        if url.scheme != "https" or (url.host, url.port or _TLS_PORT) != here:
            raise NotPermitted("A request to another address than the Web API's was stopped.")
        path = url.raw_path.decode("latin-1")
        if not any(request.method == method and odd.fullmatch(path) for method, odd in _PATTERNS):
            raise NotPermitted("A request that is not on the closed list was stopped before it was sent.")
        if await request.aread():
            raise NotPermitted("A request with a body was stopped.")
        names = [name.lower() for name in request.headers]
        if set(names) - _HEADERS or not request.headers.get("authorization", "").startswith("OAuth "):
            raise NotPermitted("A request that is not signed, or says more than it should, was stopped.")
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        """Close the connections below."""
        await self._inner.aclose()
