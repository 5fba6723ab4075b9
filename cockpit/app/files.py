"""Files that the trader chooses: a playbook in and out, a statement in. The dialogs never hold the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from cockpit.adapters.settings.playbook import read_playbook, write_playbook
from cockpit.services.intents import ImportStatement, Intent, KeepPlaybook
from cockpit.services.state import DeskState
from cockpit.tables import Complaint

Tell = Callable[[str, str], None]  # key and sentence of a notice
LONGEST_LIST = 3  # complaints that a notice names; the rest is counted


class ChosenFiles(QObject):
    """Opens file dialogs beside the window and does what was chosen; whatever goes wrong becomes a notice."""

    def __init__(self, window: QWidget, send: Callable[[Intent], None], tell: Tell) -> None:
        super().__init__(window)
        self._window = window
        self._send = send
        self._tell = tell
        self._state: DeskState | None = None

    def import_playbook(self) -> None:
        """Ask for a playbook file and work with it."""
        self._open("Import a playbook", "Playbooks (*.toml);;All files (*)", self._on_playbook_chosen)

    def export_playbook(self, state: DeskState) -> None:
        """Ask where to, and write the playbook as it is now."""
        self._state = state
        dialog = self._open(
            "Export the playbook",
            "Playbooks (*.toml)",
            self._on_playbook_named,
            mode=QFileDialog.AcceptMode.AcceptSave,
        )
        dialog.setDefaultSuffix("toml")
        dialog.selectFile("playbook.toml")

    def import_statement(self) -> None:
        """Ask for a statement that was saved as XML."""
        self._open("Import a Flex statement", "Statements (*.xml);;All files (*)", self._on_statement_chosen)

    def _open(
        self,
        title: str,
        kinds: str,
        chosen: Callable[[str], None],
        mode: QFileDialog.AcceptMode = QFileDialog.AcceptMode.AcceptOpen,
    ) -> QFileDialog:
        dialog = QFileDialog(self._window, title)
        dialog.setObjectName("files")
        dialog.setNameFilter(kinds)
        dialog.setAcceptMode(mode)
        if mode is QFileDialog.AcceptMode.AcceptOpen:
            dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    @Slot(str)
    def _on_playbook_chosen(self, file: str) -> None:
        playbook, complaints = read_playbook(Path(file))
        if playbook.flows:
            self._send(KeepPlaybook(playbook.flows, playbook.instruments))
        if complaints:
            took = "The rest is the playbook now" if playbook.flows else "Your playbook stays as it was"
            self._tell("playbook-file", f"{_named(complaints)}. {took}.")

    @Slot(str)
    def _on_playbook_named(self, file: str) -> None:
        if self._state is None:
            return
        try:
            write_playbook(Path(file), self._state.plan.flows, self._state.plan.instruments)
        except (OSError, ValueError) as error:
            self._tell("playbook-file", f"The playbook was not exported: {error}.")

    @Slot(str)
    def _on_statement_chosen(self, file: str) -> None:
        self._send(ImportStatement(file))


def _named(complaints: Sequence[Complaint]) -> str:
    """Name the first complaints and count the rest."""
    said = "; ".join(complaint.sentence() for complaint in complaints[:LONGEST_LIST])
    more = len(complaints) - LONGEST_LIST
    return f"{said}; and {more} more" if more > 0 else said
