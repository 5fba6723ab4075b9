"""The first start on a real desk: what was found, three questions at most, and the demo without any."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct
from PySide6.QtCore import QPointF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from cockpit.domain.level import Level
from cockpit.ui import theme
from cockpit.ui.glyphs import GLYPH, draw_glyph, glyph_of
from cockpit.ui.text import button_text, discreet, plain_label, say, short
from cockpit.ui.widgets.elided_label import ElidedLabel

_WIDTH = 820
_ROW = 44
_TIMES = ("23:45", "23:55")  # two usual answers; any other can be typed
_ACCOUNT = re.compile(r"[A-Z]{1,3}\d{4,9}")
_TIME = re.compile(r"([01]?\d|2[0-3]):[0-5]\d")


class DoorUse(StrEnum):
    """What the trader says about a door that was found."""

    LIVE = "live"
    PAPER = "paper"
    NOT_MINE = "not mine"
    UNSAID = "unsaid"


class FoundDoor(Struct, frozen=True):
    """A door that was looked for on this PC. `owner` is the program that really listens, as far as the system tells."""

    title: str
    host: str
    port: int
    program: str
    owner: str = ""
    is_listening: bool = False


class DoorAnswer(Struct, frozen=True):
    """A door and what it is for."""

    door: FoundDoor
    use: DoorUse


class FirstAnswers(Struct, frozen=True):
    """What the trader said; whatever was skipped is empty. `restart_at` is HH:MM in this PC's time."""

    doors: tuple[DoorAnswer, ...]
    accounts: tuple[str, ...] = ()
    restart_at: str = ""


def read_accounts(text: str) -> tuple[tuple[str, ...], str]:
    """Read account numbers from what was typed; return them and the first word that is none ("" when all are)."""
    words = [word for word in re.split(r"[\s,;]+", text.upper()) if word]
    wrong = next((word for word in words if not _ACCOUNT.fullmatch(word)), "")
    return tuple(dict.fromkeys(word for word in words if _ACCOUNT.fullmatch(word))), wrong


class _DoorRow(QWidget):
    """One door, and one click to say what it is."""

    def __init__(self, door: FoundDoor, parent: QWidget) -> None:
        super().__init__(parent)
        self.door = door
        self.setFixedHeight(_ROW)
        where = f"{short(door.host)}:{door.port}"
        state = (
            f"{where} · {short(door.owner) or 'owner not visible'} listens"
            if door.is_listening
            else f"{where} · silent"
        )
        title = ElidedLabel(discreet(_name(door)))
        title.setFont(theme.font(theme.TEXT, bold=True))
        detail = ElidedLabel(state, QPalette.ColorRole.PlaceholderText)
        detail.setFont(theme.font(theme.DETAIL))
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addStretch()
        words.addWidget(title)
        words.addWidget(detail)
        words.addStretch()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10 * theme.UNIT, 0, 3 * theme.UNIT, 0)
        layout.setSpacing(2 * theme.UNIT)
        layout.addLayout(words, 1)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        for place, use in enumerate((DoorUse.LIVE, DoorUse.PAPER, DoorUse.NOT_MINE)):
            button = _choice(use.value.capitalize(), self)
            button.setAccessibleName(f"{short(door.title)} {where} is {use.value}")
            button.setEnabled(door.is_listening or use is DoorUse.NOT_MINE)
            self._group.addButton(button, place)
            layout.addWidget(button)
        if not door.is_listening:
            self._group.button(2).setChecked(True)

    @property
    def use(self) -> DoorUse:
        """What was chosen."""
        uses = {0: DoorUse.LIVE, 1: DoorUse.PAPER, 2: DoorUse.NOT_MINE}
        return uses.get(self._group.checkedId(), DoorUse.UNSAID)

    def choose(self, use: DoorUse) -> None:
        """Choose as a click would."""
        places = {DoorUse.LIVE: 0, DoorUse.PAPER: 1, DoorUse.NOT_MINE: 2}
        if use in places:
            self._group.button(places[use]).click()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens_of(self.palette())
        painter = QPainter(self)
        level = Level.READY if self.door.is_listening else Level.UNKNOWN
        draw_glyph(
            painter, QPointF(3 * theme.UNIT + GLYPH / 2, self.height() / 2), glyph_of(level), tokens.of(level)
        )
        painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(tokens.line))


