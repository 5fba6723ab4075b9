"""Rehearse a ticket: one what-if preview, on a confirmed click, at most one a minute. Nothing here sends an order."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from msgspec import Struct

from cockpit.domain import kinds
from cockpit.domain.plan import Instrument, Plan, Ticket
from cockpit.services.desk import Desk
from cockpit.services.errors import ConnectionEnded, NoAnswer, NotPermitted, Refused, Trouble
from cockpit.services.harm import Harm
from cockpit.services.ports import SocketLink
from cockpit.services.state import ANSWERED, NO_ANSWER, NOT_POSSIBLE, REFUSED, Rehearsal

# Seconds for one preview, above the adapter's own time-out: whatever the link does, the next ticket gets its turn.
ANSWER_WITHIN = 15.0


class Staged(Struct, frozen=True):
    """A ticket of the playbook with what it trades and the name of the socket that asks for it."""

    ticket: Ticket
    instrument: Instrument
    socket: str


def staged(plan: Plan, key: str) -> Staged | None:
    """Find a ticket of the playbook; None when it, its instrument or its socket is not there."""
    for flow in plan.flows:
        for ticket in flow.tickets:
            if ticket.key != key:
                continue
            socket = plan.socket_of(flow)
            instrument = plan.instrument(
                ticket.instrument or next((leg.instrument for leg in ticket.legs), "")
            )
            if socket is None or instrument is None:
                return None
            return Staged(ticket, instrument, socket.name)
    return None


def link_of(links: Sequence[SocketLink], socket: str) -> SocketLink | None:
    """Return the link to the socket of that name."""
    return next((link for link in links if link.socket.name == socket), None)


def is_read_only(desk: Desk, subject: str) -> bool:
    """Whether the API is known to take no orders.

    Older than its time, or from an earlier start, it may have been unticked since; only a preview can tell.
    """
    seen = desk.facts.fresh(kinds.READ_ONLY, subject, desk.now())
    return seen is not None and seen.value


async def rehearse(
    desk: Desk, harm: Harm, links: Sequence[SocketLink], ticket: str, *, confirmed: bool
) -> Rehearsal:
    """Ask the what-if of one ticket of the playbook; whatever comes of it is shown and returned, nothing is raised."""
    result = await _rehearse(desk, harm, links, ticket, confirmed=confirmed)
    desk.show_rehearsal(result)
    return result


async def _rehearse(
    desk: Desk, harm: Harm, links: Sequence[SocketLink], key: str, *, confirmed: bool
) -> Rehearsal:
    def ended(state: str, sentence: str, quote: str = "", code: int = 0) -> Rehearsal:
        return Rehearsal(key, desk.now(), state, sentence, warning=quote, code=code)

    found = staged(desk.plan, key)
    if found is None:
        return ended(NOT_POSSIBLE, "The playbook has no such ticket, or not what it trades.")
    link = link_of(links, found.socket)
    if link is None or not link.is_open:
        return ended(NOT_POSSIBLE, "TWS is not connected, so nothing can be asked.")
    if is_read_only(desk, link.socket.subject):
        return ended(
            NOT_POSSIBLE, "The API is read-only: a what-if would raise a dialog in TWS and bring no answer."
        )
    try:
        harm.permit_what_if(confirmed=confirmed)
        async with asyncio.timeout(ANSWER_WITHIN):
            preview = await link.preview(found.ticket, found.instrument)
    except NotPermitted as trouble:
        return ended(NOT_POSSIBLE, trouble.sentence)
    except TimeoutError:
        return ended(NO_ANSWER, f"No answer within {ANSWER_WITHIN:.0f} s.")
    except (NoAnswer, ConnectionEnded) as trouble:
        return ended(NO_ANSWER, trouble.sentence)
    except Refused as trouble:
        return ended(REFUSED, trouble.sentence, trouble.quote, trouble.code)
    except Trouble as trouble:
        return ended(NOT_POSSIBLE, trouble.sentence)
    return Rehearsal(
        key,
        desk.now(),
        ANSWERED,
        "The broker would take it.",
        initial_margin_change=preview.initial_margin_change,
        maintenance_margin_change=preview.maintenance_margin_change,
        commission=preview.commission,
        warning=preview.warning,
    )
