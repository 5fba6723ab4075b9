"""The broker's tokens of order types, as contract details list them."""

from __future__ import annotations

# Order type of a ticket → token in contract details. A type without a row is its own token, blanks taken out.
_TOKENS = {
    "STP LMT": "STPLMT",
    "TRAIL LIMIT": "TRAILLMT",
    "MIDPRICE": "MIDPX",
    "SNAP MID": "SNAPMID",
    "SNAP MKT": "SNAPMKT",
    "SNAP PRIM": "SNAPREL",
    "PEG MID": "PEGMID",
    "TRAIL MIT": "TRAILMIT",
    "TRAIL LIT": "TRAILLIT",
    "VOL": "VOLAT",
}


def token(order_type: str) -> str:
    """Return the contract-details token of an order type as a ticket writes it, in capitals or not."""
    word = order_type.upper()
    return _TOKENS.get(word, word.replace(" ", ""))
