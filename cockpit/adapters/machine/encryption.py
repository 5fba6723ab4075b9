"""Whether the disk below the profile's folder is encrypted by the system; where it does not say, nothing is said.

Only encryption that the system does itself can be seen: a disk that encrypts by itself, or a host that does it for
a virtual PC, looks like none from here.
"""

from __future__ import annotations

import array
import os
import re
import stat
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from cockpit.adapters.machine.commands import ask_system
from cockpit.domain import kinds
from cockpit.domain.evidence import Observation, Provenance

if sys.platform == "linux":
    import fcntl

COMMAND_TIMEOUT = 4.0  # seconds; PowerShell takes about one to start

_SUBJECT = "desk"
_BLOCK = Path("/sys/dev/block")
_BTRFS = Path("/sys/fs/btrfs")
_MOUNTS = Path("/proc/self/mountinfo")
_DEEPEST = 12  # layers of volumes on one another; more is a loop
_GET_FLAGS = 0x80086601  # FS_IOC_GETFLAGS of 64-bit systems
_ENCRYPTED_FOLDER = 0x800  # FS_ENCRYPT_FL: the file system encrypts this folder (fscrypt)
_ENCRYPTING = frozenset({"ecryptfs", "fuse.gocryptfs", "fuse.encfs", "fuse.cryfs"})


class Answer(Struct, frozen=True):
    """Whether it is encrypted (None: the system does not say) and by what."""

    is_encrypted: bool | None
    note: str = ""


_SILENT = Answer(None)


def look_at_encryption(profile: Path, now: float) -> list[Observation]:
    """Look whether the disk with the profile's folder, or with the place where it will lie, is encrypted."""
    place = next(folder for folder in (profile, *profile.absolute().parents) if folder.exists())
    answer = _answer(place)
    if answer.is_encrypted is None:
        return []
    return [kinds.DISK_ENCRYPTED.seen(_SUBJECT, answer.is_encrypted, now, Provenance.MEASURED, answer.note)]


def _answer(place: Path) -> Answer:
    if sys.platform == "win32":
        return _windows(place)
    if sys.platform == "darwin":
        return parse_fdesetup(ask_system("/usr/bin/fdesetup", "status", seconds=COMMAND_TIMEOUT))
    return linux_answer(place)


def linux_answer(place: Path) -> Answer:
    """Ask the folder itself, then its file system, then every block device below it."""
    if sys.platform != "linux":
        return _SILENT
    if _is_encrypted_folder(place):
        return Answer(True, "the file system encrypts the folder")
    mounts = _MOUNTS.read_text(encoding="utf-8", errors="replace")
    kind, source = mounted_at(mounts, place.resolve())
    if kind in _ENCRYPTING:
        return Answer(True, kind)
    number = place.stat().st_dev
    if os.major(number) == 0:  # btrfs and its kin number themselves: the device stands in the list of mounts
        if not source.startswith("/") or not stat.S_ISBLK((about := Path(source).stat()).st_mode):
            return _SILENT
        number = about.st_rdev
    device = (_BLOCK / f"{os.major(number)}:{os.minor(number)}").resolve()
    return judge_devices(_with_companions(device) if kind == "btrfs" else [device])


def judge_devices(devices: Iterable[Path]) -> Answer:
    """Judge block devices by their folders below /sys: encrypted when every way down goes through dm-crypt."""
    try:
        ways = {way for one in devices for way in _ways_down(one.resolve(strict=True), _DEEPEST)}
    except OSError:
        return _SILENT
    if ways == {True}:
        return Answer(True, "dm-crypt")
    if None in ways or not ways:
        return _SILENT
    return Answer(False, "no dm-crypt below the profile's folder; a disk that encrypts by itself is not seen")


def _with_companions(device: Path) -> list[Path]:
    """Return all devices of the btrfs that a device belongs to: its files may lie on any of them."""
    for folder in _BTRFS.glob("*/devices"):
        if (folder / device.name).exists():
            return sorted(folder.iterdir())
    return [device]


def _ways_down(device: Path, depth: int) -> Iterator[bool | None]:
    """Yield for every way down from a device whether it is encrypted; None where it cannot be followed."""
    if depth == 0:
        yield None
        return
    uuid = device / "dm" / "uuid"
    if uuid.is_file() and uuid.read_text(encoding="ascii", errors="replace").startswith("CRYPT-"):
        yield True
        return
    below = device / "slaves"
    under = sorted(below.iterdir()) if below.is_dir() else []
    if under:
        for one in under:
            yield from _ways_down(one.resolve(strict=True), depth - 1)
    # A file as a disk, or one on the network: what lies below is another matter.
    elif (device / "loop").exists() or device.name.startswith(("nbd", "rbd", "zd", "zram", "ram", "loop")):
        yield None
    else:
        yield False


def mounted_at(mountinfo: str, place: Path) -> tuple[str, str]:
    """Return file system and source of the mount that holds `place`, from the text of /proc/self/mountinfo."""
    best, found = -1, ("", "")
    for line in mountinfo.splitlines():
        front, dash, back = line.partition(" - ")
        fields, about = front.split(" "), back.split(" ")
        if not dash or len(fields) < 5 or len(about) < 2:
            continue
        point = _unescaped(fields[4])
        # Of two mounts at one place the later one lies on top.
        if place.is_relative_to(point) and len(Path(point).parts) >= best:
            best, found = len(Path(point).parts), (about[0], _unescaped(about[1]))
    return found


def parse_fdesetup(text: str) -> Answer:
    """Read what `fdesetup status` of macOS prints. While it still encrypts, the disk counts as not encrypted."""
    if re.search(r"^FileVault is On", text, re.MULTILINE) and "in progress" not in text:
        return Answer(True, "FileVault")
    if re.search(r"^FileVault is Off", text, re.MULTILINE) or "in progress" in text:
        return Answer(False, "FileVault")
    return _SILENT


def parse_bitlocker(text: str) -> Answer:
    """Read the number Windows keeps for a volume: 1 protected, 0 and 2 not, others (suspended, busy) unsaid."""
    return {
        "1": Answer(True, "BitLocker"),
        "0": Answer(False, "BitLocker"),
        "2": Answer(False, "BitLocker"),
    }.get(text.strip(), _SILENT)


def _windows(place: Path) -> Answer:
    """Ask the shell's own property: unlike manage-bde it needs no administrator."""
    drive = place.absolute().drive
    if not re.fullmatch(r"[A-Za-z]:", drive):
        return _SILENT
    question = (
        f"(New-Object -ComObject Shell.Application).NameSpace('{drive}').Self"
        ".ExtendedProperty('System.Volume.BitLockerProtection')"
    )
    words = ("powershell.exe", "-NoProfile", "-NonInteractive", "-Command", question)
    return parse_bitlocker(ask_system(*words, seconds=COMMAND_TIMEOUT))


def _unescaped(text: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), text)


if sys.platform == "linux":

    def _is_encrypted_folder(place: Path) -> bool:
        flags = array.array("i", [0, 0])  # the kernel fills the first, whatever the name of the call says
        try:
            number = os.open(place, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError:
            return False
        try:
            fcntl.ioctl(number, _GET_FLAGS, flags, True)
        except OSError:  # this file system has no such flags
            return False
        finally:
            os.close(number)
        return bool(flags[0] & _ENCRYPTED_FOLDER)

else:

    def _is_encrypted_folder(place: Path) -> bool:
        return False
