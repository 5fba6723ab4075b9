"""Words on screen: the only makers of labels and tooltips, and how ages and times are said.

Qt renders text that looks like HTML as HTML, images and style sheets of local files included. Outside text therefore
reaches a widget through this module only: labels are plain, tooltips are escaped, accounts are masked.
"""

from __future__ import annotations

import re

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QLabel, QWidget

from cockpit.domain.words import clock, masked, zone_letters

QUOTE_MOST = 500  # characters of outside text that are ever shown at once
_ACCOUNT = re.compile(r"\b(?:DU|DF|DI|U|F|I)\d{5,9}\b")


def plain_label(
    text: str = "",
    font: QFont | None = None,
    role: QPalette.ColorRole = QPalette.ColorRole.WindowText,
    parent: QWidget | None = None,
) -> QLabel:
    """Make a label that shows its text literally, whatever it contains."""
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setForegroundRole(role)
    if font is not None:
        label.setFont(font)
    label.setText(text)
    return label


def say(label: QLabel, text: str) -> None:
    """Set a label's text only if it changed, so that a ticking age repaints nothing else."""
    if label.text() != text:
        label.setText(text)


def tooltip(text: str) -> str:
    """Return `text` for a tooltip: tooltips are always rich text, so everything in it is escaped."""
    if not text:
        return ""
    import html  # with its table of entities; no first picture has a tooltip

    return f"<qt>{html.escape(text).replace(chr(10), '<br>')}</qt>"


def button_text(text: str) -> str:
    """Return `text` for a button or a menu, where a single ampersand would vanish into a mnemonic."""
    return text.replace("&", "&&")


def discreet(text: str) -> str:
    """Prepare outside text for the screen: account numbers masked (U•••4821), and cut to a length.

    Breaking some thousand letters into lines takes Qt seconds, and nobody reads them.
    """
    cut = text if len(text) <= QUOTE_MOST else f"{text[:QUOTE_MOST]}…"
    return _ACCOUNT.sub(lambda found: masked(found.group()), cut)


def short(text: str, most: int = 32) -> str:
    """Prepare outside text for a place that cannot cut it while painting: one line of at most `most` letters."""
    line = " ".join(text.split())
    return discreet(line if len(line) <= most else f"{line[: most - 1]}…")


def quoted(text: str) -> str:
    """Quote foreign text, cut to a length that cannot fill the screen."""
    cut = text if len(text) <= QUOTE_MOST else f"{text[:QUOTE_MOST]} … ({len(text) - QUOTE_MOST} more)"
    return f"“{_ACCOUNT.sub(lambda found: masked(found.group()), cut)}”"


def age(seconds: float | None) -> str:
    """Say an age in whole units, so that it changes at most once a second: `12 s`, `33 min`, `5 h`, `3 d`."""
    if seconds is None:
        return "—"
    whole = int(max(0.0, seconds))
    if whole < 100:
        return f"{whole} s"
    if whole < 100 * 60:
        return f"{whole // 60} min"
    if whole < 48 * 3600:
        return f"{whole // 3600} h"
    return f"{whole // 86400} d"


def ago(seconds: float) -> str:
    """Say how long ago: `40 s ago`."""
    return f"{age(seconds)} ago"


def countdown(seconds: float) -> str:
    """Say the time that is left: `00:58:12`, above four days `5 d 02 h`. Never negative."""
    whole = int(max(0.0, seconds))
    hours, rest = divmod(whole, 3600)
    if hours >= 96:
        return f"{hours // 24} d {hours % 24:02d} h"
    return f"{hours:02d}:{rest // 60:02d}:{rest % 60:02d}"


def took(seconds: float) -> str:
    """Say how long something took: `0.9 s`, or `<0.1 s` for what was there at once."""
    return f"{seconds:.1f} s" if seconds >= 0.05 else "<0.1 s"


def clock_time(at: float, zone: str) -> str:
    """Say a time of day with its zone: `08:31:04 ET`."""
    return f"{clock(at, zone, seconds=True)} {zone_letters(at, zone)}"
