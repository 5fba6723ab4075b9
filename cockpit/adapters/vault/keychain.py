"""The operating system's keychain (port: Vault), asked in a thread of its own and never for long."""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

from keyring import errors
from keyring.backend import KeyringBackend
from msgspec import Struct

from cockpit.adapters.vault.backends import Lock, ask_to_open, choose, lock_of, title_of
from cockpit.adapters.vault.sealed_file import PrivateFolder, SealedSlots
from cockpit.adapters.vault.slots import Slots
from cockpit.adapters.vault.trouble import Reason
from cockpit.services.errors import VaultTrouble

T = TypeVar("T")
log = logging.getLogger(__name__)

SERVICE = "access-cockpit"


class Patience(Struct, frozen=True):
    """Named waits in seconds: for an answer, and for a person who types a password."""

    answer: float = 5.0
    person: float = 55.0


class KeyringVault:
    """Keeps secrets in the system's keychain and nowhere else. Raises VaultTrouble; never logs or shows a secret.

    With a `folder`, secrets too long for a keychain are kept there in sealed files, whose keys are in the keychain;
    without one they are refused.

    Nothing here makes the keychain ask the user a question, except `unlock`, which is for a user's click.
    """

    def __init__(
        self,
        service: str = SERVICE,
        patience: Patience | None = None,
        find: Callable[[], KeyringBackend] = choose,
        folder: Path | None = None,
    ) -> None:
        self._service = service
        self._patience = patience or Patience()
        self._find = find
        self._folder = folder
        self._work: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    async def where(self) -> str:
        """Say in words where secrets live, or raise the trouble that keeps them out."""
        return await self._ask(lambda backend: title_of(backend))

    async def put(self, name: str, secret: str) -> None:
        """Keep a secret; the old one stays readable until the new one is."""
        await self._ask(lambda backend: self._slots(backend).put(name, secret))

    async def get(self, name: str) -> str | None:
        """Read a secret; None when there is none of that name."""
        return await self._ask(lambda backend: self._slots(backend).get(name))

    async def forget(self, name: str) -> None:
        """Delete a secret; deleting one that is not there is fine."""
        await self._ask(lambda backend: self._slots(backend).forget(name))

    async def unlock(self) -> None:
        """Have the keychain ask the user for its password. Only after a click: a window of the system comes up."""
        seconds = self._patience.person

        def open_it() -> None:
            if not ask_to_open(self._approved(), seconds):
                raise Reason.DISMISSED.trouble()

        await self._run(open_it, seconds)

    async def _ask(self, do: Callable[[KeyringBackend], T]) -> T:
        def with_open_keychain() -> T:
            backend = self._approved()
            match lock_of(backend):
                case Lock.SHUT:
                    raise Reason.LOCKED.trouble(title_of(backend))
                case Lock.NO_KEYRING:
                    raise Reason.EMPTY.trouble(title_of(backend))
                case Lock.OPEN:
                    return do(backend)

        return await self._run(with_open_keychain, self._patience.answer)

    def _slots(self, backend: KeyringBackend) -> Slots | SealedSlots:
        slots = Slots(backend, self._service)
        return slots if self._folder is None else SealedSlots(slots, PrivateFolder(self._folder))

    def _approved(self) -> KeyringBackend:
        """Find the keychain anew each time: it may have come, gone or changed."""
        backend = self._find()
        title_of(backend)
        return backend

    async def _run(self, do: Callable[[], T], seconds: float) -> T:
        """Do it in the thread and wait so long; what was begun goes on to its end, what waits is dropped."""
        done: Future[T] = Future()

        def work() -> None:
            if not done.set_running_or_notify_cancel():
                return
            try:
                done.set_result(do())
            except VaultTrouble as trouble:
                done.set_exception(trouble)
            except Exception as error:
                done.set_exception(trouble_of(error))

        self._work.put(work)
        if self._thread is None:
            # A daemon: a keychain that hangs must not keep the program from ending.
            self._thread = threading.Thread(target=self._live, name="vault", daemon=True)
            self._thread.start()
        try:
            return await asyncio.wait_for(asyncio.wrap_future(done), seconds)
        except TimeoutError:
            raise Reason.SLOW.trouble(f"{seconds:g} s") from None

    def _live(self) -> None:
        while True:
            self._work.get()()


def trouble_of(error: Exception) -> VaultTrouble:
    """Translate an error of the keychain. Only its type goes on: its text or its fields may hold a secret."""
    kind = type(error)
    log.warning("the keychain failed: %s.%s", kind.__module__, kind.__qualname__)
    match error:
        case errors.NoKeyringError():
            return Reason.MISSING.trouble()
        case errors.KeyringLocked():
            return Reason.LOCKED.trouble()
        case errors.PasswordSetError() | errors.PasswordDeleteError():
            return Reason.DENIED.trouble()
    names = {one.__name__ for one in kind.__mro__}
    if "PromptDismissedException" in names:
        return Reason.DISMISSED.trouble()
    if "LockedException" in names:
        return Reason.LOCKED.trouble()
    if "SecretServiceNotAvailableException" in names:
        return Reason.MISSING.trouble()
    return Reason.GONE.trouble(kind.__name__)
