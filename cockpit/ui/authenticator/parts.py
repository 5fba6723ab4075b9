"""The parts of the authenticator box: the line of a code, the line while it is off, the question before forgetting."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from cockpit.domain.level import Level
from cockpit.domain.otp import WAIT_BELOW, Authenticator
from cockpit.ui import theme
from cockpit.ui.authenticator.clipboard import CLEARED_AFTER
from cockpit.ui.authenticator.face import CodeFace
from cockpit.ui.authenticator.ring import SecondsRing
from cockpit.ui.glyphs import GLYPH, draw_glyph, glyph_of
from cockpit.ui.text import plain_label, say, short, tooltip
from cockpit.ui.widgets.elided_label import ElidedLabel

_BUTTON = 26  # pixels of height
_SHOWN = "Shown while the mouse button or Space is held, 20 s at most, and never typed for you."
_LOOKING = "Looking into the keychain…"
_OFF = "Off. No seed is kept on this PC, and codes come from your other device."


class ClockLine(QWidget):
    """What this PC's clock allows: glyph and sentence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._level = Level.UNKNOWN
        self._words = ElidedLabel("", QPalette.ColorRole.PlaceholderText, self)
        self._words.setFont(theme.font(theme.DETAIL))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(GLYPH + theme.UNIT, 0, 0, 0)
        layout.addWidget(self._words)
        self.setMinimumWidth(20 * theme.UNIT)

    def text(self) -> str:
        """The whole sentence."""
        return self._words.text()

    def show_words(self, words: str, level: Level) -> None:
        """Show a sentence with its level; the same again repaints nothing."""
        self._words.set_text(words)
        is_news = level not in (Level.READY, Level.UNKNOWN)
        self._words.set_role(QPalette.ColorRole.WindowText if is_news else QPalette.ColorRole.PlaceholderText)
        if level is not self._level:
            self._level = level
            self.update()
        self.setAccessibleName(f"{level.value}: {words}")

    def sizeHint(self) -> QSize:
        return QSize(self._words.sizeHint().width() + GLYPH + theme.UNIT, 6 * theme.UNIT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour = theme.tokens_of(self.palette()).of(self._level)
        draw_glyph(painter, QPointF(GLYPH / 2, self.height() / 2), glyph_of(self._level), colour)


class CodeRow(QWidget):
    """Ring, code, which one, hold, copy, clock, and at the right what sets up and forgets."""

    pressed = Signal()
    released = Signal()
    copy_wanted = Signal()
    chosen = Signal()
    add_wanted = Signal()
    forget_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self._next_choice = ""
        self.ring = SecondsRing(self)
        self.face = CodeFace(self)
        self.picker = QComboBox(self)
        self.picker.setAccessibleName("Which authenticator")
        self.picker.setFont(theme.font(theme.DETAIL))
        self.picker.setFixedHeight(_BUTTON)
        self.picker.setMinimumContentsLength(14)
        self.picker.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.picker.currentIndexChanged.connect(self.chosen)
        self.hold = _button("Hold to show", self)
        self.hold.setAccessibleDescription(
            "Shows the code while the mouse button or Space is held, 20 s at most"
        )
        self.hold.pressed.connect(self.pressed)
        self.hold.released.connect(self.released)
        self.copy = _button("", self)
        self.copy.clicked.connect(self.copy_wanted)
        self.clock = ClockLine(self)
        self.add = _button("Add…", self, small=True)
        self.add.clicked.connect(self.add_wanted)
        self.forget = _button("Forget…", self, small=True)
        self.forget.clicked.connect(self.forget_wanted)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.UNIT, 0, 0, 0)
        layout.setSpacing(4 * theme.UNIT)
        for widget in (self.ring, self.face, self.picker, self.hold, self.copy):
            layout.addWidget(widget)
        layout.addWidget(self.clock, 1)
        layout.addWidget(self.add)
        layout.addWidget(self.forget)

    @property
    def chosen_name(self) -> str:
        """The name of the authenticator that is chosen; empty when there is none."""
        place = self.picker.currentIndex()
        return self._names[place] if 0 <= place < len(self._names) else ""

    def choose_later(self, name: str) -> None:
        """Choose this one as soon as it is offered."""
        self._next_choice = name

    def offer(self, authenticators: Sequence[Authenticator]) -> None:
        """Offer these; the chosen one stays chosen when it is still among them."""
        wanted = self._next_choice or self.chosen_name
        self._next_choice = ""
        self._names = tuple(one.name for one in authenticators)
        self.picker.blockSignals(True)
        self.picker.clear()
        self.picker.addItems([short(name, 28) for name in self._names])
        self.picker.setCurrentIndex(
            self._names.index(wanted) if wanted in self._names else 0 if self._names else -1
        )
        self.picker.blockSignals(False)
        self.picker.setVisible(len(self._names) > 1)

    def show_time(
        self, left: int, authenticator: Authenticator, in_clipboard: float, *, is_withheld: bool
    ) -> None:
        """Show the seconds that are left of the code, and those for which a copy stays in the clipboard."""
        is_ending = left <= WAIT_BELOW
        self.face.count(authenticator.digits)
        self.ring.show_seconds(None if is_withheld else left, authenticator.period, is_ending=is_ending)
        self.ring.setToolTip(tooltip(short(authenticator.name)))
        if in_clipboard > 0:
            words = f"Copied, clears in {in_clipboard:.0f} s"
        elif is_ending and not is_withheld:
            words = f"Wait {left} s"
        else:
            words = f"Copy, clears in {CLEARED_AFTER:.0f} s"
        if self.copy.text() != words:
            self.copy.setText(words)
        self.hold.setEnabled(not is_withheld)
        self.copy.setEnabled(not is_withheld and not is_ending)


