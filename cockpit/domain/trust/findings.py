"""What is wrong with the desk's programmatic access as a whole, each with its cure."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.domain import kinds
from cockpit.domain.evidence import Provenance
from cockpit.domain.facts import FactsView
from cockpit.domain.level import Level
from cockpit.domain.plan import Plan, is_loopback
from cockpit.domain.register import Credential, CredentialKind, Scope
from cockpit.domain.remedy import Remedy
from cockpit.domain.trust.credentials import credential_rows, subject_of_credential
from cockpit.domain.trust.ports import masked_address
from cockpit.domain.trust.remedies import EDIT_REGISTER, OPEN_SETTINGS, SHOW_API_SETTINGS
from cockpit.domain.trust.row import Step, Weakness
from cockpit.domain.words import listed

# What signs in by itself, so that its username matters: a username has one brokerage session.
_SIGNS_IN = (
    CredentialKind.USERNAME,
    CredentialKind.OAUTH_CONSUMER,
    CredentialKind.ACCESS_TOKEN,
    CredentialKind.LIVE_SESSION,
)
_IDS = (CredentialKind.CLIENT_ID, CredentialKind.MASTER_ID)
_RULE = "rule: read from the register"


def credential_findings(facts: FactsView, plan: Plan, now: float) -> tuple[Weakness, ...]:
    """Return what is wrong with programmatic access, worst first. `now` in UTC epoch seconds.

    Most are inferred from the register, which is the trader's word, and are never surer than that.
    """
    credentials = plan.register.credentials
    found = [
        *_shared_usernames(plan, now),
        *_no_reader(plan, now),
        *_special_ids(credentials, now),
        *_doubled_ids(credentials, now),
        *_our_range(plan, now),
        *_nobody_owns(credentials, now),
        *_unregistered_addresses(facts, plan, now),
        *_of_rows(facts, plan, now),
    ]
    return tuple(sorted(found, key=lambda one: one.level.rank, reverse=True))


def _weakness(key: str, title: str, sentence: str, cure: Remedy, now: float, level: Level) -> Weakness:
    return Weakness(key, title, level, sentence, Step.HARDEN, cure, Provenance.INFERRED, now, source=_RULE)


def _shared_usernames(plan: Plan, now: float) -> list[Weakness]:
    own = plan.register.username.casefold()
    cure = Remedy(
        "Create a second username for it: Client Portal, Settings, Users & Access Rights.", EDIT_REGISTER, 15
    )
    return [
        _weakness(
            f"shared-username/{one.name}",
            f"{one.tool} signs in as the desk",
            f"{one.tool} uses the desk's own username: one of the two loses its trading session when both sign in",
            cure,
            now,
            Level.LIMITED,
        )
        for one in plan.register.credentials
        if own and one.tool and one.kind in _SIGNS_IN and one.username.casefold() == own
    ]


def _no_reader(plan: Plan, now: float) -> list[Weakness]:
    register = plan.register
    if not register.credentials:
        cure = Remedy(
            "Register what lets programs in, or register a username that only reads.", EDIT_REGISTER, 5
        )
        return [
            _weakness(
                "no-read-only-credential",
                "No programmatic access is registered",
                "Nobody has said which programs get in, nor whether one of them can only read",
                cure,
                now,
                Level.UNKNOWN,
            )
        ]
    if any(_only_reads(plan, one) for one in register.credentials):
        return []
    cure = Remedy(
        "Create a second username without trading: Client Portal, Settings, Users & Access Rights.",
        EDIT_REGISTER,
        15,
    )
    return [
        _weakness(
            "no-read-only-credential",
            "No separate credential that only reads",
            "Whatever watches or reports here could also trade, and competes with the desk's own session",
            cure,
            now,
            Level.LIMITED,
        )
    ]


def _only_reads(plan: Plan, credential: Credential) -> bool:
    """Whether it signs in by itself, under another name than the desk, and cannot trade."""
    own = plan.register.username.casefold()
    signs_in = credential.kind in (CredentialKind.USERNAME, CredentialKind.OAUTH_CONSUMER)
    return (
        signs_in and credential.scope is not Scope.TRADE and credential.username.casefold() not in ("", own)
    )


def _special_ids(credentials: Sequence[Credential], now: float) -> list[Weakness]:
    cure = Remedy("Give the tool an ordinary client id of its own, above 0.", EDIT_REGISTER, 5)
    found = []
    for one in credentials:
        if one.kind not in _IDS:
            continue
        if one.kind is CredentialKind.MASTER_ID:
            what, why = "the master client id", "it receives the orders of every client"
        elif one.number == 0:
            what, why = "client id 0", "it takes over the orders that were entered by hand"
        else:
            continue
        found.append(
            _weakness(
                f"special-id/{one.name}",
                f"{one.tool or one.name} uses {what}",
                f"{what.capitalize()} is special: {why}",
                cure,
                now,
                Level.LIMITED,
            )
        )
    return found


def _doubled_ids(credentials: Sequence[Credential], now: float) -> list[Weakness]:
    """Two tools on one id at one door: the second is refused. Ids are told apart by username and interface."""
    users: dict[tuple[str, object, int], list[str]] = {}
    for one in credentials:
        if one.kind in _IDS:
            place = (one.username.casefold(), one.interface, one.number)
            users.setdefault(place, []).append(one.tool or one.name)
    cure = Remedy("Give each tool an id of its own.", EDIT_REGISTER, 5)
    return [
        _weakness(
            f"doubled-id/{number}" + (f"/{username}" if username else ""),
            f"Client id {number} is used twice",
            f"{listed(tools)} use it: TWS refuses the second one that connects",
            cure,
            now,
            Level.LIMITED,
        )
        for (username, _, number), tools in users.items()
        if len(set(tools)) > 1
    ]


def _our_range(plan: Plan, now: float) -> list[Weakness]:
    cure = Remedy("Give the tool another id, or the cockpit another range in the settings.", OPEN_SETTINGS, 2)
    ranges = [socket.client_ids for socket in plan.sockets]
    return [
        _weakness(
            f"our-range/{one.name}",
            f"{one.tool or one.name} uses an id of the cockpit's range",
            f"Client id {one.number}: whoever connects second is refused",
            cure,
            now,
            Level.LIMITED,
        )
        for one in plan.register.credentials
        if one.kind is CredentialKind.CLIENT_ID and any(first <= one.number <= last for first, last in ranges)
    ]


def _nobody_owns(credentials: Sequence[Credential], now: float) -> list[Weakness]:
    orphans = [one.name for one in credentials if not one.owner and one.kind not in _IDS]
    if not orphans:
        return []
    cure = Remedy("Write down who answers for each.", EDIT_REGISTER, 2)
    return [
        _weakness(
            "no-owner",
            "Credentials without an owner",
            f"Nobody is named for {listed(orphans)}: who would renew or revoke them?",
            cure,
            now,
            Level.LIMITED,
        )
    ]


def _unregistered_addresses(facts: FactsView, plan: Plan, now: float) -> list[Weakness]:
    """Addresses that TWS lets in without asking, of which the register knows nothing."""
    known = {
        address
        for one in plan.register.credentials
        if one.kind is CredentialKind.TRUSTED_ADDRESS
        for address in (one.name, *one.addresses)
    }
    cure = Remedy(
        "Register whose address it is, or take it off the trusted IPs in TWS's API settings.",
        SHOW_API_SETTINGS,
        3,
    )
    found = []
    for socket in plan.sockets:
        seen = facts.fresh(kinds.TRUSTED_ADDRESSES, socket.subject, now)
        strange = [one for one in seen.value if not is_loopback(one) and one not in known] if seen else []
        if seen is None or not strange:
            continue
        places = listed([masked_address(one) for one in strange])
        found.append(
            Weakness(
                f"trusted-address/{socket.name}",
                f"{socket.title} trusts an address nobody registered",
                Level.LIMITED,
                f"{places} comes in without being asked",
                Step.HARDEN,
                cure,
                seen.provenance,
                seen.at,
                source="the trusted addresses in jts.ini against the register",
            )
        )
    return found


def _of_rows(facts: FactsView, plan: Plan, now: float) -> list[Weakness]:
    """What each line of the inventory says by itself: ended, about to end, too old, wider than its use."""
    return [
        Weakness(
            subject_of_credential(row.credential),
            f"{row.credential.name}, {row.credential.kind.value}",
            row.level,
            row.sentence,
            Step.HARDEN,
            row.remedy or Remedy("Look into it, and note here what you find.", EDIT_REGISTER),
            row.provenance or Provenance.INFERRED,
            row.at if row.at is not None else now,
            source="rule: age, end and scope against the register",
        )
        for row in credential_rows(facts, plan, now)
        if row.level is not Level.READY
    ]
