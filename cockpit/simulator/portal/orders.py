"""Orders through the portal: the preview that submits nothing, and the real path, so that a leak is seen."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping

from msgspec import Struct, field

from cockpit.simulator.portal.contracts import find
from cockpit.simulator.portal.http import Json
from cockpit.simulator.portal.market import display
from cockpit.simulator.refusals import Wish, at_venue, rules_met, token
from cockpit.simulator.scenario import Account, Contract, Feed, OpenOrder, Scenario
from cockpit.simulator.terms import OnPortal, Refusal

_FIRST_ORDER = 1_370_000_001
_RULE_OF_ORDER = {
    "LMT": "limit",
    "MKT": "market",
    "STP": "stop",
    "STPLMT": "stop_limit",
    "MIDPX": "midprice",
    "TRAIL": "trailing_stop",
    "TRAILLMT": "trailing_stop_limit",
    "MIT": "mit",
    "LIT": "lit",
    "REL": "relative",
    "MOC": "marketonclose",
    "LOC": "limitonclose",
}
_NAME_OF_ORDER = {"LMT": "Limit", "MKT": "Market", "STP": "Stop", "STPLMT": "Stop Limit"}
_MARGIN_SHARE = {"STK": (0.5, 0.25)}  # initial, maintenance; everything else by the next line
_OTHER_MARGIN = (0.2, 0.15)
_COMMISSION = 1.0
MARKET_ORDER_QUESTION = "o10151"


class Draft(Struct, frozen=True):
    """An order as the caller wrote it, in the words of the trading desk."""

    con_id: int = 0
    order_type: str = ""
    side: str = ""
    tif: str = ""
    quantity: float = 0.0
    price: float = 0.0
    venue: str = ""

    @classmethod
    def of(cls, row: Mapping[str, object]) -> Draft:
        """Read one row of an `orders` list; what is missing or odd stays empty."""
        head, _, venue = str(row.get("conidex", "")).partition("@")
        return cls(
            con_id=round(_number(row.get("conid", head))),
            order_type=_plain(str(row.get("orderType", ""))),
            side=str(row.get("side", "")).upper(),
            tif=str(row.get("tif", "")).upper(),
            quantity=_number(row.get("quantity")),
            price=_number(row.get("price")),
            venue=venue or str(row.get("listingExchange", "")).upper(),
        )


class Placed(Struct, frozen=True):
    """An order that arrived on the real path and was accepted."""

    order_id: int
    account: str
    draft: Draft


class OrderBook(Struct):
    """The orders this gateway has accepted, and the one question that may be open."""

    placed: list[Placed] = field(default_factory=list)
    _question: tuple[str, str, Draft] | None = None
    _ids: itertools.count[int] = field(default_factory=lambda: itertools.count(_FIRST_ORDER))

    def submit(self, account: str, draft: Draft, suppressed: set[str]) -> list[Json]:
        """Take an order as the broker would: accept it, or ask about a market order first."""
        if draft.order_type == "MKT" and MARKET_ORDER_QUESTION not in suppressed:
            name = f"07a13a5a-4a48-44a5-bb25-{next(self._ids):012d}"
            self._question = (name, account, draft)
            text = "A market order may be filled at a price far from the last one. Submit it?"
            return [
                {"id": name, "message": [text], "isSuppressed": False, "messageIds": [MARKET_ORDER_QUESTION]}
            ]
        self._question = None  # any other order call invalidates the open question
        return self._accept(account, draft)

    def reply(self, name: str, confirmed: bool) -> list[Json] | None:
        """Answer the open question; None when this is not it any more."""
        question, self._question = self._question, None
        if question is None or question[0] != name:
            return None
        if not confirmed:
            return []
        return self._accept(question[1], question[2])

    def _accept(self, account: str, draft: Draft) -> list[Json]:
        order_id = next(self._ids)
        self.placed.append(Placed(order_id, account, draft))
        return [{"order_id": str(order_id), "order_status": "Submitted", "encrypt_message": "1"}]


def refused(scenario: Scenario, account: Account, contract: Contract | None, draft: Draft) -> Refusal | None:
    """Why the broker would refuse this order, first reason first; None when it would not."""
    if contract is None:
        return Refusal(200, "No contract is known by this id.")
    contract = at_venue(contract, draft.venue)
    rule = _rule(OnPortal.ERROR, scenario, account, contract, draft)
    if rule is not None:
        return rule
    if not contract.permitted:
        return Refusal(460, "No trading permissions.")
    if not contract.tradable:
        return Refusal(201, "This instrument can not be traded.")
    kind = _RULE_OF_ORDER.get(token(draft.order_type), draft.order_type.lower())
    if kind not in contract.web_order_types:
        return Refusal(387, f"Order type {draft.order_type} is not supported for this contract and venue.")
    if draft.tif and not _takes(contract.web_tifs, draft.tif, kind):
        return Refusal(201, f"Time in force {draft.tif} is not accepted for this order.")
    return None


def _rule(
    kind: OnPortal, scenario: Scenario, account: Account, contract: Contract, draft: Draft
) -> Refusal | None:
    wish = Wish(draft.order_type, draft.side, draft.tif, abs(draft.quantity), account.id, draft.venue)
    return next((rule for rule in rules_met(scenario, contract, wish) if rule.on_portal is kind), None)


def _takes(tifs: Iterable[str], tif: str, kind: str) -> bool:
    """Whether `NAME/TYPE,TYPE,flags` accepts an order; without upper-case words a name accepts all."""
    for written in tifs:
        name, _, tail = written.partition("/")
        if name == tif:
            words = {word for word in tail.split(",") if word.isupper()}
            return not words or kind.upper() in words
    return False


def preview(scenario: Scenario, account: Account, contract: Contract, draft: Draft) -> dict[str, Json]:
    """What the order would cost: display strings, as the trader reads them."""
    price = draft.price or contract.price
    notional = abs(draft.quantity) * price * float(contract.multiplier or 1)
    initial, maintenance = (notional * share for share in _MARGIN_SHARE.get(contract.sec_type, _OTHER_MARGIN))
    held = sum(
        one.quantity
        for one in scenario.positions
        if one.con_id == contract.con_id and one.account in ("", account.id)
    )
    change = draft.quantity if draft.side == "BUY" else -draft.quantity
    too_much = initial > account.available_funds
    shares = "Shares" if contract.sec_type == "STK" else "Contracts"
    rule = _rule(OnPortal.WARNING, scenario, account, at_venue(contract, draft.venue), draft)
    warn = "21/No live market data for this contract." if contract.feed is not Feed.LIVE else None
    if rule is not None:
        warn = f"20/{rule.text}"
    return {
        "amount": {
            "amount": f"{display(notional)} {contract.currency} ({draft.quantity:g} {shares})",
            "commission": f"{_COMMISSION:g} {contract.currency}",
            "total": f"{display(notional + _COMMISSION)} {contract.currency}",
        },
        "equity": _change(account.net_liquidation, -_COMMISSION),
        "initial": _change(account.init_margin, initial),
        "maintenance": _change(account.maint_margin, maintenance),
        "position": _change(held, change),
        "warn": warn,
        "error": "Available funds do not cover the initial margin of this order." if too_much else None,
    }


def open_orders(scenario: Scenario, book: OrderBook) -> dict[str, Json]:
    """The live orders of the session: those that rest in the scenario's book and those placed here."""
    rows: list[Json] = [_row(scenario, one, one.order_id) for one in scenario.orders]
    for placed in book.placed:
        draft = placed.draft
        resting = OpenOrder(
            order_id=placed.order_id,
            account=placed.account,
            con_id=draft.con_id,
            action=draft.side,
            quantity=draft.quantity,
            order_type=draft.order_type,
            price=draft.price,
            tif=draft.tif,
        )
        rows.append(_row(scenario, resting, placed.order_id))
    return {"orders": rows, "snapshot": True}


