"""The exchange that makes a live session token: Diffie-Hellman with the broker, and the proof that it was the broker.

The modular powers are Python's own `pow`: the library that does everything else is giving this kind of exchange up
(decision 9). The secret exponent is used once, and the answer goes to the broker's host alone.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

from msgspec import Struct

from cockpit.adapters.oauth.keys import BITS
from cockpit.domain.oauth import OAuthState
from cockpit.services.errors import Unreadable

_GENERATOR = 2
_EXPONENT_BITS = 256
_HEX = re.compile(rf"[0-9a-fA-F]{{1,{BITS // 4}}}", re.ASCII)
_CHECK = re.compile(r"[0-9a-fA-F]{40}", re.ASCII)


class Granted(Struct, frozen=True):
    """The broker's answer: its half of the exchange, the check value, and the end in UTC epoch milliseconds."""

    diffie_hellman_response: str
    live_session_token_signature: str
    live_session_token_expiration: float = 0.0


class NotGenuine(Unreadable):
    """The check value does not fit: whoever answered does not know the access secret."""

    state = OAuthState.NOT_GENUINE


class Exchange:
    """One exchange; its random exponent lives as long as it does."""

    def __init__(self, prime: int) -> None:
        self._prime = prime
        # The highest bit is set, so that the exponent always has its full length.
        self._exponent = secrets.randbits(_EXPONENT_BITS) | 1 << (_EXPONENT_BITS - 1)

    @property
    def challenge(self) -> str:
        """Our half, in hexadecimal digits."""
        return format(pow(_GENERATOR, self._exponent, self._prime), "x")

    def token(self, granted: Granted, secret: bytes, consumer: str) -> bytes:
        """Return the live session token. Raises Unreadable for an odd answer, NotGenuine for a wrong check value."""
        if not _HEX.fullmatch(granted.diffie_hellman_response):
            raise Unreadable("The broker's half of the key exchange cannot be read.")
        theirs = int(granted.diffie_hellman_response, 16)
        if not 1 < theirs < self._prime - 1:  # with one of these everybody could work the token out
            raise NotGenuine("The broker's half of the key exchange is one that nobody honest sends.")
        token = hmac.digest(signed_bytes(pow(theirs, self._exponent, self._prime)), secret, hashlib.sha1)
        check = hmac.digest(token, consumer.encode(), hashlib.sha1).hex()
        said = granted.live_session_token_signature
        if not _CHECK.fullmatch(said) or not hmac.compare_digest(check, said.lower()):
            raise NotGenuine("The answer was made by somebody who does not know the access secret.")
        return token

    def __repr__(self) -> str:
        return "Exchange()"


def signed_bytes(number: int) -> bytes:
    """Write a number big-endian with room for a sign bit, as the broker's side does."""
    return number.to_bytes(number.bit_length() // 8 + 1)
