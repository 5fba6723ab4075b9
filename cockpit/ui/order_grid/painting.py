"""The picture of a cell, drawn once for each look and then copied: scrolling must not wait for a painter."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QPixmap

from cockpit.domain.level import Level
from cockpit.ui import theme
from cockpit.ui.glyphs import GLYPH, draw_glyph, glyph_of
from cockpit.ui.order_grid.looks import Border, Look
from cockpit.ui.theme import Tokens
from cockpit.ui.widgets.hatch import hatch

_GAP = 5  # pixels between glyph and word
_RADIUS = 3.0
_MOST = 512  # pictures kept; there are some thirty looks, and the widths of a dragged edge
_LINES = {
    Border.MEASURED: Qt.PenStyle.SolidLine,
    Border.SAID: Qt.PenStyle.DashLine,
    Border.PUBLISHED: Qt.PenStyle.DotLine,
}


def draw_border(painter: QPainter, box: QRectF, border: Border, colour: QColor) -> None:
    """Draw how the evidence was got: solid measured, dashed said or derived, dotted published, nothing for none."""
    if border is Border.NONE:
        return
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour, 1, _LINES[border]))
    painter.drawRoundedRect(box, _RADIUS, _RADIUS)


def draw_cell(painter: QPainter, box: QRectF, look: Look, tokens: Tokens) -> None:
    """Draw a cell: tint, border of the evidence, glyph, and the word when there is room for it."""
    colour = tokens.of(look.level)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    inner = box.adjusted(0.5, 0.5, -0.5, -0.5)
    painter.setPen(Qt.PenStyle.NoPen)
    is_calm = look.level in (Level.READY, Level.UNKNOWN)
    painter.setBrush(QColor(tokens.raised) if is_calm else tokens.tint(look.level))
    painter.drawRoundedRect(inner, _RADIUS, _RADIUS)
    if look.level is Level.UNKNOWN:
        hatch(painter, inner.adjusted(1, 1, -1, -1), QColor(tokens.line))
    line = QColor(colour)
    line.setAlphaF(0.6)
    draw_border(painter, inner, look.border, line)
    font = theme.font(theme.SMALL)
    metrics = QFontMetrics(font)
    width = metrics.horizontalAdvance(look.word)
    has_room = bool(look.word) and width + GLYPH + _GAP + 4 <= box.width()
    whole = GLYPH + (_GAP + width if has_room else 0)
    left = box.center().x() - whole / 2
    draw_glyph(painter, QPointF(left + GLYPH / 2, box.center().y()), glyph_of(look.level), colour)
    if has_room:
        painter.setFont(font)
        painter.setPen(QColor(tokens.soft) if look.level is Level.UNKNOWN else colour)
        where = QRectF(left + GLYPH + _GAP, box.top(), width + 2, box.height())
        painter.drawText(where, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, look.word)


class CellPictures:
    """Keeps the picture of every look at the size it is wanted in."""

    def __init__(self) -> None:
        self._kept: dict[tuple[Look, int, int, float, str], QPixmap] = {}

    def of(self, look: Look, size: QSize, ratio: float, tokens: Tokens) -> QPixmap:
        """Return the picture of a look; drawn when it is first wanted."""
        key = (look, size.width(), size.height(), ratio, tokens.name)
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= _MOST:
                self._kept.clear()
            found = self._kept[key] = _drawn(look, size, ratio, tokens)
        return found


def _drawn(look: Look, size: QSize, ratio: float, tokens: Tokens) -> QPixmap:
    picture = QPixmap(size * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    draw_cell(painter, QRectF(0, 0, size.width(), size.height()), look, tokens)
    painter.end()
    return picture
