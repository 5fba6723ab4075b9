"""The closed list of what may be asked of the gateway, and the guard that looks every request up in it.

There is no row that orders, replies, suppresses, signs in or out, or starts a brokerage session, and no row has a
body: so `compete` cannot be said, and text from outside cannot become part of a path.
"""

from __future__ import annotations

import re

import httpx2
from msgspec import Struct

from cockpit.services.errors import NotPermitted

API = "/v1/api"
# What may fill a place of a template: the broker's account ids, contract ids, symbols, and a side.
_PARTS = {
    "account": r"[A-Z]{1,4}[0-9]{3,12}[A-Z]{0,2}",
    "conid": r"[1-9][0-9]{0,9}",
    "conids": r"[1-9][0-9]{0,9}(?:,[1-9][0-9]{0,9}){0,99}",
    "symbol": r"[A-Z0-9]{1,12}(?:\.[A-Z0-9]{1,6})?",
    "is_buy": r"true|false",
}
_PLACE = re.compile(r"\{(\w+)\}")


class Endpoint(Struct, frozen=True):
    """One thing that may be asked. A local one is answered by the gateway itself, without the broker.

    `limit` is the catalogue's key of the spacing between two such calls.
    """

    name: str
    method: str
    template: str
    is_local: bool = False
    limit: str = ""

    def pattern(self) -> re.Pattern[str]:
        """Return what a whole raw path of this endpoint looks like."""
        pieces = _PLACE.split(self.template)  # text, place, text, place … text
        odd = [
            f"(?:{_PARTS[piece]})" if number % 2 else re.escape(piece) for number, piece in enumerate(pieces)
        ]
        return re.compile("".join(odd), re.ASCII)


KNOCK = Endpoint("knock", "GET", "/", is_local=True)
VALIDATE = Endpoint("validate", "POST", f"{API}/sso/validate", limit="portal-validate-spacing")
STATUS = Endpoint("status", "POST", f"{API}/iserver/auth/status")
TICKLE = Endpoint("tickle", "POST", f"{API}/tickle", limit="portal-tickle-spacing")
USER_ACCOUNTS = Endpoint("user accounts", "GET", f"{API}/iserver/accounts")
ACCOUNTS = Endpoint("accounts", "GET", f"{API}/portfolio/accounts", limit="portal-accounts-spacing")
ACCOUNT_META = Endpoint("account meta", "GET", f"{API}/portfolio/{{account}}/meta")
RULES = Endpoint("rules", "GET", f"{API}/iserver/contract/{{conid}}/info-and-rules?isBuy={{is_buy}}")
STOCKS = Endpoint("stocks", "GET", f"{API}/trsrv/stocks?symbols={{symbol}}")
FUTURES = Endpoint("futures", "GET", f"{API}/trsrv/futures?symbols={{symbol}}")
SEARCH = Endpoint("search", "GET", f"{API}/iserver/secdef/search?symbol={{symbol}}")
SNAPSHOT = Endpoint(
    "snapshot", "GET", f"{API}/iserver/marketdata/snapshot?conids={{conids}}&fields=31,84,86,6509,7184,7768"
)
# The call for one stream alone wants a body, and nothing that is sent here has one.
UNSUBSCRIBE_ALL = Endpoint("unsubscribe all", "GET", f"{API}/iserver/marketdata/unsubscribeall")
STREAM = Endpoint("stream", "GET", f"{API}/ws", is_local=True)

ENDPOINTS = (
    *(KNOCK, VALIDATE, STATUS, TICKLE, USER_ACCOUNTS, ACCOUNTS, ACCOUNT_META, STREAM),
    *(RULES, STOCKS, FUTURES, SEARCH, SNAPSHOT, UNSUBSCRIBE_ALL),
)
_PATTERNS = tuple((endpoint, endpoint.pattern()) for endpoint in ENDPOINTS)


class Call(Struct, frozen=True):
    """A request about to be made: the endpoint and its raw path, filled with checked parts."""

    endpoint: Endpoint
    path: str


def form(endpoint: Endpoint, **parts: str | int) -> Call:
    """Fill an endpoint's template. Raises NotPermitted when a part is missing, too many or not of its shape."""
    wanted = _PLACE.findall(endpoint.template)
    texts = {name: str(part) for name, part in parts.items()}
    if sorted(wanted) != sorted(texts):
        raise NotPermitted(f"The request called {endpoint.name} needs other parts.")
    for name, text in texts.items():
        if not re.fullmatch(_PARTS[name], text, re.ASCII):
            raise NotPermitted(f"The request called {endpoint.name} was not made: its {name} is not one.")
    return Call(endpoint, endpoint.template.format(**texts))


def is_account(text: str) -> bool:
    """Whether a text has the shape of an account id."""
    return re.fullmatch(_PARTS["account"], text, re.ASCII) is not None


def is_symbol(text: str) -> bool:
    """Whether a symbol can stand in a request; one with a blank or another sign cannot."""
    return re.fullmatch(_PARTS["symbol"], text, re.ASCII) is not None


def look_up(method: str, raw_path: bytes) -> Endpoint:
    """Find a finished request in the closed list. Raises NotPermitted when it is not there."""
    path = raw_path.decode("latin-1")
    for endpoint, pattern in _PATTERNS:
        if method == endpoint.method and pattern.fullmatch(path):
            return endpoint
    raise NotPermitted("A request that is not on the closed list was stopped before it was sent.")


class ClosedList(httpx2.AsyncBaseTransport):
    """The last stop before the socket: passes on a request of the closed list to one address, without a body."""

    def __init__(self, inner: httpx2.AsyncBaseTransport, host: str, port: int) -> None:
        self._inner = inner
        self._address = (host, port)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send it, or raise NotPermitted. Read what is really sent, not what somebody meant to send."""
        if request.extensions.keys() - {"timeout"}:  # one of them could replace the path on the wire
            raise NotPermitted("A request with another target than its address was stopped.")
        if request.url.scheme != "https" or (request.url.host, request.url.port or 443) != self._address:
            raise NotPermitted("A request to another address than the gateway's was stopped.")
        look_up(request.method, request.url.raw_path)
        if await request.aread():
            raise NotPermitted("A request with a body was stopped.")
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        """Close the connections below."""
        await self._inner.aclose()
