"""The columns, what to do instead, what differs between two interfaces, and what cannot go from the phone."""

from __future__ import annotations

from msgspec.structs import replace

from cockpit.domain import kinds
from cockpit.domain.evidence import Provenance
from cockpit.domain.gates.gate import Gate
from cockpit.domain.gates.ladder import cases, columns, differ, from_the_phone, instead
from cockpit.domain.gates.table import GATE_TABLE
from cockpit.domain.level import Level
from cockpit.domain.plan import Flow, Ticket
from tests.domain.gates.worlds import API, LIMIT, MOBILE, PLAN, TRAIL, TWS, case, facts_of, world
from tests.fakes.clock import NOON


def test_columns_stand_in_the_order_of_the_strip_with_one_for_each_socket() -> None:
    keys = [column.key for column in columns(PLAN)]
    assert keys == [
        "tws", "tws-api/tws", "tws-api/gw", "client-portal", "ibkr-desktop", "ibkr-mobile", "web-api", "flex",
    ]  # fmt: skip


def test_cases_are_the_playbooks_tickets_and_leave_out_what_the_plan_does_not_know() -> None:
    flow = Flow("f", "F", tickets=(LIMIT, TRAIL, Ticket("lost", "ZZZ")))
    again = Flow("g", "G", tickets=(LIMIT,))
    found = cases(replace(PLAN, flows=(flow, again)), API)
    assert [one.ticket.key for one in found] == ["lmt", "trail"]


def test_the_table_has_a_row_for_each_gate_in_order() -> None:
    assert [row.gate for row in GATE_TABLE] == list(Gate)
    assert all(row.title for row in GATE_TABLE)


def test_a_type_the_phone_lacks_goes_from_elsewhere_or_as_its_nearest_sibling() -> None:
    lacks = kinds.SAID_OFFERED.seen(
        "attested/ibkr-mobile/trailing-stop-limit", False, NOON + 1, Provenance.ATTESTED
    )
    found = instead(world(facts_of(lacks)), case(TRAIL, MOBILE), columns(PLAN))
    assert found.elsewhere is not None
    assert (found.elsewhere.case.column, found.elsewhere.level) == (TWS, Level.READY)
    assert found.nearest is not None
    assert found.nearest.level.is_usable
    assert found.nearest.case.ticket.order_type != "TRAIL LIMIT"


def test_nothing_is_proposed_instead_of_a_route_that_passes() -> None:
    found = instead(world(facts_of()), case(LIMIT, API), columns(PLAN))
    assert (found.elsewhere, found.nearest) == (None, None)


def test_only_tickets_whose_answers_differ_are_named_between_two_interfaces() -> None:
    facts = facts_of(kinds.READ_ONLY.seen("tws/tws", True, NOON))
    pairs = [(case(ticket, TWS), case(ticket, API)) for ticket in (LIMIT, TRAIL)]
    found = differ(world(facts), pairs)
    assert [one.ticket.key for one in found] == ["lmt", "trail"]
    assert found[0].other.decisive.gate is Gate.SESSION
    assert differ(world(facts_of()), pairs) == ()


def test_from_the_phone_names_what_cannot_go_and_what_is_not_known() -> None:
    facts = facts_of(without=(kinds.SAID_OFFERED.name,))
    found = from_the_phone(world(facts), (LIMIT, TRAIL))
    assert [one.case.ticket.key for one in found] == ["trail"]
    assert from_the_phone(world(facts_of()), (LIMIT, TRAIL)) == ()
