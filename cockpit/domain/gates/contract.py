"""The gate of contract and venue: does it exist, is it open, and is this order type listed for it."""

from __future__ import annotations

from collections.abc import Hashable

from cockpit.domain.catalogue import Availability, OrderType, Playing
from cockpit.domain.gates.doors import tokens, traded
from cockpit.domain.gates.gate import Case, Gate, GateAnswer
from cockpit.domain.gates.hours import hours, overnight, wants_overnight
from cockpit.domain.gates.reading import GatewayTold, Reading, SocketTold, read
from cockpit.domain.gates.times import times_in_force
from cockpit.domain.gates.weighing import Voice, hardest, published, voice, weigh
from cockpit.domain.gates.world import World
from cockpit.domain.interface import Interface
from cockpit.domain.level import Level
from cockpit.domain.plan import Ticket
from cockpit.domain.remedy import Remedy

_MAKE_CLEAR = Remedy("Make the instrument unambiguous: exchange, expiry, trading class.", "open-settings")
_NEAREST = Remedy("Take the nearest listed type, or another venue.")
_CLOSE_ONLY = Remedy("Only orders that close a position pass; ask the broker why.")
_ROUND = Remedy("Round the price to the contract's smallest step.")
_CONFIRM = Remedy("Confirm it: rehearse the ticket before you rely on it.", "rehearse")


def contract(world: World, case: Case) -> GateAnswer:
    """Can this order be sent in this contract on its venue."""
    return judge_reading(world.catalogue, read_all(world, case), case)


def read_all(world: World, case: Case) -> tuple[Reading, ...]:
    """Read every contract that changes hands; none for an interface that takes no orders."""
    if case.column.interface is Interface.FLEX:
        return ()
    return tuple(read(world, case, one) for one in traded(case))


def shape(ticket: Ticket) -> Hashable:
    """The parts of an order, apart from its contract and column, on which this gate depends."""
    return (
        ticket.order_type,
        ticket.time_in_force,
        ticket.outside_hours,
        ticket.algorithm,
        ticket.price,
        ticket.stop,
    )


def judge_reading(catalogue: Playing, readings: tuple[Reading, ...], case: Case) -> GateAnswer:
    """Judge an order by what was read; a pure function of its shape, the readings and the catalogue."""
    if case.column.interface is Interface.FLEX:
        return weigh(
            Gate.CONTRACT, [published(Level.READY, "A statement has no venue", "Flex Web Service")], ""
        )
    parts: list[GateAnswer] = []
    for reading in readings:
        if not case.legs:
            parts += _order(catalogue, reading, case)
        parts.append(_exists(reading))
    return hardest(parts)


def _exists(reading: Reading) -> GateAnswer:
    said: list[Voice] = []
    now, key = reading.now, reading.instrument.key
    for told in reading.sockets:
        found, elsewhere = told.contract, told.is_elsewhere
        if found is not None and found.value != "one":
            word = "There is no such contract" if found.value == "none" else "Several contracts fit"
            said.append(
                voice(Level.BLOCKED, word, found, now, "contract details", _MAKE_CLEAR, inferred=elsewhere)
            )
        elif found is not None:
            said.append(
                voice(
                    Level.READY, f"{key} is one contract", found, now, "contract details", inferred=elsewhere
                )
            )
        barred = told.ineligible
        if barred is not None and barred.value:
            text = "; ".join(barred.value)
            is_closing = "clos" in text.lower()
            words = (
                "Only closing orders are taken in it" if is_closing else "The broker takes no orders in it"
            )
            said.append(
                voice(
                    Level.BLOCKED,
                    words,
                    barred,
                    now,
                    "ineligibility reasons",
                    _CLOSE_ONLY,
                    quote=text,
                    inferred=elsewhere,
                )
            )
    rules = reading.gateway
    if rules is not None:
        said += _gateway_exists(rules, said, now)
    return weigh(Gate.CONTRACT, said, f"{key} was not looked up")


def _gateway_exists(rules: GatewayTold, others: list[Voice], now: float) -> list[Voice]:
    """Rules and field 7184. Its no alone is a doubt: it was never recorded on a live account (Web API, 5)."""
    said: list[Voice] = []
    elsewhere = rules.is_elsewhere
    if rules.error is not None and rules.error.value:
        words = "The broker gives no rules for it"
        said.append(
            voice(
                Level.BLOCKED,
                words,
                rules.error,
                now,
                "contract rules",
                quote=rules.error.value,
                inferred=elsewhere,
            )
        )
    elif rules.types is not None and rules.types.value:
        said.append(
            voice(
                Level.READY,
                "The broker has rules for it",
                rules.types,
                now,
                "contract rules",
                inferred=elsewhere,
            )
        )
    if rules.tradable is not None and not rules.tradable.value:
        agrees = any(one.level is Level.BLOCKED and one.is_open for one in (*others, *said))
        level = Level.BLOCKED if agrees else Level.UNKNOWN
        words = (
            "It cannot be traded: two sources agree"
            if agrees
            else "The broker's field says it cannot be traded"
        )
        said.append(voice(level, words, rules.tradable, now, "field 7184", _CONFIRM, inferred=elsewhere))
    elif rules.tradable is not None:
        said.append(
            voice(Level.READY, "It can be traded", rules.tradable, now, "field 7184", inferred=elsewhere)
        )
    return said


