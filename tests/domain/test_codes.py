"""Codes are found where a text calls them codes, and what nobody knows is said to be unknown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.catalogue import Confidence, FailureFamily, KnownCode, Severity
from cockpit.domain.codes import LONGEST, mentions, spelled, translate


def row(api: str, code: str) -> KnownCode:
    return KnownCode(
        f"{api}-{code}",
        api,
        code,
        f"What {code} means.",
        "market data",
        FailureFamily.CAPABILITY,
        Severity.DEGRADE,
        "Do this first.",
        "https://www.interactivebrokers.com/campus/",
        "2026-10",
        Confidence.DOCUMENTED,
    )


ROWS = (
    row("tws", "10197"),
    row("tws", "201"),
    row("tws", "503"),
    row("tws", "2104"),
    row("flex", "1012"),
    row("web", "o163"),
    row("web", "http_429"),
    row("web", "http_503"),
    row("web", "competing_true"),
    row("tws", "whatif_no_permission"),
)
CODES = {(one.api, one.code): one for one in ROWS}

LINES = {
    "Error 10197, reqId 3: No market data during competing live session": [("tws", "10197")],
    "2026-11-22 10:31:07,512 ERROR Error. Id: 3, Code: 10197, Msg: No market data": [("tws", "10197")],
    "ERROR -1 2104 Market data farm connection is OK:usfarm.nj": [("tws", "2104")],
    "errorCode=201 Order rejected": [("tws", "201")],
    "Error 201: Order rejected at 4001.25, then Error 201 again": [("tws", "201"), ("tws", "201")],
    "o163": [("web", "o163")],
    'messageIds: ["O163", "p12"]': [("web", "o163"), ("web", "p12")],
    "HTTP 429": [("web", "http_429")],
    "HTTP/1.1 503 Service Unavailable": [("web", "http_503")],
    '{"error": "slow down", "statusCode": 429}': [("web", "http_429")],
    "429 Too Many Requests": [("web", "http_429")],
    "<ErrorCode>1012</ErrorCode><ErrorMessage>Token has expired.</ErrorMessage>": [("flex", "1012")],
    "Flex: error code 1012": [("flex", "1012")],
    '{"authenticated": true, "competing": true}': [("web", "competing_true")],
    " 1012 ": [("", "1012")],
    "": [],
    "info 2026-11-22 error 10:31 warning 4001.25": [],
    "bought 201 at port 7496": [],
}


@pytest.mark.parametrize(("text", "wanted"), LINES.items(), ids=[text[:24] or "nothing" for text in LINES])
def test_a_line_gives_the_codes_it_calls_codes(text: str, wanted: list[tuple[str, str]]) -> None:
    assert [(one.api, one.code) for one in mentions(text)] == wanted


def test_a_code_is_translated_once_however_often_it_stands_there() -> None:
    found = translate("Error 201: no. Error 201: no again. Error 10197.", CODES)
    assert [one.row for one in found] == [CODES["tws", "201"], CODES["tws", "10197"]]


def test_a_bare_number_means_every_code_that_is_written_so() -> None:
    assert {one.key for one in translate("503", CODES)} == {"tws/503", "web/http_503"}


def test_a_code_that_came_another_way_than_the_line_says_is_still_found() -> None:
    assert [one.key for one in translate("Error 1012: Token has expired", CODES)] == ["flex/1012"]


@pytest.mark.parametrize("text", ["99999", "Error 99999, reqId 1: something new", "o99999"])
def test_an_unknown_code_is_named_and_has_no_row(text: str) -> None:
    (found,) = translate(text, CODES)
    assert found.row is None
    assert found.code.endswith("99999")


def test_in_a_text_without_a_marked_code_known_ones_are_found() -> None:
    assert [one.key for one in translate("TWS told me 10197 at 10:31:07", CODES)] == ["tws/10197"]
    assert [one.key for one in translate("the log has whatif_no_permission", CODES)] == [
        "tws/whatif_no_permission"
    ]
    assert translate("nothing of that sort, 4001 or 12.503", CODES) == ()


@given(st.text(max_size=300))
def test_any_text_is_read_and_every_mention_lies_in_it(text: str) -> None:
    for one in mentions(text):
        assert 0 <= one.start < one.end <= len(text)
    translate(text, CODES)


@given(st.sampled_from(ROWS), st.text("abc ,:;[]", max_size=12), st.text("abc ,;[]", max_size=12))
def test_every_known_code_is_found_in_a_line_that_calls_it_an_error(
    wanted: KnownCode, before: str, after: str
) -> None:
    if wanted.code.isdigit():
        assert wanted in [one.row for one in translate(f"{before} Error {wanted.code}, {after}", CODES)]


def test_only_the_beginning_of_an_endless_text_is_read() -> None:
    assert mentions("x" * LONGEST + " Error 201: late") == ()
    assert mentions("error " * 50_000) == ()


def test_codes_are_written_as_traders_meet_them() -> None:
    assert [spelled(one.api, one.code) for one in (ROWS[0], ROWS[5], ROWS[6], ROWS[8])] == [
        "10197",
        "o163",
        "HTTP 429",
        "competing true",
    ]
