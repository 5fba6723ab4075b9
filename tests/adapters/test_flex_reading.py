"""Reading Flex documents: dates in every form, words as they are, nothing personal, and no bytes that hurt."""

from __future__ import annotations

import asyncio
import warnings
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from xml.sax.saxutils import quoteattr
from zoneinfo import ZoneInfo

import hypothesis.strategies as st
import pytest
from hypothesis import example, given, settings

from cockpit.adapters.flex.dates import last_day, made_at
from cockpit.adapters.flex.document import MOST_BYTES, read_document
from cockpit.adapters.flex.reading import observations
from cockpit.domain import kinds
from cockpit.domain.evidence import Observation
from cockpit.services.errors import Unreadable
from cockpit.simulator.flex.statement import statement
from cockpit.simulator.scenario import Scenario
from tests.adapters.flex_bench import ACCOUNTS, bench
from tests.fakes.clock import NOON

pytestmark = pytest.mark.plain
NEW_YORK = ZoneInfo("America/New_York")
REPORT = statement(Scenario(accounts=ACCOUNTS), NOON)


def report(*accounts: dict[str, str], **of_statement: str) -> bytes:
    """A report on accounts, each in a statement of its own."""
    head = {"toDate": "20261123", "whenGenerated": "20261124;060000"} | of_statement
    rows = "".join(
        f"<FlexStatement{_attributes(head)}><AccountInformation{_attributes(account)}/></FlexStatement>"
        for account in accounts
    )
    return f"<FlexQueryResponse><FlexStatements>{rows}</FlexStatements></FlexQueryResponse>".encode()


def _attributes(values: dict[str, str]) -> str:
    return "".join(f" {name}={quoteattr(value)}" for name, value in values.items())


def read(content: bytes, now: float = NOON) -> dict[tuple[str, str], Observation]:
    return {(seen.subject, seen.fact): seen for seen in observations(read_document(content), now)}


