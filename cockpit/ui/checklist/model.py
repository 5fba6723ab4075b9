"""The tree model of the checklist: lanes, and below each its lines."""

from __future__ import annotations

from msgspec.structs import replace
from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt

from cockpit.ui import theme
from cockpit.ui.checklist.lines import Kind, Line
from cockpit.ui.record_model import LEVEL_ROLE, RECORD_ROLE
from cockpit.ui.text import tooltip

Index = QModelIndex | QPersistentModelIndex

COLUMNS = ("Check", "Answer", "Evidence", "Age or duration")
_HEIGHTS = {
    Kind.LANE: theme.ROW + 8,
    Kind.RESULT: theme.ROW,
    Kind.REMEDY: theme.ROW + 4,
    Kind.DETAIL: theme.ROW - 2,
}
_TOP = 0  # internal id of lanes; a child carries the row of its lane plus one


class ChecklistModel(QAbstractItemModel):
    """Shows lines; keeps rows that stayed, so that selection, expansion and scroll stay too."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lanes: tuple[Line, ...] = ()

    @property
    def lanes(self) -> tuple[Line, ...]:
        """The lanes as they are shown."""
        return self._lanes

    def show(self, lanes: tuple[Line, ...]) -> bool:
        """Show `lanes`; return whether everything was laid out anew, and expansion must be set again."""
        if [lane.key for lane in lanes] != [lane.key for lane in self._lanes]:
            self.beginResetModel()
            self._lanes = lanes
            self.endResetModel()
            return True
        for row, lane in enumerate(lanes):
            self.show_lane(row, lane)
        return False

    def has_same_shape(self, lanes: tuple[Line, ...]) -> bool:
        """Whether `lanes` differ from what is shown in their ages at most: same lines, same levels, same order."""
        return [_shape(lane) for lane in lanes] == [_shape(lane) for lane in self._lanes]

    def show_lane(self, row: int, lane: Line) -> None:
        """Show one lane in place of the one that stands in its row."""
        before = self._lanes[row]
        if lane == before:
            return
        parent = self.index(row, 0)
        last = len(COLUMNS) - 1
        if [line.key for line in before.children] == [line.key for line in lane.children]:
            self._replace(row, lane)
            for place, (old, new) in enumerate(zip(before.children, lane.children, strict=True)):
                if old != new:
                    self.dataChanged.emit(self.index(place, 0, parent), self.index(place, last, parent), [])
        else:
            self._exchange(row, before, lane, parent)
        if _head(before) != _head(lane):
            self.dataChanged.emit(parent, self.index(row, last), [])

    def _exchange(self, row: int, before: Line, lane: Line, parent: QModelIndex) -> None:
        """Take out the children between the first and the last that differ, and put the new ones in."""
        old, new = before.children, lane.children
        start = 0
        while start < min(len(old), len(new)) and old[start].key == new[start].key:
            start += 1
        end = 0
        while end < min(len(old), len(new)) - start and old[-1 - end].key == new[-1 - end].key:
            end += 1
        kept_end = old[len(old) - end :]
        if len(old) - end > start:
            self.beginRemoveRows(parent, start, len(old) - end - 1)
            self._replace(row, replace(before, children=old[:start] + kept_end))
            self.endRemoveRows()
        if len(new) - end > start:
            self.beginInsertRows(parent, start, len(new) - end - 1)
            self._replace(row, replace(lane, children=old[:start] + new[start : len(new) - end] + kept_end))
            self.endInsertRows()
        self._replace(row, lane)
        for place, line in enumerate(new):
            if line not in old:
                self.dataChanged.emit(
                    self.index(place, 0, parent), self.index(place, len(COLUMNS) - 1, parent), []
                )

    def _replace(self, row: int, lane: Line) -> None:
        self._lanes = (*self._lanes[:row], lane, *self._lanes[row + 1 :])

    def line(self, index: Index) -> Line | None:
        """Return the line behind an index."""
        if not index.isValid():
            return None
        if index.internalId() == _TOP:
            return self._lanes[index.row()] if index.row() < len(self._lanes) else None
        lane = int(index.internalId()) - 1
        if lane >= len(self._lanes) or index.row() >= len(self._lanes[lane].children):
            return None
        return self._lanes[lane].children[index.row()]

    def find(self, key: str) -> QModelIndex:
        """Return the index of the line with this key; an invalid one when it is not shown."""
        for row, lane in enumerate(self._lanes):
            if lane.key == key:
                return self.index(row, 0)
            for place, line in enumerate(lane.children):
                if line.key == key:
                    return self.index(place, 0, self.index(row, 0))
        return QModelIndex()

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        return self.createIndex(row, column, parent.row() + 1 if parent.isValid() else _TOP)

    def parent(self, child: Index) -> QModelIndex:  # type: ignore[override]
        if not child.isValid() or child.internalId() == _TOP:
            return QModelIndex()
        return self.createIndex(int(child.internalId()) - 1, 0, _TOP)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        if not parent.isValid():
            return len(self._lanes)
        if parent.internalId() != _TOP or parent.column() != 0:
            return 0
        return len(self._lanes[parent.row()].children)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section] if 0 <= section < len(COLUMNS) else None
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        line = self.line(index)
        if line is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return (line.title, line.answer, line.aside, line.figure)[index.column()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return line.sentence()
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip("\n".join(part for part in (line.title, line.answer) if part))
        if role == Qt.ItemDataRole.SizeHintRole:
            return QSize(0, _HEIGHTS[line.kind])
        if role == LEVEL_ROLE:
            return line.level
        if role == RECORD_ROLE:
            return line
        return None


def _head(lane: Line) -> tuple[object, ...]:
    return (lane.glyph, lane.level, lane.title, lane.answer, lane.aside, lane.figure, lane.is_stale)


def _shape(lane: Line) -> tuple[object, ...]:
    return (
        lane.key,
        lane.level,
        lane.is_stale,
        tuple((line.key, line.level, line.is_stale) for line in lane.children),
    )
