"""Signing in: how many failures are left before the broker locks, and what to do while a push is awaited."""

from __future__ import annotations

from msgspec import Struct

from cockpit.domain import kinds
from cockpit.domain.catalogue import Playing
from cockpit.domain.evidence import MOST_AHEAD, Provenance
from cockpit.domain.facts import FactsView
from cockpit.domain.kinds import DAY
from cockpit.domain.level import Level
from cockpit.domain.plan import Plan
from cockpit.domain.register import Factor, FactorKind
from cockpit.domain.remedy import Remedy
from cockpit.domain.trust.factors import is_on_desk_pc, subject_of
from cockpit.domain.trust.proofs import ProofState, proof_of
from cockpit.domain.trust.remedies import READ_LAUNCHER_LOGS
from cockpit.domain.words import clock, counted, listed, moment, span

LOCK_ROW = "login-lockout"
PUSH_ROW = "ib-key-seamless"
SIGN_IN = "signin"
STOP_SHARE = 0.5  # of the published limit; our own rule: the other half is for hands
LATE_AFTER = 20.0  # seconds after which a push that has not come is not going to come; from users' reports
SHOWN_AFTER_END = 10 * 60.0  # seconds for which a push that ran out is still spoken of


class Attempt(Struct, frozen=True):
    """A sign-in that failed: when (UTC epoch seconds), where, and who says so."""

    at: float
    where: str
    provenance: Provenance


class Lockout(Struct, frozen=True):
    """How near the lock is. `limit` and `stop_at` are 0 when no limit is published.

    `eases_at` is when the oldest failure is a day old and `locked_until` when a lock would end (UTC epoch seconds).
    """

    level: Level
    sentence: str
    attempts: tuple[Attempt, ...] = ()
    limit: int = 0
    stop_at: int = 0
    eases_at: float | None = None
    locked_until: float | None = None
    remedy: Remedy | None = None
    provenance: Provenance | None = None
    at: float | None = None
    source: str = ""

    @property
    def used(self) -> int:
        """How many failures count now."""
        return len(self.attempts)


class Push(Struct, frozen=True):
    """A push that was sent: when, and until when it is believed to wait (UTC epoch seconds).

    `left` in seconds, 0 when it has run out. `steps` say what to do, the next one first. `source` is that of the
    window, which is no promise: `certainty` says how sure it is.
    """

    level: Level
    sentence: str
    sent_at: float
    ends: float
    left: float
    steps: tuple[str, ...]
    provenance: Provenance
    source: str
    certainty: str


def lockout(facts: FactsView, plan: Plan, catalogue: Playing, now: float) -> Lockout:
    """Count failed sign-ins of the last day against the published limit (catalogue row `login-lockout`).

    The limit speaks of failures in a row at Client Portal. A success in between is not visible here, and whether
    TWS counts along is not published: so all of them count.
    """
    row = catalogue.auth.get(LOCK_ROW)
    window = row.seconds[0] if row is not None and row.seconds else DAY
    limit = row.count if row is not None else 0
    attempts = _attempts(facts, now, window)
    stop_at = int(limit * STOP_SHARE)
    newest = attempts[-1].at if attempts else None
    source = row.source if row is not None else ""
    unread = _unread_logs(facts, plan, now)
    level, sentence, remedy = _judge(attempts, limit, stop_at, unread, plan, now)
    return Lockout(
        level,
        sentence,
        attempts,
        limit,
        stop_at,
        attempts[0].at + window if attempts else None,
        newest + window if newest is not None and limit and len(attempts) >= limit else None,
        remedy,
        attempts[-1].provenance if attempts else None,
        newest,
        source,
    )


def _attempts(facts: FactsView, now: float, window: float) -> tuple[Attempt, ...]:
    found = []
    for subject in facts.subjects(kinds.SIGN_IN_FAILED, f"{SIGN_IN}/"):
        seen = facts.look(kinds.SIGN_IN_FAILED, subject)
        if seen is None or not now - window < seen.value <= now + MOST_AHEAD:
            continue
        where = seen.note or subject.removeprefix(f"{SIGN_IN}/").rpartition("/")[0]
        found.append(Attempt(seen.value, where, seen.provenance))
    return tuple(sorted(found, key=lambda one: (one.at, one.where)))


