"""Contract look-ups: which instruments a query names, and the messages that describe them."""

from __future__ import annotations

from collections.abc import Iterable

from cockpit.simulator.refusals import at_venue
from cockpit.simulator.scenario import Contract
from cockpit.simulator.tws import layouts
from cockpit.simulator.wire.frames import UNSET_INTEGER, FieldValue
from cockpit.simulator.wire.requests import ContractQuery

_SEARCHABLE = frozenset({"STK", "IND", "CASH", "FUT"})
_STOCK_TYPES = {"STK": "COMMON"}
_MARKET_RULES: dict[int, tuple[tuple[float, float], ...]] = {
    26: ((0.0, 0.01),),
    67: ((0.0, 0.25),),
    32: ((0.0, 0.05), (3.0, 0.1)),
    110: ((0.0, 0.05),),
    239: ((0.0, 0.00005),),
    32_000: ((0.0, 0.01), (3.0, 0.05)),
}
_DEPTH_EXCHANGES = (
    ("ISLAND", "STK", "", "Deep2", 1),
    ("ARCA", "STK", "", "Deep", 1),
    ("CME", "FUT", "", "Deep", UNSET_INTEGER),
    ("IDEALPRO", "CASH", "", "Deep", 4),
)


def find(contracts: Iterable[Contract], query: ContractQuery) -> list[Contract]:
    """Find every instrument that a query could mean: none, one, or several when it is ambiguous."""
    return [contract for contract in contracts if _is_meant(contract, query)]


def combination(contracts: Iterable[Contract], query: ContractQuery) -> Contract | None:
    """Make the instrument of a spread from its legs; None when a leg is unknown or there is none."""
    by_id = {contract.con_id: contract for contract in contracts}
    price = 0.0
    legs = []
    for leg in query.legs:
        contract = by_id.get(leg.con_id)
        if contract is None:
            return None
        legs.append(contract)
        price += contract.price * leg.ratio * (1 if leg.action == "BUY" else -1)
    if not legs:
        return None
    feeds = [leg.feed for leg in legs]
    first = legs[0]
    return Contract(
        symbol=query.symbol or first.symbol,
        sec_type="BAG",
        exchange=query.exchange or first.exchange,
        currency=first.currency,
        multiplier=first.multiplier,
        min_tick=first.min_tick,
        market_rule=first.market_rule,
        zone=first.zone,
        hours=first.hours,
        liquid_hours=first.liquid_hours,
        order_types=tuple(word for word in first.order_types if all(word in leg.order_types for leg in legs)),
        feed=max(feeds, key=list(type(first.feed)).index),
        farm=first.farm,
        price=price,
        tradable=all(leg.tradable for leg in legs),
        permitted=all(leg.permitted for leg in legs),
        refuse=tuple(rule for leg in legs for rule in leg.refuse),
    )


def describe(contract: Contract, request: int, exchange: str, version: int) -> list[FieldValue]:
    """Write the contractDetails message for the venue that was asked for."""
    contract = at_venue(contract, exchange)
    values: dict[str, FieldValue | layouts.Block] = {
        "request": request,
        "symbol": contract.symbol,
        "sec_type": contract.sec_type,
        "expiry": contract.expiry,
        "last_trade_date": contract.expiry,
        "strike": contract.strike,
        "right": contract.right,
        "exchange": exchange or contract.exchange,
        "currency": contract.currency,
        "local_symbol": contract.local_symbol,
        "market_name": contract.trading_class or contract.symbol,
        "trading_class": contract.trading_class,
        "con_id": contract.con_id,
        "min_tick": contract.min_tick,
        "multiplier": contract.multiplier,
        "order_types": ",".join(contract.order_types),
        "venues": ",".join(contract.venues),
        "under_con_id": contract.under_con_id,
        # From 153 on names are ASCII, with escapes for the rest.
        "long_name": _ascii(contract.long_name) if version >= 153 else contract.long_name,
        "primary_exchange": contract.primary_exchange,
        "contract_month": contract.expiry[:6],
        "zone": contract.zone,
        "trading_hours": contract.hours,
        "liquid_hours": contract.liquid_hours or contract.hours,
        "market_rules": ",".join([str(contract.market_rule)] * len(contract.venues)),
        "real_expiry": contract.expiry,
        "stock_type": _STOCK_TYPES.get(contract.sec_type, ""),
        "under_symbol": contract.symbol if contract.under_con_id else "",
        "agg_group": 1 if "SMART" in contract.venues else -1,
        "ineligibilities": _ineligibilities(contract.ineligible),
    }
    return layouts.fill(layouts.CONTRACT_DETAILS, version, values)


