"""Each state of the sign-in by the paths a client looks at."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from cockpit.simulator.scenario import Portal

from .gateway_clients import A_HANG, API, STOCK, UNLIMITED, hangs, on_a_loop, running

pytestmark = pytest.mark.plain

HANG = 0
FIRST_TIER = (
    "/tickle",
    "/sso/validate",
    "/iserver/auth/status",
    "/portfolio/accounts",
    "/portfolio/U1234821/meta",
)
SECOND_TIER = (
    "/iserver/accounts",
    "/iserver/account/U1234821/summary",
    "/iserver/account/orders",
    f"/iserver/contract/{STOCK}/info",
    "/iserver/secdef/search?symbol=AAPL",
    "/iserver/marketdata/unsubscribeall",
)
ANSWERS = {
    # state: status of the first tier, of the second tier, what the second tier says
    Portal.TRADING: (200, 200, ""),
    Portal.SIGNED_IN: (200, 400, "Bad Request: no bridge"),
    Portal.COMPETING: (200, 400, "Bad Request: no bridge"),
    Portal.STARTING: (200, 500, "Not ready"),
    Portal.SIGNED_OUT: (401, 401, ""),
    Portal.REFUSING: (404, 404, "Access Denied"),
    Portal.HANGING: (HANG, HANG, ""),
}
TABLE = [
    pytest.param(state, path, first if path in FIRST_TIER else second, text, id=f"{state}-{path}")
    for state, (first, second, text) in ANSWERS.items()
    for path in FIRST_TIER + SECOND_TIER
    # each hanging row costs a time-out: two of them tell the story
    if state is not Portal.HANGING or path in ("/tickle", "/iserver/accounts")
]
FLAGS = {
    # authenticated, established, competing
    Portal.TRADING: (True, True, False),
    Portal.SIGNED_IN: (False, False, False),
    Portal.COMPETING: (False, False, True),
    Portal.STARTING: (True, False, False),
}


@pytest.mark.parametrize(("state", "path", "status", "text"), TABLE)
@on_a_loop
async def test_every_state_answers_every_path_as_it_should(
    state: Portal, path: str, status: int, text: str
) -> None:
    async with running(replace(UNLIMITED, state=state)) as bench:
        if status == HANG:
            assert await hangs(bench.client.get(API + path, timeout=A_HANG))
            return
        answer = await bench.get(path)
        assert answer.status_code == status
        if path in SECOND_TIER:
            assert text in answer.text
        if status == 401:
            assert answer.content == b""


@pytest.mark.parametrize("state", FLAGS)
@on_a_loop
async def test_status_and_tickle_tell_the_same_flags(state: Portal) -> None:
    async with running(replace(UNLIMITED, state=state)) as bench:
        status = (await bench.post("/iserver/auth/status")).json()
        tickled = (await bench.post("/tickle")).json()
        tickle = tickled["iserver"]["authStatus"]
        assert tickled["hmds"] == {"error": "no bridge"}  # the idle history service, whatever the state
        for body in (status, tickle):
            flags = (body["authenticated"], body["established"], body["competing"])
            assert flags == FLAGS[state]
            assert body["connected"] is True


@pytest.mark.parametrize("state", [state for state in Portal if state is not Portal.REFUSING])
@on_a_loop
async def test_the_root_answers_without_the_upstream(state: Portal) -> None:
    async with running(replace(UNLIMITED, state=state)) as bench:
        answer = await bench.client.get("/")
        assert answer.status_code == 302
        assert answer.headers["location"].startswith("/sso/Login")


@on_a_loop
async def test_the_address_filter_refuses_with_thirteen_bytes_and_no_type() -> None:
    async with running(replace(UNLIMITED, state=Portal.REFUSING)) as bench:
        for path in ("/", API + "/tickle", "/demo"):
            answer = await bench.client.get(path)
            assert (answer.status_code, answer.content) == (404, b"Access Denied")
            assert "content-type" not in answer.headers


@on_a_loop
async def test_asking_without_competing_leaves_the_session_elsewhere() -> None:
    async with running(replace(UNLIMITED, state=Portal.COMPETING)) as bench:
        answer = await bench.post("/iserver/auth/ssodh/init", {"publish": True, "compete": False})
        assert answer.status_code == 200
        assert answer.json()["competing"] is True
        assert answer.json()["authenticated"] is False
        assert bench.gateway.evicted == 0


@on_a_loop
async def test_competing_takes_the_session_and_is_counted() -> None:
    async with running(replace(UNLIMITED, state=Portal.COMPETING)) as bench:
        answer = await bench.post("/iserver/auth/ssodh/init", {"publish": True, "compete": True})
        assert answer.json()["authenticated"] is True
        assert bench.gateway.evicted == 1
        assert [entry.path for entry in bench.recorder.forbidden()] == [API + "/iserver/auth/ssodh/init"]


@on_a_loop
async def test_without_publish_the_session_does_not_begin() -> None:
    async with running(replace(UNLIMITED, state=Portal.SIGNED_IN)) as bench:
        answer = await bench.post("/iserver/auth/ssodh/init", {"publish": False, "compete": False})
        assert answer.status_code == 500
        assert bench.gateway.state is Portal.SIGNED_IN


@on_a_loop
async def test_a_signed_in_gateway_trades_after_asking() -> None:
    async with running(replace(UNLIMITED, state=Portal.SIGNED_IN)) as bench:
        await bench.post("/iserver/auth/ssodh/init", {"publish": True, "compete": False})
        assert (await bench.get("/iserver/accounts")).status_code == 200


@on_a_loop
async def test_a_login_borrowed_from_the_phone_never_trades() -> None:
    async with running(replace(UNLIMITED, state=Portal.SIGNED_IN, client_app="IBKRMOBILE-ios")) as bench:
        assert (await bench.get("/sso/validate")).json()["CLIENT_APP"] == "IBKRMOBILE-ios"
        answer = await bench.post("/iserver/auth/ssodh/init", {"publish": True, "compete": False})
        assert (answer.status_code, answer.json()["authenticated"]) == (200, False)


@on_a_loop
async def test_reauthenticate_is_local_and_always_competes() -> None:
    async with running(replace(UNLIMITED, state=Portal.COMPETING)) as bench:
        assert (await bench.get("/iserver/reauthenticate")).json() == {"message": "triggered"}
        assert bench.gateway.evicted == 1
        await bench.post("/logout")
        assert (await bench.get("/iserver/reauthenticate")).json() == {"error": "not logged in"}


@on_a_loop
async def test_one_caller_logs_everybody_out() -> None:
    async with running() as bench:
        assert (await bench.client.get("/clear")).text == "cleared"
        assert (await bench.get("/tickle")).status_code == 401


@on_a_loop
async def test_a_login_in_the_browser_brings_trading() -> None:
    async with running(replace(UNLIMITED, state=Portal.SIGNED_OUT)) as bench:
        assert "/sso/Dispatcher" in (await bench.client.get("/sso/Login")).text
        assert (await bench.client.get("/sso/Dispatcher")).text == "Client login succeeds"
        assert bench.gateway.state is Portal.TRADING


@on_a_loop
async def test_the_cookie_of_a_caller_means_nothing() -> None:
    async with running() as bench:
        answer = await bench.client.get(API + "/tickle", headers={"Cookie": "x-sess-uuid=someone else"})
        assert answer.status_code == 200
        assert "x-sess-uuid" in answer.headers["set-cookie"]


@on_a_loop
async def test_a_login_ends_when_its_time_is_up_and_a_tickle_extends_it() -> None:
    async with running(replace(UNLIMITED, sso_minutes=10.0)) as bench:
        bench.clock.forward(590)
        assert (await bench.get("/sso/validate")).json()["EXPIRES"] == 10_000
        await bench.post("/tickle")
        bench.clock.forward(590)
        assert (await bench.get("/sso/validate")).status_code == 200
        bench.clock.forward(11)
        assert (await bench.get("/sso/validate")).status_code == 401


@on_a_loop
async def test_a_gateway_that_lost_trading_logs_itself_out() -> None:
    async with running(replace(UNLIMITED, self_logout_seconds=30.0)) as bench:
        await bench.gateway.set_state(Portal.COMPETING)
        assert (await bench.post("/iserver/auth/status")).json()["competing"] is True
        bench.clock.forward(30)
        assert (await bench.post("/iserver/auth/status")).status_code == 401


@on_a_loop
async def test_paper_is_named() -> None:
    async with running(replace(UNLIMITED, paper=True)) as bench:
        assert (await bench.get("/sso/validate")).json()["LOGIN_TYPE"] == 2
        assert (await bench.get("/iserver/accounts")).json()["isPaper"] is True
