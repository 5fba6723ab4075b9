"""Market data as the portal sends it: numbered fields, values as display strings, entitlement in letters."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from cockpit.simulator.dates import is_open, trading_hours
from cockpit.simulator.portal.http import Json
from cockpit.simulator.scenario import Contract, Feed

LAST, BID, ASK, AVAILABILITY, TRADABLE, PERMITTED = "31", "84", "86", "6509", "7184", "7768"
DELTA = "7308"
_GREEKS = {DELTA: "0.452", "7309": "0.031", "7310": "-0.118", "7311": "0.206", "7283": "18.4%"}
_LETTERS = {
    # feed: while the venue is open, while it is closed. R real time, D delayed, Z and Y the same frozen.
    Feed.LIVE: ("RpB", "ZpB"),
    Feed.FROZEN: ("ZpB", "ZpB"),
    Feed.DELAYED: ("DPB", "YPB"),
    Feed.NONE: ("N", "N"),
    Feed.PARTIAL: ("RpB", "ZpB"),
}
# The broker says nothing at all for these: a silent line, and live data that another session holds.
_WITHOUT_WORD = frozenset({Feed.SILENT, Feed.COMPETING})


def opening(contract_id: int) -> dict[str, Json]:
    """The first answer for a contract, which only opens its stream."""
    return {"conid": contract_id, "conidEx": str(contract_id)}


def quote(contract: Contract, fields: Iterable[str], now: float) -> dict[str, Json]:
    """The values of the asked fields that exist; `now` is UTC epoch seconds."""
    known = values(contract, is_trading(contract, now))
    row: dict[str, Json] = dict(opening(contract.con_id))
    row |= {"server_id": f"q{contract.con_id % 10}", "_updated": round(now * 1000)}
    if AVAILABILITY in known:
        row[AVAILABILITY] = known[AVAILABILITY]
    row |= {name: known[name] for name in fields if name in known}
    return row


def is_trading(contract: Contract, now: float) -> bool:
    """Whether the contract's venue is open at `now`, UTC epoch seconds."""
    moment = datetime.fromtimestamp(now, UTC)
    return is_open(trading_hours(contract.hours, contract.zone, moment), contract.zone, moment)


def values(contract: Contract, is_venue_open: bool) -> dict[str, str]:
    """Every field this contract has now, by its number."""
    found = {
        "55": contract.symbol,
        "6004": contract.exchange,
        "6008": str(contract.con_id),
        "6070": contract.sec_type,
        "7051": contract.long_name or contract.symbol,
        "7221": contract.primary_exchange or contract.exchange,
        TRADABLE: "1" if contract.tradable else "0",
        PERMITTED: "1" if contract.permitted else "0",
    }
    if contract.feed in _WITHOUT_WORD:
        return found
    found[AVAILABILITY] = _LETTERS[contract.feed][0 if is_venue_open else 1]
    if contract.feed is Feed.NONE or contract.price == 0:
        return found
    tick = contract.min_tick
    last = display(contract.price, tick)
    found |= {LAST: last if is_venue_open else f"C{last}", "7296": last, "82": "0.00", "83": "0.00"}
    if contract.sec_type != "IND" and is_venue_open:
        found |= {
            BID: display(contract.price - tick, tick),
            ASK: display(contract.price + tick, tick),
            "85": "300",
            "88": "200",
            "87": "1.2M",
        }
    if contract.sec_type in ("OPT", "FOP") and contract.feed is not Feed.PARTIAL:
        found |= _GREEKS
        if contract.right.startswith("P"):
            found[DELTA] = f"-{found[DELTA]}"
    return found


def display(number: float, tick: float = 0.01) -> str:
    """A number as the portal writes it: thousands separated, as many digits as the price grid has."""
    digits = max(2, len(f"{tick:.8f}".rstrip("0").partition(".")[2]))
    return f"{number:,.{digits}f}"
