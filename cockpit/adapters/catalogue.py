"""Figures and names about the broker: dated rows from `resources/catalogue`, read into frozen records."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from cockpit.domain.interface import Interface
from cockpit.domain.plan import SessionEnd
from cockpit.resources import resource
from cockpit.tables import Complaint, read

T = TypeVar("T")

SESSION_ENDS = "session_ends.toml"
LOCAL_ZONE = "local"  # in a row: the zone of the trader's own device
_EVERY_DAY = frozenset(range(7))


class Confidence(StrEnum):
    """How sure a row is."""

    DOCUMENTED = "documented"  # the broker says so
    OBSERVED = "observed"  # somebody saw it
    INFERRED = "inferred"
    UNKNOWN = "unknown"


class Region(StrEnum):
    """Which of the broker's server groups a row speaks of."""

    ALL = "all"
    AMERICA = "america"
    EUROPE = "europe"
    ASIA = "asia"


class Severity(StrEnum):
    """What a code means for the trader: nothing, care, or not at all."""

    INFO = "info"
    DEGRADE = "degrade"
    BLOCK = "block"


class Family(StrEnum):
    """What a code is about."""

    CONNECTION = "connection"
    UPSTREAM = "upstream"
    FARM = "farm"
    MARKET_DATA = "market data"
    PERMISSION = "permission"
    API_SETTING = "api setting"
    REFUSAL = "refusal"
    CONTRACT = "contract"
    ORDER_TYPE = "order type"
    TIME_IN_FORCE = "time in force"
    PRECAUTION = "precaution"
    PRICE_AND_SIZE = "price and size"
    ACCOUNT = "account"
    SYSTEM = "system"
    INFORMATION = "information"


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


class Code(Struct, frozen=True):
    """What a code of TWS means, in our own words."""

    code: int
    sentence: str
    family: Family
    severity: Severity
    source: str
    as_of: str
    confidence: Confidence


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
            return (SessionEnd(self.key, self.title, -1, self.at, zone, self.source, self.as_of),)
        return tuple(
            SessionEnd(self.key, self.title, day, self.at, zone, self.source, self.as_of)
            for day in self.weekdays
        )


class Window(Struct, frozen=True):
    """A stretch of server resets: HH:MM in `zone`; one that ends before it begins runs past midnight."""

    key: str
    title: str
    weekdays: tuple[int, ...]
    begins: str
    ends: str
    zone: str
    region: Region
    source: str
    as_of: str
    confidence: Confidence
    effect: str = ""
    notes: str = ""


class _Hosts(Struct, frozen=True):
    host: tuple[Host, ...] = ()
    lookalike: tuple[Lookalike, ...] = ()


class _Certificates(Struct, frozen=True):
    certificate: tuple[KnownCertificate, ...] = ()


class _Limits(Struct, frozen=True):
    limit: tuple[Limit, ...] = ()


class _Codes(Struct, frozen=True):
    code: tuple[Code, ...] = ()


class _Sessions(Struct, frozen=True):
    session_end: tuple[EndRow, ...] = ()
    window: tuple[Window, ...] = ()


class Catalogue(Struct, frozen=True):
    """Everything published about the broker that the program uses. `complaints` names the rows left out."""

    hosts: tuple[Host, ...] = ()
    lookalikes: tuple[Lookalike, ...] = ()
    certificates: tuple[KnownCertificate, ...] = ()
    limits: tuple[Limit, ...] = ()
    codes: tuple[Code, ...] = ()
    ends: tuple[EndRow, ...] = ()
    windows: tuple[Window, ...] = ()
    complaints: tuple[Complaint, ...] = ()

    def host(self, key: str) -> Host | None:
        """Return one official host."""
        return next((row for row in self.hosts if row.key == key), None)

    def limit(self, key: str, otherwise: float) -> float:
        """Return one figure; `otherwise` holds when its row is missing or was left out."""
        return next((row.value for row in self.limits if row.key == key), otherwise)

    def code(self, number: int) -> Code | None:
        """Return what is known of a code."""
        return next((row for row in self.codes if row.code == number), None)

    def certificate(self, fingerprint: str) -> KnownCertificate | None:
        """Return the certificate of that SHA-256 fingerprint, however it is written."""
        wanted = fingerprint.replace(":", "").lower()
        return next((row for row in self.certificates if row.fingerprint == wanted), None)


def session_ends(
    rows: tuple[EndRow, ...], local_zone: str, region: Region = Region.AMERICA
) -> tuple[SessionEnd, ...]:
    """Return the ends that hit everybody and those of `region`; `local_zone` is the trader's own."""
    here = (row for row in rows if row.region in (Region.ALL, region))
    return tuple(end for row in here for end in row.expanded(local_zone))


def load_session_ends(folder: Path | None = None) -> tuple[EndRow, ...]:
    """Read only what the plan of a desk needs, which the first picture waits for; `load_catalogue` complains."""
    try:
        return read((folder or resource("catalogue")) / SESSION_ENDS, _Sessions)[0].session_end
    except OSError:
        return ()


@cache
def shipped_catalogue() -> Catalogue:
    """Return the catalogue that came with the program. The first call reads files: see `load_catalogue`."""
    return load_catalogue()


def load_catalogue(folder: Path | None = None) -> Catalogue:
    """Read every table of `folder`, by default the shipped one.

    A row that does not fit is left out and named; a file that cannot be read gives an empty table and a
    complaint. Reads files: call it before the loops start, or in a thread.
    """
    place = folder if folder is not None else resource("catalogue")
    complaints: list[Complaint] = []

    def table(name: str, kind: type[T]) -> T:
        try:
            found, problems = read(place / name, kind)
        except OSError as error:
            complaints.append(Complaint(name, 0, "", f"cannot be read: {error.strerror}"))
            return kind()
        complaints.extend(problems)
        return found

    hosts = table("hosts.toml", _Hosts)
    sessions = table(SESSION_ENDS, _Sessions)
    return Catalogue(
        hosts=hosts.host,
        lookalikes=hosts.lookalike,
        certificates=table("certificates.toml", _Certificates).certificate,
        limits=table("limits.toml", _Limits).limit,
        codes=table("tws_codes.toml", _Codes).code,
        ends=sessions.session_end,
        windows=sessions.window,
        complaints=tuple(complaints),
    )
