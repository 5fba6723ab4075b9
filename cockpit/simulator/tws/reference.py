"""Answers about the world itself: time, ids, accounts, families, contracts, symbols, grids, bulletins."""

from __future__ import annotations

from cockpit.simulator.scenario import Bulletin
from cockpit.simulator.tws import contracts
from cockpit.simulator.tws.session import Handler, Session
from cockpit.simulator.tws.texts import READ_ONLY
from cockpit.simulator.wire.requests import Cursor, read_contract

_SYMBOL_SEARCH_EVERY = 1.0  # seconds, for reqMatchingSymbols


def send_managed_accounts(session: Session) -> None:
    """Send the list of accounts."""
    session.send([15, 1, ",".join(account.id for account in session.state.accounts)])


def send_next_id(session: Session) -> None:
    """Send the first order id that is free."""
    session.send([9, 1, session.state.next_order_id])


def send_bulletin(session: Session, bulletin: Bulletin) -> None:
    """Send one news bulletin."""
    session.send([14, 1, bulletin.id, bulletin.type, bulletin.text, bulletin.exchange])


def _on_ids(session: Session, _cursor: Cursor) -> None:
    if session.state.config.read_only:
        session.tell(321, READ_ONLY)
    else:
        send_next_id(session)


def _on_managed_accounts(session: Session, _cursor: Cursor) -> None:
    send_managed_accounts(session)


def _on_current_time(session: Session, _cursor: Cursor) -> None:
    session.send([49, 1, int(_broker_clock(session))])


def _on_current_time_in_millis(session: Session, _cursor: Cursor) -> None:
    if session.version >= 197:
        session.send([109, int(_broker_clock(session) * 1000)])


def _on_contract_details(session: Session, cursor: Cursor) -> None:
    cursor.skip()
    request = cursor.integer()
    query = read_contract(cursor)
    if not session.state.upstream:
        return  # definitions come from upstream; without it TWS keeps silent
    found = contracts.find(session.world.contracts, query)
    if not found:
        session.tell(200, request=request)
        return
    for contract in found:
        session.send(contracts.describe(contract, request, query.exchange, session.version))
    session.send([52, 1, request])


def _on_matching_symbols(session: Session, cursor: Cursor) -> None:
    request, pattern = cursor.integer(), cursor.text()
    now = session.world.clock()
    if not session.state.upstream or now - session.last_symbol_search < _SYMBOL_SEARCH_EVERY:
        return  # TWS drops the surplus search without a word
    session.last_symbol_search = now
    session.send(contracts.samples(session.world.contracts, request, pattern, session.version))


def _on_market_rule(session: Session, cursor: Cursor) -> None:
    rule = cursor.integer()
    answer = contracts.market_rule(rule, session.world.contracts)
    if answer is None:
        session.tell(321, f"Invalid market rule id {rule}")
    else:
        session.send(answer)


def _on_smart_components(session: Session, cursor: Cursor) -> None:
    request = cursor.integer()
    venues = sorted({venue for contract in session.world.contracts for venue in contract.venues} - {"SMART"})
    rows = [value for bit, venue in enumerate(venues) for value in (bit, venue, chr(ord("A") + bit % 26))]
    session.send([82, request, len(venues), *rows])


def _on_depth_exchanges(session: Session, _cursor: Cursor) -> None:
    session.send(contracts.depth_exchanges(session.version))


def _on_option_parameters(session: Session, cursor: Cursor) -> None:
    request, symbol = cursor.integer(), cursor.text()
    cursor.skip(2)
    under_con_id = cursor.integer()
    known = session.world.contracts
    for message in contracts.option_parameters(known, request, symbol, under_con_id):
        session.send(message)
    session.send([76, request])


def _on_family_codes(session: Session, _cursor: Cursor) -> None:
    rows = [value for account in session.state.accounts for value in (account.id, account.family)]
    session.send([78, len(session.state.accounts), *rows])


def _on_user_info(session: Session, cursor: Cursor) -> None:
    session.send([107, cursor.integer(), ""])


def _on_bulletins(session: Session, cursor: Cursor) -> None:
    cursor.skip()
    session.wants_bulletins = True
    if cursor.flag():  # those of today as well
        for bulletin in session.world.bulletins:
            send_bulletin(session, bulletin)


def _on_cancel_bulletins(session: Session, _cursor: Cursor) -> None:
    session.wants_bulletins = False


def _on_historical_data(session: Session, cursor: Cursor) -> None:
    session.tell(162, request=cursor.integer())


def _on_scanner_parameters(session: Session, _cursor: Cursor) -> None:
    session.send([19, 1, "<?xml version='1.0' encoding='UTF-8'?><ScanParameterResponse/>"])


def _on_news_providers(session: Session, _cursor: Cursor) -> None:
    session.send([85, 2, "BRFG", "Briefing.com General Market Columns", "DJNL", "Dow Jones Newsletters"])


def _on_soft_dollar_tiers(session: Session, cursor: Cursor) -> None:
    session.send([77, cursor.integer(), 0])


def _nothing_to_say(_session: Session, _cursor: Cursor) -> None:
    """Take requests that TWS acknowledges with silence."""


def _broker_clock(session: Session) -> float:
    return session.world.clock() + session.state.config.clock_skew


HANDLERS: dict[int, Handler] = {
    8: _on_ids,
    9: _on_contract_details,
    12: _on_bulletins,
    13: _on_cancel_bulletins,
    14: _nothing_to_say,  # log level
    17: _on_managed_accounts,
    20: _on_historical_data,
    24: _on_scanner_parameters,
    25: _nothing_to_say,  # cancel history
    49: _on_current_time,
    71: _nothing_to_say,  # a second START_API
    78: _on_option_parameters,
    79: _on_soft_dollar_tiers,
    80: _on_family_codes,
    81: _on_matching_symbols,
    82: _on_depth_exchanges,
    83: _on_smart_components,
    85: _on_news_providers,
    91: _on_market_rule,
    104: _on_user_info,
    105: _on_current_time_in_millis,
}
