"""A desk's own file wins over the shipped catalogue row by row, is shown as attested, and can break nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cockpit.adapters.catalogue import ATTESTED, desk_catalogue, load_catalogue
from cockpit.adapters.catalogue.files import LARGEST, NO_ROWS, parse_desk_rows
from cockpit.adapters.catalogue.playing import DeskTables, laid, load_playing
from cockpit.domain.catalogue import Availability, Confidence, Playing
from cockpit.domain.interface import Interface

pytestmark = pytest.mark.plain

SHIPPED = load_catalogue().playing


def over(tmp_path: Path, text: str) -> tuple[Playing, list[str]]:
    """Lay a desk's file over the shipped catalogue and return what is played with and what is complained about."""
    file = tmp_path / "our-catalogue.toml"
    file.write_text(text, encoding="utf-8")
    whole = load_catalogue(None, file)
    told = [problem.sentence() for problem in (*whole.complaints, *whole.playing_complaints)]
    return whole.playing, told


def test_the_desk_wins_field_by_field_and_is_shown_as_attested(tmp_path: Path) -> None:
    playing, told = over(tmp_path, '[[permission]]\nkey = "futures"\napproval = "Two days, for us."\n')
    row, shipped = playing.permissions["futures"], SHIPPED.permissions["futures"]
    assert told == []
    assert row.approval == "Two days, for us."
    assert (row.title, row.unlocks, row.where) == (shipped.title, shipped.unlocks, shipped.where)
    assert (row.confidence, row.source) == (Confidence.ATTESTED, ATTESTED)
    assert playing.permissions["stocks"] == SHIPPED.permissions["stocks"]


def test_one_offer_can_be_said_without_the_others(tmp_path: Path) -> None:
    text = '[[order_type]]\nkey = "trailing-stop-limit"\n[order_type.offers]\nibkr-mobile = { availability = "no" }\n'
    playing, told = over(tmp_path, text)
    row, shipped = playing.order_types["trailing-stop-limit"], SHIPPED.order_types["trailing-stop-limit"]
    assert told == []
    assert row.offer(Interface.MOBILE).availability is Availability.NO
    assert row.offer(Interface.MOBILE).confidence is Confidence.ATTESTED
    assert row.offer(Interface.TWS) == shipped.offer(Interface.TWS)
    assert playing.order_type("TRAIL LIMIT") is row, "look-ups find the desk's row"


