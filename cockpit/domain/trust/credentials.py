"""Programmatic access: what lets a program in, what limits it, how old it is, when it is due. Never the secret."""

from __future__ import annotations

from msgspec import Struct

from cockpit.domain import kinds
from cockpit.domain.evidence import Provenance, Seen
from cockpit.domain.facts import FactsView
from cockpit.domain.kinds import DAY
from cockpit.domain.level import Level
from cockpit.domain.plan import Plan
from cockpit.domain.register import Credential, CredentialKind, Scope
from cockpit.domain.remedy import Remedy
from cockpit.domain.trust.points import Point, line_of, sentence_of, weakest
from cockpit.domain.trust.ports import masked_address
from cockpit.domain.trust.remedies import EDIT_REGISTER, SHOW_API_SETTINGS
from cockpit.domain.words import listed, moment, span, zone_letters

ENDS_SOON = 14 * DAY  # seconds before an end at which it is time to make a new one; our own rule
_SCOPES = tuple(Scope)  # each includes those before it
_VERBS = {Scope.STATEMENTS: "read statements", Scope.READ: "read", Scope.TRADE: "trade"}
_IDS = (CredentialKind.CLIENT_ID, CredentialKind.MASTER_ID)
_SAID = Provenance.ATTESTED
WEB_API = "web-api"


class CredentialRow(Struct, frozen=True):
    """One line of the inventory.

    `age` in seconds, None when it is not said when it was made. `due` is when the desk's own rule wants a new one,
    `ends` when it ends by itself, `used_at` when it was last used (UTC epoch seconds). `limits` are what narrows it,
    each a few words; `detail` is what the level rests on.
    """

    credential: Credential
    level: Level
    sentence: str
    scope: str
    limits: tuple[str, ...] = ()
    age: float | None = None
    due: float | None = None
    ends: float | None = None
    used_at: float | None = None
    provenance: Provenance | None = None
    at: float | None = None
    remedy: Remedy | None = None
    detail: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The subject under which facts about it are kept."""
        return subject_of_credential(self.credential)


def subject_of_credential(credential: Credential) -> str:
    """Return the subject under which facts about a credential are kept."""
    return f"credential/{credential.name}"


def scope_of(credential: Credential) -> Scope:
    """Return what it can do; a Flex token opens statements and nothing else, whatever the register says."""
    return Scope.STATEMENTS if credential.kind is CredentialKind.FLEX_TOKEN else credential.scope


def is_wider_than_use(credential: Credential) -> bool:
    """Whether it can do more than it is used for."""
    return _SCOPES.index(scope_of(credential)) > _SCOPES.index(credential.used_for)


def due_of(credential: Credential) -> float | None:
    """Return when the desk's rule wants a new one (UTC epoch seconds); None without a rule or a date."""
    if credential.made <= 0 or credential.rotate_days <= 0:
        return None
    return credential.made + credential.rotate_days * DAY


def end_of(facts: FactsView, credential: Credential) -> tuple[float | None, Provenance, float | None]:
    """Return when it ends, how that is known, and when it was seen (UTC epoch seconds).

    A live session token has its end measured at the Web API; everything else ends when the register says.
    """
    if credential.kind is CredentialKind.LIVE_SESSION:
        seen = facts.look(kinds.LIVE_SESSION_ENDS, WEB_API)
        if seen is not None and seen.value > 0:
            return seen.value, seen.provenance, seen.at
    return (credential.ends if credential.ends > 0 else None), _SAID, None


def credential_rows(facts: FactsView, plan: Plan, now: float) -> tuple[CredentialRow, ...]:
    """Return a line for every registered credential, worst first. `now` in UTC epoch seconds."""
    rows = [_row(facts, plan, one, now) for one in plan.register.credentials]
    return tuple(sorted(rows, key=lambda row: row.level.rank, reverse=True))


def _row(facts: FactsView, plan: Plan, credential: Credential, now: float) -> CredentialRow:
    points = [
        _end_point(facts, plan, credential, now),
        *_rule_points(plan, credential, now),
        _scope_point(facts, plan, credential, now),
    ]
    ends, _, _ = end_of(facts, credential)
    used = facts.look(kinds.USED, subject_of_credential(credential))
    worst_first = sorted(points, key=lambda one: one.level.rank, reverse=True)
    decisive = worst_first[0]
    weak = [one for one in worst_first if one.level is not Level.READY]
    calm = decisive.level is Level.READY
    return CredentialRow(
        credential,
        decisive.level,
        sentence_of([one.words for one in (points if calm else weak)], ", " if calm else "; "),
        scope_words(credential),
        limits_of(plan, credential),
        max(0.0, now - credential.made) if credential.made > 0 else None,
        due_of(credential),
        ends,
        used.value if used is not None and used.value > 0 else None,
        weakest([one.provenance for one in points]) if calm else decisive.provenance,
        decisive.at,
        next((one.remedy for one in weak if one.remedy is not None), None),
        tuple(line_of(one, now, plan.zone) for one in points),
    )