def _row(scenario: Scenario, order: OpenOrder, order_id: int) -> dict[str, Json]:
    contract = find(scenario, order.con_id) or Contract(con_id=order.con_id)
    account = order.account or (scenario.accounts[0].id if scenario.accounts else "")
    kind = _NAME_OF_ORDER.get(_plain(order.order_type), order.order_type)
    return {
        "acct": account,
        "account": account,
        "exchange": contract.exchange,
        "conidex": str(order.con_id),
        "conid": order.con_id,
        "orderId": order_id,
        "cashCcy": contract.currency,
        "sizeAndFills": f"0/{order.quantity:g}",
        "orderDesc": f"{order.action.title()} {order.quantity:g} {kind} {order.price:g}, {order.tif}",
        "description1": contract.local_symbol or contract.symbol,
        "ticker": contract.symbol,
        "secType": contract.sec_type,
        "listingExchange": contract.primary_exchange or contract.exchange,
        "remainingQuantity": order.quantity,
        "filledQuantity": 0.0,
        "totalSize": order.quantity,
        "companyName": contract.long_name or contract.symbol,
        "status": "Submitted",
        "order_ccp_status": "Submitted",
        "origOrderType": kind.upper(),
        "supportsTaxOpt": "0",
        "orderType": kind,
        "bgColor": "#000000",
        "fgColor": "#00F000",
        "isEventTrading": "0",
        "price": f"{order.price:g}",
        "timeInForce": order.tif,
        "side": order.action,
    }


def _change(current: float, change: float) -> dict[str, Json]:
    return {"current": _text(current), "change": _text(change), "after": _text(current + change)}


def _text(number: float) -> str:
    return f"{number:,.2f}".removesuffix(".00")


def _number(value: object) -> float:
    try:
        number = float(value) if isinstance(value, (int, float, str)) else 0.0
    except (ValueError, OverflowError):
        return 0.0
    return number if math.isfinite(number) else 0.0


def _plain(order_type: str) -> str:
    """One spelling for STOP_LIMIT, STP LMT and STPLMT."""
    text = order_type.upper().replace(" ", "").replace("_", "")
    return "STPLMT" if text == "STOPLIMIT" else text
