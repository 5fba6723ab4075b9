"""A playbook as a file of its own: what is written is read back, and what cannot be used is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cockpit.adapters.settings.file import dump, parse_settings
from cockpit.adapters.settings.plan import to_plan
from cockpit.adapters.settings.playbook import (
    Playbook,
    dump_playbook,
    parse_playbook,
    read_playbook,
    with_playbook,
    write_playbook,
)
from cockpit.adapters.settings.records import Settings
from cockpit.domain.plan import Flow, Instrument, Leg, Objective, Ticket

pytestmark = pytest.mark.plain

LOW = Instrument("spx-6700c", "SPX", "OPT", expiry="20261218", strike=6700.0, right="C")
HIGH = replace(LOW, key="spx-6800c", strike=6800.0)
SPREAD = Ticket(
    "leg-1",
    LOW.key,
    quantity=2.0,
    order_type="LMT + MKT",
    price=-1.25,
    time_in_force="GTD",
    until="20261218 15:30:00 US/Eastern",
    legs=(Leg(LOW.key), Leg(HIGH.key, "SELL", 2)),
    text='BUY 2 ( … "quoted" \\ )',
)
FLOWS = (
    Flow(
        "leg",
        "Move the leg",
        Objective.MULTI_LEG,
        door="elsewhere",
        tickets=(SPREAD,),
        drafts=("BUY 1 ESQ9X LMT",),
    ),
    Flow("watch", "Watch", Objective.MONITOR, instruments=(HIGH.key,)),
)


def test_a_playbook_written_is_read_back_with_its_drafts_and_doors(tmp_path: Path) -> None:
    path = tmp_path / "playbook.toml"
    write_playbook(path, FLOWS, (LOW, HIGH, Instrument("AAPL", "AAPL")))
    assert read_playbook(path) == (Playbook(FLOWS, (LOW, HIGH)), [])


def test_the_default_playbook_is_read_back() -> None:
    plan = to_plan(Settings(), ())
    book, complaints = parse_playbook(dump_playbook(plan.flows, plan.instruments).encode(), "p")
    assert (book.flows, complaints) == (plan.flows, [])


def test_an_empty_playbook_is_one() -> None:
    assert parse_playbook(dump_playbook((), ()).encode(), "p") == (Playbook(), [])


def test_a_playbook_kept_in_the_settings_stays_the_same() -> None:
    flows = tuple(replace(flow, door="") for flow in FLOWS)
    settings = with_playbook(Settings(), flows, (LOW, HIGH))
    again, complaints = parse_settings(dump(settings).encode(), "settings.toml")
    assert (again, complaints) == (settings, [])
    assert to_plan(again, ()).flows == flows


def test_a_ticket_that_no_file_can_hold_stays_as_a_line_of_its_flow() -> None:
    odd = replace(SPREAD, order_type="LMT\n", text="BUY 1\tAAPL LMT\n")
    settings = with_playbook(Settings(), (replace(FLOWS[0], door="", tickets=(odd,)),), (LOW, HIGH))
    assert settings.tickets == ()
    assert settings.flows[0].drafts == ("BUY 1 ESQ9X LMT", "BUY 1 AAPL LMT ")


BROKEN = b"""\
[[instruments]]
key = "ES"
symbol = "ES"

[[flows]]
key = "a"
title = "A"

[[tickets]]
key = "one"
flow = "a"
instrument = "ES"

[[tickets]]
key = "two"
flow = "a"
instrument = "ES"
legs = ["BUY 1 ES", "SELL 1 NQ"]

[[tickets]]
key = "three"
flow = "a"
instrument = "ES"
legs = ["BUY ES"]

[[tickets]]
key = "four"
flow = "a"
instrument = "ES"
until = "20261218"

[[tickets]]
key = "five"
flow = "a"
instrument = "ES"
until = "tomorrow"
"""


def test_mistakes_are_named_with_line_and_key_and_the_rest_is_read() -> None:
    book, complaints = parse_playbook(BROKEN, "book.toml")
    assert [ticket.key for ticket in book.flows[0].tickets] == ["one", "three", "five"]
    assert sorted((one.line, one.key, one.reason) for one in complaints) == [
        (18, "tickets[2].legs", "no instrument has the key NQ"),
        (24, "tickets[3].legs", "each must be a leg such as BUY 1 spx-6700c"),
        (30, "tickets[4].until", "is the end of a GTD order, and only of one"),
        (36, "tickets[5].until", "must be YYYYMMDD, or YYYYMMDD HH:MM:SS with a zone, or empty"),
    ]


def test_a_file_that_is_not_there_or_none_is_said_in_a_sentence(tmp_path: Path) -> None:
    [missing] = read_playbook(tmp_path / "book.toml")[1]
    assert missing.sentence() == "book.toml: cannot be read: No such file or directory"
    (tmp_path / "book.toml").write_bytes(b"#" * 2_000_000)
    assert read_playbook(tmp_path / "book.toml")[1][0].reason == "is too large for a playbook"
    assert parse_playbook(b"a = " + b"[" * 50_000, "p")[0] == Playbook()


@given(st.binary(max_size=300))
def test_any_bytes_at_all_give_a_playbook_and_sentences(content: bytes) -> None:
    book, complaints = parse_playbook(content, "p")
    assert isinstance(book, Playbook)
    assert all(one.sentence() for one in complaints)
