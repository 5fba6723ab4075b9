"""What-ifs: the two parts of the answer, and every refusal that can stand in for them."""

from __future__ import annotations

from cockpit.simulator.dates import is_open
from cockpit.simulator.refusals import Wish, at_venue, rules_met, token
from cockpit.simulator.scenario import Contract
from cockpit.simulator.terms import Refusal
from cockpit.simulator.tws import layouts
from cockpit.simulator.tws.contracts import combination, find
from cockpit.simulator.tws.margin import preview
from cockpit.simulator.tws.session import Session
from cockpit.simulator.wire.frames import FieldValue
from cockpit.simulator.wire.requests import PlacedOrder

_TIF_TOKENS = frozenset({"GTC", "IOC", "FOK", "GTD", "OPG"})


def answer_what_if(session: Session, order: PlacedOrder) -> None:
    """Send the placeholder part and the numbers, or the refusal that stands in for them."""
    if not session.state.upstream:
        return
    delay = session.state.config.what_if_latency_ms / 1000
    if not order.transmit:
        session.tell(413, request=order.order_id, after=delay)
        return
    contract = named(session, order)
    if contract is None:
        session.tell(200, request=order.order_id, after=delay)
        return
    refusal = _refusal(session, contract, order)
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


def _refusal(session: Session, contract: Contract, order: PlacedOrder) -> Refusal | None:
    account = order.account or session.state.accounts[0].id
    wish = Wish(order.order_type, order.action, order.tif, order.quantity, account, order.contract.exchange)
    rule = next(rules_met(session.world.scenario, contract, wish), None)
    if rule is not None:
        return rule
    kind = token(order.order_type)
    if kind not in contract.order_types:
        return Refusal(387, "Unsupported order type for this exchange and security type.")
    if order.tif in _TIF_TOKENS and order.tif not in contract.order_types:
        return Refusal(201, f"Order rejected - reason:Invalid time in force:{order.tif}")
    if order.algo and "ALGO" not in contract.order_types:
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
    return open_order(session, values | {"commission": 0.0, "warning": warning})


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
    return open_order(session, values | margins)


def _what_if_values(
    session: Session, order: PlacedOrder, contract: Contract
) -> dict[str, FieldValue | layouts.Block]:
    return contract_values(contract, order.contract.exchange) | {
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


def named(session: Session, order: PlacedOrder) -> Contract | None:
    """The one instrument that an order names as its venue has it, or the combination of its legs; else None."""
    if order.contract.sec_type == "BAG":
        return combination(session.world.contracts, order.contract)
    found = find(session.world.contracts, order.contract)
    return at_venue(found[0], order.contract.exchange) if len(found) == 1 else None


def open_order(session: Session, values: dict[str, FieldValue | layouts.Block]) -> list[FieldValue]:
    """Write an openOrder message in the session's version."""
    return layouts.fill(layouts.OPEN_ORDER, session.version, values)


def contract_values(contract: Contract, exchange: str) -> dict[str, FieldValue | layouts.Block]:
    """The contract fields of an openOrder; no right is a question mark there."""
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
