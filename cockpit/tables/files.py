"""Read a TOML file into frozen records, row by row: a wrong row is left out by name, the rest is kept."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, TypeVar

from cockpit.tables.complaint import Complaint, Given
from cockpit.tables.reader import Reader

T = TypeVar("T")


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
    reader = Reader(file, *found)
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
    reader = Reader(file, *found)
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
    return Reader("", text, {}).line(path)


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
