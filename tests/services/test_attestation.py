"""The trader's word becomes attested observations; the record of a drill survives a restart."""

from __future__ import annotations

from cockpit.domain import kinds
from cockpit.domain.evidence import Observation, Provenance
from cockpit.domain.facts import Facts, fold
from cockpit.domain.interface import Interface
from cockpit.services.attestation import attested, drill_of, drilled
from cockpit.services.desk import Desk
from cockpit.services.intents import KeepDrill, SayHeld, SayOffered, SayRequested
from cockpit.services.state import DeskState, Drill
from tests.fakes.clock import FakeClock
from tests.fakes.facts import PLAN

NOW = 1_793_971_908.0
DRILL = KeepDrill("tws-dies", "TWS dies", (("Open the app | really", 12.25), ("Call the desk", -1.0)))


def test_what_the_trader_says_is_attested_and_never_measured() -> None:
    words = (
        SayOffered(Interface.MOBILE, "trailing_stop_limit", is_offered=False),
        SayHeld("U1234821", "futures_options", is_held=True),
        SayRequested("U1234821", "futures_options", NOW - 60.0),
    )
    seen = [attested(word, NOW) for word in words]
    assert {one.provenance for one in seen} == {Provenance.ATTESTED}
    facts = fold(Facts(), seen)
    offered = facts.look(kinds.SAID_OFFERED, "attested/ibkr-mobile/trailing_stop_limit")
    asked = facts.look(kinds.REQUESTED_ON, "attested/permission/U1234821/futures_options")
    assert offered is not None
    assert offered.value is False
    assert asked is not None
    assert asked.value == NOW - 60.0


def test_the_record_of_a_drill_reads_back_as_it_was_kept() -> None:
    expected = Drill("tws-dies", "TWS dies", NOW, (("Open the app | really", 12.2), ("Call the desk", -1.0)))
    assert drill_of(drilled(DRILL, NOW)) == expected


def test_what_another_version_wrote_as_a_drill_is_left_alone() -> None:
    for value in (("no seconds",), ("a step | soon",), True):
        assert drill_of(Observation("drill/x", kinds.DRILLED.name, value, Provenance.ATTESTED, NOW)) is None


def test_a_restored_desk_shows_the_drills_of_before() -> None:
    states: list[DeskState] = []
    desk = Desk(PLAN, FakeClock(NOW), states.append)
    desk.restore([drilled(DRILL, NOW - 3600.0)])
    desk.publish_now()
    assert [drill.key for drill in states[-1].drills] == ["tws-dies"]
