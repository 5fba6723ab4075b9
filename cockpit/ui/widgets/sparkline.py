"""A sparkline: the last round trips as one line, scaled to itself."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

CELLS = 60  # values shown at most
_FEWEST = 20  # steps across; fewer values make a shorter line, not a steeper one


def draw_sparkline(painter: QPainter, area: QRectF, values: Sequence[float], colour: QColor) -> None:
    """Draw the newest `CELLS` values inside `area`; a lone value draws nothing.

    The range is at least as wide as the middle value, so that a steady line looks steady and noise does not look like
    trouble.
    """
    shown = values[-CELLS:]
    if len(shown) < 2:
        return
    middle = sorted(shown)[len(shown) // 2]
    low, high = min(shown), max(shown)
    spread = max(high - low, middle, 1e-6)
    base = (low + high) / 2 - spread / 2
    step = area.width() / max(len(shown) - 1, _FEWEST)
    points = [
        QPointF(area.left() + step * place, area.bottom() - area.height() * (value - base) / spread)
        for place, value in enumerate(shown)
    ]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, 1.25))
    painter.drawPolyline(QPolygonF(points))
    painter.restore()
