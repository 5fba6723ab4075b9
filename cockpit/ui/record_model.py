"""The one table model: records in rows, columns as functions of one record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from msgspec import Struct
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from cockpit.domain.level import Level
from cockpit.ui.text import tooltip

Record = TypeVar("Record")
Index = QModelIndex | QPersistentModelIndex

LEVEL_ROLE = int(Qt.ItemDataRole.UserRole)
RECORD_ROLE = LEVEL_ROLE + 1


def _nothing(record: object) -> str:
    return ""


def _no_level(record: object) -> Level | None:
    return None


class Column(Struct, Generic[Record], frozen=True):
    """One column: its title, and what it says of a record."""

    title: str
    text: Callable[[Record], str]
    level: Callable[[Record], Level | None] = _no_level
    tooltip: Callable[[Record], str] = _nothing


class RecordModel(QAbstractTableModel, Generic[Record]):
    """Shows a sequence of records. Rows with the same key are updated in place: selection and scroll stay."""

    def __init__(
        self,
        columns: Sequence[Column[Record]],
        key: Callable[[Record], str],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self._key = key
        self._records: tuple[Record, ...] = ()

    @property
    def records(self) -> tuple[Record, ...]:
        """The rows as they are shown."""
        return self._records

    def show(self, records: Sequence[Record]) -> None:
        """Show `records`; only rows that differ are announced as changed."""
        new = tuple(records)
        old = self._records
        if [self._key(r) for r in old] != [self._key(r) for r in new]:
            self.beginResetModel()
            self._records = new
            self.endResetModel()
            return
        self._records = new
        last = len(self._columns) - 1
        for row, (before, after) in enumerate(zip(old, new, strict=True)):
            if before != after:
                self.dataChanged.emit(self.index(row, 0), self.index(row, last), [])

    def record(self, index: Index) -> Record | None:
        """Return the record behind an index."""
        return self._records[index.row()] if index.isValid() and index.row() < len(self._records) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._records)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._columns[section].title if 0 <= section < len(self._columns) else None
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        record = self.record(index)
        if record is None:
            return None
        column = self._columns[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return column.text(record)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip(column.tooltip(record)) or None
        if role == LEVEL_ROLE:
            return column.level(record)
        if role == RECORD_ROLE:
            return record
        return None
