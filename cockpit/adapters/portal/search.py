"""Which number the gateway means by a symbol: one contract without doubt, or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from cockpit.adapters.portal.rules import Future, Stock
from cockpit.domain.plan import Instrument

# The same exchange under its older name.
_OTHER_NAME = {"NASDAQ": "ISLAND", "ISLAND": "NASDAQ"}


def stock_number(instrument: Instrument, told: Mapping[str, Sequence[Stock]]) -> int:
    """Return the number of the one listing that fits: at the named exchange, or in the United States for dollars.

    0 when none or several fit: the list names no currency, so a guess could be another share of the same name.
    """
    places = [
        place
        for stock in told.get(instrument.symbol, ())
        if stock.assetClass in ("", "STK")
        for place in stock.contracts
    ]
    if instrument.exchange != "SMART":
        names = {instrument.exchange, _OTHER_NAME.get(instrument.exchange)}
        found = {place.conid for place in places if place.exchange in names}
    elif instrument.currency == "USD":
        found = {place.conid for place in places if place.isUS}
    else:
        found = set()
    return _only(found)


def future_number(instrument: Instrument, told: Mapping[str, Sequence[Future]], now: float) -> int:
    """Return the number of the future with the instrument's expiry; without one the nearest that still trades.

    0 when none or several fit. `now` in UTC epoch seconds.
    """
    today = datetime.fromtimestamp(now, UTC).strftime("%Y%m%d")
    rows = [(str(row.ltd or row.expirationDate), row.conid) for row in told.get(instrument.symbol, ())]
    dated = [(day, number) for day, number in rows if len(day) == 8 and day.isdecimal()]
    if instrument.expiry:
        return _only({number for day, number in dated if day.startswith(instrument.expiry)})
    nearest = min((day for day, _ in dated if day >= today), default="")
    return _only({number for day, number in dated if day == nearest})


def _only(found: set[int]) -> int:
    return found.pop() if len(found) == 1 else 0
