"""The checklist's lines: order, wording, what is folded away, what is out of date."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cockpit.domain.evidence import Provenance
from cockpit.domain.level import Level
from cockpit.domain.readiness import Bearing, Lane, Progress, Result, Run, Verdict
from cockpit.domain.remedy import Remedy
from cockpit.ui.checklist.lines import FINDING_FRESH_FOR, Kind, Line, Wanted, lines_of
from cockpit.ui.glyphs import Glyph
from tests.ui import states
from tests.ui.states import DONE, NOW, line, run_of

ZONE = "America/New_York"
VERDICT = Verdict(Level.READY, "fine")


def lines(results: list[Result], wanted: Wanted | None = None, now: float = NOW) -> tuple[Line, ...]:
    return lines_of(run_of(results, VERDICT), ZONE, now, wanted or Wanted())


def run_of_state(name: str) -> Run:
    run = states.STATES[name]().run
    assert run is not None
    return run


def test_lanes_stand_worst_first_once_the_run_is_done() -> None:
    levels = [lane.level for lane in lines_of(run_of_state("permission-blocked"), ZONE, NOW, Wanted())]
    order = [Level.BLOCKED, Level.LIMITED, Level.UNKNOWN, Level.READY]
    assert levels == sorted(levels, key=order.index)


def test_a_lane_that_only_advises_comes_after_one_that_decided() -> None:
    advice = line(Lane.DESK, "clock", "Clock", "Not synchronised", Level.BLOCKED, bearing=Bearing.ADVISES)
    decided = line(Lane.FEED, "spx", "SPX", "Delayed", Level.LIMITED)
    assert [lane.key for lane in lines([advice, decided, line(Lane.PORTS, "p", "Port", "fine")])] == [
        "feed",
        "desk",
        "ports",
    ]


def test_lanes_keep_their_places_while_the_check_runs() -> None:
    keys = [lane.key for lane in lines_of(run_of_state("half-way"), ZONE, NOW, Wanted())]
    assert keys == [lane.value for lane in Lane]


def test_a_failing_line_is_followed_by_its_remedy() -> None:
    (lane,) = lines(
        [line(Lane.FEED, "spx", "SPX", "Delayed", Level.LIMITED, remedy=Remedy("Subscribe.", "run-check", 2))]
    )
    failing, remedy = lane.children
    assert (failing.kind, remedy.kind) == (Kind.RESULT, Kind.REMEDY)
    assert (remedy.title, remedy.link, remedy.action) == ("Subscribe. About 2 min.", "Run again", "run-check")


def test_a_ready_line_offers_no_remedy() -> None:
    (lane,) = lines([line(Lane.FEED, "spx", "SPX", "Live", remedy=Remedy("Nothing."))])
    assert [child.kind for child in lane.children] == [Kind.RESULT]


def test_the_same_remedy_is_said_once_per_lane() -> None:
    cure = Remedy("Subscribe.")
    poor = [line(Lane.FEED, key, key, "Delayed", Level.LIMITED, remedy=cure) for key in ("spx", "vix")]
    (lane,) = lines(poor)
    assert [child.kind for child in lane.children].count(Kind.REMEDY) == 1


def test_a_remedy_with_an_unknown_action_has_words_but_no_link() -> None:
    (lane,) = lines([line(Lane.FEED, "a", "A", "x", Level.BLOCKED, remedy=Remedy("Do it.", "launch-rocket"))])
    assert lane.children[1].link == ""


def test_what_was_not_tested_has_its_own_glyph_and_says_why() -> None:
    why = "Not tested because TWS is not running"
    (lane,) = lines(
        [line(Lane.FEED, "spx", "SPX", why, Level.UNKNOWN, provenance=None, at=None, not_tested=True)]
    )
    assert (lane.glyph, lane.answer) == (Glyph.NOT_TESTED, why)
    assert lane.children[0].glyph is Glyph.NOT_TESTED


def test_an_account_number_in_an_answer_is_masked() -> None:
    (lane,) = lines([line(Lane.HANDSHAKE, "h", "Handshake", "U1234821, live")])
    assert lane.children[0].answer == "U•••4821, live"
    assert "1234821" not in lane.answer


@pytest.mark.parametrize("over", [0.5, 86_400.0])
def test_an_old_measurement_is_unknown_and_says_stale(over: float) -> None:
    (lane,) = lines([line(Lane.FEED, "spx", "SPX", "Live")], now=DONE + FINDING_FRESH_FOR + over)
    assert lane.is_stale
    assert lane.children[0].is_stale
    assert (lane.level, lane.children[0].level, lane.children[0].glyph) == (
        Level.UNKNOWN,
        Level.UNKNOWN,
        Glyph.UNKNOWN,
    )


def test_what_the_trader_attested_does_not_go_stale_by_itself() -> None:
    attested = line(Lane.OTHERS, "m", "Mobile", "Opened 07:58", provenance=Provenance.ATTESTED, at=NOW - 3600)
    (lane,) = lines([attested])
    assert not lane.children[0].is_stale


def test_drilling_into_a_line_shows_its_evidence() -> None:
    seen = line(Lane.FEED, "spx", "SPX", "Delayed", Level.LIMITED, detail="Code 10167.", since=NOW - 300)
    (lane,) = lines([seen], Wanted(opened={"spx"}))
    texts = [child.title for child in lane.children if child.kind is Kind.DETAIL]
    assert texts[0] == "Code 10167."
    assert "the same since 08:26:48 ET" in texts[1]
    assert "Measured 08:31:08 ET, 40 s ago" in texts[1]


def test_the_filter_looks_at_lane_title_answer_and_level() -> None:
    run = run_of_state("permission-blocked")
    for needle, found in (
        ("futures option", "ticket-fop"),
        ("BLOCKED", "ticket-fop"),
        ("delayed 15 min, live", "feed-spx"),
    ):
        shown = lines_of(run, ZONE, NOW, Wanted(needle=needle))
        results = [child.key for lane in shown for child in lane.children if child.kind is Kind.RESULT]
        assert results == [found]
    assert lines_of(run, ZONE, NOW, Wanted(needle="no such thing")) == ()


def test_a_running_line_has_no_level_yet() -> None:
    waiting = replace(line(Lane.FEED, "spx", "SPX", "x"), progress=Progress.RUNNING, finding=None)
    run = replace(run_of([waiting], VERDICT), ended=None, verdict=None)
    (lane,) = lines_of(run, ZONE, NOW, Wanted())
    assert (lane.glyph, lane.level, lane.answer) == (Glyph.RUNNING, Level.UNKNOWN, "running")


@given(
    st.lists(st.tuples(st.sampled_from(list(Lane)), st.sampled_from(list(Level))), min_size=1, max_size=12),
    st.booleans(),
)
def test_every_result_is_shown_once_and_no_lane_is_better_than_its_worst_line(
    made: list[tuple[Lane, Level]], worst_first: bool
) -> None:
    results = [line(lane, f"c{place}", "t", "a", level) for place, (lane, level) in enumerate(made)]
    shown = lines(results, Wanted(worst_first=worst_first))
    keys = [child.key for lane in shown for child in lane.children]
    assert sorted(keys) == sorted(result.check.id for result in results)
    for lane in shown:
        assert lane.level.rank == max(child.level.rank for child in lane.children)
