"""Feed truth and capability: what really arrives, and what the broker offers for each ticket."""

from __future__ import annotations

from cockpit.domain import kinds
from cockpit.domain.checks.answers import Target, eased, found, unknown
from cockpit.domain.facts import Facts
from cockpit.domain.kinds import FeedState
from cockpit.domain.level import Level
from cockpit.domain.order_tokens import token
from cockpit.domain.plan import Plan, Ticket
from cockpit.domain.readiness import Finding
from cockpit.domain.remedy import Remedy
from cockpit.domain.words import moment, span, zone_letters

MOST_TICK_AGE = 60.0  # seconds between ticks while the venue is open before live counts as stale

_SUBSCRIBE = Remedy("Check the market-data subscriptions of this username.", "open-subscriptions")
_TAKEN = Remedy(
    "Sign out in the other program that uses this username, then run the check again.", "run-check"
)
_SILENT = Remedy(
    "Restart the data in TWS: File, Data Connections, or restart TWS; programs must subscribe again.", "", 2
)

_POOR: dict[FeedState, tuple[Level, str, Remedy | None, str]] = {
    FeedState.DELAYED: (Level.LIMITED, "Delayed", _SUBSCRIBE, "data-delayed"),
    FeedState.DELAYED_FROZEN: (Level.LIMITED, "Delayed and frozen", _SUBSCRIBE, "data-delayed"),
    FeedState.PARTIAL: (
        Level.LIMITED,
        "In part: quotes, but not everything asked for",
        _SUBSCRIBE,
        "data-partial",
    ),
    FeedState.NOT_SUBSCRIBED: (Level.BLOCKED, "Not subscribed", _SUBSCRIBE, "data-not-subscribed"),
    FeedState.COMPETING: (Level.BLOCKED, "Taken by another login", _TAKEN, "data-taken"),
    FeedState.REFUSED: (Level.BLOCKED, "Refused", _SUBSCRIBE, "data-refused"),
}


def feed(facts: Facts, plan: Plan, target: Target, now: float) -> Finding:
    """Live, delayed, frozen, partial or silent, and how old the newest tick is against the venue's hours."""
    socket, instrument = target.the_socket(), target.the_instrument()
    subject = f"{socket.subject}/feed/{instrument.key}"
    seen = facts.fresh(kinds.FEED, subject, now)
    if seen is None:
        return unknown("No answer to the look at its data")
    state = FeedState(seen.value)
    is_closed, when = _closed(facts, plan, target, now)
    if state in _POOR:
        level, answer, cure, diagnosis = _POOR[state]
        return eased(found(level, answer, seen, cure, diagnosis=diagnosis), plan, target)
    if state is FeedState.SILENT:
        if is_closed:
            return found(Level.LIMITED, f"Silent, venue closed{when}", seen, diagnosis="feed-silent-closed")
        return eased(
            found(Level.BLOCKED, "Silent: accepted, no tick comes", seen, _SILENT, diagnosis="feed-silent"),
            plan,
            target,
        )
    if state is FeedState.NO_QUOTE or state is FeedState.FROZEN:
        if is_closed:
            return found(Level.READY, f"{_words(state)}, venue closed{when}", seen)
        cure = Remedy("Wait for the first quote, then run the check again.", "run-check")
        return found(
            Level.LIMITED, f"{_words(state)} while the venue is open", seen, cure, diagnosis="no-quote"
        )
    age = facts.fresh(kinds.TICK_AGE, subject, now)
    answer = "Live"
    if age is not None:
        answer = f"Live, newest tick {span(age.value)}"
        if age.value > MOST_TICK_AGE and not is_closed:
            return found(Level.LIMITED, answer, seen, _SILENT, diagnosis="feed-stale")
    if instrument.needs_greeks:
        greeks = facts.fresh(kinds.GREEKS, subject, now)
        if greeks is None or not greeks.value:
            cure = Remedy("The underlying's data is missing: check its subscription.", "open-subscriptions")
            return found(Level.LIMITED, f"{answer}; Greeks missing", seen, cure, diagnosis="greeks-missing")
        answer += ", Greeks"
    return found(Level.READY, answer, seen)


def _words(state: FeedState) -> str:
    return "No quote" if state is FeedState.NO_QUOTE else "Frozen at the last price"


