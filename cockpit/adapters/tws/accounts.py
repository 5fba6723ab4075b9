"""Account values, families and open orders, read into facts."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from cockpit.adapters.foreign_text import clean
from cockpit.adapters.tws.messages import Families, OrderSeen, SummaryRow
from cockpit.domain import kinds
from cockpit.domain.evidence import Kind, Observation

_AMOUNTS: dict[str, Kind[float]] = {
    "ExcessLiquidity": kinds.EXCESS_LIQUIDITY,
    "NetLiquidation": kinds.NET_LIQUIDATION,
    "Cushion": kinds.CUSHION,
}
_TYPE = "AccountType"
# Its currency is the account's base currency.
_BASE = "NetLiquidation"

TAGS = ",".join([*_AMOUNTS, _TYPE])
GROUP = "All"

_ACCOUNT = re.compile(r"[A-Za-z0-9]{2,20}")
_CURRENCY = re.compile(r"[A-Z]{3}")


def accounts(names: Iterable[str]) -> tuple[str, ...]:
    """Keep what looks like an account number, in order and once."""
    return tuple(dict.fromkeys(name for name in names if _ACCOUNT.fullmatch(name)))


def summary_facts(rows: Iterable[SummaryRow], now: float) -> list[Observation]:
    """Turn rows into facts of their account; a value that is no number is left out."""
    seen: list[Observation] = []
    for row in rows:
        if not _ACCOUNT.fullmatch(row.account):
            continue
        subject = f"account/{row.account}"
        if row.tag == _TYPE and row.value:
            seen.append(kinds.ACCOUNT_TYPE.seen(subject, clean(row.value, 60), now))
        amount = _amount(row.value)
        if row.tag in _AMOUNTS and amount is not None:
            seen.append(_AMOUNTS[row.tag].seen(subject, amount, now, note=row.tag))
            if row.tag == _BASE and _CURRENCY.fullmatch(row.currency):
                seen.append(kinds.CURRENCY.seen(subject, row.currency, now))
    return seen


def family_words(families: Families) -> tuple[str, ...]:
    """Name each account's family; accounts without one are left out."""
    return tuple(
        f"{account}: {clean(code, 40)}"
        for account, code in families.codes
        if code and _ACCOUNT.fullmatch(account)
    )


def origins(orders: Sequence[OrderSeen]) -> tuple[str, ...]:
    """Count open orders by who placed them: `manual 3`, then `client 7: 2` by rising client id.

    Orders typed into the screen carry client id 0 and no order id of their own (manual, "Open orders").
    """
    counts = Counter(_origin(order) for order in set(orders))
    manual = counts.pop(None, 0)
    clients = [f"client {client}: {counts[client]}" for client in sorted(counts, key=lambda key: key or 0)]
    return ((f"manual {manual}",) if manual else ()) + tuple(clients)


def _origin(order: OrderSeen) -> int | None:
    return None if order.client == 0 and order.order_id <= 0 else order.client


def _amount(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    # The unset double stands for "no value".
    return value if math.isfinite(value) and abs(value) < 1e300 else None
