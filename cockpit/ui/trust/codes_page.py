"""The page of the authenticator codes: a place that the window fills, because codes come from outside the state."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from cockpit.ui import theme
from cockpit.ui.text import plain_label

NO_CODES = "No authenticator is kept here."


class CodesPage(QScrollArea):
    """Scrolls in a narrow pane rather than widening it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._inside = QWidget(self)
        self._box: QWidget = plain_label(
            NO_CODES, theme.font(theme.TEXT), QPalette.ColorRole.PlaceholderText, self._inside
        )
        self._box.setContentsMargins(*(3 * theme.UNIT,) * 4)
        self._layout = QVBoxLayout(self._inside)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.addWidget(self._box)
        self._layout.addStretch(1)
        self.setWidget(self._inside)

    def hold(self, box: QWidget) -> None:
        """Put a box, which brings its own title, into the place."""
        self._layout.replaceWidget(self._box, box)
        self._box.hide()
        self._box.deleteLater()
        self._box = box