def _judge(
    attempts: tuple[Attempt, ...], limit: int, stop_at: int, unread: int, plan: Plan, now: float
) -> tuple[Level, str, Remedy | None]:
    used = len(attempts)
    if not limit:
        return Level.UNKNOWN, f"{counted(used, 'failure')} known; the catalogue names no limit", None
    places = listed([f"{one.where} {moment(one.at, now, plan.zone)}" for one in reversed(attempts)], 3)
    said = f"{used} used: {places}" if used else "None known in 24 h"
    if used >= limit:
        cure = Remedy("Try no more: call client services, they lift a lock after questions.")
        return Level.BLOCKED, f"{said}. The broker locks at {limit}", cure
    if used >= stop_at:
        cure = Remedy("Stop every launcher now, and sign in once by hand with care.")
        return Level.LIMITED, f"{said}. Stop launchers now: the broker locks at {limit}", cure
    if not plan.register.launcher_logs:
        cure = Remedy("Name the launcher's log, so that its failures are counted too.", READ_LAUNCHER_LOGS, 1)
        return Level.UNKNOWN, f"{said}; no launcher's log is read. Stop launchers at {stop_at}", cure
    if unread:
        # Few failures in a log that nobody could read are no good news.
        cure = Remedy(
            "Look at the name of the launcher's log: a log of IBC, or the folder with one for each day, can be read.",
            READ_LAUNCHER_LOGS,
            1,
        )
        logs = f"{counted(unread, 'log')} of launchers could not be read"
        return Level.UNKNOWN, f"{said}; {logs}. Stop launchers at {stop_at}", cure
    return Level.READY, f"{said}. Stop launchers at {stop_at}", None


def _unread_logs(facts: FactsView, plan: Plan, now: float) -> int:
    """How many of the named logs were not read of late."""
    named = len(set(plan.register.launcher_logs))
    read = facts.fresh(kinds.LOGS_READ, SIGN_IN, now)
    return named if read is None else max(0, named - read.value)


def push(facts: FactsView, plan: Plan, catalogue: Playing, now: float) -> Push | None:
    """Say how long a push still waits and what to do meanwhile; None when none was sent of late.

    The window is the catalogue's (row `ib-key-seamless`); without it no end is claimed and there is no countdown.
    """
    seen = facts.look(kinds.PUSH_SENT, SIGN_IN)
    row = catalogue.auth.get(PUSH_ROW)
    if seen is None or row is None or not row.seconds or seen.value <= 0:
        return None
    age = now - seen.value
    window = row.seconds[0]
    if not -MOST_AHEAD <= age <= window + SHOWN_AFTER_END:
        return None
    left = min(window, max(0.0, window - age))
    level, sentence = _push_words(seen.value, age, left, plan)
    return Push(
        level,
        sentence,
        seen.value,
        seen.value + window,
        left,
        _steps(facts, plan, age, left, now),
        seen.provenance,
        row.source,
        f"{row.window or span(window)}, {row.confidence.value}; no promise of the broker",
    )


def _push_words(sent_at: float, age: float, left: float, plan: Plan) -> tuple[Level, str]:
    sent = f"sent {clock(sent_at, plan.zone, seconds=True)}"
    if left <= 0:
        return Level.LIMITED, f"The push {sent} has most likely run out"
    minutes, seconds = divmod(int(left), 60)
    if age < LATE_AFTER:
        return Level.READY, f"Approve on the phone, about {minutes}:{seconds:02} left"
    return Level.LIMITED, f"The push {sent} still waits, about {minutes}:{seconds:02} left"


def _steps(facts: FactsView, plan: Plan, age: float, left: float, now: float) -> tuple[str, ...]:
    """What to do, the next thing first. That a first approval after a miss fails is what users report."""
    others = _other_factors(facts, plan, now)
    names = listed([factor.name for factor in others])
    other = f"Choose another factor in the list of the sign-in: {names}." if others else ""
    challenge = (
        "No push on the phone: open the app by hand. Without network choose challenge and response: type the "
        "number of the sign-in page into the app and its answer into the page."
    )
    if left <= 0:
        again = (
            "Start the sign-in again once. Users report that the first approval after a missed push fails: "
            "let it, and take the next."
        )
        steps = [again, challenge, other]
    elif age >= LATE_AFTER:
        steps = [challenge, other, "Do not start a second sign-in while this one waits."]
    else:
        steps = ["Approve it on the phone.", challenge, other]
    return tuple(step for step in steps if step)


def _other_factors(facts: FactsView, plan: Plan, now: float) -> list[Factor]:
    """The factors that do not hang on the push: proven ones first, never one that failed."""
    register = plan.register
    found = []
    for factor in register.factors:
        proof = proof_of(facts, subject_of(factor), now)
        if factor.kind is not FactorKind.IB_KEY and proof.state is not ProofState.FAILED:
            found.append((proof.level.rank, is_on_desk_pc(register, factor), factor))
    return [factor for _, _, factor in sorted(found, key=lambda one: one[:2])]
