"""Writing a ticket: what is written reads back as the same ticket, whatever the grammar can express."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cockpit.domain.plan import Instrument, Leg, Ticket
from cockpit.domain.tickets.dates import MONTHS
from cockpit.domain.tickets.known import Known
from cockpit.domain.tickets.prices import numbers_of
from cockpit.domain.tickets.reader import parse
from cockpit.domain.tickets.writer import write
from tests.domain.ticket_words import DESK, ES, SPX, WEEKLY

pytestmark = pytest.mark.plain

NAMES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9 ._+-]{0,20}", fullmatch=True)
EXPIRIES = st.dates().map(lambda day: f"20{day.year % 100:02}{day.month:02}{min(day.day, 28):02}")
CENTS = st.integers(-10_000_000, 10_000_000).map(lambda cents: cents / 100)
POSITIVE = st.one_of(
    st.integers(1, 10**9).map(float),
    st.floats(0, 1e12, exclude_min=True, allow_subnormal=False),
)
SYMBOLS = st.sampled_from(["AAPL", "ES", "SPX", "BRK B", "GTC", "BUY", "LMT", "IC", "ON", "X1", "SPY"])


@st.composite
def instruments(draw: st.DrawFn) -> Instrument:
    """Any instrument at all, often one with a misleading name."""
    kind = draw(st.sampled_from(["STK", "CASH", "FUT", "OPT", "FOP", "CFD", "IND", "BAG"]))
    option = kind in ("OPT", "FOP")
    return Instrument(
        key=draw(
            st.one_of(
                NAMES, SYMBOLS, st.sampled_from(["LMT", "(", "100", "SPX 20DEC26 6800C", "VERT", "ESZ26"])
            )
        ),
        symbol=draw(SYMBOLS),
        sec_type=kind,
        exchange=draw(st.sampled_from(["SMART", "CME", "IDEALPRO", "IBIS"])),
        currency=draw(st.sampled_from(["USD", "EUR"])),
        expiry=draw(EXPIRIES) if option else draw(st.sampled_from(["", "202612"])),
        strike=draw(st.integers(1, 99_999)) / 4 if option else 0.0,
        right=draw(st.sampled_from("CP")) if option else "",
        trading_class=draw(st.sampled_from(["", "SPXW"])),
        multiplier=draw(st.sampled_from(["", "50"])),
    )


@st.composite
def orders(draw: st.DrawFn) -> tuple[Ticket, Known]:
    """Any ticket that the grammar can express, and the desk that knows its instruments."""
    known = draw(
        st.lists(
            instruments(), min_size=1, max_size=5, unique_by=lambda one: " ".join(one.key.upper().split())
        )
    )
    legs = tuple(
        Leg(one.key, draw(st.sampled_from(["BUY", "SELL"])), draw(st.integers(1, 9)))
        for one in draw(st.lists(st.sampled_from(known), max_size=4))
    )
    order_type = draw(
        st.sampled_from(
            ["LMT", "MKT", "STP", "STP LMT", "TRAIL", "TRAIL LIMIT", "LIT", "MIDPRICE", "REL + MKT"]
        )
    )
    numbers = {
        field: draw(st.integers(0, 999).map(float) if field == "trail" else CENTS)
        for field in numbers_of(order_type)
    }
    time = draw(st.sampled_from(["DAY", "GTC", "IOC", "OPG", "FOK", "GTD", "OVERNIGHT", "OVERNIGHT + DAY"]))
    until = st.sampled_from(["20261220", "20261220 15:30:00 US/Eastern"])
    ticket = Ticket(
        key="t",
        instrument=legs[0].instrument if legs else draw(st.sampled_from(known)).key,
        action=draw(st.sampled_from(["BUY", "SELL"])),
        quantity=draw(POSITIVE),
        order_type=order_type,
        time_in_force=time,
        until=draw(until) if time == "GTD" else "",
        outside_hours=draw(st.booleans()),
        account=draw(st.sampled_from(["", "U1234567"])),
        trail_in_percent="trail" in numbers and draw(st.booleans()),
        algorithm=draw(st.sampled_from(["", "adaptive", "arrival_price"])),
        in_cash=draw(st.booleans()),
        legs=legs,
    )
    return replace(ticket, **numbers), replace(DESK, instruments=tuple(known))


@given(orders())
def test_a_written_ticket_reads_back_as_the_same(order: tuple[Ticket, Known]) -> None:
    ticket, known = order
    text = write(ticket, known)
    read = parse(text, known, "t")
    assert read.problem is None, (text, read.problem)
    assert read.ticket == replace(ticket, text=text)


@given(
    st.sampled_from(
        [
            "VERT {} {} {}/{}C",
            "BUTTERFLY {} {} {}/{}/{}P",
            "IC {} {} {}/{}/{}/{}",
            "STRANGLE {} {} {}/{}",
            "STRADDLE {} {} {}",
        ]
    ),
    st.sampled_from(["SPX", "AAPL", "/ES"]),
    st.tuples(st.integers(1, 28), st.sampled_from(MONTHS), st.integers(26, 60)),
    st.lists(st.integers(1, 9999), min_size=4, max_size=4, unique=True),
)
def test_a_named_combination_keeps_its_name(
    shape: str, root: str, when: tuple[int, str, int], strikes: list[int]
) -> None:
    line = "BUY 1 " + shape.format(root, f"{when[0]:02}{when[1]}{when[2]}", *strikes) + " LMT 2"
    read = parse(line, DESK)
    assert read.ticket is not None, read.problem
    known = replace(DESK, instruments=(*DESK.instruments, *read.instruments))
    assert write(read.ticket, known) == line


@pytest.mark.parametrize(
    ("ticket", "text"),
    [
        (Ticket("t", "ES"), "BUY 1 ES LMT"),
        (Ticket("t", "SPX 6800P", price=12.5), "BUY 1 SPX 6800P LMT 12.5"),
        (
            Ticket("t", "ES", quantity=1e12, trail=0.00001, order_type="TRAIL"),
            "BUY 1000000000000 ES TRAIL 0.00001",
        ),
        (Ticket("t", "ES", order_type="STP LMT", price=5.0), "BUY 1 ES STP LMT 0 5"),
    ],
)
def test_tickets_are_written_short_and_without_exponents(ticket: Ticket, text: str) -> None:
    assert write(ticket, DESK) == text


@pytest.mark.parametrize(
    "ticket",
    [
        Ticket("t", "nowhere"),
        Ticket("t", "ES", order_type="MKT", price=3.0),
        Ticket("t", "ES", legs=(Leg("gone"),), text="x"),
        Ticket("t", "", quantity=float("inf"), price=float("nan")),
    ],
)
def test_a_ticket_that_no_line_can_say_is_still_written(ticket: Ticket) -> None:
    assert write(ticket, replace(DESK, instruments=(ES, SPX, WEEKLY)))
