"""The playbook as it is edited: every edit makes another one, and none of them loses a line that somebody typed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from cockpit.domain.plan import Flow, Instrument, Ticket
from cockpit.domain.tickets.reader import Parsed

Thing = TypeVar("Thing")

_LONGEST_KEY = 40
_DRAFT = "draft/"


class Book(Struct, frozen=True):
    """The flows and instruments that make the playbook."""

    flows: tuple[Flow, ...] = ()
    instruments: tuple[Instrument, ...] = ()

    def flow(self, key: str) -> Flow | None:
        """Return the flow called `key`."""
        return next((flow for flow in self.flows if flow.key == key), None)

    def place(self, key: str) -> int:
        """Return the place of a flow, -1 when there is none of that key."""
        return next((place for place, flow in enumerate(self.flows) if flow.key == key), -1)


def draft_key(place: int) -> str:
    """Return the key of a draft's row; no ticket has one with a stroke."""
    return f"{_DRAFT}{place}"


def draft_place(key: str) -> int | None:
    """Return the place of a draft among those of its flow; None for the key of a ticket."""
    return int(key.removeprefix(_DRAFT)) if key.startswith(_DRAFT) else None


def with_flow(book: Book, flow: Flow) -> Book:
    """Put a flow in the place of the one with its key."""
    return replace(book, flows=tuple(flow if one.key == flow.key else one for one in book.flows))


def with_new_flow(book: Book) -> tuple[Book, str]:
    """Add a flow behind the last and return its key."""
    key = _free("flow", {flow.key for flow in book.flows})
    return replace(book, flows=(*book.flows, Flow(key, "New flow"))), key


def without_flow(book: Book, key: str) -> Book:
    """Take a flow out, and the instruments that nothing else names."""
    flow = book.flow(key)
    if flow is None:
        return book
    left = replace(book, flows=tuple(one for one in book.flows if one.key != key))
    return _pruned(left, names_of(flow))


def with_flow_moved(book: Book, key: str, by: int) -> Book:
    """Move a flow up (negative) or down."""
    return replace(book, flows=_moved(book.flows, book.place(key), by))


def with_parsed(book: Book, flow_key: str, parsed: Iterable[Parsed]) -> Book:
    """Add what was read as tickets behind the last one, and what was not as drafts."""
    for one in parsed:
        flow = book.flow(flow_key)
        if flow is None:
            return book
        if one.ticket is None:
            if one.text.strip():
                book = with_flow(book, replace(flow, drafts=(*flow.drafts, one.text)))
            continue
        ticket = replace(one.ticket, key=_new_ticket_key(book, flow))
        book = with_flow(
            _with_instruments(book, one.instruments), replace(flow, tickets=(*flow.tickets, ticket))
        )
    return book


def with_row(book: Book, flow_key: str, row: str, parsed: Parsed) -> Book:
    """Put what was read in the place of a ticket or a draft; a ticket keeps its key, and with it its rehearsals.

    What could not be read becomes a draft, and a ticket stays beside it as it was.
    """
    flow = book.flow(flow_key)
    if flow is None:
        return book
    place = draft_place(row)
    if place is not None:
        return with_parsed(without_row(book, flow_key, row), flow_key, (parsed,))
    before = next((ticket for ticket in flow.tickets if ticket.key == row), None)
    if before is None or parsed.ticket is None:
        return with_parsed(book, flow_key, (parsed,))
    ticket = replace(parsed.ticket, key=row)
    changed = replace(flow, tickets=tuple(ticket if one.key == row else one for one in flow.tickets))
    return _pruned(with_flow(_with_instruments(book, parsed.instruments), changed), _named(before))


def without_row(book: Book, flow_key: str, row: str) -> Book:
    """Take a ticket or a draft out, and the instruments that nothing else names."""
    flow = book.flow(flow_key)
    if flow is None:
        return book
    place = draft_place(row)
    if place is not None:
        drafts = (*flow.drafts[:place], *flow.drafts[place + 1 :])
        return with_flow(book, replace(flow, drafts=drafts))
    gone = [ticket for ticket in flow.tickets if ticket.key == row]
    left = with_flow(book, replace(flow, tickets=tuple(one for one in flow.tickets if one.key != row)))
    return _pruned(left, {name for ticket in gone for name in _named(ticket)})


def with_row_moved(book: Book, flow_key: str, row: str, by: int) -> Book:
    """Move a ticket up (negative) or down within its flow; drafts stand behind the tickets and keep their order."""
    flow = book.flow(flow_key)
    if flow is None or draft_place(row) is not None:
        return book
    place = next((place for place, one in enumerate(flow.tickets) if one.key == row), -1)
    return with_flow(book, replace(flow, tickets=_moved(flow.tickets, place, by)))


def with_row_in(book: Book, flow_key: str, row: str, other: str) -> Book:
    """Move a ticket or a draft to the end of another flow."""
    flow, there = book.flow(flow_key), book.flow(other)
    if flow is None or there is None or flow_key == other:
        return book
    place = draft_place(row)
    if place is not None and place < len(flow.drafts):
        there = replace(there, drafts=(*there.drafts, flow.drafts[place]))
        flow = replace(flow, drafts=(*flow.drafts[:place], *flow.drafts[place + 1 :]))
    else:
        moved = tuple(one for one in flow.tickets if one.key == row)
        there = replace(there, tickets=(*there.tickets, *moved))
        flow = replace(flow, tickets=tuple(one for one in flow.tickets if one.key != row))
    return with_flow(with_flow(book, flow), there)


def with_prices(book: Book, flow_key: str, instruments: Sequence[Instrument]) -> Book:
    """Say which instruments a flow needs a live price of."""
    flow = book.flow(flow_key)
    if flow is None:
        return book
    wanted = tuple(dict.fromkeys(one.key for one in instruments))
    changed = with_flow(_with_instruments(book, instruments), replace(flow, instruments=wanted))
    return _pruned(changed, set(flow.instruments))


def names_of(flow: Flow) -> set[str]:
    """Return the keys of all instruments that a flow and its tickets name."""
    return {*flow.instruments, *(name for ticket in flow.tickets for name in _named(ticket))}


def _named(ticket: Ticket) -> set[str]:
    return {ticket.instrument, *(leg.instrument for leg in ticket.legs)}


def _with_instruments(book: Book, instruments: Iterable[Instrument]) -> Book:
    known = {one.key for one in book.instruments}
    new = tuple(one for one in instruments if one.key not in known)
    return replace(book, instruments=(*book.instruments, *new)) if new else book


def _pruned(book: Book, candidates: set[str]) -> Book:
    """Take out those of `candidates` that nothing names any more: the check would ask for their prices for nobody."""
    gone = candidates - {name for flow in book.flows for name in names_of(flow)}
    return replace(book, instruments=tuple(one for one in book.instruments if one.key not in gone))


def _new_ticket_key(book: Book, flow: Flow) -> str:
    return _free(flow.key, {ticket.key for one in book.flows for ticket in one.tickets})


def _free(base: str, taken: set[str]) -> str:
    number = 1
    while (key := f"{base[: _LONGEST_KEY - 6]}-{number}") in taken:
        number += 1
    return key


def _moved(things: tuple[Thing, ...], place: int, by: int) -> tuple[Thing, ...]:
    there = place + by
    if not 0 <= place < len(things) or not 0 <= there < len(things):
        return things
    rest = [*things[:place], *things[place + 1 :]]
    rest.insert(there, things[place])
    return tuple(rest)
