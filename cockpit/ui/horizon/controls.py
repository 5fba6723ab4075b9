"""The bar above the time line: which clocks are shown, how far the line reaches, and the export."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QPushButton, QWidget

from cockpit.domain.horizon import HorizonKind
from cockpit.ui import theme
from cockpit.ui.horizon.scale import Zoom
from cockpit.ui.order_grid.wrap import WrapLayout
from cockpit.ui.widgets.small_button import HEIGHT, small_button


class Controls(QWidget):
    """Chips of kinds at the left, zoom and export at the right. `changed` says that something else is wanted."""

    changed = Signal()
    export_asked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._filters = QButtonGroup(self)
        self._zooms = QButtonGroup(self)
        self.everything = self._choice("All", self._filters)
        self.colliding = self._choice("Collides", self._filters)
        self.kinds = {kind: self._choice(kind.value.capitalize(), self._filters) for kind in HorizonKind}
        self.zooms = {zoom: self._choice(zoom.title, self._zooms) for zoom in Zoom}
        self.everything.setChecked(True)
        self.zooms[Zoom.WEEK].setChecked(True)
        self.export = _button("Export …", self)
        self.export.setAccessibleName("Export as a calendar file")
        self.export.clicked.connect(self.export_asked)
        for zoom, button in self.zooms.items():
            button.setAccessibleName(
                f"Show the next {zoom.days} days" if zoom.days > 1 else "Show the next day"
            )
        layout = WrapLayout(self)
        for widget in (*self.zooms.values(), self._gap(), self.everything, self.colliding):
            layout.addWidget(widget)
        for button in self.kinds.values():
            layout.addWidget(button)
        layout.addWidget(self._gap())
        layout.addWidget(self.export)
        self._filters.buttonClicked.connect(self._on_changed)
        self._zooms.buttonClicked.connect(self._on_changed)

    @property
    def zoom(self) -> Zoom:
        """How far the line reaches."""
        return next(zoom for zoom, button in self.zooms.items() if button.isChecked())

    def choose_zoom(self, zoom: Zoom) -> None:
        """Reach as far as `zoom`; say so when that is another."""
        if zoom is not self.zoom:
            self.zooms[zoom].setChecked(True)
            self._on_changed()

    @property
    def kind(self) -> HorizonKind | None:
        """The kind to be shown; None for all."""
        return next((kind for kind, button in self.kinds.items() if button.isChecked()), None)

    @property
    def is_colliding_only(self) -> bool:
        """Whether only what falls into hours of the playbook is shown."""
        return self.colliding.isChecked()

    def show_counts(self, counts: Mapping[HorizonKind, int], colliding: int) -> None:
        """Say how many clocks there are of each kind; a chip of none is hidden, unless it is the chosen one."""
        _say(self.everything, f"All {sum(counts.values())}")
        _say(self.colliding, f"Collides {colliding}")
        for kind, button in self.kinds.items():
            count = counts.get(kind, 0)
            _say(button, f"{kind.value.capitalize()} {count}")
            button.setVisible(count > 0 or button.isChecked())

    def _on_changed(self) -> None:
        self.changed.emit()

    def _choice(self, text: str, group: QButtonGroup) -> QPushButton:
        button = _button(text, self)
        button.setCheckable(True)
        group.addButton(button)
        return button

    def _gap(self) -> QWidget:
        made = QWidget(self)
        made.setFixedSize(2 * theme.UNIT, 1)
        return made

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), QColor(theme.tokens_of(self.palette()).raised))


def _say(button: QPushButton, text: str) -> None:
    if button.text() != text:
        button.setText(text)


def _button(text: str, parent: QWidget) -> QPushButton:
    return small_button(text, parent, height=HEIGHT, focus=Qt.FocusPolicy.TabFocus)
