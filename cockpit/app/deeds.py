"""What the window leaves to the program around it: pages that are opened, files that are chosen, printed pages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Slot

from cockpit.adapters.catalogue import desk_catalogue
from cockpit.adapters.settings.file import write_settings
from cockpit.app.desk import Desk
from cockpit.app.doors import Doors
from cockpit.app.files import ChosenFiles
from cockpit.domain import kinds
from cockpit.domain.interface import Interface
from cockpit.services.intents import Intent, is_intent
from cockpit.ui.window import MainWindow

Tell = Callable[[str, str], None]  # key and sentence of a notice


class Deeds(QObject):
    """Does one action of the table at a time. Made when the first one is wanted: most mornings need none."""

    def __init__(
        self,
        window: MainWindow,
        desk: Callable[[], Desk],
        settings_file: Path,
        send: Callable[[Intent], None],
        tell: Tell,
        now: Callable[[], float],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._desk = desk
        self._now = now
        self._settings_file = settings_file  # where settings go that no file holds yet
        self._send = send
        self._doors = Doors(window, self._entity, tell)
        self._files = ChosenFiles(window, send, tell, now)

    def do(self, action: str, about: str) -> None:
        """Do it; what is not in this list is nobody's."""
        state = self._window.state
        match action:
            case "open-settings":
                self._open_settings()
            case "open-sign-in":
                if state is not None:
                    self._doors.before(Interface.WEB_API, state, self._now())
                else:
                    self._doors.gateway(self._desk().plan.portal)
            case "foretell" if state is not None:
                self._doors.foretell(state, self._now())
            case "web-api-keys":
                self._show_keys()
            case "judge-link":
                self._doors.judge_link()
            case "open-subscriptions" | "open-permissions":
                self._doors.sign_in()
            case "open-source":
                address = desk_catalogue(self._desk().catalogue_file).playing.source(about)
                if address:
                    self._doors.source(address)
            case "import-playbook":
                self._files.import_playbook()
            case "name-launcher-logs" if state is not None:
                self._files.name_launcher_log(state)
            case "import-statement":
                self._files.import_statement()
            case "export-playbook" if state is not None:
                self._files.export_playbook(state)
            case "export-horizon" if state is not None:
                self._files.export_horizon(state, int(about) if about.isdecimal() else 7)
            case "print-runbook" if state is not None:
                self._files.print_runbook(state)

    def _show_keys(self) -> None:
        from cockpit.ui.web_api_keys import WebApiKeys  # few desks have a consumer

        dialog = WebApiKeys(self._window)
        dialog.sent.connect(self._on_keys)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(object)
    def _on_keys(self, intent: object) -> None:
        if is_intent(intent):
            self._send(intent)

    def _entity(self) -> str:
        """Return the broker's word for the company of the first account that says it; else what is registered."""
        state = self._window.state
        if state is None:
            return ""
        for subject in state.facts.subjects(kinds.ENTITY, "account/"):
            seen = state.facts.look(kinds.ENTITY, subject)
            if seen is not None and seen.value:
                return seen.value
        return state.plan.register.entity

    def _open_settings(self) -> None:
        file = self._desk().settings_file or self._settings_file
        if not file.exists():
            write_settings(file, self._desk().settings)
        self._doors.file(file)
