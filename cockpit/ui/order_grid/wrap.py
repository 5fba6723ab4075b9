"""A layout that goes on in the next line when a line is full: a tool bar must not widen a window."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

from cockpit.ui import theme


class WrapLayout(QLayout):
    """Lays widgets out from left to right, line after line."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(3 * theme.UNIT, theme.UNIT + 1, 3 * theme.UNIT, theme.UNIT + 1)
        self.setSpacing(2 * theme.UNIT)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._lay(QRect(0, 0, width, 0), is_asking=True)

    def setGeometry(self, area: QRect) -> None:
        super().setGeometry(area)
        self._lay(area, is_asking=False)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        margins = self.contentsMargins()
        return size + QSize(margins.left() + margins.right(), margins.top() + margins.bottom())

    def _lay(self, area: QRect, *, is_asking: bool) -> int:
        """Place everything inside `area` and return the height that it takes."""
        margins = self.contentsMargins()
        left, right = area.left() + margins.left(), area.right() - margins.right()
        x, y, tall = left, area.top() + margins.top(), 0
        for item in self._items:
            if item.isEmpty():
                continue
            size = item.sizeHint()
            if x > left and x + size.width() > right + 1:
                x, y, tall = left, y + tall + self.spacing(), 0
            if not is_asking:
                item.setGeometry(QRect(QPoint(x, y), size))
            x += size.width() + self.spacing()
            tall = max(tall, size.height())
        return y + tall + margins.bottom() - area.top()
