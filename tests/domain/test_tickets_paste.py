"""Rows from a spreadsheet become tickets; a bad row keeps its text and says which word is wrong."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from cockpit.domain.plan import Ticket
from cockpit.domain.tickets.paste import MOST_ROWS, paste
from cockpit.domain.tickets.reader import Parsed
from tests.domain.ticket_words import DESK

pytestmark = pytest.mark.plain


def tickets(rows: tuple[Parsed, ...]) -> list[Ticket | None]:
    return [replace(row.ticket, text="") if row.ticket else None for row in rows]


@pytest.mark.parametrize("delimiter", ["\t", ";", ","], ids=["tab", "semicolon", "comma"])
def test_columns_below_a_heading_are_read_in_any_order(delimiter: str) -> None:
    sheet = (
        "Symbol|Side|Qty|Order type|Limit|Trigger|TIF|Outside RTH|Account\n"
        "AAPL|sell|100|STP LMT|6.5|6|GTC|yes|U1234567\n"
        "ESZ6|BUY|1|mkt||||no|\n"
    )
    rows = paste(sheet.replace("|", delimiter), DESK)
    assert tickets(rows) == [
        Ticket(
            "",
            "AAPL",
            "SELL",
            100.0,
            "STP LMT",
            "GTC",
            outside_hours=True,
            price=6.5,
            account="U1234567",
            stop=6.0,
        ),
        Ticket("", "ESZ26", "BUY", 1.0, "MKT"),
    ]


@pytest.mark.parametrize(
    "row",
    [
        "BUY 1,000 AAPL LMT 12.5",
        "BUY\t1000\tAAPL\tLMT\t12.5",
        "BUY;1000;AAPL;LMT;12.5",
        "BUY,1000,AAPL,LMT,12.5",
        '"BUY","1000","AAPL","LMT","12.5"',
    ],
    ids=["line", "tabs", "semicolons", "commas", "quoted"],
)
def test_a_row_without_heading_is_a_line_or_its_cells(row: str) -> None:
    assert tickets(paste(row, DESK)) == [Ticket("", "AAPL", quantity=1000.0, price=12.5)]


def test_a_column_of_lines_is_read_line_by_line() -> None:
    rows = paste("Ticket\nBUY 1 AAPL MKT\n\nSELL 1 AAPL MKT\n", DESK)
    assert [ticket.action for ticket in tickets(rows) if ticket] == ["BUY", "SELL"]


def test_a_bad_row_stays_with_its_text_and_its_reason_and_the_others_are_read() -> None:
    rows = paste(
        "side\tquantity\tsymbol\ttype\tprice\nBUY\t1\tAAPL\tLMT\t12,5\nBUY\t1\tAAPL\tLMT\t12.5\n", DESK
    )
    assert rows[0].text == "BUY 1 AAPL LMT 12,5"
    assert rows[0].problem is not None
    assert (rows[0].problem.word, rows[0].problem.suggestion) == ("12,5", "12.5")
    assert rows[1].ticket is not None


@pytest.mark.parametrize(
    ("heading", "cells", "word"),
    [("price", "MKT\t5", "5"), ("outside", "LMT\tmaybe", "maybe"), ("comment", "LMT\thello", "hello")],
)
def test_a_cell_that_fits_nowhere_is_complained_about_not_dropped(
    heading: str, cells: str, word: str
) -> None:
    [row] = paste(f"side\tqty\tsymbol\ttype\t{heading}\nBUY\t1\tAAPL\t{cells}", DESK)
    assert row.problem is not None
    assert row.problem.word == word


def test_two_rows_on_one_new_contract_share_its_instrument() -> None:
    first, second = paste("BUY 1 NQZ6 MKT\nSELL 1 NQZ26 MKT", DESK)
    assert first.instruments == second.instruments


def test_rows_beyond_the_most_are_one_problem_that_keeps_their_text() -> None:
    rows = paste("BUY 1 AAPL MKT\n" * (MOST_ROWS + 3), DESK)
    assert len(rows) == MOST_ROWS + 1
    assert rows[-1].text.count("AAPL") == 3
    assert rows[-1].problem is not None


def test_nothing_pasted_is_nothing_read() -> None:
    assert paste(" \n\n", DESK) == ()
