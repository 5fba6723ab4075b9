"""What does this code mean: paste a code or a whole log line, or look through all the codes the catalogue knows."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, Signal
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

from cockpit.domain.catalogue import Confidence, KnownCode, Severity
from cockpit.domain.codes import LONGEST, Codes, Translation, spelled, translate
from cockpit.domain.evidence import Provenance
from cockpit.domain.level import Level
from cockpit.domain.words import counted
from cockpit.ui import theme
from cockpit.ui.glyphs import glyph_of
from cockpit.ui.pane import Wish
from cockpit.ui.text import discreet, plain_label, say, short
from cockpit.ui.widgets.ledger import Cell, Ledger, Place, Row, Tone, draw_cell
from cockpit.ui.widgets.small_button import dialog_button

SIZE = (820, 480)
_APIS = {"tws": "TWS API", "web": "Web API", "flex": "Flex", "login": "Sign-in"}
_LEVELS = {
    Severity.INFO: Level.READY,
    Severity.CONFIRM: Level.LIMITED,
    Severity.DEGRADE: Level.LIMITED,
    Severity.BLOCK: Level.BLOCKED,
}
_SEVERITIES = {
    Severity.INFO: "For information",
    Severity.CONFIRM: "Asks to be confirmed",
    Severity.DEGRADE: "Takes something away",
    Severity.BLOCK: "Stops the order",
}
_PROVENANCE = {
    Confidence.DOCUMENTED: Provenance.PUBLISHED,
    Confidence.OBSERVED: Provenance.PUBLISHED,
    Confidence.INFERRED: Provenance.INFERRED,
    Confidence.ATTESTED: Provenance.ATTESTED,
}
_CERTAINTY = {
    Confidence.DOCUMENTED: "documented by the broker",
    Confidence.OBSERVED: "observed, not documented",
    Confidence.INFERRED: "derived",
    Confidence.ATTESTED: "said by this desk",
    Confidence.UNKNOWN: "nobody says how sure",
}
_NOT_KNOWN = (
    "The catalogue does not know this code. That says nothing about how grave it is: read the broker's own words "
    "beside it, and take it for a refusal until you know better."
)
_NOTHING = "No known code has these words in it, and nothing here looks like a code."


class CodesDialog(QDialog):
    """A field, the codes it leads to, and what the chosen one means. It is opened beside the work, never in its way."""

    wished = Signal(Wish)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("What does this code mean?")
        self.setObjectName("codes")
        self.setModal(False)
        self.resize(*SIZE)
        self._codes: Codes = {}
        self._found: tuple[Translation, ...] = ()
        self.line = QLineEdit(self)
        self.line.setMaxLength(LONGEST)
        self.line.setPlaceholderText(
            "Paste a code or a whole log line, or type words: 10197, o163, HTTP 429, delayed data"
        )
        self.line.setAccessibleName("Code, log line, or words to look for")
        self.line.installEventFilter(self)
        self.line.textChanged.connect(self._on_typed)
        self.list = Ledger("Codes", (Place("Code", 130), Place("Meaning", 190, share=1)), 30, self)
        self.list.show_hint(_NOTHING)
        self.list.moved.connect(self._on_moved)
        self.meaning = Meaning(self)
        self.meaning.source_asked.connect(self._on_source)
        self._count = plain_label("", theme.font(theme.SMALL), QPalette.ColorRole.PlaceholderText, self)
        self._build()

    def _build(self) -> None:
        body = QHBoxLayout()
        body.setSpacing(4 * theme.UNIT)
        body.addWidget(self.list, 5)
        body.addWidget(self.meaning, 6)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4 * theme.UNIT, 4 * theme.UNIT, 4 * theme.UNIT, 3 * theme.UNIT)
        layout.setSpacing(3 * theme.UNIT)
        layout.addWidget(self.line)
        layout.addLayout(body, 1)
        layout.addWidget(self._count)

    def open_with(self, codes: Codes) -> None:
        """Show it with these codes; what was typed last is selected, so that typing replaces it."""
        if codes is not self._codes:
            self._codes = codes
            self._show_found()
        self.show()
        self.raise_()
        self.activateWindow()
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.line.selectAll()

    def _on_typed(self) -> None:
        self._show_found()

    def _show_found(self) -> None:
        text = self.line.text()
        self._found = translate(text, self._codes) or _with_words(text, self._codes)
        self.list.show_rows([_row(one) for one in self._found])
        known = sum(one.row is not None for one in self._found)
        total = counted(len(self._codes), "known code")
        say(self._count, total if known == len(self._codes) else f"{known} of {total}")
        if not self.list.select(self.list.current_key) and self._found:
            self.list.select(self._found[0].key)
        self._on_moved(self.list.current_key)

    def _on_moved(self, key: str) -> None:
        self.meaning.show_code(next((one for one in self._found if one.key == key), None))

    def _on_source(self, key: str) -> None:
        self.wished.emit(Wish("open-source", key))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrows move in the list while the field keeps the keyboard."""
        moves = (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp)
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() in moves:
            self.list.keyPressEvent(event)
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close on Esc; Enter belongs to the field and the list."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)


