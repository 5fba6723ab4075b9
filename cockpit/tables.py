"""Read a TOML file into frozen records, row by row: a wrong row is left out by name, the rest is kept."""

from __future__ import annotations

import re
import tomllib
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Struct

T = TypeVar("T")


class Complaint(Struct, frozen=True):
    """Something in a file that could not be used: which file, which line (1-based, 0 unknown), which key, why."""

    file: str
    line: int
    key: str
    reason: str
    path: tuple[str | int, ...] = ()  # the key as a path: names of tables and keys, numbers of rows from 0
    row: str = ""  # what the row calls itself, when it has a key of its own

    def sentence(self) -> str:
        """Say it in one line, for a notice or a terminal."""
        place = f"{self.file}, line {self.line}" if self.line else self.file
        name = f'{self.key} ("{self.row}")' if self.row else self.key
        return f"{place}: {name}: {self.reason}" if name else f"{place}: {self.reason}"


class Given(Struct, frozen=True):
    """What a file says of one row, as far as it can be used: values by field. Fields that it leaves out are absent."""

    file: str
    line: int
    place: str  # the row as a complaint names it, such as `limit[2]`
    key: str
    values: dict[str, Any]

    def complaint(self, reason: str) -> Complaint:
        """Say why the row cannot be used."""
        return Complaint(self.file, self.line, self.place, reason, (), self.key)


def read(path: Path, kind: type[T]) -> tuple[T, list[Complaint]]:
    """Read `path` into a `kind` (a record whose every field has a default).

    What cannot be used is left at its default and named in a complaint; a file that is not TOML at all
    gives the defaults and one complaint. Raises OSError when the file cannot be read.
    """
    return parse(path.read_bytes(), path.name, kind)


def parse(content: bytes, file: str, kind: type[T]) -> tuple[T, list[Complaint]]:
    """Do what `read` does with the bytes of a file called `file`."""
    found = _toml(content, file)
    if isinstance(found, Complaint):
        return kind(), [found]
    reader = _Reader(file, *found)
    return reader.record(found[1], kind, ()), reader.complaints


def parse_given(
    content: bytes, file: str, kind: type
) -> tuple[dict[str, tuple[Given, ...]], list[Complaint]]:
    """Read rows that are laid over others, so that a row need not be whole: what is given of each, by table.

    Every field of `kind` is a tuple of records with a `key`. Wrong values are left out and named; so is a row
    without a key, and of two with the same key the later.
    """
    found = _toml(content, file)
    if isinstance(found, Complaint):
        return {}, [found]
    reader = _Reader(file, *found)
    return reader.tables_given(kind), reader.complaints


def _toml(content: bytes, file: str) -> tuple[str, dict[str, Any]] | Complaint:
    try:
        text = content.decode("utf-8")
        return text, tomllib.loads(text)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return Complaint(file, line, "", "is not UTF-8 text")
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+), column \d+\)", str(error))
        line = int(found.group(1)) if found else text.count("\n") + 1
        return Complaint(file, line, "", re.sub(r" ?\(at .*\)$", "", str(error)))


def line_of(text: str, *path: str | int) -> int:
    """Return the line (1-based, 0 when not found) of a key such as `"sockets", 0, "port"` in a TOML text."""
    return _Reader("", text, {}).line(path)


def sieve(content: bytes, file: str, kind: type[T]) -> tuple[dict[str, Any], list[Complaint]]:
    """Return the plain table of a file without what `kind` cannot use; for files that are laid over another."""
    _, complaints = parse(content, file, kind)
    try:
        table = tomllib.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        return {}, complaints
    for path in sorted(
        (complaint.path for complaint in complaints if complaint.path), key=_depth, reverse=True
    ):
        _drop(table, path)
    return table, complaints


def _depth(path: tuple[str | int, ...]) -> tuple[int, int]:
    """Drop deep things first, and of a list the last row first, so that places stay right."""
    rows = [part for part in path if isinstance(part, int)]
    return len(path), rows[-1] if rows else 0


