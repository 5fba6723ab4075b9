"""Reads the tables of the manual, so that what it promises and what the program does cannot part."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

MANUAL = Path(__file__).parents[2] / "docs" / "manual" / "check.md"


def table(first_heading: str) -> dict[str, str]:
    """Return a table of the manual by its first column; that column's heading names the table.

    Several names in one cell are several rows with the same text. Raises KeyError when there is no such table.
    """
    rows = _rows(MANUAL.read_text(encoding="utf-8").splitlines())
    found: dict[str, str] = {}
    inside = False
    for cells in rows:
        if not cells:
            inside = False
        elif cells[0] == first_heading:
            inside = True
        elif inside and not set(cells[0]) <= {"-", " "}:
            for name in re.findall(r"`([^`]+)`", cells[0]) or [cells[0]]:
                found[name] = cells[-1]
    if not found:
        raise KeyError(f"the manual has no table that begins with {first_heading!r}")
    return found


def names(text: str) -> list[str]:
    """Return the words that a cell prints as code, in order."""
    return re.findall(r"`([^`]+)`", text)


def _rows(lines: list[str]) -> Iterator[list[str]]:
    """Yield the cells of each row; a line outside any table is an empty row."""
    for line in lines:
        yield [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []
