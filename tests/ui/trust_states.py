"""Desks to draw in the trust and credentials panes: one with open ends, one in order, one that knows nothing."""

from __future__ import annotations

from msgspec.structs import replace

from cockpit.domain import kinds
from cockpit.domain.catalogue import Confidence, playing
from cockpit.domain.confidence import Availability
from cockpit.domain.drill import DrillPlan, DrillStep
from cockpit.domain.evidence import Observation, Provenance
from cockpit.domain.facts import Facts, fold
from cockpit.domain.interface import Interface
from cockpit.domain.plan import Plan
from cockpit.domain.reference import AuthKind, AuthMethod
from cockpit.domain.register import (
    Credential,
    CredentialKind,
    Device,
    DeviceRole,
    Factor,
    FactorKind,
    RecoveryKind,
    RecoveryPath,
    Register,
    Scope,
)
from cockpit.services.state import DeskState, Drill
from tests.ui import states
from tests.ui.states import NOW, TWS

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
SAID = Provenance.ATTESTED


def _auth(key: str, title: str, kind: AuthKind, **more: object) -> AuthMethod:
    row = AuthMethod(
        key,
        title,
        kind,
        f"{title}, as published.",
        (),
        "https://ibkr.info/node/69",
        "2026-04",
        Confidence.DOCUMENTED,
    )
    return replace(row, **more)


CATALOGUE = playing(
    auth=(
        _auth(
            "ib-key-seamless",
            "IB Key, push",
            AuthKind.SECOND_FACTOR,
            window="about 3 minutes",
            seconds=(180.0,),
        ),
        _auth(
            "ib-key-challenge-response",
            "Challenge and response",
            AuthKind.SECOND_FACTOR,
            needs_phone=Availability.NO,
        ),
        _auth(
            "dsc-plus", "Digital Security Card+", AuthKind.SECOND_FACTOR, recovery="Ask for a temporary code."
        ),
        _auth("m2fs", "Several second factors", AuthKind.POLICY),
        _auth(
            "temporary-code",
            "Temporary code",
            AuthKind.RECOVERY,
            window="everything for 2 days, then Client Portal only for 10 more",
            seconds=(2 * DAY, 12 * DAY),
        ),
        _auth(
            "online-code-card", "Online code card", AuthKind.RECOVERY, window="21 days", seconds=(21 * DAY,)
        ),
        _auth("login-lockout", "Lock", AuthKind.POLICY, window="24 hours", seconds=(DAY,), count=10),
    ),
    drills=(
        DrillPlan(
            "phone-lost-open",
            "Phone lost at 09:25",
            "Five minutes to the open, the session still stands, the phone is gone.",
            (
                DrillStep("Leave every session alone", "TWS", 5),
                DrillStep("Take the other factor in the hand", "Safe", 40),
                DrillStep("Find the number of client services", "Printed runbook", 25),
                DrillStep("Read the next forced end", "Cockpit, Horizon", 20),
            ),
        ),
        DrillPlan(
            "tws-dies", "TWS dies before the open", "TWS is gone.", (DrillStep("Open the app", "Mobile", 20),)
        ),
    ),
)

