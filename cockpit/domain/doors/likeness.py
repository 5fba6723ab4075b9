"""What makes a host look like one of the broker's: its name elsewhere, letters that look alike, a slip of the pen."""

from __future__ import annotations

import unicodedata

from cockpit.domain.doors.hosts import DoorBook

_LONG = 8  # letters from which a name is its own: one that differs by a slip is no word of any language
_WIDE = 12  # letters from which it stays recognisable with two slips, not only one
_PUNYCODE = "xn--"
_LINE = 60  # letters of a host within a sentence

# Letters of other alphabets that a reader takes for Latin ones, and the Latin they pass for.
_FOREIGN = str.maketrans(
    "\u0430\u0432\u0435\u043a\u043c\u043d\u043e\u0440\u0441\u0442\u0443\u0445\u0456\u0458\u0455\u0501\u051b\u04cf"
    "\u03b1\u03b2\u03b5\u03b9\u03ba\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7\u0131\u0261\u0585\u057d\u0566\u3002\uff0e\uff61"
    "\u2024\u2215\u2044",
    "abekmhopctyxijsdwlabeikvoptuxigosq....//",
)
# Latin signs that pass for each other in small print; every name is folded so before two are compared.
_ALIKE = (("rn", "m"), ("vv", "w"), ("0", "o"), ("1", "l"), ("i", "l"), ("3", "e"), ("5", "s"), ("$", "s"))


def likeness(host: str, book: DoorBook) -> str:
    """Say in what a host, none of the broker's, looks like one of them; "" when it does not."""
    plain = _latin(host).rstrip(".")
    domain = book.registered(plain)
    if domain in book.domains():
        return (
            ""
            if plain == host.rstrip(".")
            else f"With letters of another alphabet it is made to read as {_cut(plain)}."
        )
    labels = plain.split(".")
    name = domain.partition(".")[0]
    for official in sorted(book.domains(), key=len, reverse=True):
        if f".{official}." in f".{plain}":
            return f"{official} stands only in front: the host really belongs to {_whose(domain, plain)}."
    for brand in book.brands():
        if name == brand:
            ending = domain.partition(".")[2]
            return (
                f"It is the broker's name with the ending .{ending}, under which the catalogue knows no host."
            )
        if _stem(brand) in plain.replace(".", "").replace("-", ""):
            return f"It has the broker's name {brand} in it, but belongs to {_whose(domain, plain)}."
    words = _words(labels)
    return next((slip for brand in book.brands() for word in words if (slip := _slip(word, brand))), "")


def _stem(brand: str) -> str:
    """Return what of a name is looked for within others: of a long one its end may be missing."""
    return brand.removesuffix("s") if len(brand) >= _WIDE else brand


def _words(labels: list[str]) -> list[str]:
    """Return everything in a host that could be read as one name."""
    joined = [label.replace("-", "") for label in labels]
    parts = [part for label in labels for part in label.split("-") if part]
    return [*joined, *parts, "".join(joined[-2:]), "".join(joined[-3:])]


def _written_out(host: str) -> str:
    """Return a host with the labels of the internet's spelling for other alphabets written out, where they can be."""
    return ".".join(_decoded(label) for label in host.split("."))


def _decoded(label: str) -> str:
    if not label.startswith(_PUNYCODE):
        return label
    try:
        return label.removeprefix(_PUNYCODE).encode("ascii").decode("punycode")
    except (UnicodeError, ValueError):
        return label


def _latin(host: str) -> str:
    """Return how a reader sees a host: without marks on letters, and Latin letters for those that pass for them."""
    broken = unicodedata.normalize("NFKD", _written_out(host).casefold())
    seen = "".join(sign for sign in broken if unicodedata.category(sign) not in ("Mn", "Me", "Cf", "Cc"))
    return seen.translate(_FOREIGN)


def _whose(domain: str, host: str) -> str:
    return _cut(domain or host)


def _cut(host: str) -> str:
    """Keep the end of a host, which decides, and no more of it than fits a line."""
    return host if len(host) <= _LINE else f"…{host[-_LINE:]}"


def _slip(label: str, brand: str) -> str:
    if folded(label) == folded(brand):
        return f"It is written to look like {brand}: {_differences(label, brand)}."
    if len(brand) < _LONG:
        is_swapped = sorted(label) == sorted(brand) and distance(label, brand, 1) == 1
        return f"It is {brand} with two letters swapped." if is_swapped else ""
    most = 2 if len(brand) >= _WIDE else 1
    slips = distance(folded(label), folded(brand), most)
    if slips > most:
        return ""
    return f"It differs from {brand} by {'one letter' if slips == 1 else 'two letters'}."


def _differences(label: str, brand: str) -> str:
    if len(label) != len(brand):
        return "letters that look like others in small print"
    pairs = [(mine, theirs) for mine, theirs in zip(label, brand, strict=True) if mine != theirs]
    return ", ".join(f"{mine} for {theirs}" for mine, theirs in pairs[:3])


def folded(name: str) -> str:
    """Return a name with every sign that passes for another replaced by that."""
    for sign, other in _ALIKE:
        name = name.replace(sign, other)
    return name


def distance(one: str, other: str, most: int) -> int:
    """Count the letters put in, left out, changed or swapped with the next between two names; above `most` at once."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        line = [i]
        for j, match in enumerate(other, 1):
            cost = min(row[j] + 1, line[j - 1] + 1, row[j - 1] + (letter != match))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == match:
                cost = min(cost, before[j - 2] + 1)
            line.append(cost)
        before, row = row, line
    return row[-1]
