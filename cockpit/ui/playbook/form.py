"""Adding and changing a ticket by form. The form writes the line and is filled from it, so both always agree."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from cockpit.domain.plan import Ticket
from cockpit.domain.tickets.known import SIDES, Known, algorithms, order_types, times
from cockpit.domain.tickets.numbers import written
from cockpit.domain.tickets.prices import WORDS, numbers_of
from cockpit.domain.tickets.reader import Parsed
from cockpit.domain.tickets.writer import write
from cockpit.ui import theme
from cockpit.ui.order_grid.controls import Picker
from cockpit.ui.order_grid.wrap import WrapLayout
from cockpit.ui.playbook.controls import HEIGHT, field
from cockpit.ui.text import plain_label

_NUMBERS = ("stop", "trail", "limit_offset", "price")


class TicketForm(QWidget):
    """One field for everything that a ticket can say; those that its type does not need are hidden."""

    composed = Signal(str)  # the line that the fields make

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._known: Known | None = None
        self._is_filling = False
        self.side = Picker("Side", self, 5)
        self.quantity = field("Quantity", self, 76, "1")
        self.instrument = QComboBox(self)
        self.order_type = Picker("Order type", self, 18)
        self.numbers = {name: field(WORDS[name].capitalize(), self, 82) for name in _NUMBERS}
        self.time = Picker("Time in force", self, 9)
        self.until = field("Until", self, 100, "20DEC26")
        self.account = Picker("Account", self, 10)
        self.algorithm = Picker("Algorithm", self, 14)
        self.outside = self._toggle("Outside too", "May fill outside hours")
        self.cash = self._toggle("Money", "Quantity is an amount of money")
        self._groups: dict[QWidget, QWidget] = {}
        self._build()

    def _build(self) -> None:
        self.instrument.setAccessibleName("Contract")
        self.instrument.setEditable(True)
        self.instrument.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.instrument.setFont(theme.font(theme.DETAIL))
        line = self.instrument.lineEdit()
        if line is not None:
            line.setFont(theme.font(theme.DETAIL))
        self.instrument.setFixedSize(190, HEIGHT)
        self.side.offer([(word, word.capitalize()) for word in SIDES])
        layout = WrapLayout(self)
        layout.setSpacing(3 * theme.UNIT)
        for name, widget in (
            ("Side", self.side),
            ("Quantity", self.quantity),
            ("Contract", self.instrument),
            ("Order type", self.order_type),
            *((WORDS[name].capitalize(), widget) for name, widget in self.numbers.items()),
            ("Time in force", self.time),
            ("Until", self.until),
            ("Algorithm", self.algorithm),
            ("Account", self.account),
            ("Hours", self.outside),
            ("Quantity is", self.cash),
        ):
            self._groups[widget] = _labelled(name, widget, self)
            layout.addWidget(self._groups[widget])
        for picker in (self.side, self.order_type, self.time, self.account, self.algorithm):
            picker.currentIndexChanged.connect(self._on_changed)
        for line in (self.quantity, self.until, *self.numbers.values()):
            line.textEdited.connect(self._on_changed)
        self.instrument.currentTextChanged.connect(self._on_changed)
        self._dress()

    def _toggle(self, text: str, name: str) -> QPushButton:
        made = QPushButton(text, self)
        made.setAccessibleName(name)
        made.setCheckable(True)
        made.setProperty("small", True)
        made.setFixedHeight(HEIGHT)
        made.toggled.connect(self._on_changed)
        return made

    def show_known(self, known: Known) -> None:
        """Offer what the catalogue and the desk have."""
        self._known = known
        self._is_filling = True
        types: dict[str, str] = {}
        for one in order_types(known.catalogue).values():
            if not one.time_in_force:
                types.setdefault(one.code, one.row.title)
        self.order_type.offer(list(types.items()))
        self.time.offer(
            [(code, code) for code in dict.fromkeys(code for code, _ in times(known.catalogue).values())]
        )
        rows = {row.key: row for row in algorithms(known.catalogue).values()}
        self.algorithm.offer([("", "None"), *((key, row.title) for key, row in rows.items())])
        self.account.offer([("", "The first"), *((one, one) for one in known.accounts)])
        written_so_far = self.instrument.currentText()
        self.instrument.clear()
        self.instrument.addItems([one.key for one in known.instruments])
        self.instrument.setCurrentText(written_so_far)
        self._is_filling = False
        self._dress()

    def show_ticket(self, parsed: Parsed) -> None:
        """Fill the fields from a line that can be read; any other line leaves them as they are."""
        ticket, known = parsed.ticket, self._known
        if ticket is None or known is None or self.line() == parsed.text:
            return
        with_new = Known(
            known.catalogue, (*known.instruments, *parsed.instruments), known.accounts, known.today
        )
        self._is_filling = True
        self.side.choose(ticket.action)
        self.quantity.setText(written(ticket.quantity))
        self.instrument.setCurrentText(_contract_words(ticket, with_new))
        self.order_type.choose(ticket.order_type)
        needed = numbers_of(ticket.order_type)
        for name, line in self.numbers.items():
            value = float(getattr(ticket, name))
            percent = "%" if name == "trail" and ticket.trail_in_percent else ""
            line.setText(f"{written(value)}{percent}" if value and name in needed else "")
        self.time.choose(ticket.time_in_force)
        self.until.setText(ticket.until)
        self.algorithm.choose(ticket.algorithm)
        self.account.choose(ticket.account)
        self.outside.setChecked(ticket.outside_hours)
        self.cash.setChecked(ticket.in_cash)
        self._is_filling = False
        self._dress()

    def line(self) -> str:
        """Write what the fields say."""
        numbers = [self.numbers[name].text().strip() for name in numbers_of(self.order_type.key)]
        words = [
            self.side.key,
            self.quantity.text().strip(),
            self.instrument.currentText().strip(),
            self.order_type.key,
            *numbers,
            "" if self.time.key == "DAY" else self.time.key,
            self.until.text().strip() if self.time.key == "GTD" else "",
            "outside" if self.outside.isChecked() else "",
            "cash" if self.cash.isChecked() else "",
            f"algo {self.algorithm.key}" if self.algorithm.key else "",
            f"account {self.account.key}" if self.account.key else "",
        ]
        return " ".join(word for word in words if word)

    def _on_changed(self) -> None:
        if not self._is_filling:
            self._dress()
            self.composed.emit(self.line())

    def _dress(self) -> None:
        """Show only what the type and the time in force need."""
        needed = numbers_of(self.order_type.key) if self.order_type.key else ()
        for name, widget in self.numbers.items():
            self._groups[widget].setVisible(name in needed)
        self._groups[self.until].setVisible(self.time.key == "GTD")
        self._groups[self.algorithm].setVisible(self.algorithm.count() > 1)
        self._groups[self.account].setVisible(self.account.count() > 1)
        self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), QColor(theme.tokens_of(self.palette()).raised))


def _contract_words(ticket: Ticket, known: Known) -> str:
    """Write the contract of a ticket alone, with what the line says of its exchange."""
    bare = Ticket("", ticket.instrument, order_type="MKT", legs=ticket.legs)
    contract, _, venue = write(bare, known).removeprefix("BUY 1 ").partition(" MKT")
    return f"{contract}{venue}"


def _labelled(name: str, widget: QWidget, parent: QWidget) -> QWidget:
    """Put a field below its name."""
    made = QWidget(parent)
    layout = QVBoxLayout(made)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(2)
    label = plain_label(name, theme.font(theme.SMALL), QPalette.ColorRole.PlaceholderText, made)
    layout.addWidget(label)
    row = QHBoxLayout()
    row.addWidget(widget, 0, Qt.AlignmentFlag.AlignLeft)
    layout.addLayout(row)
    if isinstance(widget, QLineEdit | QComboBox):
        label.setBuddy(widget)
    return made
