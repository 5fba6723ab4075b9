"""The portal's short lists of contracts: stocks and futures by symbol, descriptions by id."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cockpit.simulator.portal.contracts import listing, underlying
from cockpit.simulator.portal.http import Json
from cockpit.simulator.scenario import Contract


def stocks(contracts: Iterable[Contract], symbols: Iterable[str]) -> dict[str, Json]:
    """Stock contracts per symbol; a symbol without one has an empty list."""
    listed = list(contracts)
    return {
        symbol: [
            {
                "name": one.long_name or one.symbol,
                "chineseName": "",
                "assetClass": one.sec_type,
                "contracts": [
                    {
                        "conid": one.con_id,
                        "exchange": listing(one),
                        "isUS": one.zone.startswith(("US/", "America/")),
                    }
                ],
            }
            for one in listed
            if one.symbol == symbol and one.sec_type == "STK"
        ]
        for symbol in symbols
    }


def futures(contracts: Sequence[Contract], symbols: Iterable[str]) -> dict[str, Json]:
    """Futures per underlying symbol."""
    return {
        symbol: [
            {
                "symbol": one.symbol,
                "conid": one.con_id,
                "underlyingConid": underlying(one, contracts),
                "expirationDate": int(one.expiry or 0),
                "ltd": int(one.expiry or 0),
                "shortFuturesCutOff": int(one.expiry or 0),
                "longFuturesCutOff": int(one.expiry or 0),
            }
            for one in contracts
            if one.symbol == symbol and one.sec_type == "FUT"
        ]
        for symbol in symbols
    }


def definitions(contracts: Iterable[Contract], con_ids: Iterable[int]) -> dict[str, Json]:
    """Short descriptions for a list of contract ids."""
    wanted = set(con_ids)
    return {
        "secdef": [
            {
                "conid": one.con_id,
                "currency": one.currency,
                "name": one.long_name or one.symbol,
                "assetClass": one.sec_type,
                "expiry": one.expiry or None,
                "listingExchange": listing(one),
                "strike": f"{one.strike:g}" if one.right else "0",
                "putOrCall": one.right or None,
                "multiplier": float(one.multiplier or 1),
                "ticker": one.symbol,
                "allExchanges": ",".join(one.venues),
            }
            for one in contracts
            if one.con_id in wanted
        ]
    }