def sentence_of(content: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        read(content)
    return caught.value.sentence


@pytest.mark.parametrize("written", ["20261124;060708", "20261124 060708", "2026-11-24;06:07:08",
                                     "2026-11-24, 06:07:08", "11/24/2026;060708", "11/24/26 06:07:08",
                                     "24-Nov-26,060708", "2026-11-24T06:07:08-05:00"])  # fmt: skip
def test_a_moment_is_read_in_every_form_a_query_offers(written: str) -> None:
    expected = datetime(2026, 11, 24, 6, 7, 8, tzinfo=NEW_YORK).timestamp()
    assert made_at({"whenGenerated": written, "toDate": "20261123"}) == expected


@pytest.mark.parametrize("written", ["20261123", "2026-11-23", "11/23/2026", "11/23/26", "23-Nov-26"])
def test_without_a_moment_the_end_of_the_last_day_counts(written: str) -> None:
    assert last_day({"toDate": written}) == "2026-11-23"
    assert made_at({"toDate": written}) == datetime(2026, 11, 24, tzinfo=NEW_YORK).timestamp()


@given(st.text(max_size=40))
@example("99991231;235959")
@example("00010101")
def test_no_text_in_place_of_a_date_raises(text: str) -> None:
    made_at({"whenGenerated": text, "toDate": text})
    last_day({"toDate": text})


def test_a_statement_is_as_old_as_it_says_and_never_from_the_future() -> None:
    old = read(report({"accountId": "U1234567", "ibEntity": "IB-IE"}, whenGenerated="20261001;120000"))
    assert old["account/U1234567", kinds.ENTITY.name].at < NOON - 50 * 86_400
    soon = read(report({"accountId": "U1234567"}, whenGenerated="20261124;100000"))  # the zone is not written
    assert soon["account/U1234567", kinds.STATEMENT_OF.name].at == NOON
    assert "age is unknown" in sentence_of(report({"accountId": "U1234567"}, whenGenerated="20271124;060000"))
    assert "age is unknown" in sentence_of(
        report({"accountId": "U1234567"}, whenGenerated="soon", toDate="?")
    )


def test_words_nobody_knows_stay_as_they_are_and_an_empty_column_proves_nothing() -> None:
    seen = read(
        report({"accountId": "U1234567", "tradingPermissions": " Stocks,Moon Futures ,,Stocks", "ibEntity": "-",
                "accountCapabilities": "", "customerType": "Guild"})
    )  # fmt: skip
    assert seen["account/U1234567", kinds.PERMISSIONS.name].value == ("Stocks", "Moon Futures")
    assert seen["account/U1234567", kinds.CUSTOMER_TYPE.name].value == "Guild"
    assert ("account/U1234567", kinds.CAPABILITIES.name) not in seen
    assert ("account/U1234567", kinds.ENTITY.name) not in seen


def test_of_two_statements_on_one_account_the_newer_counts() -> None:
    old = report({"accountId": "U1234567", "ibEntity": "IB-UK"}, whenGenerated="20261120;060000")
    new = report({"accountId": "U1234567", "ibEntity": "IB-IE"})
    body = b"".join(
        part[part.index(b"<FlexStatement ") : part.index(b"</FlexStatements>")] for part in (new, old)
    )
    seen = read(b"<FlexQueryResponse><FlexStatements>" + body + b"</FlexStatements></FlexQueryResponse>")
    assert seen["account/U1234567", kinds.ENTITY.name].value == "IB-IE"


def test_hostile_text_in_a_column_is_made_visible_and_cut() -> None:
    seen = read(
        report({"accountId": "U1234567", "customerType": "a\u202eb", "tradingPermissions": "x" * 1000})
    )
    assert seen["account/U1234567", kinds.CUSTOMER_TYPE.name].value == "a\\u202eb"
    words = seen["account/U1234567", kinds.PERMISSIONS.name].value
    assert isinstance(words, tuple)
    assert len(words[0]) <= 80
    assert "names no account" in sentence_of(report({"accountId": "U1/../../x"}))


@pytest.mark.parametrize("content", [
    pytest.param(b"", id="nothing"),
    pytest.param(b"ClientAccountID,CustomerType\nU1234567,Individual\n", id="CSV"),
    pytest.param(REPORT[:-30], id="cut short"),
    pytest.param(b"<html/>", id="another document"),
    pytest.param(b"<FlexQueryResponse><FlexStatements/></FlexQueryResponse>", id="no account section"),
    pytest.param(b"<FlexStatementResponse/>", id="an answer"),
    pytest.param(b'<?xml version="1.0" encoding="martian"?><FlexQueryResponse/>', id="an unknown encoding"),
    pytest.param(b'<?xml version="1.0" encoding="utf-7"?><FlexQueryResponse/>', id="an odd encoding"),
    pytest.param(b'<?xml version="1.0" encoding="hex"?><FlexQueryResponse/>', id="no encoding at all"),
    pytest.param(b"<!DOCTYPE a SYSTEM 'file:///etc/hostname'><FlexQueryResponse/>", id="an outside file"),
    pytest.param(b"<!DOCTYPE a [<!ENTITY % b SYSTEM 'http://127.0.0.1/'> %b;]><a/>", id="a parameter entity"),
    pytest.param(b"<FlexQueryResponse>" + b"<a>" * 200_000, id="bottomless"),
    pytest.param(b"<FlexQueryResponse>" + b" " * MOST_BYTES, id="too large"),
    pytest.param(report(*({"accountId": f"U{n:07}"} for n in range(501))), id="too many accounts"),
])  # fmt: skip
def test_what_cannot_be_a_statement_is_refused_with_a_sentence(content: bytes) -> None:
    assert sentence_of(content).endswith(".")


def test_entities_are_never_expanded() -> None:
    levels = "".join(f"<!ENTITY e{n} '{f'&e{n - 1};' * 10}'>" for n in range(1, 12))
    bomb = f"<!DOCTYPE a [<!ENTITY e0 'ha'>{levels}]><FlexStatementResponse>&e11;</FlexStatementResponse>"
    assert "declares a type" in sentence_of(bomb.encode())


_VALUES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)
_COLUMNS = st.sampled_from(
    [
        "accountId",
        "accountType",
        "customerType",
        "accountCapabilities",
        "tradingPermissions",
        "ibEntity",
        "name",
    ]
)


