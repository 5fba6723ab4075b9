"""Keys and secrets of a consumer: from texts of the vault, or from files of the trader, to what can sign.

No trouble raised here carries anything of a key: the library's own errors are left behind.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from msgspec import Struct

from cockpit.domain.oauth import OAuthSecret
from cockpit.domain.remedy import Remedy
from cockpit.domain.secret import Secret
from cockpit.services.errors import Unreadable

BITS = 2048  # of keys and prime, as the broker asks for
_MOST_BYTES = 20_000  # of a key file; a real one has two thousand
_TOKEN = re.compile(r"[A-Za-z0-9+/=_-]{8,128}", re.ASCII)
_PEM = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\s]*)-----END \1-----", re.ASCII)
_PRIVATE = frozenset({"PRIVATE KEY", "RSA PRIVATE KEY"})
_PRIME = "DH PARAMETERS"
_GENERATOR = 2
_TITLES = {
    OAuthSecret.ACCESS_TOKEN: "access token",
    OAuthSecret.ACCESS_SECRET: "access token secret",
    OAuthSecret.SIGNATURE_KEY: "signature key",
    OAuthSecret.ENCRYPTION_KEY: "encryption key",
    OAuthSecret.DH_PRIME: "Diffie-Hellman prime",
}
_KEEP = Remedy("Keep the right text under Credentials; the broker's page need not be touched.")


class KeyRing(Struct, frozen=True):
    """Everything that a consumer signs with. Its repr shows nothing."""

    token: str
    secret: bytes  # decrypted
    signature_key: RSAPrivateKey
    prime: int

    def __repr__(self) -> str:
        return "KeyRing()"


def key_ring(texts: Mapping[OAuthSecret, str]) -> KeyRing:
    """Read all five texts. Raises Unreadable, which names the one that cannot be used, and KeyError without it."""
    token = texts[OAuthSecret.ACCESS_TOKEN].strip()
    if not _TOKEN.fullmatch(token):
        raise _unusable(OAuthSecret.ACCESS_TOKEN, "has a shape that the broker never gives out")
    encryption_key = private_key(OAuthSecret.ENCRYPTION_KEY, texts[OAuthSecret.ENCRYPTION_KEY])
    return KeyRing(
        token,
        _decrypted(texts[OAuthSecret.ACCESS_SECRET], encryption_key),
        private_key(OAuthSecret.SIGNATURE_KEY, texts[OAuthSecret.SIGNATURE_KEY]),
        prime_of(texts[OAuthSecret.DH_PRIME]),
    )


def private_key(which: OAuthSecret, text: str) -> RSAPrivateKey:
    """Read a private RSA key from PEM. Raises Unreadable."""
    kind, _ = _pem(which, text)
    if kind not in _PRIVATE:
        raise _wrong_kind(which, kind)
    try:
        key = load_pem_private_key(text.strip().encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise _unusable(which, "is damaged, or locked with a password") from None
    if not isinstance(key, RSAPrivateKey) or key.key_size < BITS:
        raise _unusable(which, f"is no RSA key of {BITS} bits")
    return key


def prime_of(text: str) -> int:
    """Read the prime from the PEM of Diffie-Hellman parameters, or from hexadecimal digits. Raises Unreadable."""
    which, plain = OAuthSecret.DH_PRIME, "".join(text.split()).removeprefix("0x")
    if re.fullmatch(r"[0-9A-Fa-f:]+", plain):
        prime, generator = int(plain.replace(":", "") or "0", 16), _GENERATOR
    else:
        kind, content = _pem(which, text)
        if kind != _PRIME:
            raise _wrong_kind(which, kind)
        prime, generator = _parameters(content)
    if prime.bit_length() != BITS or prime % 2 == 0:
        raise _unusable(which, f"is no prime of {BITS} bits")
    if generator != _GENERATOR:
        raise _unusable(which, "belongs to another generator than 2, which the broker takes")
    return prime


def read_secret_file(path: Path, which: OAuthSecret) -> Secret:
    """Read a secret from a file that the trader points to, and see that it can be used. Raises Unreadable.

    Line ends of Windows are refused: keys and the broker's page are made in pairs, and the page refuses such files.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        reason = error.strerror if isinstance(error, OSError) else None
        raise Unreadable(f"The file cannot be read: {reason or 'its name is not one'}.") from None
    return examined(content, which)


