"""Write a ticket as one line that reads back as the same ticket."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from cockpit.domain.plan import Instrument, Leg, Ticket
from cockpit.domain.tickets import dates
from cockpit.domain.tickets.contracts import spelled, venue_words
from cockpit.domain.tickets.known import Known
from cockpit.domain.tickets.numbers import written
from cockpit.domain.tickets.prices import numbers_of
from cockpit.domain.tickets.reader import parse
from cockpit.domain.tickets.strategies import STRATEGIES, Strategy


def write(ticket: Ticket, known: Known) -> str:
    """Write a ticket as shortly as it reads back the same, by the instruments of `known`.

    A ticket that the grammar cannot express (no instrument of that name, a price where the type has none) is
    written as nearly as it can be.
    """
    text = ""
    for contract, venue in _contracts(ticket, known):
        text = _joined(ticket, contract, venue)
        read = parse(text, known, ticket.key).ticket
        if read is not None and replace(read, text=ticket.text) == ticket:
            return text
    return text


def _joined(ticket: Ticket, contract: str, venue: Sequence[str]) -> str:
    until = ticket.until.split(" ") if ticket.until else []
    words = [
        ticket.action,
        written(ticket.quantity),
        contract,
        ticket.order_type,
        *_numbers(ticket),
        ticket.time_in_force if ticket.time_in_force != "DAY" else "",
        *until,
        "outside" if ticket.outside_hours else "",
        "cash" if ticket.in_cash else "",
        f"algo {ticket.algorithm}" if ticket.algorithm else "",
        f"account {ticket.account}" if ticket.account else "",
        *venue,
    ]
    return " ".join(word for word in words if word)


def _numbers(ticket: Ticket) -> list[str]:
    fields = numbers_of(ticket.order_type)
    values = [float(getattr(ticket, field)) for field in fields]
    if not any(values) and not ticket.trail_in_percent:
        return []
    return [
        written(value) + ("%" if field == "trail" and ticket.trail_in_percent else "")
        for field, value in zip(fields, values, strict=True)
    ]


def _contracts(ticket: Ticket, known: Known) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield ways to write the contract, the shortest first, with the words that go to the end of the line."""
    if not ticket.legs:
        yield from _ways(ticket.instrument, known)
        return
    legs = [known.named(leg.instrument) for leg in ticket.legs]
    instruments = [leg for leg in legs if leg is not None]
    if len(instruments) == len(ticket.legs):
        venue = venue_words(instruments[0])
        for strategy in STRATEGIES:
            if text := _by_name(strategy, ticket.legs, instruments):
                yield text, venue
        yield _bracketed(ticket.legs, [spelled(one) for one in instruments]), venue
    yield _bracketed(ticket.legs, [f'"{leg.instrument}"' for leg in ticket.legs]), ()


def _ways(key: str, known: Known) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield the ways to write one contract: as it is spelled, by its name, by its name in quotes."""
    found = known.named(key)
    ways: list[tuple[str, Sequence[str]]] = [(key, ())]
    if found is not None:
        ways.append((spelled(found), venue_words(found)))
    yield from sorted(ways, key=lambda way: sum(map(len, (way[0], *way[1]))))
    yield f'"{key}"', ()


def _bracketed(legs: Sequence[Leg], names: Sequence[str]) -> str:
    inside = " ".join(f"{leg.action} {leg.ratio} {name}" for leg, name in zip(legs, names, strict=True))
    return f"( {inside} )"


def _by_name(strategy: Strategy, legs: Sequence[Leg], instruments: Sequence[Instrument]) -> str:
    """Write legs as a named combination if they are one; "" when they are not. Reading back is the proof."""
    if len(legs) != len(strategy.legs):
        return ""
    strikes = {shape.strike: one.strike for shape, one in zip(strategy.legs, instruments, strict=True)}
    expiries = {shape.expiry: one.expiry for shape, one in zip(strategy.legs, instruments, strict=True)}
    first = instruments[0]
    root = spelled(first).split(" ")[0]
    when = "/".join(dates.written(expiries[place]) for place in sorted(expiries))
    at = "/".join(written(strikes[place]) for place in sorted(strikes))
    return f"{strategy.word} {root} {when} {at}{first.right if strategy.has_right else ''}"
