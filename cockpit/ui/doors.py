"""Is this link the broker's: paste one, and it is judged in words before anybody types a password behind it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from cockpit.domain.doors.judging import DoorVerdict, Judgement
from cockpit.domain.doors.link import LONGEST
from cockpit.domain.evidence import Provenance
from cockpit.ui import theme
from cockpit.ui.glyphs import glyph_of
from cockpit.ui.text import button_text, plain_label, say, short
from cockpit.ui.widgets.ledger import Cell, draw_cell
from cockpit.ui.widgets.small_button import dialog_button

SIZE = (640, 380)
_MARK = 26
_HOST = 64  # letters of a host that stand in one line
_HINT = (
    "A link from a mail, a message or a search is judged here without being opened: whether it is one of the broker's "
    "hosts, whether a password belongs there, or whether it only looks like one. Nothing is asked of the network."
)
_EVIDENCE = {  # what is official stands in the catalogue; a likeness is our own reading
    DoorVerdict.OFFICIAL: Provenance.PUBLISHED,
    DoorVerdict.NOT_FOR_PASSWORDS: Provenance.PUBLISHED,
    DoorVerdict.LOOK_ALIKE: Provenance.INFERRED,
    DoorVerdict.BADLY_WRITTEN: Provenance.INFERRED,
}


class _Mark(QWidget):
    """The verdict: glyph and word in the border of where it is known from."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._cell = Cell(is_mark=True)
        self.setFixedHeight(_MARK)

    def show_verdict(self, verdict: DoorVerdict) -> None:
        level = verdict.level
        evidence = _EVIDENCE.get(verdict)
        self._cell = Cell(verdict.value, glyph=glyph_of(level), level=level, evidence=evidence, is_mark=True)
        self.setAccessibleName(self._cell.sentence())
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(260, _MARK)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens_of(self.palette())
        draw_cell(QPainter(self), QRect(0, 0, self.width(), self.height()), self._cell, tokens)


