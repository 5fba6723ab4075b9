"""Codes of the broker in whatever was pasted: a bare code, a log line of a client, an answer of the Web API."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from cockpit.domain.catalogue import KnownCode

LONGEST = 20_000  # characters that are read; nobody pastes a whole log on purpose

Codes = Mapping[tuple[str, str], KnownCode]


class Mention(Struct, frozen=True):
    """A code in a text, from `start` up to `end`. `api` is tws, web, flex or login, "" where the text does not say."""

    api: str
    code: str
    start: int
    end: int


class Translation(Struct, frozen=True):
    """A code that was found, and what the catalogue says of it: nothing when it does not know the code."""

    api: str
    code: str
    row: KnownCode | None

    @property
    def key(self) -> str:
        """What names it in a list."""
        return f"{self.api}/{self.code}"


_CALM = r"(?![0-9]|[-/.:][0-9])"  # not the beginning of a date, a time or a price
_SAID = r"\b(?:errorcode|error[ _]code|error|warning|code)\b"
_JOINT = r"[\"']?\s{0,9}[>:=#(\[]?\s{0,9}"
# The first pattern that claims a place of the text keeps it, so the more particular ones stand first.
_PATTERNS = tuple(
    (api, before, re.compile(pattern, re.IGNORECASE))
    for api, before, pattern in (
        ("flex", "", r"<ErrorCode>\s{0,9}([0-9]{3,5})\s{0,9}</ErrorCode>"),
        ("flex", "", r"\bflex\b[^0-9\n]{0,40}\b(1[0-9]{3})\b" + _CALM),
        (
            "web",
            "http_",
            r"\bHTTP(?:/[0-9.]{1,3})?[ _:=-]{0,3}(?:status|error|code|[ :=]){0,6}([1-5][0-9]{2})\b",
        ),
        ("web", "http_", r"\bstatus[ _-]?code[\"']?\s{0,9}[:=]?\s{0,9}([1-5][0-9]{2})\b"),
        (
            "web",
            "http_",
            r"\b([45][0-9]{2}) (?:too many requests|unauthori[sz]ed|forbidden|service unavailable)\b",
        ),
        ("web", "", r"(?<![\w.$-])([op][0-9]{2,6})(?![\w.])"),
        ("tws", "", r"\bERROR -?[0-9]{1,10} ([0-9]{1,5})\b" + _CALM),  # request number, then code
        ("tws", "", rf"{_SAID}{_JOINT}([0-9]{{1,5}}){_CALM}"),
    )
)
# What an answer of the gateway says without a code of its own.
_SIGNS = tuple(
    (code, re.compile(pattern, re.IGNORECASE))
    for code, pattern in (
        ("competing_true", r"[\"']?competing[\"']?\s{0,9}[:=]\s{0,9}true\b"),
        ("established_false", r"[\"']?established[\"']?\s{0,9}[:=]\s{0,9}false\b"),
        ("allow_crypto_false", r"[\"']?allow_?crypto[\"']?\s{0,9}[:=]\s{0,9}false\b"),
        (
            "authenticated_false_connected_true",
            r"[\"']?authenticated[\"']?\s{0,9}[:=]\s{0,9}false\b[^}]{0,200}?connected[\"']?\s{0,9}[:=]\s{0,9}true\b",
        ),
        ("field_6509_N", r"\b6509[\"']?\s{0,9}[:=]\s{0,9}[\"']?N[\"']?(?![\w])"),
        ("field_7184_0", r"\b7184[\"']?\s{0,9}[:=]\s{0,9}[\"']?0[\"']?(?![\w.])"),
        ("field_7768_0", r"\b7768[\"']?\s{0,9}[:=]\s{0,9}[\"']?0[\"']?(?![\w.])"),
    )
)
_NUMBER = re.compile(r"(?<![\w.:/,$-])([0-9]{1,5})(?![\w%]|[.:/,-][0-9])")


def mentions(text: str) -> tuple[Mention, ...]:
    """Return the codes that a text calls codes, in its order; a text that is one number is a code too.

    Raises nothing. Numbers that only stand somewhere in a text are left alone: see `translate`.
    """
    text = text[:LONGEST]
    bare = text.strip()
    if bare.isascii() and bare.isdigit() and len(bare) <= 5:
        start = text.index(bare)
        return (Mention("", bare, start, start + len(bare)),)
    found: list[Mention] = []
    for one in _all(text):
        if not any(one.start < other.end and other.start < one.end for other in found):
            found.append(one)
    return tuple(sorted(found, key=lambda one: one.start))


def _all(text: str) -> Iterator[Mention]:
    for code, pattern in _SIGNS:
        for match in pattern.finditer(text):
            yield Mention("web", code, match.start(), match.end())
    for api, before, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            yield Mention(api, before + match[1].lower(), match.start(1), match.end(1))


def translate(text: str, codes: Codes) -> tuple[Translation, ...]:
    """Return what the catalogue says of the codes in a text, each once; an unknown code comes without a row.

    Where the text calls nothing a code, numbers and words in it that are known codes are taken for them. Raises
    nothing.
    """
    found: dict[str, Translation] = {}
    said = mentions(text)
    for mention in said:
        for one in _meanings(mention, codes):
            found.setdefault(one.key, one)
    if not said:
        for row in _known_words(text[:LONGEST], codes):
            found.setdefault(f"{row.api}/{row.code}", Translation(row.api, row.code, row))
    return tuple(found.values())


def _meanings(mention: Mention, codes: Codes) -> list[Translation]:
    """Return the rows of one mention: that of its way in, else those of every other way that has the code."""
    row = codes.get((mention.api, mention.code))
    if row is not None:
        return [Translation(mention.api, mention.code, row)]
    rows = [
        other
        for other in codes.values()
        if other.code == mention.code or (not mention.api and other.code == f"http_{mention.code}")
    ]
    return [Translation(other.api, other.code, other) for other in rows] or [
        Translation(mention.api, mention.code, None)
    ]


def _known_words(text: str, codes: Codes) -> Iterator[KnownCode]:
    """Yield the rows whose code stands in a text as a word or a number of three digits and more."""
    numbers = {match[1] for match in _NUMBER.finditer(text) if len(match[1]) > 2}
    words = set(re.findall(r"[A-Za-z]\w{5,60}", text))
    for row in codes.values():
        if row.code in numbers or row.code in words or row.code.removeprefix("http_") in numbers:
            yield row


def spelled(api: str, code: str) -> str:
    """Write a code as traders meet it: `10197`, `o163`, `HTTP 429`, `competing true`."""
    if code.startswith("http_"):
        return f"HTTP {code.removeprefix('http_')}"
    return code.replace("_", " ")
