"""A table of facts: rows of painted cells with mark, second line, link and border of evidence; no widget per cell."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QTextLayout,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from cockpit.domain.evidence import Provenance
from cockpit.domain.level import Level
from cockpit.ui import theme
from cockpit.ui.glyphs import GLYPH, Glyph, draw_glyph
from cockpit.ui.record_model import Column, RecordModel
from cockpit.ui.theme import Tokens
from cockpit.ui.widgets.focus import FocusMark
from cockpit.ui.widgets.hatch import hatch

Index = QModelIndex | QPersistentModelIndex

_PAD = 3 * theme.UNIT
_HEADER = 24
_PILL = 22  # height of a bordered mark
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
_HINT = 520  # width of what stands in an empty table

PENS = {
    Provenance.MEASURED: Qt.PenStyle.SolidLine,
    Provenance.ATTESTED: Qt.PenStyle.DashLine,
    Provenance.INFERRED: Qt.PenStyle.DashLine,
    Provenance.PUBLISHED: Qt.PenStyle.DotLine,
}
LEGEND = "solid measured · dashed said by you · dotted published · hatched unknown"


class Tone(StrEnum):
    """How loud a cell speaks."""

    STRONG = "strong"
    PLAIN = "plain"
    QUIET = "quiet"
    FIGURE = "figure"  # a number, in the font of numbers, at the right
    LINK = "link"


class Cell(Struct, frozen=True):
    """What one cell shows. With a glyph it is a mark; `evidence` draws the border of where its level comes from."""

    text: str = ""
    detail: str = ""
    tone: Tone = Tone.PLAIN
    glyph: Glyph | None = None
    level: Level | None = None
    evidence: Provenance | None = None
    is_mark: bool = False  # bordered, and hatched without evidence
    action: str = ""  # followed by a click or Enter
    wraps: bool = False  # goes on in the next line as long as the row has room

    def sentence(self) -> str:
        """Say the whole cell, for assistive technology and for copying."""
        seen = f"{self.evidence}" if self.evidence is not None else ""
        return ", ".join(part for part in (self.text, self.detail, seen) if part)


class Row(Struct, frozen=True):
    """One line of the table."""

    key: str
    cells: tuple[Cell, ...]
    tooltip: str = ""
    is_quiet: bool = False  # of second rank: shown dimmer

    @property
    def action(self) -> str:
        """The one action of the row, "" when it has none."""
        return next((cell.action for cell in self.cells if cell.action), "")


class Place(Struct, frozen=True):
    """A column: its title, the pixels it needs, and its share of what is left over.

    With `spare` above 0 it is left out when there is no room for all, those with the highest first.
    """

    title: str
    width: int
    share: int = 0
    is_right: bool = False
    spare: int = 0


class _Header(QHeaderView):
    """Quiet column titles with a line below."""

    def __init__(self, places: Sequence[Place], parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._places = tuple(places)
        self.setSectionsClickable(False)
        self.setHighlightSections(False)
        self.setFixedHeight(_HEADER)

    def paintSection(self, painter: QPainter, rect: QRect, logical: int) -> None:
        tokens = theme.tokens_of(self.palette())
        painter.fillRect(rect, QColor(tokens.pane))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), QColor(tokens.line))
        painter.setFont(theme.font(theme.SMALL))
        painter.setPen(QColor(tokens.dim))
        place = self._places[logical]
        space = _inner(rect)
        title = painter.fontMetrics().elidedText(place.title, Qt.TextElideMode.ElideRight, space.width())
        painter.drawText(space, _RIGHT if place.is_right else _LEFT, title)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), _HEADER)


class _Delegate(QStyledItemDelegate):
    """Draws cells."""

    def __init__(self, view: Ledger) -> None:
        super().__init__(view)
        self._view = view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = self._view.row(index)
        if row is None or index.column() >= len(row.cells):
            return
        tokens = theme.tokens_of(self._view.palette())
        area: QRect = option.rect
        is_current = index.row() == self._view.currentIndex().row()
        painter.save()
        painter.fillRect(area, QColor(tokens.raised if is_current else tokens.pane))
        painter.fillRect(QRect(area.left(), area.bottom(), area.width(), 1), QColor(tokens.raised))
        draw_cell(painter, _inner(area), row.cells[index.column()], tokens, is_quiet=row.is_quiet)
        painter.restore()


def draw_cell(painter: QPainter, area: QRect, cell: Cell, tokens: Tokens, *, is_quiet: bool = False) -> None:
    """Draw one cell into `area`."""
    if cell.is_mark:
        _draw_mark(painter, area, cell, tokens)
        return
    left = area.left()
    if cell.glyph is not None:
        colour = tokens.of(cell.level or Level.UNKNOWN)
        draw_glyph(painter, QPointF(left + GLYPH / 2, area.center().y() + 0.5), cell.glyph, colour)
        left += GLYPH + 2 * theme.UNIT
    space = QRect(left, area.top(), area.right() - left + 1, area.height())
    font = theme.font(theme.TEXT, bold=cell.tone is Tone.STRONG and not is_quiet)
    ink = tokens.ink
    if cell.tone is Tone.QUIET or is_quiet:
        ink = tokens.dim
    if cell.tone is Tone.QUIET:
        font = theme.font(theme.DETAIL)
    elif cell.tone is Tone.FIGURE:
        font = theme.font(theme.DETAIL, mono=True)
    elif cell.tone is Tone.LINK:
        font = theme.font(theme.DETAIL)
        font.setUnderline(True)
    align = _RIGHT if cell.tone is Tone.FIGURE else _LEFT
    if cell.detail:
        half = QFontMetrics(font).height()
        small = theme.font(theme.SMALL)
        both = half + QFontMetrics(small).height() + 1
        top = space.top() + (space.height() - both) // 2
        _say(painter, QRect(space.left(), top, space.width(), half), cell.text, font, ink, align)
        below = QRect(space.left(), top + half + 1, space.width(), both - half)
        _say(painter, below, cell.detail, small, tokens.dim, align)
    elif cell.wraps:
        _say_in_lines(painter, space, cell.text, font, ink)
    else:
        _say(painter, space, cell.text, font, ink, align)


def _say(
    painter: QPainter, where: QRect, text: str, font: QFont, colour: str, align: Qt.AlignmentFlag
) -> None:
    painter.setFont(font)
    painter.setPen(QColor(colour))
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, where.width())
    painter.drawText(where, align, shown)


def _say_in_lines(painter: QPainter, where: QRect, text: str, font: QFont, colour: str) -> None:
    """Draw in as many lines as fit; what is left over is cut at the end of the last."""
    metrics = QFontMetrics(font)
    lines = broken(text, font, where.width(), max(1, where.height() // metrics.height()))
    top = where.top() + (where.height() - len(lines) * metrics.height()) // 2
    for number, line in enumerate(lines):
        place = QRect(where.left(), top + number * metrics.height(), where.width(), metrics.height())
        _say(painter, place, line, font, colour, _LEFT)


def broken(text: str, font: QFont, width: int, most: int) -> list[str]:
    """Break `text` into at most `most` lines of `width` pixels; the last holds all that is left over."""
    if QFontMetrics(font).horizontalAdvance(text) <= width:
        return [text]
    layout = QTextLayout(text, font)
    layout.beginLayout()
    starts: list[int] = []
    while len(starts) < most:
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(width)
        starts.append(line.textStart())
    layout.endLayout()
    ends = [*starts[1:], len(text)]
    return [text[start:end].strip() for start, end in zip(starts, ends, strict=True)]


def _draw_mark(painter: QPainter, area: QRect, cell: Cell, tokens: Tokens) -> None:
    """Draw glyph and word in a box whose border says where the answer comes from."""
    font = theme.font(theme.DETAIL)
    level = cell.level or Level.UNKNOWN
    wanted = QFontMetrics(font).horizontalAdvance(cell.text) + GLYPH + 6 * theme.UNIT
    box = QRect(area.left(), area.center().y() - _PILL // 2 + 1, min(wanted, area.width()), _PILL)
    painter.fillRect(box, tokens.tint(level))
    if cell.evidence is None:
        hatch(painter, box, QColor(tokens.line))
    colour = QColor(tokens.dim) if level is Level.UNKNOWN else tokens.of(level)
    pen = QPen(colour, 1, PENS[cell.evidence] if cell.evidence is not None else Qt.PenStyle.SolidLine)
    if cell.evidence is None:
        pen.setColor(QColor(tokens.line))
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(box.adjusted(0, 0, -1, -1))
    middle = box.top() + box.height() / 2
    draw_glyph(
        painter, QPointF(box.left() + 2 * theme.UNIT + GLYPH / 2, middle), cell.glyph or Glyph.UNKNOWN, colour
    )
    words = box.adjusted(GLYPH + 4 * theme.UNIT, 0, -theme.UNIT, 0)
    _say(painter, words, cell.text, font, tokens.on_tint, _LEFT)


def _inner(area: QRect) -> QRect:
    return area.adjusted(_PAD, 0, -theme.UNIT, -1)


class Ledger(QTableView):
    """The table. Arrows move, Enter follows the row's link, letters and digits are left to the window."""

    followed = Signal(str, str)  # key of the row, id of its action
    moved = Signal(str)  # key of the row that is current now

    def __init__(
        self, name: str, places: Sequence[Place], row_height: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._places = tuple(places)
        self._hint = ""
        self._mark = FocusMark()
        self.setAccessibleName(name)
        self.rows_model: RecordModel[Row] = RecordModel(
            [_column(number, place) for number, place in enumerate(self._places)], _key, self
        )
        self.setHorizontalHeader(_Header(self._places, self))
        self.setModel(self.rows_model)
        self.setItemDelegate(_Delegate(self))
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(row_height)
        self.verticalHeader().setMinimumSectionSize(row_height)
        self.horizontalHeader().setMinimumSectionSize(8)
        self.setShowGrid(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows as they are shown."""
        return self.rows_model.records

    @property
    def current_key(self) -> str:
        """The key of the current row, "" when there is none."""
        row = self.row(self.currentIndex())
        return row.key if row is not None else ""

    def row(self, index: Index) -> Row | None:
        """Return the row behind an index."""
        return self.rows_model.record(index)

    def show_hint(self, text: str) -> None:
        """Say this while there is no row to show."""
        if text != self._hint:
            self._hint = text
            self.viewport().update()

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show `rows`; unchanged ones are not repainted, and the current one stays current."""
        if tuple(rows) == self.rows:
            return
        current = self.current_key
        self.rows_model.show(rows)
        if rows and (self.current_key != current or not current) and not self.select(current):
            self.setCurrentIndex(self.rows_model.index(0, 0))

    def select(self, key: str) -> bool:
        """Make the row with this key current; return whether there is one."""
        for number, row in enumerate(self.rows):
            if row.key == key:
                self.setCurrentIndex(self.rows_model.index(number, 0))
                return True
        return False

    def wanted_height(self) -> int:
        """Return the height at which nothing has to be scrolled."""
        return _HEADER + len(self.rows) * self.verticalHeader().defaultSectionSize() + 2

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.viewport().update()
        row = self.row(current)
        if row is not None:
            self.moved.emit(row.key)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._mark.take_focus(event.reason())
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._mark.is_shown = False
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() is Qt.MouseButton.LeftButton:
            key, action = self._link_at(event.position().toPoint())
            if action:
                self.followed.emit(key, action)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        hand = bool(self._link_at(event.position().toPoint())[1])
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if hand else Qt.CursorShape.ArrowCursor)
        super().mouseMoveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._mark.is_shown = True
        row = self.row(self.currentIndex())
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if row is not None and row.action:
                self.followed.emit(row.key, row.action)
            return
        super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Do nothing: letters and digits belong to the window's keys."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_out(self.viewport().width())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.rows and self._hint:
            painter = QPainter(self.viewport())
            painter.setFont(theme.font(theme.TEXT))
            painter.setPen(QColor(theme.tokens_of(self.palette()).dim))
            side = max(6 * theme.UNIT, (self.viewport().width() - _HINT) // 2)
            space = self.viewport().rect().adjusted(side, 6 * theme.UNIT, -side, 0)
            painter.drawText(space, Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap, self._hint)
        index = self.currentIndex()
        if self._mark.is_shown and self.hasFocus() and index.isValid():
            rect = self.visualRect(index)
            painter = QPainter(self.viewport())
            painter.setPen(QPen(QColor(theme.tokens_of(self.palette()).focus), 2))
            painter.drawRect(QRect(1, rect.top() + 1, self.viewport().width() - 2, rect.height() - 2))

    def _share_out(self, room: int) -> None:
        """Give every column what it needs, and what is left to those with a share; too little is taken from all."""
        shown = list(self._places)
        for place in sorted((place for place in self._places if place.spare), key=_spare):
            if sum(one.width for one in shown) > room:
                shown.remove(place)
        needed = sum(place.width for place in shown)
        shares = sum(place.share for place in shown)
        for number, place in enumerate(self._places):
            self.setColumnHidden(number, place not in shown)
            width = place.width
            if needed > room:
                width = place.width * room // needed
            elif shares:
                width += (room - needed) * place.share // shares
            self.setColumnWidth(number, width)

    def _link_at(self, place: QPoint) -> tuple[str, str]:
        index = self.indexAt(place)
        row = self.row(index)
        if row is None or index.column() >= len(row.cells):
            return "", ""
        return row.key, row.cells[index.column()].action


def _spare(place: Place) -> int:
    return -place.spare


def _key(row: Row) -> str:
    return row.key


def _column(number: int, place: Place) -> Column[Row]:
    def text(row: Row) -> str:
        return row.cells[number].sentence() if number < len(row.cells) else ""

    def level(row: Row) -> Level | None:
        return row.cells[number].level if number < len(row.cells) else None

    return Column(place.title, text, level, _tooltip)


def _tooltip(row: Row) -> str:
    return row.tooltip
