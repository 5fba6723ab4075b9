"""What the portal says about instruments: search, description, order rules, algos."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from cockpit.simulator.portal.accounts import reachable
from cockpit.simulator.portal.http import Json
from cockpit.simulator.refusals import at_venue
from cockpit.simulator.scenario import Contract, Scenario

OVERNIGHT = "OVERNIGHT"
DERIVATIVES = frozenset({"OPT", "FOP", "FUT", "WAR"})
_UNDERLYINGS = ("STK", "IND", "CASH", "FUND", "BOND", "CRYPTO", "CMDTY", "CFD")
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_RIGHTS = {"C": "CALL", "P": "PUT"}
_ALGOS = (
    ("Adaptive", "Adaptive"),
    ("Arrival Price", "ArrivalPx"),
    ("Close Price", "ClosePx"),
    ("DarkIce", "DarkIce"),
    ("Percentage of Volume", "PctVol"),
    ("TWAP", "Twap"),
    ("VWAP", "Vwap"),
)
_ALGO_CLASSES = frozenset({"STK", "OPT", "FUT"})
_ALGO_ORDERS = (
    "limit",
    "stop_limit",
    "lit",
    "trailing_stop_limit",
    "relative",
    "marketonclose",
    "limitonclose",
)


def find(scenario: Scenario, con_id: int) -> Contract | None:
    """The scenario's contract with this id."""
    return next((contract for contract in scenario.contracts if contract.con_id == con_id), None)


def search(
    contracts: Sequence[Contract], symbol: str, by_name: bool = False, sec_type: str = ""
) -> list[Json]:
    """Rows for an underlying symbol, or for a part of a company's name, each with its sections."""
    wanted = symbol.upper()

    def fits(contract: Contract) -> bool:
        if by_name:
            return wanted in contract.long_name.upper()
        return contract.symbol.upper() == wanted

    found = [contract for contract in contracts if fits(contract)]
    heads = [contract for contract in found if contract.sec_type in _UNDERLYINGS] or found[:1]
    if sec_type:
        heads = [head for head in heads if head.sec_type == sec_type]
    return [_search_row(head, [one for one in found if one.symbol == head.symbol]) for head in heads]


def info(contract: Contract, contracts: Sequence[Contract]) -> dict[str, Json]:
    """The description of one contract."""
    is_derivative = contract.sec_type in DERIVATIVES
    body: dict[str, Json] = {
        "cfi_code": "",
        "symbol": contract.symbol,
        "cusip": None,
        "expiry_full": contract.expiry or None,
        "con_id": contract.con_id,
        "maturity_date": contract.expiry or None,
        "industry": "",
        "instrument_type": contract.sec_type,
        "trading_class": contract.trading_class or contract.symbol,
        "valid_exchanges": ",".join(contract.venues),
        "allow_sell_long": False,
        "is_zero_commission_security": False,
        "local_symbol": contract.local_symbol or contract.symbol,
        "contract_clarification_type": contract.clarification or None,
        "classifier": None,
        "currency": contract.currency,
        "text": contract.long_name or contract.symbol,
        "underlying_con_id": underlying(contract, contracts) if is_derivative else 0,
        "r_t_h": contract.sec_type == "STK",
        "multiplier": contract.multiplier or None,
        "underlying_issuer": None,
        "contract_month": contract.expiry[:6] or None,
        "company_name": contract.long_name or contract.symbol,
        "smart_available": "SMART" in contract.venues,
        "exchange": contract.exchange,
        "category": "",
    }
    if contract.right:
        body |= {"strike": f"{contract.strike:g}", "right": _RIGHTS.get(contract.right[:1], contract.right)}
    return body