def test_source_and_day_are_the_desks_own_unless_it_names_others(tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    file.write_text('[[code]]\nkey = "tws-201"\nremedy = "Call the desk head."\n', encoding="utf-8")
    os.utime(file, (1_790_000_000, 1_790_000_000))
    row = load_playing(None, file).playing.codes["tws", "201"]
    assert (row.source, row.as_of) == (ATTESTED, "2026-09-21")
    named = 'key = "tws-201"\nsource = "https://example.org/"\nas_of = "2026-01"\nconfidence = "documented"\n'
    file.write_text(f"[[code]]\n{named}", encoding="utf-8")
    row = load_playing(None, file).playing.codes["tws", "201"]
    assert (row.source, row.as_of, row.confidence) == ("https://example.org/", "2026-01", Confidence.ATTESTED)


def test_a_new_row_is_added_when_it_is_whole_and_named_when_it_is_not(tmp_path: Path) -> None:
    text = """[[order_type]]
key = "house-special"
title = "House special"
group = "tool"
web_token = ""
aliases = ["HOUSE"]

[[order_type]]
key = "half"
title = "Half a row"
"""
    playing, told = over(tmp_path, text)
    row = playing.order_type("house")
    assert row is not None
    assert (row.title, row.confidence) == ("House special", Confidence.ATTESTED)
    assert row.offer(Interface.TWS).availability is Availability.UNKNOWN
    assert "half" not in playing.order_types
    assert told == [
        'our-catalogue.toml, line 8: order_type[2] ("half"): is a new row and lacks group, web_token'
    ]


def test_figures_and_hours_can_be_changed_but_what_may_be_opened_cannot(tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    text = '[[limit]]\nkey = "portal-penalty"\nvalue = 600.0\n[[host]]\nkey = "evil"\nhost = "evil.example"\n'
    file.write_text(text, encoding="utf-8")
    found = load_catalogue(None, file)
    assert found.limit("portal-penalty", 0.0) == 600.0
    assert found.hosts == load_catalogue().hosts
    assert [(problem.key, problem.line) for problem in found.complaints] == [("host", 4)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[[code]]\nremedy = "x"\n', "line 1: code[1]: lacks key"),
        (
            '[[code]]\nkey = "tws-1"\n[[code]]\nkey = "tws-1"\n',
            'line 3: code[2] ("tws-1"): is there twice: only the first counts',
        ),
        ('code = "x"\n', "line 1: code: must be a list of tables: write [[code]]"),
        (
            '[[code]]\nkey = "tws-201"\ngate = "garden"\n',
            'line 3: code[1].gate ("tws-201"): must be one of identity, second factor, ',
        ),
        (
            '[[order_type]]\nkey = "limit"\n[order_type.offers]\nphone = { availability = "no" }\n',
            'line 4: order_type[1].offers.phone ("limit"): must be one of tws, ',
        ),
        (
            '[[order_type]]\nkey = "limit"\n[order_type.offers]\ntws = { availability = "perhaps" }\n',
            'line 4: order_type[1].offers.tws.availability ("limit"): must be one of yes, partial, no, unknown',
        ),
        (
            '[[permission]]\nkey = "futures"\ncolour = 1\n',
            'line 3: permission[1].colour ("futures"): is not a',
        ),
        ("[[code]\n", "line 1: "),
    ],
    ids=["no-key", "twice", "no-table", "no-gate", "no-interface", "no-answer", "no-field", "no-toml"],
)
def test_what_is_wrong_is_named_by_file_line_row_and_key(tmp_path: Path, text: str, told: str) -> None:
    playing, complaints = over(tmp_path, text)
    assert complaints[0].startswith(f"our-catalogue.toml, {told}")
    assert set(playing.order_types) == set(SHIPPED.order_types), "the shipped rows stay"
    assert playing.order_types["limit"].offers == SHIPPED.order_types["limit"].offers


def test_a_wrong_value_costs_its_field_only(tmp_path: Path) -> None:
    text = '[[permission]]\nkey = "futures"\napproval = 3\nrequirements = "Ours."\n'
    playing, told = over(tmp_path, text)
    assert len(told) == 1
    row = playing.permissions["futures"]
    assert (row.requirements, row.approval) == ("Ours.", SHIPPED.permissions["futures"].approval)


def test_a_file_that_is_missing_or_huge_is_named_and_the_shipped_rows_stay(tmp_path: Path) -> None:
    missing = load_catalogue(None, tmp_path / "no.toml")
    assert [problem.sentence() for problem in missing.complaints] == [
        "no.toml: cannot be read: No such file or directory"
    ]
    assert missing.playing == SHIPPED
    huge = tmp_path / "huge.toml"
    huge.write_bytes(b"#" * (LARGEST + 1))
    assert [problem.reason for problem in load_catalogue(None, huge).complaints] == [
        "is too large for a catalogue of a desk"
    ]


def test_a_desk_without_a_file_plays_with_the_shipped_catalogue() -> None:
    assert desk_catalogue(None).playing == SHIPPED
    assert desk_catalogue(None).playing is desk_catalogue(None).playing, "read once"


NESTED = b"a = " + b"[" * 3000
LONG = b"a = 1" + b"0" * 6000


@given(st.binary(max_size=300))
@example(NESTED)
@example(LONG)
@example(b'[[order_type]]\nkey = ["limit"]\n')
@example(b'[[order_type]]\nkey = "limit"\noffers = 3\n')
@example(b'[[order_type]]\nkey = "limit"\n[[order_type.offers]]\n')
@example(b'[order_type]\nkey = "limit"\n')
@example(b"\xff\xfe")
def test_whatever_the_bytes_nothing_is_raised_and_the_shipped_keys_stay(content: bytes) -> None:
    desk, complaints = parse_desk_rows(content, "ours.toml", DeskTables, "unknown")
    assert all(problem.sentence() for problem in complaints)
    if desk.tables:
        assert set(laid(None, desk).playing.order_types) >= set(SHIPPED.order_types)
    else:
        assert desk.tables == NO_ROWS.tables


WORDS = st.sampled_from(["key", "title", "source", "confidence", "offers", "codes", "group", "notes", "x"])
VALUES = st.sampled_from(
    ['"limit"', '"basic"', "3", "true", "[]", '["A"]', "{}", "{ tws = 1 }", "1979-05-27", '""']
)
ROWS = st.lists(st.dictionaries(WORDS, VALUES, max_size=5), max_size=4)


@given(ROWS, st.sampled_from(["order_type", "code", "entity", "limit"]))
def test_rows_of_any_shape_are_used_or_named(rows: list[dict[str, str]], table: str) -> None:
    text = "".join(
        f"[[{table}]]\n" + "".join(f"{word} = {value}\n" for word, value in row.items()) for row in rows
    )
    desk, complaints = parse_desk_rows(text.encode(), "ours.toml", DeskTables, "unknown")
    found = laid(None, desk)
    for row in rows:
        if table == "order_type" and row.get("key") == '"limit"':
            assert found.playing.order_types["limit"].confidence is Confidence.ATTESTED
        elif not row:
            assert complaints
    assert set(found.playing.order_types) >= set(SHIPPED.order_types)
