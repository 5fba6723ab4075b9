"""What a record's types ask of a value, and how to say it in plain words."""

from __future__ import annotations

import re
from enum import Enum
from functools import cache
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import msgspec


@cache  # a table of a hundred rows is of one kind
def field_types(kind: type) -> dict[str, Any]:
    """The types of a record's fields with what bounds them; other notes on a type are not the reader's."""
    return {name: _bounded(hint) for name, hint in get_type_hints(kind, include_extras=True).items()}


def _bounded(hint: Any) -> Any:
    if get_origin(hint) is not Annotated:
        return hint
    kept = tuple(note for note in hint.__metadata__ if isinstance(note, msgspec.Meta))
    return Annotated[(hint.__origin__, *kept)] if kept else hint.__origin__


def is_record(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, msgspec.Struct)


def required(kind: Any) -> tuple[str, ...]:
    """The names of the fields without a default: they stand first."""
    names: tuple[str, ...] = kind.__struct_fields__
    return names[: len(names) - len(kind.__struct_defaults__)]


class Unusable(Exception):
    """A value that does not fit; the message says why."""


_EXPECTED = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
}


def wanted(hint: Any) -> str:
    """Say what a value must be when its type says so: an enum lists its words, a constraint its description."""
    if isinstance(hint, type) and issubclass(hint, Enum):
        return f"must be one of {', '.join(str(member.value) for member in hint)}"
    for part in get_args(hint):
        if isinstance(part, msgspec.Meta) and part.description:
            return f"must be {part.description}"
        if inner := wanted(part):
            return inner.replace("must", "each must", 1) if get_origin(hint) is tuple else inner
    return ""


def plain(message: str) -> str:
    """Turn the converter's message into plain words."""
    message = re.sub(r" - at `.*`$", "", message)
    found = re.fullmatch(r"Expected `([^`]+)`, got `([^`]+)`", message)
    if found:
        wanted, got = (
            " or ".join(_EXPECTED.get(word, word) for word in part.split(" | ")) for part in found.groups()
        )
        return f"must be {wanted}, not {got}"
    return message