def rules(scenario: Scenario, contract: Contract, is_buy: bool = True, venue: str = "") -> dict[str, Json]:
    """Which orders this contract takes on one side and at one venue, and from which accounts."""
    contract = at_venue(contract, venue)
    side = contract.buying if is_buy else contract.selling
    accounts = [account.id for account in reachable(scenario)]
    may_trade = [account.id for account in reachable(scenario) if account.can_trade]
    order_types = (side.order_types or contract.web_order_types) if contract.tradable else ()
    is_stock = contract.sec_type == "STK"
    fractions = [one for one in order_types if one in ("limit", "market", "stop", "stop_limit")]
    has_algos = contract.sec_type in _ALGO_CLASSES
    return {
        "algoEligible": has_algos,
        "overnightEligible": OVERNIGHT in contract.venues,
        "allOrNoneEligible": True,
        "costReport": False,
        "canTradeAcctIds": may_trade if contract.permitted and not side.shut else [],
        "error": side.error or None,
        "orderTypes": order_types,
        "ibAlgoTypes": [one for one in order_types if has_algos and one in _ALGO_ORDERS],
        "fraqTypes": fractions if is_stock else [],
        "forceOrderPreview": False,
        "cqtTypes": fractions if is_stock else [],
        "orderDefaults": {"LMT": {"LP": f"{contract.price:.2f}"}},
        "orderTypesOutside": (side.outside or contract.web_outside) if contract.tradable else (),
        "defaultSize": 100 if is_stock else 1,
        "cashSize": 0.0,
        "sizeIncrement": 100 if is_stock else 1,
        "tifTypes": side.tifs or contract.web_tifs,
        "tifDefaults": {
            "TIF": "DAY",
            "SIZE": "100.00" if is_stock else "1",
            "DEFAULT_ACCT": accounts[0] if accounts else "",
            "PMALGO": True,
        },
        "limitPrice": contract.price,
        "stopprice": contract.price,
        "orderOrigination": None,
        "preview": True,
        "displaySize": None,
        "fraqInt": 4 if is_stock else 0,
        "cashCcy": contract.currency,
        "cashQtyIncr": 500 if is_stock else None,
        "priceMagnifier": None,
        "negativeCapable": contract.sec_type in DERIVATIVES,
        "incrementType": 1,
        "incrementRules": [{"lowerEdge": 0.0, "increment": contract.min_tick}],
        "hasSecondary": True,
        "modTypes": [],
        "increment": contract.min_tick,
        "incrementDigits": _digits(contract.min_tick),
    }


def algos(contract: Contract) -> list[dict[str, Json]]:
    """The algos that this contract's orders can carry."""
    if contract.sec_type not in _ALGO_CLASSES:
        return []
    return [{"name": name, "id": key} for name, key in _ALGOS]


def _search_row(head: Contract, family: Sequence[Contract]) -> dict[str, Json]:
    sections: list[Json] = [{"secType": head.sec_type}]
    for sec_type in sorted({one.sec_type for one in family} - {head.sec_type}):
        members = [one for one in family if one.sec_type == sec_type]
        section: dict[str, Json] = {"secType": sec_type}
        months = sorted({one.expiry[:6] for one in members if one.expiry})
        if months:
            section["months"] = ";".join(_month(month) for month in months)
            section["exchange"] = ";".join(dict.fromkeys(venue for one in members for venue in one.venues))
        sections.append(section)
    options = sorted({one.expiry for one in family if one.sec_type == "OPT" and one.expiry})
    return {
        "conid": str(head.con_id),
        "companyHeader": f"{head.long_name or head.symbol} - {listing(head)}",
        "companyName": head.long_name or head.symbol,
        "symbol": head.symbol,
        "description": listing(head),
        "restricted": head.restricted or None,
        "fop": None,
        "opt": ";".join(options) or None,
        "war": None,
        "sections": sections,
    }


def underlying(contract: Contract, contracts: Iterable[Contract]) -> int:
    """The contract it names, else the one of the same symbol that is no derivative, else 0 as on the wire."""
    if contract.under_con_id:
        return contract.under_con_id
    same = (one for one in contracts if one.symbol == contract.symbol and one.sec_type not in DERIVATIVES)
    return next((one.con_id for one in same), 0)


def listing(contract: Contract) -> str:
    """The venue where it is listed."""
    return contract.primary_exchange or contract.exchange


def _month(text: str) -> str:
    """`202601` as the search says it: JAN26."""
    found = re.fullmatch(r"\d\d(\d\d)(0[1-9]|1[0-2])", text)
    return f"{_MONTHS[int(found[2]) - 1]}{found[1]}" if found else text


def _digits(tick: float) -> int:
    text = f"{tick:.8f}".rstrip("0")
    return len(text.partition(".")[2])
