"""What one glance must tell: the record behind the top bar, the strip and the tray, made once per state."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from cockpit.domain import kinds
from cockpit.domain.calendar import ForcedEnd, forced_ends, next_open
from cockpit.domain.level import Level
from cockpit.domain.paths import order_path, price_path
from cockpit.domain.plan import Plan
from cockpit.domain.readiness import FlowVerdict, PathLight, Progress, Reason, Run
from cockpit.domain.session import Session
from cockpit.domain.sessions import custody, sessions
from cockpit.domain.since_check import overtaken
from cockpit.domain.words import counted, listed, masked, moment
from cockpit.services.state import DeskState
from cockpit.ui.text import discreet

VERDICT_FRESH_FOR = 15 * 60.0  # seconds; an older answer is shown as what it was, not as what is


class Mode(StrEnum):
    """Which kind of desk the window shows; it stands beside the account in capitals."""

    LIVE = "LIVE"
    PAPER = "PAPER"
    MIXED = "LIVE + PAPER"
    DEMO = "DEMO"
    UNKNOWN = "NO ACCOUNT"


class Standing(Struct, frozen=True):
    """The verdict as it counts now: its level, its word in capitals, a sentence, and its age's start."""

    level: Level
    word: str
    sentence: str
    at: float | None = None
    is_stale: bool = False


class Glance(Struct, frozen=True):
    """The few answers that are always on screen. Times are UTC epoch seconds, offsets seconds."""

    standing: Standing
    price: PathLight
    order: PathLight
    sessions: tuple[Session, ...]
    custody: str
    mode: Mode
    account: str
    account_detail: str
    next_open: tuple[str, float] | None
    next_end: ForcedEnd | None
    skew: float | None
    reason: Reason | None
    overtaken: tuple[FlowVerdict, ...]  # flows whose session has changed since the last check
    is_running: bool
    zone: str


_WORDS = {
    Level.READY: "READY",
    Level.LIMITED: "READY WITH CARE",
    Level.BLOCKED: "NOT READY",
    Level.UNKNOWN: "NOT KNOWN",
}


def glance(state: DeskState, now: float) -> Glance:
    """Read the glance from a state. Pure: the same state and time give the same answer."""
    facts, plan = state.facts, state.plan
    price, order = price_path(facts, plan, now), order_path(facts, plan, now)
    run = state.run
    verdict = run.verdict if run is not None and not run.is_running else None
    account, detail, mode = _account(state, now)
    ends = forced_ends(facts, plan, now)
    changed = overtaken(run, facts, plan, now) if run is not None and not run.is_running else ()
    return Glance(
        standing=standing(run, price, order, plan.zone, now, changed),
        price=price,
        order=order,
        sessions=sessions(facts, plan, now),
        custody=custody(facts, plan, now),
        mode=mode,
        account=account,
        account_detail=detail,
        next_open=next_open(facts, plan, now),
        next_end=ends[0] if ends else None,
        skew=_skew(state),
        reason=verdict.reasons[0] if verdict is not None and verdict.reasons else None,
        overtaken=changed,
        is_running=run is not None and run.is_running,
        zone=plan.zone,
    )


def standing(
    run: Run | None,
    price: PathLight,
    order: PathLight,
    zone: str,
    now: float,
    changed: tuple[FlowVerdict, ...] = (),
) -> Standing:
    """Say what the last verdict is worth now.

    It goes out of date, and what the live paths show since then can only make it worse: an answer of half an hour ago
    must never stay green over a connection that ended a second ago.
    """
    if run is None:
        return Standing(Level.UNKNOWN, "NOT CHECKED", "run the pre-open check")
    if run.ended is None:
        done = sum(result.progress is Progress.DONE for result in run.results)
        return Standing(Level.UNKNOWN, "CHECKING", f"{done} of {len(run.results)} answered")
    if run.verdict is None:
        word = "STOPPED" if run.cancelled else "NOT KNOWN"
        return Standing(Level.UNKNOWN, word, "the check did not finish", run.ended)
    verdict = run.verdict
    if now - run.ended > VERDICT_FRESH_FOR:
        was = _WORDS[verdict.level].lower()
        return Standing(
            Level.UNKNOWN,
            "OUT OF DATE",
            f"was {was} {moment(run.ended, now, zone)}",
            run.ended,
            is_stale=True,
        )
    if order.level.rank > verdict.level.rank:
        return Standing(order.level, _WORDS[order.level], f"order path: {order.sentence}", order.at)
    if price.level is Level.BLOCKED and verdict.level is not Level.BLOCKED:
        return Standing(price.level, _WORDS[price.level], f"price path: {price.sentence}", price.at)
    back = next((flow for flow in changed if flow.level is Level.UNKNOWN), None)
    if back is not None and verdict.level is not Level.READY:
        return Standing(Level.UNKNOWN, "CHECK AGAIN", discreet(back.sentence.partition(":")[0]), run.ended)
    return Standing(verdict.level, _WORDS[verdict.level], discreet(verdict.headline), run.ended)


def _accounts(state: DeskState) -> tuple[str, ...]:
    held: dict[str, None] = {}
    for socket in state.plan.sockets:
        seen = state.facts.look(kinds.ACCOUNTS, socket.subject)
        if seen is not None:
            held.update(dict.fromkeys(seen.value))
    return tuple(held)


def _account(state: DeskState, now: float) -> tuple[str, str, Mode]:
    """Return the masked account, its entity and kind in words, and the mode."""
    accounts = _accounts(state)
    if not accounts:
        return "No account", "none seen yet", Mode.DEMO if state.plan.is_demo else Mode.UNKNOWN
    first = accounts[0]
    words = [
        seen.value
        for kind in (kinds.ENTITY, kinds.ACCOUNT_TYPE)
        if (seen := state.facts.look(kind, f"account/{first}")) is not None
    ]
    text = masked(first) if len(accounts) == 1 else f"{masked(first)} +{len(accounts) - 1}"
    detail = " · ".join(words) or counted(len(accounts), "account")
    return text, detail, _mode(accounts, state.plan)


def _mode(accounts: tuple[str, ...], plan: Plan) -> Mode:
    """Tell live from paper by the prefix of the accounts, never by the port."""
    if plan.is_demo:
        return Mode.DEMO
    paper = [account.startswith("D") for account in accounts]
    if all(paper):
        return Mode.PAPER
    return Mode.MIXED if any(paper) else Mode.LIVE


def _skew(state: DeskState) -> float | None:
    """Return this PC's clock against the broker's, as the newest session or the desk measured it."""
    for socket in state.plan.sockets:
        seen = state.facts.look(kinds.BROKER_CLOCK, socket.subject)
        if seen is not None:
            return seen.value
    offset = state.facts.look(kinds.CLOCK_OFFSET, "desk")
    return None if offset is None else -offset.value


def verdict_line(found: Glance) -> str:
    """Say the glance in one plain sentence, for assistive technology and the tray's tooltip."""
    paths = listed([f"price path {found.price.level.value}", f"order path {found.order.level.value}"])
    return f"{found.standing.word.capitalize()}: {found.standing.sentence}. {paths.capitalize()}."
