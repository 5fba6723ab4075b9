"""The register of a desk as its own TOML file beside the settings: devices, factors, credentials, ways back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeAlias, TypeVar

from msgspec import Meta, Struct
from msgspec.structs import replace

from cockpit.adapters.settings.file import LARGEST, dump, keep_broken, put
from cockpit.adapters.settings.records import Says
from cockpit.domain.interface import Interface
from cockpit.domain.register import (
    Credential,
    CredentialKind,
    Device,
    DeviceRole,
    Factor,
    FactorKind,
    RecoveryKind,
    RecoveryPath,
    Register,
    Scope,
)
from cockpit.domain.trust.faults import faults, looks_like_a_secret, repeated
from cockpit.domain.words import iso
from cockpit.tables import Complaint, line_of, parse
from cockpit.tables.complaint import said

REGISTER = "register.toml"

# TWS's own labels are kept letter by letter, so a name is any line of text that does not begin or end blank.
Label = Annotated[
    str,
    Meta(
        pattern=r"^[^\s\x00-\x1f\x7f-\x9f\ud800-\udfff]([^\x00-\x1f\x7f-\x9f\ud800-\udfff]{0,78}"
        r"[^\s\x00-\x1f\x7f-\x9f\ud800-\udfff])?\Z",
        description="a name in one line, at most 80 letters",
    ),
]
Line = Annotated[
    str,
    Meta(pattern=r"^[^\x00-\x1f\x7f-\x9f\ud800-\udfff]{0,200}\Z", description="one line of text"),
]
Address = Annotated[
    str, Meta(pattern=r"^[0-9A-Fa-f.:*/]{2,45}\Z", description="an address such as 203.0.113.7")
]
FilePath = Annotated[str, Meta(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,1000}\Z", description="the path of a file")]
Day = Annotated[
    str,
    Meta(
        pattern=r"^([12]\d{3}-[01]\d-[0-3]\d(T[0-2]\d:[0-5]\d:[0-5]\dZ)?)?\Z",
        description="a day such as 2026-11-22, or with a time such as 2026-11-22T12:31:00Z, or empty",
    ),
]
Days = Annotated[int, Meta(ge=0, le=3660, description="a number of days, 0 for none")]
Number = Annotated[int, Meta(ge=0, le=2_147_483_647, description="a client id, 0 or above")]
InterfaceWord = Annotated[
    str,
    Meta(
        pattern=rf"^({'|'.join(one.value for one in Interface)})?\Z",
        description=f"one of {', '.join(one.value for one in Interface)}, or empty",
    ),
]
Complain: TypeAlias = Callable[[tuple[str | int, ...], str], None]


class DeskTable(Struct, frozen=True):
    """Who signs in here."""

    username: Line = ""
    entity: Line = ""
    launcher_logs: tuple[FilePath, ...] = ()


class DeviceRow(Struct, frozen=True):
    """A device of the desk."""

    name: Label
    role: DeviceRole
    note: Line = ""


class FactorRow(Struct, frozen=True):
    """A second factor."""

    name: Label
    kind: FactorKind
    device: Line = ""
    username: Line = ""
    note: Line = ""


class CredentialRow(Struct, frozen=True):
    """What lets a program in."""

    name: Label
    kind: CredentialKind
    owner: Line = ""
    username: Line = ""
    tool: Line = ""
    interface: InterfaceWord = ""
    number: Number = 0
    scope: Scope = Scope.TRADE
    used_for: Scope = Scope.READ
    addresses: tuple[Address, ...] = ()
    made: Day = ""
    rotate_days: Days = 0
    ends: Day = ""
    note: Line = ""


class PathRow(Struct, frozen=True):
    """A way back in."""

    name: Label
    kind: RecoveryKind
    where: Line = ""
    device: Line = ""
    note: Line = ""


class RegisterFile(Struct, frozen=True):
    """The tables of the file."""

    desk: Annotated[
        DeskTable, Says("TWS's own username, the broker's company, and launcher logs to count failures in.")
    ] = DeskTable()
    devices: Annotated[tuple[DeviceRow, ...], Says("The devices of the desk; no two share a name.")] = ()
    factors: Annotated[tuple[FactorRow, ...], Says("Second factors, named exactly as TWS lists them.")] = ()
    credentials: Annotated[
        tuple[CredentialRow, ...], Says("What lets programs in. Never the secret itself.")
    ] = ()
    recovery: Annotated[
        tuple[PathRow, ...], Says("Ways back in: where a card lies, never what stands on it.")
    ] = ()


Named = TypeVar("Named", DeviceRow, FactorRow, CredentialRow, PathRow)


def read_register(path: Path) -> tuple[Register, list[Complaint]]:
    """Read a register file. No file is an empty register; what cannot be used is left out and named."""
    try:
        if path.stat().st_size > LARGEST:
            return Register(), [Complaint(path.name, 0, "", "is too large for a register")]
        content = path.read_bytes()
    except FileNotFoundError:
        return Register(), []
    except OSError as error:
        return Register(), [Complaint(path.name, 0, "", f"cannot be read: {error.strerror or error}")]
    return parse_register(content, path.name)


def parse_register(content: bytes, file: str) -> tuple[Register, list[Complaint]]:
    """Do what `read_register` does with the bytes of a file called `file`."""
    try:
        rows, complaints = parse(content, file, RegisterFile)
    except (RecursionError, ValueError):
        return Register(), [Complaint(file, 0, "", "is nested too deeply or holds a number that is too long")]
    text = content.decode("utf-8", "replace")
    dropped: set[tuple[str | int, ...]] = {one.path[:2] for one in complaints if len(one.path) == 2}

    def complain(path: tuple[str | int, ...], reason: str) -> None:
        here = _in_file(path, dropped)
        complaints.append(Complaint(file, line_of(text, *here), said(here), reason, here))

    return _register(rows, complain), complaints


def write_register(path: Path, register: Register) -> None:
    """Write the whole register. A file with mistakes is kept beside it for good, as one that was written is once.

    Raises ValueError with a sentence for what no file can hold, such as two devices with one name or a text that
    looks like a secret, and OSError; the old file is then untouched.
    """
    content = dump_register(register).encode()
    old = path.read_bytes() if path.exists() else b""
    if old == content:
        return
    if old and parse_register(old, path.name)[1]:
        keep_broken(path, old)
    put(path, content)


def dump_register(register: Register) -> str:
    """Return the text that `write_register` writes. Raises ValueError as it does."""
    for fault in faults(register):
        raise ValueError(fault)
    text = dump(_rows(register), "The register of the access cockpit: devices, factors, access, ways back.")
    try:
        content = text.encode()
    except UnicodeEncodeError:
        raise ValueError("A text of the register holds letters that no file can hold.") from None
    read_back, complaints = parse_register(content, REGISTER)
    for complaint in complaints:
        if not complaint.reason.startswith(_NO_DEVICE):
            raise ValueError(f"{complaint.key} {complaint.reason}.")
    if _rows(read_back) != _rows(register):
        raise ValueError("The register cannot be written so that it reads back the same.")
    return text


def _in_file(path: tuple[str | int, ...], dropped: set[tuple[str | int, ...]]) -> tuple[str | int, ...]:
    """Turn the place of a row among those that could be read into its place in the file."""
    table, place, *rest = path
    if not isinstance(place, int):
        return path
    number = -1
    for _ in range(place + 1):
        number += 1
        while (table, number) in dropped:
            number += 1
    return (table, number, *rest)


_NO_DEVICE = "no device has the name"  # a hint about a row that is kept, not a mistake of the file


def _register(rows: RegisterFile, complain: Complain) -> Register:
    devices = [row for _, row in _clean(rows.devices, "devices", ("note",), complain)]
    known = {row.name for row in devices}
    return Register(
        rows.desk.username,
        rows.desk.entity,
        tuple(Device(row.name, row.role, row.note) for row in devices),
        tuple(
            Factor(row.name, row.kind, row.device, row.username, row.note)
            for _, row in _clean(rows.factors, "factors", ("note",), complain, known)
        ),
        tuple(
            _credential(row, place, complain)
            for place, row in _clean(
                rows.credentials, "credentials", ("note", "owner", "tool", "username"), complain
            )
        ),
        tuple(
            RecoveryPath(row.name, row.kind, row.where, row.device, row.note)
            for _, row in _clean(rows.recovery, "recovery", ("where", "note"), complain, known)
        ),
        rows.desk.launcher_logs,
    )


def _clean(
    rows: Sequence[Named],
    table: str,
    free: Sequence[str],
    complain: Complain,
    devices: set[str] | None = None,
) -> list[tuple[int, Named]]:
    """Keep the first row of each name, with its place, without texts that look like a secret.

    A complaint says which was left out, and never what stood there.
    """
    later = set(repeated([row.name for row in rows]))
    kept = []
    for place, row in enumerate(rows):
        if place in later:
            complain((table, place, "name"), f"is used twice: {row.name}; only the first counts")
            continue
        if looks_like_a_secret(row.name):
            complain((table, place, "name"), "looks like a secret, which belongs into the keychain; left out")
            continue
        for key in free:
            if looks_like_a_secret(getattr(row, key)):
                complain(
                    (table, place, key), "looks like a secret, which belongs into the keychain; left out"
                )
                row = replace(row, **{key: ""})
        device = getattr(row, "device", "")
        if devices is not None and device and device not in devices:
            complain((table, place, "device"), f"{_NO_DEVICE} {device}")
        kept.append((place, row))
    return kept


def _credential(row: CredentialRow, place: int, complain: Complain) -> Credential:
    return Credential(
        row.name,
        row.kind,
        row.owner,
        row.username,
        row.tool,
        Interface(row.interface) if row.interface else None,
        row.number,
        row.scope,
        row.used_for,
        row.addresses,
        _moment(row.made, ("credentials", place, "made"), complain),
        row.rotate_days,
        _moment(row.ends, ("credentials", place, "ends"), complain),
        row.note,
    )


def _moment(text: str, path: tuple[str | int, ...], complain: Complain) -> float:
    """Read a day or a moment, both UTC; 0 when it is empty or there is no such day."""
    if not text:
        return 0.0
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        complain(path, f"is no day of the calendar: {text}")
        return 0.0
    return (moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)).timestamp()


def _day(at: float) -> str:
    """Write a moment (UTC epoch seconds, 0 for none) as the file has it: the day alone when it is midnight."""
    if at == 0:
        return ""
    try:
        text = iso(at)
    except (OverflowError, OSError, ValueError):
        raise ValueError("A date of the register is in no calendar.") from None
    return text.removesuffix("T00:00:00Z")


def _rows(register: Register) -> RegisterFile:
    return RegisterFile(
        DeskTable(register.username, register.entity, register.launcher_logs),
        tuple(DeviceRow(one.name, one.role, one.note) for one in register.devices),
        tuple(FactorRow(one.name, one.kind, one.device, one.username, one.note) for one in register.factors),
        tuple(
            CredentialRow(
                one.name,
                one.kind,
                one.owner,
                one.username,
                one.tool,
                one.interface.value if one.interface is not None else "",
                one.number,
                one.scope,
                one.used_for,
                one.addresses,
                _day(one.made),
                one.rotate_days,
                _day(one.ends),
                one.note,
            )
            for one in register.credentials
        ),
        tuple(PathRow(one.name, one.kind, one.where, one.device, one.note) for one in register.recovery),
    )
