"""Which keychains are good enough: an allow-list of classes, for what is not on it may write plain text."""

from __future__ import annotations

import importlib
import sys
from contextlib import closing
from enum import Enum

from keyring.backend import KeyringBackend, get_all_keyring
from keyring.backends import chainer, fail, null
from msgspec import Struct

from cockpit.adapters.vault.trouble import Reason


class Allowed(Struct, frozen=True):
    """A class of the keyring library that keeps secrets in the system's own keychain."""

    platform: str
    module: str
    name: str
    title: str


# KWallet's own interface asks the user as soon as one looks at it; its Secret Service does not.
ALLOWED = (
    Allowed("linux", "keyring.backends.SecretService", "Keyring", "the Secret Service of your desktop"),
    Allowed("darwin", "keyring.backends.macOS", "Keyring", "the macOS Keychain"),
    Allowed("win32", "keyring.backends.Windows", "WinVaultKeyring", "the Windows Credential Manager"),
)


class Lock(Enum):
    """How a keychain stands before anybody is asked anything."""

    OPEN = "open"
    SHUT = "shut"
    NO_KEYRING = "no keyring"


def choose() -> KeyringBackend:
    """Return this system's keychain. Raises VaultTrouble: unsafe when there is only another store, else missing.

    The library's own choice is not asked: a file or a variable that a user can edit could make it load anything.
    """
    for allowed in ALLOWED:
        if sys.platform.startswith(allowed.platform):
            kind = getattr(importlib.import_module(allowed.module), allowed.name)
            if kind.viable:
                backend: KeyringBackend = kind()
                if allowed.platform == "win32":
                    # By default a secret would travel with the user's profile to every machine of the domain.
                    setattr(backend, "persist", "local machine")  # noqa: B010 - known to Windows only
                return backend
    others = [
        one
        for one in get_all_keyring()
        if not isinstance(one, chainer.ChainerBackend | fail.Keyring | null.Keyring)
    ]
    if others:
        raise Reason.UNSAFE.trouble(", ".join(sorted({_full_name(one) for one in others})))
    raise Reason.MISSING.trouble()


def title_of(backend: KeyringBackend) -> str:
    """Say in words where a keychain is. Raises VaultTrouble (unsafe) unless its very class is on the list.

    A chain is looked through: one unsafe link makes all of it unsafe, because it hands secrets on.
    """
    if isinstance(backend, chainer.ChainerBackend):
        return " or ".join([title_of(link) for link in backend.backends]) or "nowhere"
    for allowed in ALLOWED:
        if _full_name(backend) == f"{allowed.module}.{allowed.name}":
            return allowed.title
    raise Reason.UNSAFE.trouble(_full_name(backend))


def lock_of(backend: KeyringBackend) -> Lock:
    """Look whether a keychain is open, without raising a question. Raises the errors of the keychain."""
    if not _is_secret_service(backend):
        return Lock.OPEN  # the others open with the user's own sign-in
    import secretstorage

    with closing(secretstorage.dbus_init()) as bus:
        try:
            collection = secretstorage.Collection(bus)
        except secretstorage.ItemNotFoundException:
            return Lock.NO_KEYRING
        return Lock.SHUT if collection.is_locked() else Lock.OPEN


def ask_to_open(backend: KeyringBackend, seconds: float) -> bool:
    """Have the keychain ask the user for its password, once; return whether it is open then."""
    if lock_of(backend) is Lock.OPEN:
        return True
    import secretstorage

    with closing(secretstorage.dbus_init()) as bus:
        collection = secretstorage.get_default_collection(bus)
        return not collection.is_locked() or not collection.unlock(timeout=seconds)


def _is_secret_service(backend: KeyringBackend) -> bool:
    return type(backend).__module__ == "keyring.backends.SecretService"


def _full_name(backend: KeyringBackend) -> str:
    return f"{type(backend).__module__}.{type(backend).__qualname__}"
