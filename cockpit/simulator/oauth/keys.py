"""Keys of a simulated consumer, made per run: what the trader would keep, and what the broker would know."""

from __future__ import annotations

import base64
import secrets

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from msgspec import Struct

_BITS = 2048
_SECRET_BYTES = 32
GENERATOR = 2
# The 2048-bit group of RFC 3526: finding a fresh prime takes half a minute, and it is public anyway.
PRIME = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
    "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F"
    "83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B"
    "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510"
    "15728E5A8AACAA68FFFFFFFFFFFFFFFF",
    16,
)


class ConsumerKeys(Struct, frozen=True):
    """One consumer with its private keys as PEM; the access secret as the broker knows it. Its repr shows nothing."""

    consumer: str
    token: str
    secret: bytes
    signature_key: rsa.RSAPrivateKey
    encryption_key: rsa.RSAPrivateKey

    def __repr__(self) -> str:
        return f"ConsumerKeys({self.consumer})"

    def texts(self) -> dict[str, str]:
        """What the trader keeps of it, by the last part of the names in the vault."""
        encrypted = self.encryption_key.public_key().encrypt(self.secret, padding.PKCS1v15())
        return {
            "access-token": self.token,
            "access-secret": base64.b64encode(encrypted).decode(),
            "signature-key": _pem(self.signature_key),
            "encryption-key": _pem(self.encryption_key),
            "dh-prime": prime_pem(),
        }


def make_keys(consumer: str) -> ConsumerKeys:
    """Make both key pairs, a token and a secret."""
    return ConsumerKeys(
        consumer,
        secrets.token_hex(10),
        secrets.token_bytes(_SECRET_BYTES),
        rsa.generate_private_key(public_exponent=65537, key_size=_BITS),
        rsa.generate_private_key(public_exponent=65537, key_size=_BITS),
    )


def prime_pem() -> str:
    """The prime as a file of Diffie-Hellman parameters, the way OpenSSL writes it."""
    numbers = _der(0x02, _whole(PRIME)) + _der(0x02, _whole(GENERATOR))
    text = base64.encodebytes(_der(0x30, numbers)).decode().strip()
    return f"-----BEGIN DH PARAMETERS-----\n{text}\n-----END DH PARAMETERS-----\n"


def _whole(number: int) -> bytes:
    return number.to_bytes(number.bit_length() // 8 + 1)


def _der(tag: int, content: bytes) -> bytes:
    length = len(content)
    if length < 0x80:
        return bytes((tag, length)) + content
    written = length.to_bytes((length.bit_length() + 7) // 8)
    return bytes((tag, 0x80 | len(written))) + written + content


def _pem(key: rsa.RSAPrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
