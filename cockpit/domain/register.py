"""The register of a desk: devices, second factors, credentials, ways back in. Never a secret."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum

from msgspec import Struct

from cockpit.domain.interface import Interface


class DeviceRole(StrEnum):
    """What a device is for."""

    DESK_PC = "this desk's PC"
    OTHER_PC = "another PC"
    PHONE = "phone"
    CARD = "security card"


class FactorKind(StrEnum):
    """How a second factor proves its owner; the broker's published facts about each are rows of the catalogue."""

    IB_KEY = "IB Key push"
    CHALLENGE = "IB Key challenge and response"
    AUTHENTICATOR = "authenticator code"
    SMS = "text message"
    CARD = "security card"
    PASSKEY = "passkey"


class CredentialKind(StrEnum):
    """What lets a program in."""

    USERNAME = "username"
    CLIENT_ID = "client id"
    MASTER_ID = "master client id"
    TRUSTED_ADDRESS = "trusted address"
    OAUTH_CONSUMER = "OAuth consumer"
    ACCESS_TOKEN = "OAuth access token"
    LIVE_SESSION = "live session token"
    FLEX_TOKEN = "Flex token"


class Scope(StrEnum):
    """What a credential can be used for. Trading includes the two before it."""

    STATEMENTS = "statements"
    READ = "read"
    TRADE = "trade"


class RecoveryKind(StrEnum):
    """A way back in when the usual factor is gone."""

    SECOND_DEVICE = "second device"
    PHONE_NUMBER = "phone number on file"
    CHALLENGE = "challenge and response"
    TEMPORARY_CODE = "temporary code"
    ONLINE_CARD = "online code card"
    CARD = "security card"
    DESK_PHONE = "the broker's desk phone"


class Device(Struct, frozen=True):
    """A device of the desk. No two share a name."""

    name: str
    role: DeviceRole
    note: str = ""


class Factor(Struct, frozen=True):
    """A second factor. `name` is written exactly as TWS lists it when it asks; `device` is the name of a device."""

    name: str
    kind: FactorKind
    device: str = ""
    username: str = ""
    note: str = ""


class Credential(Struct, frozen=True):
    """Programmatic access: who owns it, what it can do, what it is used for, when it was made. Never the secret itself.

    `made` is UTC epoch seconds (0 not said), `rotate_days` the desk's own rule (0 none). `tool` is the program that
    uses it, `number` a client id. `addresses` are those it is bound to.
    """

    name: str
    kind: CredentialKind
    owner: str = ""
    username: str = ""
    tool: str = ""
    interface: Interface | None = None
    number: int = 0
    scope: Scope = Scope.TRADE
    used_for: Scope = Scope.READ
    addresses: tuple[str, ...] = ()
    made: float = 0.0
    rotate_days: int = 0
    ends: float = 0.0  # UTC epoch seconds; 0 when it does not end or nobody knows
    note: str = ""


class RecoveryPath(Struct, frozen=True):
    """A way back in. Codes are never kept: `where` says in which place they lie."""

    name: str
    kind: RecoveryKind
    where: str = ""
    device: str = ""
    note: str = ""


class Register(Struct, frozen=True):
    """Everything the desk has registered. `username` is TWS's own, `entity` the broker's company."""

    username: str = ""
    entity: str = ""
    devices: tuple[Device, ...] = ()
    factors: tuple[Factor, ...] = ()
    credentials: tuple[Credential, ...] = ()
    recovery: tuple[RecoveryPath, ...] = ()
    launcher_logs: tuple[str, ...] = ()  # files the trader points to, to count failed sign-ins


# What a seed, a token or a key looks like: long runs of letters and digits that no name and no place has.
_SECRETS = (
    re.compile(r"otpauth(-migration)?://|-----BEGIN", re.IGNORECASE),
    re.compile(r"\b(?=[A-Z]*[2-7])(?=[2-7]*[A-Z])[A-Z2-7]{16,}={0,6}"),  # base32, as for authenticator codes
    re.compile(r"\b(?=[a-z]*[2-7])(?=[2-7]*[a-z])[a-z2-7]{16,}\b"),
    re.compile(r"^(?=.*[2-7])[A-Za-z2-7]{4}([ -][A-Za-z2-7]{4}){3,}$"),  # the same in groups of four
    re.compile(r"\b[0-9A-Fa-f]{32,}\b"),
    re.compile(r"\b[0-9]{18,}\b"),  # a Flex token; a phone number has fifteen digits at most
    re.compile(r"\b(?=[^\W_]*[a-z])(?=[^\W_]*[A-Z])(?=[^\W_]*[0-9])[A-Za-z0-9+]{20,}={0,2}"),
)


def looks_like_a_secret(text: str) -> bool:
    """Whether a text looks like a seed, a token or a key: such belong into the keychain and nowhere else.

    A short code cannot be told from a number; that codes are never kept is said where they are asked for.
    """
    return any(pattern.search(text.strip()) for pattern in _SECRETS)


def repeated(names: Sequence[str]) -> Iterator[int]:
    """Yield the places of names that were there before, however they are written."""
    seen: set[str] = set()
    for place, name in enumerate(names):
        key = name.strip().casefold()
        if key in seen:
            yield place
        seen.add(key)


def faults(register: Register) -> tuple[str, ...]:
    """Say what cannot be kept of a register, a sentence each; empty when all of it can."""
    said = []
    for what, rows in (
        ("device", register.devices),
        ("factor", register.factors),
        ("credential", register.credentials),
        ("way back", register.recovery),
    ):
        names = [row.name for row in rows]
        said += [f"Two have the same name: the {what} {names[place]}." for place in repeated(names)]
        said += [f"A {what} has no name." for name in names if not name.strip()]
        said += [
            f"What stands at the {what} {row.name[:40]} looks like a secret: it belongs into the keychain."
            for row in rows
            if any(looks_like_a_secret(text) for text in _texts(row))
        ]
    return tuple(said)


def _texts(row: Device | Factor | Credential | RecoveryPath) -> list[str]:
    """The texts of a row that somebody typed freely."""
    texts = [row.name, row.note]
    if isinstance(row, RecoveryPath):
        texts.append(row.where)
    if isinstance(row, Credential):
        texts += [row.owner, row.tool]
    return texts