REGISTER = Register(
    "anna-desk",
    "IB LLC",
    devices=(
        Device("desk-07", DeviceRole.DESK_PC),
        Device("iPhone 15", DeviceRole.PHONE),
        Device("Phone B", DeviceRole.PHONE, "in the drawer, charged on Mondays"),
        Device("DSC+", DeviceRole.CARD),
    ),
    factors=(
        Factor("IB Key (iPhone 15)", FactorKind.IB_KEY, "iPhone 15"),
        Factor("IB Key (Phone B)", FactorKind.IB_KEY, "Phone B"),
        Factor("Digital Security Card+", FactorKind.CARD, "DSC+"),
    ),
    credentials=(
        Credential(
            "bot",
            CredentialKind.USERNAME,
            "Anna",
            "anna-desk",
            "rebalancer",
            Interface.TWS_API,
            scope=Scope.TRADE,
            used_for=Scope.TRADE,
            made=NOW - 400 * DAY,
            rotate_days=365,
        ),
        Credential(
            "rebalancer id",
            CredentialKind.CLIENT_ID,
            "Anna",
            "anna-desk",
            "rebalancer",
            Interface.TWS_API,
            7,
            Scope.TRADE,
            Scope.TRADE,
        ),
        Credential(
            "sheet id",
            CredentialKind.CLIENT_ID,
            "Ben",
            "anna-desk",
            "risk sheet",
            Interface.TWS_API,
            7,
            Scope.TRADE,
            Scope.READ,
        ),
        Credential(
            "recorder id",
            CredentialKind.CLIENT_ID,
            "Ben",
            "anna-desk",
            "tick recorder",
            Interface.TWS_API,
            12,
            Scope.READ,
            Scope.READ,
        ),
        Credential(
            "consumer ANNAQUANT",
            CredentialKind.OAUTH_CONSUMER,
            "Anna",
            "anna-quant",
            "research notebook",
            Interface.WEB_API,
            scope=Scope.TRADE,
            used_for=Scope.READ,
            addresses=("192.168.1.20",),
            made=NOW - 40 * DAY,
            rotate_days=180,
        ),
        Credential(
            "live session",
            CredentialKind.LIVE_SESSION,
            "Anna",
            "anna-quant",
            "research notebook",
            Interface.WEB_API,
            scope=Scope.READ,
        ),
        Credential(
            "Flex token",
            CredentialKind.FLEX_TOKEN,
            "Ben",
            "anna-desk",
            "cockpit",
            Interface.FLEX,
            scope=Scope.STATEMENTS,
            used_for=Scope.STATEMENTS,
            made=NOW - 324 * DAY,
            ends=NOW + 41 * DAY,
        ),
    ),
    recovery=(
        RecoveryPath("Phone B", RecoveryKind.SECOND_DEVICE, "in the drawer", "Phone B"),
        RecoveryPath("temporary code", RecoveryKind.TEMPORARY_CODE, "by phone, after questions"),
        RecoveryPath("card in the safe", RecoveryKind.CARD, "safe, second shelf", "DSC+"),
        RecoveryPath("desk's phone", RecoveryKind.DESK_PHONE, "on the runbook"),
    ),
)


def _plan(register: Register) -> Plan:
    return replace(states.PLAN, register=register)


def _pc() -> list[Observation]:
    at = NOW - 2 * MINUTE
    return [
        kinds.DISK_ENCRYPTED.seen("desk", True, at),
        kinds.SCREEN_LOCK.seen("desk", 300.0, at),
        kinds.CLOCK_OFFSET.seen("desk", 0.12, at),
        kinds.KEYCHAIN.seen("desk", "Credential Manager", at, note="open"),
        kinds.REBOOT_PENDING.seen("desk", False, at),
        kinds.REMOTE_DESKTOP.seen("desk", (), at),
        kinds.LOGS_READ.seen("signin", 1, at),
    ]


def _doors(bound: tuple[str, ...], certificate: str, *, crossed: bool) -> list[Observation]:
    at = NOW - 2 * MINUTE
    return [
        kinds.LISTENING.seen("gateway", True, at),
        kinds.PORT_OWNER.seen("gateway", "java", at),
        kinds.PORT_OWNER_KNOWN.seen("gateway", True, at),
        kinds.BOUND_TO.seen("gateway", bound, at),
        kinds.ALLOWED_ADDRESSES.seen("gateway", (), at),
        kinds.CROSS_ORIGIN.seen("gateway", crossed, at),
        kinds.CERTIFICATE.seen("gateway", certificate, at),
        kinds.CERTIFICATE_ENDS.seen("gateway", 1557576000.0, at),
        kinds.LISTENING.seen(TWS, True, at),
        kinds.PORT_OWNER.seen(TWS, "TWS", at),
        kinds.PORT_OWNER_KNOWN.seen(TWS, True, at),
        kinds.BOUND_TO.seen(TWS, ("127.0.0.1",), at),
        kinds.TRUSTED_ADDRESSES.seen(TWS, (), at),
    ]


