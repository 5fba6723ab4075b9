"""The two calls of the Flex service, to one address, and the guard that looks every request up before it is sent."""

from __future__ import annotations

import re
from typing import Protocol

import httpx2
from msgspec import Struct

from cockpit.domain.plan import Flex, is_loopback
from cockpit.services.errors import NotPermitted

OFFICIAL = "ndcdyn-interactivebrokers-com"  # key of the host's row in the catalogue
PATH = "/AccountManagement/FlexWebService"
_TLS_PORT = 443
# What the broker makes tokens, query ids and reference codes of is digits; a little more room does no harm.
_TOKEN = r"[A-Za-z0-9]{6,128}"
_NUMBER = r"[0-9]{1,32}"
_ALLOWED = re.compile(rf"{PATH}/(?:SendRequest|GetStatement)\?t={_TOKEN}&q={_NUMBER}&v=3".encode())


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
    """Where the service is."""

    scheme: str
    host: str
    port: int


def address_of(flex: Flex, hosts: Hosts) -> Address:
    """Return the official address, or this PC's when the settings name it. Raises NotPermitted for any other."""
    if not flex.host:
        official = hosts.host(OFFICIAL)
        if official is None:
            raise NotPermitted(
                "The catalogue names no official host of the Flex service, so nothing is asked."
            )
        return Address("https", official.host, _TLS_PORT)
    if not is_loopback(flex.host):
        raise NotPermitted("A Flex token is shown to the broker's official host only.")
    # A name could be answered by whoever answers names; loopback is dialled by number.
    return Address("http", "127.0.0.1" if flex.host.lower() == "localhost" else flex.host, flex.port)


def is_token(text: str) -> bool:
    """Whether a text has the shape of a Flex token."""
    return re.fullmatch(_TOKEN, text, re.ASCII) is not None


def is_number(text: str) -> bool:
    """Whether a text has the shape of a query id or of a reference code."""
    return re.fullmatch(_NUMBER, text, re.ASCII) is not None


def send_request(token: str, query: str) -> str:
    """Return the raw path that asks for a statement. Raises NotPermitted when a part is not of its shape."""
    return _path("SendRequest", token, query)


def get_statement(token: str, reference: str) -> str:
    """Return the raw path that fetches it. Raises NotPermitted when a part is not of its shape."""
    return _path("GetStatement", token, reference)


def _path(call: str, token: str, number: str) -> str:
    if not is_token(token) or not is_number(number):
        raise NotPermitted("The token or the number of a query has a shape that the broker never gives out.")
    return f"{PATH}/{call}?t={token}&q={number}&v=3"


class TwoCalls(httpx2.AsyncBaseTransport):
    """The last stop before the socket: passes on the two calls to one address, without a body."""

    def __init__(self, inner: httpx2.AsyncBaseTransport, address: Address) -> None:
        self._inner = inner
        self._address = address

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send it, or raise NotPermitted. Read what is really sent, not what somebody meant to send."""
        url, usual = request.url, 443 if request.url.scheme == "https" else 80
        if request.extensions.keys() - {"timeout"}:  # one of them could replace the path on the wire
            raise NotPermitted("A request with another target than its address was stopped.")
        if Address(url.scheme, url.host, url.port or usual) != self._address:
            raise NotPermitted("A request to another address than the Flex service's was stopped.")
        if request.method != "GET" or not _ALLOWED.fullmatch(url.raw_path):
            raise NotPermitted("A request that is none of the two calls was stopped before it was sent.")
        if await request.aread():
            raise NotPermitted("A request with a body was stopped.")
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        """Close the connections below."""
        await self._inner.aclose()
