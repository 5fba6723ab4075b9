"""What stands above and below the grid: switches, pickers, the filter, and the legend."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QComboBox, QLineEdit, QPushButton, QSizePolicy, QWidget

from cockpit.domain.level import Level
from cockpit.ui import theme
from cockpit.ui.glyphs import GLYPH, draw_glyph, glyph_of
from cockpit.ui.order_grid.looks import LEVEL_WORDS, Border
from cockpit.ui.order_grid.painting import draw_border
from cockpit.ui.order_grid.wrap import WrapLayout
from cockpit.ui.text import short
from cockpit.ui.widgets.small_button import HEIGHT, small_button

_PAD = 3 * theme.UNIT
ALL_CLASSES = "All classes"


class View(StrEnum):
    """What the pane shows."""

    GRID = "Grid"
    PHONE = "Not from the phone"
    DIFFER = "Compare two"


class Rows(StrEnum):
    """What its rows are."""

    TYPES = "Order types"
    TICKETS = "Today's tickets"


class Filter(QLineEdit):
    """Cuts the rows down to those with a text; Esc clears it and gives the keyboard back."""

    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setPlaceholderText("Filter")
        self.setAccessibleName("Filter order types")
        self.setFixedSize(120, 24)
        self.setFont(theme.font(theme.DETAIL))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            self.left.emit()
        else:
            super().keyPressEvent(event)


class Picker(QComboBox):
    """A choice of a few; its width does not follow what stands in it."""

    def __init__(self, name: str, parent: QWidget, letters: int = 12) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFont(theme.font(theme.SMALL))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(letters)
        self.setFixedHeight(24)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._keys: tuple[str, ...] = ()
        self._titles: tuple[str, ...] = ()

    def offer(self, choices: Sequence[tuple[str, str]]) -> None:
        """Offer keys with their titles; the chosen one stays when it is still among them."""
        keys = tuple(key for key, _ in choices)
        titles = tuple(short(title, 28) for _, title in choices)
        if (keys, titles) == (self._keys, self._titles):
            return
        chosen = self.key
        self.blockSignals(True)
        self.clear()
        self.addItems(list(titles))
        self._keys, self._titles = keys, titles
        self.setCurrentIndex(keys.index(chosen) if chosen in keys else 0 if keys else -1)
        self.blockSignals(False)

    def choose(self, key: str) -> None:
        """Choose by key."""
        if key in self._keys:
            self.setCurrentIndex(self._keys.index(key))

    @property
    def key(self) -> str:
        """The key of the choice; "" when there is none."""
        return self._keys[self.currentIndex()] if 0 <= self.currentIndex() < len(self._keys) else ""


class Controls(QWidget):
    """The bar above the grid. `changed` says that something else is wanted."""

    changed = Signal()
    copy_asked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows = QButtonGroup(self)
        self._views = QButtonGroup(self)
        self.rows = {rows: self._choice(rows.value, self._rows) for rows in Rows}
        self.views = {view: self._choice(view.value, self._views) for view in View}
        self.rows[Rows.TYPES].setChecked(True)
        self.views[View.GRID].setChecked(True)
        self.contract = Picker("Contract", self)
        self.product = Picker("Class", self, 9)
        self.first = Picker("First interface", self)
        self.second = Picker("Second interface", self)
        self.filter = Filter(self)
        self.only_gaps = self._toggle("Only gaps")
        self.capability_only = self._toggle("Capability only")
        self.best_first = self._toggle("Best for today first")
        self.copy_all = _button("Copy", self)
        self.copy_all.setCheckable(False)
        self.copy_all.setAccessibleName("Copy as a table")
        self.copy_all.clicked.connect(self.copy_asked)
        layout = WrapLayout(self)
        for widget in (
            *self.rows.values(),
            _gap(self),
            *self.views.values(),
            _gap(self),
            self.product,
            self.contract,
            self.first,
            self.second,
            self.filter,
            self.only_gaps,
            self.capability_only,
            self.best_first,
            self.copy_all,
        ):
            layout.addWidget(widget)
        for picker in (self.contract, self.product, self.first, self.second):
            picker.currentIndexChanged.connect(self._on_changed)
        self.filter.textChanged.connect(self._on_changed)
        self._rows.buttonClicked.connect(self._on_changed)
        self._views.buttonClicked.connect(self._on_changed)
        self._dress()

    @property
    def shown_rows(self) -> Rows:
        """What the rows should be."""
        return next(rows for rows, button in self.rows.items() if button.isChecked())

    @property
    def view(self) -> View:
        """What should be shown."""
        return next(view for view, button in self.views.items() if button.isChecked())

    def _on_changed(self) -> None:
        self._dress()
        self.changed.emit()

    def _dress(self) -> None:
        """Show only what does something now."""
        self.contract.setVisible(self.shown_rows is Rows.TYPES)
        for picker in (self.first, self.second):
            picker.setVisible(self.view is View.DIFFER)
        for toggle in (self.only_gaps, self.best_first):
            toggle.setVisible(self.view is View.GRID)

    def _toggle(self, text: str) -> QPushButton:
        button = _button(text, self)
        button.toggled.connect(self._on_changed)
        return button

    def _choice(self, text: str, group: QButtonGroup) -> QPushButton:
        button = _button(text, self)
        group.addButton(button)
        return button

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), QColor(theme.tokens_of(self.palette()).raised))


class Legend(QWidget):
    """What glyphs and borders mean, in one line; what does not fit is left out from the right."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedHeight(26)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        levels = ", ".join(LEVEL_WORDS.values())
        self.setAccessibleName(
            f"Legend: {levels}; solid border measured, dashed said or derived, dotted published, hatched unknown"
        )

    def sizeHint(self) -> QSize:
        return QSize(_PAD, 26)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens_of(self.palette())
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens.pane))
        painter.fillRect(0, 0, self.width(), 1, QColor(tokens.line))
        font = theme.font(theme.SMALL)
        metrics = QFontMetrics(font)
        painter.setFont(font)
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        x, high = float(_PAD), self.height()
        for level in (Level.READY, Level.LIMITED, Level.BLOCKED, Level.UNKNOWN):
            wide = metrics.horizontalAdvance(LEVEL_WORDS[level])
            if x + GLYPH + 5 + wide > self.width():
                return
            draw_glyph(painter, QPointF(x + GLYPH / 2, high / 2), glyph_of(level), tokens.of(level))
            painter.setPen(QColor(tokens.soft))
            painter.drawText(QRectF(x + GLYPH + 5, 0, wide + 2, high), middle, LEVEL_WORDS[level])
            x += GLYPH + 5 + wide + _PAD
        for border in (Border.MEASURED, Border.SAID, Border.PUBLISHED):
            wide = metrics.horizontalAdvance(border.value)
            if x + wide + 14 > self.width():
                return
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            draw_border(painter, QRectF(x + 0.5, 4.5, wide + 13, high - 9), border, QColor(tokens.dim))
            painter.setPen(QColor(tokens.soft))
            painter.drawText(QRectF(x + 7, 0, wide + 2, high), middle, border.value)
            x += wide + 14 + 2 * theme.UNIT


def _gap(parent: QWidget) -> QWidget:
    """Make the room between two groups of switches."""
    made = QWidget(parent)
    made.setFixedSize(theme.UNIT, 1)
    return made


def _button(text: str, parent: QWidget) -> QPushButton:
    return small_button(text, parent, height=HEIGHT, focus=Qt.FocusPolicy.TabFocus, is_checkable=True)
