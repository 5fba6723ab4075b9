"""The level glyphs: silhouettes that stay distinct at 12 px, in greyscale and for every kind of eye."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from cockpit.domain.level import Level
from cockpit.domain.readiness import Progress, Result

GLYPH = 12  # pixels; smaller ones are read as dots


class Glyph(StrEnum):
    """What a line's mark looks like."""

    READY = "ready"  # disc
    LIMITED = "limited"  # triangle
    BLOCKED = "blocked"  # square
    UNKNOWN = "unknown"  # ring
    NOT_TESTED = "not tested"  # broken ring: skipped is not done
    WAITING = "waiting"  # small dot
    RUNNING = "running"  # three quarters of a ring


def glyph_of(level: Level) -> Glyph:
    """Return the glyph of a level."""
    return Glyph(level.value)


def glyph_of_result(result: Result) -> Glyph:
    """Return the glyph of one line of a run."""
    if result.finding is not None:
        return Glyph.NOT_TESTED if result.finding.not_tested else glyph_of(result.finding.level)
    return {
        Progress.WAITING: Glyph.WAITING,
        Progress.RUNNING: Glyph.RUNNING,
        Progress.DONE: Glyph.UNKNOWN,
        Progress.CANCELLED: Glyph.NOT_TESTED,
    }[result.progress]


def draw_glyph(painter: QPainter, centre: QPointF, glyph: Glyph, colour: QColor, size: float = GLYPH) -> None:
    """Draw `glyph` around `centre`, optically the same size whatever its shape."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    half = size / 2
    filled, line = Qt.PenStyle.NoPen, QPen(colour, max(1.25, size / 9))
    painter.setPen(filled)
    painter.setBrush(colour)
    if glyph is Glyph.READY:
        radius = half * 0.84
        painter.drawEllipse(centre, radius, radius)
    elif glyph is Glyph.LIMITED:
        top, base, width = centre.y() - half * 0.92, centre.y() + half * 0.76, half * 0.98
        painter.drawPolygon(
            QPolygonF(
                [
                    QPointF(centre.x(), top),
                    QPointF(centre.x() + width, base),
                    QPointF(centre.x() - width, base),
                ]
            )
        )
    elif glyph is Glyph.BLOCKED:
        side = size * 0.78
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.drawRect(
            QRectF(round(centre.x() - side / 2), round(centre.y() - side / 2), round(side), round(side))
        )
    elif glyph is Glyph.WAITING:
        painter.drawEllipse(centre, half * 0.3, half * 0.3)
    else:
        radius = half * 0.72
        box = QRectF(centre.x() - radius, centre.y() - radius, radius * 2, radius * 2)
        line.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(line)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if glyph is Glyph.UNKNOWN:
            painter.drawEllipse(box)
        elif glyph is Glyph.RUNNING:
            painter.drawArc(box, 90 * 16, -270 * 16)
        else:
            for start in range(0, 360, 60):
                painter.drawArc(box, start * 16, 32 * 16)
    painter.restore()
