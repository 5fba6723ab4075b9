"""Handlers of the portal's paths that read: session, accounts, contracts, notices."""

from __future__ import annotations

from cockpit.simulator.portal import accounts, contracts, lists, notices
from cockpit.simulator.portal.call import Call, failure, is_true, listed, numbers, wrong_account
from cockpit.simulator.portal.http import Answer, Response
from cockpit.simulator.scenario import Portal

MOST_ALGOS = 8


def tickle(call: Call) -> Answer:
    """Keep the login alive and say how it stands."""
    call.sign_in.extend()
    cookie = ("Set-Cookie", "x-sess-uuid=0.5e100001.1.0; path=/; secure; HttpOnly")
    return Response.of(call.sign_in.tickled()).with_headers(cookie)


def validate(call: Call) -> Answer:
    """Say who is signed in and for how long."""
    return Response.of(call.sign_in.validated(call.now))


def status(call: Call) -> Answer:
    """Say how the brokerage session stands."""
    return Response.of(call.sign_in.status())


def begin(call: Call) -> Answer:
    """Ask for the brokerage session."""
    asked = call.request.json()
    if not is_true(asked.get("publish", call.request.query("publish"))):
        return failure(500, "publish must be true")
    call.sign_in.begin_brokerage(is_true(asked.get("compete", call.request.query("compete"))))
    return Response.of({**call.sign_in.status(), "passed": call.sign_in.has_brokerage})


def log_out(call: Call) -> Answer:
    """End the login for everybody."""
    call.sign_in.change(Portal.SIGNED_OUT)
    return Response.of({"status": True})


def user_accounts(call: Call) -> Answer:
    """List the accounts for trading."""
    call.sign_in.asked.accounts = True
    return Response.of(accounts.user_accounts(call.scenario))


def portfolio_accounts(call: Call) -> Answer:
    """List the accounts with what they are."""
    call.sign_in.asked.portfolio = True
    return Response.of([accounts.attributes(one) for one in accounts.reachable(call.scenario)])


def meta(call: Call) -> Answer:
    """Say what one account is."""
    account = call.account()
    return wrong_account(call) if account is None else Response.of(accounts.attributes(account))


def portfolio_summary(call: Call) -> Answer:
    """Give the funds of an account, first tier."""
    account = call.account()
    if account is None:
        return wrong_account(call)
    if not call.sign_in.asked.portfolio:
        return Response.of({})  # the list of accounts must have been read before
    return Response.of(accounts.portfolio_summary(account, round(call.now * 1000)))


def brokerage_summary(call: Call) -> Answer:
    """Give the funds of an account, second tier."""
    account = call.account()
    return wrong_account(call) if account is None else Response.of(accounts.brokerage_summary(account))


def search(call: Call) -> Answer:
    """Find instruments by symbol or name."""
    asked = call.request.json()

    def value(name: str) -> str:
        return str(asked.get(name, call.request.query(name)))

    if not value("symbol"):
        return failure(400, "Bad Request: symbol is missing")
    call.sign_in.asked.search = True
    found = contracts.search(
        call.scenario.contracts, value("symbol"), is_true(value("name")), value("secType")
    )
    return Response.of(found)


def info(call: Call) -> Answer:
    """Describe a contract."""
    contract = call.contract()
    if contract is None:
        return _unknown_contract(500)
    return Response.of(contracts.info(contract, call.scenario.contracts))


def rules(call: Call) -> Answer:
    """Say which orders a contract takes."""
    asked = call.request.json()
    number = asked.get("conid")
    contract = contracts.find(call.scenario, number) if isinstance(number, int) else None
    if contract is None:
        return _unknown_contract(500)
    venue = str(asked.get("exchange") or "")
    return Response.of(contracts.rules(call.scenario, contract, is_true(asked.get("isBuy", True)), venue))


def info_and_rules(call: Call) -> Answer:
    """Describe a contract and its orders."""
    contract = call.contract()
    if contract is None:
        return _unknown_contract(500)
    is_buy = is_true(call.request.query("isBuy") or True)
    rules = contracts.rules(call.scenario, contract, is_buy)
    return Response.of({**contracts.info(contract, call.scenario.contracts), "rules": rules})


def algos(call: Call) -> Answer:
    """List the algos of a contract."""
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


def stocks(call: Call) -> Answer:
    """List stock contracts by symbol."""
    return Response.of(lists.stocks(call.scenario.contracts, listed(call.request.query("symbols"))))


def futures(call: Call) -> Answer:
    """List futures by symbol."""
    return Response.of(lists.futures(call.scenario.contracts, listed(call.request.query("symbols"))))


def definitions(call: Call) -> Answer:
    """Describe contracts in short."""
    return Response.of(lists.definitions(call.scenario.contracts, numbers(call.request.query("conids"))))


def unread(call: Call) -> Answer:
    """Count unread notices."""
    return Response.of(notices.unread(call.scenario))


def list_notices(call: Call) -> Answer:
    """List notices."""
    return Response.of(notices.notifications(call.scenario, call.now))


def notice_settings(call: Call) -> Answer:
    """List which notices are on."""
    return Response.of(notices.settings())


def devices(call: Call) -> Answer:
    """List where notices go."""
    return Response.of(notices.devices())
