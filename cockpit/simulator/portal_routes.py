"""The table of the portal's paths: who may call, and what answers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from cockpit.simulator import portal_accounts as accounts
from cockpit.simulator import portal_contracts as contracts
from cockpit.simulator import portal_market as market
from cockpit.simulator import portal_notices as notices
from cockpit.simulator import portal_orders as orders
from cockpit.simulator.gateway_http import Answer, Hold, Json, Request, Response
from cockpit.simulator.portal_session import SignIn
from cockpit.simulator.scenario import Account, Contract, Portal, Scenario

MOST_CONTRACTS = 100
MOST_FIELDS = 50
MOST_ALGOS = 8
MOST_SUPPRESSED = 51


class Tier(Enum):
    """Which session a path needs."""

    PORTAL = auto()
    BROKERAGE = auto()


@dataclass(frozen=True, slots=True)
class Call:
    """One request with everything an answer may need; `now` is UTC epoch seconds."""

    scenario: Scenario
    sign_in: SignIn
    book: orders.OrderBook
    request: Request
    parts: tuple[str, ...]
    now: float

    def account(self) -> Account | None:
        """The account named in the path, when this login reaches it."""
        found = (one for one in accounts.reachable(self.scenario) if one.id == self.parts[0])
        return next(found, None)

    def contract(self) -> Contract | None:
        """The contract named in the path."""
        return contracts.find(self.scenario, int(self.parts[0]))


@dataclass(frozen=True, slots=True)
class Route:
    """A path behind /v1/api, with the methods it takes."""

    methods: tuple[str, ...]
    pattern: re.Pattern[str]
    tier: Tier
    answer: Callable[[Call], Answer]


def failure(status: int, text: str) -> Response:
    """An error in the shape most of the portal's errors have."""
    return Response.of({"error": text, "statusCode": status}, status)


# Sessions


def _tickle(call: Call) -> Answer:
    call.sign_in.extend()
    cookie = ("Set-Cookie", "x-sess-uuid=0.5e100001.1.0; path=/; secure; HttpOnly")
    return Response.of(call.sign_in.tickled()).with_headers(cookie)


def _validate(call: Call) -> Answer:
    return Response.of(call.sign_in.validated(call.now))


def _status(call: Call) -> Answer:
    return Response.of(call.sign_in.status())


def _begin(call: Call) -> Answer:
    asked = call.request.json()
    if not _is_true(asked.get("publish", call.request.query("publish"))):
        return failure(500, "publish must be true")
    call.sign_in.begin_brokerage(_is_true(asked.get("compete", call.request.query("compete"))))
    return Response.of({**call.sign_in.status(), "passed": call.sign_in.has_brokerage})


def _log_out(call: Call) -> Answer:
    call.sign_in.change(Portal.SIGNED_OUT)
    return Response.of({"status": True})


# Accounts


def _user_accounts(call: Call) -> Answer:
    call.sign_in.asked.accounts = True
    return Response.of(accounts.user_accounts(call.scenario))


def _portfolio_accounts(call: Call) -> Answer:
    call.sign_in.asked.portfolio = True
    return Response.of([accounts.attributes(one) for one in accounts.reachable(call.scenario)])


def _meta(call: Call) -> Answer:
    account = call.account()
    return _wrong_account(call) if account is None else Response.of(accounts.attributes(account))


def _portfolio_summary(call: Call) -> Answer:
    account = call.account()
    if account is None:
        return _wrong_account(call)
    if not call.sign_in.asked.portfolio:
        return Response.of({})  # the list of accounts must have been read before
    return Response.of(accounts.portfolio_summary(account, round(call.now * 1000)))


def _brokerage_summary(call: Call) -> Answer:
    account = call.account()
    return _wrong_account(call) if account is None else Response.of(accounts.brokerage_summary(account))


def _wrong_account(call: Call) -> Response:
    return failure(400, f"Bad Request: accountId is not valid: {call.parts[0]}")


# Contracts


def _search(call: Call) -> Answer:
    asked = call.request.json()

    def value(name: str) -> str:
        return str(asked.get(name, call.request.query(name)))

    if not value("symbol"):
        return failure(400, "Bad Request: symbol is missing")
    call.sign_in.asked.search = True
    found = contracts.search(
        call.scenario.contracts, value("symbol"), _is_true(value("name")), value("secType")
    )
    return Response.of(found)


def _info(call: Call) -> Answer:
    contract = call.contract()
    if contract is None:
        return _unknown_contract(500)
    return Response.of(contracts.info(contract, call.scenario.contracts))


def _rules(call: Call) -> Answer:
    asked = call.request.json().get("conid")
    contract = contracts.find(call.scenario, asked) if isinstance(asked, int) else None
    return (
        _unknown_contract(500) if contract is None else Response.of(contracts.rules(call.scenario, contract))
    )


