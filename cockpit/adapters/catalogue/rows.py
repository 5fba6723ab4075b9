"""The dated rows that only adapters read: hosts, certificates, figures, ends of sessions, windows and hours."""

from __future__ import annotations

from msgspec import Struct

from cockpit.domain.confidence import Confidence
from cockpit.domain.interface import Interface
from cockpit.domain.plan import SessionEnd
from cockpit.domain.windows import Region as Region
from cockpit.domain.windows import Window as Window

LOCAL_ZONE = "local"  # in a row: the zone of the trader's own device
_EVERY_DAY = frozenset(range(7))


class Host(Struct, frozen=True):
    """An official host. A password belongs only where `browser_login_allowed`; the name counts as a whole."""

    key: str
    host: str
    role: str
    region: str
    ports: tuple[int, ...]
    browser_login_allowed: bool
    source: str
    as_of: str
    confidence: Confidence
    notes: str = ""


class Lookalike(Struct, frozen=True):
    """A host that imitates the broker and was met on the open web."""

    key: str
    host: str
    source: str
    as_of: str
    confidence: Confidence


class KnownCertificate(Struct, frozen=True):
    """A certificate of one of the broker's programs; `fingerprint` is SHA-256 in lower-case hex."""

    key: str
    title: str
    fingerprint: str
    key_is_public: bool
    source: str
    as_of: str
    confidence: Confidence
    expired: str = ""
    notes: str = ""


class Limit(Struct, frozen=True):
    """One published figure, in `unit`."""

    key: str
    title: str
    value: float
    unit: str
    source: str
    as_of: str
    confidence: Confidence
    notes: str = ""


class EndRow(Struct, frozen=True):
    """A moment of the week at which sessions of `interfaces` end: HH:MM in `zone`, 0 Monday … 6 Sunday."""

    key: str
    title: str
    interfaces: tuple[Interface, ...]
    weekdays: tuple[int, ...]
    at: str
    zone: str
    region: Region
    source: str
    as_of: str
    confidence: Confidence
    effect: str = ""
    notes: str = ""

    def expanded(self, local_zone: str) -> tuple[SessionEnd, ...]:
        """Return it in the domain's words: one moment for every day, or one per weekday."""
        zone = local_zone if self.zone == LOCAL_ZONE else self.zone
        if set(self.weekdays) >= _EVERY_DAY:
            return (self._on(-1, zone),)
        return tuple(self._on(day, zone) for day in self.weekdays)

    def _on(self, day: int, zone: str) -> SessionEnd:
        return SessionEnd(
            self.key, self.title, day, self.at, zone, self.source, self.as_of, self.interfaces, self.effect
        )


class OpenHours(Struct, frozen=True):
    """Published or recorded hours of a venue, for when a contract's own hours cannot be read.

    HH:MM in `zone`; hours that end before they begin run past midnight. Empty: not published. `liquid_begins` and
    `liquid_ends` are the part in which the broker's simulated stops trigger.
    """

    key: str
    title: str
    scope: str
    source: str
    as_of: str
    confidence: Confidence
    weekdays: tuple[int, ...] = ()  # of the beginnings
    begins: str = ""
    ends: str = ""
    zone: str = ""
    liquid_begins: str = ""
    liquid_ends: str = ""
    effect: str = ""
    notes: str = ""


class TimeRule(Struct, frozen=True):
    """A limit in time that has no fixed hour, such as a time-out."""

    key: str
    title: str
    interfaces: tuple[Interface, ...]
    sentence: str
    source: str
    as_of: str
    confidence: Confidence
