"""Where the trader hands over what an OAuth consumer signs with: to the keychain, never to a file of ours."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from cockpit.domain.oauth import OAuthSecret
from cockpit.domain.secret import Secret
from cockpit.services.intents import KeepOAuthSecret
from cockpit.ui import theme
from cockpit.ui.text import plain_label

_TITLES = {
    OAuthSecret.ACCESS_TOKEN: "Access token",
    OAuthSecret.ACCESS_SECRET: "Access token secret, as the page showed it",
    OAuthSecret.SIGNATURE_KEY: "Private signature key (PEM)",
    OAuthSecret.ENCRYPTION_KEY: "Private encryption key (PEM)",
    OAuthSecret.DH_PRIME: "Diffie-Hellman prime (PEM)",
}


class WebApiKeys(QDialog):
    """One secret at a time: typed or pasted, or from a file. What was typed is gone from here as soon as it is sent."""

    sent = Signal(object)  # KeepOAuthSecret

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys of the Web API")
        self.setObjectName("web-api-keys")
        self.which = QComboBox(self)
        for which, title in _TITLES.items():
            self.which.addItem(title, which.value)
        self.which.setAccessibleName("Which secret")
        self.text = QLineEdit(self)
        self.text.setEchoMode(QLineEdit.EchoMode.Password)
        self.text.setAccessibleName("The secret")
        self.text.setPlaceholderText("paste it here, or take it from its file")
        self.keep = QPushButton("Keep it", self)
        self.keep.setDefault(True)
        self.file = QPushButton("From a file …", self)
        self.keep.clicked.connect(self._on_keep)
        self.file.clicked.connect(self._on_file)
        line = QHBoxLayout()
        line.addWidget(self.text, 1)
        line.addWidget(self.keep)
        line.addWidget(self.file)
        words = plain_label(
            "Each goes to the keychain and is never shown again. The session row says what is still missing.",
            theme.font(theme.DETAIL),
            parent=self,
        )
        words.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4 * theme.UNIT, 4 * theme.UNIT, 4 * theme.UNIT, 4 * theme.UNIT)
        layout.setSpacing(3 * theme.UNIT)
        layout.addWidget(words)
        layout.addWidget(self.which)
        layout.addLayout(line)
        self.resize(560, 150)

    def _secret(self) -> OAuthSecret:
        return OAuthSecret(self.which.currentData())

    @Slot()
    def _on_keep(self) -> None:
        typed = self.text.text()
        if typed.strip():
            self.text.clear()
            self.sent.emit(KeepOAuthSecret(self._secret(), Secret(typed.strip())))
            self._next()

    @Slot()
    def _on_file(self) -> None:
        dialog = QFileDialog(self, "The file of the secret")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._on_chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def _on_chosen(self, file: str) -> None:
        self.sent.emit(KeepOAuthSecret(self._secret(), file=file))
        self._next()

    def _next(self) -> None:
        self.which.setCurrentIndex((self.which.currentIndex() + 1) % self.which.count())
        self.text.setFocus()

    def done(self, result: int) -> None:
        """Forget what was typed, however the dialog ends."""
        self.text.clear()
        super().done(result)
