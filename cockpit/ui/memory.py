"""What the screen remembers from one start to the next: theme and places, never facts or secrets."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, QPoint, QSettings

LAYOUT_VERSION = 1  # of the arrangement of panes; another version is not restored


class ScreenMemory:
    """A small file of the screen's own. Without a file nothing is kept; a broken file is as good as none."""

    def __init__(self, file: Path | None, parent: QObject | None = None) -> None:
        self._settings = (
            QSettings(str(file), QSettings.Format.IniFormat, parent) if file is not None else None
        )

    def text(self, key: str, default: str = "") -> str:
        """Return a remembered word."""
        value = self._settings.value(key, default) if self._settings is not None else default
        return value if isinstance(value, str) else default

    def bytes(self, key: str) -> QByteArray:
        """Return a remembered arrangement; empty when there is none."""
        value = self._settings.value(key) if self._settings is not None else None
        return value if isinstance(value, QByteArray) else QByteArray()

    def point(self, key: str) -> QPoint | None:
        """Return a remembered place on the screen."""
        value = self._settings.value(key) if self._settings is not None else None
        return value if isinstance(value, QPoint) else None

    def keep(self, key: str, value: str | QByteArray | QPoint) -> None:
        """Remember a value."""
        if self._settings is not None:
            self._settings.setValue(key, value)

    def write(self) -> None:
        """Put everything on disk now."""
        if self._settings is not None:
            self._settings.sync()
