"""The manual's table of settings, made from the declarations so that it cannot lie."""

from __future__ import annotations

from enum import Enum
from typing import Any, get_args, get_origin

from msgspec import NODEFAULT, Meta, Struct
from msgspec.structs import fields

from cockpit.adapters.settings.file import toml_value
from cockpit.adapters.settings.records import Settings, sentence_of
from cockpit.tables import field_types

_WORDS = {str: "text", int: "a whole number", float: "a number", bool: "true or false"}


class SettingLine(Struct, frozen=True):
    """One setting as the manual lists it; `default` is written as in the file, "" when it must be given."""

    table: str
    key: str
    kind: str
    default: str
    sentence: str


def setting_lines() -> tuple[SettingLine, ...]:
    """Return every setting there is, in the order of the file."""
    lines = []
    for name, hint in field_types(Settings).items():
        record, title = (
            (get_args(hint)[0], f"[[{name}]]") if get_origin(hint) is tuple else (hint, f"[{name}]")
        )
        hints = field_types(record)
        for key in fields(record):
            default = "" if key.default is NODEFAULT else toml_value(key.default)
            lines.append(
                SettingLine(title, key.name, _kind(hints[key.name]), default, sentence_of(record, key.name))
            )
    return tuple(lines)


def _kind(hint: Any) -> str:
    """Say in words what a value of this type is."""
    for part in get_args(hint):
        if isinstance(part, Meta) and part.description:
            return part.description
    if get_origin(hint) is tuple:
        inner = [part for part in get_args(hint) if part is not Ellipsis]
        return f"a list, each {_kind(inner[0])}" if len(inner) == 1 else f"two, each {_kind(inner[0])}"
    if isinstance(hint, type) and issubclass(hint, Enum):
        return "one of: " + ", ".join(str(member.value) for member in hint)
    return _WORDS[hint]


def manual_tables() -> str:
    """Return the manual's tables in Markdown, one per table of the settings file."""
    parts: list[str] = []
    table = ""
    for line in setting_lines():
        if line.table != table:
            table = line.table
            parts.append(f"\n### `{table}`\n\n| key | type | default | meaning |\n|---|---|---|---|")
        default = f"`{line.default}`" if line.default else "must be given"
        parts.append(f"| `{line.key}` | {line.kind} | {default} | {line.sentence} |")
    return "\n".join(parts).strip() + "\n"
