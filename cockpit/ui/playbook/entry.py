"""Adding and changing a ticket by typing: the line, what fits next, what is wrong, and what it was read as."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cockpit.domain.level import Level
from cockpit.domain.tickets.completion import Completion, complete
from cockpit.domain.tickets.known import Known
from cockpit.domain.tickets.reader import Parsed, parse
from cockpit.domain.tickets.words import Problem
from cockpit.ui import theme
from cockpit.ui.order_grid.wrap import WrapLayout
from cockpit.ui.playbook.controls import Says, button
from cockpit.ui.playbook.line import TicketLine
from cockpit.ui.playbook.offers import Offers
from cockpit.ui.playbook.words import read_as
from cockpit.ui.text import button_text, discreet, short

_HOW = (
    "Type a ticket and press Enter. Down shows what fits; several lines pasted at once are read as a sheet."
)


class EntryBox(QWidget):
    """The line and what stands around it. `over` is the widget over which the list of words may lie."""

    read = Signal(Parsed)  # a ticket, to be added or to replace what is edited
    kept = Signal(Parsed)  # no ticket, to be kept as a draft
    changed = Signal(Parsed)  # what the line says now
    many_pasted = Signal(str)
    left = Signal()  # the trader edits nothing any more

    def __init__(self, over: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = over
        self._known: Known | None = None
        self._editing = ""  # the line as it was when editing began
        self._set_aside: list[str] = []  # what stood in the line before
        self.parsed = Parsed("")
        self.is_editing = False
        self.line = TicketLine(self)
        self.says = Says(self)
        self.offers = Offers(over)
        self.add = button("Add", self, self._on_submitted, "Add the ticket")
        self.use = button("", self, self._on_suggestion)
        self.keep = button("Keep as a draft", self, self._on_draft)
        self.leave = button("Leave", self, self._on_left, "Leave the ticket as it was")
        self._build()
        self._judge()

    def _build(self) -> None:
        buttons = QWidget(self)
        self.row = WrapLayout(buttons)
        self.row.setContentsMargins(0, 0, 0, 0)
        for one in (self.add, self.use, self.keep, self.leave):
            self.row.addWidget(one)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3 * theme.UNIT, 2 * theme.UNIT, 3 * theme.UNIT, 2 * theme.UNIT)
        layout.setSpacing(theme.UNIT + 2)
        layout.addWidget(self.line)
        layout.addWidget(self.says)
        layout.addWidget(buttons)
        line = self.line
        line.textChanged.connect(self._on_changed)
        line.textEdited.connect(self._on_edited)
        line.cursorPositionChanged.connect(self._on_cursor)
        line.submitted.connect(self._on_submitted)
        line.draft_asked.connect(self._on_draft)
        line.suggestion_asked.connect(self._on_suggestion)
        line.left.connect(self._on_escaped)
        line.moved.connect(self.offers.move_by)
        line.offer_asked.connect(self._offer)
        line.taken.connect(self._on_taken)
        line.many_pasted.connect(self.many_pasted)
        line.unfocused.connect(self._close)
        self.offers.chosen.connect(self._take)

    # What it is told

    def show_known(self, known: Known) -> None:
        """Read the line with what is known now."""
        self._known = known
        self._judge()

    def edit(self, text: str) -> None:
        """Put a ticket into the line to be changed; what stands there is put aside and comes back."""
        unsaved = self.line.text()
        if unsaved.strip() and unsaved != self._editing:
            self._set_aside.append(unsaved)
        self.is_editing, self._editing = True, text
        self._set(text)
        self.line.setFocus()
        self.line.setCursorPosition(len(text))

    def finish(self) -> None:
        """Empty the line, or bring back what was put aside."""
        self.is_editing, self._editing = False, ""
        self._set(self._set_aside.pop() if self._set_aside else "")

    def compose(self, text: str) -> None:
        """Take a line that the form made."""
        self._set(text)

    @property
    def unsaved(self) -> tuple[str, ...]:
        """Everything that was typed and is kept nowhere else."""
        typed = self.line.text()
        mine = (typed,) if typed.strip() and typed != self._editing else ()
        return (*self._set_aside, *mine)

    def restore(self, lines: tuple[str, ...]) -> None:
        """Bring back what was unsaved when the program ended."""
        if lines and not self.line.text():
            self._set_aside = list(lines[:-1])
            self._set(lines[-1])

    def _set(self, text: str) -> None:
        self._close()
        if text != self.line.text():
            self.line.setText(text)
        else:
            self._judge()

    # What the line means

    def _on_changed(self) -> None:
        self._judge()

    def _judge(self) -> None:
        """Read the line and say what it is."""
        text = self.line.text()
        known = self._known
        self.parsed = parse(text, known) if known is not None and text.strip() else Parsed(text)
        self._show_judgement()
        self.changed.emit(self.parsed)

    def _show_judgement(self) -> None:
        problem, known = self.parsed.problem, self._known
        is_typing = problem is not None and self._is_at(problem)
        self.line.mark(None if problem is None or is_typing else problem)
        if self.parsed.ticket is not None and known is not None:
            self.says.show_sentence(Level.READY, f"Read as: {discreet(read_as(self.parsed, known))}")
        elif problem is None:
            self.says.show_sentence(None, _HOW)
        elif is_typing or not problem.word:
            reason = problem.reason if not problem.word else "Go on typing; Down shows what fits."
            self.says.show_sentence(Level.UNKNOWN, discreet(reason))
        else:
            self.says.show_sentence(Level.BLOCKED, discreet(_capital(problem.sentence())))
        self.line.setAccessibleDescription(self.says.text())
        hint = problem.suggestion if problem is not None else ""
        self.use.setVisible(bool(hint))
        self.use.setText(button_text(f"Use {short(hint, 24)}  Ctrl+Enter"))
        self.add.setText("Save  Enter" if self.is_editing else "Add  Enter")
        self.add.setEnabled(self.parsed.ticket is not None)
        self.keep.setVisible(problem is not None)
        self.leave.setVisible(self.is_editing)

    def _is_at(self, problem: Problem) -> bool:
        """Whether the wrong word is still being typed and may become a right one."""
        if not problem.word or self.line.cursorPosition() != problem.end or not self.line.hasFocus():
            return False
        known = self._known
        return known is not None and any(
            one.start == problem.start for one in complete(self.line.text(), problem.end, known)
        )

    def _on_cursor(self) -> None:
        self._show_judgement()

    # What fits

    def _on_edited(self) -> None:
        if self.line.text()[: self.line.cursorPosition()].strip():
            self._offer()
        else:
            self._close()

    def _offer(self) -> None:
        text, cursor, known = self.line.text(), self.line.cursorPosition(), self._known
        offers = complete(text, cursor, known) if known is not None else ()
        if not offers or [text[one.start : one.end].upper() for one in offers] == [offers[0].word.upper()]:
            self._close()
            return
        left = self.line.x() + round(self.line.x_of(offers[0].start)) - 3 * theme.UNIT
        # Below the sentence, which says what is missing while the list says what there is.
        corner = self.mapTo(self._over, QPoint(left, self.says.geometry().bottom() + 1))
        self.offers.open_at(offers, corner)
        self.line.offers = True

    def _close(self) -> None:
        self.offers.hide()
        self.line.offers = False
        self._show_judgement()

    def _on_taken(self) -> None:
        offer = self.offers.first
        if offer is not None:
            self._take(offer)

    def _take(self, offer: Completion) -> None:
        """Put a word where it fits, with room for the next."""
        text = self.line.text()
        rest = text[offer.end :].lstrip(" ")
        begun = f"{text[: offer.start]}{offer.word} "
        self._set(f"{begun}{rest}")
        self.line.setCursorPosition(len(begun))
        self.line.setFocus()

    # What the keys do

    def _on_submitted(self) -> None:
        offer = self.offers.current
        if offer is not None:
            self._take(offer)
            return
        self._close()
        if self.parsed.ticket is not None:
            self.read.emit(self.parsed)
        elif self.parsed.problem is not None:
            self.line.mark(self.parsed.problem)
            self.says.show_sentence(Level.BLOCKED, discreet(_capital(self.parsed.problem.sentence())))

    def _on_draft(self) -> None:
        if self.parsed.problem is not None:
            self._close()
            self.kept.emit(self.parsed)

    def _on_suggestion(self) -> None:
        problem = self.parsed.problem
        if problem is None or not problem.suggestion:
            return
        text = self.line.text()
        before, after = text[: problem.start], text[problem.end :]
        if not problem.word and before and not before.endswith(" "):
            before += " "
        self._set(f"{before}{problem.suggestion}{after}")
        self.line.setCursorPosition(len(before) + len(problem.suggestion))
        self.line.setFocus()

    def _on_escaped(self) -> None:
        if self.offers.isVisible():
            self._close()
        else:
            self._on_left()

    def _on_left(self) -> None:
        if self.is_editing:
            self.stop()
            self.left.emit()

    def stop(self) -> None:
        """Edit nothing any more; a line that was changed stays, as a new one."""
        if not self.is_editing:
            return
        if self.line.text() == self._editing:
            self.finish()
        self.is_editing, self._editing = False, ""
        self._show_judgement()


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
