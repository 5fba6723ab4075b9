"""Reading a typed ticket: each word lands in its field, and a wrong one is named with its place."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cockpit.domain.plan import Instrument, Leg, Ticket
from cockpit.domain.tickets.completion import complete
from cockpit.domain.tickets.paste import paste
from cockpit.domain.tickets.reader import parse
from tests.domain.ticket_words import DESK, ES, WEEKLY

pytestmark = pytest.mark.plain


def ticket_of(text: str) -> Ticket:
    read = parse(text, DESK, "t")
    assert read.problem is None, read.problem
    assert read.ticket is not None
    assert read.ticket.text == text
    return replace(read.ticket, text="")


@pytest.mark.parametrize(
    ("text", "ticket"),
    [
        (
            "SELL 2 ESZ6 TRAIL LIMIT 5 2 GTC outside",
            Ticket(
                "t",
                "ESZ26",
                "SELL",
                2.0,
                "TRAIL LIMIT",
                "GTC",
                outside_hours=True,
                trail=5.0,
                limit_offset=2.0,
            ),
        ),
        ("BUY 100 AAPL MKT", Ticket("t", "AAPL", "BUY", 100.0, "MKT")),
        ("buy 100 aapl market", Ticket("t", "AAPL", "BUY", 100.0, "MKT")),
        ("EUR.USD 100K LMT", Ticket("t", "EUR.USD", "BUY", 100_000.0, "LMT")),
        ("EUR.USD +100K LMT 1.0850", Ticket("t", "EUR.USD", "BUY", 100_000.0, "LMT", price=1.085)),
        ("-1.5M eur.usd LMT", Ticket("t", "EUR.USD", "SELL", 1_500_000.0, "LMT")),
        (
            "SELL 10 SPX 20DEC26 6800C LMT @ 12.5",
            Ticket("t", "SPX 20DEC26 6800C", "SELL", 10.0, price=12.5),
        ),
        (
            "BUY 1,000 BRK.B STP LMT 480 481",
            Ticket("t", "BRK.B", "BUY", 1000.0, "STP LMT", stop=480, price=481),
        ),
        ("BUY 1 AAPL STOP LIMIT 6 @7", Ticket("t", "AAPL", "BUY", 1.0, "STP LMT", stop=6.0, price=7.0)),
        ("SELL 1 AAPL TRAIL 5%", Ticket("t", "AAPL", "SELL", 1.0, "TRAIL", trail=5.0, trail_in_percent=True)),
        (
            "BUY 5000 AAPL MKT cash algo ADAPTIVE account u1234567",
            Ticket("t", "AAPL", "BUY", 5000.0, "MKT", account="U1234567", algorithm="adaptive", in_cash=True),
        ),
        (
            "BUY 1 AAPL LMT 1 GTD 20DEC26 15:30 US/Eastern",
            Ticket("t", "AAPL", price=1.0, time_in_force="GTD", until="20261220 15:30:00 US/Eastern"),
        ),
        (
            "BUY 1 AAPL LMT 1 GTD 2026-12-20",
            Ticket("t", "AAPL", price=1.0, time_in_force="GTD", until="20261220"),
        ),
        ("BUY 1 AAPL LMT 1 overnight", Ticket("t", "AAPL", price=1.0, time_in_force="OVERNIGHT")),
        ("BUY 1 AAPL MOO", Ticket("t", "AAPL", order_type="MKT", time_in_force="OPG")),
        ("BUY 1 AAPL LMT 1 OND", Ticket("t", "AAPL", price=1.0, time_in_force="OVERNIGHT + DAY")),
        (
            "BUY 1 AAPL overnight + day LMT 1",
            Ticket("t", "AAPL", price=1.0, time_in_force="OVERNIGHT + DAY"),
        ),
        ("BUY 3 SPX 6800P LMT", Ticket("t", "SPX 6800P", quantity=3.0)),
        ("BUY 3 spx 18dec26 6800p LMT", Ticket("t", "SPX 6800P", quantity=3.0)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_line_becomes_a_ticket(text: str, ticket: Ticket) -> None:
    assert ticket_of(text) == ticket


@pytest.mark.parametrize(
    ("contract", "instrument"),
    [
        ("ESZ6", Instrument("ESZ26", "ES", "FUT", "CME", expiry="202612")),
        ("ESU5", Instrument("ESU35", "ES", "FUT", "CME", expiry="203509")),
        ("clf27", Instrument("CLF27", "CL", "FUT", "NYMEX", expiry="202701")),
        ("/ES", ES),
        ("EUR.USD", Instrument("EUR.USD", "EUR", "CASH", "IDEALPRO")),
        ("EUR.CHF", Instrument("EUR.CHF", "EUR", "CASH", "IDEALPRO", "CHF")),
        ("BRK.B", Instrument("BRK.B", "BRK B")),
        ("AAPL CFD", Instrument("AAPL CFD", "AAPL", "CFD")),
        (
            "SPX DEC26 6812.5C",
            Instrument("SPX DEC26 6812.5C", "SPX", "OPT", expiry="202612", strike=6812.5, right="C"),
        ),
        (
            "ESZ6 18DEC26 6800P",
            Instrument(
                "ES 18DEC26 6800P FOP", "ES", "FOP", "CME", expiry="20261218", strike=6800.0, right="P"
            ),
        ),
        (
            "ES 18DEC26 6800P",
            Instrument(
                "ES 18DEC26 6800P FOP", "ES", "FOP", "CME", expiry="20261218", strike=6800.0, right="P"
            ),
        ),
        ("spx 6800p", WEEKLY),
        ('"SPX 6800P"', WEEKLY),
    ],
)
def test_a_contract_is_read_as_traders_write_it(contract: str, instrument: Instrument) -> None:
    assert parse(f"BUY 1 {contract} MKT", DESK).instruments == (instrument,)


def test_what_is_said_at_the_end_belongs_to_the_contract() -> None:
    [sap] = parse("BUY 1 SAP MKT on IBIS in EUR", DESK).instruments
    assert sap == Instrument("SAP on IBIS in EUR", "SAP", exchange="IBIS", currency="EUR")
    [odd] = parse("BUY 1 XXZ6 MKT on XYZ times 50", DESK).instruments
    assert (odd.symbol, odd.exchange, odd.multiplier) == ("XX", "XYZ", "50")


def test_the_year_of_a_future_is_the_next_with_that_digit() -> None:
    for today, expiry in ((date(2026, 12, 31), "202612"), (date(2027, 1, 1), "203612")):
        [future] = parse("BUY 1 ESZ6 MKT", replace(DESK, today=today)).instruments
        assert future.expiry == expiry


@pytest.mark.parametrize(
    ("text", "legs"),
    [
        ("VERT SPX 20DEC26 6700/6800C", "+6700C -6800C"),
        ("IC SPX 20DEC26 6700/6720/6900/6920", "+6700P -6720P -6900C +6920C"),
        ("STRADDLE SPX 20DEC26 6800", "+6800C +6800P"),
        ("STRANGLE SPX 20DEC26 6700/6900", "+6700P +6900C"),
        ("BUTTERFLY SPX 20DEC26 6700/6800/6900P", "+6700P -2*6800P +6900P"),
        ("( BUY 1 SPX 20DEC26 6700P SELL 3 SPX 20DEC26 6650P )", "+6700P -3*6650P"),
    ],
)
def test_a_combination_stands_for_its_legs(text: str, legs: str) -> None:
    ticket = ticket_of(f"BUY 1 {text} LMT -1.25")
    assert ticket.price == -1.25
    assert ticket.instrument == ticket.legs[0].instrument
    shown = [
        ("+" if leg.action == "BUY" else "-")
        + (f"{leg.ratio}*" if leg.ratio > 1 else "")
        + leg.instrument.removeprefix("SPX 20DEC26 ")
        for leg in ticket.legs
    ]
    assert " ".join(shown) == legs


def test_a_calendar_sells_the_first_expiry_and_buys_the_second() -> None:
    ticket = ticket_of("BUY 1 CAL SPX 20DEC26/15JAN27 6800C LMT 30")
    assert ticket.legs == (Leg("SPX 20DEC26 6800C", "SELL"), Leg("SPX 15JAN27 6800C"))


@pytest.mark.parametrize(
    ("text", "word", "start", "reason", "suggestion"),
    [
        ("ESZ6 100 LMT 1.0850", "", 19, "Say BUY or SELL", ""),
        ("SELL many MSFT MKT", "many", 5, "is no number", ""),
        ("SELL MSFT many 5 MKT", "many", 10, "is no word of a ticket", ""),
        ("BUY 100 AAPL TRIAL 5%", "TRIAL", 13, "is no word of a ticket", "TRAIL"),
        ("BUY 100 AAPL LMT 12,5", "12,5", 17, "is no number", "12.5"),
        ("BUY 100 AAPL LMT 12.5 GTX", "GTX", 22, "is no word of a ticket", "GTD"),
        ("BUY 100 AAPL MKT 6", "6", 17, "is one number too many", ""),
        ("BUY 100 AAPL MKT @ 6", "@", 17, "MKT takes no limit price", ""),
        ("BUY 100 AAPL STP LMT 6", "", 22, "STP LMT takes trigger and price", ""),
        ("BUY 100 AAPL LMT 6 MKT", "MKT", 19, "is a second order type", ""),
        ("BUY 100 AAPL LMT 6 DAY GTC", "GTC", 23, "is said twice", ""),
        ("BUY 100 AAPL LMT 5%", "5%", 17, "is no number", ""),
        ("BUY 0 AAPL LMT", "0", 4, "must be more than nothing", ""),
        ("BUY AAPL LMT", "", 12, "Say how many", ""),
        ("BUY 1 AAPL", "", 10, "Say which order type", "LMT"),
        ("BUY 1", "", 5, "Say what to trade", ""),
        ("", "", 0, "Say what to trade", ""),
        ("SHORT 1 AAPL LMT", "SHORT", 0, "is no side", "SELL"),
        ("BUY 1 XXZ6 MKT", "XXZ6", 6, "trades where?", ""),
        ("BUY 1 SPX 20DEC26 6800 LMT", "6800", 18, "lacks C or P", ""),
        ("BUY 1 VERT SPX", "", 14, "Say the expiry", ""),
        ("BUY 1 IC SPX 20DEC26 6700/6720 LMT", "6700/6720", 21, "must be 4 strikes", ""),
        ("BUY 1 AAPL LMT 1 GTD 31FEB27", "31FEB27", 21, "is no day", ""),
        ("BUY 1 AAPL LMT 1 algo ADAPTIV", "ADAPTIV", 22, "is no algorithm", "ADAPTIVE"),
        ("BUY 1 AAPL LMT 1 account me", "me", 25, "is no account", ""),
        ('BUY 1 "SPX 6800" LMT', '"SPX 6800"', 6, "is no instrument of this desk", "SPX 6800P"),
        ("BUY 1 AAPL MOO DAY", "DAY", 15, "is said twice", ""),
        ("BUY 1 AAPL DARK 5", "DARK", 11, "is no word of a ticket", "MARKET"),
        ("BUY 1 AAPL hidden 5", "hidden", 11, "is no word of a ticket", ""),
    ],
)
def test_a_wrong_word_is_named_with_its_place_and_the_reason(
    text: str, word: str, start: int, reason: str, suggestion: str
) -> None:
    read = parse(text, DESK)
    assert read.ticket is None
    assert read.text == text
    problem = read.problem
    assert problem is not None
    assert (problem.word, problem.start, problem.suggestion) == (word, start, suggestion)
    assert text[problem.start : problem.end] == word
    assert problem.reason.startswith(reason)


PIECES = """
    BUY SELL 1 -2 100K 12,5 AAPL ESZ6 EUR.USD SPX 20DEC26 6800C 6700/6800 IC VERT CAL ( ) @ " LMT TRAIL LIMIT STP 5% GTC
    GTD DAY 15:30 US/Eastern outside cash algo ADAPTIVE account U1234567 on CME in class times /ES /
