"""Icons: the verdict's, drawn from the level glyphs, and the program's own, rendered from its svg."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from cockpit.domain.level import Level
from cockpit.resources import resource
from cockpit.ui.glyphs import draw_glyph, glyph_of
from cockpit.ui.theme import DARK, Tokens

_SIZES = (16, 22, 24, 32, 48, 64)


def level_icon(level: Level, tokens: Tokens = DARK) -> QIcon:
    """Return an icon whose silhouette is the level: some desktops paint every icon in one colour."""
    icon = QIcon()
    for size in _SIZES:
        picture = _empty(size)
        painter = QPainter(picture)
        draw_glyph(painter, QPointF(size / 2, size / 2), glyph_of(level), tokens.of(level), size * 0.94)
        painter.end()
        icon.addPixmap(picture)
    return icon


def program_icon() -> QIcon:
    """Return the program's icon. Raises FileNotFoundError when the installation lacks its resources."""
    drawing = QSvgRenderer(str(resource("icons", "access-cockpit.svg")))
    icon = QIcon()
    for size in _SIZES:
        picture = _empty(size)
        painter = QPainter(picture)
        drawing.render(painter)
        painter.end()
        icon.addPixmap(picture)
    return icon


def _empty(size: int) -> QPixmap:
    picture = QPixmap(size, size)
    picture.fill(Qt.GlobalColor.transparent)
    return picture