class Mark(QWidget):
    """Glyph and word of a severity in the border of where it is known from."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._cell = Cell(is_mark=True)
        self.setFixedHeight(26)

    def show_cell(self, cell: Cell) -> None:
        """Show another one."""
        if cell != self._cell:
            self._cell = cell
            self.setAccessibleName(cell.sentence())
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, 26)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens_of(self.palette())
        draw_cell(QPainter(self), QRect(0, 0, self.width(), self.height()), self._cell, tokens)


class Meaning(QWidget):
    """All that is known of one code."""

    source_asked = Signal(str)  # key of a row of the catalogue

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._shown: Translation | None = None
        self._source = ""
        self._title = plain_label("", theme.font(theme.LARGE, bold=True), parent=self)
        self._mark = Mark(self)
        self._sentence = _wrapped(self)
        self._labels = {name: _wrapped(self) for name in ("First step", "Gate", "Kind of failure", "Source")}
        self.open_source = dialog_button("Open the source", self)
        self.copy_all = dialog_button("Copy", self)
        self.open_source.clicked.connect(self._on_open)
        self.copy_all.clicked.connect(self._on_copy)
        self._build()

    def _build(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(4 * theme.UNIT)
        grid.setVerticalSpacing(2 * theme.UNIT)
        grid.setColumnStretch(1, 1)
        self._names: list[QLabel] = []
        for number, (name, label) in enumerate(self._labels.items()):
            head = plain_label(name, theme.font(theme.DETAIL), QPalette.ColorRole.PlaceholderText, self)
            grid.addWidget(head, number, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label, number, 1, Qt.AlignmentFlag.AlignTop)
            self._names.append(head)
        buttons = QHBoxLayout()
        buttons.setSpacing(2 * theme.UNIT)
        buttons.addWidget(self.open_source)
        buttons.addWidget(self.copy_all)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, theme.UNIT, 0, 0)
        layout.setSpacing(3 * theme.UNIT)
        layout.addWidget(self._title)
        layout.addWidget(self._mark)
        layout.addWidget(self._sentence)
        layout.addLayout(grid)
        layout.addLayout(buttons)
        layout.addStretch(1)

    def text(self) -> str:
        """Everything it says, for copying and for assistive technology."""
        found = self._shown
        if found is None:
            return ""
        rows = [f"{name}: {label.text()}" for name, label in self._labels.items() if label.text()]
        return "\n".join((f"{self._title.text()}: {self._sentence.text()}", *rows))

    def show_code(self, found: Translation | None) -> None:
        """Show a code; None shows nothing."""
        if found == self._shown:
            return
        self._shown = found
        for widget in (
            self._title,
            self._mark,
            self._sentence,
            *self._names,
            *self._labels.values(),
            self.copy_all,
        ):
            widget.setVisible(found is not None)
        row = found.row if found is not None else None
        self._source = row.key if row is not None and row.source.startswith("https://") else ""
        self.open_source.setVisible(bool(self._source))
        if found is not None:
            say(self._title, _title(found))
            self._mark.show_cell(_mark(row))
            say(self._sentence, discreet(row.sentence) if row is not None else _NOT_KNOWN)
            for name, words in _fields(row).items():
                say(self._labels[name], words)
        if row is None:
            for head in self._names:
                head.hide()
        self.setAccessibleName(self.text())

    def _on_open(self) -> None:
        self.source_asked.emit(self._source)

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text())


def _with_words(text: str, codes: Codes) -> tuple[Translation, ...]:
    """Return the known codes that have every word of a text in them; all of them for no words."""
    words = text.casefold().split()
    return tuple(
        Translation(row.api, row.code, row)
        for row in sorted(codes.values(), key=_order)
        if all(word in _searched(row) for word in words)
    )


def _order(row: KnownCode) -> tuple[int, int, str]:
    apis: Sequence[str] = tuple(_APIS)
    place = apis.index(row.api) if row.api in apis else len(apis)
    return place, int(row.code) if row.code.isdigit() else 10**6, row.code


def _searched(row: KnownCode) -> str:
    words = (
        row.code,
        spelled(row.api, row.code),
        _APIS.get(row.api, row.api),
        row.sentence,
        row.gate,
        row.remedy,
    )
    return " ".join((*words, row.family.value, _SEVERITIES[row.severity])).casefold()


def _title(found: Translation) -> str:
    code = short(spelled(found.api, found.code), 40)
    return f"{code} · {_APIS[found.api]}" if found.api in _APIS else code


def _mark(row: KnownCode | None) -> Cell:
    if row is None:
        return Cell("Unknown", glyph=glyph_of(Level.UNKNOWN), level=Level.UNKNOWN, is_mark=True)
    level = _LEVELS[row.severity]
    return Cell(
        _SEVERITIES[row.severity],
        glyph=glyph_of(level),
        level=level,
        evidence=_PROVENANCE.get(row.confidence),
        is_mark=True,
    )


def _fields(row: KnownCode | None) -> dict[str, str]:
    if row is None:
        return {"First step": "", "Gate": "", "Kind of failure": "", "Source": ""}
    when = f"as of {row.as_of}" if row.as_of and row.as_of != "unknown" else "no date given"
    return {
        "First step": discreet(row.remedy) or "Nothing has to be done.",
        "Gate": row.gate.capitalize(),
        "Kind of failure": row.family.value.capitalize(),
        "Source": f"{discreet(row.source) or 'Not said'}\n{when}, {_CERTAINTY[row.confidence]}",
    }


def _row(found: Translation) -> Row:
    level = _LEVELS[found.row.severity] if found.row is not None else Level.UNKNOWN
    sentence = found.row.sentence if found.row is not None else "Not in the catalogue"
    code = short(spelled(found.api, found.code), 40)
    return Row(
        found.key,
        (
            Cell(code, tone=Tone.STRONG, glyph=glyph_of(level), level=level),
            Cell(sentence, tone=Tone.QUIET),
        ),
        f"{code}: {sentence}",
    )


def _wrapped(parent: QWidget) -> QLabel:
    label = plain_label("", theme.font(theme.TEXT), parent=parent)
    label.setWordWrap(True)
    flags = Qt.TextInteractionFlag
    label.setTextInteractionFlags(flags.TextSelectableByMouse)
    return label
