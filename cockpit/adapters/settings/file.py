"""Settings files: read with complaints, and written so that nothing that was there is lost."""

from __future__ import annotations

import os
import re
import tempfile
from enum import Enum
from pathlib import Path

from msgspec import Struct
from msgspec.structs import fields

from cockpit.adapters.settings.check import check
from cockpit.adapters.settings.records import Settings, plain_print, sentence_of, with_pin
from cockpit.tables import Complaint, parse

LARGEST = 1_000_000  # bytes; a settings file is some kilobytes


def read_settings(path: Path) -> tuple[Settings, list[Complaint]]:
    """Read a settings file. What cannot be used stays at its default and is named; nothing is raised."""
    try:
        if path.stat().st_size > LARGEST:
            return Settings(), [Complaint(path.name, 0, "", "is too large for a settings file")]
        content = path.read_bytes()
    except OSError as error:
        return Settings(), [Complaint(path.name, 0, "", f"cannot be read: {error.strerror or error}")]
    return parse_settings(content, path.name)


def parse_settings(content: bytes, file: str) -> tuple[Settings, list[Complaint]]:
    """Do what `read_settings` does with the bytes of a file called `file`."""
    try:
        settings, complaints = parse(content, file, Settings)
    except (RecursionError, ValueError):
        # So the standard library's reader ends on absurd nesting and on numbers of thousands of digits.
        return Settings(), [Complaint(file, 0, "", "is nested too deeply or holds a number that is too long")]
    settings, more = check(settings, content.decode("utf-8", "replace"), file)
    return settings, complaints + more


def write_settings(path: Path, settings: Settings) -> None:
    """Write the whole file, every setting with its value. Raises OSError; the old file is then untouched."""
    _replace(path, dump(settings).encode())


def write_pin(path: Path, fingerprint: str) -> Settings:
    """Pin a gateway certificate in the file and return the settings as read again.

    Only that one line changes, so comments and rows that could not be read stay. Raises OSError.
    """
    before, _ = read_settings(path)
    wanted = with_pin(before, fingerprint)
    old = path.read_bytes() if path.exists() else b""
    for new in _pinned(old, plain_print(fingerprint)):
        after, _ = parse_settings(new, path.name)
        if after == wanted:
            _replace(path, new)
            return after
    write_settings(path, wanted)
    return wanted


def dump(settings: Struct, title: str = "The settings of the access cockpit.") -> str:
    """Write a record of tables as TOML, every key of them, so that a trader sees what can be set."""
    head, tail = [], []
    kind = type(settings)
    for table in fields(settings):
        value = getattr(settings, table.name)
        said = sentence_of(kind, table.name)
        sentence = f"# {said}\n" if said else ""
        if isinstance(value, Struct):
            tail.append(f"\n{sentence}[{table.name}]\n{_lines(value)}")
        elif value:
            tail.append("\n" + sentence + "\n".join(f"[[{table.name}]]\n{_lines(row)}" for row in value))
        else:
            head.append(f"{table.name} = []\n")
    return "".join([f"# {title}\n", *head, *tail])


def _lines(record: object) -> str:
    """Write the keys of one table, a line each."""
    if not isinstance(record, Struct):
        raise TypeError(f"not a table: {type(record).__name__}")
    return "".join(f"{key.name} = {toml_value(getattr(record, key.name))}\n" for key in fields(record))


def toml_value(value: object) -> str:
    """Write one value as TOML does. Raises TypeError for what no setting can be."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Enum):
        return toml_value(value.value)
    if isinstance(value, str):
        return '"' + "".join(_escaped(letter) for letter in value) + '"'
    if isinstance(value, tuple):
        return f"[{', '.join(toml_value(item) for item in value)}]"
    if isinstance(value, int | float):
        return repr(value)
    raise TypeError(f"no settings value: {type(value).__name__}")


def _escaped(letter: str) -> str:
    if letter in '"\\':
        return "\\" + letter
    return f"\\u{ord(letter):04x}" if ord(letter) < 32 or ord(letter) == 127 else letter


def _pinned(content: bytes, fingerprint: str) -> list[bytes]:
    """Return three tries: the pin's line replaced, a line added to its table, the table added at the end."""
    line = f'fingerprint = "{fingerprint}"'.encode()
    inside = rb"(?ms)^(\s*\[gateway\][^\n]*\n(?:(?!^\s*\[).)*?)"
    return [
        re.sub(inside + rb"^[ \t]*fingerprint[ \t]*=[^\n]*", rb"\1" + line, content, count=1),
        re.sub(inside, rb"\1" + line + b"\n", content, count=1),
        content
        + (b"" if content.endswith(b"\n") or not content else b"\n")
        + b"\n[gateway]\n"
        + line
        + b"\n",
    ]


def put(path: Path, content: bytes) -> None:
    """Put `content` in place of a file in one step, for this user only; keep the old one beside it. Raises OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.exists():
        old = path.read_bytes()
        if old != content:
            _write(path.with_name(path.name + ".bak"), old)
    _write(path, content)


def _replace(path: Path, content: bytes) -> None:
    """Put settings in place of the file, and keep an old one with mistakes for good."""
    if path.exists():
        old = path.read_bytes()
        if old == content:
            return
        if parse_settings(old, path.name)[1]:
            keep_broken(path, old)
    put(path, content)


def keep_broken(path: Path, content: bytes) -> None:
    """Keep a file with mistakes under a name that no later writing touches."""
    for number in range(1, 1000):
        place = path.with_name(f"{path.name}.broken-{number}")
        if not place.exists():
            _write(place, content)
            return
        if place.read_bytes() == content:
            return


def _write(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=path.name, suffix=".new", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
