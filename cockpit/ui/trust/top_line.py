"""The line above the trust lists: chips, the legend of the borders, and what can be added."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QAction, QPalette
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QWidget

from cockpit.ui import theme
from cockpit.ui.trust.controls import Chips
from cockpit.ui.widgets.elided_label import ElidedLabel
from cockpit.ui.widgets.ledger import LEGEND
from cockpit.ui.widgets.small_button import small_button

_ADDS = (("device", "A device …"), ("factor", "A second factor …"), ("recovery", "A way back in …"))


class TopLine(QWidget):
    """The legend gives way first when there is little room."""

    add_wanted = Signal(str)  # device, factor or recovery

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.chips = Chips("Which lines", self)
        legend = ElidedLabel(LEGEND, QPalette.ColorRole.PlaceholderText, self)
        legend.setFont(theme.font(theme.SMALL))
        legend.set_alignment(Qt.AlignmentFlag.AlignRight)
        legend.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.add = small_button("Add …", self, name="Add a device, a second factor or a way back in")
        self.menu = QMenu(self)
        for kind, words in _ADDS:
            made = QAction(words, self.menu)
            made.setObjectName(kind)
            made.triggered.connect(self._on_add)
            self.menu.addAction(made)
        self.add.clicked.connect(self._on_add_asked)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 3 * theme.UNIT, 0)
        layout.setSpacing(2 * theme.UNIT)
        layout.addWidget(self.chips)
        layout.addWidget(legend, 1)
        layout.addWidget(self.add)

    @Slot()
    def _on_add_asked(self) -> None:
        self.menu.popup(self.add.mapToGlobal(QPoint(0, self.add.height())))

    @Slot()
    def _on_add(self) -> None:
        chosen = self.sender()
        if chosen is not None:
            self.add_wanted.emit(chosen.objectName())
