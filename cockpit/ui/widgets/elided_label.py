"""A label that shortens its text with an ellipsis and gives the whole of it in the tooltip."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from cockpit.ui.text import tooltip


class ElidedLabel(QWidget):
    """One line of plain text that may be cut at the right."""

    def __init__(
        self,
        text: str = "",
        role: QPalette.ColorRole = QPalette.ColorRole.WindowText,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._text = ""
        self._role = role
        self._align = Qt.AlignmentFlag.AlignLeft
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.set_text(text)

    def text(self) -> str:
        """The whole text, however much of it fits."""
        return self._text

    def set_text(self, text: str) -> None:
        """Show `text`; the same text again repaints nothing."""
        if text == self._text:
            return
        self._text = text
        self.setAccessibleName(text)
        self.setToolTip(tooltip(text))
        self.updateGeometry()
        self.update()

    def set_role(self, role: QPalette.ColorRole) -> None:
        """Paint with another colour of the palette."""
        if role != self._role:
            self._role = role
            self.update()

    def set_alignment(self, align: Qt.AlignmentFlag) -> None:
        """Align left or right."""
        self._align = align
        self.update()

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self._text) + 2, metrics.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(
            min(self.sizeHint().width(), 4 * self.fontMetrics().averageCharWidth()),
            self.fontMetrics().height(),
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self._role))
        shown = self.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | self._align, shown)
