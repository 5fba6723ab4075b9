"""Handlers of the portal's paths around trading: market data, previews, and orders in case one leaks."""

from __future__ import annotations

from cockpit.simulator.portal import contracts, market, orders
from cockpit.simulator.portal.call import Call, failure, is_true, listed, numbers, wrong_account
from cockpit.simulator.portal.http import Answer, Hold, Json, Request, Response

MOST_CONTRACTS = 100
MOST_FIELDS = 50
MOST_SUPPRESSED = 51


def snapshot(call: Call) -> Answer:
    """Give market data; the first call for a contract only opens its stream."""
    con_ids = numbers(call.request.query("conids"))
    fields = listed(call.request.query("fields"))
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


def unsubscribe(call: Call) -> Answer:
    """Close one stream."""
    asked = call.request.json().get("conid")
    streams = call.sign_in.asked.streams
    if not isinstance(asked, int) or asked not in streams:
        return Response.of({"error": "unknown"}, 500)
    streams.remove(asked)
    return Response.of({"success": True})


def unsubscribe_all(call: Call) -> Answer:
    """Close all streams."""
    call.sign_in.asked.streams.clear()
    return Response.of({"unsubscribed": True})


def what_if(call: Call) -> Answer:
    """Preview an order; nothing is submitted."""
    account, draft = call.account(), _draft(call.request)
    if account is None:
        return wrong_account(call)
    if draft is None:
        return failure(500, "order content is not valid")
    asked = call.sign_in.asked
    contract = contracts.find(call.scenario, draft.con_id)
    if not asked.accounts or (contract is not None and contract.con_id not in asked.streams):
        return Response.of({})  # the account list and one snapshot must have been read before
    refusal = orders.refused(call.scenario, account, contract, draft)
    if refusal is not None and refusal.silent:
        return Hold()
    if refusal is not None or contract is None:
        return Response.of({"error": refusal.text if refusal else ""})
    return Response.of(orders.preview(call.scenario, account, contract, draft))


def place(call: Call) -> Answer:
    """Take a live order, as the broker would."""
    account, draft = call.account(), _draft(call.request)
    if account is None:
        return wrong_account(call)
    if draft is None:
        return failure(500, "order content is not valid")
    contract = contracts.find(call.scenario, draft.con_id)
    refusal = orders.refused(call.scenario, account, contract, draft)
    if refusal is not None:
        return Hold() if refusal.silent else Response.of({"error": refusal.text})
    return Response.of(call.book.submit(account.id, draft, call.sign_in.asked.suppressed))


def reply(call: Call) -> Answer:
    """Take the answer to a question about an order."""
    answer = call.book.reply(call.parts[0], is_true(call.request.json().get("confirmed")))
    return failure(400, "Bad Request: reply id is not known") if answer is None else Response.of(answer)


def live_orders(call: Call) -> Answer:
    """List the orders of this session."""
    return Response.of(orders.open_orders(call.scenario, call.book))


def suppress(call: Call) -> Answer:
    """Switch questions off for this session."""
    names = call.request.json().get("messageIds")
    if not isinstance(names, list) or not 0 < len(names) <= MOST_SUPPRESSED:
        return failure(400, f"Bad Request: 1 to {MOST_SUPPRESSED} messageIds")
    call.sign_in.asked.suppressed.update(str(name) for name in names)
    return Response.of({"status": "submitted"})


def suppress_nothing(call: Call) -> Answer:
    """Switch all questions on again."""
    call.sign_in.asked.suppressed.clear()
    return Response.of({"status": "submitted"})


def _draft(request: Request) -> orders.Draft | None:
    rows = request.json().get("orders")
    if not isinstance(rows, list) or not rows or not isinstance(rows[0], dict):
        return None
    return orders.Draft.of(rows[0])
