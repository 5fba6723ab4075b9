"""Tables of TOML are read row by row: a wrong value costs its row at most, and is named by file, line and key."""

from __future__ import annotations

import tomllib
from enum import StrEnum
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta, Struct, field

from cockpit.tables import Complaint, parse, parse_given, sieve

pytestmark = pytest.mark.plain


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Row(Struct, frozen=True):
    name: str
    port: Annotated[int, Meta(ge=1, description="a port above 0")] = 1


class Inner(Struct, frozen=True):
    colour: Colour = Colour.RED
    loud: bool = False


class Whole(Struct, frozen=True):
    title: str = "none"
    inner: Inner = field(default_factory=Inner)
    rows: tuple[Row, ...] = ()


GOOD = b"""title = "mine"

[inner]
colour = "blue"

[[rows]]
name = "a"
port = 5

[[rows]]
name = "b"
"""


def told(complaints: list[Complaint]) -> list[str]:
    return [complaint.sentence() for complaint in complaints]


def test_a_good_file_is_read_whole_and_without_a_word() -> None:
    assert parse(GOOD, "t.toml", Whole) == (
        Whole("mine", Inner(Colour.BLUE), (Row("a", 5), Row("b"))),
        [],
    )


@pytest.mark.parametrize(
    ("old", "new", "sentence", "rows"),
    [
        (b'title = "mine"', b"title = 3", "t.toml, line 1: title: must be text, not a whole number", "ab"),
        (b'"blue"', b'"pink"', "t.toml, line 4: inner.colour: must be one of red, blue", "ab"),
        (b"port = 5", b"port = 0", "t.toml, line 8: rows[1].port: must be a port above 0", "ab"),
        (b'name = "a"\n', b"", "t.toml, line 6: rows[1]: lacks name", "b"),
        (
            b"port = 5",
            b"prot = 5",
            "t.toml, line 8: rows[1].prot: is not a key here; known are name, port",
            "ab",
        ),
        (b"[inner]", b"[[inner]]", "t.toml, line 3: inner: must be a table", "ab"),
    ],
)
def test_a_wrong_value_is_named_and_everything_else_is_kept(
    old: bytes, new: bytes, sentence: str, rows: str
) -> None:
    whole, complaints = parse(GOOD.replace(old, new), "t.toml", Whole)

    assert told(complaints) == [sentence]
    assert "".join(row.name for row in whole.rows) == rows


@pytest.mark.parametrize("content", [b"\xff", b"title = ", b"[x", b"a = 1\na = 2"])
def test_what_is_no_toml_gives_the_defaults_and_one_complaint_with_its_line(content: bytes) -> None:
    whole, complaints = parse(content, "t.toml", Whole)

    assert whole == Whole()
    assert [complaint.line >= 1 for complaint in complaints] == [True]


def test_the_sieve_takes_out_what_was_complained_of_and_nothing_else() -> None:
    content = GOOD.replace(b"port = 5", b'port = "many"').replace(b'"blue"', b'"pink"') + b'name2 = "x"\n'
    table, complaints = sieve(content, "t.toml", Whole)

    assert len(complaints) == 3
    assert table == {"title": "mine", "inner": {}, "rows": [{"name": "a"}, {"name": "b"}]}


def test_the_sieve_drops_whole_rows_from_the_last_to_the_first() -> None:
    content = b"[[rows]]\nport = 1\n[[rows]]\nname = 'b'\n[[rows]]\nport = 3\n"

    assert sieve(content, "t.toml", Whole)[0] == {"rows": [{"name": "b"}]}


@given(
    st.recursive(
        st.booleans() | st.integers(-9, 9) | st.sampled_from(("'red'", "'x'", "1.5")),
        lambda inner: st.lists(inner, max_size=3),
        max_leaves=6,
    ),
    st.sampled_from(("title", "inner", "rows", "inner.colour", "rows.name", "other")),
)
def test_what_the_sieve_leaves_over_is_read_without_a_complaint(value: object, key: str) -> None:
    text = f"{key} = {str(value).replace('True', 'true').replace('False', 'false')}\n"
    kept, _ = sieve(text.encode(), "t.toml", Whole)
    again = _toml(kept)

    assert tomllib.loads(again) == kept
    assert parse(again.encode(), "t.toml", Whole)[1] == []


def _toml(table: dict[str, object]) -> str:
    """Write a table back: its values print as TOML, but for the words true and false."""

    def plain(value: object) -> str:
        if isinstance(value, dict):
            return "{" + ", ".join(f"{name} = {plain(inner)}" for name, inner in value.items()) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(map(plain, value)) + "]"
        return repr(value).replace("True", "true").replace("False", "false")

    return "".join(f"{name} = {plain(value)}\n" for name, value in table.items())


class Offer(Struct, frozen=True):
    loud: bool = False
    size: int = 1


class Keyed(Struct, frozen=True):
    key: str
    title: str
    port: Annotated[int, Meta(ge=1, description="a port above 0")] = 1
    offers: dict[Colour, Offer] = {}


class Shelf(Struct, frozen=True):
    box: tuple[Keyed, ...] = ()


def test_a_row_with_a_key_of_its_own_is_named_by_it_wherever_the_file_says_it() -> None:
    content = b'[[box]]\nkey = "a"\ntitle = "A"\n\n[[box]]\nkey = "b"\nport = 0\n'
    shelf, complaints = parse(content, "t.toml", Shelf)
    assert shelf == Shelf((Keyed("a", "A"),))
    assert told(complaints) == [
        't.toml, line 7: box[2].port ("b"): must be a port above 0',
        't.toml, line 5: box[2] ("b"): lacks title',
    ]


def test_the_name_of_a_row_stays_on_one_short_line() -> None:
    long = "x\\n" * 200
    _, complaints = parse(f'[[box]]\nkey = "{long}"\n'.encode(), "t.toml", Shelf)
    assert len(complaints[0].row) <= 60
    assert "\n" not in complaints[0].sentence()


def test_records_kept_by_name_are_read_one_by_one_and_half_a_record_is_none() -> None:
    content = b"""[[box]]
key = "a"
title = "A"
[box.offers]
red = { loud = true }
blue = { loud = true, size = "big" }
green = { loud = true }
"""
    shelf, complaints = parse(content, "t.toml", Shelf)
    assert shelf.box[0].offers == {Colour.RED: Offer(loud=True)}
    assert told(complaints) == [
        't.toml, line 6: box[1].offers.blue.size ("a"): must be a whole number, not text',
        't.toml, line 7: box[1].offers.green ("a"): must be one of red, blue',
    ]


def test_rows_to_be_laid_over_say_only_what_they_give() -> None:
    content = b'[[box]]\nkey = "a"\nport = 5\n\n[[box]]\nkey = "a"\nport = 6\n\n[[box]]\nport = 7\n'
    given_rows, complaints = parse_given(content, "t.toml", Shelf)
    assert [(row.key, row.line, row.values) for row in given_rows["box"]] == [("a", 1, {"port": 5})]
    assert told(complaints) == [
        't.toml, line 5: box[2] ("a"): is there twice: only the first counts',
        "t.toml, line 9: box[3]: lacks key",
    ]
