"""How a fact's value stands in the journal: every value comes back as it went in, whatever it is."""

from __future__ import annotations

import json
import math
from enum import IntEnum
from typing import TypeAlias

from cockpit.domain.evidence import Observation, Provenance, Value

Stored: TypeAlias = int | float | str | bytes

# Written into every journal there is: numbers are only ever added.
PROVENANCES = {
    Provenance.MEASURED: 1,
    Provenance.ATTESTED: 2,
    Provenance.INFERRED: 3,
    Provenance.PUBLISHED: 4,
}
PROVENANCE_OF = {number: provenance for provenance, number in PROVENANCES.items()}

_LARGEST = 2**63  # from here on SQLite's integers end


class Shape(IntEnum):
    """What kind of value a row holds. Written into every journal there is: numbers are only ever added."""

    BOOL = 1
    INT = 2
    FLOAT = 3
    TEXT = 4
    TEXTS = 5
    LONG_INT = 6


class Damaged(Exception):
    """A row holds what this program never writes."""


def is_storable(seen: Observation) -> bool:
    """Whether an observation says anything: one whose value or time is not a number says nothing."""
    return math.isfinite(seen.at) and not (isinstance(seen.value, float) and math.isnan(seen.value))


def shape_of(value: Value) -> Shape:
    """Return the shape under which a value is stored."""
    match value:
        case bool():
            return Shape.BOOL
        case int():
            return Shape.INT if -_LARGEST <= value < _LARGEST else Shape.LONG_INT
        case float():
            return Shape.FLOAT
        case str():
            return Shape.TEXT
        case tuple():
            return Shape.TEXTS


def stored(value: Value, shape: Shape) -> Stored:
    """Return a value as SQLite takes it."""
    match value:
        case str():
            return stored_text(value)
        case tuple():
            return json.dumps(value)  # ASCII only, so a lone surrogate is no trouble
        case _:
            return hex(value) if shape is Shape.LONG_INT and isinstance(value, int) else value


def restored(shape: int, value: object) -> Value:
    """Return a stored value as it was seen. Raises Damaged."""
    match shape, value:
        case Shape.BOOL, 0 | 1:
            return bool(value)
        case Shape.INT, int(number):
            return number
        case Shape.FLOAT, float(number):
            return number
        case Shape.TEXT, text:
            return restored_text(text)
        case Shape.TEXTS, str(text):
            return _texts(text)
        case Shape.LONG_INT, str(text):
            try:
                return int(text, 16)
            except ValueError as error:
                raise Damaged("not a number") from error
    raise Damaged(f"a value of no known shape ({shape})")


def stored_text(text: str) -> str | bytes:
    """Return a text as SQLite takes it: a lone surrogate has no UTF-8, so such a text is kept as bytes."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")
    return str(text)  # an enum's member becomes a plain text


def restored_text(value: object) -> str:
    """Return a stored text. Raises Damaged."""
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        try:
            return value.decode("utf-8", "surrogatepass")
        except UnicodeDecodeError as error:
            raise Damaged("not a text") from error
    raise Damaged("not a text")


def _texts(value: str) -> tuple[str, ...]:
    try:
        texts = json.loads(value)
    except ValueError as error:
        raise Damaged("not a list") from error
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise Damaged("not a list of texts")
    return tuple(texts)
