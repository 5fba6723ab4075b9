"""The broker's published shapes, and a check of one answer against them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema

SHAPES = json.loads((Path(__file__).parent / "openapi-subset.json").read_text("utf-8"))
# On the wire, in the vendor's examples or prose, but not in the vendor's schemas.
BESIDES_SCHEMA = {
    *("env", "description", "conid", "strike", "right"),
    *("allowFA", "allowLiteUnderPro"),
    *("chineseName", "serverName", "serverVersion"),
    *("underlyingConid", "expirationDate", "ltd", "shortFuturesCutOff", "longFuturesCutOff"),
    *("6119", "31", "84", "86", "7184", "7768", "55"),
}


def as_json_schema(shape: object) -> object:
    """OpenAPI 3.0 writes "or null" beside the type, JSON Schema as one of the types."""
    if isinstance(shape, dict):
        plain = {key: as_json_schema(value) for key, value in shape.items() if key != "nullable"}
        if shape.get("nullable") and isinstance(plain.get("type"), str):
            plain["type"] = [plain["type"], "null"]
        return plain
    if isinstance(shape, list):
        return [as_json_schema(one) for one in shape]
    return shape


COMPONENTS = as_json_schema(SHAPES["components"])
KNOWN_NAMES = set(re.findall(r'"([^"]+)": \{', json.dumps(SHAPES))) | BESIDES_SCHEMA
ID_LIKE = re.compile(r"U\d+|\d+|[A-Z]+|All")  # maps keyed by account, field number, symbol or asset class


def names_in(value: object) -> set[str]:
    """Every key of a JSON value."""
    if isinstance(value, dict):
        return set(value) | {name for inner in value.values() for name in names_in(inner)}
    if isinstance(value, list):
        return {name for inner in value for name in names_in(inner)}
    return set()


def check_shape(method: str, template: str, value: object) -> None:
    """Fail unless the value fits the shape of this call and uses none but the broker's names."""
    answer = SHAPES["paths"][template][method.lower()]["responses"]["200"]["content"]["application/json"]
    jsonschema.validate(value, {"components": COMPONENTS, "allOf": [as_json_schema(answer["schema"])]})
    invented = {name for name in names_in(value) - KNOWN_NAMES if not ID_LIKE.fullmatch(name)}
    assert not invented, f"{template} uses names that the broker does not"
