"""Market data: what a request brings in every state of a feed, and the stream while it lasts."""

from __future__ import annotations

from msgspec.structs import replace

from cockpit.simulator.dates import is_open
from cockpit.simulator.refusals import at_venue
from cockpit.simulator.scenario import Contract, Feed
from cockpit.simulator.tws import quotes
from cockpit.simulator.tws.contracts import combination, find
from cockpit.simulator.tws.quotes import DELAYED, DELAYED_FROZEN, FROZEN, LIVE
from cockpit.simulator.tws.session import Handler, Session, Subscription
from cockpit.simulator.tws.texts import DELAYED_AVAILABLE
from cockpit.simulator.wire.requests import ContractQuery, Cursor, read_contract

TICK_SECONDS = 0.25

_OPTIONS = frozenset({"OPT", "FOP"})
_NO_LIVE_RIGHT = {"STK": 10089, "IND": 10089}  # other kinds are refused with 354
_SNAPSHOT_PERMISSIONS = 3
_ENDS_THE_REQUEST = frozenset({354, 10089, 10168, 10186})


def open_feed(session: Session, subscription: Subscription) -> None:
    """Answer a new request, and take it into the stream when anything may flow."""
    contract, request = subscription.contract, subscription.request
    session.subscriptions[request] = subscription
    if session.state.competing or contract.feed is Feed.COMPETING:
        subscription.flowing = 0
        session.tell(10197, request=request)
        return
    if contract.feed is Feed.SILENT or not session.state.is_served(contract):
        return
    subscription.flowing = _what_flows(session, subscription)
    code = _refusal(contract, subscription)
    if code:
        # Words come before data: a delayed feed says so and then flows, a refused one says so and ends.
        detail = DELAYED_AVAILABLE if contract.feed is Feed.DELAYED else ""
        session.tell(code, detail, request)
        if code in _ENDS_THE_REQUEST:
            del session.subscriptions[request]
            return
    session.send([81, request, contract.min_tick, "9c0001", _SNAPSHOT_PERMISSIONS])
    session.send([58, 1, request, subscription.flowing])
    _send_all(session, subscription, step=0)
    if subscription.snapshot:
        session.send([57, 1, request])
        del session.subscriptions[request]


def tick(session: Session, step: int) -> None:
    """Move every price of a session by one step; frozen, refused and cut-off ones stay as they are."""
    for subscription in session.subscriptions.values():
        contract = _current(session, subscription)
        flows = subscription.flowing in {LIVE, DELAYED} and contract.feed is not Feed.SILENT
        if not flows or session.state.competing or not session.state.is_served(contract):
            continue
        now = quotes.quote(contract, step, _is_open(session, contract))
        for message in quotes.moving_ticks(subscription.request, contract, now, subscription.flowing):
            session.send(message)
        _send_greeks(session, subscription)


def refresh(session: Session) -> None:
    """Decide every running request anew, after the feed or the competing session changed."""
    for subscription in list(session.subscriptions.values()):
        subscription.contract = _current(session, subscription)
        open_feed(session, subscription)


def _on_market_data(session: Session, cursor: Cursor) -> None:
    cursor.skip()
    request = cursor.integer()
    query = read_contract(cursor)
    if query.sec_type == "BAG":
        query = ContractQuery(
            symbol=query.symbol,
            sec_type="BAG",
            exchange=query.exchange,
            legs=cursor.legs(4),
        )
    if cursor.flag():
        cursor.skip(3)
    generic_ticks, snapshot = cursor.text(), cursor.flag()
    contract = _named(session, query, request)
    if contract is None:
        return
    if snapshot and generic_ticks:
        session.tell(414, request=request)
    elif request in session.subscriptions:
        session.tell(102, request=request)
    elif session.state.lines_used() >= session.state.config.market_data_lines:
        session.tell(101, request=request)
    else:
        open_feed(session, Subscription(request, contract, session.data_type, generic_ticks, snapshot))


def _on_cancel(session: Session, cursor: Cursor) -> None:
    cursor.skip()
    request = cursor.integer()
    if session.subscriptions.pop(request, None) is None:
        session.tell(300, str(request), request)


def _on_data_type(session: Session, cursor: Cursor) -> None:
    cursor.skip()
    wanted = cursor.integer()
    if LIVE <= wanted <= DELAYED_FROZEN:
        session.data_type = wanted


def _named(session: Session, query: ContractQuery, request: int) -> Contract | None:
    if query.sec_type == "BAG":
        found = combination(session.world.contracts, query)
        matches = [found] if found else []
    else:
        matches = find(session.world.contracts, query)
    if len(matches) == 1:
        return at_venue(matches[0], query.exchange)
    text = f"The contract description specified for {query.symbol} is ambiguous." if matches else ""
    session.tell(200, request=request, text=text)
    return None


def _what_flows(session: Session, subscription: Subscription) -> int:
    contract, wanted = subscription.contract, subscription.wanted
    stands_still = contract.feed is Feed.FROZEN or not _is_open(session, contract)
    if contract.feed is Feed.DELAYED:
        return DELAYED_FROZEN if wanted == DELAYED_FROZEN and stands_still else DELAYED
    if stands_still and wanted in {FROZEN, DELAYED_FROZEN}:
        return FROZEN
    return LIVE


def _refusal(contract: Contract, subscription: Subscription) -> int:
    """The code that comes with a feed; 0 for one that simply flows."""
    match contract.feed:
        case Feed.NONE:
            return contract.feed_code or 354
        case Feed.DELAYED if subscription.wanted in {DELAYED, DELAYED_FROZEN}:
            return 10167
        case Feed.DELAYED:
            return contract.feed_code or _NO_LIVE_RIGHT.get(contract.sec_type, 354)
        case Feed.PARTIAL:
            subscription.greeks = False
            return contract.feed_code or 10090
        case _:
            return 0


def _send_all(session: Session, subscription: Subscription, step: int) -> None:
    contract = subscription.contract
    shows = _is_open(session, contract) and contract.feed is not Feed.FROZEN
    frozen = subscription.flowing in {FROZEN, DELAYED_FROZEN}
    now = quotes.quote(contract, step, is_open=shows or frozen)
    clock = session.world.clock()
    for message in quotes.first_ticks(subscription.request, contract, now, subscription.flowing, clock):
        session.send(message)
    _send_greeks(session, subscription)


def _send_greeks(session: Session, subscription: Subscription) -> None:
    contract = subscription.contract
    if contract.sec_type not in _OPTIONS or not subscription.greeks:
        return
    under = session.world.contract(contract.under_con_id)
    under_price = under.price if under else contract.strike
    session.send(
        quotes.greeks(subscription.request, contract, subscription.flowing, session.version, under_price)
    )


def _current(session: Session, subscription: Subscription) -> Contract:
    """The instrument as it is now: the time line may have changed its feed since the request."""
    now = session.world.contract(subscription.contract.con_id)
    return replace(subscription.contract, feed=now.feed) if now else subscription.contract


def _is_open(session: Session, contract: Contract) -> bool:
    return is_open(contract.hours, contract.zone, session.world.now())


HANDLERS: dict[int, Handler] = {
    1: _on_market_data,
    2: _on_cancel,
    59: _on_data_type,
}
