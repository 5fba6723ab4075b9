"""What the engine keeps in the desk's files: a certificate, the playbook, the register. Called in other threads."""

from __future__ import annotations

import threading
from pathlib import Path

from cockpit.adapters.settings.file import read_settings, write_pin, write_settings
from cockpit.adapters.settings.playbook import with_playbook
from cockpit.adapters.settings.register import REGISTER, write_register
from cockpit.domain.plan import Flow, Instrument
from cockpit.domain.register import Register


class Keeping:
    """Writes into the settings file that the desk was read from; without one nothing is kept. Raises OSError."""

    def __init__(self, settings_file: Path | None) -> None:
        self._file = settings_file
        self._lock = threading.Lock()  # two changes at once would each write back what the other had before

    def pin(self, fingerprint: str) -> None:
        """Keep a certificate that the trader trusts."""
        if self._file is not None:
            with self._lock:
                write_pin(self._file, fingerprint)

    def register(self, register: Register) -> None:
        """Keep the register. Raises ValueError too, for what it may not hold."""
        if self._file is not None:
            with self._lock:
                write_register(self._file.with_name(REGISTER), register)

    def playbook(self, flows: tuple[Flow, ...], instruments: tuple[Instrument, ...]) -> None:
        """Keep a playbook. Raises ValueError too, for names that no file can hold."""
        if self._file is not None:
            with self._lock:
                settings, _ = read_settings(self._file)
                write_settings(self._file, with_playbook(settings, flows, instruments))
