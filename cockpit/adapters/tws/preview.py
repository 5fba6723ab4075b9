"""A planned ticket as a what-if, and the broker's two-part answer to it."""

from __future__ import annotations

import math

from ib_async import Contract, OrderState
from msgspec import Struct, field

from cockpit.adapters.foreign_text import clean
from cockpit.adapters.tws.contracts import plain
from cockpit.adapters.tws.messages import Code, Message, OrderAnswer
from cockpit.adapters.tws.status import is_read_only
from cockpit.adapters.tws.whatif import MAY_LIMIT, NEEDS_LIMIT, NEEDS_TRIGGER, TRAILING, OrderType, WhatIf
from cockpit.domain import kinds
from cockpit.domain.evidence import Observation
from cockpit.domain.plan import Ticket
from cockpit.domain.remedy import Remedy
from cockpit.services.errors import NotPermitted, Refused, Unreadable
from cockpit.services.ports import Preview

# Codes that come with an order and do not stop it ("Information only" of the manual's table).
_WARNINGS = frozenset({399, 404, 481, 10233, 10311, 10349})

_UNSET = 1e300  # the wire's "no value" is the largest double

_WRITE = Remedy("Untick Read-Only API in Global Configuration, API, Settings to rehearse orders.")


def check(ticket: Ticket) -> None:
    """Raise NotPermitted, with the reason, for a ticket whose order would need more than the plain layout."""
    if ticket.legs:
        raise NotPermitted(
            "A combination is not previewed: only the plain order layout is known to be a what-if."
        )
    if ticket.algorithm:
        raise NotPermitted("An order with an algorithm is not previewed. Preview its order type without it.")
    if ticket.in_cash:
        raise NotPermitted("A quantity in cash is not previewed. Preview a number of shares.")


def question(ticket: Ticket, contract: Contract, account: str, order_id: int) -> WhatIf:
    """Make the what-if of a ticket. Where the ticket has only `price`, it stands in for the trigger or the trail.

    A rehearsal asks for margin and permission, which do not hang on the distance between two prices. Raises
    NotPermitted for what `check` names.
    """
    check(ticket)
    kind = ticket.order_type
    has_percent = kind in TRAILING and ticket.trail_in_percent
    trail = ticket.trail or ticket.price
    return WhatIf(
        order_id=order_id,
        contract=plain(contract),
        action=ticket.action,
        quantity=ticket.quantity,
        order_type=kind,
        limit_price=_limit(ticket),
        stop_price=(None if has_percent else trail) if kind in TRAILING else _trigger(ticket),
        limit_offset=(ticket.limit_offset or trail) if kind == OrderType.TRAIL_LIMIT else None,
        trailing_percent=ticket.trail if has_percent else None,
        time_in_force=ticket.time_in_force,
        good_till=ticket.until,
        account=account,
        outside_hours=ticket.outside_hours,
    )


def refusal_facts(subject: str, ticket: Ticket, trouble: Refused, now: float) -> list[Observation]:
    """Say that the broker refused this order type and side for this instrument, in its own words.

    A read-only API refuses every order alike: that says nothing of this one.
    """
    if trouble.remedy == _WRITE:
        return []
    side = "buy" if ticket.action.upper() == "BUY" else "sell"
    place = f"{subject}/refusal/{ticket.instrument}/{ticket.order_type}/{side}"
    note = f"{trouble.code} {trouble.quote}"
    return [
        kinds.REFUSED_CODE.seen(place, str(trouble.code), now, note=trouble.quote),
        kinds.REFUSED_SIZE.seen(place, ticket.quantity, now),
        kinds.PREVIEWED.seen(f"{subject}/preview/{ticket.key}", False, now, note=note),
    ]


def _limit(ticket: Ticket) -> float | None:
    if ticket.order_type in NEEDS_LIMIT:
        return ticket.price
    return (ticket.price or None) if ticket.order_type in MAY_LIMIT else None


def _trigger(ticket: Ticket) -> float | None:
    """Return the trigger of a stop or if-touched order; for a relative one the offset, none when there is none."""
    if ticket.order_type == OrderType.RELATIVE:
        return ticket.limit_offset
    return (ticket.stop or ticket.price) if ticket.order_type in NEEDS_TRIGGER else None


class PreviewAnswer(Struct):
    """Collects the parts: the first brings the warning and placeholders, the second the numbers."""

    preview: Preview | None = None
    _warnings: list[str] = field(default_factory=list)

    def take(self, message: Message) -> None:
        """Fold one message in; `preview` is set when the numbers have come.

        Raises Refused for a code that stops an order, Unreadable when TWS speaks of a real order instead.
        """
        match message:
            case OrderAnswer(is_what_if, state):
                if not is_what_if:
                    raise Unreadable(
                        "TWS answered a preview as if it were an order. Look at the open orders in TWS now."
                    )
                self._take_state(state)
            case Code(code, text, request) if request != -1:
                if code not in _WARNINGS and not 2100 <= code < 2200:
                    raise _refusal(message)
                self._warn(f"{code} {text}")
            case _:
                pass

    def _take_state(self, state: OrderState) -> None:
        self._warn(state.warningText)
        margin = _amount(state.initMarginChange)
        if margin:
            self.preview = Preview(
                initial_margin_change=margin,
                maintenance_margin_change=_amount(state.maintMarginChange),
                commission=_commission(state),
                warning=" · ".join(self._warnings),
            )

    def _warn(self, text: str) -> None:
        words = clean(text.strip())
        if words and words not in self._warnings:
            self._warnings.append(words)


def _refusal(code: Code) -> Refused:
    quote = clean(code.text)
    if is_read_only(code):
        return Refused(
            code.code,
            quote,
            "The API is read-only: TWS takes no order from programs, not even a preview.",
            _WRITE,
        )
    return Refused(code.code, quote, f"The broker refuses this order (code {code.code}).")


def _amount(value: object) -> str:
    """Return an amount as the broker words it, or nothing when it is not set. The library gives text or numbers."""
    text = str(value).strip() if value is not None else ""
    try:
        number = float(text)
    except ValueError:
        return ""
    return clean(text, 40) if math.isfinite(number) and abs(number) < _UNSET else ""


def _commission(state: OrderState) -> str:
    currency = clean(state.commissionCurrency, 8)
    least, most = _amount(state.minCommission), _amount(state.maxCommission)
    words = _amount(state.commission) or (f"{least} to {most}" if least and most else "")
    return f"{words} {currency}".strip() if words else ""
