"""Orders: what-ifs answered in two parts, every refusal on request, and a live order made visible."""

from __future__ import annotations

from dataclasses import replace

from cockpit.simulator import tws_layouts as layouts
from cockpit.simulator.dates import is_open
from cockpit.simulator.frames import FieldValue
from cockpit.simulator.scenario import Contract, OpenOrder, Refusal
from cockpit.simulator.tws_contracts import combination, find, order_types
from cockpit.simulator.tws_margin import preview
from cockpit.simulator.tws_requests import Cursor, PlacedOrder, read_order
from cockpit.simulator.tws_session import Handler, Session
from cockpit.simulator.tws_state import BookedOrder
from cockpit.simulator.tws_texts import READ_ONLY

# How an order's type is spelled in the list of a contract, where it is not just the type without blanks.
_TOKENS = {
    "STP LMT": "STPLMT",
    "TRAIL LIMIT": "TRAILLMT",
    "MIDPRICE": "MIDPX",
    "SNAP MID": "SNAPMID",
    "SNAP MKT": "SNAPMKT",
    "SNAP PRIM": "SNAPREL",
    "PEG MID": "PEGMID",
    "TRAIL MIT": "TRAILMIT",
    "TRAIL LIT": "TRAILLIT",
    "VOL": "VOLAT",
}
_TIF_TOKENS = frozenset({"GTC", "IOC", "FOK", "GTD", "OPG"})


def _on_place_order(session: Session, cursor: Cursor) -> None:
    order = read_order(cursor.everything(), session.version)
    if session.state.config.read_only:
        session.tell(321, READ_ONLY, order.order_id)
    elif order.what_if:
        _answer_what_if(session, order)
    else:
        _accept(session, order)


def _answer_what_if(session: Session, order: PlacedOrder) -> None:
    """Send the placeholder part and the numbers, or the refusal that stands in for them."""
    if not session.state.upstream:
        return
    delay = session.state.config.what_if_latency_ms / 1000
    if not order.transmit:
        session.tell(413, request=order.order_id, after=delay)
        return
    contract = _named(session, order)
    if contract is None:
        session.tell(200, request=order.order_id, after=delay)
        return
    refusal = _refusal(contract, order)
    if refusal is None:
        session.send(_first_part(session, order, contract), delay)
        session.send(_second_part(session, order, contract), delay)
        return
    if refusal.delay_ms:
        session.send(_first_part(session, order, contract), delay)
    if not refusal.silent:
        after = delay + refusal.delay_ms / 1000
        text = refusal.text if session.state.language == "en" else ""
        session.tell(refusal.code, request=order.order_id, text=text, after=after)


def _refusal(contract: Contract, order: PlacedOrder) -> Refusal | None:
    kind = _TOKENS.get(order.order_type, order.order_type.replace(" ", ""))
    for rule in contract.refuse:
        meets_type = not rule.order_types or {order.order_type, kind} & set(rule.order_types)
        if meets_type and (not rule.tifs or order.tif in rule.tifs):
            return rule
    offered = order_types(contract, order.contract.exchange)
    if kind not in offered:
        return Refusal(387, "Unsupported order type for this exchange and security type.")
    if order.tif in _TIF_TOKENS and order.tif not in offered:
        return Refusal(201, f"Order rejected - reason:Invalid time in force:{order.tif}")
    if order.algo and "ALGO" not in offered:
        return Refusal(439, "Algorithm definition not found.")
    if not contract.permitted:
        return Refusal(201, f"Order rejected - reason:No trading permission for {contract.symbol}.")
    if not contract.tradable:
        return Refusal(203, "The security is not available or allowed for this account.")
    return None


def _first_part(session: Session, order: PlacedOrder, contract: Contract) -> list[FieldValue]:
    warning = ""
    liquid = contract.liquid_hours or contract.hours
    if not order.outside_hours and not is_open(liquid, contract.zone, session.world.now()):
        warning = "The order will not be placed at the exchange before the next regular session."
    values = _what_if_values(session, order, contract)
    return _open_order(session, values | {"commission": 0.0, "warning": warning})


def _second_part(session: Session, order: PlacedOrder, contract: Contract) -> list[FieldValue]:
    account = next((known for known in session.state.accounts if known.id == order.account), None)
    margins = preview(account or session.state.accounts[0], contract, order)
    values = _what_if_values(session, order, contract)
    if session.version < 142:
        margins = {
            name: value for name, value in margins.items() if not name.endswith(("_before", "_change"))
        }
    if session.version >= 195:
        margins["margin_currency"] = margins["commission_currency"]
    return _open_order(session, values | margins)


def _what_if_values(
    session: Session, order: PlacedOrder, contract: Contract
) -> dict[str, FieldValue | layouts.Block]:
    return _contract_values(contract, order.contract.exchange) | {
        "order_id": order.order_id,
        "action": order.action,
        "quantity": order.quantity,
        "order_type": order.order_type,
        "limit_price": order.limit_price or 0.0,
        "stop_price": order.stop_price or 0.0,
        "tif": order.tif or "DAY",
        "account": order.account or session.state.accounts[0].id,
        "client": session.client,
        "outside_hours": order.outside_hours,
        "algo": _algo(order),
        "what_if": True,
        "status": "PreSubmitted",
    }


