"""What the trader says at the first start becomes a settings file that reads back as it was said."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.adapters.settings.file import dump, parse_settings, read_settings, write_settings
from cockpit.adapters.settings.records import Settings
from cockpit.app.discovery import USUAL, doors
from cockpit.app.window import settings_from
from cockpit.domain.facts import Facts
from cockpit.domain.plan import Mode, Plan, Portal
from cockpit.ui.first_start import DoorAnswer, DoorUse, FirstAnswers, FoundDoor

pytestmark = pytest.mark.plain


def found(*, listening: tuple[int, ...] = ()) -> list[FoundDoor]:
    """The usual doors as the first page shows them, those of `listening` with somebody behind them."""
    rows = doors(Facts(), Plan(sockets=USUAL, portal=Portal()))
    return [
        FoundDoor(row.title, row.host, row.port, row.program, "TWS", row.port in listening) for row in rows
    ]


def answered(uses: dict[int, DoorUse], listening: tuple[int, ...] = (), **more: str) -> Settings:
    """Settings after these answers; doors without one were skipped."""
    rows = tuple(DoorAnswer(door, uses.get(door.port, DoorUse.UNSAID)) for door in found(listening=listening))
    return settings_from(FirstAnswers(rows, restart_at=more.get("restart_at", "")), Settings())


def test_a_door_said_to_be_live_is_the_only_one_and_leads_to_live_accounts() -> None:
    settings = answered({7496: DoorUse.LIVE}, listening=(7496,))

    assert [(row.port, row.mode, row.program) for row in settings.sockets] == [(7496, Mode.LIVE, "TWS")]
    assert not settings.gateway.present


def test_a_door_that_is_not_the_traders_is_left_out_even_if_somebody_listens() -> None:
    settings = answered({7496: DoorUse.NOT_MINE, 4002: DoorUse.PAPER}, listening=(7496, 4002))

    assert [(row.port, row.mode) for row in settings.sockets] == [(4002, Mode.PAPER)]


def test_a_listening_door_nobody_spoke_of_is_taken_for_either_kind() -> None:
    settings = answered({}, listening=(4001,))

    assert [(row.port, row.mode, row.program) for row in settings.sockets] == [
        (4001, Mode.EITHER, "IB Gateway")
    ]


def test_the_web_gateway_is_present_only_when_it_was_found_or_said() -> None:
    assert answered({}, listening=(5000,)).gateway.present
    assert answered({5000: DoorUse.LIVE}).gateway.present
    assert not answered({5000: DoorUse.NOT_MINE}, listening=(5000,)).gateway.present


def test_when_everything_is_skipped_the_usual_door_and_restart_stay() -> None:
    settings = answered({})

    assert settings.sockets == Settings().sockets
    assert settings.desk == Settings().desk


@given(
    uses=st.dictionaries(st.sampled_from((7496, 7497, 4001, 4002, 5000)), st.sampled_from(DoorUse)),
    listening=st.sets(st.sampled_from((7496, 7497, 4001, 4002, 5000))),
    restart=st.sampled_from(("", "00:00", "09:30", "23:55")),
)
def test_any_answers_make_a_file_that_reads_back_without_a_complaint(
    uses: dict[int, DoorUse], listening: set[int], restart: str
) -> None:
    settings = answered(uses, tuple(listening), restart_at=restart)

    assert parse_settings(dump(settings).encode(), "settings.toml") == (settings, [])


def test_the_file_on_disk_is_the_same(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    settings = answered({7497: DoorUse.PAPER}, listening=(7497,), restart_at="23:55")
    write_settings(file, settings)

    assert read_settings(file) == (settings, [])
