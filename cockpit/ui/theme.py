"""Named tokens for dark and light, and what is made from them: palette, fonts, and the little a palette cannot say.

The four status colours were chosen by simulating colour-vision deficiencies (Machado matrices): the closest pair stays
apart for every kind of eye, and blue, not green, means ready. Colour is never alone: a glyph and a word go with it.
"""

from __future__ import annotations

from functools import cache

from msgspec import Struct
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from cockpit.domain.level import Level
from cockpit.resources import resource

UNIT = 4  # every margin and gap is a multiple of this
ROW = 24  # height of one line of a table
HEADER = 34  # height of a pane's header
TOP_BAR = 54
STRIP = 28
TEXT = 13  # pixel sizes of the four sizes of type
DETAIL = 12
SMALL = 11
LARGE = 15

SANS = "Inter"
MONO = "JetBrains Mono"


class Tokens(Struct, frozen=True):
    """The colours of one theme, by what they are for."""

    name: str
    ground: str  # behind the panes
    pane: str
    raised: str  # sub-headers, cards, lane rows
    line: str
    ink: str
    soft: str  # second-rank text
    dim: str  # third-rank text; still at least 4.5 to 1 on a pane
    focus: str
    ready: str
    limited: str
    blocked: str
    unknown: str
    ready_tint: str
    limited_tint: str
    blocked_tint: str
    unknown_tint: str
    on_tint: str  # ink on a tint
    strong: str  # the one button that matters, and the mode chip
    on_strong: str

    def of(self, level: Level) -> QColor:
        """Return the colour of a level, for glyphs, borders and its word."""
        return QColor(
            {
                Level.READY: self.ready,
                Level.LIMITED: self.limited,
                Level.BLOCKED: self.blocked,
                Level.UNKNOWN: self.unknown,
            }[level]
        )

    def tint(self, level: Level) -> QColor:
        """Return the quiet ground that goes behind text of a level."""
        return QColor(
            {
                Level.READY: self.ready_tint,
                Level.LIMITED: self.limited_tint,
                Level.BLOCKED: self.blocked_tint,
                Level.UNKNOWN: self.unknown_tint,
            }[level]
        )


DARK = Tokens(
    name="dark",
    ground="#101317",
    pane="#15181c",
    raised="#1d2127",
    line="#2a3037",
    ink="#e4e8ed",
    soft="#b7bcc1",
    dim="#8b949e",
    focus="#e4e8ed",
    ready="#50aaf0",
    limited="#f3e516",
    blocked="#f5614e",
    unknown="#8b949e",
    ready_tint="#16242f",
    limited_tint="#2c2b17",
    blocked_tint="#34191a",
    unknown_tint="#1d2127",
    on_tint="#ffffff",
    strong="#e4e8ed",
    on_strong="#15181c",
)

LIGHT = Tokens(
    name="light",
    ground="#e6e9ec",
    pane="#ffffff",
    raised="#f1f3f5",
    line="#d3d8dd",
    ink="#15181c",
    soft="#3f474f",
    dim="#5d666f",
    focus="#15181c",
    ready="#0b5cad",
    limited="#8c6700",
    blocked="#8a0f00",
    unknown="#5d666f",
    ready_tint="#e4effa",
    limited_tint="#fbf3d6",
    blocked_tint="#fbe5e1",
    unknown_tint="#f1f3f5",
    on_tint="#15181c",
    strong="#15181c",
    on_strong="#ffffff",
)

THEMES = {tokens.name: tokens for tokens in (DARK, LIGHT)}


def tokens_of(palette: QPalette) -> Tokens:
    """Return the tokens a palette was made from: a widget needs no other way to learn its theme."""
    return DARK if palette.color(QPalette.ColorRole.Window).lightness() < 128 else LIGHT


def load_fonts() -> None:
    """Register the fonts shipped with the program. Raises FileNotFoundError when the installation lacks them."""
    for family in ("inter", "jetbrains-mono"):
        for file in sorted(resource("fonts", family).glob("*.[ot]tf")):
            QFontDatabase.addApplicationFont(str(file))


def font(size: int = TEXT, *, bold: bool = False, mono: bool = False) -> QFont:
    """Return our own font at `size` pixels, with figures of equal width and without hinting.

    Unhinted, because then every machine draws the same pixels. The caller owns the copy.
    """
    return QFont(_font(size, bold, mono))


@cache
def _font(size: int, bold: bool, mono: bool) -> QFont:
    made = QFont(MONO if mono else SANS)
    made.setPixelSize(size)
    weight = QFont.Weight.Medium if mono else QFont.Weight.DemiBold
    made.setWeight(weight if bold else QFont.Weight.Normal)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    made.setStyleStrategy(
        QFont.StyleStrategy(QFont.StyleStrategy.PreferAntialias | QFont.StyleStrategy.NoSubpixelAntialias)
    )
    if not mono:
        made.setFeature(QFont.Tag("tnum"), 1)
    return made


