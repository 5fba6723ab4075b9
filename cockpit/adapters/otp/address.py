"""Reads what sets an authenticator up: an `otpauth://totp/…` address, or the bare key that stands beside a QR code.

The form of the address is Google's "Key Uri Format"; where nothing is said it is SHA1, 6 digits, 30 seconds. Whatever
is odd gets a sentence of its own, and no sentence quotes the address, because the seed is in it.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from cockpit.adapters.foreign_text import clean
from cockpit.adapters.otp.seed import plain_seed
from cockpit.domain.otp import Algorithm, Authenticator, Draft
from cockpit.domain.remedy import Remedy
from cockpit.domain.secret import Secret
from cockpit.services.errors import Unreadable

LONGEST = 2048  # characters of an address
LONGEST_NAME = 40
PERIODS = range(10, 121)  # seconds; shorter cannot be typed, and longer no service uses
DIGITS = range(6, 9)
UNNAMED = "Interactive Brokers"

_NUMBER = re.compile(r"[+-]?[0-9]{1,20}")
_BARE = re.compile(r"[A-Za-z2-7\s\-]{16,}=*")
_ONCE = ("secret", "algorithm", "digits", "period", "issuer")
_AGAIN = Remedy("Copy the whole address again, or choose the picture of the QR code.")
_SHOW_AGAIN = Remedy("Have the service show a new QR code for an authenticator app.")


def read_set_up(text: str) -> Draft:
    """Read an address or a bare key. Raises Unreadable with a sentence; nothing of the seed is in it."""
    text = text.strip()
    if not text:
        raise Unreadable("There is nothing here.", _AGAIN)
    if len(text) > LONGEST:
        raise Unreadable("This is too long for the address of an authenticator.", _AGAIN)
    if _BARE.fullmatch(text):
        return Draft(Authenticator(UNNAMED), Secret(plain_seed(text)))
    scheme, _, rest = text.partition("://")
    if scheme.casefold() == "otpauth-migration":
        raise Unreadable(
            "This moves several accounts at once from one app to another and cannot be read here.",
            _SHOW_AGAIN,
        )
    if scheme.casefold() != "otpauth" or not rest:
        raise Unreadable(
            "This is not the address of an authenticator: it does not begin with otpauth://.", _AGAIN
        )
    return _read_address(text)


def _read_address(text: str) -> Draft:
    taken = _taken_apart(text)
    if taken is None:
        raise Unreadable("This address cannot be taken apart.", _AGAIN)
    parts, pairs = taken
    kind = parts.netloc.casefold()
    if kind == "hotp":
        raise Unreadable(
            "This authenticator counts sign-ins instead of time (HOTP). Two apps that share one lose step with "
            "each other, so it is not kept here.",
            Remedy("Choose an authenticator that goes by time, if the service has one."),
        )
    if kind != "totp":
        raise Unreadable(
            "This kind of authenticator is not known here: only those that go by time.", _SHOW_AGAIN
        )
    values: dict[str, str] = {}
    for key, value in pairs:
        name = key.casefold()
        if name in _ONCE and name in values:
            raise Unreadable(f"This address says {name} twice, so it is not clear what holds.", _SHOW_AGAIN)
        values.setdefault(name, value)
    authenticator = Authenticator(
        name=_name(parts.path, values.get("issuer", "")),
        algorithm=_algorithm(values.get("algorithm", "")),
        digits=_digits(values.get("digits", "")),
        period=_period(values.get("period", "")),
    )
    return Draft(authenticator, Secret(plain_seed(values.get("secret", ""))))


def _taken_apart(text: str) -> tuple[SplitResult, list[tuple[str, str]]] | None:
    """Split an address; None when it cannot be. The error is not passed on: it quotes the address."""
    try:
        parts = urlsplit(text)
        return parts, parse_qsl(parts.query, keep_blank_values=True, max_num_fields=32)
    except ValueError:  # a bracket in the host, or hundreds of fields
        return None


def plain_name(text: str) -> str:
    """Return a name as it is kept: printable, without double spaces, cut to its longest; empty stays empty."""
    return " ".join(clean(" ".join(text.split()), LONGEST_NAME).split())


def _name(path: str, issuer: str) -> str:
    """Make a name of the label: `issuer:account`, each part written as in a web address."""
    before, colon, after = path.removeprefix("/").partition(":")
    said, account = (unquote(before), unquote(after)) if colon else (issuer, unquote(before))
    words = account if said.strip() and account.strip().startswith(said.strip()) else f"{said} {account}"
    return plain_name(words) or UNNAMED


def _algorithm(said: str) -> Algorithm:
    plain = said.strip().upper().replace("-", "").removeprefix("HMAC")
    if not plain:
        return Algorithm.SHA1
    if plain not in Algorithm.__members__:
        raise Unreadable("This authenticator wants a hash other than SHA1, SHA256 or SHA512.", _SHOW_AGAIN)
    return Algorithm(plain)


def _digits(said: str) -> int:
    if not said.strip():
        return Authenticator("").digits
    number = _whole(said, "number of digits")
    if number not in DIGITS:
        raise Unreadable(
            "Codes of 6, 7 or 8 digits can be shown, and this address asks for another number.", _AGAIN
        )
    return number


def _period(said: str) -> int:
    if not said.strip():
        return Authenticator("").period
    number = _whole(said, "period")
    if number < 0:
        raise Unreadable("The period is negative: a code cannot end before it begins.", _SHOW_AGAIN)
    if number == 0:
        raise Unreadable("The period is zero: no code would ever hold.", _SHOW_AGAIN)
    if number not in PERIODS:
        raise Unreadable(
            f"A code's period is {PERIODS[0]} to {PERIODS[-1]} seconds, and this address asks for another.",
            _SHOW_AGAIN,
        )
    return number


def _whole(said: str, what: str) -> int:
    if not _NUMBER.fullmatch(said.strip()):
        raise Unreadable(f"The {what} in this address is not a whole number.", _AGAIN)
    return int(said)