@settings(max_examples=300)
@given(st.binary(max_size=300) | st.text(max_size=100).map(str.encode))
def test_any_bytes_give_a_sentence_and_nothing_else(content: bytes) -> None:
    assert sentence_of(content)


@settings(max_examples=300)
@given(st.integers(0, len(REPORT) - 1), st.binary(min_size=1, max_size=8))
def test_a_damaged_statement_gives_observations_or_a_sentence(place: int, damage: bytes) -> None:
    damaged = REPORT[:place] + damage + REPORT[place + len(damage) :]
    seen: tuple[Observation, ...] = ()
    with suppress(Unreadable):
        seen = observations(read_document(damaged), NOON)
    assert all(one.at <= NOON for one in seen)


@given(st.lists(st.dictionaries(_COLUMNS, _VALUES), min_size=1, max_size=3), _VALUES)
def test_whatever_stands_in_a_statement_becomes_plain_words_or_nothing(
    accounts: list[dict[str, str]], moment: str
) -> None:
    content = report({"accountId": "U1234567"}, *accounts, whenGenerated=moment)
    names = {kind.name: kind for kind in kinds.ALL}
    for one in read(content).values():
        assert isinstance(one.value, names[one.fact].type)
        assert one.at <= NOON
        words = one.value if isinstance(one.value, tuple) else (str(one.value),)
        assert all(word.isprintable() and word and len(word) <= 80 for word in words)


@pytest.mark.parametrize("moment", ["20261124;060708", "2026-11-24;06:07:08", "11/24/2026,060708"])
def test_ibflex_reads_the_same(moment: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what it imports
        from ibflex import Types, parser
    content = REPORT.replace(b"20261124;120000", moment.encode())
    assert moment.encode() in content
    theirs = parser.parse(content)
    ours = read(content)
    assert len(theirs.FlexStatements) == len(ACCOUNTS)
    for one in theirs.FlexStatements:
        about = one.AccountInformation
        assert isinstance(about, Types.AccountInformation)
        subject = f"account/{about.accountId}"
        made = ours[subject, kinds.STATEMENT_OF.name]
        assert made.value == one.whenGenerated.replace(tzinfo=NEW_YORK).timestamp()
        assert made.note == f"statement of {one.toDate:%Y-%m-%d}"
        assert ours[subject, kinds.PERMISSIONS.name].value == about.tradingPermissions
        assert ours[subject, kinds.CAPABILITIES.name].value == about.accountCapabilities
        assert ours[subject, kinds.ENTITY.name].value == about.ibEntity
        assert ours[subject, kinds.CUSTOMER_TYPE.name].value == about.customerType
        assert ours[subject, kinds.ACCOUNT_TYPE.name].value == about.accountType


def test_a_file_is_read_like_a_fetched_statement_and_its_notes_say_so(tmp_path: Path) -> None:
    file = tmp_path / "statement.xml"
    file.write_bytes(REPORT)
    said = asyncio.run(bench(1).link.read_file(file))
    assert {seen.note for seen in said} == {"statement of 2026-11-23, from a file"}
    assert {(seen.subject, seen.fact, seen.value) for seen in said} == {
        (seen.subject, seen.fact, seen.value) for seen in read(REPORT).values()
    }


def test_what_is_no_file_is_refused_with_a_sentence(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nothing.xml", Path("a\0b")):
        with pytest.raises(Unreadable):
            asyncio.run(bench(1).link.read_file(path))
