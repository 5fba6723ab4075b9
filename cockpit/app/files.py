"""Files that the trader chooses: a playbook in and out, a statement in. The dialogs never hold the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec.structs import replace
from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QObject, Slot
from PySide6.QtGui import QPageLayout, QPageSize, QPdfWriter, QTextDocument
from PySide6.QtWidgets import QFileDialog, QWidget

from cockpit.adapters.ical import to_ical
from cockpit.adapters.settings.playbook import read_playbook, write_playbook
from cockpit.domain.horizon_events import horizon
from cockpit.domain.trust.runbook import printable, runbook
from cockpit.services.intents import ImportStatement, Intent, KeepPlaybook, KeepRegister
from cockpit.services.state import DeskState
from cockpit.tables import Complaint
from cockpit.ui import theme

Tell = Callable[[str, str], None]  # key and sentence of a notice
LONGEST_LIST = 3  # complaints that a notice names; the rest is counted


class ChosenFiles(QObject):
    """Opens file dialogs beside the window and does what was chosen; whatever goes wrong becomes a notice."""

    def __init__(
        self, window: QWidget, send: Callable[[Intent], None], tell: Tell, now: Callable[[], float]
    ) -> None:
        """`now` is UTC epoch seconds."""
        super().__init__(window)
        self._now = now
        self._days = 7
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
        self._save("Export the playbook", "Playbooks (*.toml)", "playbook.toml", self._on_playbook_named)

    def export_horizon(self, state: DeskState, days: int) -> None:
        """Ask where to, and write what runs out within `days` as a calendar file."""
        self._state, self._days = state, days
        self._save("Export the horizon", "Calendars (*.ics)", "horizon.ics", self._on_calendar_named)

    def print_runbook(self, state: DeskState) -> None:
        """Ask where to, and write the runbook of this desk, ready to be printed."""
        self._state = state
        kinds = "PDF (*.pdf);;Plain text (*.txt)"
        self._save("Print the runbook", kinds, "runbook.pdf", self._on_runbook_named)

    def name_launcher_log(self, state: DeskState) -> None:
        """Ask for the log of a launcher, in which failed sign-ins are counted."""
        self._state = state
        self._open("The log of your launcher", "Logs (*.log *.txt);;All files (*)", self._on_log_chosen)

    def import_statement(self) -> None:
        """Ask for a statement that was saved as XML."""
        self._open("Import a Flex statement", "Statements (*.xml);;All files (*)", self._on_statement_chosen)

    def _save(self, title: str, kinds: str, name: str, chosen: Callable[[str], None]) -> None:
        dialog = self._open(title, kinds, chosen, mode=QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(name.rpartition(".")[2])
        dialog.selectFile(name)

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
    def _on_log_chosen(self, file: str) -> None:
        if self._state is None:
            return
        register = self._state.plan.register
        logs = tuple(dict.fromkeys((*register.launcher_logs, file)))
        self._send(KeepRegister(replace(register, launcher_logs=logs)))

    @Slot(str)
    def _on_calendar_named(self, file: str) -> None:
        state = self._state
        if state is None:
            return
        now = self._now()
        events = horizon(state.facts, state.plan, state.catalogue, now, self._days)
        self._write(Path(file), to_ical(events, now), "The horizon was not exported")

    @Slot(str)
    def _on_runbook_named(self, file: str) -> None:
        state = self._state
        if state is None:
            return
        text = printable(runbook(state.plan, state.facts, state.catalogue, self._now()))
        content = text.encode() if file.lower().endswith(".txt") else as_pdf(text, "Runbook")
        self._write(Path(file), content, "The runbook was not written")

    def _write(self, file: Path, content: bytes, failed: str) -> None:
        try:
            file.write_bytes(content)
        except (OSError, ValueError) as error:
            self._tell("file", f"{failed}: {error}.")

    @Slot(str)
    def _on_statement_chosen(self, file: str) -> None:
        self._send(ImportStatement(file))


def as_pdf(text: str, title: str) -> bytes:
    """Set plain text on A4 sheets in our own font."""
    space = QBuffer()
    space.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(space)
    writer.setTitle(title)
    writer.setCreator("access cockpit")
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(18, 18, 18, 18), QPageLayout.Unit.Millimeter)
    document = QTextDocument()
    document.setDefaultFont(theme.font(theme.SMALL, mono=True))
    document.setPlainText(text)
    document.print_(writer)
    space.close()
    return bytes(space.data().data())


def _named(complaints: Sequence[Complaint]) -> str:
    """Name the first complaints and count the rest."""
    said = "; ".join(complaint.sentence() for complaint in complaints[:LONGEST_LIST])
    more = len(complaints) - LONGEST_LIST
    return f"{said}; and {more} more" if more > 0 else said
