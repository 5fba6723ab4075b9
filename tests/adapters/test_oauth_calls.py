"""The closed list of the Web API and the guard before its socket: what is not on it never leaves."""

from __future__ import annotations

import asyncio

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.adapters.oauth.calls import ENDPOINTS, Address, SignedCalls, address_of
from cockpit.adapters.oauth.refusals import Midnight, Wait, made_at
from cockpit.domain.oauth import WebApi
from cockpit.domain.register import Credential, CredentialKind, Register
from cockpit.services.errors import NotPermitted

from .oauth_bench import CONSUMER
from .web_api_bench import SHIPPED

pytestmark = pytest.mark.plain

HERE = Address("api.ibkr.com", 443, is_pinned=False)
SIGNED = {"Authorization": "OAuth realm"}
API = "https://api.ibkr.com/v1/api"


class Sent(httpx2.AsyncBaseTransport):
    """Takes what the guard lets through."""

    def __init__(self) -> None:
        self.requests: list[str] = []

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(f"{request.method} {request.url}")
        return httpx2.Response(200)


def passes(request: httpx2.Request) -> bool:
    """Whether the guard lets a request through; if not, nothing may have been sent."""
    sent = Sent()
    try:
        asyncio.run(SignedCalls(sent, HERE).handle_async_request(request))
    except NotPermitted:
        assert sent.requests == []
        return False
    return True


def test_the_list_can_neither_order_nor_begin_or_end_a_session_and_has_no_body() -> None:
    for endpoint in ENDPOINTS:
        assert endpoint.method in ("GET", "POST")
        assert endpoint.body == ""
        for word in (
            "order",
            "reply",
            "ssodh",
            "logout",
            "reauthenticate",
            "suppress",
            "whatif",
            "/ws",
            "sso/",
        ):
            assert word not in endpoint.template


@pytest.mark.parametrize(
    "request_",
    [
        httpx2.Request("POST", f"{API}/oauth/live_session_token", headers=SIGNED),
        httpx2.Request("POST", f"{API}/iserver/auth/status", headers=SIGNED),
        httpx2.Request("GET", f"{API}/portfolio/U1234567/meta", headers=SIGNED),
    ],
    ids=str,
)
def test_a_signed_request_of_the_list_passes(request_: httpx2.Request) -> None:
    assert passes(request_)


STOPPED = {
    "brokerage session": httpx2.Request("POST", f"{API}/iserver/auth/ssodh/init", headers=SIGNED),
    "order": httpx2.Request("POST", f"{API}/iserver/account/U1234567/orders", headers=SIGNED),
    "logout": httpx2.Request("POST", f"{API}/logout", headers=SIGNED),
    "other method": httpx2.Request("DELETE", f"{API}/portfolio/accounts", headers=SIGNED),
    "a query added": httpx2.Request("POST", f"{API}/iserver/auth/status?compete=true", headers=SIGNED),
    "a body": httpx2.Request("POST", f"{API}/iserver/auth/status", headers=SIGNED, content=b"{}"),
    "unsigned": httpx2.Request("POST", f"{API}/iserver/auth/status"),
    "signed otherwise": httpx2.Request("POST", f"{API}/tickle", headers={"Authorization": "Bearer x"}),
    "one header more": httpx2.Request("POST", f"{API}/tickle", headers={**SIGNED, "Cookie": "api=1"}),
    "another host": httpx2.Request("POST", "https://api.ibkr.com.example.org/v1/api/tickle", headers=SIGNED),
    "another port": httpx2.Request("POST", "https://api.ibkr.com:8443/v1/api/tickle", headers=SIGNED),
    "no encryption": httpx2.Request("POST", "http://api.ibkr.com/v1/api/tickle", headers=SIGNED),
    "another target": httpx2.Request(
        "POST", f"{API}/tickle", headers=SIGNED, extensions={"target": b"/v1/api/logout"}
    ),
}


@pytest.mark.parametrize("request_", STOPPED.values(), ids=STOPPED)
def test_everything_else_is_stopped(request_: httpx2.Request) -> None:
    assert not passes(request_)


def test_the_official_host_comes_from_the_catalogue_and_is_not_pinned() -> None:
    assert address_of(WebApi(CONSUMER), SHIPPED) == HERE
    assert HERE.base == "https://api.ibkr.com"


@pytest.mark.parametrize(
    ("host", "base"), [("localhost", "https://127.0.0.1:5001"), ("::1", "https://[::1]:5001")]
)
def test_an_address_of_this_pc_is_dialled_by_number_and_pinned(host: str, base: str) -> None:
    address = address_of(WebApi(CONSUMER, host, 5001), SHIPPED)
    assert (address.base, address.is_pinned) == (base, True)


@pytest.mark.parametrize(
    "host", ["1.api.ibkr.com.example.org", "192.0.2.7", "localhost.example.org", "0.0.0.0"]
)
def test_a_host_that_is_neither_the_brokers_nor_this_pc_is_refused(host: str) -> None:
    with pytest.raises(NotPermitted):
        address_of(WebApi(CONSUMER, host, 443), SHIPPED)


@pytest.mark.parametrize(("consumer", "realm"), [(CONSUMER, "limited_poa"), ("TESTCONS", "test_realm")])
def test_the_realm_follows_the_consumer(consumer: str, realm: str) -> None:
    assert WebApi(consumer).realm == realm


MIDNIGHTS = tuple(Midnight("00:00", zone) for zone in ("America/New_York", "Europe/Zurich", "Asia/Hong_Kong"))


@given(st.floats(1_700_000_000, 1_900_000_000))
def test_a_new_consumer_works_within_a_day_and_a_bit_and_never_before_it_was_made(made: float) -> None:
    works = Wait(made, MIDNIGHTS, 0.0).works_from
    assert 0 < works - made <= 25 * 3600 + 1  # the night when clocks go back has one hour more


def test_the_last_of_the_regional_midnights_counts() -> None:
    noon = 1_795_521_600.0  # Tuesday 2026-11-24 12:00 UTC
    assert Wait(noon, MIDNIGHTS, 0.0).works_from == noon + 17 * 3600  # midnight of New York
    assert Wait(noon, MIDNIGHTS[1:2], 0.0).works_from == noon + 11 * 3600


def test_the_age_of_a_consumer_is_that_of_its_own_row() -> None:
    mine = Credential("mine", CredentialKind.OAUTH_CONSUMER, tool=CONSUMER, made=5.0)
    other = Credential("OTHERCONS", CredentialKind.OAUTH_CONSUMER, made=7.0)
    token = Credential("token", CredentialKind.ACCESS_TOKEN, tool=CONSUMER, made=9.0)
    assert made_at(Register(credentials=(token, other, mine)), CONSUMER) == 5.0
    assert made_at(Register(credentials=(token, other)), CONSUMER) == 7.0  # the only one there is
    assert made_at(Register(credentials=(other, other)), CONSUMER) == 0.0
    assert made_at(Register(), CONSUMER) == 0.0
