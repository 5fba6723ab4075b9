"""Computes authenticator codes with pyotp, which is only ever told seconds since 1970.

Given a date and time without a zone, older releases of pyotp show wrong codes in the hour that autumn repeats. Given a
number they have nothing to interpret.
"""

from __future__ import annotations

import base64
import hashlib

import pyotp

from cockpit.adapters.otp.seed import key_of
from cockpit.domain.otp import Algorithm, Authenticator
from cockpit.domain.secret import Secret

_HASHES = {
    Algorithm.SHA1: hashlib.sha1,
    Algorithm.SHA256: hashlib.sha256,
    Algorithm.SHA512: hashlib.sha512,
}
_PYOTP_LEAST = 14  # bytes; pyotp refuses shorter keys, and seeds of ten bytes are in use everywhere


class PyotpCodes:
    """Computes codes (port: CodeMaker). Holds no seed."""

    def code(self, authenticator: Authenticator, secret: Secret, at: float) -> str:
        """Return the code at `at` (UTC epoch seconds). Raises ValueError before 1970 and after the year 9999."""
        # HMAC fills a key with zeros to the hash's block (RFC 2104, 2), so these zeros change no code.
        key = key_of(secret.reveal()).ljust(_PYOTP_LEAST, b"\0")
        maker = pyotp.TOTP(
            base64.b32encode(key).decode(),
            digits=authenticator.digits,
            digest=_HASHES[authenticator.algorithm],
            interval=authenticator.period,
        )
        return maker.at(at)