def _order(catalogue: Playing, reading: Reading, case: Case) -> list[GateAnswer]:
    row = catalogue.order_type(case.ticket.order_type)
    said = _on_the_list(reading, row, case)
    if row is not None and row.products:
        word, kind = case.ticket.order_type, reading.instrument.sec_type
        fits = kind in row.products
        level, verb = (Level.READY, "is") if fits else (Level.BLOCKED, "is not")
        cure = None if fits else _NEAREST
        said.append(published(level, f"{word} {verb} published for {kind}", f"catalogue: {row.key}", cure))
    silence = f"Whether {case.ticket.order_type} is listed for {reading.instrument.key} was not looked up"
    parts = [weigh(Gate.CONTRACT, said, silence)]
    parts += times_in_force(catalogue, reading, case, row)
    parts += overnight(reading, case) if wants_overnight(reading, case) else hours(reading, case, row)
    if case.ticket.outside_hours:
        parts.append(_outside(reading, case, row))
    parts += _increments(reading, case)
    return parts


def _on_the_list(reading: Reading, row: OrderType | None, case: Case) -> list[Voice]:
    """Ask the list of order types that the interface goes by."""
    details = [one for told in reading.sockets for one in _listed(told, row, case, reading.now)]
    rules = _ruled(reading.gateway, row, case, reading.now) if reading.gateway is not None else []
    return reading.by_own_list(details, rules)


def _listed(told: SocketTold, row: OrderType | None, case: Case, now: float) -> list[Voice]:
    """Tokens of the contract details: necessary, not sufficient; asked once smart and once at the listing venue."""
    word, wanted = case.ticket.order_type, tokens(case.ticket.order_type, row)
    types = told.types
    if types is None:
        return []
    source = f"contract details: {' or '.join(wanted)}"
    if any(one in types.value for one in wanted):
        return [
            voice(Level.READY, f"{word} is listed for it", types, now, source, inferred=told.is_elsewhere)
        ]
    cure, words = _NEAREST, f"{word} is not listed for it"
    venue = told.listed_types
    if venue is not None and told.listed_on is not None and any(one in venue.value for one in wanted):
        words = f"{word} is not listed for smart routing, but is on {told.listed_on.value}"
        cure = Remedy(f"Route it to {told.listed_on.value}, or take the nearest listed type.")
    return [voice(Level.BLOCKED, words, types, now, source, cure, inferred=told.is_elsewhere)]


def _ruled(rules: GatewayTold, row: OrderType | None, case: Case, now: float) -> list[Voice]:
    said: list[Voice] = []
    word = case.ticket.order_type
    if rules.types is None or row is None or not row.web_token:
        return []
    if row.web_token in rules.types.value:
        words, level, cure = f"The contract's rules list {word}", Level.READY, None
    else:
        words, level, cure = f"The contract's rules do not list {word}", Level.BLOCKED, _NEAREST
    source = f"contract rules: {row.web_token}"
    said.append(voice(level, words, rules.types, now, source, cure, inferred=rules.is_elsewhere))
    carried = rules.algorithms
    if case.ticket.algorithm and carried is not None:
        can = row.web_token in carried.value
        level = Level.READY if can else Level.BLOCKED
        words = f"{word} {'can' if can else 'cannot'} carry an algorithm for it"
        said.append(
            voice(level, words, carried, now, source, None if can else _NEAREST, inferred=rules.is_elsewhere)
        )
    return said


_PUBLISHED_OUTSIDE = {
    Availability.YES: (Level.READY, "may work outside regular hours"),
    Availability.PARTIAL: (Level.LIMITED, "works outside regular hours only for some products"),
    Availability.NO: (Level.BLOCKED, "does not work outside regular hours"),
    Availability.UNKNOWN: (Level.UNKNOWN, "outside regular hours is not published"),
}


def _outside(reading: Reading, case: Case, row: OrderType | None) -> GateAnswer:
    """Outside regular hours: the rules name the types; the socket only says whether there is a choice at all."""
    said: list[Voice] = []
    word, now, rules = case.ticket.order_type, reading.now, reading.gateway
    cure = Remedy("Send it without the outside-hours flag, or as a limit.")
    if rules is not None and rules.outside is not None and row is not None and row.web_token:
        can = row.web_token in rules.outside.value
        level = Level.READY if can else Level.BLOCKED
        words = f"{word} {'may' if can else 'may not'} work outside regular hours"
        said.append(
            voice(
                level,
                words,
                rules.outside,
                now,
                "contract rules",
                None if can else cure,
                inferred=rules.is_elsewhere,
            )
        )
    for told in reading.sockets:
        if told.types is not None and told.types.value and "RTH" not in told.types.value:
            words = "The contract offers no choice of hours: the flag may be ignored (code 2109)"
            said.append(
                voice(
                    Level.LIMITED, words, told.types, now, "contract details: RTH", inferred=told.is_elsewhere
                )
            )
    if row is not None:
        level, words = _PUBLISHED_OUTSIDE[row.outside_hours]
        said.append(
            published(
                level, f"{word} {words}", f"catalogue: {row.key}", cure if level is Level.BLOCKED else None
            )
        )
    return weigh(Gate.CONTRACT, said, f"Whether {word} works outside regular hours is not known")


def _increments(reading: Reading, case: Case) -> list[GateAnswer]:
    prices = [price for price in (case.ticket.price, case.ticket.stop) if price]
    said: list[Voice] = []
    for told in reading.sockets:
        step = told.increment
        if step is None or step.value <= 0:
            continue
        off = [price for price in prices if abs(price / step.value - round(price / step.value)) > 1e-6]
        if off:
            words = f"{off[0]:g} is no multiple of the smallest price step {step.value:g} (code 110)"
            said.append(
                voice(
                    Level.BLOCKED,
                    words,
                    step,
                    reading.now,
                    "price increment",
                    _ROUND,
                    inferred=told.is_elsewhere,
                )
            )
    return [weigh(Gate.CONTRACT, said, "")] if said else []
