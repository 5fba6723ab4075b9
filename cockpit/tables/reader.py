"""Walk one parsed file into records, and find the line of everything that cannot be used."""

from __future__ import annotations

import re
from typing import Any, TypeVar, get_args, get_origin

import msgspec

from cockpit.tables.complaint import Complaint, Given, said, short
from cockpit.tables.hints import Unusable, field_types, is_record, plain, required, wanted

T = TypeVar("T")


class Reader:
    """Walks one table; collects complaints on the way."""

    def __init__(self, file: str, text: str, whole: dict[str, Any]) -> None:
        self._file = file
        self._lines = text.splitlines()
        self._whole = whole
        self.complaints: list[Complaint] = []

    def record(self, table: dict[str, Any], kind: type[T], path: tuple[str | int, ...]) -> T:
        values = self.given(table, kind, path)
        missing = [name for name in required(kind) if name not in values]
        if missing:
            raise Unusable(f"lacks {', '.join(missing)}")
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
            except Unusable as problem:
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
                rows[key] = Given(self._file, self.line(here), said(here), key, values)
        return tuple(rows.values())

    def _value(self, raw: Any, hint: Any, path: tuple[str | int, ...]) -> Any:
        if is_record(hint):
            if not isinstance(raw, dict):
                raise Unusable("must be a table")
            return self.record(raw, hint, path)
        if get_origin(hint) is tuple and is_record(get_args(hint)[0]):
            return self._rows(raw, get_args(hint)[0], path)
        if get_origin(hint) is dict and is_record(get_args(hint)[1]):
            return self._by_name(raw, hint, path)
        try:
            return msgspec.convert(raw, hint, strict=True)
        except msgspec.ValidationError as error:
            raise Unusable(wanted(hint) or plain(str(error))) from None

    def _by_name(self, raw: Any, hint: Any, path: tuple[str | int, ...]) -> dict[Any, Any]:
        if not isinstance(raw, dict):
            raise Unusable("must be a table")
        name_kind, kind = get_args(hint)
        found = {}
        for name, row in raw.items():
            here = (*path, name)
            before = len(self.complaints)
            try:
                named, value = self._value(name, name_kind, here), self._value(row, kind, here)
            except Unusable as problem:
                self._complain(here, str(problem))
                continue
            if len(self.complaints) == before:  # half an answer would pass for a whole one
                found[named] = value
        return found

    def _rows(self, raw: Any, kind: Any, path: tuple[str | int, ...]) -> tuple[Any, ...]:
        if not isinstance(raw, list):
            raise Unusable(f"must be a list of tables: write [[{path[-1]}]]")
        rows = []
        for number, row in enumerate(raw):
            here = (*path, number)
            try:
                if not isinstance(row, dict):
                    raise Unusable("must be a table")
                rows.append(self.record(row, kind, here))
            except Unusable as problem:
                self._complain(here, str(problem))
        return tuple(rows)

    def _complain(self, path: tuple[str | int, ...], reason: str) -> None:
        line = next((line for end in range(len(path), 0, -1) if (line := self.line(path[:end]))), 0)
        self.complaints.append(Complaint(self._file, line, said(path), reason, path, self._row(path)))

    def _row(self, path: tuple[str | int, ...]) -> str:
        """Return what the row that `path` leads into calls itself, short enough for a notice."""
        try:
            key = self._whole[path[0]][path[1]]["key"]  # type: ignore[index]
        except (IndexError, KeyError, TypeError):
            return ""
        return short(key) if isinstance(key, str) else ""

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
