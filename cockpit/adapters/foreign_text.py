"""Text that comes from outside, made safe to show: the invisible is spelled out, the too long is cut."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 500
"""Characters that are kept of a foreign text, the remark about the cut included."""

# One letter may carry so many accents; more would climb over the neighbouring lines.
_MOST_MARKS = 3

_SURROGATE = re.compile(r"[\ud800-\udfff]")

# TWS puts line breaks of HTML into some of its messages.
_LINE_BREAK = re.compile(r"<br/?>", re.IGNORECASE)


def clean(text: str, longest: int = LONGEST) -> str:
    """Return `text` in composed form (NFC), printable, at most `longest` characters long.

    Controls, bidirectional and zero-width characters become escapes that can be read (`\\u202e`), lone
    surrogates the replacement character. Cleaning twice changes nothing more, and text that is not empty
    never becomes empty.
    """
    # Only a bounded piece is worked on: a hostile text may be megabytes long.
    head = text[: 4 * longest]
    unread = len(text) - len(head)
    head = _LINE_BREAK.sub(" ", _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", head))
    shown = "".join(_visible(unicodedata.normalize("NFC", head)))
    return _cut(shown, unread, longest)


def _visible(text: str) -> list[str]:
    """Spell out every character that would not be seen, or that would move its neighbours."""
    parts: list[str] = []
    marks = 0
    was_escaped = False
    for char in text:
        is_mark = unicodedata.category(char) in {"Mn", "Me"}
        marks = marks + 1 if is_mark else 0
        # A mark behind an escape would sit on the escape's last letter.
        is_shown = char.isprintable() and marks <= _MOST_MARKS and not (is_mark and was_escaped)
        is_space = unicodedata.category(char) == "Zs"
        was_escaped = not is_shown and not is_space
        if is_shown:
            parts.append(char)
        elif is_space:
            parts.append(" ")
        else:
            parts.append(_escape(char))
    return parts


def _escape(char: str) -> str:
    code = ord(char)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _cut(text: str, unread: int, longest: int) -> str:
    """Cut `text` to `longest` characters and say how many are missing, those never looked at included."""
    if not unread and len(text) <= longest:
        return text
    # The remark's own length depends on the number in it: reserve room for the largest it can be.
    room = longest - len(_remark(unread + len(text)))
    kept = text[: max(room, 0)]
    return (kept + _remark(unread + len(text) - len(kept)))[:longest]


def _remark(missing: int) -> str:
    return f" … ({missing} more)"
