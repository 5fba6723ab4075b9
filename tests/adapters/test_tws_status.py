"""Codes in any order: what they say about the broker's servers, farms, read-only and data that went elsewhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.adapters.foreign_text import clean
from cockpit.adapters.tws.messages import Code
from cockpit.adapters.tws.status import Status, farm_name, is_read_only
from cockpit.domain import kinds
from cockpit.domain.evidence import Observation, Provenance
from cockpit.domain.kinds import Upstream
from tests.fakes.clock import FakeClock

pytestmark = pytest.mark.plain

SUBJECT = "tws/tws"


def made() -> tuple[Status, FakeClock]:
    clock = FakeClock()
    return Status(SUBJECT, clock), clock


def values(seen: list[Observation], fact: str) -> list[object]:
    return [one.value for one in seen if one.fact == fact]


def hear(status: Status, *codes: int, text: str = "") -> list[Observation]:
    return [one for code in codes for one in status.hear(Code(code, text))]


codes = st.one_of(
    st.sampled_from(
        [1100, 1101, 1102, 2110, 2103, 2104, 2105, 2106, 2107, 2108, 2119, 2157, 2158, 10197, 321, 300, 1300]
    ),
    st.integers(-5, 20_000),
)


@given(st.lists(codes, max_size=30))
def test_after_a_loss_only_a_word_of_return_means_up(came: list[int]) -> None:
    status, _ = made()
    hear(status, *came, text="x:usfarm")
    told = [code for code in came if code in {1100, 2110, 1101, 1102}]
    is_down = status.upstream().value == Upstream.DOWN
    assert is_down == (bool(told) and told[-1] in {1100, 2110})


@given(st.lists(st.tuples(codes, st.text(max_size=80)), max_size=20))
def test_every_code_is_kept_with_its_text_cleaned_and_none_raises(came: list[tuple[int, str]]) -> None:
    status, _ = made()
    for code, text in came:
        seen = list(status.hear(Code(code, text)))
        assert values(seen, kinds.LAST_CODE.name) == ([] if code == 300 else [code])
        for one in seen:
            assert all(char.isprintable() for char in one.note + one.subject)
            if one.fact == kinds.LAST_CODE.name:
                assert one.note == clean(text)


def test_a_return_is_worth_a_remark_for_half_an_hour() -> None:
    status, clock = made()
    hear(status, 1100, 1101)
    clock.advance(29 * 60)
    assert status.upstream().value == Upstream.UP_DATA_LOST
    clock.advance(2 * 60)
    assert status.upstream().value == Upstream.UP


def test_a_loss_is_never_forgotten_by_time() -> None:
    status, clock = made()
    hear(status, 2110)
    clock.advance(24 * 3600)
    assert status.upstream().value == Upstream.DOWN
    assert status.upstream().note.startswith("2110")


def test_farms_are_confirmed_only_while_the_brokers_servers_are_there() -> None:
    status, _ = made()
    hear(status, 2104, text="OK:usfarm")
    hear(status, 2105, text="broken:ushmds")
    assert [(one.subject, one.value) for one in status.farms()] == [
        ("tws/tws/farm/usfarm", "ok"),
        ("tws/tws/farm/ushmds", "broken"),
    ]
    hear(status, 1100)
    assert status.farms() == ()


def test_lost_subscriptions_void_the_feeds_that_were_looked_at() -> None:
    status, _ = made()
    status.looked_at("tws/tws/feed/ES", is_live=True)
    seen = hear(status, 1101)
    (feed,) = [one for one in seen if one.fact == kinds.FEED.name]
    assert (feed.subject, feed.value, feed.provenance) == ("tws/tws/feed/ES", "silent", Provenance.INFERRED)
    assert not [one for one in hear(status, 1102) if one.fact == kinds.FEED.name]


def test_a_burst_of_10197_is_one_observation_and_live_data_takes_it_back() -> None:
    status, clock = made()
    assert values(hear(status, *[10197] * 20), kinds.DATA_TAKEN.name) == [True]
    clock.advance(60)
    assert values(hear(status, 10197), kinds.DATA_TAKEN.name) == [True]
    assert status.looked_at("f", is_live=False) == ()
    assert [one.value for one in status.looked_at("f", is_live=True)] == [False]
    assert status.looked_at("f", is_live=True) == ()
    assert values(hear(status, 10197), kinds.DATA_TAKEN.name) == [True]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Market data farm connection is OK:usfarm", "usfarm"),
        ("Market data farm connection is OK:usfarm.nj", "usfarm.nj"),
        ("La conexión es correcta: cashfarm ", "cashfarm"),
        ("HMDS data farm connection is inactive but should be available upon demand.ushmds", "ushmds"),
        (
            "Market data farm connection is inactive but should be available upon demand.usfarm.nj",
            "usfarm.nj",
        ),
        ("Verbindung inaktiv, bei Bedarf verfügbar.eufarm", "eufarm"),
        ("Sec-def data farm connection is OK:secdefil", "secdefil"),
        ("farm:", ""),
        ("farm:../../x", ""),
        ("farm:<b>usfarm</b>", ""),
        ("", ""),
    ],
)
def test_the_farms_name_is_read_in_any_language_or_not_at_all(text: str, name: str) -> None:
    assert farm_name(text) == name


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("Error validating request. The API interface is currently in Read-Only mode.", True),
        ("Error validating request.-'bN' : cause - read only API", True),
        ("Error validating request. Invalid order type was entered", False),
        ("", False),
    ],
)
def test_only_words_tell_read_only_from_the_other_meanings_of_321(text: str, means: bool) -> None:
    assert is_read_only(Code(321, text)) is means
    assert not is_read_only(Code(201, text))