def contract_fields(contract: Contract, exchange: str = "") -> list[FieldValue]:
    """Write the eleven contract fields of a position."""
    return [
        contract.con_id,
        contract.symbol,
        contract.sec_type,
        contract.expiry,
        contract.strike,
        contract.right,
        contract.multiplier,
        exchange or contract.exchange,
        contract.currency,
        contract.local_symbol,
        contract.trading_class,
    ]


def samples(contracts: Iterable[Contract], request: int, pattern: str, version: int) -> list[FieldValue]:
    """Write the answer to a symbol search: at most sixteen rows, derivatives only named by kind."""
    wanted = pattern.strip().upper()
    known = list(contracts)
    rows = [
        contract
        for contract in known
        if contract.sec_type in _SEARCHABLE
        and (contract.symbol.startswith(wanted) or wanted in contract.long_name.upper())
    ][:16]
    fields: list[FieldValue] = [79, request, len(rows)]
    for row in rows:
        kinds = sorted(
            {other.sec_type for other in known if other.symbol == row.symbol and other is not row}
            - {row.sec_type}
        )
        fields += layouts.fill(
            layouts.SYMBOL_SAMPLE,
            version,
            {
                "con_id": row.con_id,
                "symbol": row.symbol,
                "sec_type": row.sec_type,
                "primary_exchange": row.primary_exchange or row.exchange,
                "currency": row.currency,
                "derivatives": [len(kinds), *kinds],
                "description": row.long_name,
            },
        )
    return fields


def market_rule(rule: int, contracts: Iterable[Contract]) -> list[FieldValue] | None:
    """Write the price grid of a market rule; None for a rule that no instrument has."""
    steps = _MARKET_RULES.get(rule)
    if steps is None:
        ticks = [contract.min_tick for contract in contracts if contract.market_rule == rule]
        if not ticks:
            return None
        steps = ((0.0, min(ticks)),)
    return [93, rule, len(steps), *(value for step in steps for value in step)]


def depth_exchanges(version: int) -> list[FieldValue]:
    """Write the list of exchanges with a deep book."""
    fields: list[FieldValue] = [80, len(_DEPTH_EXCHANGES)]
    for exchange, sec_type, listing, service, group in _DEPTH_EXCHANGES:
        fields += layouts.fill(
            layouts.DEPTH_EXCHANGE,
            version,
            {
                "exchange": exchange,
                "sec_type": sec_type,
                "listing_exchange": listing,
                "service": service,
                "agg_group": group,
                "is_level_two": service == "Deep2",
            },
        )
    return fields


def option_parameters(
    contracts: Iterable[Contract], request: int, symbol: str, under_con_id: int
) -> list[list[FieldValue]]:
    """Write one message for each exchange and class of an underlying's options, without the end mark."""
    chains: dict[tuple[str, str, str], list[Contract]] = {}
    for contract in contracts:
        if contract.sec_type in {"OPT", "FOP"} and (
            contract.under_con_id == under_con_id or (not under_con_id and contract.symbol == symbol)
        ):
            for venue in contract.venues:
                chains.setdefault((venue, contract.trading_class, contract.multiplier), []).append(contract)
    messages: list[list[FieldValue]] = []
    for (venue, trading_class, multiplier), options in chains.items():
        expiries = sorted({option.expiry for option in options})
        strikes = sorted({option.strike for option in options})
        message: list[FieldValue] = [75, request, venue, under_con_id, trading_class, multiplier]
        messages.append([*message, len(expiries), *expiries, len(strikes), *strikes])
    return messages


def _is_meant(contract: Contract, query: ContractQuery) -> bool:
    if not _offers(contract, query.exchange):
        return False
    if query.con_id > 0:
        return contract.con_id == query.con_id
    if query.local_symbol and not query.symbol:
        return contract.local_symbol == query.local_symbol and query.sec_type in {"", contract.sec_type}
    return (
        contract.symbol == query.symbol
        and contract.sec_type == query.sec_type
        and query.currency in {"", contract.currency}
        and contract.expiry.startswith(query.expiry[:8])
        and query.strike in {0.0, contract.strike}
        and query.right[:1] in {"", "0", "?", contract.right[:1]}
        and query.multiplier in {"", contract.multiplier}
        and query.local_symbol in {"", contract.local_symbol}
        and query.trading_class in {"", contract.trading_class}
        and query.primary_exchange in {"", contract.primary_exchange, contract.exchange}
    )


def _offers(contract: Contract, exchange: str) -> bool:
    return exchange in {"", contract.exchange, contract.primary_exchange} or exchange in contract.venues


def _ascii(name: str) -> str:
    return name.encode("ascii", "backslashreplace").decode("ascii")


def _ineligibilities(written: str) -> list[FieldValue]:
    """Split `id: text; id: text` into a counted list."""
    pairs = [part.strip().partition(":") for part in written.split(";") if part.strip()]
    fields: list[FieldValue] = [len(pairs)]
    for reason, _, words in pairs:
        fields += [reason.strip(), words.strip()]
    return fields