def scope_words(credential: Credential) -> str:
    """Say what it can do against what it is used for."""
    if is_wider_than_use(credential):
        return f"can {_VERBS[scope_of(credential)]}, used to {_VERBS[credential.used_for]}"
    return f"can {_VERBS[scope_of(credential)]}"


def limits_of(plan: Plan, credential: Credential) -> tuple[str, ...]:
    """Say what narrows it: where it works, from which addresses, for whom."""
    limits = []
    if credential.interface is not None:
        limits.append(f"{credential.interface.label} only")
    if credential.addresses:
        limits.append(f"from {listed([masked_address(one) for one in credential.addresses])}")
    if scope_of(credential) is not Scope.TRADE:
        limits.append("cannot trade")
    if credential.kind in _IDS:
        limits.append(f"id {credential.number}")
    if credential.username and credential.username.casefold() != plan.register.username.casefold():
        limits.append("its own username")
    return tuple(limits)


def _end_point(facts: FactsView, plan: Plan, credential: Credential, now: float) -> Point:
    ends, provenance, at = end_of(facts, credential)
    if ends is None:
        if credential.kind is CredentialKind.LIVE_SESSION:
            return Point(Level.UNKNOWN, "when the live session ends was not seen")
        return Point(Level.READY, "no end said", _SAID)
    if ends <= now:
        words = f"ended {moment(ends, now, plan.zone)} {zone_letters(ends, plan.zone)}"
        return Point(Level.BLOCKED, words, provenance, at, _new_one(credential))
    words = f"ends in {span(ends - now)}"
    # A live session token lives for a day: its end is always near and no reason to worry.
    if ends - now < ENDS_SOON and credential.kind is not CredentialKind.LIVE_SESSION:
        return Point(Level.LIMITED, words, provenance, at, _new_one(credential))
    return Point(Level.READY, words, provenance, at)


def _new_one(credential: Credential) -> Remedy:
    match credential.kind:
        case CredentialKind.FLEX_TOKEN:
            return Remedy(
                "Make a new one: Client Portal, Performance & Reports, Flex Queries, Flex Web Service.", "", 3
            )
        case CredentialKind.LIVE_SESSION:
            return Remedy("Ask for a new live session token: the Web API connection does it.", "reconnect", 1)
        case _:
            return Remedy(
                "Make a new one, put it into the keychain, then note the day here.", EDIT_REGISTER, 10
            )


def _rule_points(plan: Plan, credential: Credential, now: float) -> list[Point]:
    if credential.kind in (CredentialKind.LIVE_SESSION, *_IDS):
        return []  # there is nothing to renew by hand
    return [_rule_point(credential, now)]


def _rule_point(credential: Credential, now: float) -> Point:
    due = due_of(credential)
    if due is None:
        if credential.rotate_days > 0:
            cure = Remedy("Note when it was made.", EDIT_REGISTER, 1)
            return Point(
                Level.UNKNOWN, "a rule for its age, but nobody said when it was made", _SAID, None, cure
            )
        return Point(Level.READY, "no rule for its age", _SAID)
    if due > now:
        return Point(Level.READY, f"to be renewed in {span(due - now)}", _SAID)
    words = f"{span(now - credential.made)} old, the rule says {credential.rotate_days} d"
    return Point(Level.LIMITED, words, _SAID, None, _new_one(credential))


def _scope_point(facts: FactsView, plan: Plan, credential: Credential, now: float) -> Point:
    if not is_wider_than_use(credential):
        return Point(Level.READY, scope_words(credential), _SAID)
    if credential.kind in _IDS:
        box = read_only_everywhere(facts, plan, now)
        if box is not None and credential.used_for is Scope.READ:
            return Point(Level.READY, "held to reading by the Read-Only API box", box.provenance, box.at)
        cure = Remedy(
            "Tick Read-Only API if no program needs to send: single ids cannot be narrowed.",
            SHOW_API_SETTINGS,
            1,
        )
    else:
        cure = Remedy(
            "Narrow it, or give the tool a credential of its own that can do no more.", EDIT_REGISTER
        )
    return Point(Level.LIMITED, scope_words(credential), _SAID, None, cure)


def read_only_everywhere(facts: FactsView, plan: Plan, now: float) -> Seen[bool] | None:
    """Return the oldest sight of the Read-Only API box if it was seen ticked at every socket; else None."""
    seen = [facts.fresh(kinds.READ_ONLY, socket.subject, now) for socket in plan.sockets]
    ticked = [one for one in seen if one is not None and one.value]
    if not ticked or len(ticked) < len(seen):
        return None
    return min(ticked, key=lambda one: one.at)
