"""A small form beside the window for one entry of the register: a field a line, a complaint instead of a loss."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from cockpit.domain.register import Register
from cockpit.ui import theme
from cockpit.ui.text import plain_label, say
from cockpit.ui.trust.editing import Entry, complaint
from cockpit.ui.trust.fields import Filled, Unreadable, fields_of, read, title_of

_WIDTH = 500
_MOST = 300  # letters of a field


class RegisterForm(QDialog):
    """Not modal: what is written down is often read from TWS beside it. It never asks for a secret."""

    kept = Signal(object, object)  # the entry as it is now, and as it was before (None: a new one)

    def __init__(
        self, blank: Entry, register: Register, parent: QWidget, before: Entry | None = None
    ) -> None:
        super().__init__(parent)
        self._blank = before or blank
        self._before = before
        self._register = register
        self.fields: dict[str, QLineEdit | QComboBox] = {}
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(False)
        self.setWindowTitle(title_of(self._blank, is_new=before is None))
        self.setMinimumWidth(_WIDTH)
        self._build()
        self._judge()

    def _build(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(3 * theme.UNIT)
        grid.setVerticalSpacing(2 * theme.UNIT)
        grid.setColumnStretch(1, 1)
        for number, field in enumerate(fields_of(self._blank, self._register)):
            label = plain_label(field.label, theme.font(theme.TEXT))
            made: QLineEdit | QComboBox
            if field.choices:
                made = QComboBox(self)
                made.addItems(list(field.choices))
                made.setCurrentIndex(max(0, made.findText(field.value)))
                made.setEditable(field.is_open)
                if field.is_open:
                    made.setCurrentText(field.value)
                    made.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
                made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
                made.currentTextChanged.connect(self._on_changed)
            else:
                made = QLineEdit(field.value, self)
                made.setPlaceholderText(field.hint)
                made.setMaxLength(_MOST)
                made.textChanged.connect(self._on_changed)
            made.setAccessibleName(field.label)
            label.setBuddy(made)
            self.fields[field.name] = made
            grid.addWidget(label, number, 0)
            grid.addWidget(made, number, 1)
        self.says = plain_label("", theme.font(theme.DETAIL), QPalette.ColorRole.PlaceholderText)
        self.says.setWordWrap(True)
        self.says.setMinimumHeight(2 * self.says.fontMetrics().height())
        self.says.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.keep = QPushButton("Keep", self)
        self.keep.setProperty("strong", True)
        self.keep.setDefault(True)
        self.cancel = QPushButton("Cancel", self)
        self.cancel.setAutoDefault(False)
        self.keep.clicked.connect(self._on_keep)
        self.cancel.clicked.connect(self.close)
        line = QHBoxLayout()
        line.addStretch()
        line.addWidget(self.cancel)
        line.addWidget(self.keep)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(4 * theme.UNIT,) * 4)
        layout.setSpacing(3 * theme.UNIT)
        layout.addLayout(grid)
        layout.addWidget(self.says)
        layout.addLayout(line)

    def show_register(self, register: Register) -> None:
        """Judge against the register as it is now."""
        self._register = register
        self._judge()

    def ask(self) -> None:
        """Open it beside the window, with the keyboard in the first field."""
        self.show()
        self.raise_()
        next(iter(self.fields.values())).setFocus(Qt.FocusReason.OtherFocusReason)

    def fill(self, name: str, text: str) -> None:
        """Put a text into a field."""
        field = self.fields[name]
        if isinstance(field, QComboBox):
            field.setCurrentText(text)
        else:
            field.setText(text)

    def _filled(self) -> Filled:
        return {
            name: field.currentText() if isinstance(field, QComboBox) else field.text()
            for name, field in self.fields.items()
        }

    def _judge(self) -> Entry | None:
        made = read(self._blank, self._filled())
        wrong = (
            made.sentence if isinstance(made, Unreadable) else complaint(self._register, made, self._before)
        )
        say(self.says, wrong)
        self.keep.setEnabled(not wrong)
        return None if wrong or isinstance(made, Unreadable) else made

    @Slot()
    def _on_changed(self) -> None:
        self._judge()

    @Slot()
    def _on_keep(self) -> None:
        entry = self._judge()
        if entry is not None:
            before = self._before
            self.close()
            self.kept.emit(entry, before)
