"""The closed list of what may be asked of the gateway, and the guard that looks every request up in it.

There is no row that orders, replies, suppresses, signs in or out, or starts a brokerage session. One row has a body,
and that is a contract's number and nothing else: so `compete` cannot be said, and no text from outside gets in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

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
    body: str = ""  # a template too; empty for all but one

    def pattern(self) -> re.Pattern[str]:
        """Return what a whole raw path of this endpoint looks like."""
        return _pattern(self.template)

    def body_pattern(self) -> re.Pattern[str]:
        """Return what its whole body looks like: nothing at all where there is none."""
        return _pattern(self.body)


def _pattern(template: str) -> re.Pattern[str]:
    pieces = _PLACE.split(template)  # text, place, text, place … text
    odd = [f"(?:{_PARTS[piece]})" if number % 2 else re.escape(piece) for number, piece in enumerate(pieces)]
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
# One stream by its number, never all at once: other programs of the trader may have streams at this gateway too.
UNSUBSCRIBE = Endpoint(
    "unsubscribe", "POST", f"{API}/iserver/marketdata/unsubscribe", body='{"conid":{conid}}'
)
STREAM = Endpoint("stream", "GET", f"{API}/ws", is_local=True)

ENDPOINTS = (
    *(KNOCK, VALIDATE, STATUS, TICKLE, USER_ACCOUNTS, ACCOUNTS, ACCOUNT_META, STREAM),
    *(RULES, STOCKS, FUTURES, SEARCH, SNAPSHOT, UNSUBSCRIBE),
)
_PATTERNS = tuple((endpoint, endpoint.pattern(), endpoint.body_pattern()) for endpoint in ENDPOINTS)


class Call(Struct, frozen=True):
    """A request about to be made: the endpoint and its raw path, filled with checked parts."""

    endpoint: Endpoint
    path: str
    body: str = ""


def form(endpoint: Endpoint, **parts: str | int) -> Call:
    """Fill an endpoint's template. Raises NotPermitted when a part is missing, too many or not of its shape."""
    wanted = _PLACE.findall(endpoint.template + endpoint.body)
    texts = {name: str(part) for name, part in parts.items()}
    if sorted(wanted) != sorted(texts):
        raise NotPermitted(f"The request called {endpoint.name} needs other parts.")
    for name, text in texts.items():
        if not re.fullmatch(_PARTS[name], text, re.ASCII):
            raise NotPermitted(f"The request called {endpoint.name} was not made: its {name} is not one.")
    return Call(endpoint, _filled(endpoint.template, texts), _filled(endpoint.body, texts))


def _filled(template: str, texts: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda place: texts[place[1]], template)


def is_account(text: str) -> bool:
    """Whether a text has the shape of an account id."""
    return re.fullmatch(_PARTS["account"], text, re.ASCII) is not None


def is_symbol(text: str) -> bool:
    """Whether a symbol can stand in a request; one with a blank or another sign cannot."""
    return re.fullmatch(_PARTS["symbol"], text, re.ASCII) is not None


def look_up(method: str, raw_path: bytes, content: bytes = b"") -> Endpoint:
    """Find a finished request, body and all, in the closed list. Raises NotPermitted when it is not there."""
    path, body = raw_path.decode("latin-1"), content.decode("latin-1")
    for endpoint, pattern, inside in _PATTERNS:
        if method == endpoint.method and pattern.fullmatch(path):
            if inside.fullmatch(body):
                return endpoint
            raise NotPermitted("A request with a body that is not on the closed list was stopped.")
    raise NotPermitted("A request that is not on the closed list was stopped before it was sent.")


class ClosedList(httpx2.AsyncBaseTransport):
    """The last stop before the socket: passes on a request of the closed list to one address."""

    def __init__(self, inner: httpx2.AsyncBaseTransport, host: str, port: int) -> None:
        self._inner = inner
        self._address = (host, port)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send it, or raise NotPermitted. Read what is really sent, not what somebody meant to send."""
        if request.extensions.keys() - {"timeout"}:  # one of them could replace the path on the wire
            raise NotPermitted("A request with another target than its address was stopped.")
        if request.url.scheme != "https" or (request.url.host, request.url.port or 443) != self._address:
            raise NotPermitted("A request to another address than the gateway's was stopped.")
        look_up(request.method, request.url.raw_path, await request.aread())
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        """Close the connections below."""
        await self._inner.aclose()
