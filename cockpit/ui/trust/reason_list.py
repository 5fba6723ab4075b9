"""The list of what a level rests on: each line as high as its words need, so that nothing hides in a tooltip."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QWidget

from cockpit.ui import theme
from cockpit.ui.trust.rows import REASON_HEIGHT, REASONS, reason_rows
from cockpit.ui.widgets.ledger import Ledger, broken

_MOST_LINES = 8
_PAD = 5 * theme.UNIT  # what a cell keeps free at both sides together
_AROUND = 3 * theme.UNIT  # above and below the words


class ReasonList(Ledger):
    """Two columns: level, and what it rests on."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(name, REASONS, REASON_HEIGHT, parent)
        self._fitted: tuple[int, object] = (0, ())

    def show_reasons(self, detail: Sequence[str]) -> None:
        """Show a line for everything that was said."""
        self.show_rows(reason_rows(detail))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        width = self.columnWidth(1) - _PAD
        if (width, self.rows) == self._fitted:
            return
        self._fitted = (width, self.rows)
        font = theme.font(theme.TEXT)
        tall = QFontMetrics(font).height()
        for number, row in enumerate(self.rows):
            lines = len(broken(row.cells[1].text, font, max(40, width), _MOST_LINES))
            self.verticalHeader().resizeSection(number, max(28, lines * tall + _AROUND))
