"""The register of a desk: devices, second factors, credentials, ways back in. Never a secret."""

from __future__ import annotations

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
