"""Changes of the register: what stands under a name is added, changed or taken away; nothing else is lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from cockpit.domain.register import Credential, Device, Factor, RecoveryPath, Register

DESK = "desk"  # the key of the desk's own names


class DeskNames(Struct, frozen=True):
    """The desk's own username, and the broker's company it belongs to."""

    name: str = ""
    entity: str = ""


Entry = Device | Factor | Credential | RecoveryPath | DeskNames
E = TypeVar("E", bound=Entry)
MOST = 120  # letters of a name
_LONG_WORD = 24  # letters and digits without a space; the broker's tokens and every seed are longer


def entry_of(register: Register, key: str) -> Entry | None:
    """Return what stands under a key such as `factor/phone B`."""
    if key == DESK:
        return DeskNames(register.username, register.entity)
    kind, _, name = key.partition("/")
    found: Sequence[Entry] = ()
    match kind:
        case "device":
            found = register.devices
        case "factor":
            found = register.factors
        case "credential":
            found = register.credentials
        case "recovery":
            found = register.recovery
    return next((one for one in found if one.name == name), None)


def key_of_entry(register: Register, key: str) -> str:
    """Return the key of the entry that a line, weakness or finding is about; empty when it is about none.

    Findings are named after what they found: `shared-username/bot` is about the credential called bot.
    """
    if entry_of(register, key) is not None:
        return key
    name = key.partition("/")[2]
    return f"credential/{name}" if name and entry_of(register, f"credential/{name}") is not None else ""


def complaint(register: Register, entry: Entry, before: Entry | None) -> str:
    """Say why an entry cannot be kept; empty when it can."""
    if not entry.name.strip() and not isinstance(entry, DeskNames):
        return "Give it a name."
    if len(entry.name) > MOST:
        return f"A name has at most {MOST} letters."
    if any(_looks_secret(text) for text in _texts(entry)):
        return "That looks like a secret. It belongs into the keychain, never into this list."
    if before is None or before.name != entry.name:
        same = next((one for one in _others(register, entry, before) if one.name == entry.name), None)
        if same is not None:
            return "That name is taken. Two with one name could not be told apart."
    return ""


def _texts(entry: Entry) -> list[str]:
    values = (getattr(entry, field) for field in entry.__struct_fields__)
    return [value for value in values if type(value) is str]


def _looks_secret(text: str) -> bool:
    """Whether a word of it is a key or a token rather than a name; a mistake here costs one word, not a secret."""
    if "otpauth:" in text.lower() or "-----BEGIN" in text:
        return True
    words = text.split()
    return any(
        len(word) >= _LONG_WORD
        and any(letter.isdigit() for letter in word)
        and any(letter.isalpha() for letter in word)
        for word in words
    )


def _others(register: Register, entry: Entry, before: Entry | None) -> list[Entry]:
    lists: tuple[Sequence[Entry], ...] = (
        register.devices,
        register.factors,
        register.credentials,
        register.recovery,
    )
    return [one for entries in lists for one in entries if type(one) is type(entry) and one != before]


def kept(register: Register, entry: Entry, before: Entry | None = None) -> Register:
    """Return the register with `entry`, in the place of `before` when there is one.

    A device that is renamed is renamed wherever it is named.
    """
    match entry:
        case Device():
            changed = replace(register, devices=_put(register.devices, entry, before))
            if isinstance(before, Device) and before.name != entry.name:
                return _renamed(changed, before.name, entry.name)
            return changed
        case Factor():
            return replace(register, factors=_put(register.factors, entry, before))
        case Credential():
            return replace(register, credentials=_put(register.credentials, entry, before))
        case DeskNames():
            return replace(register, username=entry.name, entity=entry.entity)
        case RecoveryPath():
            return replace(register, recovery=_put(register.recovery, entry, before))


def without(register: Register, entry: Entry) -> Register:
    """Return the register without `entry`. What was on a device stays, on a device that is not registered."""
    return replace(
        register,
        devices=tuple(one for one in register.devices if one != entry),
        factors=tuple(one for one in register.factors if one != entry),
        credentials=tuple(one for one in register.credentials if one != entry),
        recovery=tuple(one for one in register.recovery if one != entry),
    )


def _put(entries: tuple[E, ...], entry: E, before: Entry | None) -> tuple[E, ...]:
    is_there = any(one == before for one in entries)
    put = tuple(entry if one == before else one for one in entries)
    return put if is_there else (*put, entry)


def _renamed(register: Register, old: str, new: str) -> Register:
    def rename(name: str) -> str:
        return new if name == old else name

    return replace(
        register, factors=_moved(register.factors, rename), recovery=_moved(register.recovery, rename)
    )


M = TypeVar("M", Factor, RecoveryPath)


def _moved(entries: tuple[M, ...], rename: Callable[[str], str]) -> tuple[M, ...]:
    return tuple(replace(one, device=rename(one.device)) for one in entries)
