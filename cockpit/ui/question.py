"""A question that names what will be done, asked before it is: opened, never executed, and Cancel is the default."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QMessageBox, QWidget

from cockpit.services.intents import Intent


class Question(QMessageBox):
    """Asks once; `answered` carries the intent only after a yes."""

    answered = Signal(object)

    def __init__(self, title: str, sentence: str, intent: Intent, parent: QWidget) -> None:
        super().__init__(parent)
        self._intent = intent
        self.setObjectName("question")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(sentence)
        self.setStandardButtons(QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.Cancel)
        self.setDefaultButton(QMessageBox.StandardButton.Cancel)
        self.accepted.connect(self._on_accepted)

    @Slot()
    def _on_accepted(self) -> None:
        self.answered.emit(self._intent)
