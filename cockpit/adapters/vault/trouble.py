"""What keeps secrets out of reach, in words: one row for each reason, with what to do about it."""

from __future__ import annotations

from enum import Enum

from cockpit.domain.remedy import Remedy
from cockpit.services.errors import VaultTrouble


class Reason(Enum):
    """Why the keychain cannot be used: the word, the sentence, the remedy, and the action that offers it."""

    MISSING = (
        "missing",
        "There is no keychain here, so no secret can be kept.",
        "Start GNOME Keyring, KWallet's Secret Service or KeePassXC, then ask again.",
        "",
    )
    EMPTY = (
        "missing",
        "The keychain has no keyring yet, so no secret can be kept.",
        "Create one: the keychain will ask you for a new password.",
        "unlock-vault",
    )
    UNSAFE = (
        "unsafe",
        "Only a store that does not protect secrets is here, and it is not used.",
        "Start GNOME Keyring, KWallet's Secret Service or KeePassXC, then ask again.",
        "",
    )
    LOCKED = ("locked", "The keychain is locked.", "Unlock it.", "unlock-vault")
    DISMISSED = (
        "denied",
        "The keychain stays locked: its question was not answered.",
        "Ask again, and type the keychain's password.",
        "unlock-vault",
    )
    DENIED = (
        "denied",
        "The keychain refused.",
        "Allow the access cockpit in the keychain's own settings.",
        "",
    )
    SLOW = (
        "slow",
        "The keychain does not answer.",
        "Look for a question of the keychain on another screen; else sign out of the desktop and in again.",
        "",
    )
    GONE = (
        "gone",
        "The keychain went away while it was asked.",
        "Ask again; if it stays away, start it.",
        "",
    )
    LOST = (
        "gone",
        "The keychain gave back something else than was written, so nothing was changed.",
        "Ask again; the secret kept before is still there.",
        "",
    )
    DISK = (
        "gone",
        "The folder for long secrets cannot be used, so nothing was changed.",
        "Make room on the disk and see that you may write there, then ask again.",
        "",
    )
    UNSEALED = (
        "gone",
        "The file in which this secret is sealed is missing or damaged.",
        "Put the file back from a backup of this PC, or keep the secret again.",
        "",
    )
    LONG = (
        "long",
        "This secret is too long for the keychain of some systems, so it was not kept.",
        "Keep it where it is for now.",
        "",
    )

    @property
    def word(self) -> str:
        """The one word of `VaultTrouble.reason`."""
        return self.value[0]

    def trouble(self, detail: str = "") -> VaultTrouble:
        """Return the trouble. `detail` names a place or a program, never anything of a secret."""
        word, sentence, remedy, action = self.value
        return VaultTrouble(word, f"{sentence} ({detail})" if detail else sentence, Remedy(remedy, action))
