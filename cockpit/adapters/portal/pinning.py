"""TLS to the gateway: the certificate's fingerprint is compared right after the handshake, before any request byte."""

from __future__ import annotations

import hashlib
import re
import ssl
from collections.abc import Collection
from enum import StrEnum

from cockpit.adapters.portal.certificate import end_of

_DIGEST = re.compile(r"[0-9a-f]{64}")


class Standing(StrEnum):
    """What a certificate proves. The values are those of the fact `certificate`."""

    VENDOR = "vendor"  # its key is public: encrypted, not authenticated
    DESK = "desk"  # the one the trader pinned
    UNKNOWN = "unknown"  # nothing may be sent


class UnknownCertificate(ssl.SSLError):
    """The peer showed a certificate that is neither pinned nor the vendor's. Nothing was sent to it."""


class Pin:
    """Which certificate the gateway may show, and which it showed.

    Once the trader has pinned one, no other counts, not even the vendor's: falling back to a public key is what
    an impostor would do.
    """

    def __init__(self, pinned: str, vendor: Collection[str]) -> None:
        """`pinned` and `vendor` are SHA-256 fingerprints in hex, colons and capitals allowed; "" pins nothing.

        A text that is no fingerprint (a slip in a settings file) pins what nobody can show: every certificate is
        unknown then, and the trader is asked.
        """
        self._vendor = frozenset(plain_fingerprint(one) for one in vendor)
        self._pinned = _without_colons(pinned)
        self.shown = ""
        self.accepted = ""
        self.shown_ends: float | None = None  # UTC epoch seconds, by the certificate's own word
        self.accepted_ends: float | None = None

    def expect(self, pinned: str) -> None:
        """Pin another certificate from now on. Raises ValueError when it is no fingerprint."""
        self._pinned = plain_fingerprint(pinned)

    def standing(self, fingerprint: str) -> Standing:
        """Say what a certificate with that fingerprint proves."""
        if self._pinned and fingerprint != self._pinned:
            return Standing.UNKNOWN
        if fingerprint in self._vendor:
            return Standing.VENDOR
        return Standing.DESK if self._pinned else Standing.UNKNOWN

    def check(self, certificate: bytes | None) -> None:
        """Compare what the peer showed (DER). Raises UnknownCertificate."""
        self.shown = hashlib.sha256(certificate).hexdigest() if certificate else ""
        self.shown_ends = end_of(certificate) if certificate else None
        if not self.shown or self.standing(self.shown) is Standing.UNKNOWN:
            raise UnknownCertificate("the certificate is not the one this desk trusts")
        self.accepted, self.accepted_ends = self.shown, self.shown_ends


def plain_fingerprint(text: str) -> str:
    """Return a SHA-256 fingerprint as 64 lower-case hex digits. Raises ValueError when it is none."""
    plain = _without_colons(text)
    if not _DIGEST.fullmatch(plain):
        raise ValueError("a SHA-256 fingerprint has 64 hex digits")
    return plain


def _without_colons(text: str) -> str:
    return text.replace(":", "").replace(" ", "").lower()


def pinned_context(pin: Pin) -> ssl.SSLContext:
    """Return the one context for all connections to the gateway; its handshake ends with the pin's check.

    The usual verification is off because the vendor's certificate is expired and names no host: no authority can
    vouch for it. The comparison inside the handshake takes its place.
    """

    class CheckedObject(ssl.SSLObject):
        """A TLS connection whose handshake is not over before the fingerprint was compared."""

        def do_handshake(self) -> None:
            super().do_handshake()
            pin.check(self.getpeercert(binary_form=True))

    class NoSocket(ssl.SSLSocket):
        """Blocking sockets would pass the check by, so there are none."""

        def do_handshake(self, block: bool = False) -> None:
            raise UnknownCertificate("this context serves asynchronous connections only")

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.sslobject_class = CheckedObject
    context.sslsocket_class = NoSocket
    return context