def examined(content: bytes, which: OAuthSecret) -> Secret:
    """Look at a file's content as `read_secret_file` does. Raises Unreadable."""
    if len(content) > _MOST_BYTES:
        raise _unusable(which, "is far too long to be one")
    if b"\r" in content:
        raise Unreadable(
            "The file has the line ends of Windows (CRLF), and the broker's page refuses keys with them.",
            Remedy("Save this file and its public twin with plain line ends (LF), then point to it again."),
        )
    try:
        text = content.decode("ascii").strip()
    except UnicodeDecodeError:
        raise _unusable(which, "holds characters that no key has") from None
    match which:
        case OAuthSecret.SIGNATURE_KEY | OAuthSecret.ENCRYPTION_KEY:
            private_key(which, text)
        case OAuthSecret.DH_PRIME:
            prime_of(text)
        case _ if not _TOKEN.fullmatch(text) and which is OAuthSecret.ACCESS_TOKEN:
            raise _unusable(which, "has a shape that the broker never gives out")
        case _:
            _bytes_of(which, text)
    return Secret(text)


def _decrypted(text: str, key: RSAPrivateKey) -> bytes:
    """Decrypt the access secret, which the broker encrypted with the public encryption key."""
    which, mismatch = OAuthSecret.ACCESS_SECRET, "was not made for this encryption key"
    try:
        secret = key.decrypt(_bytes_of(which, text), padding.PKCS1v15())
    except ValueError:
        raise _unusable(which, mismatch) from None
    if not secret:
        raise _unusable(which, mismatch)
    return secret


def _bytes_of(which: OAuthSecret, text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise _unusable(which, "is not whole: it is no base64") from None


def _pem(which: OAuthSecret, text: str) -> tuple[str, bytes]:
    """Return kind and content of a PEM text."""
    found = _PEM.fullmatch(text.strip())
    if found is None:
        begins = re.match(r"\s*-----BEGIN ([A-Z0-9 ]+)-----", text)
        if begins is not None and begins[1] not in {*_PRIVATE, _PRIME}:
            raise _wrong_kind(which, begins[1])
        raise _unusable(which, "is no whole PEM text")
    return found[1], _bytes_of(which, found[2])


def _parameters(content: bytes) -> tuple[int, int]:
    """Read prime and generator from the DER of PKCS #3: one sequence that begins with two whole numbers."""
    inner, _ = _der(content, 0x30)
    prime, rest = _der(inner, 0x02)
    generator, _ = _der(rest, 0x02)
    return int.from_bytes(prime), int.from_bytes(generator)


def _der(content: bytes, tag: int) -> tuple[bytes, bytes]:
    """Return the value of the first element, which must have that tag, and what follows it."""
    head, length = 2, content[1] if len(content) > 1 else 0
    if length & 0x80:  # the length itself stands in so many bytes
        head += length & 0x7F
        length = int.from_bytes(content[2:head])
    if not content or content[0] != tag or len(content) < head + length or length == 0:
        raise _unusable(OAuthSecret.DH_PRIME, "is damaged")
    return content[head : head + length], content[head + length :]


def _wrong_kind(which: OAuthSecret, kind: str) -> Unreadable:
    return _unusable(which, f"is of another kind ({kind.lower()})")


def _unusable(which: OAuthSecret, why: str) -> Unreadable:
    return Unreadable(f"The OAuth {_TITLES[which]} {why}.", _KEEP)