class DoorsDialog(QDialog):
    """A field, and what is to be said of the link in it. It is opened beside the work, never in its way."""

    open_asked = Signal(str)  # the pasted text; whoever opens it judges it again
    home_asked = Signal()

    def __init__(self, judge: Callable[[str], Judgement], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._judge = judge
        self._found: Judgement | None = None
        self.setWindowTitle("Is this link the broker's?")
        self.setObjectName("doors")
        self.setModal(False)
        self.resize(*SIZE)
        self.line = QLineEdit(self)
        self.line.setMaxLength(
            LONGEST + 1
        )  # one more than is read, so that too long a link is not cut to fit
        self.line.setPlaceholderText("Paste a link here")
        self.line.setAccessibleName("Link to judge")
        self.line.textChanged.connect(self._on_typed)
        self._hint = _wrapped(_HINT, self)
        quiet = QPalette.ColorRole.PlaceholderText
        self._front = plain_label("", theme.font(theme.LARGE, mono=True), quiet, self)
        self._host = plain_label("", theme.font(theme.LARGE, bold=True, mono=True), parent=self)
        self._mark = _Mark(self)
        self._reason = _wrapped("", self)
        self._labels = {name: _wrapped("", self) for name in ("What to do", "Registered as", "Known as")}
        self.open_link = dialog_button("Open this link", self)
        self.copy_all = dialog_button("Copy", self)
        self.open_home = dialog_button("", self)
        self.open_link.clicked.connect(self._on_open)
        self.copy_all.clicked.connect(self._on_copy)
        self.open_home.clicked.connect(self.home_asked)
        self._build()
        self._show(None)

    def _build(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(4 * theme.UNIT)
        grid.setVerticalSpacing(2 * theme.UNIT)
        grid.setColumnStretch(1, 1)
        self._names: dict[str, QLabel] = {}
        for number, (name, label) in enumerate(self._labels.items()):
            head = plain_label(name, theme.font(theme.DETAIL), QPalette.ColorRole.PlaceholderText, self)
            grid.addWidget(head, number, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label, number, 1, Qt.AlignmentFlag.AlignTop)
            self._names[name] = head
        buttons = QHBoxLayout()
        buttons.setSpacing(2 * theme.UNIT)
        buttons.addWidget(self.open_link)
        buttons.addWidget(self.copy_all)
        buttons.addStretch(1)
        buttons.addWidget(self.open_home)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4 * theme.UNIT, 4 * theme.UNIT, 4 * theme.UNIT, 3 * theme.UNIT)
        layout.setSpacing(3 * theme.UNIT)
        host = QHBoxLayout()
        host.setSpacing(0)
        host.addWidget(self._front)
        host.addWidget(self._host, 1)
        layout.addWidget(self.line)
        layout.addWidget(self._hint)
        layout.addLayout(host)
        layout.addWidget(self._mark)
        layout.addWidget(self._reason)
        layout.addLayout(grid)
        layout.addStretch(1)
        layout.addLayout(buttons)

    def open_for(self, home: str) -> None:
        """Show it; `home` is the host at which the trader signs in. A link pasted before is selected."""
        self.open_home.setVisible(bool(home))
        self.open_home.setText(button_text(f"Open sign-in at {short(home, 40)}"))
        self._on_typed()
        self.show()
        self.raise_()
        self.activateWindow()
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.line.selectAll()

    def text(self) -> str:
        """Everything it says, for copying and for assistive technology."""
        found = self._found
        if found is None:
            return ""
        rows = [f"{name}: {label.text()}" for name, label in self._labels.items() if label.text()]
        return "\n".join((f"{found.host}: {found.verdict}. {self._reason.text()}", *rows))

    def _on_typed(self) -> None:
        text = self.line.text().strip()
        self._show(self._judge(text) if text else None)

    def _show(self, found: Judgement | None) -> None:
        self._found = found
        self._hint.setVisible(found is None)
        for widget in (self._mark, self._reason, self.copy_all):
            widget.setVisible(found is not None)
        front, owned = _parted(found) if found is not None else ("", "")
        say(self._front, front)
        say(self._host, owned)
        self._front.setVisible(bool(front))
        self._host.setVisible(bool(owned))
        self.open_link.setVisible(found is not None and bool(found.address))
        words = _fields(found) if found is not None else {}
        for name, label in self._labels.items():
            say(label, words.get(name, ""))
            label.setVisible(bool(label.text()))
            self._names[name].setVisible(bool(label.text()))
        if found is not None:
            self._mark.show_verdict(found.verdict)
            say(self._reason, found.reason)
        self.setAccessibleDescription(self.text())

    def _on_open(self) -> None:
        self.open_asked.emit(self.line.text())

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close on Esc; Enter in the field opens nothing, because a pasted line may end with one."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)


def _parted(found: Judgement) -> tuple[str, str]:
    """Return what stands before the registered part of the host, which decides nothing, and that part.

    What does not fit is cut at the front: a name that is long enough would push its true end out of sight.
    """
    host = found.host if len(found.host) <= _HOST else f"…{found.host[-_HOST:]}"
    if found.belongs_to and host.endswith(f".{found.belongs_to}"):
        return host.removesuffix(found.belongs_to), found.belongs_to
    return "", host


def _fields(found: Judgement) -> dict[str, str]:
    row = found.official
    known = ""
    if row is not None:
        when = f"as of {row.as_of}" if row.as_of else "no date given"
        known = f"{row.role[:1].upper()}{row.role[1:]} · {row.region}\n{row.source}, {when}"
    return {"What to do": found.step, "Registered as": short(found.belongs_to, _HOST), "Known as": known}


def _wrapped(text: str, parent: QWidget) -> QLabel:
    label = plain_label(text, theme.font(theme.TEXT), parent=parent)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
