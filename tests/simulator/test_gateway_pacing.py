"""What comes too often: 429, the penalty box, and the limits of single paths."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cockpit.simulator.portal.pacing import Pacing
from cockpit.simulator.scenario import PortalServer

from .gateway_clients import UNLIMITED, Clock, on_a_loop, running

pytestmark = pytest.mark.plain

PACED = PortalServer(requests_per_second=10, penalty_seconds=900.0, path_limits=False)
LIMITED = replace(UNLIMITED, path_limits=True)


@on_a_loop
async def test_the_eleventh_call_within_a_second_brings_the_penalty() -> None:
    async with running(PACED) as bench:
        statuses = [(await bench.get("/iserver/auth/status")).status_code for _ in range(11)]
        assert statuses == [200] * 10 + [429]
        bench.clock.forward(899)
        refused = await bench.post("/tickle")
        assert refused.status_code == 429
        assert "error" in refused.json()
        assert (await bench.client.get("/")).status_code == 302
        bench.clock.forward(1)
        assert (await bench.post("/tickle")).status_code == 200


@on_a_loop
async def test_ten_calls_a_second_go_on_for_ever() -> None:
    async with running(PACED) as bench:
        for _ in range(3):
            for _ in range(10):
                assert (await bench.get("/iserver/auth/status")).status_code == 200
            bench.clock.forward(1)


@on_a_loop
async def test_a_test_can_put_the_caller_into_the_box() -> None:
    async with running() as bench:
        bench.gateway.penalise(60)
        assert (await bench.get("/iserver/accounts")).status_code == 429
        bench.clock.forward(60)
        assert (await bench.get("/iserver/accounts")).status_code == 200


@pytest.mark.parametrize(
    ("path", "seconds", "status"),
    [
        ("/tickle", 1, 429),
        ("/sso/validate", 60, 429),
        ("/portfolio/accounts", 5, 429),
        ("/iserver/account/orders", 5, 429),
        ("/fyi/settings", 1, 429),
        ("/fyi/unreadnumber", 300, 423),
    ],
)
@on_a_loop
async def test_a_path_with_a_limit_of_its_own_refuses_only_itself(
    path: str, seconds: int, status: int
) -> None:
    async with running(LIMITED) as bench:
        assert (await bench.get(path)).status_code == 200
        assert (await bench.get(path)).status_code == status
        assert (await bench.get("/iserver/auth/status")).status_code == 200
        bench.clock.forward(seconds)
        assert (await bench.get(path)).status_code == 200


@given(st.lists(st.floats(0, 0.5), min_size=1, max_size=80), st.integers(1, 10))
def test_no_second_ever_holds_more_calls_than_the_limit(pauses: list[float], limit: int) -> None:
    clock, admitted = Clock(), list[float]()
    pacing = Pacing(limit, 0.0, False, clock)
    for pause in pauses:
        clock.forward(pause)
        if not pacing.refuses("/iserver/accounts"):
            admitted.append(clock.now)
    for start in admitted:
        assert sum(start <= at < start + 1 for at in admitted) <= limit
