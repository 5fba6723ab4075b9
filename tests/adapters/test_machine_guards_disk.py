"""Disk encryption, read from trees laid out like Linux lays out /sys and from the words other systems print."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from cockpit.adapters.machine.encryption import (
    Answer,
    judge_devices,
    look_at_encryption,
    mounted_at,
    parse_bitlocker,
    parse_fdesetup,
)
from cockpit.domain import kinds

pytestmark = pytest.mark.plain


def device(root: Path, name: str, *below: Path, uuid: str = "") -> Path:
    folder = root / name
    folder.mkdir()
    if uuid:
        (folder / "dm").mkdir()
        (folder / "dm" / "uuid").write_text(f"{uuid}\n")
    if below or uuid:
        (folder / "slaves").mkdir()
    for one in below:
        (folder / "slaves" / one.name).symlink_to(one)
    return folder


def test_a_volume_on_a_crypt_layer_is_encrypted(tmp_path: Path) -> None:
    disk = device(tmp_path, "sda2")
    crypt = device(tmp_path, "dm-0", disk, uuid="CRYPT-LUKS2-abc-root")
    volume = device(tmp_path, "dm-1", crypt, uuid="LVM-abc")
    assert judge_devices([volume]) == Answer(True, "dm-crypt")


def test_one_plain_disk_among_crypt_layers_spoils_it(tmp_path: Path) -> None:
    crypt = device(tmp_path, "dm-0", device(tmp_path, "sda"), uuid="CRYPT-LUKS2-a")
    plain = device(tmp_path, "sdb")
    volume = device(tmp_path, "dm-1", crypt, plain, uuid="LVM-abc")
    assert judge_devices([volume]).is_encrypted is False
    assert judge_devices([crypt, plain]).is_encrypted is False
    assert judge_devices([crypt]).is_encrypted is True


def test_a_plain_disk_is_not_encrypted_and_the_note_says_what_cannot_be_seen(tmp_path: Path) -> None:
    answer = judge_devices([device(tmp_path, "nvme0n1p2")])
    assert answer.is_encrypted is False
    assert "by itself" in answer.note


def test_what_cannot_be_followed_down_is_not_judged(tmp_path: Path) -> None:
    assert judge_devices([tmp_path / "none"]).is_encrypted is None
    assert judge_devices([]).is_encrypted is None
    assert judge_devices([device(tmp_path, "loop3")]).is_encrypted is None
    assert judge_devices([device(tmp_path, "nbd0")]).is_encrypted is None
    ring = device(tmp_path, "dm-7", uuid="LVM-x")
    (ring / "slaves" / "dm-7").symlink_to(ring)
    assert judge_devices([ring]).is_encrypted is None
    broken = device(tmp_path, "dm-8", uuid="LVM-y")
    (broken / "slaves" / "gone").symlink_to(tmp_path / "gone")
    assert judge_devices([broken]).is_encrypted is None


MOUNTS = """\
25 1 0:22 / / rw - btrfs /dev/mapper/root rw
30 25 8:3 / /home rw shared:1 - ext4 /dev/sda3 rw
31 30 0:44 / /home/me/My\\040Desk rw - ecryptfs /home/.x rw
32 30 0:45 / /home rw - fuse.gocryptfs /over rw
odd line
"""


@pytest.mark.parametrize(
    ("place", "found"),
    [
        ("/", ("btrfs", "/dev/mapper/root")),
        ("/homes/x", ("btrfs", "/dev/mapper/root")),
        ("/home/me/My Desk/profile", ("ecryptfs", "/home/.x")),
        ("/home/me", ("fuse.gocryptfs", "/over")),
    ],
)
def test_the_nearest_and_newest_mount_counts(place: str, found: tuple[str, str]) -> None:
    assert mounted_at(MOUNTS, Path(place)) == found


@pytest.mark.parametrize(
    ("text", "is_encrypted"),
    [
        ("FileVault is On.\n", True),
        ("FileVault is Off.\n", False),
        ("FileVault is On.\nEncryption in progress: Percent completed = 31\n", False),
        ("Error: not allowed\n", None),
        ("", None),
    ],
)
def test_filevault_counts_once_it_is_done(text: str, is_encrypted: bool | None) -> None:
    assert parse_fdesetup(text).is_encrypted is is_encrypted


@pytest.mark.parametrize(
    ("text", "is_encrypted"),
    [("1\r\n", True), ("2", False), ("0", False), ("5", None), ("", None), ("x", None)],
)
def test_bitlocker_counts_while_it_protects(text: str, is_encrypted: bool | None) -> None:
    assert parse_bitlocker(text).is_encrypted is is_encrypted


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_memory_and_kernel_file_systems_are_not_judged() -> None:
    assert look_at_encryption(Path("/proc/self"), 1.0) == []


def test_a_folder_that_is_not_there_yet_is_judged_by_where_it_will_lie(tmp_path: Path) -> None:
    later = look_at_encryption(tmp_path / "a" / "b", 1.0)
    assert later == look_at_encryption(tmp_path, 1.0)
    assert all(one.fact == kinds.DISK_ENCRYPTED.name for one in later)
