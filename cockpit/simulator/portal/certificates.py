"""The gateway's TLS certificate: one a desk issued for itself, or one shaped like the shipped one."""

from __future__ import annotations

import datetime
import ipaddress
import ssl
import tempfile
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from msgspec import Struct

VENDOR = "vendor"
# Name and dates of the certificate in the vendor's zip; its key is public, ours is a fresh one.
_VENDOR_NAME = {
    NameOID.COUNTRY_NAME: "US",
    NameOID.STATE_OR_PROVINCE_NAME: "CT",
    NameOID.LOCALITY_NAME: "Greenwich",
    NameOID.ORGANIZATION_NAME: "Interactive Brokers",
    NameOID.ORGANIZATIONAL_UNIT_NAME: "Client Portal",
    NameOID.COMMON_NAME: "Client Portal Web API",
}
_VENDOR_DATES = (
    datetime.datetime(2019, 2, 10, tzinfo=datetime.UTC),
    datetime.datetime(2019, 5, 11, tzinfo=datetime.UTC),
)
_DESK_NAME = {NameOID.ORGANIZATION_NAME: "Simulated desk", NameOID.COMMON_NAME: "localhost"}
_DESK_DAYS = 365


class Certificate(Struct, frozen=True):
    """A self-signed certificate with its key, both as PEM; the key lives as long as the process."""

    pem: bytes
    key: bytes

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate as it goes over the wire, 64 lower-case hex digits."""
        return x509.load_pem_x509_certificate(self.pem).fingerprint(hashes.SHA256()).hex()

    def __repr__(self) -> str:
        return f"Certificate({self.fingerprint[:16]}…)"


def issue(kind: str) -> Certificate:
    """Make a certificate with a fresh key.

    `vendor` imitates the shipped one (RSA, expired in 2019, no alternative names); every other word gives
    a valid one for 127.0.0.1 and localhost, with another fingerprint each time.
    """
    if kind == VENDOR:
        return _sign(
            rsa.generate_private_key(public_exponent=65537, key_size=2048), _VENDOR_NAME, _VENDOR_DATES, None
        )
    start = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)
    names = x509.SubjectAlternativeName(
        [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    )
    dates = (start, start + datetime.timedelta(days=_DESK_DAYS))
    return _sign(ec.generate_private_key(ec.SECP256R1()), _DESK_NAME, dates, names)


def server_context(certificate: Certificate) -> ssl.SSLContext:
    """Return a server's context that speaks TLS 1.2 and nothing else, as the real gateway does."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_RENEGOTIATION
    with tempfile.TemporaryDirectory() as folder:  # the ssl module reads keys from files only
        file = Path(folder) / "gateway.pem"
        file.write_bytes(certificate.key + certificate.pem)
        context.load_cert_chain(file)
    return context


def _sign(
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey,
    name: dict[x509.ObjectIdentifier, str],
    dates: tuple[datetime.datetime, datetime.datetime],
    names: x509.SubjectAlternativeName | None,
) -> Certificate:
    subject = x509.Name([x509.NameAttribute(part, value) for part, value in name.items()])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(dates[0])
        .not_valid_after(dates[1])
    )
    if names is not None:
        builder = builder.add_extension(names, critical=False)
    signed = builder.sign(key, hashes.SHA256())
    return Certificate(
        pem=signed.public_bytes(serialization.Encoding.PEM),
        key=key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
    )
