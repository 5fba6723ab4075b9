"""Read the catalogue's files: a shipped table, and the desk's own file whose rows are laid over it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

from msgspec import Struct, convert
from msgspec.structs import FieldInfo, fields, replace

from cockpit.domain.confidence import Availability, Confidence
from cockpit.tables import Complaint, Given, parse_given, read

T = TypeVar("T")

LARGEST = 512 * 1024  # bytes of a desk's file: more than the whole shipped catalogue
READ_ELSEWHERE = ("matching",)  # the table of a desk's file that the settings read: objectives to interfaces
ATTESTED = "the desk's own file"  # the source of a row of which the desk names none


class Row(Protocol):
    """What every row of the catalogue has."""

    @property
    def key(self) -> str: ...
    @property
    def confidence(self) -> Confidence: ...


R = TypeVar("R", bound=Row)


class DeskRows(Struct, frozen=True):
    """The rows of a desk's own file by table, as far as they can be used. `dated` is the day of the file."""

    tables: dict[str, tuple[Given, ...]] = {}
    dated: str = "unknown"


NO_ROWS = DeskRows()


def read_table(path: Path, kind: type[T], complaints: list[Complaint]) -> T:
    """Read one shipped file; one that cannot be read gives empty tables and a complaint."""
    try:
        found, problems = read(path, kind)
    except OSError as error:
        complaints.append(Complaint(path.name, 0, "", f"cannot be read: {error.strerror}"))
        return kind()
    complaints.extend(problems)
    return found


def read_desk_rows(path: Path, kind: type) -> tuple[DeskRows, list[Complaint]]:
    """Read the desk's own file, whose tables are those of `kind`. Nothing is raised: what is wrong is a complaint."""
    try:
        about = path.stat()
        if about.st_size > LARGEST:
            return NO_ROWS, [Complaint(path.name, 0, "", "is too large for a catalogue of a desk")]
        content = path.read_bytes()
    except OSError as error:
        return NO_ROWS, [Complaint(path.name, 0, "", f"cannot be read: {error.strerror}")]
    dated = datetime.fromtimestamp(about.st_mtime, UTC).date().isoformat()
    return parse_desk_rows(content, path.name, kind, dated)


def parse_desk_rows(content: bytes, file: str, kind: type, dated: str) -> tuple[DeskRows, list[Complaint]]:
    """Do what `read_desk_rows` does with the bytes of a file called `file`."""
    try:
        tables, complaints = parse_given(content, file, kind)
    except (RecursionError, ValueError):
        # So the standard library's reader ends on absurd nesting and on numbers of thousands of digits.
        return NO_ROWS, [Complaint(file, 0, "", "is nested too deeply or holds a number that is too long")]
    return DeskRows(tables, dated), [one for one in complaints if one.path[:1] != READ_ELSEWHERE]


def laid_over(
    rows: tuple[R, ...], table: str, kind: type[R], desk: DeskRows, complaints: list[Complaint]
) -> tuple[R, ...]:
    """Return the shipped rows with the desk's laid over them: field by field for a key that is there, else added.

    A row that the desk has touched is attested; its source is the desk's file and its day that file's, unless
    the file says otherwise. A new row that lacks what no row can be without is left out and named.
    """
    found = {row.key: row for row in rows}
    for given in desk.tables.get(table, ()):
        values = {
            "source": ATTESTED,
            "as_of": desk.dated,
            **{name: _attested(value) for name, value in given.values.items()},
            "confidence": Confidence.ATTESTED,
        }
        old = found.get(given.key)
        if old is not None:
            found[given.key] = _changed(old, values)
            continue
        values = _unsaid(kind) | values
        missing = [
            field.name for field in _fields(kind) if field.required and field.name not in ("key", *values)
        ]
        if missing:
            complaints.append(given.complaint(f"is a new row and lacks {', '.join(missing)}"))
        else:
            found[given.key] = convert({"key": given.key, **values}, kind)
    return tuple(found.values())


def _changed(old: R, values: dict[str, Any]) -> R:
    """Lay values over a row; what is kept by name, such as the offers of an order type, is laid over by name."""
    for name, new in values.items():
        if isinstance(new, dict):
            values[name] = {**getattr(old, name), **new}
    return replace(old, **values)  # type: ignore[type-var]


def _attested(value: Any) -> Any:
    """Mark what inside a value says how sure it is."""
    if not isinstance(value, dict):
        return value
    return {name: replace(inner, confidence=Confidence.ATTESTED) for name, inner in value.items()}


def _unsaid(kind: type[R]) -> dict[str, Any]:
    """What a new row of the desk need not say: lists are empty and availability is unknown."""
    empty: dict[str, Any] = {}
    for field in _fields(kind):
        if str(field.type).startswith("tuple"):
            empty[field.name] = ()
        elif str(field.type).startswith("dict"):
            empty[field.name] = {}
        elif field.type is Availability or field.type == "Availability":
            empty[field.name] = Availability.UNKNOWN
    return empty


def _fields(kind: type[R]) -> tuple[FieldInfo, ...]:
    return fields(kind)  # type: ignore[arg-type]  # a record of the domain, of which Row is the part we need
