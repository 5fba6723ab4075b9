"""The first look at this PC: which of the usual doors are there, found without touching any of them."""

from __future__ import annotations

import pytest

from cockpit.app import discovery
from cockpit.app.desk import read_desk
from cockpit.app.discovery import USUAL
from cockpit.domain import kinds
from cockpit.domain.facts import Facts, fold
from cockpit.domain.plan import Plan, Portal
from tests.fakes.clock import NOON, FakeClock
from tests.fakes.outside import FakeMachine
from tests.fakes.virtual_time import run

pytestmark = pytest.mark.plain

PLAN = Plan(sockets=USUAL, portal=Portal())


def listening(*subjects: str) -> Facts:
    """Facts in which only these subjects have somebody behind their port."""
    every = (*(socket.subject for socket in USUAL), "gateway")
    return fold(Facts(), [kinds.LISTENING.seen(subject, subject in subjects, NOON) for subject in every])


def test_the_look_reads_programs_and_ports_of_all_usual_doors() -> None:
    facts, plan = run(discovery.look(FakeMachine(FakeClock()), NOON))
    rows = discovery.doors(facts, plan)

    assert [row.port for row in rows] == [7496, 7497, 4001, 4002, 5000]
    assert all(row.is_listening for row in rows)
    assert [row.program for row in rows if row.is_running] == ["TWS", "TWS"]
    assert {row.owner for row in rows} == {"TWS"}


def test_only_doors_that_listen_are_used() -> None:
    desk = discovery.with_found_doors(read_desk(None), listening("tws/gateway-paper", "gateway"), PLAN)

    assert [socket.port for socket in desk.plan.sockets] == [4002]
    assert desk.plan.portal is not None


def test_when_nothing_listens_the_first_usual_door_is_asked_about_and_no_gateway() -> None:
    desk = discovery.with_found_doors(read_desk(None), listening(), PLAN)

    assert [socket.port for socket in desk.plan.sockets] == [7496]
    assert desk.plan.portal is None


def test_nothing_runs_only_when_neither_a_program_nor_a_port_was_seen() -> None:
    running = fold(Facts(), [kinds.RUNNING.seen("program/ib-gateway", True, NOON)])

    assert discovery.nothing_runs(Facts(), PLAN)
    assert discovery.nothing_runs(listening(), PLAN)
    assert not discovery.nothing_runs(listening("gateway"), PLAN)
    assert not discovery.nothing_runs(running, PLAN)
