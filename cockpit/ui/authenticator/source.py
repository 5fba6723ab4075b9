"""Where the box gets codes from: every answer comes later, once, on the window's thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeAlias, TypeVar

from msgspec import Struct

from cockpit.domain.otp import Authenticator, Code, Draft
from cockpit.domain.secret import Secret

T = TypeVar("T")


class Unavailable(Struct, frozen=True):
    """Why something was not done, what to do about it, and the action of the window that offers it ("" none)."""

    sentence: str
    cure: str = ""
    action: str = ""


Answer: TypeAlias = Callable[[T | Unavailable], None]


class CodeSource(Protocol):
    """Authenticators, asked without waiting. Each `answer` is called once with the result or with why there is none."""

    def list(self, answer: Answer[tuple[Authenticator, ...]]) -> None:
        """Say which authenticators there are."""

    def code(self, name: str, answer: Answer[Code]) -> None:
        """Compute the code of now."""

    def begin(self, text: Secret, answer: Answer[Draft]) -> None:
        """Read an address or a key that was pasted."""

    def begin_picture(self, path: str, answer: Answer[Draft]) -> None:
        """Read the QR code in a picture file."""

    def verify(
        self, draft: Draft, typed: str, name: str, replacing: bool, answer: Answer[Authenticator]
    ) -> None:
        """Keep a draft if the code that was typed is right."""

    def forget(self, name: str, answer: Answer[None]) -> None:
        """Delete an authenticator with its seed."""
