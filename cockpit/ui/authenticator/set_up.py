"""Setting an authenticator up: the trade-off first, then the seed, then one code that proves it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from cockpit.domain.level import Level
from cockpit.domain.otp import TAKEN, Authenticator, Draft
from cockpit.domain.secret import Secret
from cockpit.ui import theme
from cockpit.ui.authenticator.remark import Remark
from cockpit.ui.authenticator.source import CodeSource, Unavailable
from cockpit.ui.text import plain_label, say, short

TRADE_OFF = (
    "A seed kept on the PC that signs in turns two factors into one: who has this PC has both. "
    "Keep it on another device if you can. Only a username that signs in with an authenticator app has such a seed; "
    "IB Key and security cards have none."
)
ACCEPT, ACCEPTED = "I accept that on this PC", "✓ Accepted on this PC"
_LONGEST = 4096  # characters that can be pasted; what is longer is refused with a sentence by who reads it


class SetUp(QWidget):
    """Asks in three steps. Nothing is kept before the last one, and a refused answer leaves what was typed."""

    kept = Signal(Authenticator)
    left = Signal()
    picture_wanted = Signal()  # choose a file, then call `take_picture`

    def __init__(self, source: CodeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self._draft: Draft | None = None
        self._is_asking = False
        self.accept = QPushButton(ACCEPT, self)
        self.accept.setCheckable(True)
        self.accept.setProperty("choice", True)
        self.accept.toggled.connect(self._show)
        self.seed = _field("otpauth:// address or key", "Address or key of the authenticator", self, _LONGEST)
        self.seed.setEchoMode(QLineEdit.EchoMode.Password)
        self.seed.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData)
        self.seed.textChanged.connect(self._show)
        self.seed.returnPressed.connect(self._on_read)
        self.read = QPushButton("Read", self)
        self.read.clicked.connect(self._on_read)
        self.picture = QPushButton("QR picture…", self)
        self.picture.clicked.connect(self.picture_wanted)
        self.name = _field("Name", "Name of this authenticator", self, 40)
        self.code = _field("Code", "Code that the other app shows now", self, 12)
        self.code.textChanged.connect(self._show)
        self.code.returnPressed.connect(self._on_keep)
        self.keep = QPushButton("Keep", self)
        self.keep.setProperty("strong", True)
        self.keep.clicked.connect(self._on_keep)
        self.cancel = QPushButton("Cancel", self)
        self.cancel.clicked.connect(self.leave)
        self._found = _line("")
        self.remark = Remark(self)
        self.remark.acted.connect(self._on_acted)
        self._first = QWidget(self)
        self._second = QWidget(self)
        self._build()
        self._show()

    def _build(self) -> None:
        seed = _row(self._first)
        for widget, stretch in ((self.accept, 0), (self.seed, 1), (self.read, 0), (self.picture, 0)):
            seed.addWidget(widget, stretch)
        proof = _row(self._second)
        self.name.setFixedWidth(56 * theme.UNIT)
        self.code.setFixedWidth(28 * theme.UNIT)
        self.code.setFont(theme.font(theme.TEXT, mono=True))
        proof.addWidget(self.name)
        proof.addWidget(_line("Code that your other app shows now"))
        for widget in (self.code, self.keep):
            proof.addWidget(widget)
        proof.addStretch(1)
        warning = _line(TRADE_OFF)
        warning.setWordWrap(True)
        first = _row()
        first.setSpacing(6 * theme.UNIT)
        first.addWidget(warning, 1)
        first.addWidget(self.cancel, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * theme.UNIT)
        column.addLayout(first)
        for part in (self._first, self._found, self._second, self.remark):
            column.addWidget(part)

    @property
    def draft(self) -> Draft | None:
        """What was read and is not kept yet."""
        return self._draft

    def begin(self) -> None:
        """Start at the first step, with nothing left of an earlier attempt."""
        self._forget()
        self.accept.setChecked(False)
        self.accept.setFocus(Qt.FocusReason.OtherFocusReason)

    def take_picture(self, path: str) -> None:
        """Read the QR code in a picture that was chosen."""
        if not self._is_asking and self.accept.isChecked():
            self._ask()
            self._source.begin_picture(path, self._on_draft)

    @Slot()
    def leave(self) -> None:
        """Go without keeping anything."""
        self._forget()
        self.left.emit()

    @Slot()
    def _on_read(self) -> None:
        text = self.seed.text().strip()
        if text and not self._is_asking and self.accept.isChecked():
            self._ask()
            self._source.begin(Secret(text), self._on_draft)

    def _on_draft(self, answer: Draft | Unavailable) -> None:
        self._is_asking = False
        if isinstance(answer, Unavailable):
            self.remark.show_trouble(answer)
        elif not self.isHidden():
            self._draft = answer
            self._clear_seed()
            self.remark.show_trouble(None)
            self.name.setText(answer.authenticator.name)
            self.code.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show()

    @Slot()
    def _on_keep(self) -> None:
        self._verify(replacing=False)

    @Slot(str)
    def _on_acted(self, action: str) -> None:
        if action == TAKEN:
            self._verify(replacing=True)

    def _verify(self, *, replacing: bool) -> None:
        if self._draft is not None and self.code.text().strip() and not self._is_asking:
            self._ask()
            self._source.verify(self._draft, self.code.text(), self.name.text(), replacing, self._on_verified)

    def _on_verified(self, answer: Authenticator | Unavailable) -> None:
        self._is_asking = False
        if isinstance(answer, Unavailable):
            self.remark.show_trouble(answer, Level.LIMITED, "Replace it" if answer.action == TAKEN else "")
            self.code.selectAll()
            self._show()
            return
        self._forget()
        self.kept.emit(answer)

    def _ask(self) -> None:
        self._is_asking = True
        self._show()

    def _forget(self) -> None:
        self._draft = None
        self._is_asking = False
        self._clear_seed()
        self.name.setText("")
        self.code.setText("")
        self.remark.show_trouble(None)
        self._show()

    def _clear_seed(self) -> None:
        """Empty the field, its history of changes too; and the clipboard, if the seed was pasted from there."""
        pasted = self.seed.text().strip()
        self.seed.setText("")
        clipboard = QGuiApplication.clipboard()
        if pasted and self._draft is not None and clipboard.text().strip() == pasted:
            clipboard.clear()

    @Slot()
    def _show(self) -> None:
        """Enable what makes sense now."""
        can_read = self.accept.isChecked() and not self._is_asking
        self.accept.setText(ACCEPTED if self.accept.isChecked() else ACCEPT)
        self._first.setVisible(self._draft is None)
        self._second.setVisible(self._draft is not None)
        self._found.setVisible(self._draft is not None)
        if self._draft is not None:
            say(self._found, f"Read: {_words(self._draft.authenticator)}. Nothing is kept yet.")
        self.seed.setEnabled(can_read)
        self.picture.setEnabled(can_read)
        self.read.setEnabled(can_read and bool(self.seed.text().strip()))
        self.keep.setEnabled(not self._is_asking and bool(self.code.text().strip()))


def _words(authenticator: Authenticator) -> str:
    return (
        f"{short(authenticator.name, 60)} · {authenticator.digits} digits every {authenticator.period} s · "
        f"{authenticator.algorithm}"
    )


def _line(text: str) -> QLabel:
    return plain_label(text, theme.font(theme.DETAIL), QPalette.ColorRole.PlaceholderText)


def _row(parent: QWidget | None = None) -> QHBoxLayout:
    row = QHBoxLayout(parent) if parent is not None else QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(3 * theme.UNIT)
    return row


def _field(hint: str, name: str, parent: QWidget, longest: int) -> QLineEdit:
    field = QLineEdit(parent)
    field.setPlaceholderText(hint)
    field.setAccessibleName(name)
    field.setMaxLength(longest)
    return field