def _said() -> list[Observation]:
    return [
        kinds.PROVEN.seen("factor/IB Key (iPhone 15)", NOW - 33 * MINUTE, NOW - 33 * MINUTE, SAID),
        kinds.PROVEN.seen("factor/Digital Security Card+", NOW - 12 * DAY, NOW - 12 * DAY, SAID),
        kinds.PROVEN.seen("recovery/card in the safe", NOW - 94 * DAY, NOW - 94 * DAY, SAID),
        kinds.LOOKED_AFTER.seen("recovery/card in the safe", NOW - 12 * DAY, NOW - 12 * DAY, SAID),
        kinds.LOOKED_AFTER.seen("device/DSC+", NOW - 12 * DAY, NOW - 12 * DAY, SAID),
        kinds.SIGN_IN_FAILED.seen("signin/said/1", NOW - 50 * MINUTE, NOW - 50 * MINUTE, SAID, "TWS"),
        kinds.SIGN_IN_FAILED.seen("signin/said/2", NOW - 51 * MINUTE, NOW - 51 * MINUTE, SAID, "a launcher"),
        kinds.USED.seen("credential/Flex token", NOW - 2 * HOUR, NOW - 2 * HOUR, SAID),
        kinds.LIVE_SESSION_ENDS.seen("web-api", NOW - 2 * HOUR, NOW - 30),
    ]


def open_ends() -> DeskState:
    """The gateway is open to the network with the vendor's certificate; a factor and a way back are only claimed."""
    seen = [
        *states.calm_morning_observations(),
        *_pc(),
        *_doors(("0.0.0.0",), "vendor", crossed=True),
        *_said(),
        kinds.ISSUED.seen("recovery/temporary code", NOW - 3 * DAY, NOW - 3 * DAY, SAID),
        kinds.ACCEPTED.seen("weakness/door/gateway-certificate", NOW - 9 * DAY, NOW - 9 * DAY, SAID),
    ]
    walked = Drill(
        "phone-lost-open",
        "Phone lost at 09:25",
        NOW - 12 * DAY,
        (
            ("Leave every session alone", 4.0),
            ("Take the other factor in the hand", 71.0),
            ("Find the number of client services", 22.0),
            ("Read the next forced end", -1.0),
        ),
    )
    return DeskState(_plan(REGISTER), fold(Facts(), seen), catalogue=CATALOGUE, drills=(walked,))


def waiting() -> DeskState:
    """A push went out 39 seconds ago and has not come; half of the sign-ins are used."""
    state = open_ends()
    seen = [kinds.PUSH_SENT.seen("signin", NOW - 39, NOW - 39, Provenance.INFERRED)]
    seen += [
        kinds.SIGN_IN_FAILED.seen(f"signin/ibc/{n}", NOW - n * MINUTE, NOW - n * MINUTE, note="IBC")
        for n in (4, 6, 9)
    ]
    return replace(state, facts=fold(state.facts, seen))


def in_order() -> DeskState:
    """Everything closed and proven; two factors on two devices."""
    register = replace(
        REGISTER,
        devices=(REGISTER.devices[0], REGISTER.devices[1], REGISTER.devices[3]),
        factors=(REGISTER.factors[0], REGISTER.factors[2]),
        recovery=(REGISTER.recovery[2],),
        credentials=(REGISTER.credentials[4], REGISTER.credentials[6]),
        launcher_logs=("ibc.log",),
    )
    seen = [
        *states.calm_morning_observations(),
        *_pc(),
        *_doors(("127.0.0.1",), "desk", crossed=False),
        *(one for one in _said() if one.fact != kinds.SIGN_IN_FAILED.name),
        kinds.PROVEN.seen("recovery/card in the safe", NOW - 5 * DAY, NOW - 5 * DAY, SAID),
        kinds.READ_ONLY.seen(TWS, True, NOW - 2 * MINUTE),
    ]
    return DeskState(_plan(register), fold(Facts(), seen), catalogue=CATALOGUE)


def nothing() -> DeskState:
    """The first second of the first start."""
    return DeskState(Plan(sockets=(), portal=None), Facts(), catalogue=CATALOGUE)


STATES = {"open-ends": open_ends, "waiting": waiting, "in-order": in_order, "nothing": nothing}