def _accept(session: Session, order: PlacedOrder) -> None:
    """Take a live order as TWS would: it works at once, and everybody can see it."""
    contract = _named(session, order)
    if contract is None:
        session.tell(200, request=order.order_id)
        return
    booked = BookedOrder(
        OpenOrder(
            order_id=order.order_id,
            perm_id=session.world.new_perm_id(),
            client=session.client,
            account=order.account or session.state.accounts[0].id,
            con_id=contract.con_id,
            action=order.action,
            quantity=order.quantity,
            order_type=order.order_type,
            price=float(order.limit_price or 0),
            tif=order.tif or "DAY",
        ),
        origin=session.state.config.name,
    )
    session.world.book.append(booked)
    session.state.next_order_id = max(session.state.next_order_id, order.order_id + 1)
    _send_booked(session, booked)


def _on_cancel_order(session: Session, cursor: Cursor) -> None:
    if session.version < 192:
        cursor.skip()
    number = cursor.integer()
    for booked in _visible(session, own=True):
        if booked.order.order_id == number:
            _cancel(session, booked)
            return
    session.tell(10147, str(number), number)


def _on_global_cancel(session: Session, _cursor: Cursor) -> None:
    for booked in _visible(session, own=False):
        _cancel(session, booked)


def _on_open_orders(session: Session, _cursor: Cursor) -> None:
    if session.state.config.read_only:
        session.tell(321, READ_ONLY)
    else:
        _send_orders(session, own=True)


def _on_all_open_orders(session: Session, _cursor: Cursor) -> None:
    _send_orders(session, own=False)


def _on_bind_orders(session: Session, _cursor: Cursor) -> None:
    if session.client != 0:
        session.tell(327)


def _on_executions(session: Session, cursor: Cursor) -> None:
    cursor.skip()
    session.send([55, 1, cursor.integer()])


def _on_completed_orders(session: Session, _cursor: Cursor) -> None:
    if session.state.config.read_only:
        session.tell(321, READ_ONLY)
    else:
        session.send([102])


def _send_orders(session: Session, own: bool) -> None:
    for booked in _visible(session, own):
        _send_booked(session, booked)
    session.send([53, 1])


def _send_booked(session: Session, booked: BookedOrder) -> None:
    order = booked.order
    contract = session.world.contract(order.con_id) or Contract(con_id=order.con_id)
    values = _contract_values(contract, "") | {
        "order_id": order.order_id,
        "action": order.action,
        "quantity": order.quantity,
        "order_type": order.order_type,
        "limit_price": order.price,
        "stop_price": 0.0,
        "tif": order.tif,
        "account": order.account,
        "client": order.client,
        "perm_id": order.perm_id,
        "status": booked.status,
    }
    session.send(_open_order(session, values))
    session.send(_order_status(session, booked))


def _order_status(session: Session, booked: BookedOrder) -> list[FieldValue]:
    order = booked.order
    return layouts.fill(
        layouts.ORDER_STATUS,
        session.version,
        {
            "order_id": order.order_id,
            "status": booked.status,
            "filled": 0,
            "remaining": order.quantity,
            "average_price": 0,
            "perm_id": order.perm_id,
            "client": order.client,
        },
    )


def _cancel(session: Session, booked: BookedOrder) -> None:
    session.world.book.remove(booked)
    session.send(_order_status(session, replace(booked, status="Cancelled")))
    session.tell(202, request=booked.order.order_id)


def _visible(session: Session, own: bool) -> list[BookedOrder]:
    """Orders of this server's accounts; `own`: only those of this very client id."""
    managed = {account.id for account in session.state.accounts}
    return [
        booked
        for booked in session.world.book
        if booked.order.account in managed and (not own or booked.order.client == session.client)
    ]


def _named(session: Session, order: PlacedOrder) -> Contract | None:
    if order.contract.sec_type == "BAG":
        return combination(session.world.contracts, order.contract)
    found = find(session.world.contracts, order.contract)
    return found[0] if len(found) == 1 else None


def _open_order(session: Session, values: dict[str, FieldValue | layouts.Block]) -> list[FieldValue]:
    return layouts.fill(layouts.OPEN_ORDER, session.version, values)


def _contract_values(contract: Contract, exchange: str) -> dict[str, FieldValue | layouts.Block]:
    return {
        "con_id": contract.con_id,
        "symbol": contract.symbol,
        "sec_type": contract.sec_type,
        "expiry": contract.expiry,
        "strike": contract.strike,
        "right": contract.right or "?",
        "multiplier": contract.multiplier,
        "exchange": exchange or contract.exchange,
        "currency": contract.currency,
        "local_symbol": contract.local_symbol,
        "trading_class": contract.trading_class,
    }


def _algo(order: PlacedOrder) -> layouts.Block:
    if not order.algo:
        return [""]
    return [order.algo, len(order.algo_params), *(value for row in order.algo_params for value in row)]


HANDLERS: dict[int, Handler] = {
    3: _on_place_order,
    4: _on_cancel_order,
    5: _on_open_orders,
    7: _on_executions,
    15: _on_bind_orders,
    16: _on_all_open_orders,
    58: _on_global_cancel,
    99: _on_completed_orders,
}
