"""Carries the box's questions to where the seeds are handled, which is another thread, and the answers back."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, Protocol, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

from cockpit.domain.otp import Authenticator, Code, Draft
from cockpit.domain.secret import Secret
from cockpit.services.errors import Trouble
from cockpit.ui.authenticator.source import Answer, Unavailable

T = TypeVar("T")
Start = Callable[[Callable[[], Coroutine[Any, Any, None]]], None]


class AsyncCodes(Protocol):
    """What carries out the questions; `services.codes.Codes` is such. Every method raises Trouble."""

    async def list(self) -> tuple[Authenticator, ...]:
        """Return the authenticators that are kept."""

    async def code(self, name: str) -> Code:
        """Return the code of now and the one after it."""

    def begin(self, text: Secret) -> Draft:
        """Read a set-up that was pasted."""

    async def begin_picture(self, path: Path) -> Draft:
        """Read a set-up from a picture."""

    async def verify(
        self, draft: Draft, typed: str, *, name: str = "", replacing: bool = False
    ) -> Authenticator:
        """Keep a draft if the code that was typed is right."""

    async def forget(self, name: str) -> None:
        """Delete an authenticator."""


class CodeRelay(QObject):
    """A CodeSource. `start` calls what it is given in the loop of `codes`, and owns the task that comes of it.

    `codes` is asked for only there, because it is made there. What `start` drops, at the end of the program, is not
    answered.
    """

    _answered = Signal(object)

    def __init__(self, codes: Callable[[], AsyncCodes], start: Start, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._codes = codes
        self._start = start
        self._answered.connect(self._on_answered, Qt.ConnectionType.QueuedConnection)

    def list(self, answer: Answer[tuple[Authenticator, ...]]) -> None:
        """Say which authenticators there are."""
        self._ask(lambda codes: codes.list(), answer)

    def code(self, name: str, answer: Answer[Code]) -> None:
        """Compute the code of now."""
        self._ask(lambda codes: codes.code(name), answer)

    def begin(self, text: Secret, answer: Answer[Draft]) -> None:
        """Read an address or a key that was pasted."""

        async def read(codes: AsyncCodes) -> Draft:
            return codes.begin(text)

        self._ask(read, answer)

    def begin_picture(self, path: str, answer: Answer[Draft]) -> None:
        """Read the QR code in a picture file."""
        self._ask(lambda codes: codes.begin_picture(Path(path)), answer)

    def verify(
        self, draft: Draft, typed: str, name: str, replacing: bool, answer: Answer[Authenticator]
    ) -> None:
        """Keep a draft if the code that was typed is right."""
        self._ask(lambda codes: codes.verify(draft, typed, name=name, replacing=replacing), answer)

    def forget(self, name: str, answer: Answer[None]) -> None:
        """Delete an authenticator with its seed."""
        self._ask(lambda codes: codes.forget(name), answer)

    def _ask(self, ask: Callable[[AsyncCodes], Coroutine[Any, Any, T]], answer: Answer[T]) -> None:
        async def work() -> None:
            result: T | Unavailable
            try:
                result = await ask(self._codes())
            except Trouble as trouble:
                cure = trouble.remedy
                result = Unavailable(
                    trouble.sentence, cure.sentence if cure else "", cure.action if cure else ""
                )
            self._answered.emit(lambda: answer(result))

        self._start(work)

    @Slot(object)
    def _on_answered(self, deliver: object) -> None:
        if callable(deliver):
            deliver()