def palette(tokens: Tokens) -> QPalette:
    """Build the palette of a theme."""
    made = QPalette()
    role = QPalette.ColorRole
    for where, colour in (
        (role.Window, tokens.pane),
        (role.Base, tokens.pane),
        (role.AlternateBase, tokens.raised),
        (role.Button, tokens.raised),
        (role.ToolTipBase, tokens.raised),
        (role.WindowText, tokens.ink),
        (role.Text, tokens.ink),
        (role.ButtonText, tokens.ink),
        (role.ToolTipText, tokens.ink),
        (role.BrightText, tokens.on_tint),
        (role.PlaceholderText, tokens.dim),
        (role.Highlight, tokens.line),
        (role.HighlightedText, tokens.ink),
        (role.Accent, tokens.focus),
        (role.Link, tokens.ink),
        (role.LinkVisited, tokens.ink),
        (role.Mid, tokens.line),
        (role.Midlight, tokens.line),
        (role.Dark, tokens.ground),
        (role.Light, tokens.raised),
        (role.Shadow, tokens.ground),
    ):
        made.setColor(where, QColor(colour))
    for where in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, where, QColor(tokens.dim))
    return made


def style_sheet(tokens: Tokens) -> str:
    """Return what the palette cannot say: borders, the tab bar, slim scroll bars."""
    t = tokens
    return f"""
QMainWindow, #window {{ background: {t.ground}; }}
QMainWindow::separator {{ background: {t.ground}; width: 6px; height: 6px; }}
QToolTip {{ background: {t.raised}; color: {t.ink}; border: 1px solid {t.line}; padding: 4px; }}
QMenu {{ background: {t.raised}; border: 1px solid {t.line}; padding: 4px; }}
QMenu::item {{ padding: 5px 24px 5px 12px; }}
QMenu::item:selected {{ background: {t.line}; }}
QMenu::item:disabled {{ color: {t.dim}; }}
QMenu::separator {{ height: 1px; background: {t.line}; margin: 4px 0; }}
QPushButton {{ background: {t.pane}; color: {t.ink}; border: 1px solid {t.line}; border-radius: 4px;
    padding: 4px 10px; }}
QPushButton:hover {{ border-color: {t.dim}; }}
QPushButton:pressed {{ background: {t.raised}; }}
QPushButton:focus {{ border: 2px solid {t.focus}; padding: 3px 9px; }}
QPushButton:disabled {{ color: {t.dim}; }}
QPushButton[small="true"] {{ font-size: {SMALL}px; padding: 2px 8px; color: {t.soft}; background: transparent; }}
QPushButton[small="true"]:checked {{ color: {t.ink}; border-color: {t.dim}; }}
QPushButton[small="true"]:disabled {{ color: {t.dim}; border-color: {t.raised}; }}
QPushButton[small="true"]:focus {{ padding: 1px 7px; }}
QPushButton[choice="true"]:checked {{ border: 1px solid {t.ready}; background: {t.ready_tint}; color: {t.ink}; }}
QPushButton[strong="true"] {{ background: {t.strong}; color: {t.on_strong}; border-color: {t.strong}; }}
QPushButton[strong="true"]:focus {{ border-color: {t.ready}; }}
QPushButton[strong="true"]:disabled {{ background: {t.line}; color: {t.dim}; border-color: {t.line}; }}
QLineEdit {{ background: {t.pane}; border: 1px solid {t.line}; border-radius: 4px; padding: 4px 8px;
    selection-background-color: {t.line}; }}
QLineEdit:focus {{ border: 2px solid {t.focus}; padding: 3px 7px; }}
QComboBox {{ background: {t.pane}; border: 1px solid {t.line}; border-radius: 4px; padding: 4px 8px; }}
QComboBox:hover {{ border-color: {t.dim}; }}
QComboBox:focus {{ border: 2px solid {t.focus}; padding: 3px 7px; }}
QComboBox:disabled {{ color: {t.dim}; }}
QComboBox::drop-down {{ border: none; width: 20px; }}
QComboBox::down-arrow {{ image: url("{resource("icons", f"chevron-{t.name}.svg").as_posix()}"); width: 12px;
    height: 12px; }}
QComboBox QAbstractItemView {{ background: {t.raised}; border: 1px solid {t.line}; outline: none;
    selection-background-color: {t.line}; selection-color: {t.ink}; }}
QTreeView, QListView {{ background: {t.pane}; border: none; outline: none; }}
QListView#offers {{ background: {t.raised}; border: 1px solid {t.dim}; }}
QTabBar::tab {{ background: {t.ground}; color: {t.dim}; padding: 8px 12px; border: 1px solid transparent; }}
QTabBar::tab:selected {{ background: {t.pane}; color: {t.ink}; border-color: {t.line}; border-top: 2px solid {t.ink};
    border-bottom-color: {t.pane}; }}
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
QScrollBar::handle:vertical {{ background: {t.line}; min-height: 24px; border-radius: 3px; margin: 2px; }}
QScrollBar::handle:vertical:hover {{ background: {t.dim}; }}
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{ height: 0;
    background: none; }}
"""


def apply(app: QApplication, tokens: Tokens) -> None:
    """Dress the whole program: Fusion everywhere, our palette, our font."""
    app.setStyle(QStyleFactory.create("Fusion"))
    app.setFont(font())
    app.setPalette(palette(tokens))
    app.setStyleSheet(style_sheet(tokens))


def wear(tokens: Tokens) -> None:
    """Change the running program's theme; wearing the same one again costs nothing."""
    if tokens_of(QApplication.palette()) is tokens:
        return
    app = QApplication.instance()
    if isinstance(app, QApplication):
        apply(app, tokens)
