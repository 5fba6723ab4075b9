"""Answers of the gateway: read whole or refused whole, within limits, into the few fields the program uses.

Everything else in them (MAC address, hardware, IP, session, user name) is personal and never becomes a record.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import AsyncIterator, Mapping
from enum import StrEnum
from typing import Any, NoReturn, TypeVar

import msgspec
from msgspec import Struct

from cockpit.services.errors import Unreadable

RAW_LIMIT = 16 << 20  # bytes on the wire
DEEPEST = 32  # layers; the real answers have five
INFLATED_LIMIT = 64 << 20  # bytes after unpacking
RATIO_LIMIT = 100  # unpacked over packed; counted from 1 MB on, where it begins to matter
_RATIO_FROM = 1 << 20
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")  # as JSON escapes it
_DIGITS = 18  # of a whole number; longer ones do not fit the 64 bits of whoever sends them

T = TypeVar("T")


class Body(StrEnum):
    """What kind of body came."""

    EMPTY = "empty"
    STATUS = "status"  # JSON with the flags of the brokerage session
    ERROR = "error"  # JSON with an error text
    NO_BRIDGE = "no bridge"
    NOT_READY = "not ready"
    DENIED = "denied"  # the gateway's address filter
    TO_SIGN_IN = "to sign-in"  # a redirect to the sign-in page
    ELSEWHERE = "elsewhere"  # a redirect to another place
    JSON = "json"
    FOREIGN = "foreign"  # HTML and everything else


class AuthStatus(Struct, frozen=True):
    """Flags of the brokerage session. None: the answer did not say."""

    authenticated: bool | None = None
    connected: bool | None = None
    competing: bool | None = None
    established: bool | None = None
    fail: str | None = None

    def overlaid(self, news: AuthStatus) -> AuthStatus:
        """Return these flags with those of `news` that say something laid over them."""
        return AuthStatus(
            authenticated=self.authenticated if news.authenticated is None else news.authenticated,
            connected=self.connected if news.connected is None else news.connected,
            competing=self.competing if news.competing is None else news.competing,
            established=self.established if news.established is None else news.established,
            fail=self.fail if news.fail is None else news.fail,
        )


class Tickled(Struct, frozen=True):
    """What a keep-alive tells: milliseconds left of the portal session."""

    ssoExpires: float | None = None  # noqa: N815  # the broker's own spelling


class Validated(Struct, frozen=True):
    """What the sign-in check tells: milliseconds left, and which program signed in."""

    RESULT: bool | None = None
    EXPIRES: float | None = None
    CLIENT_APP: str | None = None


class UserAccounts(Struct, frozen=True):
    """The accounts of the user in the brokerage session."""

    accounts: tuple[str, ...] = ()


class PortfolioAccount(Struct, frozen=True):
    """One account as the portal describes it."""

    accountId: str = ""  # noqa: N815  # the broker's own spelling
    id: str = ""
    ibEntity: str | None = None  # noqa: N815  # the broker's own spelling
    tradingType: str | None = None  # noqa: N815
    noClientTrading: bool | None = None  # noqa: N815


class Answer(Struct, frozen=True):
    """One answer: HTTP status, kind of body, the JSON (never shown by repr), and `seconds` there and back."""

    status: int
    body: Body
    document: object = None
    seconds: float = 0.0

    def __repr__(self) -> str:
        return f"Answer({self.status}, {self.body})"

    def read(self, kind: type[T]) -> T:
        """Convert the JSON; fields nobody asked for are passed over. Raises Unreadable when one has a wrong type."""
        try:
            return msgspec.convert(self.document, kind, strict=True)
        except msgspec.ValidationError as error:
            raise Unreadable(f"The gateway's answer does not fit: {_place(error)}.") from None


def classify(status: int, content: bytes, location: str = "") -> Answer:
    """Say what came. Raises Unreadable for JSON that is cut, doubled or bent, and for a page where JSON belongs."""
    if 300 <= status < 400:
        return Answer(status, Body.TO_SIGN_IN if location.startswith("/sso/Login") else Body.ELSEWHERE)
    if not content.strip():
        return Answer(status, Body.EMPTY)
    if status == 404 and content == b"Access Denied":
        return Answer(status, Body.DENIED)
    if content.lstrip()[:1] not in (b"{", b"["):
        return Answer(status, Body.NOT_READY if b"not ready" in content[:200].lower() else Body.FOREIGN)
    document = decode(content)
    return Answer(status, _kind(document), document)


def decode(content: bytes) -> object:
    """Read JSON strictly. Raises Unreadable, also for NaN, a key said twice, and a number of more than 18 digits.

    No text in it holds half of a surrogate pair: such a text could be neither converted nor kept.
    """
    try:
        text = content.decode("utf-8")  # left to itself, the reader lets encoded surrogates through
        document: object = json.loads(
            text, object_pairs_hook=_once, parse_int=_short, parse_constant=_refuse_constant
        )
        if _SURROGATE.search(text):
            json.dumps(document, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:  # JSON and UTF-8 errors are ValueErrors
        raise Unreadable(f"The gateway's answer is no proper JSON ({type(error).__name__}).") from None
    if _is_deeper_than(document, DEEPEST):
        raise Unreadable("The gateway's answer is nested too deeply to be one of its own.")
    return document


def _is_deeper_than(document: object, limit: int) -> bool:
    """Whether lists and objects are nested in more than `limit` layers; how many Python itself bears varies."""
    layer: list[object] = [document]
    for _ in range(limit):
        inner: list[object] = []
        for value in layer:
            if isinstance(value, dict):
                inner.extend(value.values())
            elif isinstance(value, list):
                inner.extend(value)
        if not inner:
            return False
        layer = inner
    return any(isinstance(value, dict | list) for value in layer)


async def read_capped(chunks: AsyncIterator[bytes], encoding: str) -> bytes:
    """Read a body as it comes, at most RAW_LIMIT, and unpack it, at most INFLATED_LIMIT.

    Raises Unreadable as soon as a limit is passed, and for a packing that was never asked for.
    """
    packing = encoding.strip().lower()
    if packing not in ("", "identity", "gzip", "deflate"):
        raise Unreadable("The gateway's answer is packed in a way nobody asked for.")
    unpacker = (
        zlib.decompressobj(wbits=47 if packing == "gzip" else 15) if packing not in ("", "identity") else None
    )
    raw, content = 0, bytearray()
    async for chunk in chunks:
        raw += len(chunk)
        if raw > RAW_LIMIT:
            raise Unreadable(f"The gateway's answer is longer than {RAW_LIMIT >> 20} MB.")
        if unpacker is None:
            content += chunk
            continue
        allowed = min(INFLATED_LIMIT, max(_RATIO_FROM, RATIO_LIMIT * raw))
        try:
            content += unpacker.decompress(chunk, allowed - len(content) + 1)
        except zlib.error:
            raise Unreadable("The gateway's answer cannot be unpacked.") from None
        if len(content) > allowed:
            raise Unreadable("The gateway's answer unpacks to far more than it should.")
    if unpacker is not None and not unpacker.eof:
        raise Unreadable("The gateway's answer was cut short.")
    return bytes(content)


def _kind(document: object) -> Body:
    if not isinstance(document, Mapping):
        return Body.JSON
    if "authenticated" in document:
        return Body.STATUS
    error = document.get("error")
    if error is None:
        return Body.JSON
    text = error.lower() if isinstance(error, str) else ""
    if "no bridge" in text:
        return Body.NO_BRIDGE
    return Body.NOT_READY if "not ready" in text else Body.ERROR


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands there twice")
    return found


def _short(text: str) -> int:
    if len(text.lstrip("-")) > _DIGITS:
        raise ValueError("a whole number is too long")
    return int(text)


def _refuse_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is no JSON")


def _place(error: msgspec.ValidationError) -> str:
    """Keep the place of a conversion error and drop the rest: the value may be personal."""
    _, _, place = str(error).rpartition("`$")
    return f"wrong type at ${place.rstrip('`')}" if place else "wrong type"
