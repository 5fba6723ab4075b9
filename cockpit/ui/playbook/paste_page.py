"""What was pasted from a sheet, before it becomes tickets: every row, how it was read, or why it was not."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cockpit.domain.level import Level
from cockpit.domain.tickets.known import Known
from cockpit.domain.tickets.paste import MOST_ROWS, paste
from cockpit.domain.tickets.reader import Parsed
from cockpit.domain.words import counted
from cockpit.ui import theme
from cockpit.ui.playbook.controls import Says, button
from cockpit.ui.playbook.words import pasted_rows
from cockpit.ui.text import button_text
from cockpit.ui.widgets.ledger import Ledger, Place

_NOTHING = (
    "There is nothing to read on the clipboard. Copy rows from a spreadsheet, with or without headings."
)


class PastePage(QWidget):
    """A preview with one decision: take it or leave it. Rows that cannot be read are kept as drafts, never dropped."""

    taken = Signal(tuple)  # of Parsed
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._text = ""
        self._known: Known | None = None
        self.parsed: tuple[Parsed, ...] = ()
        self.says = Says(self, lines=1)
        places = (Place("Row", 44), Place("", 92), Place("As pasted, and how it was read", 220, share=1))
        self.list = Ledger("Pasted rows", places, 40, self)
        self.list.show_hint(_NOTHING)
        self.take = button("", self, self._on_taken)
        self.leave = button("Leave it  Esc", self, self.left.emit)
        buttons = QHBoxLayout()
        buttons.setSpacing(2 * theme.UNIT)
        buttons.addWidget(self.take)
        buttons.addWidget(self.leave)
        buttons.addStretch(1)
        head = QVBoxLayout()
        head.setContentsMargins(3 * theme.UNIT, 2 * theme.UNIT, 3 * theme.UNIT, 2 * theme.UNIT)
        head.setSpacing(2 * theme.UNIT)
        head.addWidget(self.says)
        head.addLayout(buttons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self.list, 1)

    def show_text(self, text: str, known: Known) -> None:
        """Read rows and show what became of each."""
        self._text, self._known = text, known
        self.parsed = paste(text, known)
        self.list.show_rows(pasted_rows(self.parsed, known))
        good = sum(one.ticket is not None for one in self.parsed)
        bad = len(self.parsed) - good
        if not self.parsed:
            self.says.show_sentence(None, "Nothing was pasted.")
        elif bad:
            sentence = (
                f"{counted(good, 'row')} read, {bad} not. What is not read is kept as it is, as a draft."
            )
            self.says.show_sentence(Level.LIMITED, sentence)
        else:
            self.says.show_sentence(Level.READY, f"{counted(good, 'row')} read.")
        words = [
            f"Add {counted(good, 'ticket')}" if good else "",
            f"keep {counted(bad, 'draft')}" if bad else "",
        ]
        self.take.setText(button_text(_capital(" and ".join(word for word in words if word))))
        self.take.setVisible(bool(self.parsed))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _on_taken(self) -> None:
        """Give away what was read; of a sheet that is longer than is read at once the rest stays here."""
        rows = [row for row in self._text.splitlines() if row.strip()]
        is_longer = len(self.parsed) > MOST_ROWS
        self.taken.emit(self.parsed[:MOST_ROWS])
        if not is_longer or self._known is None:
            self.left.emit()
            return
        rest = self.parsed[-1].text.splitlines()
        heading = rows[:1] if len(rows) == MOST_ROWS + len(rest) + 1 else []
        self.show_text("\n".join((*heading, *rest)), self._known)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
