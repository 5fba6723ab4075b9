"""A card: mark, title, a word at the right, a few lines, a sparkline, a link. How it is laid out and drawn."""

from __future__ import annotations

from functools import lru_cache

from msgspec import Struct
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen

from cockpit.domain.level import Level
from cockpit.ui import theme
from cockpit.ui.glyphs import GLYPH, Glyph, draw_glyph
from cockpit.ui.theme import Tokens
from cockpit.ui.widgets.hatch import hatch
from cockpit.ui.widgets.sparkline import draw_sparkline

_PAD = 3 * theme.UNIT
_TOP = 10
_TITLE = 19  # height of the title's line
_LINE = 17  # height of a line of detail
_MOST_ROWS = 3  # rows that one line of detail may wrap into
_SPARK = (200, 22)
_SPARK_LEAST = 40  # pixels; a shorter line says nothing
_BOX = 24


class Card(Struct, frozen=True):
    """What a card says. `number` is the key that selects it, `aside` its provenance and age."""

    key: str
    glyph: Glyph
    level: Level
    title: str
    word: str = ""
    lines: tuple[str, ...] = ()
    number: str = ""
    spark: tuple[float, ...] = ()
    figure: str = ""
    aside: str = ""
    link: str = ""
    action: str = ""
    is_stale: bool = False
    is_quiet: bool = False  # not used by this desk: grey, whatever its level

    def sentence(self) -> str:
        """Say the whole card, for assistive technology and for copying."""
        stale = "out of date" if self.is_stale else ""
        parts = (self.number, self.title, self.word, stale, *self.lines, self.figure, self.aside, self.link)
        return ", ".join(part for part in parts if part)


class Layout(Struct, frozen=True):
    """Where the parts of a card are, in the card's own coordinates."""

    mark: QPointF
    box: QRect
    title: QRect
    word: QRect
    lines: tuple[QRect, ...]
    spark: QRect
    aside: QRect
    link: QRect
    height: int


def title_font() -> QFont:
    """The font of a card's title."""
    return theme.font(theme.TEXT, bold=True)


def detail_font() -> QFont:
    """The font of a card's lines."""
    return theme.font(theme.DETAIL)


# The same words are measured many times a second, and measuring is most of what a layout costs.


@lru_cache(maxsize=1024)
def _advance(text: str, size: int, bold: bool = False) -> int:
    return QFontMetrics(theme.font(size, bold=bold)).horizontalAdvance(text)


@lru_cache(maxsize=1024)
def _rows(line: str, width: int) -> int:
    """Return the rows that a line of detail takes when it wraps at `width` pixels."""
    metrics = QFontMetrics(detail_font())
    space = QRect(0, 0, width, _LINE * _MOST_ROWS)
    height = metrics.boundingRect(space, Qt.TextFlag.TextWordWrap, line).height()
    return min(max(1, round(height / metrics.height())), _MOST_ROWS)


def lay_out(card: Card, width: int) -> Layout:
    """Place the parts of `card` on a card of `width` pixels."""
    left, right = _PAD, width - _PAD
    box = QRect(left, _TOP - 2, _BOX, _BOX) if card.number else QRect()
    if card.number:
        left += _BOX + 2 * theme.UNIT
    mark = QPointF(left + GLYPH / 2, _TOP + _TITLE / 2)
    left += GLYPH + (3 if card.number else 4) * theme.UNIT - (0 if card.number else 1)
    aside_width = _advance(card.aside, theme.SMALL) + 2
    takes_title_line = bool(card.aside) and not card.word
    word_width = min(_advance(card.word, theme.DETAIL) + 2, right - left)
    if takes_title_line:
        word_width = aside_width
    word = QRect(right - word_width, _TOP, word_width, _TITLE)
    title_width = _advance(card.title, theme.TEXT, True) + 2
    y = _TOP + _TITLE + 1
    if title_width + word_width + 8 > right - left and card.word:  # no room for both: the word goes below
        title = QRect(left, _TOP, min(title_width, right - left), _TITLE)
        word = QRect(left, y, min(word_width, right - left), _LINE)
        y += _LINE
    else:
        title = QRect(left, _TOP, max(0, min(title_width, word.left() - left - 8)), _TITLE)
    lines = []
    for line in card.lines:
        lines.append(QRect(left, y, right - left, _LINE * _rows(line, right - left)))
        y += lines[-1].height()
    spark = aside = link = QRect()
    if card.link:
        link = QRect(left, y + 1, min(_advance(card.link, theme.DETAIL) + 1, right - left), _LINE)
        y += _LINE + 2
    if card.figure:
        spark = QRect(left, y + 1, max(0, min(_SPARK[0], right - left - 130)), _SPARK[1])
        y += _SPARK[1]
    if takes_title_line:
        aside = word
    elif card.aside:
        if spark.isValid() or link.isValid():
            aside = QRect(right - aside_width, y - _LINE - (3 if spark.isValid() else 1), aside_width, _LINE)
        elif lines and _advance(card.lines[-1], theme.DETAIL) + aside_width + 12 < right - left:
            aside = QRect(right - aside_width, lines[-1].top(), aside_width, _LINE)
        else:
            aside = QRect(right - aside_width, y, aside_width, _LINE)
            y += _LINE
    return Layout(mark, box, title, word, tuple(lines), spark, aside, link, y + _TOP)


