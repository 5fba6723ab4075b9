"""Farms: the present session's count, and one that an earlier session knew is missed."""

from __future__ import annotations

from msgspec.structs import replace

from cockpit.domain import kinds
from cockpit.domain.facts import fold, restored
from cockpit.domain.farms import farms_of
from cockpit.domain.kinds import FarmState
from tests.fakes.clock import NOON
from tests.fakes.facts import SOCKET, facts_of

FARM = "tws/tws/farm/"


def test_a_farm_of_yesterday_that_today_does_not_speak_of_is_missed() -> None:
    yesterday = [
        kinds.FARM.seen(f"{FARM}usfarm", FarmState.OK, NOON - kinds.DAY),
        kinds.FARM.seen(f"{FARM}usfuture", FarmState.BROKEN, NOON - kinds.DAY),
    ]
    today = [
        kinds.CONNECTED_AT.seen("tws/tws", NOON, NOON),
        kinds.FARM.seen(f"{FARM}usfarm", FarmState.OK, NOON - 0.1),
    ]
    found = farms_of(fold(restored(yesterday), today), SOCKET, NOON)
    assert list(found.now) == ["usfarm"]
    assert found.missed == ("usfuture",)


def test_a_farm_of_the_session_before_a_reconnect_is_missed_until_it_is_spoken_of_again() -> None:
    facts = facts_of(kinds.CONNECTED_AT.seen("tws/tws", NOON + 60, NOON + 60))
    assert farms_of(facts, SOCKET, NOON + 60).missed == ("usfarm",)
    again = fold(facts, [kinds.FARM.seen(f"{FARM}usfarm", FarmState.OK, NOON + 61)])
    assert farms_of(again, SOCKET, NOON + 61).missed == ()


def test_a_farm_that_nobody_has_heard_of_for_a_week_is_missed_no_more() -> None:
    old = restored([kinds.FARM.seen(f"{FARM}gone", FarmState.OK, NOON - 8 * kinds.DAY)])
    assert farms_of(old, SOCKET, NOON).missed == ()


def test_what_the_desk_names_is_missed_whether_it_was_ever_seen_or_not() -> None:
    socket = replace(SOCKET, farms=("usfarm", "hfarm"))
    assert farms_of(facts_of(), socket, NOON).missed == ("hfarm",)
