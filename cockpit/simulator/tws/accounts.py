"""Answers about accounts: summary, updates, positions, profit and loss."""

from __future__ import annotations

from collections.abc import Iterator

from cockpit.simulator.scenario import Account, Position
from cockpit.simulator.tws import layouts
from cockpit.simulator.tws.contracts import contract_fields
from cockpit.simulator.tws.session import Handler, Session
from cockpit.simulator.wire.frames import FieldValue
from cockpit.simulator.wire.requests import Cursor

_SUMMARIES_AT_ONCE = 2
_NOT_MONEY = frozenset({"AccountType", "Cushion", "DayTradesRemaining", "HighestSeverity", "Leverage"})


def money(value: float) -> str:
    """Write an amount the way account values come: two decimals."""
    return f"{value:.2f}"


def summary_values(account: Account) -> dict[str, str]:
    """Every account-summary tag with its value, in the account's currency where it is money."""
    return {
        "AccountType": account.account_type,
        "NetLiquidation": money(account.net_liquidation),
        "TotalCashValue": money(account.net_liquidation * 0.42),
        "SettledCash": money(account.net_liquidation * 0.42),
        "AccruedCash": money(0.0),
        "BuyingPower": money(account.buying_power),
        "EquityWithLoanValue": money(account.net_liquidation),
        "PreviousDayEquityWithLoanValue": money(account.net_liquidation * 0.997),
        "GrossPositionValue": money(account.net_liquidation * 0.58),
        "RegTEquity": money(account.net_liquidation),
        "RegTMargin": money(account.init_margin),
        "SMA": money(account.excess_liquidity),
        "InitMarginReq": money(account.init_margin),
        "MaintMarginReq": money(account.maint_margin),
        "AvailableFunds": money(account.available_funds),
        "ExcessLiquidity": money(account.excess_liquidity),
        "Cushion": f"{account.cushion:g}",
        "FullInitMarginReq": money(account.init_margin),
        "FullMaintMarginReq": money(account.maint_margin),
        "FullAvailableFunds": money(account.available_funds),
        "FullExcessLiquidity": money(account.excess_liquidity),
        "LookAheadNextChange": "0",
        "LookAheadInitMarginReq": money(account.init_margin),
        "LookAheadMaintMarginReq": money(account.maint_margin),
        "LookAheadAvailableFunds": money(account.available_funds),
        "LookAheadExcessLiquidity": money(account.excess_liquidity),
        "HighestSeverity": "0",
        "DayTradesRemaining": "-1",
        "Leverage": f"{0.58:g}",
    }


def send_summary(session: Session, request: int, tags: tuple[str, ...]) -> None:
    """Send the rows of one summary subscription, without the end mark."""
    for account in session.state.accounts:
        values = summary_values(account)
        for tag in tags:
            if tag.startswith("$LEDGER"):
                for key, value in _ledger(account):
                    session.send([63, 1, request, account.id, key, value, account.currency])
            elif tag in values:
                currency = "" if tag in _NOT_MONEY else account.currency
                session.send([63, 1, request, account.id, tag, values[tag], currency])


def _on_summary(session: Session, cursor: Cursor) -> None:
    cursor.skip()
    request, _group, tags = cursor.integer(), cursor.text(), cursor.text()
    if request in session.summaries:
        session.tell(322, "Duplicate account summary request id", request)
        return
    if len(session.summaries) >= _SUMMARIES_AT_ONCE:
        session.tell(322, "Maximum number of account summary requests exceeded", request)
        return
    session.summaries[request] = tuple(tag.strip() for tag in tags.split(",") if tag.strip())
    send_summary(session, request, session.summaries[request])
    session.send([64, 1, request])


def _on_cancel_summary(session: Session, cursor: Cursor) -> None:
    cursor.skip()
    session.summaries.pop(cursor.integer(), None)


def _on_updates(session: Session, cursor: Cursor) -> None:
    cursor.skip()
    subscribe, wanted = cursor.flag(), cursor.text()
    accounts = session.state.accounts
    account = next((known for known in accounts if known.id == wanted), None)
    if account is None and not wanted and accounts:
        account = accounts[0]
    if account is None:
        session.tell(321, f"Invalid account code {wanted}")
        return
    if not subscribe:
        session.account_updates = ""
        session.tell(2100)
        return
    if session.account_updates not in {"", account.id}:
        session.tell(2100)  # one account at a time: the older subscription ends
    session.account_updates = account.id
    send_updates(session, account)
    session.send([54, 1, account.id])