def _drop(table: Any, path: tuple[str | int, ...]) -> None:
    """Take one value out of nested tables and lists; what is not there is fine."""
    for part in path[:-1]:
        try:
            table = table[part]
        except (KeyError, IndexError, TypeError):
            return
    if isinstance(table, dict):
        table.pop(path[-1], None)
    elif isinstance(table, list) and isinstance(path[-1], int) and path[-1] < len(table):
        del table[path[-1]]


@cache  # a table of a hundred rows is of one kind
def field_types(kind: type) -> dict[str, Any]:
    """The types of a record's fields with what bounds them; other notes on a type are not the reader's."""
    return {name: _bounded(hint) for name, hint in get_type_hints(kind, include_extras=True).items()}


def _bounded(hint: Any) -> Any:
    if get_origin(hint) is not Annotated:
        return hint
    kept = tuple(note for note in hint.__metadata__ if isinstance(note, msgspec.Meta))
    return Annotated[(hint.__origin__, *kept)] if kept else hint.__origin__


def _is_record(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, msgspec.Struct)


def _required(kind: Any) -> tuple[str, ...]:
    """The names of the fields without a default: they stand first."""
    names: tuple[str, ...] = kind.__struct_fields__
    return names[: len(names) - len(kind.__struct_defaults__)]


class _Reader:
    """Walks one table; collects complaints on the way."""

    def __init__(self, file: str, text: str, whole: dict[str, Any]) -> None:
        self._file = file
        self._lines = text.splitlines()
        self._whole = whole
        self.complaints: list[Complaint] = []

    def record(self, table: dict[str, Any], kind: type[T], path: tuple[str | int, ...]) -> T:
        values = self.given(table, kind, path)
        missing = [name for name in _required(kind) if name not in values]
        if missing:
            raise _Unusable(f"lacks {', '.join(missing)}")
        return kind(**values)

    def given(self, table: dict[str, Any], kind: type, path: tuple[str | int, ...]) -> dict[str, Any]:
        """Return the values of `table` that a `kind` can use."""
        hints = field_types(kind)
        values: dict[str, Any] = {}
        for key, raw in table.items():
            here = (*path, key)
            if key not in hints:
                self._complain(here, f"is not a key here; known are {', '.join(hints)}")
                continue
            try:
                values[key] = self._value(raw, hints[key], here)
            except _Unusable as problem:
                self._complain(here, str(problem))
        return values

    def tables_given(self, kind: type) -> dict[str, tuple[Given, ...]]:
        """Return what is given of the rows of every table of `kind`."""
        hints = field_types(kind)
        found: dict[str, tuple[Given, ...]] = {}
        for name, raw in self._whole.items():
            if name not in hints:
                self._complain((name,), f"is not a table here; known are {', '.join(hints)}")
            elif not isinstance(raw, list):
                self._complain((name,), f"must be a list of tables: write [[{name}]]")
            else:
                found[name] = self._rows_given(raw, get_args(hints[name])[0], name)
        return found

    def _rows_given(self, raw: list[Any], kind: type, name: str) -> tuple[Given, ...]:
        rows: dict[str, Given] = {}
        for number, row in enumerate(raw):
            here = (name, number)
            if not isinstance(row, dict):
                self._complain(here, "must be a table")
                continue
            values = self.given(row, kind, here)
            key = values.pop("key", "")
            if not key:
                self._complain(here, "lacks key")
            elif key in rows:
                self._complain(here, "is there twice: only the first counts")
            else:
                rows[key] = Given(self._file, self.line(here), _said(here), key, values)
        return tuple(rows.values())

    def _value(self, raw: Any, hint: Any, path: tuple[str | int, ...]) -> Any:
        if _is_record(hint):
            if not isinstance(raw, dict):
                raise _Unusable("must be a table")
            return self.record(raw, hint, path)
        if get_origin(hint) is tuple and _is_record(get_args(hint)[0]):
            return self._rows(raw, get_args(hint)[0], path)
        if get_origin(hint) is dict and _is_record(get_args(hint)[1]):
            return self._by_name(raw, hint, path)
        try:
            return msgspec.convert(raw, hint, strict=True)
        except msgspec.ValidationError as error:
            raise _Unusable(_wanted(hint) or _plain(str(error))) from None

    def _by_name(self, raw: Any, hint: Any, path: tuple[str | int, ...]) -> dict[Any, Any]:
        if not isinstance(raw, dict):
            raise _Unusable("must be a table")
        name_kind, kind = get_args(hint)
        found = {}
        for name, row in raw.items():
            here = (*path, name)
            before = len(self.complaints)
            try:
                named, value = self._value(name, name_kind, here), self._value(row, kind, here)
            except _Unusable as problem:
                self._complain(here, str(problem))
                continue
            if len(self.complaints) == before:  # half an answer would pass for a whole one
                found[named] = value
        return found

    def _rows(self, raw: Any, kind: Any, path: tuple[str | int, ...]) -> tuple[Any, ...]:
        if not isinstance(raw, list):
            raise _Unusable(f"must be a list of tables: write [[{path[-1]}]]")
        rows = []
        for number, row in enumerate(raw):
            here = (*path, number)
            try:
                if not isinstance(row, dict):
                    raise _Unusable("must be a table")
                rows.append(self.record(row, kind, here))
            except _Unusable as problem:
                self._complain(here, str(problem))
        return tuple(rows)

    def _complain(self, path: tuple[str | int, ...], reason: str) -> None:
        line = next((line for end in range(len(path), 0, -1) if (line := self.line(path[:end]))), 0)
        self.complaints.append(Complaint(self._file, line, _said(path), reason, path, self._row(path)))

    def _row(self, path: tuple[str | int, ...]) -> str:
        """Return what the row that `path` leads into calls itself, short enough for a notice."""
        try:
            key = self._whole[path[0]][path[1]]["key"]  # type: ignore[index]
        except (IndexError, KeyError, TypeError):
            return ""
        return " ".join(key.split())[:60] if isinstance(key, str) else ""

    def line(self, path: tuple[str | int, ...]) -> int:
        """Find the line of a key by following the table headers; 0 when the file is written too oddly."""
        tables = [part for part in path if isinstance(part, str)]
        rows = [part for part in path if isinstance(part, int)]
        header, seen = "", -1
        best = 0
        for number, line in enumerate(self._lines, 1):
            found = re.match(r"\s*\[(\[?)\s*([^\]]+?)\s*\]", line)
            if found:
                header = found.group(2).replace('"', "").replace(" ", "")
                if found.group(1) and header == tables[0]:
                    seen += 1
                if header == ".".join(tables) and (not rows or seen == rows[0]):
                    best = best or number
                continue
            inside = not rows or (header.split(".")[0] == tables[0] and seen == rows[0])
            name = re.match(r"\s*[\"']?([A-Za-z0-9_.-]+)[\"']?\s*=", line)
            if (
                name
                and inside
                and ".".join([*([header] if header else []), name.group(1)]) == ".".join(tables)
            ):
                return number
        return best


