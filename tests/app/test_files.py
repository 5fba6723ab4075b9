"""Files that the trader chooses: what they say goes to the engine, what is wrong with them is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from cockpit.adapters.settings.playbook import read_playbook
from cockpit.app.files import ChosenFiles
from cockpit.domain.facts import Facts
from cockpit.domain.plan import Flow, Instrument, Plan, Ticket
from cockpit.services.intents import ImportStatement, Intent, KeepPlaybook
from cockpit.services.state import DeskState
from tests.fakes.clock import NOON
from tests.fakes.facts import PLAN

pytestmark = [pytest.mark.qt, pytest.mark.qt_log_ignore("This plugin does not support", extend=True)]


class Around:
    """A window with what was sent and told."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.sent: list[Intent] = []
        self.told: list[str] = []
        self.files = ChosenFiles(
            self.window, self.sent.append, lambda key, sentence: self.told.append(sentence), lambda: NOON
        )

    def choose(self, file: Path) -> None:
        """Choose a file in the dialog that is open."""
        *_, dialog = self.window.findChildren(QFileDialog, "files")
        dialog.fileSelected.emit(str(file))
        dialog.close()


@pytest.fixture
def around(qtbot: QtBot) -> Around:
    return Around(qtbot)


def test_a_playbook_that_was_exported_comes_back_as_it_was(around: Around, tmp_path: Path) -> None:
    flows = (Flow("gap", "Check the gap", tickets=(Ticket("one", "ES"),), instruments=("ES",)),)
    plan = Plan(flows=flows, instruments=(Instrument("ES", "ES", "FUT", "CME"),))
    file = tmp_path / "playbook.toml"
    around.files.export_playbook(DeskState(plan, facts=Facts()))
    around.choose(file)
    assert read_playbook(file)[0].flows == flows
    around.files.import_playbook()
    around.choose(file)
    assert around.sent == [KeepPlaybook(flows, plan.instruments)]
    assert around.told == []


def test_a_broken_playbook_changes_nothing_and_says_where_it_is_broken(
    around: Around, tmp_path: Path
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("[[flows]]\nkey = \n", encoding="utf-8")
    around.files.import_playbook()
    around.choose(file)
    assert around.sent == []
    assert around.told == [around.told[0]]
    assert "mine.toml, line 2" in around.told[0]
    assert "stays as it was" in around.told[0]


def test_a_place_that_cannot_be_written_to_is_said(around: Around, tmp_path: Path) -> None:
    around.files.export_playbook(DeskState(PLAN, facts=Facts()))
    around.choose(tmp_path / "nowhere" / "deep" / "\0.toml")
    assert len(around.told) == 1
    assert around.told[0].startswith("The playbook was not exported")


def test_a_chosen_statement_goes_to_the_engine_by_its_name(around: Around, tmp_path: Path) -> None:
    around.files.import_statement()
    around.choose(tmp_path / "flex.xml")
    assert around.sent == [ImportStatement(str(tmp_path / "flex.xml"))]


def test_the_horizon_becomes_a_calendar_file(around: Around, tmp_path: Path) -> None:
    file = tmp_path / "horizon.ics"
    around.files.export_horizon(DeskState(PLAN, facts=Facts()), 7)
    around.choose(file)
    content = file.read_bytes()
    assert content.startswith(b"BEGIN:VCALENDAR")
    assert b"Weekly token" in content


@pytest.mark.parametrize(("name", "start"), [("runbook.pdf", b"%PDF-"), ("runbook.txt", b"Runbook")])
def test_the_runbook_is_written_to_be_printed(
    around: Around, tmp_path: Path, name: str, start: bytes
) -> None:
    file = tmp_path / name
    around.files.print_runbook(DeskState(PLAN, facts=Facts()))
    around.choose(file)
    assert file.read_bytes().startswith(start)
