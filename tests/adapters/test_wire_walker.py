"""The walker: what it lets through is a what-if to every other reader, whoever made the frame."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.adapters.tws.whatif import NEWEST_VERSION, OLDEST_VERSION, WhatIf, encode
from cockpit.adapters.tws.wire_walker import PLACES, Doubt, fields_of, read_what_if
from cockpit.simulator.wire.requests import Malformed, read_order
from tests.adapters.order_frames import fields, framed, of_library, of_official_client
from tests.adapters.test_whatif import ORDERS
from tests.fuzz.orders import damaged_frames

VERSIONS = range(OLDEST_VERSION, NEWEST_VERSION + 1)
GOOD = fields(encode(ORDERS["limit"], 178))
HERE = [place for place in PLACES if place.since <= 178 <= place.until]

# The libraries write very small numbers with an exponent, which we never do and the walker does not know.
orders = pytest.mark.parametrize(
    "order", [pytest.param(order, id=name) for name, order in ORDERS.items() if name != "tiny price"]
)


def walk(parts: list[str], version: int = 178) -> None:
    read_what_if(framed(parts)[4:], version)


@orders
@pytest.mark.parametrize("version", VERSIONS)
def test_what_ifs_of_ib_async_are_understood_and_its_live_orders_stopped(order: WhatIf, version: int) -> None:
    reading = read_what_if(of_library(order, version)[4:], version)
    assert reading.order_type == order.order_type
    with pytest.raises(Doubt) as doubt:
        read_what_if(of_library(order, version, what_if=False)[4:], version)
    assert doubt.value.place == "what-if"


@orders
def test_what_ifs_of_the_official_client_are_understood_and_its_live_orders_stopped(order: WhatIf) -> None:
    read_what_if(of_official_client(order)[4:], 157)
    with pytest.raises(Doubt) as doubt:
        read_what_if(of_official_client(order, what_if=False)[4:], 157)
    assert doubt.value.place == "what-if"


@pytest.mark.parametrize("index", range(len(GOOD)))
def test_a_nul_in_any_field_is_noticed(index: int) -> None:
    """The trap this walker is for: one NUL more, and every later field means something else."""
    shifted = [*GOOD]
    shifted[index] += "\0"
    with pytest.raises(Doubt):
        walk(shifted)


@pytest.mark.parametrize("index", range(len(GOOD)))
def test_a_missing_field_is_noticed(index: int) -> None:
    with pytest.raises(Doubt):
        walk(GOOD[:index] + GOOD[index + 1 :])


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("what-if", "0"),
        ("what-if", ""),
        ("what-if", "true"),
        ("what-if", " 1"),
        ("transmit", "0"),
        ("transmit", ""),
        ("security type", "BAG"),
        ("exchange", "IBKRATS"),
        ("order type", "PEG MID"),
        ("order type", "VOL"),
        ("action", "SSHORT"),
        ("quantity", "0"),
        ("quantity", "-1"),
        ("quantity", "1e3"),
        ("quantity", "nan"),
        ("parent", "5"),
        ("cancel group", "group"),
        ("advisor group", "All"),
        ("algo", "Adaptive"),
        ("hedge", "D"),
        ("delta-neutral order", "LMT"),
        ("delta-neutral contract", "1"),
        ("scale increment", "0.05"),
        ("conditions", "1"),
        ("good after", "20261124 10:00:00"),
        ("advanced override", "8229=1"),
        ("manual time", "20261124 10:00:00"),
        ("reference", "text"),
        ("message", "4"),
    ],
)
def test_a_field_with_what_does_not_belong_there_is_named(place: str, value: str) -> None:
    changed = [value if one.name == place else field for one, field in zip(HERE, GOOD, strict=True)]
    with pytest.raises(Doubt) as doubt:
        walk(changed)
    assert doubt.value.place == place


@pytest.mark.parametrize("version", [0, 100, 156, 179, 200, 203])
def test_a_layout_that_is_not_known_is_stopped(version: int) -> None:
    with pytest.raises(Doubt):
        walk(GOOD, version)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_frame_of_another_version_is_stopped_unless_the_layouts_agree(version: int) -> None:
    """A frame of version 178 read at another: stopped, or what-if to a reader of that version too."""
    try:
        walk(GOOD, version)
    except Doubt:
        return
    assert read_order(tuple(GOOD), version).what_if


@pytest.mark.parametrize("body", [b"", b"\0", b"3", b"3\0" * 500, "3\0ü\0".encode(), b"3\0\x07\0", b"\xff\0"])
def test_nonsense_is_stopped(body: bytes) -> None:
    with pytest.raises(Doubt):
        read_what_if(body, 178)


@pytest.mark.parametrize("body", [b"49\x07\0", b"49\n\0", b"49\x7f\0", b"49\xa0\0", b"49", b""])
def test_a_body_with_what_cannot_be_seen_has_no_fields(body: bytes) -> None:
    with pytest.raises(Doubt):
        fields_of(body)


pieces = st.one_of(
    st.sampled_from(
        ["", "0", "1", "3", "BAG", "BUY", "LMT", "DAY", "IBKRATS", "PEG BENCH", "-1", "O", "1\0", "\0" * 3]
    ),
    st.text(st.characters(max_codepoint=0x17F), max_size=6),
)
edits = st.lists(
    st.tuples(st.sampled_from(["put", "cut", "set", "move"]), st.integers(0, len(GOOD) - 1), pieces),
    min_size=1,
    max_size=6,
)


def edited(parts: list[str], changes: list[tuple[str, int, str]]) -> list[str]:
    """Insert, delete, overwrite and swap fields."""
    made = [*parts]
    for how, index, piece in changes:
        at = index % max(1, len(made))
        if how == "put":
            made.insert(at, piece)
        elif how == "cut" and made:
            del made[at]
        elif how == "set" and made:
            made[at] = piece
        elif how == "move" and made:
            other = (at * 7 + 3) % len(made)
            made[at], made[other] = made[other], made[at]
    return made


@settings(max_examples=1000)
@given(edits, st.sampled_from(list(ORDERS)), st.sampled_from(VERSIONS))
def test_a_damaged_frame_that_passes_is_still_a_what_if(
    changes: list[tuple[str, int, str]], name: str, version: int
) -> None:
    """Whatever is done to a frame: stopped, or a transmitted what-if to a reader that skips no field."""
    body = framed(edited(fields(encode(ORDERS[name], version)), changes))[4:]
    try:
        read_what_if(body, version)
    except Doubt:
        return
    placed = read_order(tuple(body.decode("ascii").split("\0")[:-1]), version)
    assert placed.what_if
    assert placed.transmit


@pytest.mark.slow
def test_a_million_damaged_frames() -> None:
    figures = damaged_frames(1_000_000, seed=1)
    assert figures["of the stopped live to a trusting reader"] > 0, (
        "the control: past the walker some are live orders"
    )


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_doubted(body: bytes) -> None:
    with pytest.raises(Doubt):
        read_what_if(body, 178)


def test_without_the_walker_two_fields_too_many_make_live_orders() -> None:
    """The control: what two NULs in a text do to a reader that trusts the frame."""
    live = 0
    for index in range(1, len(GOOD)):
        try:
            placed = read_order((*GOOD[:index], "", "", *GOOD[index:]), 178)
        except Malformed:
            continue
        live += placed.transmit and not placed.what_if
    assert live > 50


def test_the_length_before_a_frame_is_its_own() -> None:
    frame = framed(GOOD)
    assert struct.unpack(">I", frame[:4]) == (len(frame) - 4,)