def _said(path: tuple[str | int, ...]) -> str:
    """Write a path as a complaint names it; rows count from 1."""
    key = ""
    for part in path:
        key += f"[{part + 1}]" if isinstance(part, int) else (f".{part}" if key else part)
    return key


class _Unusable(Exception):
    """A value that does not fit; the message says why."""


_EXPECTED = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
}


def _wanted(hint: Any) -> str:
    """Say what a value must be when its type says so: an enum lists its words, a constraint its description."""
    if isinstance(hint, type) and issubclass(hint, Enum):
        return f"must be one of {', '.join(str(member.value) for member in hint)}"
    for part in get_args(hint):
        if isinstance(part, msgspec.Meta) and part.description:
            return f"must be {part.description}"
        if inner := _wanted(part):
            return inner.replace("must", "each must", 1) if get_origin(hint) is tuple else inner
    return ""


def _plain(message: str) -> str:
    """Turn the converter's message into plain words."""
    message = re.sub(r" - at `.*`$", "", message)
    found = re.fullmatch(r"Expected `([^`]+)`, got `([^`]+)`", message)
    if found:
        wanted, got = (
            " or ".join(_EXPECTED.get(word, word) for word in part.split(" | ")) for part in found.groups()
        )
        return f"must be {wanted}, not {got}"
    return message
