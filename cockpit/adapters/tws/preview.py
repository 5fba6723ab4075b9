"""A planned ticket as a what-if, and the broker's two-part answer to it."""

from __future__ import annotations

import math

from ib_async import Contract, OrderState
from msgspec import Struct, field

from cockpit.adapters.foreign_text import clean
from cockpit.adapters.tws.contracts import plain
from cockpit.adapters.tws.messages import Code, Message, OrderAnswer
from cockpit.adapters.tws.status import is_read_only
from cockpit.adapters.tws.whatif import OrderType, WhatIf
from cockpit.domain.plan import Ticket
from cockpit.domain.remedy import Remedy
from cockpit.services.errors import Refused, Unreadable
from cockpit.services.ports import Preview

# Codes that come with an order and do not stop it ("Information only" of the manual's table).
_WARNINGS = frozenset({399, 404, 481, 10233, 10311, 10349})

_UNSET = 1e300  # the wire's "no value" is the largest double

_WRITE = Remedy("Untick Read-Only API in Global Configuration, API, Settings to rehearse orders.")


def question(ticket: Ticket, contract: Contract, account: str, order_id: int) -> WhatIf:
    """Make the what-if of a ticket. Its one price is limit, stop or trailing amount, as the type needs.

    For STP LMT it stands for both stop and limit, for TRAIL LIMIT for trailing amount and limit offset: a
    rehearsal asks for margin and permission, which do not hang on the distance between the two.
    """
    kind = ticket.order_type
    return WhatIf(
        order_id=order_id,
        contract=plain(contract),
        action=ticket.action,
        quantity=ticket.quantity,
        order_type=kind,
        limit_price=ticket.price if kind in {OrderType.LIMIT, OrderType.STOP_LIMIT} else None,
        stop_price=ticket.price if kind not in {OrderType.MARKET, OrderType.LIMIT} else None,
        limit_offset=ticket.price if kind == OrderType.TRAIL_LIMIT else None,
        time_in_force=ticket.time_in_force,
        account=account,
        outside_hours=ticket.outside_hours,
    )


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
