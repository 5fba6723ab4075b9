"""The hosts against which a link is judged: the broker's own, and names that were met imitating them."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

HTTPS = 443
MAIN_SITE = "www-interactivebrokers-com"  # key of the catalogue's row

RegisteredDomain = Callable[[str], str]
"""Gives the part of a host that somebody has registered: `www.example.co.uk` → `example.co.uk`; "" for none."""


class OfficialHost(Struct, frozen=True):
    """A host of the broker, from the catalogue. The name counts as a whole. `as_of` is "" when not published."""

    key: str
    host: str
    role: str
    region: str = ""
    is_for_passwords: bool = False
    has_https: bool = True
    source: str = ""
    as_of: str = ""
    note: str = ""

    @property
    def takes_passwords(self) -> bool:
        """Whether a password may be typed there: it is for signing in, and encrypted."""
        return self.is_for_passwords and self.has_https

    @property
    def address(self) -> str:
        """Its front page."""
        return f"https://{self.host}/"


class Imitation(Struct, frozen=True):
    """A host that was met imitating the broker; where it was met is not linked on purpose."""

    host: str
    as_of: str = ""


class DoorBook(Struct, frozen=True):
    """All that is known about hosts, and how to find the registered part of one."""

    officials: tuple[OfficialHost, ...]
    imitations: tuple[Imitation, ...]
    registered: RegisteredDomain

    def official(self, host: str) -> OfficialHost | None:
        """Return the broker's host of exactly this name."""
        return next((row for row in self.officials if row.host == host), None)

    def page(self, key: str) -> OfficialHost | None:
        """Return the host of a row of the catalogue."""
        return next((row for row in self.officials if row.key == key), None)

    def imitation(self, host: str) -> Imitation | None:
        """Return the known imitation that a host is, or below which it stands."""
        return next((row for row in self.imitations if _is_below(host, row.host.removeprefix("www."))), None)

    def home(self, site: str) -> OfficialHost | None:
        """Return where clients of a company sign in: its own `site` when passwords belong there, else the main one."""
        own = self.official(site)
        return own if own is not None and own.takes_passwords else self.page(MAIN_SITE)

    def domains(self) -> frozenset[str]:
        """Return the registered domains of the broker."""
        return frozenset(found for row in self.officials if (found := self.registered(row.host)))

    def brands(self) -> tuple[str, ...]:
        """Return the names the broker registered, without their endings, the longest first."""
        names = {domain.partition(".")[0] for domain in self.domains()}
        return tuple(sorted(names, key=lambda name: (-len(name), name)))


def _is_below(host: str, domain: str) -> bool:
    return host == domain or host.endswith(f".{domain}")
