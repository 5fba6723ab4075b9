"""The Flex service: two calls, the broker's codes, and a statement with more in it than a reader may keep."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.request import ProxyHandler, Request, build_opener
from xml.etree import ElementTree

import httpx2
import pytest

from cockpit.simulator.flex.service import CODES, FlexService
from cockpit.simulator.recorder import Recorder
from cockpit.simulator.scenario import Account, FlexServer, Scenario

from .gateway_clients import Clock, on_a_loop

pytestmark = pytest.mark.plain

FLEX = FlexServer()
LONG_ENOUGH = 10.0  # seconds between two calls that the pacing lets through
NOW = 1_790_000_000.0  # UTC epoch seconds: 21 September 2026
# Codes about a statement that is being made already; all others refuse the request for it.
WHEN_FETCHED = {1003, 1004, 1005, 1006, 1007, 1008, 1017, 1019, 1021}
ACCOUNTS = (
    Account(permissions=("Stocks", "Options"), capability="Portfolio Margin", entity="IB-IE"),
    Account(id="U7654321", alias="Savings & more", customer_type="TRUST"),
)


@dataclass(frozen=True, slots=True)
class Bench:
    """A running Flex service and a client that asks it once a second."""

    service: FlexService
    recorder: Recorder
    clock: Clock
    client: httpx2.AsyncClient

    async def call(self, name: str, **query: str) -> ElementTree.Element:
        """Make one of the two calls, long after the one before."""
        self.clock.forward(LONG_ENOUGH)
        return await self.call_at_once(name, **query)

    async def call_at_once(self, name: str, **query: str) -> ElementTree.Element:
        """Make one of the two calls now."""
        asked = {"t": FLEX.token, "v": "3", **query}
        answer = await self.client.get(f"{self.service.base_url}/{name}", params=asked)
        assert answer.status_code == 200
        return ElementTree.fromstring(answer.text)

    async def reference(self) -> str:
        """Ask for the report; the code to fetch it with."""
        return text(await self.call("SendRequest", q=FLEX.query), "ReferenceCode")


@asynccontextmanager
async def running(server: FlexServer = FLEX) -> AsyncIterator[Bench]:
    """Start a Flex service, and end it after the test."""
    recorder, clock = Recorder(), Clock()
    service = FlexService(Scenario(accounts=ACCOUNTS, flex=server), recorder, clock, wall=lambda: NOW)
    await service.start()
    try:
        async with httpx2.AsyncClient(trust_env=False) as client:
            yield Bench(service, recorder, clock, client)
    finally:
        await service.stop()


def text(element: ElementTree.Element, name: str) -> str:
    """The text of a child."""
    return element.findtext(name) or ""


@on_a_loop
async def test_a_report_is_asked_for_waited_for_and_fetched() -> None:
    async with running(FlexServer(busy_times=2)) as bench:
        begun = await bench.call("SendRequest", q=FLEX.query)
        assert (begun.tag, text(begun, "Status")) == ("FlexStatementResponse", "Success")
        assert text(begun, "Url") == f"{bench.service.base_url}/GetStatement"
        reference = text(begun, "ReferenceCode")
        for _ in range(2):
            busy = await bench.call("GetStatement", q=reference)
            assert (text(busy, "Status"), text(busy, "ErrorCode")) == ("Warn", "1019")
        report = await bench.call("GetStatement", q=reference)
        assert report.tag == "FlexQueryResponse"
        first_path, *_ = (path for _, path in bench.recorder.http_calls("flex"))
        assert first_path.endswith("/SendRequest")


@on_a_loop
async def test_the_statement_says_permissions_capability_entity_and_customer_type() -> None:
    async with running(FlexServer(busy_times=0)) as bench:
        report = await bench.call("GetStatement", q=await bench.reference())
        first, second = (row.attrib for row in report.iter("AccountInformation"))
        assert first["tradingPermissions"] == "Stocks,Options"
        assert first["accountCapabilities"] == "Portfolio Margin"
        assert (first["ibEntity"], first["customerType"]) == ("IB-IE", "Individual")
        assert (second["accountId"], second["acctAlias"]) == ("U7654321", "Savings & more")
        assert first["primaryEmail"]  # there on purpose: a reader has to drop it
        dates = {row.get("toDate") for row in report.iter("FlexStatement")}
        assert dates == {"20260920"}  # the day before


@pytest.mark.parametrize(
    ("query", "code"),
    [
        pytest.param({"t": "wrong", "q": FLEX.query}, "1015", id="token"),
        pytest.param({"q": "1"}, "1014", id="query"),
        pytest.param({"q": FLEX.query, "v": "2"}, "1020", id="version"),
    ],
)
@on_a_loop
async def test_a_wrong_request_gets_its_code(query: dict[str, str], code: str) -> None:
    async with running() as bench:
        failed = await bench.call("SendRequest", **query)
        assert (text(failed, "Status"), text(failed, "ErrorCode")) == ("Fail", code)


@on_a_loop
async def test_an_unknown_reference_gets_its_code() -> None:
    async with running() as bench:
        assert text(await bench.call("GetStatement", q="1"), "ErrorCode") == "1017"


@pytest.mark.parametrize("code", CODES)
@on_a_loop
async def test_every_code_can_be_set_and_taken_back(code: int) -> None:
    async with running(FlexServer(busy_times=0)) as bench:
        reference = await bench.reference()
        bench.service.set_code(code)
        begun = await bench.call("SendRequest", q=FLEX.query)
        fetched = await bench.call("GetStatement", q=reference)
        codes = ("", str(code)) if code in WHEN_FETCHED else (str(code), "")
        assert (text(begun, "ErrorCode"), text(fetched, "ErrorCode")) == codes
        bench.service.set_code(0)
        assert text(await bench.call("SendRequest", q=FLEX.query), "Status") == "Success"


@on_a_loop
async def test_two_calls_within_a_second_or_eleven_within_a_minute_are_too_many() -> None:
    async with running() as bench:
        await bench.reference()
        bench.clock.forward(0.5)
        hasty = await bench.call_at_once("SendRequest", q=FLEX.query)
        assert text(hasty, "ErrorCode") == "1018"
        bench.clock.forward(60)
        codes = list[str]()
        for _ in range(11):
            bench.clock.forward(2)
            codes.append(text(await bench.call_at_once("SendRequest", q=FLEX.query), "ErrorCode"))
        assert codes == [""] * 10 + ["1018"]


@on_a_loop
async def test_a_caller_without_a_name_is_refused() -> None:
    async with running() as bench:
        request = bench.client.build_request("GET", f"{bench.service.base_url}/SendRequest")
        del request.headers["user-agent"]
        assert (await bench.client.send(request)).status_code == 403
        assert (await bench.client.get(bench.service.base_url)).status_code == 404


@on_a_loop
async def test_the_standard_library_can_ask_too() -> None:
    async with running() as bench:

        def ask() -> bytes:
            url = f"{bench.service.base_url}/SendRequest?t={FLEX.token}&q={FLEX.query}&v=3"
            opener = build_opener(ProxyHandler({}))
            with opener.open(Request(url, headers={"User-Agent": "test"}), timeout=5) as answer:
                content: bytes = answer.read()
            return content

        assert b"<Status>Success</Status>" in await asyncio.to_thread(ask)
