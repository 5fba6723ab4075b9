"""A pasted link judged: the broker's, the broker's but not for passwords, a look-alike, badly written, or unknown."""

from __future__ import annotations

import re
from enum import StrEnum
from urllib.parse import unquote

from msgspec import Struct

from cockpit.domain.doors.hosts import MAIN_SITE, DoorBook, OfficialHost
from cockpit.domain.doors.likeness import likeness
from cockpit.domain.doors.link import Link, read_link, visible
from cockpit.domain.level import Level

_ADDRESS_INSIDE = re.compile(r"//|\\|@|:", re.ASCII)
_PLAIN_REST = re.compile(r"[A-Za-z0-9/?#&=+.,;_~!$()*%-]*")
_UNWRAPPED = 3  # times that an encoded address may be encoded again before we stop looking


class DoorVerdict(StrEnum):
    """What a link is."""

    OFFICIAL = "Official"
    NOT_FOR_PASSWORDS = "Official, but not for passwords"
    LOOK_ALIKE = "Look-alike"
    BADLY_WRITTEN = "Not a plain link"
    UNKNOWN = "Not known"

    @property
    def level(self) -> Level:
        """How it is shown."""
        return _LEVELS[self]


_LEVELS = {
    DoorVerdict.OFFICIAL: Level.READY,
    DoorVerdict.NOT_FOR_PASSWORDS: Level.LIMITED,
    DoorVerdict.LOOK_ALIKE: Level.BLOCKED,
    DoorVerdict.BADLY_WRITTEN: Level.BLOCKED,
    DoorVerdict.UNKNOWN: Level.UNKNOWN,
}


class Judgement(Struct, frozen=True):
    """What is to be said of a link, and what may be opened instead of it.

    `address` is built anew from judged parts and never the pasted text; "" means that nothing is opened.
    `belongs_to` is the registered domain, `host` the host with everything in it that cannot be seen written out.
    """

    verdict: DoorVerdict
    host: str
    reason: str
    step: str
    belongs_to: str = ""
    address: str = ""
    official: OfficialHost | None = None


def judge(text: str, book: DoorBook, home: OfficialHost | None = None) -> Judgement:
    """Judge a pasted link; `home` is where clients of the account's company sign in. Raises nothing."""
    link = read_link(text)
    found = book.official(link.host)
    if not link.fault and found is not None:
        return _official(link, found, book, home)
    if known := book.imitation(link.host):
        reason = f"This host was met imitating the broker{_when(known.as_of)}."
        return _refused(DoorVerdict.LOOK_ALIKE, link, reason, book)
    if found is None:
        if not link.fault and book.registered(link.host) in book.domains():
            return _refused(
                DoorVerdict.UNKNOWN,
                link,
                f"Its domain {book.registered(link.host)} is the broker's, but this very host is not in the catalogue, "
                "and a host that was forgotten can fall into other hands.",
                book,
            )
        if like := likeness(link.host, book):
            return _refused(DoorVerdict.LOOK_ALIKE, link, f"{like} {link.fault}".strip(), book)
    if link.before_at and likeness_of_text(link.before_at, book):
        return _refused(DoorVerdict.LOOK_ALIKE, link, link.fault, book)
    if link.fault:
        whose = "The host is the broker's, but this is not how it is reached. " if found is not None else ""
        return _refused(DoorVerdict.BADLY_WRITTEN, link, f"{whose}{link.fault}", book)
    reason = "The catalogue does not know this host, so nothing can be said for it."
    if likeness_of_text(link.rest, book):
        reason += " The broker's name behind the first slash means nothing: the host alone decides."
    return _refused(DoorVerdict.UNKNOWN, link, reason, book)


def likeness_of_text(text: str, book: DoorBook) -> bool:
    """Whether a text that is no host has a name of the broker in it."""
    folded = unquote(text).casefold()
    return any(brand in folded for brand in book.brands())


def _official(link: Link, found: OfficialHost, book: DoorBook, home: OfficialHost | None) -> Judgement:
    address, remark = _address(link, found)
    belongs_to = book.registered(found.host)
    if found.takes_passwords:
        verdict, step = DoorVerdict.OFFICIAL, "It can be opened."
        why = "The catalogue lists this host as one of the broker's."
        if home is not None and _is_elsewhere(found, home, book):
            remark = f"{remark} Clients of your company sign in at {home.host}.".strip()
    elif found.has_https:
        verdict, step = DoorVerdict.NOT_FOR_PASSWORDS, "It can be opened for reading; type no password there."
        why = "It is genuine, but nobody signs in there: a page that asks for a password is not the broker's doing."
    else:
        verdict, step, address = DoorVerdict.NOT_FOR_PASSWORDS, "It is not opened.", ""
        why = "It is genuine, but has no encryption: what is typed there can be read on the way."
    return Judgement(verdict, found.host, f"{why} {remark}".strip(), step, belongs_to, address, found)


def _is_elsewhere(found: OfficialHost, home: OfficialHost, book: DoorBook) -> bool:
    """Whether a host is the site of another of the broker's companies. The main site serves them all."""
    main = book.page(MAIN_SITE)
    served = {book.registered(row.host) for row in (home, main) if row is not None}
    return book.registered(found.host) not in served


def _address(link: Link, found: OfficialHost) -> tuple[str, str]:
    """Return what may be opened of a link to an official host, and a remark when that is less than was pasted."""
    if not link.rest or link.rest == "/":
        return found.address, ""
    if _carries_an_address(link.rest):
        return (
            found.address,
            "The link carries another address in it, to which it could lead on: the front page is opened instead.",
        )
    return f"https://{found.host}{link.rest if link.rest.startswith('/') else '/' + link.rest}", ""


def _carries_an_address(rest: str) -> bool:
    """Whether what follows the host could send a browser elsewhere."""
    if not _PLAIN_REST.fullmatch(rest):
        return True
    for _ in range(_UNWRAPPED):
        opened = unquote(rest)
        if opened == rest:
            break
        rest = opened
    return _ADDRESS_INSIDE.search(rest) is not None or "%" in rest


def _refused(verdict: DoorVerdict, link: Link, reason: str, book: DoorBook) -> Judgement:
    step = {
        DoorVerdict.LOOK_ALIKE: "Close it, and type nothing there. If you have already, change the password at the "
        "broker's own page and call the broker.",
        DoorVerdict.BADLY_WRITTEN: "It is not opened. Open the broker's page from here instead.",
    }.get(
        verdict, "It is not opened. If you trust it for another reason, open it yourself, without a password."
    )
    return Judgement(verdict, visible(link.host), reason, step, book.registered(link.host))


def _when(as_of: str) -> str:
    return f" ({as_of})" if as_of else ""
