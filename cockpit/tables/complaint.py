"""What a file says that cannot be used, and what it gives of a row."""

from __future__ import annotations

from typing import Any

from msgspec import Struct


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
        return Complaint(self.file, self.line, self.place, reason, (), short(self.key))


def said(path: tuple[str | int, ...]) -> str:
    """Write a path as a complaint names it; rows count from 1."""
    key = ""
    for part in path:
        key += f"[{part + 1}]" if isinstance(part, int) else (f".{part}" if key else part)
    return key


def short(name: str) -> str:
    """Write what a row calls itself so that it fits into one line of a notice."""
    return " ".join(name.split())[:60]
