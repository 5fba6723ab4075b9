"""A desk with devices, factors, credentials and ways back, and the evidence of a good morning at it."""

from __future__ import annotations

from msgspec.structs import replace

from cockpit.domain import kinds
from cockpit.domain.catalogue import Playing, playing
from cockpit.domain.confidence import Availability, Confidence
from cockpit.domain.drill import DrillPlan, DrillStep
from cockpit.domain.evidence import Observation, Provenance
from cockpit.domain.facts import Facts, fold
from cockpit.domain.interface import Interface
from cockpit.domain.kinds import DAY
from cockpit.domain.plan import Plan
from cockpit.domain.reference import AuthKind, AuthMethod, InterfaceRow
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
from cockpit.domain.trust.row import TrustRow
from cockpit.domain.trust.rows import trust_rows
from tests.fakes.clock import NOON
from tests.fakes.facts import PLAN

SAID = Provenance.ATTESTED
PC = Device("desk-07", DeviceRole.DESK_PC)
PHONE = Device("iPhone 15", DeviceRole.PHONE)
CARD = Device("DSC+", DeviceRole.CARD)
PUSH_FACTOR = Factor("IB Key (iPhone 15)", FactorKind.IB_KEY, "iPhone 15")
CARD_FACTOR = Factor("Digital Security Card+", FactorKind.CARD, "DSC+")
CODE_FACTOR = Factor("Mobile Authenticator App", FactorKind.AUTHENTICATOR, "desk-07")
CODE = RecoveryPath("temporary code", RecoveryKind.TEMPORARY_CODE)
SAFE = RecoveryPath("card in the safe", RecoveryKind.CARD, "in the safe", "DSC+")
READER = Credential(
    "reader", CredentialKind.USERNAME, "Ann", "anna-ro", "report", scope=Scope.READ, used_for=Scope.READ
)
REGISTER = Register(
    "anna1",
    "ib-llc",
    devices=(PC, PHONE, CARD),
    factors=(PUSH_FACTOR, CARD_FACTOR),
    credentials=(READER,),
    recovery=(CODE, SAFE),
    launcher_logs=("launcher.log",),
)
DESK = replace(PLAN, register=REGISTER)


def _auth(
    key: str, kind: AuthKind, *, window: str = "", seconds: tuple[float, ...] = (), count: int = 0
) -> AuthMethod:
    return AuthMethod(
        key,
        key.replace("-", " "),
        kind,
        f"What is published of {key}.",
        (Interface.TWS,),
        "https://example.test/published",
        "2026-10",
        Confidence.DOCUMENTED,
        Availability.UNKNOWN,
        window,
        seconds=seconds,
        count=count,
    )


CATALOGUE: Playing = playing(
    auth=(
        _auth("ib-key-seamless", AuthKind.SECOND_FACTOR, window="about 3 minutes", seconds=(180.0,)),
        _auth("dsc-plus", AuthKind.SECOND_FACTOR),
        _auth("m2fs", AuthKind.POLICY),
        _auth("login-lockout", AuthKind.POLICY, window="24 hours", seconds=(DAY,), count=10),
        _auth("temporary-code", AuthKind.RECOVERY, window="2 days, then 10", seconds=(2 * DAY, 12 * DAY)),
        _auth("online-code-card", AuthKind.RECOVERY, window="21 days", seconds=(21 * DAY,)),
        _auth("lost-device-phone", AuthKind.RECOVERY),
    ),
    interfaces=(
        InterfaceRow(
            "tws",
            "Trader Workstation",
            "",
            "https://example.test/tws",
            "2026-10",
            Confidence.DOCUMENTED,
            Interface.TWS,
            second_factor="Any enrolled one.",
        ),
    ),
    drills=(
        DrillPlan("phone-lost", "The phone is lost", "", (DrillStep("Leave the sessions alone", "TWS"),)),
        DrillPlan("tws-dies", "TWS dies", "", (DrillStep("Open the app", "Mobile"),)),
    ),
)


def good_morning(now: float = NOON) -> list[Observation]:
    """Return the evidence with which every line is ready."""
    return [
        kinds.DISK_ENCRYPTED.seen("desk", True, now),
        kinds.SCREEN_LOCK.seen("desk", 300.0, now),
        kinds.CLOCK_OFFSET.seen("desk", 0.12, now),
        kinds.KEYCHAIN.seen("desk", "the macOS Keychain", now, note="open"),
        kinds.REBOOT_PENDING.seen("desk", False, now),
        kinds.REMOTE_DESKTOP.seen("desk", (), now),
        kinds.LOGS_READ.seen("signin", 1, now),
        kinds.PORT_OWNER.seen("gateway", "Client Portal gateway", now),
        kinds.PORT_OWNER_KNOWN.seen("gateway", True, now),
        kinds.BOUND_TO.seen("gateway", ("127.0.0.1",), now),
        kinds.CROSS_ORIGIN.seen("gateway", False, now),
        kinds.CERTIFICATE.seen("gateway", "desk", now),
        kinds.PORT_OWNER.seen("tws/tws", "TWS", now),
        kinds.PORT_OWNER_KNOWN.seen("tws/tws", True, now),
        kinds.BOUND_TO.seen("tws/tws", ("127.0.0.1",), now),
        kinds.CLIENT_ID.seen("tws/tws", 901, now),
        kinds.READ_ONLY.seen("tws/tws", True, now),
        kinds.PROVEN.seen(f"factor/{PUSH_FACTOR.name}", now - DAY, now - DAY, SAID),
        kinds.PROVEN.seen(f"factor/{CARD_FACTOR.name}", now - 12 * DAY, now - 12 * DAY, SAID),
        kinds.PROVEN.seen("recovery/temporary code", now - 3 * DAY, now - 3 * DAY, SAID),
        kinds.PROVEN.seen("recovery/card in the safe", now - 3 * DAY, now - 3 * DAY, SAID),
        kinds.LOOKED_AFTER.seen("recovery/card in the safe", now - DAY, now - DAY, SAID),
    ]


def seen(*changes: Observation, without: tuple[str, ...] = ()) -> Facts:
    """Return the facts of a good morning without the kinds named in `without`, then with `changes`."""
    changed = {(one.subject, one.fact) for one in changes}
    kept = [
        one for one in good_morning() if one.fact not in without and (one.subject, one.fact) not in changed
    ]
    return fold(Facts(), [*kept, *changes])


def row(key: str, facts: Facts, plan: Plan = DESK, now: float = NOON) -> TrustRow:
    """Return the one line with this key."""
    return next(one for one in trust_rows(facts, plan, CATALOGUE, now) if one.key == key)
