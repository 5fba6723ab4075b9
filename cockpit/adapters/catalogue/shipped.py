"""The catalogue as adapters read it: hosts, certificates, figures, ends of sessions; the rest only when asked for."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from cockpit.adapters.catalogue.files import NO_ROWS, laid_over, read_desk_rows, read_table
from cockpit.adapters.catalogue.rows import (
    EndRow,
    Host,
    KnownCertificate,
    Limit,
    Lookalike,
    OpenHours,
    Region,
    TimeRule,
    Window,
)
from cockpit.domain.plan import SessionEnd
from cockpit.resources import resource
from cockpit.tables import Complaint, read

if TYPE_CHECKING:
    from cockpit.adapters.catalogue.playing import Loaded
    from cockpit.domain.catalogue import Playing

SESSION_ENDS = "session_ends.toml"


class _Hosts(Struct, frozen=True):
    host: tuple[Host, ...] = ()
    lookalike: tuple[Lookalike, ...] = ()


class _Certificates(Struct, frozen=True):
    certificate: tuple[KnownCertificate, ...] = ()


class _Limits(Struct, frozen=True):
    limit: tuple[Limit, ...] = ()


class _Ends(Struct, frozen=True):
    session_end: tuple[EndRow, ...] = ()


class _Hours(Struct, frozen=True):
    window: tuple[Window, ...] = ()
    hours: tuple[OpenHours, ...] = ()
    time_rule: tuple[TimeRule, ...] = ()


class Catalogue(Struct, frozen=True):
    """Everything published about the broker that the program uses. `complaints` names the rows left out.

    `playing` and what could not be used of it are read from files when they are first asked for.
    """

    hosts: tuple[Host, ...] = ()
    lookalikes: tuple[Lookalike, ...] = ()
    certificates: tuple[KnownCertificate, ...] = ()
    limits: tuple[Limit, ...] = ()
    ends: tuple[EndRow, ...] = ()
    windows: tuple[Window, ...] = ()
    hours: tuple[OpenHours, ...] = ()
    time_rules: tuple[TimeRule, ...] = ()
    complaints: tuple[Complaint, ...] = ()
    folder: Path | None = None  # None: the shipped one
    desk_file: Path | None = None

    @property
    def playing(self) -> Playing:
        """Order types, permissions, companies, codes and all that gates read. The first call reads files."""
        return _loaded(self.folder, self.desk_file).playing

    @property
    def playing_complaints(self) -> tuple[Complaint, ...]:
        """What of it could not be used. The first call reads files."""
        return _loaded(self.folder, self.desk_file).complaints

    def host(self, key: str) -> Host | None:
        """Return one official host."""
        return next((row for row in self.hosts if row.key == key), None)

    def limit(self, key: str, otherwise: float) -> float:
        """Return one figure; `otherwise` holds when its row is missing or was left out."""
        return next((row.value for row in self.limits if row.key == key), otherwise)

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
        return read((folder or resource("catalogue")) / SESSION_ENDS, _Ends)[0].session_end
    except OSError:
        return ()


@cache
def shipped_catalogue() -> Catalogue:
    """Return the catalogue that came with the program. The first call reads files: see `load_catalogue`."""
    return load_catalogue()


@cache
def desk_catalogue(desk_file: Path | None) -> Catalogue:
    """Return the shipped catalogue with the rows of the desk's own file laid over it."""
    return load_catalogue(None, desk_file) if desk_file is not None else shipped_catalogue()


def load_catalogue(folder: Path | None = None, desk_file: Path | None = None) -> Catalogue:
    """Read the tables of `folder`, by default the shipped ones, and lay the desk's own file over them.

    A row that does not fit is left out and named; a file that cannot be read gives an empty table and a
    complaint. A desk can change figures and hours, but neither hosts nor certificates: what may be opened is not
    a matter of taste. Reads files: call it before the loops start, or in a thread.
    """
    place = folder if folder is not None else resource("catalogue")
    complaints: list[Complaint] = []
    desk = NO_ROWS
    if desk_file is not None:
        from cockpit.adapters.catalogue.playing import DeskTables  # see _loaded

        desk, problems = read_desk_rows(desk_file, DeskTables)
        complaints.extend(problems)
    hosts = read_table(place / "hosts.toml", _Hosts, complaints)
    hours = read_table(place / "hours.toml", _Hours, complaints)
    limits = read_table(place / "limits.toml", _Limits, complaints).limit
    return Catalogue(
        hosts=hosts.host,
        lookalikes=hosts.lookalike,
        certificates=read_table(place / "certificates.toml", _Certificates, complaints).certificate,
        limits=laid_over(limits, "limit", Limit, desk, complaints),
        ends=read_table(place / SESSION_ENDS, _Ends, complaints).session_end,
        windows=laid_over(hours.window, "window", Window, desk, complaints),
        hours=laid_over(hours.hours, "hours", OpenHours, desk, complaints),
        time_rules=hours.time_rule,
        complaints=tuple(complaints),
        folder=folder,
        desk_file=desk_file,
    )


@cache
def _loaded(folder: Path | None, desk_file: Path | None) -> Loaded:
    # Imported here because the first picture needs the ends of sessions and none of the big tables' records.
    from cockpit.adapters.catalogue.playing import load_playing

    return load_playing(folder, desk_file)
