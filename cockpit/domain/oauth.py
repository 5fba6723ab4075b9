"""Access to the Web API by OAuth: where it is asked, under which names its secrets lie, how far its session goes."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

SUBJECT = "web-api"
TEST_CONSUMER = "TESTCONS"  # the broker's own, for first tries; it belongs to a realm of its own


class WebApi(Struct, frozen=True):
    """The desk's OAuth consumer. An empty `host` is the broker's official one; else a loopback address and its pin.

    `fingerprint` is the SHA-256 (hex) of the certificate that a loopback address must show.
    """

    consumer: str = ""
    host: str = ""
    port: int = 443
    fingerprint: str = ""

    subject = SUBJECT

    @property
    def realm(self) -> str:
        """The realm that every signed request names."""
        return "test_realm" if self.consumer == TEST_CONSUMER else "limited_poa"


class OAuthSecret(StrEnum):
    """What must be kept for a consumer; the texts stand in the vault and nowhere else."""

    ACCESS_TOKEN = "access-token"
    ACCESS_SECRET = "access-secret"  # still encrypted, as the broker's page showed it
    SIGNATURE_KEY = "signature-key"  # private, PEM
    ENCRYPTION_KEY = "encryption-key"  # private, PEM
    DH_PRIME = "dh-prime"  # PEM, or hexadecimal digits


def secret_name(consumer: str, which: OAuthSecret) -> str:
    """Return under which name the vault keeps one of a consumer's secrets."""
    return f"oauth/{consumer}/{which}"


class OAuthState(StrEnum):
    """How far the session at the Web API goes: the words of the fact `oauth state`."""

    NOT_SET_UP = "not set up"
    KEYCHAIN_SHUT = "keychain shut"
    KEYS_UNREADABLE = "keys unreadable"
    NOT_ACTIVE = "not active yet"
    CONSUMER_REFUSED = "consumer refused"
    TOKEN_LOST = "access token lost"
    CLOCK_WRONG = "clock wrong"
    SIGNATURE_REFUSED = "signature refused"
    NOT_GENUINE = "not genuine"  # whoever answered does not know the secret
    REFUSED = "refused"
    OTHER_HOST = "other host"  # 410
    COOLING_DOWN = "cooling down"  # 429
    UNREACHABLE = "unreachable"
    UNKNOWN_CERTIFICATE = "unknown certificate"
    NO_ANSWER = "no answer"
    UNREADABLE = "unreadable"
    ENDED = "ended"  # the live session token was refused or has run out
    SIGNED_IN = "signed in"  # calls are answered, no brokerage session
    STARTING = "starting"
    TRADING = "trading"
    COMPETING = "competing"  # another program holds the brokerage session
    BACKEND_LOST = "backend lost"
    UNCLEAR = "unclear"
