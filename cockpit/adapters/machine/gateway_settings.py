"""What the Client Portal gateway's own settings say about who gets in: address filter and foreign web pages.

The file is conf.yaml in the first folder of the gateway's class path, as its start script arranges it. What the filter
does with which lists was seen on the vendor's build of April 2023.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path, PurePath

from msgspec import Struct

from cockpit.adapters.foreign_text import clean
from cockpit.adapters.machine.files import read_whole

_LARGEST = 1 << 17  # bytes; the shipped file has less than one kilobyte
_MOST_ENTRIES = 200
_LONGEST_ENTRY = 60
_EMPTY = ("", "~", "null")
_USUAL_NAME = "conf.yaml"
_CONF_OPTIONS = ("--conf", "-conf")
_CLASS_PATH_OPTIONS = ("-cp", "-classpath", "--class-path")
_KEY = re.compile(r"(?P<indent> *)(?P<key>[\w.\-]+|\"[^\"]*\"|'[^']*') *:(?: +(?P<value>.*))?")
_ITEM = re.compile(r"(?P<indent> *)-(?: +(?P<value>.*))?")
# One plain origin, as it would be typed; dots are meant as dots although the gateway reads a pattern.
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.\-]+(?::\d{1,5})?")
_ANYTHING = re.compile(r"[.*+?^$()]*\*[.*+?^$()]*|[.*+?^$()]*\.\+[.*+?^$()]*")


class GatewaySettings(Struct, frozen=True):
    """The part of conf.yaml that matters here; None where the file does not say, or not clearly.

    `allowed` is who gets in by the filter, empty when the filter lets everybody in.
    """

    allowed: tuple[str, ...] | None = None
    filter_note: str = ""
    any_origin: bool | None = None
    origin_note: str = ""


def conf_file(arguments: Sequence[str], folder: Path) -> Path | None:
    """Return which conf.yaml a gateway started with `arguments` in `folder` reads; None when it cannot be told.

    It looks the name up along its class path, never in its working directory.
    """
    name = _after(arguments, _CONF_OPTIONS) or _USUAL_NAME
    class_path = _after(arguments, _CLASS_PATH_OPTIONS)
    if PurePath(name).is_absolute() or class_path is None:
        return None
    # A drive letter carries a colon too, so Windows parts with semicolons.
    for part in class_path.split(";" if ";" in class_path else ":"):
        found = folder / part / name
        if part and not part.endswith(("*", ".jar")) and found.is_file():
            return found
    return None


def read_gateway_settings(file: Path) -> GatewaySettings | None:
    """Read a conf.yaml; None when it is none. Raises OSError when it cannot be read."""
    content = read_whole(file, _LARGEST)
    if content is None or b"\0" in content:
        return None
    try:
        return parse_gateway_settings(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return None


def parse_gateway_settings(text: str) -> GatewaySettings:
    """Read the text of a conf.yaml. What is written in a way that this reader does not know counts as unsaid."""
    try:
        lines = _lines(text)
        allow, deny = (_list(lines, "ips", key) for key in ("allow", "deny"))
        origin = _scalar(lines, "cors", "origin.allowed")
    except _OddText:
        return GatewaySettings()
    allowed, filter_note = _filter(allow, deny)
    any_origin = None if origin is None else _lets_any_origin_in(origin)
    return GatewaySettings(allowed, filter_note, any_origin, "origin.allowed in conf.yaml")


def _filter(allow: Sequence[str], deny: Sequence[str]) -> tuple[tuple[str, ...], str]:
    """Say who gets in. The filter works only while both lists have an entry, whatever the entries are worth."""
    if not allow and not deny:
        return (), "conf.yaml has no address filter"
    if not allow or not deny:
        missing = "deny" if allow else "allow"
        return (), f"conf.yaml has no {missing} entry under ips: the filter lets everybody in"
    return tuple(clean(entry, _LONGEST_ENTRY) for entry in allow), "ips in conf.yaml; deny entries arm it"


def _lets_any_origin_in(origin: str) -> bool | None:
    if _ANYTHING.fullmatch(origin):
        return True
    return False if _ORIGIN.fullmatch(origin) else None


class _OddText(Exception):
    """YAML beyond what this file uses: better unsaid than misread."""


class _Line(Struct, frozen=True):
    """A line with content: its indent, its key (empty for an item of a list) and its value."""

    indent: int
    key: str
    value: str
    is_item: bool


def _lines(text: str) -> list[_Line]:
    """Cut the text into lines of plain YAML. Raises _OddText for tabs, flow lists, blocks, anchors and documents."""
    found = []
    for raw in text.splitlines():
        line = _uncommented(raw)
        if not line.strip():
            continue
        item = _ITEM.fullmatch(line)
        key = None if item else _KEY.fullmatch(line)
        if item is not None:
            # An item may be a map of its own (webApps); only plain ones are ever read.
            found.append(_Line(len(item["indent"]), "", (item["value"] or "").strip(), True))
        elif key is not None:
            value = (key["value"] or "").strip()
            found.append(_Line(len(key["indent"]), _bare(key["key"]), value, False))
        else:
            raise _OddText
    return found


def _block(lines: Sequence[_Line], *path: str) -> tuple[_Line | None, list[_Line]]:
    """Return the line of a key reached through maps, and the lines below it. Raises _OddText when a key comes twice."""
    here, below = None, list(lines)
    for name in path:
        if here is not None and here.value not in _EMPTY:
            raise _OddText
        level = min((line.indent for line in below), default=0)
        at = [
            n
            for n, line in enumerate(below)
            if not line.is_item and line.indent == level and line.key == name
        ]
        if len(at) > 1:
            raise _OddText
        if not at:
            return None, []
        here, rest = below[at[0]], below[at[0] + 1 :]
        # Items of a list may stand as far left as its key.
        inside = [n for n, line in enumerate(rest) if line.indent < level or _is_next(line, level)]
        below = rest[: inside[0]] if inside else rest
    return here, below


def _is_next(line: _Line, level: int) -> bool:
    return line.indent == level and not line.is_item


def _list(lines: Sequence[_Line], *path: str) -> tuple[str, ...]:
    here, below = _block(lines, *path)
    if here is None or ((here.value in _EMPTY or here.value == "[]") and not below):
        return ()
    if here.value or len(below) > _MOST_ENTRIES or any(not line.is_item for line in below):
        raise _OddText
    return tuple(_bare(line.value) for line in below if line.value)


def _scalar(lines: Sequence[_Line], *path: str) -> str | None:
    here, below = _block(lines, *path)
    if here is None or below or not here.value:
        return None
    return _bare(here.value)


def _bare(text: str) -> str:
    """Take the quotes off. Raises _OddText for values that are more than a plain word."""
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "\"'":
        inner = text[1:-1]
        if text[0] in inner or "\\" in inner:
            raise _OddText
        return inner
    if text[:1] in tuple("[{&!|>\"'%@`"):
        raise _OddText
    return text


def _uncommented(line: str) -> str:
    """Cut a comment off: a hash at the start or behind a blank, outside quotes."""
    quote = ""
    for place, char in enumerate(line):
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char == "#" and (place == 0 or line[place - 1].isspace()):
            return line[:place].rstrip()
    return line.rstrip()


def _after(arguments: Sequence[str], options: Sequence[str]) -> str | None:
    """Return what follows one of the options, the last one given; None when none is there."""
    found = None
    for place, one in enumerate(arguments[:-1]):
        if one in options:
            found = arguments[place + 1]
    return found
