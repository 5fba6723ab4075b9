"""A small catalogue and the instruments of a desk, for reading tickets."""

from __future__ import annotations

from datetime import date

from cockpit.domain.catalogue import Availability, Confidence, OrderGroup, OrderType, Playing, playing
from cockpit.domain.plan import Instrument
from cockpit.domain.tickets.known import Known


def _row(
    key: str, code: str = "", group: OrderGroup = OrderGroup.BASIC, *aliases: str, time: str = ""
) -> OrderType:
    return OrderType(
        key=key,
        title=key.replace("_", " ").capitalize(),
        group=group,
        codes=(code,) if code else (),
        aliases=aliases,
        tokens=(),
        web_token="",
        offers={},
        products=(),
        times_in_force=(time,) if time else (),
        outside_hours=Availability.UNKNOWN,
        combos=Availability.UNKNOWN,
        source="test",
        as_of="2026-11",
        confidence=Confidence.DOCUMENTED,
    )


CATALOGUE: Playing = playing(
    (
        _row("limit", "LMT", OrderGroup.BASIC, "LIMIT"),
        _row("market", "MKT", OrderGroup.BASIC, "MARKET"),
        _row("stop", "STP", OrderGroup.STOP, "STOP"),
        _row("stop_limit", "STP LMT", OrderGroup.STOP, "STOP LIMIT"),
        _row("trailing_stop", "TRAIL", OrderGroup.STOP),
        _row("trailing_stop_limit", "TRAIL LIMIT", OrderGroup.STOP, "TRAILLMT"),
        _row("limit_if_touched", "LIT", OrderGroup.STOP),
        _row("midprice", "MIDPRICE", OrderGroup.PEGGED),
        _row("market_on_open", "MKT", OrderGroup.AUCTION, "MOO", time="OPG"),
        _row("dark_limit", "LMT", OrderGroup.BASIC, "DARK"),
        _row("combo", "REL + MKT", OrderGroup.COMBINATION),
        _row("overnight", "OVERNIGHT", OrderGroup.TIME, "OVT"),
        _row("overnight_day", "OVERNIGHT + DAY", OrderGroup.TIME, "OND"),
        _row("hidden", "", OrderGroup.ATTRIBUTE),
        _row("adaptive", "", OrderGroup.ALGORITHM),
        _row("arrival_price", "", OrderGroup.ALGORITHM, "ArrivalPx"),
    )
)
ES = Instrument("ES", "ES", sec_type="FUT", exchange="CME")
SPX = Instrument("SPX", "SPX", sec_type="IND", exchange="CBOE")
WEEKLY = Instrument(
    "SPX 6800P", "SPX", "OPT", expiry="20261218", strike=6800.0, right="P", trading_class="SPXW"
)
TODAY = date(2026, 11, 22)
DESK = Known(CATALOGUE, (ES, SPX, WEEKLY), ("U1234567",), TODAY)
