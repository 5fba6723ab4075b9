"""Long secrets in sealed files: whatever fails at whatever step, the old or the new one is readable, never none."""

from __future__ import annotations

import os
import stat
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.adapters.vault.sealed_file import LONGEST, PrivateFolder, SealedSlots
from cockpit.adapters.vault.slots import LONGEST as LONGEST_IN_KEYCHAIN
from cockpit.adapters.vault.slots import Slots
from cockpit.services.errors import VaultTrouble
from tests.adapters.test_vault_slots import Denied, MemoryKeychain

pytestmark = pytest.mark.plain

OLD, NEW, NEWEST, SHORT = "o" * 5000, "n" * 1704, "w" * 2500, "short"


@dataclass
class MemoryFiles:
    """A folder that fails at the step it is told to, before or after the deed; it counts with its keychain.

    `tear` makes it write half of what it is given, without a word.
    """

    keychain: MemoryKeychain
    kept: dict[str, bytes] = field(default_factory=dict)
    tear: bool = False
    was_read: list[str] = field(default_factory=list)

    def _step(self) -> None:
        self.keychain.steps += 1
        if self.keychain.steps == self.keychain.fail_at:
            raise OSError(28, "No space left on device")

    def write(self, name: str, content: bytes) -> None:
        self._step()
        self.kept[name] = content[: len(content) // 2]
        self._step()
        self.kept[name] = content[: len(content) // 2] if self.tear else content
        self._step()

    def read(self, name: str, most: int) -> bytes | None:
        self._step()
        self.was_read.append(name)
        content = self.kept.get(name)
        return None if content is None else content[:most]

    def delete(self, name: str) -> None:
        self._step()
        self.kept.pop(name, None)
        self._step()

    def names(self) -> list[str]:
        self._step()
        return sorted(self.kept)


def vault() -> tuple[MemoryKeychain, MemoryFiles, SealedSlots]:
    keychain = MemoryKeychain()
    files = MemoryFiles(keychain)
    return keychain, files, SealedSlots(Slots(keychain, "s"), files)


@pytest.mark.parametrize(
    "history",
    [
        (NEW,),
        (OLD, NEW),
        (NEWEST, OLD, NEW),
        (SHORT, NEW),
        (OLD, SHORT),
        (OLD, SHORT, NEW),
        (SHORT, OLD, SHORT),
    ],
    ids=lambda history: " then ".join("short" if one == SHORT else "long" for one in history),
)
def test_a_failure_at_any_step_leaves_the_old_or_the_new_secret(history: tuple[str, ...]) -> None:
    *before, new = history
    for step in range(1, 80):
        keychain, files, slots = vault()
        for secret in before:
            slots.put("a", secret)
        keychain.steps, keychain.fail_at = 0, step
        try:
            slots.put("a", new)
        except (Denied, VaultTrouble):
            is_finished = False
        else:
            is_finished = True
        has_failed = keychain.steps >= step
        keychain.fail_at = -1
        old = before[-1] if before else None
        assert slots.get("a") in ({new} if is_finished else {old, new}), step
        slots.put("a", NEWEST)
        assert slots.get("a") == NEWEST
        assert (len(keychain.kept), len(files.kept)) == (1, 1)  # nothing is left lying about
        if not has_failed:
            return
    raise AssertionError("the steps never ended")


def test_a_failure_at_any_step_of_forgetting_is_made_good_by_the_next_attempt() -> None:
    for step in range(1, 40):
        keychain, files, slots = vault()
        slots.put("a", OLD)
        slots.put("b", NEW)
        keychain.steps, keychain.fail_at = 0, step
        try:
            slots.forget("a")
        except Denied:
            pass
        has_failed = keychain.steps >= step
        keychain.fail_at = -1
        assert slots.get("a") in {None, OLD}
        slots.forget("a")
        assert (slots.get("a"), slots.get("b")) == (None, NEW)
        assert (len(keychain.kept), len(files.kept)) == (1, 1)
        if not has_failed:
            return
    raise AssertionError("the steps never ended")


def test_a_disk_that_keeps_only_half_is_found_out_and_the_old_secret_stays() -> None:
    _, files, slots = vault()
    slots.put("a", OLD)
    files.tear = True
    with pytest.raises(VaultTrouble) as caught:
        slots.put("a", NEW)
    assert caught.value.reason == "gone"
    assert slots.get("a") == OLD


@pytest.mark.parametrize("length", [1, LONGEST_IN_KEYCHAIN, LONGEST_IN_KEYCHAIN + 1, 1704, LONGEST])
def test_secrets_of_every_length_are_kept_whole_and_the_long_ones_not_in_the_keychain(length: int) -> None:
    keychain, files, slots = vault()
    secret = "".join(chr(33 + number % 90) for number in range(length))
    slots.put("a", secret)
    assert slots.get("a") == secret
    assert len(files.kept) == (length > LONGEST_IN_KEYCHAIN)
    [entry] = keychain.kept.values()
    assert len(entry.encode("utf-16-le")) <= 2560


def test_a_secret_beyond_all_measure_is_refused_and_nothing_is_written() -> None:
    keychain, files, slots = vault()
    with pytest.raises(VaultTrouble) as caught:
        slots.put("a", "x" * (LONGEST + 1))
    assert caught.value.reason == "long"
    assert (keychain.kept, files.kept) == ({}, {})


@given(
    st.lists(
        st.tuples(
            st.sampled_from("ab"), st.one_of(st.none(), st.text(), st.just("sealed1:x:y"), st.just(OLD))
        ),
        max_size=8,
    )
)
def test_the_last_secret_put_is_the_one_that_is_read(deeds: list[tuple[str, str | None]]) -> None:
    _, files, slots = vault()
    expected: dict[str, str | None] = {"a": None, "b": None}
    for name, secret in deeds:
        if secret is None:
            slots.forget(name)
        else:
            slots.put(name, secret)
        expected[name] = secret
    assert {name: slots.get(name) for name in "ab"} == expected
    assert len(files.kept) <= 2


def test_a_file_holds_nothing_of_its_secret_or_its_name_in_the_open() -> None:
    _, files, slots = vault()
    slots.put("oauth/consumer", "-----BEGIN KEY-----" + NEW)
    [(name, content)] = files.kept.items()
    assert b"BEGIN" not in content
    assert NEW[:8].encode() not in content
    assert "oauth" not in name


@pytest.mark.parametrize("damage", ["missing", "flipped", "cut", "empty", "of another secret"])
def test_a_damaged_missing_or_exchanged_file_is_named_and_never_read(damage: str) -> None:
    _, files, slots = vault()
    slots.put("a", OLD)
    [name] = files.kept
    slots.put("b", NEW)
    [other] = set(files.kept) - {name}
    content = files.kept[name]
    if damage == "missing":
        del files.kept[name]
    else:
        files.kept[name] = {
            "flipped": content[:200] + bytes([content[200] ^ 1]) + content[201:],
            "cut": content[:-1],
            "empty": b"",
            "of another secret": files.kept[other],
        }[damage]
    with pytest.raises(VaultTrouble) as caught:
        slots.get("a")
    assert caught.value.reason == "gone"
    assert "sealed is missing or damaged" in caught.value.sentence
    assert slots.get("b") == NEW
    slots.put("a", NEWEST)
    assert slots.get("a") == NEWEST


@pytest.mark.parametrize(
    "pointer", ["sealed1:", "sealed1:x", "sealed1:../../etc/passwd:AAAA", "sealed1:x:%%%"]
)
def test_an_entry_that_points_nowhere_of_ours_reads_no_file(pointer: str) -> None:
    keychain, files, slots = vault()
    Slots(keychain, "s").put("a", pointer)
    with pytest.raises(VaultTrouble):
        slots.get("a")
    assert files.was_read == []


def test_a_real_folder_keeps_replaces_and_forgets_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "sealed"
    slots = SealedSlots(Slots(MemoryKeychain(), "s"), PrivateFolder(folder))
    assert slots.get("a") is None
    slots.put("a", OLD)
    slots.put("a", NEW)
    [file] = folder.iterdir()
    assert slots.get("a") == NEW
    if sys.platform != "win32":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    slots.forget("a")
    assert list(folder.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a file where the folder should be")
def test_a_folder_that_cannot_be_made_is_named_and_the_old_secret_stays(tmp_path: Path) -> None:
    place = tmp_path / "sealed"
    slots = SealedSlots(Slots(MemoryKeychain(), "s"), PrivateFolder(place))
    slots.put("a", SHORT)
    place.write_text("in the way")
    with pytest.raises(VaultTrouble) as caught:
        slots.put("a", OLD)
    assert "nothing was changed" in caught.value.sentence
    assert slots.get("a") == SHORT
