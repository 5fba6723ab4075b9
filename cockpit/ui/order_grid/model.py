"""The grid as a table: a text in every cell, for the screen reader, the clipboard and the painter alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from cockpit.domain.gates.gate import Column, Ladder
from cockpit.ui.order_grid.looks import LEVEL_WORDS, Look, sentence_of, verdict_of
from cockpit.ui.order_grid.rows import GridRow, Heading, Line, column_titles, narrow_title
from cockpit.ui.order_grid.tsv import flat
from cockpit.ui.order_grid.verdicts import Verdicts
from cockpit.ui.record_model import LEVEL_ROLE
from cockpit.ui.text import tooltip

Index = QModelIndex | QPersistentModelIndex
ORDER_TYPE, TICKET = "Order type", "Ticket"


class GridModel(QAbstractTableModel):
    """Lines of rows and headings; the first column is the title, the others are interfaces in a chosen order."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._verdicts: Verdicts | None = None
        self._lines: tuple[Line, ...] = ()
        self._places: tuple[int, ...] = ()  # of each line in the verdicts, -1 for a heading
        self._line_of: dict[int, int] = {}
        self._order: tuple[int, ...] = ()  # places of the columns as they are shown
        self._titles: dict[Column, str] = {}
        self._asides: tuple[str, ...] = ()
        self._head = ORDER_TYPE

    def show_lines(self, verdicts: Verdicts, shown: tuple[Line, ...], order: Sequence[int]) -> None:
        """Show these lines and columns; where nothing differs nothing is announced."""
        same = verdicts is self._verdicts and tuple(order) == self._order
        if same and (shown is self._lines or shown == self._lines):
            return
        if same and [_key(line) for line in shown] == [_key(line) for line in self._lines]:
            self._lines = shown
            self._announce(range(len(shown)))
            return
        self.beginResetModel()
        self._verdicts, self._lines, self._order = verdicts, shown, tuple(order)
        self._places = tuple(verdicts.places[line.key] if isinstance(line, GridRow) else -1 for line in shown)
        self._line_of = {place: line for line, place in enumerate(self._places) if place >= 0}
        self._titles = column_titles(verdicts.columns)
        self.endResetModel()

    def rows_changed(self, places: Iterable[int]) -> None:
        """Announce rows of the verdicts that look different now."""
        self._announce(self._line_of[place] for place in places if place in self._line_of)

    def name_rows(self, head: str) -> None:
        """Say above the titles what the rows are."""
        if head != self._head:
            self._head = head
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, 0)

    def show_asides(self, asides: Sequence[str]) -> None:
        """Say a few words below the name of each column, in the order in which the verdicts have them."""
        if tuple(asides) != self._asides:
            self._asides = tuple(asides)
            if self._order:
                self.headerDataChanged.emit(Qt.Orientation.Horizontal, 1, len(self._order))

    def _announce(self, shown: Iterable[int]) -> None:
        last = len(self._order)
        for line in shown:
            self.dataChanged.emit(self.index(line, 0), self.index(line, last), [])

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return not self._lines

    def line(self, row: int) -> Line | None:
        """Return the line in a row of the table."""
        return self._lines[row] if 0 <= row < len(self._lines) else None

    def place(self, row: int) -> int:
        """Return the place of a line's row among the verdicts; -1 for a heading or none."""
        return self._places[row] if 0 <= row < len(self._places) else -1

    def title(self, row: int) -> str:
        """Say a line's title."""
        line = self.line(row)
        if line is None:
            return ""
        return line.title if isinstance(line, GridRow) else line.group

    def looks(self, row: int) -> tuple[Look, ...]:
        """Return how the cells of a row look, in the order shown; none for a heading."""
        if self._verdicts is None or not 0 <= row < len(self._places) or self._places[row] < 0:
            return ()
        found = self._verdicts.looks(self._places[row])
        return tuple(found[place] for place in self._order) if found else ()

    def known_looks(self, row: int) -> tuple[Look, ...]:
        """Return how the cells of a row looked when last judged, for a painter that must not wait."""
        place = self.place(row)
        found = self._verdicts.known_looks(place) if self._verdicts is not None and place >= 0 else ()
        return tuple(found[place] for place in self._order) if found else ()

    def column(self, section: int) -> Column | None:
        """Return the way for an order that a column of the table stands for; None for the titles."""
        if self._verdicts is None or not 1 <= section <= len(self._order):
            return None
        return self._verdicts.columns[self._order[section - 1]]

    def column_title(self, section: int) -> str:
        """Say the name of a column of the table."""
        column = self.column(section)
        return self._titles[column] if column is not None else self._head

    def column_narrow_title(self, section: int) -> str:
        """Say the name of a column where there is no room for all of it."""
        column = self.column(section)
        return narrow_title(column, self._titles[column]) if column is not None else self._head

    def column_aside(self, section: int) -> str:
        """Say the few words below the name of a column."""
        if not 0 <= section <= len(self._order) or not any(self._asides):
            return ""
        if section == 0:
            return "can go today"
        return self._asides[self._order[section - 1]]

    def ladder(self, row: int, section: int) -> Ladder | None:
        """Return the ladder behind a cell; None for titles and headings."""
        if self._verdicts is None or self.column(section) is None or self.line(row) is None:
            return None
        place = self._places[row]
        return self._verdicts.ladder(place, self._order[section - 1]) if place >= 0 else None

    def find(self, key: str, column: Column) -> QModelIndex:
        """Return the index of a row's cell; an invalid one when it is not shown."""
        for row, line in enumerate(self._lines):
            if isinstance(line, GridRow) and line.key == key:
                for section in range(1, len(self._order) + 1):
                    if self.column(section) == column:
                        return self.index(row, section)
        return QModelIndex()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._order) + 1

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        if section < 0:
            return None
        if orientation is Qt.Orientation.Vertical:
            text = self.title(section)
        else:
            text = self.column_title(section) if section <= len(self._order) else ""
        if role == Qt.ItemDataRole.DisplayRole:
            return text or None
        if role == Qt.ItemDataRole.AccessibleTextRole and orientation is Qt.Orientation.Horizontal:
            return ", ".join(part for part in (text, self.column_aside(section)) if part)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        line = self.line(index.row()) if index.isValid() else None
        if line is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(index.row(), index.column())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(index.row(), index.column(), line)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip(self._spoken(index.row(), index.column(), line)) or None
        if role == LEVEL_ROLE:
            looks = self.looks(index.row())
            return looks[index.column() - 1].level if looks and index.column() else None
        return None

    def text(self, row: int, section: int) -> str:
        """Say a cell in a word or two, as it is copied: `blocked: permission`."""
        if section == 0:
            return self.title(row)
        looks = self.looks(row)
        if not looks:
            return ""
        look = looks[section - 1]
        return f"{LEVEL_WORDS[look.level]}: {look.word}" if look.word else LEVEL_WORDS[look.level]

    def _spoken(self, row: int, section: int, line: Line) -> str:
        if isinstance(line, Heading):
            state = "unfolded" if line.is_open else "folded"
            return f"{line.group}, {line.count} rows, {state}" if section == 0 else ""
        ladder = self.ladder(row, section)
        if ladder is None:
            return line.title
        only = self._verdicts is not None and self._verdicts.capability_only
        return sentence_of(ladder, line.title, self.column_title(section), capability_only=only)

    def tsv(self, cells: Iterable[tuple[int, int]] | None = None) -> str:
        """Return cells as tab-separated text with the names of rows and columns; all of them without `cells`."""
        if cells is None:
            chosen = {
                (row, section) for row in range(len(self._lines)) for section in range(len(self._order) + 1)
            }
        else:
            chosen = set(cells)
        sections = sorted({section for _, section in chosen if section})
        rows = sorted({row for row, _ in chosen if isinstance(self.line(row), GridRow)})
        head = "\t".join([self._head, *(flat(self.column_title(section)) for section in sections)])
        body = (
            "\t".join(
                [
                    flat(self.title(row)),
                    *(flat(self._copied(row, s)) if (row, s) in chosen else "" for s in sections),
                ]
            )
            for row in rows
        )
        return "\n".join([head, *body]) + "\n"

    def _copied(self, row: int, section: int) -> str:
        ladder = self.ladder(row, section)
        only = self._verdicts is not None and self._verdicts.capability_only
        return verdict_of(ladder, capability_only=only) if ladder is not None else ""


def _key(line: Line) -> str:
    return line.key if isinstance(line, GridRow) else f"heading/{line.group}"
