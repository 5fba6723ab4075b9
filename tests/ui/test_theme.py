"""The themes: enough contrast for every eye, silhouettes that need no colour, fonts of our own."""

from __future__ import annotations

from itertools import combinations

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFont, QFontInfo, QImage, QPainter
from PySide6.QtWidgets import QApplication

from cockpit.domain.level import Level
from cockpit.ui import theme
from cockpit.ui.glyphs import GLYPH, Glyph, draw_glyph
from cockpit.ui.icons import level_icon, program_icon
from tests.ui.conftest import MakeWindow
from tests.ui.states import calm_morning

THEMES = pytest.mark.parametrize("tokens", list(theme.THEMES.values()), ids=list(theme.THEMES))


def luminance(colour: QColor) -> float:
    """WCAG 2.2 relative luminance."""
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    r, g, b = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio."""
    high, low = sorted((luminance(QColor(one)), luminance(QColor(other))), reverse=True)
    return (high + 0.05) / (low + 0.05)


@THEMES
def test_every_text_has_the_contrast_that_reading_needs(tokens: theme.Tokens) -> None:
    for ground in (tokens.pane, tokens.raised, tokens.ground):
        for ink in (tokens.ink, tokens.soft, tokens.dim):
            assert contrast(ink, ground) >= 4.5, (ink, ground)
    assert contrast(tokens.on_strong, tokens.strong) >= 4.5
    for level in Level:
        assert contrast(tokens.on_tint, tokens.tint(level).name()) >= 4.5


@THEMES
@pytest.mark.parametrize("level", Level)
def test_a_level_can_be_read_as_a_word_and_seen_as_a_glyph(tokens: theme.Tokens, level: Level) -> None:
    colour = tokens.of(level).name()
    assert contrast(colour, tokens.pane) >= 4.5
    assert contrast(colour, tokens.raised) >= 4.5
    assert contrast(colour, tokens.tint(level).name()) >= 3.0


def silhouette(glyph: Glyph) -> QImage:
    """Draw a glyph in one colour only."""
    image = QImage(GLYPH + 4, GLYPH + 4, QImage.Format.Format_Grayscale8)
    image.fill(0)
    painter = QPainter(image)
    draw_glyph(painter, QPointF(image.width() / 2, image.height() / 2), glyph, QColor("white"))
    painter.end()
    return image


@pytest.mark.parametrize(("one", "other"), list(combinations(Glyph, 2)))
def test_two_glyphs_differ_by_shape_alone(one: Glyph, other: Glyph) -> None:
    first, second = silhouette(one), silhouette(other)
    places = [(x, y) for x in range(first.width()) for y in range(first.height())]
    apart = sum(abs(first.pixelColor(x, y).value() - second.pixelColor(x, y).value()) for x, y in places)
    inked = max(sum(image.pixelColor(x, y).value() for x, y in places) for image in (first, second))
    assert apart / inked > 0.18


def test_tray_icons_of_two_levels_differ_by_shape_alone() -> None:
    masks = [level_icon(level).pixmap(22, 22).toImage().createAlphaMask() for level in Level]
    assert all(one != other for one, other in combinations(masks, 2))


def test_our_own_fonts_are_used_with_figures_of_equal_width() -> None:
    assert QFontInfo(theme.font()).family() == theme.SANS
    assert QFontInfo(theme.font(mono=True)).family() == theme.MONO
    assert theme.font().featureValue(QFont.Tag("tnum")) == 1


def test_a_copy_of_a_font_can_be_changed_without_changing_the_others() -> None:
    theme.font().setStrikeOut(True)
    assert not theme.font().strikeOut()


def test_changing_the_theme_changes_every_widget(qapp: QApplication, make_window: MakeWindow) -> None:
    window = make_window(calm_morning())
    dark = window.grab().toImage()
    window.perform("theme")
    assert theme.tokens_of(qapp.palette()) is theme.LIGHT
    light = window.grab().toImage()
    assert light.pixelColor(3, 3) == QColor(theme.LIGHT.pane)
    window.perform("theme")
    assert window.grab().toImage() == dark
    assert light != dark


def test_the_program_has_an_icon_of_its_own() -> None:
    image = program_icon().pixmap(64, 64).toImage()
    assert image.pixelColor(32, 32) == QColor(theme.DARK.ready)
    assert image.pixelColor(11, 32) == QColor(theme.DARK.ink)
    assert image.pixelColor(0, 0).alpha() < 128
