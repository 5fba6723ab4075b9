"""Adding, changing and taking away entries of the register: forms beside the window, a question before a loss."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from cockpit.domain.register import Credential, Device, Factor, RecoveryPath, Register
from cockpit.services.intents import KeepRegister
from cockpit.ui.question import Question
from cockpit.ui.text import short
from cockpit.ui.trust.editing import DeskNames, Entry, entry_of, kept, without
from cockpit.ui.trust.fields import BLANKS
from cockpit.ui.trust.form import RegisterForm


class RegisterForms(QObject):
    """Works on the newest register, its own last change included, so that two quick changes lose nothing."""

    sent = Signal(object)  # KeepRegister

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._told = Register()
        self._register = Register()
        self._form: RegisterForm | None = None
        self._removing: Entry | None = None

    @property
    def form(self) -> RegisterForm | None:
        """The form that is open."""
        return self._form

    def show_register(self, register: Register) -> None:
        """Take the register as the desk keeps it now; the same one again changes nothing."""
        if register != self._told:
            self._told = self._register = register
            if self._form is not None:
                self._form.show_register(register)

    def add(self, kind: str) -> None:
        """Open an empty form for a device, factor, recovery or credential."""
        self._open(BLANKS[kind](), None)

    def edit(self, key: str) -> bool:
        """Open the form of the entry with this key; return whether there is one."""
        entry = entry_of(self._register, key)
        if entry is not None:
            self._open(entry, entry)
        return entry is not None

    def remove(self, key: str) -> None:
        """Ask, then take the entry with this key away."""
        entry = entry_of(self._register, key)
        if entry is None or isinstance(entry, DeskNames):
            return
        self._removing = entry
        asked = Question(
            "Remove", _sentence(entry), KeepRegister(without(self._register, entry)), self._window
        )
        asked.answered.connect(self._on_removed)
        asked.open()

    def _open(self, blank: Entry, before: Entry | None) -> None:
        if self._form is not None:
            self._form.close()
        self._form = RegisterForm(blank, self._register, self._window, before)
        self._form.kept.connect(self._on_kept)
        self._form.finished.connect(self._on_finished)
        self._form.ask()

    @Slot(object, object)
    def _on_kept(self, entry: object, before: object) -> None:
        if isinstance(entry, Entry):
            was = before if isinstance(before, Entry) else None
            self._keep(kept(self._register, entry, was))

    @Slot()
    def _on_finished(self) -> None:
        if self.sender() is self._form:
            self._form = None

    @Slot(object)
    def _on_removed(self, intent: object) -> None:
        # Not the register of the moment of the question: something may have been added since.
        if self._removing is not None:
            self._keep(without(self._register, self._removing))
            self._removing = None

    def _keep(self, register: Register) -> None:
        self._register = register
        self.sent.emit(KeepRegister(register))


def _sentence(entry: Entry) -> str:
    name = short(entry.name, 80)
    match entry:
        case Device():
            return f"Take {name} out of the register? Factors on it stay, without a registered device."
        case Factor():
            return f"Take the second factor {name} out of the register? At the broker nothing changes."
        case Credential():
            return f"Take {name} out of the inventory? It goes on working until you revoke it at the broker."
        case DeskNames():
            return "Forget the desk's own username?"
        case RecoveryPath():
            return f"Take the way back {name} out of the register? The runbook will not name it any more."
