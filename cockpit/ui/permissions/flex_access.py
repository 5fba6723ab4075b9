"""Token and query number of a Flex statement: entered once, handed to the keychain, and kept nowhere in here."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QHideEvent, QPalette
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from cockpit.domain.secret import Secret
from cockpit.services.intents import KeepFlexAccess
from cockpit.ui import theme
from cockpit.ui.text import plain_label, say, short

_WIDTH = 460
_WHERE = (
    "Client Portal, Performance and Reports, Flex Queries: make an Activity query with Account Information, "
    "then switch on the Flex Web Service for its token."
)


class FlexAccess(QDialog):
    """Not modal: Client Portal is read beside it. Both fields are emptied as soon as it is hidden."""

    kept = Signal(object)  # KeepFlexAccess

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setModal(False)
        self.setWindowTitle("Flex access")
        self.setMinimumWidth(_WIDTH)
        where = plain_label(_WHERE, theme.font(theme.DETAIL), QPalette.ColorRole.PlaceholderText)
        where.setWordWrap(True)
        self.token = QLineEdit(self)
        self.token.setEchoMode(QLineEdit.EchoMode.Password)
        self.token.setAccessibleName("Flex token")
        self.token.setMaxLength(200)
        self.query = QLineEdit(self)
        self.query.setAccessibleName("Query number")
        self.query.setMaxLength(20)
        self.place = plain_label("", theme.font(theme.SMALL), QPalette.ColorRole.PlaceholderText)
        self.place.setWordWrap(True)
        self.keep = QPushButton("Keep", self)
        self.keep.setProperty("strong", True)
        self.cancel = QPushButton("Cancel", self)
        grid = QGridLayout()
        grid.setHorizontalSpacing(3 * theme.UNIT)
        grid.setVerticalSpacing(2 * theme.UNIT)
        for row, (words, field) in enumerate((("Token", self.token), ("Query number", self.query))):
            label = plain_label(words, theme.font(theme.TEXT))
            label.setBuddy(field)
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
        line = QHBoxLayout()
        line.addStretch()
        line.addWidget(self.cancel)
        line.addWidget(self.keep)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(4 * theme.UNIT,) * 4)
        layout.setSpacing(3 * theme.UNIT)
        layout.addWidget(where)
        layout.addLayout(grid)
        layout.addWidget(self.place)
        layout.addLayout(line)
        self.keep.clicked.connect(self._on_keep)
        self.cancel.clicked.connect(self.close)
        for field in (self.token, self.query):
            field.textChanged.connect(self._on_typed)
        self._on_typed()

    def ask(self, vault: str) -> None:
        """Open it beside the window; `vault` says where secrets live."""
        say(self.place, f"Keychain: {short(vault, 120).rstrip('.')}. What is kept is not shown again.")
        self.show()
        self.raise_()
        self.token.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _on_typed(self) -> None:
        query = self.query.text().strip()
        self.keep.setEnabled(bool(self.token.text().strip()) and query.isascii() and query.isdigit())

    @Slot()
    def _on_keep(self) -> None:
        intent = KeepFlexAccess(Secret(self.token.text().strip()), self.query.text().strip())
        self.close()
        self.kept.emit(intent)

    def _forget(self) -> None:
        for field in (self.token, self.query):
            field.clear()

    def hideEvent(self, event: QHideEvent) -> None:
        self._forget()
        super().hideEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._forget()
        super().closeEvent(event)
