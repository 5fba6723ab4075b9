"""A pane in its dock: header, frame, and what is shown when the pane has failed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QDockWidget, QVBoxLayout, QWidget

from cockpit.services.state import DeskState
from cockpit.ui import theme
from cockpit.ui.glance import Glance
from cockpit.ui.pane import Pane, Wish
from cockpit.ui.text import plain_label
from cockpit.ui.widgets.section_header import SectionHeader


class _Frame(QWidget):
    """The line around a pane, below its header."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._pane: Pane | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(1, 0, 1, 1)

    def hold(self, pane: Pane) -> None:
        """Show `pane` instead of the one before."""
        if self._pane is not None:
            self._layout.removeWidget(self._pane)
            self._pane.deleteLater()
        self._pane = pane
        self._layout.addWidget(pane)

    def say_failed(self, title: str) -> None:
        """Replace the pane by a sentence."""
        if self._pane is not None:
            self._pane.hide()
        words = f"{title} failed and is not shown. The other panes go on; the log has the details."
        label = plain_label(words, theme.font(theme.TEXT), QPalette.ColorRole.PlaceholderText, self)
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        label.setWordWrap(True)
        self._layout.addWidget(label, 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens_of(self.palette())
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens.pane))
        painter.setPen(QColor(tokens.line))
        painter.drawRect(self.rect().adjusted(0, -1, -1, -1))


class PaneDock(QDockWidget):
    """Holds one pane, made when it is first seen. A bug in it must not take the others down: a sentence replaces it.

    A pane that nobody sees is told nothing; when it is seen again it is shown what is known then.
    """

    wished = Signal(Wish)
    sent = Signal(object)
    filled = Signal()  # the pane is made

    def __init__(self, id: str, title: str, make: Callable[[], Pane], parent: QWidget) -> None:  # noqa: A002
        super().__init__(title, parent)
        self.setObjectName(id)
        self.has_failed = False
        self._make = make
        self._pane: Pane | None = None
        self._last: tuple[DeskState, Glance, float] | None = None
        self._is_seen = False
        self._is_settled = False
        self._header: SectionHeader | None = None  # made when it is first shown: behind a tab there is none
        self._no_header = QWidget(self)
        self._frame: _Frame | None = None  # made with the pane
        self.setTitleBarWidget(self._no_header)
        self.setFeatures(
            QDockWidget.DockWidgetFeature.DockWidgetMovable
            | QDockWidget.DockWidgetFeature.DockWidgetFloatable
            | QDockWidget.DockWidgetFeature.DockWidgetClosable
        )
        self.visibilityChanged.connect(self._on_visibility)

    @property
    def pane(self) -> Pane:
        """The pane; made now if it was never seen."""
        return self._pane if self._pane is not None else self.fill(self._make())

    @property
    def is_seen(self) -> bool:
        """Whether it is on screen: not closed, and not behind another tab."""
        return self._is_seen

    def fill(self, pane: Pane) -> Pane:
        """Hold `pane` from now on, and show it what is known."""
        self._pane = pane
        if self._frame is None:
            self._frame = _Frame(self)
            self.setWidget(self._frame)
        self._frame.hold(pane)
        self._say_aside(pane.aside)
        pane.aside_changed.connect(self._say_aside)
        pane.wished.connect(self.wished)
        pane.sent.connect(self.sent)
        if self._last is not None:
            self._tell(*self._last)
        self.filled.emit()
        return pane

    @property
    def has_pane(self) -> bool:
        """Whether the pane was seen yet."""
        return self._pane is not None

    @Slot(bool)
    def _on_visibility(self, is_seen: bool) -> None:
        was_seen, self._is_seen = self._is_seen, is_seen
        if not is_seen or was_seen:
            return
        if self._pane is None:
            self._make_if_seen()
        elif self._last is not None:
            self._tell(*self._last)

    def fold_header(self, is_folded: bool) -> None:
        """Leave the header away while a tab says the title."""
        if self._header is None and not is_folded:
            self._header = SectionHeader(self.windowTitle(), self)
            self._say_aside(self._pane.aside if self._pane is not None else "")
        wanted = self._no_header if is_folded or self._header is None else self._header
        if self.titleBarWidget() is not wanted:
            self.setTitleBarWidget(wanted)
            wanted.show()
            if self._header is not None and wanted is not self._header:
                self._header.hide()

    @Slot(str)
    def _say_aside(self, text: str) -> None:
        if self._header is not None:
            self._header.say_aside(text)

    def settle(self) -> None:
        """Make the pane from now on when it is seen: while tabs are put up, each is in front for a moment."""
        self._is_settled = True
        self._make_if_seen()

    def _make_if_seen(self) -> None:
        if self._pane is None and self._is_seen and self._is_settled:
            self.fill(self._make())

    def show_state(self, state: DeskState, found: Glance, now: float) -> None:
        """Show a state in the pane; an exception goes on to the program's hook after the pane said that it failed."""
        self._last = (state, found, now)
        if self._pane is not None and (self._is_seen or not self.window().isVisible()):
            self._tell(state, found, now)

    def _tell(self, state: DeskState, found: Glance, now: float) -> None:
        if self.has_failed:
            return
        try:
            self.pane.show_state(state, found, now)
        except Exception:
            self.has_failed = True
            if self._frame is not None:
                self._frame.say_failed(self.windowTitle())
            raise
