"""Rehearse a ticket: one what-if preview, on a confirmed click, at most one a minute. Nothing here sends an order."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.domain import kinds
from cockpit.domain.plan import Ticket
from cockpit.services.desk import Desk
from cockpit.services.errors import NoAnswer, NotPermitted, Refused, Trouble
from cockpit.services.harm import Harm
from cockpit.services.ports import SocketLink
from cockpit.services.state import Rehearsal


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
    def not_possible(sentence: str) -> Rehearsal:
        return Rehearsal(key, desk.now(), "not possible", sentence)

    found = _find(desk, key)
    if found is None:
        return not_possible("The playbook has no such ticket.")
    ticket, socket_name = found
    instrument = desk.plan.instrument(ticket.instrument)
    link = next((link for link in links if link.socket.name == socket_name), None)
    if instrument is None or link is None or not link.is_open:
        return not_possible("TWS is not connected, so nothing can be asked.")
    # Older than its time, or from an earlier start, it may have been unticked since; only a preview can tell.
    read_only = desk.facts.fresh(kinds.READ_ONLY, link.socket.subject, desk.now())
    if read_only is not None and read_only.value:
        return not_possible(
            "The API is read-only: a what-if would raise a dialog in TWS and bring no answer."
        )
    try:
        harm.permit_what_if(confirmed=confirmed)
        preview = await link.preview(ticket, instrument)
    except NotPermitted as trouble:
        return not_possible(trouble.sentence)
    except NoAnswer as trouble:
        return Rehearsal(key, desk.now(), "no answer", trouble.sentence)
    except Refused as trouble:
        return Rehearsal(
            key, desk.now(), "refused", trouble.sentence, warning=trouble.quote, code=trouble.code
        )
    except Trouble as trouble:
        return not_possible(trouble.sentence)
    return Rehearsal(
        key,
        desk.now(),
        "answered",
        "The broker would take it.",
        preview.initial_margin_change,
        preview.commission,
        preview.warning,
    )


def _find(desk: Desk, key: str) -> tuple[Ticket, str] | None:
    for flow in desk.plan.flows:
        for ticket in flow.tickets:
            if ticket.key == key:
                socket = desk.plan.socket_of(flow)
                return (ticket, socket.name) if socket is not None else None
    return None
