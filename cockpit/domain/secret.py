"""A secret on its way from the trader's hand to the keychain: it shows itself to nobody who does not ask."""

from __future__ import annotations

from msgspec import Struct


class Secret(Struct, frozen=True):
    """A secret that neither a log line, a message nor a look into a record gives away."""

    _text: str

    def reveal(self) -> str:
        """Return the secret itself."""
        return self._text

    def __repr__(self) -> str:
        return "Secret()"

    def __str__(self) -> str:
        return "Secret()"
