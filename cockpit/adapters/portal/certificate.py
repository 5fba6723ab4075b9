"""Until when a certificate is valid by its own word. Nothing is proven by it: the pin decides."""

from __future__ import annotations

from cryptography import x509


def end_of(certificate: bytes) -> float | None:
    """Return the end of validity of a certificate in DER, UTC epoch seconds; None when it cannot be read."""
    try:
        return x509.load_der_x509_certificate(certificate).not_valid_after_utc.timestamp()
    except (ValueError, x509.InvalidVersion):  # a stranger may show anything
        return None
