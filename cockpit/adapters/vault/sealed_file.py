"""Secrets too long for a keychain: sealed in a file, whose key alone is in the keychain.

The keychain's entry is the pointer: it names the file and holds its key. A new secret gets a new file and a new key, is
read back, and only then does the entry change, as one; the old file goes last. So there is always one whole secret to
which the keychain points, and a file that is lost, stolen or exchanged gives nothing away.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from pathlib import Path
from typing import Protocol

from cockpit.adapters.vault.slots import Slots, fits
from cockpit.adapters.vault.trouble import Reason

LONGEST = 65_536  # characters; the longest key in use has some thousand
_POINTER = "sealed1:"
_HEAD = b"cockpit sealed 1\n"
_NONCE = 12  # bytes, as AES-GCM wants them; a key seals one file only, so no nonce meets its key twice
_LARGEST = 4 * LONGEST + 1024  # bytes of a file that can be ours


class Files(Protocol):
    """What is needed of a folder. Every method raises OSError."""

    def write(self, name: str, content: bytes) -> None:
        """Write a new file whole and see it onto the disk."""

    def read(self, name: str, most: int) -> bytes | None:
        """Read at most so many bytes; None when there is no such file."""

    def delete(self, name: str) -> None:
        """Delete a file; one that is not there is fine."""

    def names(self) -> list[str]:
        """Return the names of all files; none when there is no folder yet."""


class PrivateFolder:
    """A folder that only its owner can look into, made when it is first needed."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, name: str, content: bytes) -> None:
        """Write a new file, 0600 from its first moment on. Raises FileExistsError rather than replace one."""
        self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
        flags = (
            os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
        )
        with os.fdopen(os.open(self._path / name, flags, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if os.name == "posix":  # the entry in the folder must be on the disk too
            handle = os.open(self._path, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)

    def read(self, name: str, most: int) -> bytes | None:
        """Read at most `most` bytes; None when there is no such file."""
        try:
            with (self._path / name).open("rb") as file:
                return file.read(most)
        except FileNotFoundError:
            return None

    def delete(self, name: str) -> None:
        """Delete a file; one that is not there is fine."""
        (self._path / name).unlink(missing_ok=True)

    def names(self) -> list[str]:
        """Return the names of all files; none when there is no folder yet."""
        return sorted(file.name for file in self._path.iterdir()) if self._path.is_dir() else []


class SealedSlots:
    """Secrets of any length, used like `Slots`: short ones stand in the keychain, long ones in a file.

    Every method raises VaultTrouble.
    """

    def __init__(self, slots: Slots, files: Files) -> None:
        self._slots = slots
        self._files = files

    def put(self, name: str, secret: str) -> None:
        """Keep a secret; until the new one is readable the old one is."""
        if len(secret) > LONGEST:
            raise Reason.LONG.trouble()
        if fits(secret) and not secret.startswith(_POINTER):
            self._slots.put(name, secret)
            self._sweep(name)
            return
        key = os.urandom(32)
        file = f"{_stem(name)}-{os.urandom(8).hex()}.sealed"
        try:
            self._files.write(file, _seal(key, file, secret))
            back = self._files.read(file, _LARGEST)
        except OSError as error:
            raise Reason.DISK.trouble(error.strerror or "") from None
        if not hmac.compare_digest(_open(key, file, back) or b"", _bytes(secret)):
            raise Reason.LOST.trouble()
        self._slots.put(name, f"{_POINTER}{file}:{base64.b64encode(key).decode()}")
        self._sweep(name, file)

    def get(self, name: str) -> str | None:
        """Return the secret; None when there is none."""
        entry = self._slots.get(name)
        if entry is None or not entry.startswith(_POINTER):
            return entry
        file, _, written = entry.removeprefix(_POINTER).partition(":")
        try:
            content = self._files.read(file, _LARGEST) if file.startswith(_stem(name)) else None
        except OSError as error:
            raise Reason.DISK.trouble(error.strerror or "") from None
        opened = _open(_key(written), file, content)
        if opened is None:
            raise Reason.UNSEALED.trouble()
        return opened.decode("utf-8", "surrogatepass")

    def forget(self, name: str) -> None:
        """Delete the secret: its key first, because without it the file is noise."""
        self._slots.forget(name)
        self._sweep(name)

    def _sweep(self, name: str, but: str = "") -> None:
        """Delete the files of a secret to which nothing points any more. One that stays is noise and is tried again."""
        try:
            for file in self._files.names():
                if file.startswith(f"{_stem(name)}-") and file != but:
                    self._files.delete(file)
        except OSError:
            return


def _stem(name: str) -> str:
    """Say in a file's name whose it is without telling what for."""
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def _seal(key: bytes, file: str, secret: str) -> bytes:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # no start waits for it

    nonce = os.urandom(_NONCE)
    return _HEAD + nonce + AESGCM(key).encrypt(nonce, _bytes(secret), _HEAD + file.encode())


def _open(key: bytes, file: str, content: bytes | None) -> bytes | None:
    """Return what a file holds; None when it is missing, damaged, another's, or the key is not its own."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    if content is None or len(key) != 32 or not content.startswith(_HEAD):
        return None
    nonce, sealed = content[len(_HEAD) :][:_NONCE], content[len(_HEAD) + _NONCE :]
    try:
        return AESGCM(key).decrypt(nonce, sealed, _HEAD + file.encode())
    except (InvalidTag, ValueError):
        return None


def _key(written: str) -> bytes:
    try:
        return base64.b64decode(written, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _bytes(secret: str) -> bytes:
    return secret.encode("utf-8", "surrogatepass")