"""
WORDS = st.sampled_from(PIECES.split())


@given(st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=14).map(" ".join)), st.integers(-1, 90))
def test_any_text_at_all_is_read_or_has_a_problem_in_its_place(text: str, cursor: int) -> None:
    read = parse(text, DESK)
    assert (read.ticket is None) is (read.problem is not None)
    if read.problem is not None:
        assert text[read.problem.start : read.problem.end] == read.problem.word
        assert read.problem.sentence()
    for one in complete(text, cursor, DESK):
        assert 0 <= one.start <= cursor <= one.end <= len(text)
    assert all(row.ticket is not None or row.problem is not None for row in paste(text, DESK))


def test_a_line_of_a_book_is_refused_as_too_long() -> None:
    read = parse("BUY " * 1000, DESK)
    assert read.problem is not None
    assert "longer than 500" in read.problem.reason


def test_the_lines_of_the_manual_are_read() -> None:
    page = (Path(__file__).parents[2] / "docs" / "manual" / "tickets.md").read_text(encoding="utf-8")
    start = page.index("    SELL 2")
    lines = [line.strip() for line in page[start : page.index("Capitals")].splitlines() if line.strip()]
    assert len(lines) == 5
    assert [parse(line, DESK).problem for line in lines] == [None] * 5
    table = page[page.index("| `VERT") : page.index("SELL before")]
    shapes = re.findall(r"^\| `(.*?)`", table, re.MULTILINE)
    assert [parse(f"BUY 1 {shape} LMT", DESK).problem for shape in shapes] == [None] * 7