def _info_and_rules(call: Call) -> Answer:
    contract = call.contract()
    if contract is None:
        return _unknown_contract(500)
    rules = contracts.rules(call.scenario, contract)
    return Response.of({**contracts.info(contract, call.scenario.contracts), "rules": rules})


def _algos(call: Call) -> Answer:
    contract = call.contract()
    wanted = {name for name in call.request.query("algos").split(";") if name}
    if contract is None:
        return _unknown_contract(503)
    if len(wanted) > MOST_ALGOS:
        return failure(400, f"Bad Request: at most {MOST_ALGOS} algos")
    asked = call.sign_in.asked.algos
    if contract.con_id not in asked:
        asked.add(contract.con_id)
        return Response.of({"algos": []})  # the first call only fetches
    rows = contracts.algos(contract)
    return Response.of({"algos": [row for row in rows if not wanted or row["id"] in wanted]})


def _unknown_contract(status: int) -> Response:
    return failure(status, "unknown contract")


def _stocks(call: Call) -> Answer:
    return Response.of(contracts.stocks(call.scenario.contracts, _listed(call.request.query("symbols"))))


def _futures(call: Call) -> Answer:
    return Response.of(contracts.futures(call.scenario.contracts, _listed(call.request.query("symbols"))))


def _definitions(call: Call) -> Answer:
    return Response.of(contracts.definitions(call.scenario.contracts, _numbers(call.request.query("conids"))))


# Market data


def _snapshot(call: Call) -> Answer:
    con_ids = _numbers(call.request.query("conids"))
    fields = _listed(call.request.query("fields"))
    asked = call.sign_in.asked
    if not asked.accounts:
        return failure(400, "Bad Request: Please query /accounts first")
    if not con_ids or len(con_ids) > MOST_CONTRACTS or len(fields) > MOST_FIELDS:
        return failure(400, f"Bad Request: 1 to {MOST_CONTRACTS} conids, at most {MOST_FIELDS} fields")
    rows: list[Json] = []
    for con_id in con_ids:
        contract = contracts.find(call.scenario, con_id)
        is_open = con_id in asked.streams
        asked.streams.add(con_id)
        waits_for_search = (
            contract is not None and contract.sec_type in contracts.DERIVATIVES and not asked.search
        )
        if contract is None or not is_open or waits_for_search:
            rows.append(market.opening(con_id))
        else:
            rows.append(market.quote(contract, fields, call.now))
    return Response.of(rows)


def _unsubscribe(call: Call) -> Answer:
    asked = call.request.json().get("conid")
    streams = call.sign_in.asked.streams
    if asked not in streams:
        return Response.of({"error": "unknown"}, 500)
    streams.remove(asked)
    return Response.of({"success": True})


def _unsubscribe_all(call: Call) -> Answer:
    call.sign_in.asked.streams.clear()
    return Response.of({"unsubscribed": True})


# Orders


def _what_if(call: Call) -> Answer:
    account, draft = call.account(), _draft(call.request)
    if account is None:
        return _wrong_account(call)
    if draft is None:
        return failure(500, "order content is not valid")
    asked = call.sign_in.asked
    contract = contracts.find(call.scenario, draft.con_id)
    if not asked.accounts or (contract is not None and contract.con_id not in asked.streams):
        return Response.of({})  # the account list and one snapshot must have been read before
    refusal = orders.refused(contract, draft)
    if refusal is not None and refusal.silent:
        return Hold()
    if refusal is not None or contract is None:
        return Response.of({"error": refusal.text if refusal else ""})
    return Response.of(orders.preview(call.scenario, account, contract, draft))


def _place(call: Call) -> Answer:
    account, draft = call.account(), _draft(call.request)
    if account is None:
        return _wrong_account(call)
    if draft is None:
        return failure(500, "order content is not valid")
    refusal = orders.refused(contracts.find(call.scenario, draft.con_id), draft)
    if refusal is not None:
        return Hold() if refusal.silent else Response.of({"error": refusal.text})
    return Response.of(call.book.submit(account.id, draft, call.sign_in.asked.suppressed))


def _reply(call: Call) -> Answer:
    answer = call.book.reply(call.parts[0], _is_true(call.request.json().get("confirmed")))
    return failure(400, "Bad Request: reply id is not known") if answer is None else Response.of(answer)


def _live_orders(call: Call) -> Answer:
    return Response.of(orders.open_orders(call.scenario, call.book))


def _suppress(call: Call) -> Answer:
    names = call.request.json().get("messageIds")
    if not isinstance(names, list) or not 0 < len(names) <= MOST_SUPPRESSED:
        return failure(400, f"Bad Request: 1 to {MOST_SUPPRESSED} messageIds")
    call.sign_in.asked.suppressed.update(str(name) for name in names)
    return Response.of({"status": "submitted"})


