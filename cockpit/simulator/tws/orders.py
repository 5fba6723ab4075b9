"""The order book: who sees which order, cancels, and a live order made visible."""

from __future__ import annotations

from msgspec.structs import replace

from cockpit.simulator.scenario import Contract, OpenOrder
from cockpit.simulator.tws import layouts
from cockpit.simulator.tws.session import Handler, Session
from cockpit.simulator.tws.state import BookedOrder
from cockpit.simulator.tws.texts import READ_ONLY
from cockpit.simulator.tws.what_if import answer_what_if, contract_values, named, open_order
from cockpit.simulator.wire.frames import FieldValue
from cockpit.simulator.wire.requests import Cursor, PlacedOrder, read_order


def _on_place_order(session: Session, cursor: Cursor) -> None:
    order = read_order(cursor.everything(), session.version)
    if session.state.config.read_only:
        session.tell(321, READ_ONLY, order.order_id)
    elif order.what_if:
        answer_what_if(session, order)
    else:
        _accept(session, order)


def _accept(session: Session, order: PlacedOrder) -> None:
    """Take a live order as TWS would: it works at once, and everybody can see it."""
    contract = named(session, order)
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
    values = contract_values(contract, "") | {
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
    session.send(open_order(session, values))
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