def have_hours_turned(facts: Facts, subject: str, now: float) -> bool:
    """Whether trading has begun since the hours of the contract `subject` were read: then they excuse nothing."""
    opens = facts.look(kinds.OPENS_AT, subject)
    return opens is not None and 0 < opens.value <= now


def _closed(facts: Facts, plan: Plan, target: Target, now: float) -> tuple[bool, str]:
    """Whether the instrument's own hours say closed, and until when, in words."""
    socket, instrument = target.the_socket(), target.the_instrument()
    subject = f"{socket.subject}/contract/{instrument.key}"
    until = facts.fresh(kinds.OPEN_UNTIL, subject, now)
    opens = facts.fresh(kinds.OPENS_AT, subject, now)
    if until is None or until.value > now or have_hours_turned(facts, subject, now):
        return False, ""
    if opens is not None and opens.value > now:
        zone = zone_letters(opens.value, plan.zone)
        return True, f" until {moment(opens.value, now, plan.zone)} {zone}"
    return True, ""


def _gateway_doubt(facts: Facts, key: str, now: float) -> Finding | None:
    """Say what the gateway's fields 7184 and 7768 hold against a contract.

    A limit and not a block: they speak of the gateway's user, and a no has not been seen recorded on a live account.
    """
    subject = f"gateway/contract/{key}"
    tradable = facts.fresh(kinds.TRADABLE, subject, now)
    if tradable is not None and not tradable.value:
        cure = Remedy("Preview the ticket: the broker may take closing orders only.")
        return found(
            Level.LIMITED,
            f"The gateway says: {key} cannot be traded",
            tradable,
            cure,
            diagnosis="not-tradable",
        )
    permitted = facts.fresh(kinds.PERMITTED, subject, now)
    if permitted is not None and not permitted.value:
        cure = Remedy(
            "Request the permission in Client Portal: Settings, Trading Permissions.", "open-permissions"
        )
        answer = f"The gateway says: no permission to trade {key}"
        return found(Level.LIMITED, answer, permitted, cure, diagnosis="permission-missing")
    return None


def ticket(facts: Facts, plan: Plan, target: Target, now: float) -> Finding:
    """Does the contract resolve, and does the broker offer the order type and time in force for it."""
    socket, instrument = target.the_socket(), target.the_instrument()
    planned = target.ticket or Ticket("", instrument.key)
    subject = f"{socket.subject}/contract/{instrument.key}"
    resolved = facts.fresh(kinds.CONTRACT, subject, now)
    if resolved is None:
        return unknown("The contract was not answered")
    if resolved.value != "one":
        cure = Remedy(
            "Make the instrument unambiguous in the settings: exchange, expiry, trading class.",
            "open-settings",
        )
        word = "No such contract" if resolved.value == "none" else "Several contracts fit"
        return eased(found(Level.BLOCKED, word, resolved, cure, diagnosis="contract-unclear"), plan, target)
    types = facts.fresh(kinds.ORDER_TYPES, subject, now)
    if types is None:
        return unknown("Order types were not answered")
    offered = set(types.value)
    if token(planned.order_type) not in offered:
        near = next((word for word in ("LMT", "MKT") if word in offered and word != planned.order_type), "")
        cure = Remedy(f"Use {near} instead, or another venue." if near else "Look for another venue.")
        answer = f"{planned.order_type} is not offered for {instrument.key}"
        return eased(
            found(Level.BLOCKED, answer, types, cure, diagnosis="order-type-not-offered"), plan, target
        )
    if planned.time_in_force not in offered:
        cure = Remedy("Use DAY instead." if "DAY" in offered else "Choose another time in force.")
        answer = f"{planned.time_in_force} is not offered for {instrument.key}"
        return eased(
            found(Level.BLOCKED, answer, types, cure, diagnosis="time-in-force-not-offered"), plan, target
        )
    if (doubt := _gateway_doubt(facts, instrument.key, now)) is not None:
        return doubt
    extra = ", outside hours" if planned.outside_hours else ""
    is_closed, when = _closed(facts, plan, target, now)
    closed = f"; venue closed{when}" if is_closed else ""
    answer = f"{planned.order_type} {planned.time_in_force}{extra} offered{closed}"
    return found(
        Level.READY,
        answer,
        types,
        detail="Offered is necessary, not sufficient: rights are proven by a what-if.",
    )