class FirstStart(QWidget):
    """The page of the first start. Nothing on it must be answered."""

    answered = Signal(FirstAnswers)
    demo_wanted = Signal()

    def __init__(self, found: Sequence[FoundDoor], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("First start")
        self.rows = [_DoorRow(door, self) for door in found]
        self.accounts = QLineEdit(self)
        self.accounts.setPlaceholderText("U1234567, U7654321")
        self.accounts.setAccessibleName("Accounts that should be there")
        self.accounts.textChanged.connect(self._on_typed)
        self.restart = QLineEdit(self)
        self.restart.setPlaceholderText("HH:MM")
        self.restart.setAccessibleName("When TWS restarts, hour and minute")
        self.restart.setFixedWidth(90)
        self.restart.textChanged.connect(self._on_typed)
        self._complaint = plain_label("", theme.font(theme.DETAIL))
        self.start = QPushButton("Start", self)
        self.start.setProperty("strong", True)
        self.start.setFont(theme.font(theme.TEXT, bold=True))
        self.start.setFixedHeight(32)
        self.start.clicked.connect(self._on_start)
        self.demo = QPushButton("Try the demo", self)
        self.demo.setFixedHeight(32)
        self.demo.clicked.connect(self.demo_wanted)
        self._build()

    def _build(self) -> None:
        page = QWidget(self)
        page.setFixedWidth(_WIDTH)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 10 * theme.UNIT, 0, 8 * theme.UNIT)
        column.setSpacing(2 * theme.UNIT)
        column.addWidget(plain_label("This desk", theme.font(22, bold=True)))
        column.addWidget(
            _dim("The cockpit has looked at this PC's programs and ports. It has connected to nothing.")
        )
        column.addSpacing(4 * theme.UNIT)
        column.addWidget(_question("1", "Which of these are yours, and which lead to paper accounts?"))
        column.addWidget(self._doors(page))
        column.addSpacing(4 * theme.UNIT)
        column.addWidget(_question("2", "Which accounts should be there?"))
        column.addWidget(_dim("Left empty, whichever come are fine, and one more or less is not noticed."))
        column.addWidget(self.accounts)
        column.addSpacing(4 * theme.UNIT)
        column.addWidget(_question("3", "When does TWS restart or log off by itself?"))
        column.addWidget(
            _dim("In TWS: Global Configuration, Lock and Exit. Left empty, it is shown as not known.")
        )
        column.addLayout(self._times())
        column.addSpacing(6 * theme.UNIT)
        column.addLayout(self._last_line())
        column.addStretch(1)
        middle = QWidget(self)
        across = QHBoxLayout(middle)
        across.addStretch(1)
        across.addWidget(page)
        across.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidget(middle)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)

    def _doors(self, page: QWidget) -> QWidget:
        box = QWidget(page)
        rows = QVBoxLayout(box)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        for row in self.rows:
            rows.addWidget(row)
        if not any(row.door.is_listening for row in self.rows):
            hint = "No broker program listens here now. Start TWS or IB Gateway and sign in, or try the demo."
            rows.addWidget(_dim(hint))
        return box

    def _times(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(2 * theme.UNIT)
        line.addWidget(self.restart)
        for text in _TIMES:
            button = QPushButton(text, self)
            button.setObjectName(text)
            button.clicked.connect(self._on_time)
            line.addWidget(button)
        line.addStretch(1)
        return line

    def _last_line(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(3 * theme.UNIT)
        line.addWidget(self.start)
        line.addWidget(self.demo)
        line.addWidget(self._complaint)
        line.addStretch(1)
        later = _dim("All of it can be changed later in the settings file.")
        later.setWordWrap(False)
        line.addWidget(later)
        return line

    @property
    def answers(self) -> FirstAnswers:
        """What was said so far; what cannot be read counts as skipped."""
        accounts, _ = read_accounts(self.accounts.text())
        restart = self.restart.text().strip()
        doors = tuple(DoorAnswer(row.door, row.use) for row in self.rows)
        return FirstAnswers(doors, accounts, restart.rjust(5, "0") if _TIME.fullmatch(restart) else "")

    @Slot()
    def _on_typed(self) -> None:
        """Say at once what cannot be read, and do not let it pass silently."""
        _, wrong = read_accounts(self.accounts.text())
        restart = self.restart.text().strip()
        complaint = f"{wrong[:20]} is not an account number." if wrong else ""
        if not complaint and restart and not _TIME.fullmatch(restart):
            complaint = "The time is written as 23:45."
        say(self._complaint, complaint)
        self.start.setEnabled(not complaint)

    @Slot()
    def _on_time(self) -> None:
        button = self.sender()
        if button is not None:
            self.restart.setText(button.objectName())

    @Slot()
    def _on_start(self) -> None:
        self.answered.emit(self.answers)


def _name(door: FoundDoor) -> str:
    return door.title if door.program in door.title else f"{door.title}, {door.program}"


def _question(number: str, text: str) -> QLabel:
    return plain_label(f"{number}   {text}", theme.font(theme.LARGE, bold=True))


def _dim(text: str) -> QLabel:
    label = plain_label(text, theme.font(theme.DETAIL), QPalette.ColorRole.PlaceholderText)
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    return label


def _choice(text: str, parent: QWidget) -> QPushButton:
    button = QPushButton(button_text(text), parent)
    button.setCheckable(True)
    button.setProperty("choice", True)
    button.setFixedSize(84, 28)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button
