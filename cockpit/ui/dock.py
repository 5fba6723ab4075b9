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
        self._header = SectionHeader(title, self)
        self._frame = _Frame(self)
        self.setTitleBarWidget(self._header)
        self.setWidget(self._frame)
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
        self._frame.hold(pane)
        self._header.say_aside(pane.aside)
        pane.aside_changed.connect(self._header.say_aside)
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
            self.fill(self._make())
        elif self._last is not None:
            self._tell(*self._last)

    def fold_header(self, is_folded: bool) -> None:
        """Leave the header away while a tab says the title."""
        self._header.fold(is_folded)

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
            self._frame.say_failed(self.windowTitle())
            raise
