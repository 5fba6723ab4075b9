"""What tickets, drafts and flows say on screen."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from cockpit.domain import kinds
from cockpit.domain.calendar import venue_name
from cockpit.domain.catalogue import Playing
from cockpit.domain.interface import Interface
from cockpit.domain.level import Level
from cockpit.domain.plan import Flow, Instrument, Ticket
from cockpit.domain.tickets import dates
from cockpit.domain.tickets.known import Known
from cockpit.domain.tickets.numbers import written
from cockpit.domain.tickets.reader import Parsed, parse
from cockpit.domain.tickets.writer import write
from cockpit.domain.words import counted, listed
from cockpit.services.state import DeskState
from cockpit.ui.glyphs import Glyph, glyph_of
from cockpit.ui.playbook.book import Book, draft_key
from cockpit.ui.text import discreet, short
from cockpit.ui.widgets.ledger import Cell, Row, Tone

INTERFACES = {
    Interface.TWS: "TWS",
    Interface.TWS_API: "TWS API",
    Interface.CLIENT_PORTAL: "Client Portal",
    Interface.DESKTOP: "IBKR Desktop",
    Interface.MOBILE: "IBKR Mobile",
    Interface.WEB_API: "Web API",
    Interface.FLEX: "Flex reports",
}
_TIMES = {
    "GTC": "until cancelled",
    "IOC": "at once or cancelled",
    "OPG": "at the opening",
    "FOK": "all or nothing",
    "OVERNIGHT": "overnight",
}


def known_of(state: DeskState, book: Book, now: float) -> Known:
    """Return what a line is read with: the catalogue, the playbook's instruments, the desk's accounts, the day."""
    plan, accounts = state.plan, dict[str, None]()
    for socket in plan.sockets:
        seen = state.facts.look(kinds.ACCOUNTS, socket.subject)
        accounts |= dict.fromkeys((*socket.accounts, *(map(str, seen.value) if seen is not None else ())))
    if plan.portal is not None:
        accounts |= dict.fromkeys(plan.portal.accounts)
    zone = ZoneInfo(plan.zone)
    today = datetime.fromtimestamp(now, UTC).astimezone(zone).date()
    return Known(state.catalogue, book.instruments, tuple(accounts), today)


def line_of(ticket: Ticket, known: Known) -> str:
    """Write a ticket as a line; what the grammar cannot express is said as it was typed."""
    return write(ticket, known) or ticket.text


def meaning(ticket: Ticket, catalogue: Playing) -> str:
    """Say a ticket in words: `Sell 2, trailing stop limit, trail 5, offset 2, until cancelled, outside hours`."""
    row = catalogue.order_type(ticket.order_type)
    amount = f"for {_grouped(ticket.quantity)}" if ticket.in_cash else _grouped(ticket.quantity)
    words = [f"{ticket.action.capitalize()} {amount}", (row.title if row else ticket.order_type).lower()]
    words += [
        f"{name} {_grouped(value)}{'%' if name == 'trail' and ticket.trail_in_percent else ''}"
        for name, value in (
            ("trigger", ticket.stop),
            ("trail", ticket.trail),
            ("offset", ticket.limit_offset),
            ("at", ticket.price),
        )
        if value
    ]
    if ticket.time_in_force == "GTD":
        words.append(f"until {dates.written(ticket.until[:8])}{ticket.until[8:]}")
    else:
        words.append(_TIMES.get(ticket.time_in_force, ticket.time_in_force.lower()))
    if ticket.outside_hours:
        words.append("outside hours")
    if ticket.algorithm:
        algorithm = catalogue.order_types.get(ticket.algorithm)
        words.append(f"by {algorithm.title if algorithm else ticket.algorithm}")
    if ticket.account:
        words.append(f"account {ticket.account}")
    return ", ".join(words)


def _grouped(value: float) -> str:
    """Write a number with a comma between thousands, and nothing lost behind the point."""
    whole, point, rest = written(value).partition(".")
    return (
        f"{int(whole):,}{point}{rest}"
        if whole.lstrip("-").isdigit() and whole != "-0"
        else f"{whole}{point}{rest}"
    )


def contract(one: Instrument) -> str:
    """Say what an instrument is: `FUT ES at CME in USD, DEC26`."""
    when = f", {dates.written(one.expiry)}" if one.expiry else ""
    strike = f" {written(one.strike)}{one.right}" if one.strike else ""
    return f"{one.sec_type} {one.symbol} at {one.exchange} in {one.currency}{when}{strike}"


def read_as(parsed: Parsed, known: Known) -> str:
    """Say what a line was read as, with what it brings along."""
    if parsed.ticket is None:
        return ""
    new = [one for one in parsed.instruments if known.named(one.key) is None]
    # One new contract in full; of the legs of a combination the names, which say it all and leave room.
    more = f". New: {listed([contract(one) if len(new) == 1 else one.key for one in new])}" if new else ""
    ticket = parsed.ticket
    what = f"combination of {len(ticket.legs)} legs" if ticket.legs else ticket.instrument
    side, _, rest = meaning(ticket, known.catalogue).partition(", ")
    return f"{side} {what}, {rest}{more}"


def ticket_rows(flow: Flow, known: Known) -> list[Row]:
    """Return a row for every ticket, then one for every draft with what is wrong with it."""
    rows = [_ticket_row(ticket, known) for ticket in flow.tickets]
    for place, draft in enumerate(flow.drafts):
        rows.append(_draft_row(draft_key(place), draft, parse(draft, known)))
    return rows


def _ticket_row(ticket: Ticket, known: Known) -> Row:
    line, words = discreet(line_of(ticket, known)), discreet(meaning(ticket, known.catalogue))
    missing = _missing(ticket, known)
    if missing:
        words = f"The playbook has no contract {short(missing)}. {words}"
    level = Level.LIMITED if missing else None
    what, detail = _trades(ticket, known)
    return Row(
        ticket.key,
        (
            Cell(line, words, glyph=glyph_of(level) if level else None, level=level),
            Cell(discreet(what), discreet(detail), tone=Tone.PLAIN),
        ),
        f"{line}\n{words}",
    )


def _trades(ticket: Ticket, known: Known) -> tuple[str, str]:
    """Say what changes hands: a contract, or of a combination what it is on and until when."""
    if not ticket.legs:
        one = known.named(ticket.instrument)
        return (one.key, contract(one)) if one is not None else ("Contract", "")
    legs = [one for leg in ticket.legs if (one := known.named(leg.instrument)) is not None]
    symbols, ends = dict.fromkeys(one.symbol for one in legs), dict.fromkeys(one.expiry for one in legs)
    days = [dates.written(end) for end in ends if end]
    on = f"{listed(list(symbols))} combination" if symbols else "Combination"
    return on, ", ".join((f"{len(ticket.legs)} legs", *days))


def _missing(ticket: Ticket, known: Known) -> str:
    names = [leg.instrument for leg in ticket.legs] or [ticket.instrument]
    return next((name for name in names if known.named(name) is None), "")


def _draft_row(key: str, text: str, parsed: Parsed) -> Row:
    reason = (
        parsed.problem.sentence()
        if parsed.problem is not None
        else "Can be read now: Enter makes it a ticket."
    )
    reason = discreet(_capital(reason))
    return Row(
        key,
        (
            Cell(short(text, 120), reason, glyph=Glyph.LIMITED, level=Level.LIMITED),
            Cell("Draft", "not read yet", tone=Tone.PLAIN),
        ),
        f"{discreet(text)}\n{reason}",
    )


def pasted_rows(parsed: tuple[Parsed, ...], known: Known) -> list[Row]:
    """Return a row for everything that was pasted: what it was read as, or its text and why it was not read."""
    rows = []
    for number, one in enumerate(parsed, 1):
        if one.ticket is not None:
            mark = Cell("Ticket", glyph=glyph_of(Level.READY), level=Level.READY)
            words = Cell(short(one.text, 200), discreet(read_as(one, known)))
        else:
            reason = _capital(one.problem.sentence()) if one.problem is not None else ""
            mark = Cell("Not read", glyph=glyph_of(Level.LIMITED), level=Level.LIMITED)
            words = Cell(short(one.text, 200), discreet(reason))
        rows.append(
            Row(f"{number}", (Cell(f"{number}", tone=Tone.QUIET), mark, words), discreet(words.sentence()))
        )
    return rows


def flow_rows(book: Book) -> list[Row]:
    """Return a row for every flow; the first three wear the key that selects their task card."""
    return [_flow_row(number, flow) for number, flow in enumerate(book.flows, 1)]


def _flow_row(number: int, flow: Flow) -> Row:
    parts = [INTERFACES[flow.interface], venue_name(flow.venue) if flow.venue else ""]
    parts.append(counted(len(flow.tickets), "ticket") if flow.tickets else "")
    parts.append(counted(len(flow.drafts), "draft") if flow.drafts else "")
    about = " · ".join(short(part, 30) for part in parts if part)
    key = f"{number}" if number <= 3 else ""
    name = discreet(flow.title) or "Untitled"
    return Row(
        flow.key, (Cell(key, tone=Tone.QUIET), Cell(name, about)), f"{name}\n{flow.objective.value}, {about}"
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
