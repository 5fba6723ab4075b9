"""Reading and verifying what a caller signed, from the broker's side: written apart from the program's own signing."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping
from urllib.parse import quote, unquote

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

_FIELD = re.compile(r'([A-Za-z_]+)="([^"]*)"')
_REALM, _SIGNATURE = "realm", "oauth_signature"
WANTED = frozenset(
    {
        "oauth_consumer_key",
        "oauth_nonce",
        "oauth_signature_method",
        "oauth_timestamp",
        "oauth_token",
        _REALM,
        _SIGNATURE,
    }
)


def fields_of(header: str) -> dict[str, str] | None:
    """The fields of an Authorization header; None when it is none of OAuth, or lacks or doubles one."""
    scheme, _, rest = header.partition(" ")
    if scheme != "OAuth":
        return None
    pieces = [piece.strip() for piece in rest.split(",")]
    found = [_FIELD.fullmatch(piece) for piece in pieces]
    pairs = [(match[1], unquote(match[2])) for match in found if match is not None]
    fields = dict(pairs)
    if len(pairs) != len(pieces) or len(fields) != len(pairs) or not fields.keys() >= WANTED:
        return None
    return fields


def signed_text(method: str, address: str, query: str, fields: Mapping[str, str]) -> str:
    """The text a caller must have signed: `address` without query, `query` as it came."""
    rows = [(name, value) for name, value in fields.items() if name not in (_REALM, _SIGNATURE)]
    for part in filter(None, query.split("&")):
        name, _, value = part.partition("=")
        rows.append((unquote(name.replace("+", " ")), unquote(value.replace("+", " "))))
    rows = sorted((_encoded(name), _encoded(value)) for name, value in rows)
    joined = "&".join(f"{name}={value}" for name, value in rows)
    return f"{method}&{_encoded(address)}&{_encoded(joined)}"


def is_signed_with_key(key: RSAPublicKey, text: str, fields: Mapping[str, str]) -> bool:
    """Whether the signature is an RSA-SHA256 one of this text."""
    signature = _signature(fields, "RSA-SHA256")
    if signature is None:
        return False
    try:
        key.verify(signature, text.encode(), padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return True


def is_signed_with_token(token: bytes, text: str, fields: Mapping[str, str]) -> bool:
    """Whether the signature is an HMAC-SHA256 one of this text."""
    signature = _signature(fields, "HMAC-SHA256")
    expected = hmac.new(token, text.encode(), hashlib.sha256).digest()
    return signature is not None and hmac.compare_digest(signature, expected)


def _signature(fields: Mapping[str, str], method: str) -> bytes | None:
    if fields["oauth_signature_method"] != method:
        return None
    try:
        return base64.b64decode(fields[_SIGNATURE], validate=True)
    except (binascii.Error, ValueError):
        return None


def _encoded(text: str) -> str:
    return quote(text, safe="")