def draw_card(painter: QPainter, area: QRect, card: Card, tokens: Tokens, *, has_focus: bool) -> None:
    """Draw `card` into `area`."""
    placed = lay_out(card, area.width())
    colour = QColor(tokens.unknown) if card.is_quiet or card.is_stale else tokens.of(card.level)
    painter.save()
    painter.fillRect(area, QColor(tokens.pane))
    if card.is_stale:
        hatch(painter, area.adjusted(0, 0, 0, -1), QColor(tokens.raised))
    painter.fillRect(QRect(area.left(), area.bottom(), area.width(), 1), QColor(tokens.line))
    painter.translate(area.topLeft())
    if card.number:
        _draw_number(painter, placed.box, card.number, tokens)
    draw_glyph(painter, placed.mark, card.glyph, colour)
    left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
    right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
    _draw(painter, placed.title, card.title, title_font(), tokens.ink, left)
    struck = detail_font()
    struck.setStrikeOut(card.is_stale)
    _draw(painter, placed.word, card.word, struck, colour.name(), right)
    _draw_lines(painter, placed, card, struck, tokens)
    _draw_spark(painter, placed.spark, card, colour, tokens)
    _draw(painter, placed.aside, card.aside, theme.font(theme.SMALL), tokens.dim, right)
    if card.link:
        linked = detail_font()
        linked.setUnderline(True)
        _draw(painter, placed.link, card.link, linked, tokens.ink, left)
    painter.restore()
    if has_focus:
        painter.save()
        painter.setPen(QPen(QColor(tokens.focus), 2))
        painter.drawRect(area.adjusted(1, 1, -1, -2))
        painter.restore()


def _draw(
    painter: QPainter, where: QRect, text: str, font: QFont, colour: str, align: Qt.AlignmentFlag
) -> None:
    painter.setFont(font)
    painter.setPen(QColor(colour))
    painter.drawText(
        where, align, QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, where.width())
    )


def _draw_lines(painter: QPainter, placed: Layout, card: Card, font: QFont, tokens: Tokens) -> None:
    painter.setFont(font)
    painter.setPen(QColor(tokens.dim))
    ascent = QFontMetrics(font)
    wrap = Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
    for where, line in zip(placed.lines, card.lines, strict=True):
        painter.save()
        painter.setClipRect(where)
        if where.height() == _LINE:
            shown = ascent.elidedText(line, Qt.TextElideMode.ElideRight, where.width())
            painter.drawText(where, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        else:
            painter.drawText(where.adjusted(0, 1, 0, 0), wrap, line)
        painter.restore()


def _draw_number(painter: QPainter, box: QRect, number: str, tokens: Tokens) -> None:
    painter.setPen(QPen(QColor(tokens.line), 1))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
    painter.setFont(theme.font(theme.TEXT, bold=True))
    painter.setPen(QColor(tokens.ink))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, number)


def _draw_spark(painter: QPainter, where: QRect, card: Card, colour: QColor, tokens: Tokens) -> None:
    if not card.figure:
        return
    calm = QColor(tokens.ready) if not (card.is_stale or card.is_quiet) else colour
    has_line = len(card.spark) > 1 and where.width() >= _SPARK_LEAST
    if has_line:
        draw_sparkline(painter, QRectF(where).adjusted(0, 4, 0, -5), card.spark, calm)
    left = where.right() + 2 * theme.UNIT if has_line else where.left()
    figure = QRect(left, where.top(), 90, where.height())
    painter.setFont(theme.font(theme.DETAIL, mono=True))
    painter.setPen(QColor(tokens.dim))
    painter.drawText(figure, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, card.figure)
