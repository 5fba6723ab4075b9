"""What must never be written: known secrets in any encoding, and whatever looks like one."""

from __future__ import annotations

import base64
import re
from functools import cache
from urllib.parse import quote

HIDDEN = "[hidden]"
_SHORTEST = 6  # shorter values would hide ordinary words

# Shapes of secrets that pass this program: web addresses and headers with tokens, seeds, keys, cookies.
# Before each stands a word, in small letters, without which it need not be looked for.
_SHAPES = (
    ("t=", r"(?i)(?<=[?&]t=)[^&\s\"']+"),  # the Flex service takes its token like this
    ("otpauth://", r"(?i)(?<=otpauth://)[^\s\"']+"),
    ("authorization: ", r"(?i)(?<=authorization: ).+"),
    ("cookie: ", r"(?i)(?<=cookie: ).+"),
    ("bearer ", r"(?i)(?<=bearer )[\w.~+/-]+=*"),
    ("-----begin", r"(?s)-----BEGIN [A-Z ]+-----.*?(?:-----END [A-Z ]+-----|$)"),
    *(
        (name, rf"(?i)(?<![a-z]){name}\w*[\"']?\s*[=:]\s*[\"']?[^\s\"'&,;}}]+")
        for name in ("passw", "secret", "token", "seed", "session", "api_key", "oauth_")
    ),
    ("", r"(?<![A-Za-z0-9+/=])[A-Z2-7]{16,}=*(?![A-Za-z0-9+/=])"),  # a base32 seed
    ("", r"(?<![0-9A-Fa-f])[0-9A-Fa-f]{32,}(?![0-9A-Fa-f])"),
)


@cache  # compiled with the first line of the log: a start does not wait for it
def _shapes() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((word, re.compile(pattern)) for word, pattern in _SHAPES)


class Redactor:
    """Takes secrets out of texts. Hand it every secret that is read, so that it knows the value too."""

    def __init__(self) -> None:
        self._values: tuple[str, ...] = ()

    def learn(self, secret: str) -> None:
        """Hide this value from now on, also where it is encoded."""
        if len(secret) >= _SHORTEST:
            # The longest first: one encoding may be part of another.
            known = {*self._values, *_encodings(secret)}
            self._values = tuple(sorted(known, key=len, reverse=True))

    def clean(self, text: str) -> str:
        """Return the text without secrets."""
        for value in self._values:
            text = text.replace(value, HIDDEN)
        small = text.lower()
        for word, shape in _shapes():
            if word in small:
                text = shape.sub(HIDDEN, text)
        return text

    def __repr__(self) -> str:
        return f"Redactor({len(self._values)} values)"


def _encodings(secret: str) -> set[str]:
    raw = secret.encode("utf-8", "surrogatepass")
    plain = {
        secret,
        repr(secret)[1:-1],
        quote(secret, safe="", errors="replace"),
        raw.hex(),
        raw.hex().upper(),
        base64.b32encode(raw).decode().rstrip("="),
    }
    # In base64 a value looks different at each of three offsets; what its neighbours change is cut off.
    for shift in range(3):
        encoded = base64.b64encode(bytes(shift) + raw).decode().rstrip("=")
        inner = encoded[(0, 2, 3)[shift] : len(encoded) - (1 if (len(raw) + shift) % 3 else 0)]
        plain |= {inner, inner.replace("+", "-").replace("/", "_")}
    return {value for value in plain if len(value) >= _SHORTEST}
