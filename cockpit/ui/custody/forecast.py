"""Before a second sign-in: every way in, what it would take from whom and when, and the rule behind each answer."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QPalette
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from cockpit.domain.custody.forecast import Forecast, Taking, in_words, title_of
from cockpit.domain.interface import Interface
from cockpit.domain.level import Level
from cockpit.domain.words import counted
from cockpit.ui import theme
from cockpit.ui.glyphs import glyph_of
from cockpit.ui.pane import Wish
from cockpit.ui.text import discreet, plain_label, say
from cockpit.ui.widgets.ledger import LEGEND, Cell, Ledger, Place, Row, Tone
from cockpit.ui.widgets.small_button import dialog_button

SIZE = (1000, 600)
_SIGN_IN = 30
_TAKING = 76
_OPEN_SOURCE = "open-source"
_WORDS = {Level.READY: "Takes nothing", Level.LIMITED: "Can take from you", Level.UNKNOWN: "Nobody knows"}
_WITH_PAGE = (Interface.CLIENT_PORTAL, Interface.WEB_API)  # the sign-ins that have a page to open
_SIGN_INS = (Place("Sign-in with your username", 240), Place("Standing", 170), Place("What", 240, share=1))
_TAKINGS = (
    Place("Takes", 150),
    Place("From whom", 170, share=1),
    Place("When", 170, share=1),
    Place("Rule", 270, share=4),
    Place("Known", 104),
    Place("", 64),
)


class ForecastDialog(QDialog):
    """A list of sign-ins, and below it what the chosen one takes. It is opened beside the work, never in its way."""

    wished = Signal(Wish)
    sign_in_asked = Signal(str)  # the value of an Interface

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found: tuple[Forecast, ...] = ()
        self.setWindowTitle("Before you sign in elsewhere")
        self.setObjectName("forecast")
        self.setModal(False)
        self.resize(*SIZE)
        self.list = Ledger("Sign-ins", _SIGN_INS, _SIGN_IN, self)
        self.list.moved.connect(self._on_moved)
        self.takings = Ledger("What it takes", _TAKINGS, _TAKING, self)
        self.takings.followed.connect(self._on_followed)
        self._advice = plain_label("", theme.font(theme.TEXT), parent=self)
        self._advice.setWordWrap(True)
        quiet = QPalette.ColorRole.PlaceholderText
        self._aside = plain_label("", theme.font(theme.SMALL), quiet, self)
        self.sign_in = dialog_button("Sign in all the same", self)
        self.copy_all = dialog_button("Copy", self)
        self.sign_in.clicked.connect(self._on_sign_in)
        self.copy_all.clicked.connect(self._on_copy)
        self._build()

    def _build(self) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(2 * theme.UNIT)
        foot.addWidget(self.sign_in)
        foot.addWidget(self.copy_all)
        foot.addStretch(1)
        foot.addWidget(self._aside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4 * theme.UNIT, 4 * theme.UNIT, 4 * theme.UNIT, 3 * theme.UNIT)
        layout.setSpacing(3 * theme.UNIT)
        layout.addWidget(self.list)
        layout.addWidget(self.takings, 1)
        layout.addWidget(self._advice)
        layout.addLayout(foot)

    def open_for(self, found: Sequence[Forecast], as_of: str, about: Interface | None = None) -> None:
        """Show these forecasts, foretold at `as_of` (a time in words), `about` chosen, else what was chosen before."""
        self._found = tuple(found)
        self.list.show_rows([_sign_in(one) for one in self._found])
        self.list.setFixedHeight(self.list.wanted_height())
        if about is not None:
            self.list.select(about.value)
        say(self._aside, f"As of {as_of} · {LEGEND}")
        self._on_moved(self.list.current_key)
        self.show()
        self.raise_()
        self.activateWindow()
        self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @property
    def chosen(self) -> Forecast | None:
        """The forecast that is shown whole."""
        return next((one for one in self._found if one.interface.value == self.list.current_key), None)

    def text(self) -> str:
        """Everything that is said of the chosen sign-in, for copying and for assistive technology."""
        return in_words(self.chosen) if self.chosen is not None else ""

    def _on_moved(self, key: str) -> None:
        found = self.chosen
        rows = [_taking(number, one) for number, one in enumerate(found.takings)] if found is not None else []
        self.takings.show_hint(found.advice if found is not None else "")
        self.takings.show_rows(rows)
        say(self._advice, discreet(found.advice) if found is not None and rows else "")
        self._advice.setVisible(bool(self._advice.text()))
        self.sign_in.setVisible(found is not None and found.interface in _WITH_PAGE)
        self.setAccessibleDescription(self.text())

    def _on_sign_in(self) -> None:
        if self.chosen is not None:
            self.sign_in_asked.emit(self.chosen.interface.value)
            self.close()

    def _on_followed(self, key: str, action: str) -> None:
        found = self.chosen
        if found is not None and action == _OPEN_SOURCE:
            self.wished.emit(Wish(_OPEN_SOURCE, found.takings[int(key)].source))

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close on Esc; Enter belongs to the lists."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)


def _sign_in(found: Forecast) -> Row:
    what = ", ".join(one.what for one in found.takings)
    number = counted(len(found.takings), "thing") if found.takings else "nothing"
    return Row(
        found.interface.value,
        (
            Cell(title_of(found.interface), tone=Tone.STRONG),
            Cell(_WORDS[found.level], glyph=glyph_of(found.level), level=found.level),
            Cell(what[:1].upper() + what[1:] if what else "—", tone=Tone.QUIET),
        ),
        f"{discreet(found.headline)}: {number}",
    )


def _taking(number: int, one: Taking) -> Row:
    has_source = one.source.startswith("https://")
    return Row(
        str(number),
        (
            Cell(one.what[:1].upper() + one.what[1:], tone=Tone.STRONG),
            Cell(discreet(one.whose[:1].upper() + one.whose[1:]), wraps=True),
            Cell(discreet(one.when[:1].upper() + one.when[1:]), wraps=True),
            Cell(discreet(one.rule), wraps=True),
            Cell(
                one.provenance.value,
                glyph=glyph_of(one.level),
                level=one.level,
                evidence=one.provenance,
                is_mark=True,
            ),
            Cell("Source", tone=Tone.LINK, action=_OPEN_SOURCE) if has_source else Cell("—", tone=Tone.QUIET),
        ),
        discreet(f"{one.rule}\n{one.source or 'No source'}{f', as of {one.as_of}' if one.as_of else ''}"),
    )
