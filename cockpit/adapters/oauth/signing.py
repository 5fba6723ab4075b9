"""How a request is signed: percent-encoding, the base string of RFC 5849, the Authorization header.

The broker's one addition: when the live session token is asked for, the decrypted access secret, in hexadecimal
digits, stands in front of the base string.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping
from typing import Protocol
from urllib.parse import parse_qsl, quote, urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from msgspec import Struct

_USUAL_PORTS = {"https": 443, "http": 80}
_NONCE_BYTES = 16


class Signer(Protocol):
    """Signs base strings; `method` is the name that the header gives to it."""

    @property
    def method(self) -> str:
        """What the header calls this way of signing."""

    def sign(self, base: str) -> str:
        """Return the signature in base64."""


class Caller(Struct, frozen=True):
    """Who signs: consumer, access token and realm. Its repr shows none of them."""

    consumer: str
    token: str
    realm: str

    def __repr__(self) -> str:
        return "Caller()"


def percent(text: str) -> str:
    """Encode a text as RFC 3986 wants it: everything but letters, digits and `-._~`."""
    return quote(text, safe="-._~")


def base_string(method: str, url: str, parameters: Mapping[str, str]) -> str:
    """Return what is signed of a request: its method, its address, its parameters and those of its query, in order.

    Names and values are encoded before they are sorted and once more with the whole, as RFC 5849 §3.4.1 says.
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    host = f"[{host}]" if ":" in host else host
    if parts.port is not None and parts.port != _USUAL_PORTS.get(parts.scheme):
        host = f"{host}:{parts.port}"
    address = f"{parts.scheme}://{host}{parts.path or '/'}"
    pairs = [*parse_qsl(parts.query, keep_blank_values=True), *parameters.items()]
    return "&".join((method.upper(), percent(address), percent(_joined(pairs))))


def authorization(caller: Caller, signer: Signer, method: str, url: str, now: float, **more: str) -> str:
    """Return the Authorization header of one request at `now` (UTC epoch seconds). No two share a nonce.

    `more` are further parameters, such as a Diffie-Hellman challenge.
    """
    parameters = {
        "oauth_consumer_key": caller.consumer,
        "oauth_nonce": secrets.token_hex(_NONCE_BYTES),
        "oauth_signature_method": signer.method,
        "oauth_timestamp": str(int(now)),
        "oauth_token": caller.token,
        **more,
    }
    signature = signer.sign(base_string(method, url, parameters))
    written = {**parameters, "oauth_signature": signature}
    fields = ", ".join(f'{name}="{percent(value)}"' for name, value in sorted(written.items()))
    return f'OAuth realm="{caller.realm}", {fields}'


class KeySigner:
    """Signs the request for a live session token with the RSA signature key."""

    method = "RSA-SHA256"

    def __init__(self, key: RSAPrivateKey, secret: bytes) -> None:
        """`secret` is the decrypted access secret, which goes in front of what is signed."""
        self._key = key
        self._front = secret.hex()

    def sign(self, base: str) -> str:
        """Return the signature in base64."""
        signed = self._key.sign((self._front + base).encode(), padding.PKCS1v15(), hashes.SHA256())
        return base64.b64encode(signed).decode()


class SessionSigner:
    """Signs every other request with the live session token."""

    method = "HMAC-SHA256"

    def __init__(self, token: bytes) -> None:
        self._token = token

    def sign(self, base: str) -> str:
        """Return the signature in base64."""
        return base64.b64encode(hmac.digest(self._token, base.encode(), hashlib.sha256)).decode()


def _joined(pairs: Iterable[tuple[str, str]]) -> str:
    encoded = sorted((percent(name), percent(value)) for name, value in pairs)
    return "&".join(f"{name}={value}" for name, value in encoded)
