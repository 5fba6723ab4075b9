"""The closed list: only reading can be formed, and what is about to be sent is looked up once more."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.adapters.portal import calls
from cockpit.adapters.portal.calls import ENDPOINTS, ClosedList, Endpoint, form, is_account, look_up
from cockpit.adapters.portal.pinning import Pin, pinned_context
from cockpit.services.errors import NotPermitted
from tests.simulator.gateway_clients import Bench, running

pytestmark = pytest.mark.plain

HARMFUL = re.compile(
    r"order|reply|suppress|logout|ssodh|init|reauth|clear|whatif|compete|regsnapshot|transfer|alert|dynaccount",
    re.IGNORECASE,
)
# What must never leave, however it is spelt.
FORBIDDEN = [
    ("POST", "/v1/api/iserver/account/U1234821/orders"),
    ("POST", "/v1/api/iserver/account/U1234821/order"),
    ("POST", "/v1/api/iserver/account/U1234821/orders/whatif"),
    ("DELETE", "/v1/api/iserver/account/U1234821/order/1"),
    ("POST", "/v1/api/iserver/reply/abc"),
    ("POST", "/v1/api/iserver/questions/suppress"),
    ("POST", "/v1/api/iserver/questions/suppress/reset"),
    ("POST", "/v1/api/logout"),
    ("GET", "/v1/api/logout"),
    ("POST", "/v1/portal/logout"),
    ("POST", "/v1/api/iserver/auth/ssodh/init"),
    ("GET", "/v1/api/iserver/reauthenticate"),
    ("POST", "/v1/api/iserver/reauthenticate"),
    ("GET", "/clear"),
    ("POST", "/clear"),
    ("GET", "/v1/api/md/regsnapshot?conid=1"),
    ("POST", "/v1/api/iserver/marketdata/unsubscribe"),
    ("POST", "/v1/api/iserver/marketdata/unsubscribeall"),
    ("GET", "/v1/api/iserver/marketdata/unsubscribeall"),
    ("GET", "/v1/api/iserver/marketdata/snapshot?conids=1&fields=31"),
    ("GET", "/v1/api/iserver/marketdata/snapshot?conids=&fields=31,84,86,6509,7184,7768"),
    ("GET", "/v1/api/iserver/marketdata/snapshot?conids=1,&fields=31,84,86,6509,7184,7768"),
    ("GET", "/v1/api/iserver/marketdata/snapshot?conids=1@SMART&fields=31,84,86,6509,7184,7768"),
    ("GET", "/v1/api/md/snapshot?conids=1&fields=31"),
    ("GET", "/v1/api/iserver/marketdata/snapshot?conids=1&fields=31,84,86,6509,7184,7768&since=1"),
    ("GET", "/v1/api/iserver/secdef/search?symbol=spx"),
    ("GET", "/v1/api/iserver/secdef/search?symbol=SPX&name=true"),
    ("POST", "/v1/api/iserver/secdef/search?symbol=SPX"),
    ("GET", "/v1/api/trsrv/stocks?symbols=AAPL,IBM"),
    ("GET", "/v1/api/trsrv/futures?symbols=ES&exchange=CME"),
    ("POST", "/v1/api/iserver/contract/rules"),
    ("GET", "/v1/api/iserver/contract/265598/info-and-rules?isBuy=1"),
    ("DELETE", "/v1/api/tickle"),
    ("PUT", "/v1/api/sso/validate"),
    ("GET", "/v1/api/iserver/accounts/../account/U1234821/orders"),
    ("GET", "/v1/api/portfolio/U1234821%2Forders/meta"),
    ("GET", "/v1/api/portfolio/U1234821/meta?x=1"),
    ("GET", "/v1/api/iserver/accounts#/orders"),
    ("GET", "/v1/api/iserver/accounts/"),
    ("GET", "//v1/api/iserver/accounts"),
    ("POST", "/"),
    ("CONNECT", "/"),
    ("get", "/"),
]


def test_no_row_of_the_list_can_harm() -> None:
    for endpoint in ENDPOINTS:
        assert not HARMFUL.search(endpoint.template), endpoint
        assert endpoint.method in ("GET", "POST")


@pytest.mark.parametrize(("method", "path"), FORBIDDEN, ids=[f"{m} {p}" for m, p in FORBIDDEN])
def test_what_must_not_leave_is_not_on_the_list(method: str, path: str) -> None:
    with pytest.raises(NotPermitted):
        look_up(method, path.encode())


EXAMPLES: dict[str, dict[str, str | int]] = {
    calls.ACCOUNT_META.name: {"account": "DU1234567"},
    calls.RULES.name: {"conid": 265598, "is_buy": "true"},
    calls.STOCKS.name: {"symbol": "BRK.B"},
    calls.FUTURES.name: {"symbol": "ES"},
    calls.SEARCH.name: {"symbol": "SPX"},
    calls.SNAPSHOT.name: {"conids": "265598,416904"},
    calls.UNSUBSCRIBE.name: {"conid": 265598},
}


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=[one.name for one in ENDPOINTS])
def test_every_row_can_be_formed_and_found_again(endpoint: Endpoint) -> None:
    call = form(endpoint, **EXAMPLES.get(endpoint.name, {}))
    assert look_up(endpoint.method, call.path.encode(), call.body.encode()) is endpoint


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{}",
        '{"conid":1,"compete":true}',
        '{"conid":"1"}',
        '{"conid":0}',
        ' {"conid":1}',
        '{"conid":1}\n',
        '{"compete":true}',
    ],
)
def test_the_one_body_there_is_holds_a_number_and_nothing_else(body: str) -> None:
    with pytest.raises(NotPermitted):
        look_up("POST", b"/v1/api/iserver/marketdata/unsubscribe", body.encode())


@pytest.mark.parametrize("endpoint", [one for one in ENDPOINTS if not one.body], ids=lambda one: one.name)
def test_no_other_row_lets_a_body_through(endpoint: Endpoint) -> None:
    call = form(endpoint, **EXAMPLES.get(endpoint.name, {}))
    with pytest.raises(NotPermitted):
        look_up(endpoint.method, call.path.encode(), b'{"conid":1}')


HOSTILE = st.one_of(
    st.text(),
    st.sampled_from(
        [
            *(
                "U1/orders#",
                "U1234821/orders",
                "U1234821%2Forders",
                "../../logout",
                "U1234821?x=",
                "U1234821\n",
            ),
            *(
                "U1234821 ",
                "U１２３４",
                "",
                ".",
                "..",
                "U1234821\r\nX: y",
                "-1",
                "1e5",
                "0",
                "265598/../x",
                "True",
            ),
        ]
    ),
)


FILLED = (calls.ACCOUNT_META, calls.RULES, calls.STOCKS, calls.FUTURES, calls.SEARCH, calls.SNAPSHOT)


@given(st.sampled_from(FILLED), HOSTILE, HOSTILE)
def test_no_text_in_a_part_ever_makes_another_path(endpoint: Endpoint, first: str, second: str) -> None:
    (name, *others) = EXAMPLES[endpoint.name]
    parts = {name: first} | dict.fromkeys(others, second)
    try:
        call = form(endpoint, **parts)
    except NotPermitted:
        return
    assert re.fullmatch(
        r"/v1/api/portfolio/[A-Z]+[0-9]+[A-Z]*/meta"
        r"|/v1/api/iserver/contract/[0-9]+/info-and-rules\?isBuy=(true|false)"
        r"|/v1/api/trsrv/(stocks|futures)\?symbols=[A-Z0-9.]+"
        r"|/v1/api/iserver/secdef/search\?symbol=[A-Z0-9.]+"
        r"|/v1/api/iserver/marketdata/snapshot\?conids=[0-9,]+&fields=31,84,86,6509,7184,7768",
        call.path,
        re.ASCII,
    )
    request = httpx2.Request(endpoint.method, f"https://127.0.0.1:5000{call.path}")
    assert look_up(request.method, request.url.raw_path) is endpoint


@given(st.text())
def test_an_account_is_capital_letters_and_digits(text: str) -> None:
    if is_account(text):
        assert re.fullmatch(r"[A-Z]+[0-9]+[A-Z]*", text, re.ASCII)


@pytest.mark.parametrize("parts", [{}, {"account": "U1234821", "conid": 5}, {"conid": 5}])
def test_missing_or_spare_parts_are_refused(parts: dict[str, str | int]) -> None:
    with pytest.raises(NotPermitted):
        form(calls.ACCOUNT_META, **parts)


def _raw(bench: Bench) -> httpx2.AsyncHTTPTransport:
    context = pinned_context(Pin(bench.gateway.fingerprint, []))
    return httpx2.AsyncHTTPTransport(verify=context, trust_env=False, retries=0)


async def _try(transport: httpx2.AsyncBaseTransport, request: httpx2.Request) -> bool:
    try:
        response = await transport.handle_async_request(request)
        await response.aread()
        await response.aclose()
    except NotPermitted:
        return False
    return True


def _scene(work: Callable[[Bench], Awaitable[None]]) -> None:
    async def scene() -> None:
        async with running() as bench:
            await work(bench)

    asyncio.run(scene())


LIVE_ORDER = (
    b'{"orders": [{"conid": 265598, "orderType": "MKT", "side": "BUY", "quantity": 1, "tif": "DAY"}]}'
)


def test_a_live_order_does_not_pass_the_last_stop() -> None:
    async def work(bench: Bench) -> None:
        transport = ClosedList(_raw(bench), "127.0.0.1", bench.port)
        url = f"https://127.0.0.1:{bench.port}/v1/api/iserver/account/U1234821/orders"
        assert not await _try(transport, httpx2.Request("POST", url, content=LIVE_ORDER))
        await transport.aclose()
        assert bench.recorder.http_calls() == ()

    _scene(work)


def test_without_the_last_stop_the_same_order_would_have_arrived() -> None:
    async def work(bench: Bench) -> None:
        transport = _raw(bench)  # the guard taken out
        url = f"https://127.0.0.1:{bench.port}/v1/api/iserver/account/U1234821/orders"
        assert await _try(transport, httpx2.Request("POST", url, content=LIVE_ORDER))
        await transport.aclose()
        assert len(bench.recorder.live_orders()) == 1

    _scene(work)


def test_nothing_but_a_bare_request_to_the_one_address_passes_the_last_stop() -> None:
    async def work(bench: Bench) -> None:
        transport = ClosedList(_raw(bench), "127.0.0.1", bench.port)
        base = f"https://127.0.0.1:{bench.port}"
        odd = [
            httpx2.Request("POST", f"{base}/v1/api/tickle", content=b'{"compete": true}'),
            httpx2.Request("POST", f"{base}/v1/api/tickle", extensions={"target": b"/v1/api/logout"}),
            httpx2.Request("POST", f"{base}/v1/api/tickle", extensions={"sni_hostname": "elsewhere"}),
            httpx2.Request("GET", f"https://localhost:{bench.port}/"),
            httpx2.Request("GET", f"https://127.0.0.1:{bench.port + 1}/"),
            httpx2.Request("GET", f"http://127.0.0.1:{bench.port}/"),
            *(httpx2.Request(method, base + path) for method, path in FORBIDDEN if method.isupper()),
        ]
        passed = [str(request.url) for request in odd if await _try(transport, request)]
        # A fragment is never sent: what is left of that one is on the list.
        assert [url for url in passed if not url.endswith("#/orders")] == []
        assert set(bench.recorder.http_calls()) <= {("GET", "/v1/api/iserver/accounts")}
        assert await _try(transport, httpx2.Request("GET", f"{base}/"))
        await transport.aclose()

    _scene(work)
