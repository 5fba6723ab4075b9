"""Which numbers follow an order type, in the order in which traders write them."""

from __future__ import annotations

# By what TWS calls the type; names of the ticket's fields.
_NUMBERS = {
    "MKT": (),
    "MOC": (),
    "MTL": (),
    "MKT PRT": (),
    "STP LMT": ("stop", "price"),
    "MIT": ("stop",),
    "LIT": ("stop", "price"),
    "TRAIL": ("trail",),
    "TRAIL LIMIT": ("trail", "limit_offset"),
    "TRAIL MIT": ("trail",),
    "TRAIL LIT": ("trail", "limit_offset"),
}
WORDS = {
    "price": "price",
    "stop": "trigger",
    "trail": "trailing amount",
    "limit_offset": "limit offset",
}


def numbers_of(order_type: str) -> tuple[str, ...]:
    """Return the fields that the numbers behind an order type fill; any other type may carry one price."""
    return _NUMBERS.get(order_type, ("price",))
