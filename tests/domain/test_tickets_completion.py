"""What is offered at the cursor fits there, says what it means, and replaces what was begun."""

from __future__ import annotations

import pytest

from cockpit.domain.tickets.completion import complete
from tests.domain.ticket_words import DESK

pytestmark = pytest.mark.plain


def offered(line: str) -> list[str]:
    """Complete where the bar stands; return the lines that would come of it."""
    cursor = line.index("|")
    text = line.replace("|", "")
    found = complete(text, cursor, DESK)
    assert all(one.meaning for one in found)
    return [text[: one.start] + one.word + text[one.end :] for one in found]


@pytest.mark.parametrize(
    ("line", "lines"),
    [
        ("S|", ["SELL", "SPX", "SPX 6800P", "STRADDLE", "STRANGLE"]),
        ("SELL 2 E|", ["SELL 2 ES"]),
        ("SELL 2 SPX 68|", ["SELL 2 SPX 6800P"]),
        ("SELL 2 ES TR|", ["SELL 2 ES TRAIL", "SELL 2 ES TRAIL LIMIT"]),
        ("SELL 2 ES TRAIL L|", ["SELL 2 ES TRAIL LIMIT"]),
        ("SELL 2 ES t| GTC", ["SELL 2 ES TRAIL GTC", "SELL 2 ES TRAIL LIMIT GTC", "SELL 2 ES times GTC"]),
        ("SELL 2 ES LMT 5 G|", ["SELL 2 ES LMT 5 GTC", "SELL 2 ES LMT 5 GTD"]),
        ("SELL 2 ES LMT 5 algo A|", ["SELL 2 ES LMT 5 algo adaptive", "SELL 2 ES LMT 5 algo arrival_price"]),
        ("SELL 2 ES LMT 5 account |", ["SELL 2 ES LMT 5 account U1234567"]),
        ("SELL 2 ES LMT 5 on C|", ["SELL 2 ES LMT 5 on CME", "SELL 2 ES LMT 5 on CBOE"]),
        ("BUY 1 VERT S|", ["BUY 1 VERT SPX"]),
        ("BUY 1 ( |", ["BUY 1 ( BUY", "BUY 1 ( SELL"]),
        ("BUY 1 ( BUY 1 E|", ["BUY 1 ( BUY 1 ES"]),
        ("SELL 2 ES LMT 5 GTD |", []),
        # The desk's own options say which expiries there are; strikes and amounts are the trader's alone.
        ("BUY 1 IC SPX |", ["BUY 1 IC SPX 18DEC26"]),
        ("BUY 1 IC SPX 18DEC26 |", []),
        ("BUY 1 SPX 18DEC26 |", []),
        ("BUY 1 ( BUY |", []),
    ],
)
def test_only_what_fits_is_offered(line: str, lines: list[str]) -> None:
    assert offered(line) == lines


def test_what_is_said_already_is_offered_no_more() -> None:
    lines = offered("SELL 2 ES LMT 5 GTC outside |")
    words = {line.rsplit(" ", 1)[1] for line in lines}
    assert "account" in words
    assert not words & {"outside", "GTC", "DAY", "LMT", "@", "BUY"}


def test_an_order_type_is_offered_once_by_the_name_that_tws_gives_it() -> None:
    words = [one.word for one in complete("BUY 1 ES ", 9, DESK)]
    assert words.count("LMT") == 1
    assert "LIMIT" not in words
    assert "hidden" not in words
