"""Facts below each other: a quiet word at the left, what it is at the right, wrapped; scrolled when there are many."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QSizePolicy, QWidget

from cockpit.ui import theme
from cockpit.ui.text import plain_label, say

_NAME = 92  # width of the quiet words

FactLine = tuple[str, str]


class FactLines(QScrollArea):
    """Shows pairs of words. Labels are reused: unchanged lines repaint nothing."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[FactLine, ...] = ()
        self._labels: list[tuple[QLabel, QLabel]] = []
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # so that the arrows can scroll it
        self._inside = QWidget(self)
        self._grid = QGridLayout(self._inside)
        self._grid.setContentsMargins(3 * theme.UNIT, 2 * theme.UNIT, 3 * theme.UNIT, 2 * theme.UNIT)
        self._grid.setHorizontalSpacing(2 * theme.UNIT)
        self._grid.setVerticalSpacing(theme.UNIT)
        self._grid.setColumnMinimumWidth(0, _NAME)
        self._grid.setColumnStretch(1, 1)
        self.setWidget(self._inside)

    @property
    def lines(self) -> tuple[FactLine, ...]:
        """The lines as they are shown."""
        return self._shown

    def show_lines(self, lines: tuple[FactLine, ...]) -> None:
        """Show these lines; none with an empty right side is shown."""
        lines = tuple((name, text) for name, text in lines if text)
        if lines == self._shown:
            return
        self._shown = lines
        while len(self._labels) < len(lines):
            self._labels.append(self._add(len(self._labels)))
        for number, (name, text) in enumerate(self._labels):
            is_used = number < len(lines)
            name.setVisible(is_used)
            text.setVisible(is_used)
            say(name, lines[number][0] if is_used else "")
            say(text, lines[number][1] if is_used else "")
        self._grid.setRowStretch(len(self._labels), 1)

    def _add(self, row: int) -> tuple[QLabel, QLabel]:
        self._grid.setRowStretch(row, 0)
        name = plain_label("", theme.font(theme.SMALL), QPalette.ColorRole.PlaceholderText, self._inside)
        name.setMinimumHeight(16)
        text = plain_label("", theme.font(theme.DETAIL), parent=self._inside)
        text.setWordWrap(True)
        text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        top = Qt.AlignmentFlag.AlignTop
        self._grid.addWidget(name, row, 0, top)
        self._grid.addWidget(text, row, 1, top)
        return name, text
