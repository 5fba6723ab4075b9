"""Icons drawn from our own shapes, so that they follow the theme: the verdict's icon for tray and windows."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap

from cockpit.domain.level import Level
from cockpit.ui.glyphs import Glyph, draw_glyph, glyph_of
from cockpit.ui.theme import DARK, Tokens

_SIZES = (16, 22, 24, 32, 48, 64)


def level_icon(level: Level, tokens: Tokens = DARK) -> QIcon:
    """Return an icon whose silhouette is the level: some desktops paint every icon in one colour."""
    return _icon(glyph_of(level), tokens.of(level))


def _icon(glyph: Glyph, colour: QColor) -> QIcon:
    icon = QIcon()
    for size in _SIZES:
        picture = QPixmap(size, size)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        draw_glyph(painter, QPointF(size / 2, size / 2), glyph, colour, size * 0.94)
        painter.end()
        icon.addPixmap(picture)
    return icon


def program_icon(tokens: Tokens = DARK) -> QIcon:
    """Return the program's icon: a key's bow made of the ring and the disc of the levels."""
    icon = QIcon()
    for size in _SIZES:
        picture = QPixmap(size, size)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.pane))
        painter.drawRoundedRect(QRectF(0, 0, size, size), size * 0.2, size * 0.2)
        centre = QPointF(size / 2, size / 2)
        draw_glyph(painter, centre, Glyph.UNKNOWN, QColor(tokens.ink), size * 0.95)
        draw_glyph(painter, centre, Glyph.READY, QColor(tokens.ready), size * 0.42)
        painter.end()
        icon.addPixmap(picture)
    return icon
