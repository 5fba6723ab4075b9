"""The table that reads the gateway's sign-in: every row, and what no row may ever do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.adapters.portal.answers import AuthStatus, Body
from cockpit.adapters.portal.stage import TABLE, stage_of
from cockpit.domain.kinds import PortalStage as Stage

pytestmark = pytest.mark.plain


def flags(text: str, fail: str = "") -> AuthStatus:
    """Read `A1 C1 K0 E-` as authenticated, connected, not competing, established not said."""
    said = {part[0]: {"1": True, "0": False, "-": None}[part[1]] for part in text.split()}
    return AuthStatus(said["A"], said["C"], said["K"], said["E"], fail)


STATUSES = [
    ("A1 C1 K0 E1", Stage.TRADING),
    ("A1 C1 K0 E-", Stage.TRADING),
    ("A1 C1 K0 E0", Stage.STARTING),
    ("A1 C1 K1 E1", Stage.COMPETING),
    ("A1 C1 K1 E0", Stage.COMPETING),
    ("A1 C1 K1 E-", Stage.COMPETING),
    ("A1 C0 K0 E1", Stage.BACKEND_LOST),
    ("A1 C0 K1 E0", Stage.BACKEND_LOST),
    ("A1 C0 K- E-", Stage.BACKEND_LOST),
    ("A0 C1 K1 E-", Stage.COMPETING),
    ("A0 C1 K0 E0", Stage.SIGNED_IN),
    ("A0 C1 K0 E-", Stage.SIGNED_IN),
    ("A0 C0 K0 E0", Stage.SIGNED_OUT),
    ("A0 C0 K1 E-", Stage.COMPETING),
    ("A1 C- K0 E1", Stage.UNCLEAR),
    ("A1 C1 K- E1", Stage.UNCLEAR),
    ("A- C1 K0 E1", Stage.UNCLEAR),
    ("A0 C1 K- E-", Stage.UNCLEAR),
    ("A- C- K- E-", Stage.UNCLEAR),
]
OTHERS = [
    (429, Body.ERROR, Stage.COOLING_DOWN),
    (429, Body.FOREIGN, Stage.COOLING_DOWN),
    (401, Body.EMPTY, Stage.SIGNED_OUT),
    (401, Body.FOREIGN, Stage.SIGNED_OUT),
    (302, Body.TO_SIGN_IN, Stage.SIGNED_OUT),
    (302, Body.ELSEWHERE, Stage.UNCLEAR),
    (400, Body.NO_BRIDGE, Stage.SIGNED_IN),
    (400, Body.ERROR, Stage.UNCLEAR),
    (500, Body.NOT_READY, Stage.STARTING),
    (500, Body.ERROR, Stage.UNCLEAR),
    (503, Body.ERROR, Stage.BACKEND_LOST),
    (503, Body.EMPTY, Stage.BACKEND_LOST),
    (200, Body.ERROR, Stage.SIGNED_OUT),
    (200, Body.FOREIGN, Stage.UNCLEAR),
    (200, Body.EMPTY, Stage.UNCLEAR),
    (200, Body.JSON, Stage.UNCLEAR),
    (403, Body.FOREIGN, Stage.UNCLEAR),
    (404, Body.DENIED, Stage.UNCLEAR),
    (410, Body.EMPTY, Stage.UNCLEAR),
]


@pytest.mark.parametrize(("text", "stage"), STATUSES, ids=[text for text, _ in STATUSES])
def test_the_four_flags_are_read_as_the_broker_means_them(text: str, stage: Stage) -> None:
    assert stage_of(200, Body.STATUS, flags(text)).stage is stage


@pytest.mark.parametrize(("status", "body", "stage"), OTHERS, ids=[f"{s}-{b}" for s, b, _ in OTHERS])
def test_answers_without_flags_are_read_by_status_and_body(status: int, body: Body, stage: Stage) -> None:
    assert stage_of(status, body).stage is stage


@pytest.mark.parametrize("text", [text for text, _ in STATUSES])
def test_a_named_failure_is_never_read_as_anything_good(text: str) -> None:
    assert stage_of(200, Body.STATUS, flags(text, fail="a reason")).stage is Stage.UNCLEAR


def test_every_row_of_the_table_is_reached_by_some_answer() -> None:
    reached = {stage_of(200, Body.STATUS, flags(text)) for text, _ in STATUSES}
    reached |= {stage_of(status, body) for status, body, _ in OTHERS}
    reached.add(stage_of(200, Body.STATUS, flags("A1 C1 K0 E1", "a reason")))
    assert reached == set(TABLE)


MAYBE = st.sampled_from([True, False, None])


@given(
    status=st.integers(100, 599),
    body=st.sampled_from(Body),
    said=st.builds(AuthStatus, MAYBE, MAYBE, MAYBE, MAYBE, st.sampled_from([None, "", "reason"])),
)
def test_trading_needs_every_good_flag_and_no_bad_one(status: int, body: Body, said: AuthStatus) -> None:
    if stage_of(status, body, said).stage is Stage.TRADING:
        assert (status, body) == (200, Body.STATUS)
        assert said.authenticated is True
        assert said.connected is True
        assert said.competing is False
        assert said.established is not False
        assert not said.fail


@given(
    said=st.builds(AuthStatus, MAYBE, MAYBE, MAYBE, MAYBE, st.none()),
    lost=st.sampled_from(["authenticated", "connected", "competing"]),
)
def test_knowing_less_never_makes_it_trading(said: AuthStatus, lost: str) -> None:
    less = AuthStatus(
        None if lost == "authenticated" else said.authenticated,
        None if lost == "connected" else said.connected,
        None if lost == "competing" else said.competing,
        said.established,
        said.fail,
    )
    assert stage_of(200, Body.STATUS, less).stage is not Stage.TRADING
