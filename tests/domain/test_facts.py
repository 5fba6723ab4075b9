"""Facts are folded from observations: the newest wins, nothing older is lost sight of, nothing is invented."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain import kinds
from cockpit.domain.evidence import Observation, Provenance
from cockpit.domain.facts import Facts, fold, restored

values = st.one_of(st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=8))
observations = st.lists(
    st.builds(
        Observation,
        st.sampled_from(["a", "b"]),
        st.sampled_from(["x", "y"]),
        values,
        st.sampled_from(Provenance),
        st.floats(0, 1000),
    ),
    max_size=20,
)


@given(observations, observations)
def test_folding_in_two_batches_is_folding_at_once(
    first: list[Observation], second: list[Observation]
) -> None:
    assert fold(fold(Facts(), first), second).held == fold(Facts(), [*first, *second]).held


@given(observations)
def test_the_newest_observation_of_every_fact_is_held(seen: list[Observation]) -> None:
    held = fold(Facts(), seen).held
    assert set(held) == {(o.subject, o.fact) for o in seen}
    for key, value in held.items():
        assert value.observation.at == max(o.at for o in seen if (o.subject, o.fact) == key)


@given(observations)
def test_since_never_lies_after_the_newest_look(seen: list[Observation]) -> None:
    assert all(held.since <= held.observation.at for held in fold(Facts(), seen).held.values())


def test_a_value_that_stays_keeps_its_since() -> None:
    door = [kinds.DOOR.seen("tws/a", "open", at) for at in (10.0, 20.0, 30.0)]
    seen = fold(Facts(), door).look(kinds.DOOR, "tws/a")
    assert seen is not None
    assert (seen.since, seen.at) == (10.0, 30.0)


def test_a_value_that_changes_begins_anew() -> None:
    facts = fold(Facts(), [kinds.DOOR.seen("tws/a", "open", 10.0), kinds.DOOR.seen("tws/a", "lost", 20.0)])
    seen = facts.look(kinds.DOOR, "tws/a")
    assert seen is not None
    assert (seen.value, seen.since) == ("lost", 20.0)


def test_an_older_observation_changes_nothing() -> None:
    facts = fold(Facts(), [kinds.DOOR.seen("tws/a", "open", 10.0)])
    assert fold(facts, [kinds.DOOR.seen("tws/a", "lost", 9.0)]) is facts


def test_stale_evidence_is_as_good_as_none() -> None:
    facts = fold(Facts(), [kinds.ROUND_TRIP.seen("tws/a", 0.01, 100.0)])
    assert facts.fresh(kinds.ROUND_TRIP, "tws/a", 100.0 + kinds.ROUND_TRIP.fresh_for) is not None
    assert facts.fresh(kinds.ROUND_TRIP, "tws/a", 100.1 + kinds.ROUND_TRIP.fresh_for) is None


def test_evidence_from_the_future_is_not_fresh() -> None:
    facts = fold(Facts(), [kinds.ROUND_TRIP.seen("tws/a", 0.01, 100.0)])
    assert facts.fresh(kinds.ROUND_TRIP, "tws/a", 50.0) is None


def test_a_value_of_another_type_is_never_seen() -> None:
    odd = Observation("tws/a", kinds.ROUND_TRIP.name, "fast", Provenance.MEASURED, 100.0)
    assert fold(Facts(), [odd]).look(kinds.ROUND_TRIP, "tws/a") is None


def test_every_kind_has_a_name_of_its_own() -> None:
    names = [kind.name for kind in kinds.ALL]
    assert len(set(names)) == len(names)


def test_a_clock_that_is_set_back_does_not_shut_out_the_present() -> None:
    ahead = fold(Facts(), [kinds.DOOR.seen("tws/a", "open", 4600.0)])
    seen = fold(ahead, [kinds.DOOR.seen("tws/a", "open", 1000.0)], 1000.0).look(kinds.DOOR, "tws/a")
    assert seen is not None
    assert (seen.at, seen.since, seen.is_fresh(1000.0)) == (1000.0, 1000.0, True)


def test_what_an_earlier_start_has_seen_proves_no_session_and_no_since() -> None:
    before = restored([kinds.UPSTREAM.seen("tws/a", "down", 10.0)])
    old = before.look(kinds.UPSTREAM, "tws/a")
    assert old is not None
    assert (old.since, old.is_fresh(11.0)) == (10.0, False)
    seen = fold(before, [kinds.UPSTREAM.seen("tws/a", "down", 20.0)]).look(kinds.UPSTREAM, "tws/a")
    assert seen is not None
    assert (seen.since, seen.is_fresh(21.0)) == (20.0, True)


def test_what_an_earlier_start_has_seen_of_a_calendar_still_holds() -> None:
    before = restored([kinds.NEXT_OPEN.seen("venue/XNYS", 5000.0, 10.0)])
    assert before.fresh(kinds.NEXT_OPEN, "venue/XNYS", 20.0) is not None


def test_a_journal_written_under_a_clock_that_was_ahead_ages_nothing_new() -> None:
    before = restored([kinds.DOOR.seen("tws/a", "open", 9e9), kinds.CLIENT_ID.seen("tws/a", 901, 9e9)])
    facts = fold(before, [kinds.DOOR.seen("tws/a", "open", 100.0)], 100.0)
    assert facts.fresh(kinds.DOOR, "tws/a", 101.0) is not None


def test_a_word_of_another_version_is_never_seen() -> None:
    odd = Observation("tws/a", kinds.DOOR.name, "ajar", Provenance.MEASURED, 100.0)
    assert fold(Facts(), [odd]).look(kinds.DOOR, "tws/a") is None
