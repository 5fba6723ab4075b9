"""Fetching a Flex statement from the simulated service over real sockets: steps, codes, pace, and the token's way."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import TypeVar

import httpx2
import pytest
from msgspec.structs import replace

from cockpit.adapters.catalogue import shipped_catalogue
from cockpit.adapters.flex.calls import PATH, Address, TwoCalls, address_of, send_request
from cockpit.adapters.flex.codes import CODES, Again, flex_code
from cockpit.adapters.flex.wire import Timeouts
from cockpit.adapters.journal.runs import Writer
from cockpit.adapters.journal.sqlite import SqliteJournal
from cockpit.adapters.profile.redaction import Redactor
from cockpit.domain import kinds
from cockpit.domain.evidence import Provenance
from cockpit.domain.flex import FlexState
from cockpit.domain.plan import Flex, Plan
from cockpit.services.desk import Desk
from cockpit.services.errors import NotPermitted, StatementTrouble, Trouble, VaultTrouble
from cockpit.services.statement import fetch_statement
from cockpit.simulator.flex.service import CODES as BROKERS_CODES
from tests.adapters.flex_bench import (
    CANARY,
    SERVER,
    Hostile,
    answer,
    bench,
    http,
    simulated,
)

pytestmark = pytest.mark.plain
T = TypeVar("T")
MAIN = "account/U1234567"
BUSY = [row.code for row in CODES if row.again is Again.SOON]
FINAL = [row.code for row in CODES if row.again is Again.NEVER]


def run(work: Coroutine[object, object, T]) -> T:
    return asyncio.run(work)


async def trouble_of(work: Coroutine[object, object, object]) -> Trouble:
    with pytest.raises(Trouble) as caught:
        await work
    return caught.value


def test_a_statement_is_asked_for_waited_for_and_read() -> None:
    async def story() -> None:
        async with simulated(replace(SERVER, busy_times=2)) as bench:
            said = await bench.link.fetch()
            assert bench.calls == ["SendRequest", "GetStatement", "GetStatement", "GetStatement"]
            facts = {(seen.subject, seen.fact): seen.value for seen in said}
            assert facts[(MAIN, kinds.PERMISSIONS.name)] == ("Stocks", "Options", "Moon Futures")
            assert facts[(MAIN, kinds.CAPABILITIES.name)] == ("Portfolio Margin", "IBPrime")
            assert facts[(MAIN, kinds.ENTITY.name)] == "IB-IE"
            assert facts[(MAIN, kinds.CUSTOMER_TYPE.name)] == "Individual"
            assert facts[("account/U7654321", kinds.CAPABILITIES.name)] == ("Cash",)
            assert {seen.provenance for seen in said} == {Provenance.MEASURED}
            assert {seen.note for seen in said} == {"statement of 2026-11-23"}
            assert all(bench.clock.now() - 86_400 < seen.at <= bench.clock.now() for seen in said)

    run(story())


def test_no_name_no_address_and_no_mail_of_the_statement_is_kept() -> None:
    async def story() -> None:
        async with simulated() as bench:
            said = repr(await bench.link.fetch())
            for personal in ("Sample", "Trader", "Example", "Springfield", "example.com", "00000"):
                assert personal not in said

    run(story())


def test_every_code_the_broker_publishes_has_a_sentence_and_a_remedy() -> None:
    assert {row.code for row in CODES} == set(BROKERS_CODES)
    assert all(row.sentence.endswith(".") and row.remedy.endswith(".") for row in (*CODES, flex_code(4711)))
    assert len({row.sentence for row in CODES}) == len(CODES)


@pytest.mark.parametrize("code", FINAL)
def test_a_code_that_asking_again_cannot_change_is_met_once(code: int) -> None:
    async def story() -> None:
        async with simulated(replace(SERVER, code=code)) as bench:
            assert await fetch_statement(bench.desk, bench.harm, bench.link) is False
            assert len(bench.calls) <= 2
            seen = bench.desk.facts.look(kinds.FLEX_STATE, "flex")
            assert seen is not None
            assert seen.value == flex_code(code).state
            assert seen.note.startswith(f"code {code}")
            (notice,) = [one for one in bench.desk.state().notices if one.key == "flex"]
            assert notice.sentence == flex_code(code).sentence
            assert notice.remedy is not None

    run(story())


@pytest.mark.parametrize("code", BUSY)
def test_while_the_broker_is_at_work_it_is_asked_again_within_the_budget(code: int) -> None:
    async def story() -> None:
        async with simulated(replace(SERVER, code=code)) as bench:
            began = bench.clock.monotonic()
            trouble = await trouble_of(bench.link.fetch())
            assert isinstance(trouble, StatementTrouble)
            assert (trouble.code, trouble.state) == (code, FlexState.NOT_READY)
            assert 4 <= len(bench.calls) <= 8
            assert bench.clock.monotonic() - began <= Timeouts().whole

    run(story())


def test_many_fetches_never_ask_faster_than_the_broker_allows() -> None:
    async def story() -> None:
        async with simulated(replace(SERVER, busy_times=1)) as bench:
            for _ in range(8):
                await bench.link.fetch()
            assert len(bench.calls) == 24

    run(story())


def test_after_too_many_requests_nothing_is_sent_until_the_pause_is_over() -> None:
    async def story() -> None:
        async with simulated(replace(SERVER, code=1018)) as bench:
            trouble = await trouble_of(bench.link.fetch())
            assert isinstance(trouble, StatementTrouble)
            assert trouble.state is FlexState.TOO_MANY
            bench.clock.advance(30)
            assert isinstance(await trouble_of(bench.link.fetch()), NotPermitted)
            assert len(bench.calls) == 1
            bench.clock.advance(60)
            await trouble_of(bench.link.fetch())
            assert len(bench.calls) == 2
            bench.clock.advance(90)  # the second pause is twice as long
            assert isinstance(await trouble_of(bench.link.fetch()), NotPermitted)

    run(story())


def test_two_fetches_at_once_are_one() -> None:
    async def story() -> None:
        async with simulated() as bench:
            results = await asyncio.gather(bench.link.fetch(), bench.link.fetch(), return_exceptions=True)
            assert [isinstance(result, NotPermitted) for result in results] == [False, True]
            assert bench.calls == ["SendRequest", "GetStatement"]

    run(story())


def test_without_a_token_nothing_is_asked() -> None:
    async def story() -> None:
        async with simulated() as bench:
            bench.vault.secrets.clear()
            trouble = await trouble_of(bench.link.fetch())
            assert isinstance(trouble, StatementTrouble)
            assert trouble.state is FlexState.NO_TOKEN
            bench.vault.trouble = VaultTrouble("locked", "The keychain is locked.")
            await fetch_statement(bench.desk, bench.harm, bench.link)
            seen = bench.desk.facts.look(kinds.FLEX_STATE, "flex")
            assert seen is not None
            assert seen.value == FlexState.KEYCHAIN_SHUT
            assert bench.calls == []

    run(story())


HTML = b"<!DOCTYPE html><html><body>Please sign in</body></html>"
BOMB = b'<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb">]><FlexStatementResponse><Status>&b;</Status></FlexStatementResponse>'
WRONG = {
    "a sign-in page": http(HTML),
    "a redirect": http(b"", "302 Found", "Location: http://127.0.0.1:9/"),
    "entities": http(BOMB),
    "half a document": http(b"<FlexStatementResponse><Status>Succ"),
    "half an answer": b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n<Flex",
    "no HTTP": b"\x00\x01\x02 hello\r\n\r\n",
    "packed": http(b"\x1f\x8b", "200 OK", "Content-Encoding: gzip"),
    "no reference": answer("<Status>Success</Status>"),
    "a reference with a path": answer("<Status>Success</Status><ReferenceCode>1&amp;x=/../2</ReferenceCode>"),
    "no word": answer("<Status>Maybe</Status>"),
    "the token said back": answer(
        f"<Status>Fail</Status><ErrorCode>1015</ErrorCode><ErrorMessage>bad {CANARY}!</ErrorMessage>"
    ),
    "an error page": http(b"oops", "500 Internal Server Error"),
    "nothing": b"",
}


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """The log at its most talkative, except where the program itself has silenced a library."""
    with caplog.at_level(logging.DEBUG):
        yield caplog


def told(error: BaseException | None) -> str:
    """Everything an exception and those behind it say of themselves, attributes included."""
    parts = []
    while error is not None:
        parts += [repr(error), str(vars(error)), *traceback.format_exception(error)]
        error = error.__cause__ or error.__context__
    return "".join(parts)


@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_answer_is_a_trouble_and_shows_the_token_nowhere(
    kind: str, everything_logged: pytest.LogCaptureFixture
) -> None:
    async def story() -> None:
        async with Hostile(WRONG[kind]) as server:
            made = bench(server.port)
            trouble = await trouble_of(made.link.fetch())
            assert CANARY not in told(trouble)
            assert len(server.heads) == 1
            await fetch_statement(made.desk, made.harm, made.link)
            assert CANARY not in repr(made.desk.state())
            assert CANARY not in everything_logged.text

    run(story())


def test_a_redirect_is_not_followed_and_the_named_address_not_asked() -> None:
    async def story() -> None:
        async with Hostile() as elsewhere:
            other = f"http://127.0.0.1:{elsewhere.port}{PATH}/GetStatement"
            begun = f"<Status>Success</Status><ReferenceCode>77</ReferenceCode><Url>{other}</Url>"
            for wrong in (http(b"", "302 Found", f"Location: {other}"), answer(begun)):
                async with Hostile(wrong) as server:
                    await trouble_of(bench(server.port).link.fetch())
                    assert server.heads
            assert elsewhere.heads == []

    run(story())


def test_the_proxy_of_the_environment_never_sees_the_token(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        async with Hostile() as proxy, simulated() as bench:
            for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
                monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
            await bench.link.fetch()
            assert proxy.heads == []

    run(story())


def test_a_server_that_says_nothing_is_given_up(everything_logged: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        async with Hostile(hangs=True) as server:
            trouble = await trouble_of(bench(server.port, Timeouts(answer=0.1)).link.fetch())
            assert isinstance(trouble, StatementTrouble)
            assert trouble.state is FlexState.NO_ANSWER
            assert CANARY not in told(trouble) + everything_logged.text
        gone = await trouble_of(bench(server.port).link.fetch())
        assert isinstance(gone, StatementTrouble)
        assert gone.state is FlexState.UNREACHABLE
        assert CANARY not in told(gone)
        # The library's own errors know the address they were about, and with it the token.
        assert [one.__cause__ or one.__context__ for one in (trouble, gone)] == [None, None]

    run(story())


def test_the_token_is_in_no_log_no_record_and_no_journal(
    tmp_path: Path, everything_logged: pytest.LogCaptureFixture
) -> None:
    async def story() -> None:
        async with simulated(replace(SERVER, busy_times=1)) as bench:
            journal = SqliteJournal(tmp_path / "journal.sqlite", Writer("1", "2"), bench.clock)
            desk = Desk(Plan(), bench.clock, bench.states.append, journal)
            assert await fetch_statement(desk, bench.harm, bench.link)
            bench.vault.secrets["flex/query"] = "1"
            assert not await fetch_statement(desk, bench.harm, bench.link)
            await journal.close()
            assert CANARY not in repr(bench.link) + repr(desk.state()) + everything_logged.text

    run(story())
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"flex state" in written
    assert CANARY.encode() not in written


def test_whoever_reads_the_token_teaches_the_redactor_first() -> None:
    async def story() -> Redactor:
        async with simulated(replace(SERVER, code=1012)) as bench:
            await trouble_of(bench.link.fetch())
            return bench.redactor

    assert CANARY not in run(story()).clean(f"a line with {CANARY}")


def test_the_official_host_is_asked_encrypted_and_any_other_is_refused() -> None:
    catalogue = shipped_catalogue()
    assert address_of(Flex(), catalogue) == Address("https", "ndcdyn.interactivebrokers.com", 443)
    assert address_of(Flex("localhost", 99), catalogue) == Address("http", "127.0.0.1", 99)
    for other in ("ndcdyn.interactivebrokers.com.example", "10.0.0.1", "interactivebrokers.com"):
        with pytest.raises(NotPermitted):
            address_of(Flex(other, 443), catalogue)


GOOD = send_request(CANARY, "12")


@pytest.mark.parametrize(
    ("method", "url"),
    [
        pytest.param("POST", f"http://127.0.0.1:{{port}}{GOOD}", id="another method"),
        pytest.param("GET", f"http://localhost:{{port}}{GOOD}", id="another host"),
        pytest.param("GET", f"http://127.0.0.1:{{port}}{GOOD}&x=1", id="one more part"),
        pytest.param("GET", f"http://127.0.0.1:{{port}}{GOOD.replace('Send', 'Drop')}", id="another call"),
        pytest.param("GET", "http://127.0.0.1:{port}/", id="another path"),
    ],
)
def test_the_guard_lets_nothing_else_out(method: str, url: str) -> None:
    async def story() -> None:
        async with Hostile(http(b"")) as server:
            inner = httpx2.AsyncHTTPTransport(trust_env=False)
            guard = TwoCalls(inner, Address("http", "127.0.0.1", server.port))
            with pytest.raises(NotPermitted):
                await guard.handle_async_request(httpx2.Request(method, url.format(port=server.port)))
            with pytest.raises(NotPermitted):
                await guard.handle_async_request(
                    httpx2.Request("GET", f"http://127.0.0.1:{server.port}{GOOD}", content=b"x")
                )
            await guard.aclose()
            assert server.heads == []

    run(story())
