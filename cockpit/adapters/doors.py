"""The door book: the catalogue's hosts, and the public list of suffixes inside its library. Nothing is fetched."""

from __future__ import annotations

from functools import cache

from publicsuffixlist import PublicSuffixList

from cockpit.adapters.catalogue import shipped_catalogue
from cockpit.adapters.catalogue.rows import Host, Lookalike
from cockpit.domain.doors.hosts import HTTPS, DoorBook, Imitation, OfficialHost

_NOT_SAID = "unknown"  # how the catalogue's files write it
_GATEWAY = ":"  # a row with a port is a door of this PC and no page of the broker


@cache
def door_book() -> DoorBook:
    """Return the book of the shipped catalogue; a desk's own file cannot add hosts. The first call reads files."""
    catalogue = shipped_catalogue()
    return book_of(catalogue.hosts, catalogue.lookalikes)


def book_of(hosts: tuple[Host, ...], lookalikes: tuple[Lookalike, ...]) -> DoorBook:
    """Make a book of these rows."""
    return DoorBook(
        tuple(_official(row) for row in hosts if _GATEWAY not in row.host),
        tuple(Imitation(row.host, _said(row.as_of)) for row in lookalikes),
        registered_domain,
    )


def registered_domain(host: str) -> str:
    """Return the part of a host that somebody has registered, "" when it has none."""
    return _suffixes().privatesuffix(host) or "" if host else ""


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def _official(row: Host) -> OfficialHost:
    return OfficialHost(
        row.key,
        row.host,
        row.role,
        row.region,
        row.browser_login_allowed,
        HTTPS in row.ports,
        row.source,
        _said(row.as_of),
        row.notes,
    )


def _said(text: str) -> str:
    return "" if text == _NOT_SAID else text
