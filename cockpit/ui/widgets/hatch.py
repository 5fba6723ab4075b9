"""The pattern behind what is stale or unknown: diagonal lines, legible without colour."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QRect, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

_STEP = 7  # pixels between two lines


def hatch(painter: QPainter, area: QRect | QRectF, colour: QColor) -> None:
    """Draw diagonal lines over `area`."""
    box = QRectF(area)
    painter.save()
    painter.setClipRect(box)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, 1))
    height = box.height()
    lines, x = [], box.left() - height
    while x < box.right():
        lines.append(QLineF(x, box.bottom(), x + height, box.top()))
        x += _STEP
    painter.drawLines(lines)
    painter.restore()