class FinePrint(ElidedLabel):
    """How a code is shown, and what this system does about screen sharing."""

    def __init__(self, can_leave_out: bool, parent: QWidget | None = None) -> None:
        sharing = (
            "Meanwhile this window is left out of screen sharing."
            if can_leave_out
            else "This system cannot leave a window out of screen sharing."
        )
        super().__init__(f"{_SHOWN} {sharing}", QPalette.ColorRole.PlaceholderText, parent)
        self.setFont(theme.font(theme.SMALL))


class OffLine(QWidget):
    """What stands there while no seed is kept."""

    wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = ElidedLabel(_LOOKING, QPalette.ColorRole.PlaceholderText, self)
        self.words.setFont(theme.font(theme.DETAIL))
        self.set_up = _button("Set up…", self)
        self.set_up.clicked.connect(self.wanted)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4 * theme.UNIT)
        layout.addWidget(self.words, 1)
        layout.addWidget(self.set_up)
        self.show_known(False)

    def show_known(self, is_known: bool) -> None:
        """Say that it is off, or that nobody knows yet."""
        self.words.set_text(_OFF if is_known else _LOOKING)
        self.set_up.setVisible(is_known)


class ForgetQuestion(QWidget):
    """Asks before a seed is deleted, because nobody can bring it back."""

    answered = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = plain_label("", theme.font(theme.DETAIL))
        self.words.setWordWrap(True)
        self.words.setMinimumWidth(1)  # else one long word would widen the window
        self.words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.yes = _button("Forget it", self)
        self.yes.clicked.connect(self._on_yes)
        self.no = _button("Keep it", self)
        self.no.clicked.connect(self._on_no)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3 * theme.UNIT)
        layout.addWidget(self.words, 1)
        layout.addWidget(self.no)
        layout.addWidget(self.yes)

    def ask(self, name: str) -> None:
        """Ask about one authenticator; the safe answer has the keyboard."""
        sentence = (
            f"Forget {short(name, 60)}? Its seed is deleted from the keychain and cannot be brought back. "
            "Your other device goes on showing codes."
        )
        say(self.words, sentence)
        self.setAccessibleName(sentence)
        self.show()
        self.no.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _on_yes(self) -> None:
        self.answered.emit(True)

    @Slot()
    def _on_no(self) -> None:
        self.answered.emit(False)


def _button(words: str, parent: QWidget, *, small: bool = False) -> QPushButton:
    button = QPushButton(words, parent)
    if small:
        button.setProperty("small", True)
    else:
        button.setFixedHeight(_BUTTON)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button