def _suppress_nothing(call: Call) -> Answer:
    call.sign_in.asked.suppressed.clear()
    return Response.of({"status": "submitted"})


# Notices


def _unread(call: Call) -> Answer:
    return Response.of(notices.unread(call.scenario))


def _notices(call: Call) -> Answer:
    return Response.of(notices.notifications(call.scenario, call.now))


def _notice_settings(call: Call) -> Answer:
    return Response.of(notices.settings())


def _devices(call: Call) -> Answer:
    return Response.of(notices.devices())


def _is_true(value: object) -> bool:
    return value is True or (isinstance(value, str) and value.lower() == "true")


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _numbers(text: str) -> list[int]:
    """Contract ids of a comma list; a venue behind an @ is left out."""
    return [int(part) for part in (one.partition("@")[0] for one in _listed(text)) if part.isdecimal()]


def _draft(request: Request) -> orders.Draft | None:
    rows = request.json().get("orders")
    if not isinstance(rows, list) or not rows or not isinstance(rows[0], dict):
        return None
    return orders.Draft.of(rows[0])


def _route(methods: str, pattern: str, tier: Tier, answer: Callable[[Call], Answer]) -> Route:
    return Route(tuple(methods.split()), re.compile(pattern), tier, answer)


_EITHER = "GET POST"  # the broker documents POST; GET works on the wire
_ACCOUNT = r"/iserver/account/([^/]+)"

ROUTES: tuple[Route, ...] = (
    _route(_EITHER, r"/tickle", Tier.PORTAL, _tickle),
    _route(_EITHER, r"/sso/validate", Tier.PORTAL, _validate),
    _route(_EITHER, r"/iserver/auth/status", Tier.PORTAL, _status),
    _route(_EITHER, r"/iserver/auth/ssodh/init", Tier.PORTAL, _begin),
    _route(_EITHER, r"/logout", Tier.PORTAL, _log_out),
    _route("GET", r"/portfolio/accounts", Tier.PORTAL, _portfolio_accounts),
    _route("GET", r"/portfolio/([^/]+)/meta", Tier.PORTAL, _meta),
    _route("GET", r"/portfolio/([^/]+)/summary", Tier.PORTAL, _portfolio_summary),
    _route("GET", r"/trsrv/stocks", Tier.PORTAL, _stocks),
    _route("GET", r"/trsrv/futures", Tier.PORTAL, _futures),
    _route(_EITHER, r"/trsrv/secdef", Tier.PORTAL, _definitions),
    _route("GET", r"/fyi/unreadnumber", Tier.PORTAL, _unread),
    _route("GET", r"/fyi/notifications", Tier.PORTAL, _notices),
    _route("GET", r"/fyi/settings", Tier.PORTAL, _notice_settings),
    _route("GET", r"/fyi/deliveryoptions", Tier.PORTAL, _devices),
    _route("GET", r"/iserver/accounts", Tier.BROKERAGE, _user_accounts),
    _route("GET", r"/iserver/account/orders", Tier.BROKERAGE, _live_orders),
    _route("GET", rf"{_ACCOUNT}/summary", Tier.BROKERAGE, _brokerage_summary),
    _route("POST", rf"{_ACCOUNT}/orders/whatif", Tier.BROKERAGE, _what_if),
    _route("POST", rf"{_ACCOUNT}/orders?", Tier.BROKERAGE, _place),
    _route("POST", r"/iserver/reply/([^/]+)", Tier.BROKERAGE, _reply),
    _route("POST", r"/iserver/questions/suppress", Tier.BROKERAGE, _suppress),
    _route("POST", r"/iserver/questions/suppress/reset", Tier.BROKERAGE, _suppress_nothing),
    _route(_EITHER, r"/iserver/secdef/search", Tier.BROKERAGE, _search),
    _route("GET", r"/iserver/contract/(\d+)/info", Tier.BROKERAGE, _info),
    _route("POST", r"/iserver/contract/rules", Tier.BROKERAGE, _rules),
    _route("GET", r"/iserver/contract/(\d+)/info-and-rules", Tier.BROKERAGE, _info_and_rules),
    _route("GET", r"/iserver/contract/(\d+)/algos", Tier.BROKERAGE, _algos),
    _route("GET", r"/iserver/marketdata/snapshot", Tier.BROKERAGE, _snapshot),
    _route("POST", r"/iserver/marketdata/unsubscribe", Tier.BROKERAGE, _unsubscribe),
    _route("GET", r"/iserver/marketdata/unsubscribeall", Tier.BROKERAGE, _unsubscribe_all),
)
