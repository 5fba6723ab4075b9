"""A link taken apart, strictly: what is not written the plain way is a fault, named in words.

Browsers mend what is written oddly (a backslash becomes a slash, a tab vanishes, `0x7f.1` becomes an address), and each
mends it a little differently. Nothing is mended here: only what has one reading is read.
"""

from __future__ import annotations

import re
import unicodedata

from msgspec import Struct

LONGEST = 2000  # characters; longer links hide their beginning or their end
_LONGEST_NAME = 253  # RFC 1035, as are the 63 letters of one label
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_NUMBER = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)")
_CUT = re.compile(r"[/\\?#]")
_BARE = re.compile(r"[A-Za-z0-9.-]+\.[A-Za-z0-9-]+(?:[/?#].*)?")
_DOTS = str.maketrans(dict.fromkeys("\u3002\uff0e\uff61\u2024", "."))  # browsers take them for the full stop
_UNSEEN = ("Cc", "Cf", "Zl", "Zp", "Cs", "Co", "Cn")  # Unicode's classes of what leaves no mark on paper


class Link(Struct, frozen=True):
    """A link as it was written. `host` is in small letters and may be anything while `fault` says what is wrong.

    `before_at` is what stands before an @ in front of the host, `rest` what follows the host.
    """

    host: str
    rest: str = ""
    before_at: str = ""
    fault: str = ""


def read_link(text: str) -> Link:
    """Take a link apart. A host without a scheme is read as if https stood before it. Raises nothing."""
    text = text.strip(" \t\r\n")
    if len(text) > LONGEST:
        return Link("", fault=f"It is longer than {LONGEST} characters, so nobody can read where it leads.")
    fault = _fault_of_letters(text)
    scheme, body = _split(text)
    authority = _CUT.split(body, maxsplit=1)[0]
    rest = body[len(authority) :]
    before_at, at, host = authority.rpartition("@")
    if at and not fault:
        fault = "Before the host stands an @: all in front of it is only a user name, whatever it says."
    name, port = _without_port(host)
    fault = fault or _fault_of_scheme(scheme) or _fault_of_port(port) or _fault_of_host(name)
    if not fault and rest[:1] not in ("", "/", "?", "#"):
        fault = "A backslash follows the host, which browsers read in different ways."
    return Link(name.translate(_DOTS).lower(), rest, before_at, fault)


def visible(text: str) -> str:
    """Write out what cannot be seen, such as a turn of the reading direction: `\\u202e`."""
    return "".join(f"\\u{ord(sign):04x}" if unicodedata.category(sign) in _UNSEEN else sign for sign in text)


def _split(text: str) -> tuple[str, str]:
    """Return scheme and what follows it, however many slashes stand between them."""
    if _BARE.fullmatch(text) and "://" not in text.partition("/")[0]:
        return "https", text
    match = _SCHEME.match(text)
    if match is None:
        return "", text.lstrip("/\\")
    body = text[match.end() :]
    plain = body.removeprefix("//")
    if body == plain or plain[:1] in ("/", "\\"):
        return f"{match[1].lower()}:", body.lstrip("/\\")
    return match[1].lower(), plain


def _without_port(host: str) -> tuple[str, str]:
    if host.startswith("["):
        name, bracket, port = host.partition("]")
        return name + bracket, port.removeprefix(":")
    name, colon, port = host.partition(":")
    return name, port or colon


def _fault_of_letters(text: str) -> str:
    hidden = next((sign for sign in text if unicodedata.category(sign) in _UNSEEN), None)
    if hidden is not None:
        return f"It holds a character that cannot be seen (U+{ord(hidden):04X})."
    if any(sign.isspace() for sign in text):
        return "There is a blank in it: a link has none."
    foreign = next((sign for sign in text if not sign.isascii()), None)
    if foreign is not None:
        return f"It holds a letter of another alphabet (U+{ord(foreign):04X}); the broker's hosts have none."
    return ""


def _fault_of_scheme(scheme: str) -> str:
    if scheme == "https":
        return ""
    if scheme == "http":
        return "It begins with http: what is typed there can be read and changed on the way."
    if scheme in ("https:", "http:"):
        return "Two slashes must follow the scheme; browsers mend this in different ways."
    if not scheme:
        return "It does not begin with https:// and is no plain host either."
    return f"It begins with {scheme.rstrip(':')[:20]}: which is no page of the broker."


def _fault_of_port(port: str) -> str:
    return "It names a port; the broker's pages need none." if port else ""


def _fault_of_host(name: str) -> str:
    host = name.lower()
    labels = host.split(".")
    if not host:
        return "It names no host."
    if "\\" in host or "%" in host:
        return "Its host is written in a roundabout way, with % or a backslash."
    if host.startswith("[") or _NUMBER.fullmatch(labels[-1]):
        return "It leads to a bare network address instead of a name."
    if host == "localhost" or host.endswith(".localhost"):
        return "It leads to this PC; the gateway's own page is opened by its action."
    if host.endswith("."):
        return "Its host ends with a full stop."
    if len(host) > _LONGEST_NAME or not all(_LABEL.fullmatch(label) for label in labels):
        return "Its host is not written as a name of the internet is."
    if len(labels) < 2:
        return "Its host has no ending such as .com."
    return ""