def send_updates(session: Session, account: Account) -> None:
    """Send an account's values, holdings and the time they are of."""
    for key, value, currency in _update_values(account):
        session.send([6, 2, key, value, currency, account.id])
    for position in _positions(session, account.id):
        send_holding(session, position)
    session.send([8, 1, f"{session.world.now():%H:%M}"])


def send_holding(session: Session, position: Position) -> None:
    """Send one portfolio line with its value and result."""
    contract = session.world.contract(position.con_id)
    if contract is None:
        return
    factor = float(contract.multiplier or 1)
    value = position.quantity * contract.price * factor
    result = value - position.quantity * position.average_cost
    fields = contract_fields(contract, contract.primary_exchange)
    session.send(
        [
            *(7, 8, *fields),
            *(position.quantity, contract.price, value, position.average_cost, result, 0),
            position.account or session.state.accounts[0].id,
        ]
    )


def _on_updates_multi(session: Session, cursor: Cursor) -> None:
    cursor.skip()
    request, wanted, model = cursor.integer(), cursor.text(), cursor.text()
    for account in session.state.accounts:
        if wanted in {"", "All", account.id}:
            for key, value, currency in _update_values(account):
                session.send([73, 1, request, account.id, model, key, value, currency])
    session.send([74, 1, request])


def _on_positions(session: Session, _cursor: Cursor) -> None:
    for position in _positions(session):
        session.send([61, 3, *_position_fields(session, position)])
    session.send([62, 1])


def _on_positions_multi(session: Session, cursor: Cursor) -> None:
    cursor.skip()
    request, wanted, model = cursor.integer(), cursor.text(), cursor.text()
    for position in _positions(session, "" if wanted == "All" else wanted):
        session.send([71, 1, request, *_position_fields(session, position), model])
    session.send([72, 1, request])


def _on_pnl(session: Session, cursor: Cursor) -> None:
    request, wanted = cursor.integer(), cursor.text()
    size = sum(account.net_liquidation for account in session.state.accounts if wanted in {"", account.id})
    values = {"request": request, "daily": size * 0.0031, "unrealized": size * 0.012, "realized": 0.0}
    session.send(layouts.fill(layouts.PNL, session.version, values))


def _nothing_to_say(_session: Session, _cursor: Cursor) -> None:
    """Take cancellations that TWS acknowledges with silence."""


def _update_values(account: Account) -> Iterator[tuple[str, str, str]]:
    yield "AccountCode", account.id, ""
    yield "AccountReady", "true", ""
    yield "AccountOrGroup", account.id, account.currency
    yield "Currency", account.currency, account.currency
    yield "TradingType-S", account.trading_type, ""
    for key, value in summary_values(account).items():
        yield key, value, "" if key in _NOT_MONEY else account.currency
    for key in ("InitMarginReq", "MaintMarginReq", "AvailableFunds", "ExcessLiquidity"):
        yield f"{key}-S", summary_values(account)[key], account.currency
        yield f"{key}-C", money(0.0), account.currency
    yield from ((key, value, account.currency) for key, value in _ledger(account))


def _ledger(account: Account) -> tuple[tuple[str, str], ...]:
    return (
        ("CashBalance", money(account.net_liquidation * 0.42)),
        ("ExchangeRate", "1.00"),
        ("RealizedPnL", money(0.0)),
        ("UnrealizedPnL", money(account.net_liquidation * 0.012)),
        ("NetLiquidationByCurrency", money(account.net_liquidation)),
    )


def _positions(session: Session, account: str = "") -> list[Position]:
    managed = {known.id for known in session.state.accounts}
    first = session.state.accounts[0].id if session.state.accounts else ""
    return [
        position
        for position in session.world.scenario.positions
        if (owner := position.account or first) in managed and account in {"", owner}
    ]


def _position_fields(session: Session, position: Position) -> list[FieldValue]:
    contract = session.world.contract(position.con_id)
    described = (
        contract_fields(contract, contract.primary_exchange) if contract else [position.con_id, *[""] * 10]
    )
    owner = position.account or session.state.accounts[0].id
    return [owner, *described, position.quantity, position.average_cost]


HANDLERS: dict[int, Handler] = {
    6: _on_updates,
    61: _on_positions,
    62: _on_summary,
    63: _on_cancel_summary,
    64: _nothing_to_say,
    74: _on_positions_multi,
    75: _nothing_to_say,
    76: _on_updates_multi,
    77: _nothing_to_say,
    92: _on_pnl,
    93: _nothing_to_say,
    95: _nothing_to_say,
}
