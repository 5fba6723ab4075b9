"""Failed sign-ins of the last day as boxes against the published limit, with where they happened."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Signal, Slot
from PySide6.QtGui import QAction, QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QMenu, QSizePolicy, QVBoxLayout, QWidget

from cockpit.domain.level import Level
from cockpit.domain.trust.sign_in import Lockout
from cockpit.domain.words import counted, moment, zone_letters
from cockpit.ui import theme
from cockpit.ui.actions import link_of
from cockpit.ui.order_grid.wrap import WrapLayout
from cockpit.ui.text import button_text, discreet
from cockpit.ui.trust.level_line import LevelLine
from cockpit.ui.trust.rows import takes
from cockpit.ui.widgets.section_header import SectionHeader
from cockpit.ui.widgets.small_button import small_button

_BOX = QSize(30, 10)
_GAP = theme.UNIT
_SIDE = 3 * theme.UNIT
# Where a sign-in can fail, as the trader says it.
PLACES = ("TWS", "IB Gateway", "Client Portal", "IBKR Mobile", "a launcher")


class AttemptBoxes(QWidget):
    """One box for each failure the broker allows, filled for those used, with a tick where launchers must stop."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._shown = (Level.UNKNOWN, 0, 0, 0)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_attempts(self, level: Level, used: int, limit: int, stop_at: int) -> None:
        """Show how many of `limit` are used; `stop_at` is where launchers must stop (0: not marked)."""
        shown = (level, used, limit, stop_at)
        if shown == self._shown:
            return
        self._shown = shown
        what = counted(used, "failed sign-in")
        self.setAccessibleName(f"{what} of {limit} in 24 hours" if limit else f"{what}, no limit published")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        limit = max(1, min(20, self._shown[2]))
        return QSize(2 * _SIDE + limit * (_BOX.width() + _GAP), 30)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 30)

    def paintEvent(self, event: QPaintEvent) -> None:
        level, used, limit, stop_at = self._shown
        if not limit:
            return
        tokens = theme.tokens_of(self.palette())
        painter = QPainter(self)
        room = (self.width() - 2 * _SIDE) // limit - _GAP
        wide = max(2, min(_BOX.width(), room))
        # The first half is calm: only where somebody must act does the colour say so.
        colour = tokens.ready if level in (Level.READY, Level.UNKNOWN) else tokens.of(level)
        for number in range(limit):
            box = QRect(_SIDE + number * (wide + _GAP), 11, wide, _BOX.height())
            painter.fillRect(box, QColor(colour) if number < used else QColor(tokens.line))
            if number + 1 == stop_at and stop_at < limit:
                painter.setPen(QPen(QColor(tokens.dim), 1))
                x = box.right() + 1 + _GAP // 2
                painter.drawLine(x, 6, x, 25)


class Attempts(QWidget):
    """The gauge with its sentence, and a way to say that one has just failed."""

    failed_at = Signal(str)  # where a sign-in failed, one of PLACES
    followed = Signal(str)  # id of an action

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._action = ""
        self.header = SectionHeader("Sign-in attempts, last 24 h", self)
        self.boxes = AttemptBoxes(self)
        self.says = LevelLine(self)
        self.say_failed = small_button("One has just failed …", self)
        self.menu = QMenu(self)
        for place in PLACES:
            made = QAction(f"At {place}", self.menu)
            made.setObjectName(place)
            made.triggered.connect(self._on_place)
            self.menu.addAction(made)
        self.say_failed.clicked.connect(self._on_say)
        self.fix = small_button("", self)
        self.fix.clicked.connect(self._on_fix)
        bar = QWidget(self)
        buttons = WrapLayout(bar)
        for one in (self.say_failed, self.fix):
            buttons.addWidget(one)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(self.boxes)
        layout.addWidget(self.says)
        layout.addWidget(bar)

    def show_lockout(self, lock: Lockout, now: float, zone: str) -> None:
        """Show how near the lock is."""
        self.boxes.show_attempts(lock.level, lock.used, lock.limit, lock.stop_at)
        self.header.say_aside(f"IBKR locks at {lock.limit}" if lock.limit else "no limit published")
        words = [lock.sentence]
        if lock.locked_until is not None:
            words.append(f"A lock would end {moment(lock.locked_until, now, zone)} {zone_letters(now, zone)}")
        elif lock.eases_at is not None:
            words.append(
                f"The oldest counts until {moment(lock.eases_at, now, zone)} {zone_letters(now, zone)}"
            )
        if lock.remedy is not None and not link_of(lock.remedy.action):
            words.append(lock.remedy.sentence.rstrip("."))
        self.says.show_line(lock.level, discreet(f"{'. '.join(words)}."), discreet(lock.source))
        link = link_of(lock.remedy.action) if lock.remedy is not None else ""
        self._action = lock.remedy.action if lock.remedy is not None else ""
        self.fix.setVisible(bool(link))
        self.fix.setText(button_text(f"{link}{takes(lock.remedy)}" if lock.remedy is not None else ""))

    @Slot()
    def _on_say(self) -> None:
        self.menu.popup(self.say_failed.mapToGlobal(self.say_failed.rect().bottomLeft()))

    @Slot()
    def _on_place(self) -> None:
        chosen = self.sender()
        if chosen is not None:
            self.failed_at.emit(chosen.objectName())

    @Slot()
    def _on_fix(self) -> None:
        self.followed.emit(self._action)
