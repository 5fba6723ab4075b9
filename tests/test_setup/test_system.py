"""Which libraries of the system are missing, and what is said about them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_setup.checkout import dev

pytestmark = pytest.mark.plain

# Of every Linux with glibc and a C++ run time, or pulled in by a library of the table that lists it.
TAKEN_FOR_GRANTED = {
    "ld-linux-x86-64.so.2",
    "ld-linux-aarch64.so.1",
    "libc.so.6",
    "libdl.so.2",
    "libgcc_s.so.1",
    "libm.so.6",
    "libpthread.so.0",
    "libresolv.so.2",
    "librt.so.1",
    "libstdc++.so.6",
    "libz.so.1",
    "libbrotlicommon.so.1",  # with libbrotlidec
    "libgthread-2.0.so.0",  # with libglib
}
MODULES = ("QtCore", "QtDBus", "QtGui", "QtNetwork", "QtSvg", "QtTest", "QtWidgets")
PLUGINS = (
    "iconengines/libqsvgicon",
    "imageformats/libqsvg",
    "platforms/libqoffscreen",
    "platforms/libqwayland",
    "platforms/libqxcb",
    "xcbglintegrations/libqxcb-glx-integration",
)


def test_only_what_the_loader_does_not_find_is_missing() -> None:
    missing = dev().missing_libraries(("qt", "x11"), lambda soname: soname != "libxcb-cursor.so.0")
    assert [library.package for library in missing] == ["libxcb-cursor0"]


def test_a_part_that_was_not_asked_for_is_not_missing() -> None:
    missing = dev().missing_libraries(("qt",), lambda soname: False)
    assert {library.part for library in missing} == {"qt"}


@pytest.mark.parametrize(
    ("environment", "parts"),
    [
        ({}, ("qt",)),
        ({"DISPLAY": ":0"}, ("qt", "x11")),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, ("qt", "x11")),
        ({"WAYLAND_DISPLAY": "wayland-0"}, ("qt", "wayland")),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}, ("qt",)),
        ({"QT_QPA_PLATFORM": "offscreen:size=800x600"}, ("qt",)),
        ({"QT_QPA_PLATFORM": "xcb"}, ("qt", "x11")),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "wayland;xcb"}, ("qt", "wayland")),
    ],
)
def test_only_the_libraries_of_this_screen_are_indispensable(
    environment: dict[str, str], parts: tuple[str, ...]
) -> None:
    assert dev().needed_parts(environment) == parts


@pytest.mark.parametrize(
    ("is_root", "has_apt", "has_sudo", "command"),
    [
        (True, True, False, ["apt-get"]),
        (False, True, True, ["sudo", "-n", "apt-get"]),
        (False, True, False, []),
        (True, False, False, []),
    ],
    ids=["root", "sudo without a password", "an ordinary account", "no apt"],
)
def test_packages_are_installed_only_where_nobody_need_be_asked(
    is_root: bool, has_apt: bool, has_sudo: bool, command: list[str]
) -> None:
    assert dev().package_installer(is_root, has_apt, has_sudo) == command


@pytest.mark.parametrize("libc", [("glibc", "2.34"), ("glibc", "2.36"), ("glibc", "3.0")])
def test_a_system_that_fits_the_wheels_is_taken(libc: tuple[str, str]) -> None:
    dev().refuse_old_system(*libc)


@pytest.mark.parametrize(
    ("libc", "named"),
    [(("glibc", "2.31"), "here is glibc 2.31"), (("", ""), "here is another C library")],
    ids=["too old", "not glibc"],
)
def test_a_system_that_does_not_is_named_before_anything_is_made(libc: tuple[str, str], named: str) -> None:
    with pytest.raises(dev().Trouble, match=named):
        dev().refuse_old_system(*libc)


def test_the_command_to_type_is_complete() -> None:
    expected = "Type: sudo apt-get install --no-install-recommends libegl1 libgl1"
    assert dev().by_hand(["libegl1", "libgl1"], has_apt=True) == expected


def test_without_apt_the_packages_are_named_all_the_same() -> None:
    assert "libegl1 libgl1" in dev().by_hand(["libegl1", "libgl1"], has_apt=False)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the table is for Linux")
def test_the_table_names_every_library_that_qt_needs_and_does_not_bring() -> None:
    table = {library.soname for library in dev().LIBRARIES}
    needed = set(_needed_from_the_system())
    assert needed - table == set()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the table is for Linux")
def test_the_table_names_no_library_that_qt_no_longer_needs() -> None:
    table = {library.soname for library in dev().LIBRARIES}
    # Loaded by name for OpenGL under Wayland, so that no file of Qt's core lists it.
    assert table - set(_needed_from_the_system()) <= {"libwayland-egl.so.1"}


def _needed_from_the_system() -> Iterator[str]:
    """Walk from the parts of Qt that the program loads to the libraries that nobody ships."""
    import PySide6
    import shiboken6

    home = Path(PySide6.__file__).parent
    folders = (home, home / "Qt" / "lib", Path(shiboken6.__file__).parent)
    todo = [home / f"{name}.abi3.so" for name in MODULES]
    todo += [home / "Qt" / "plugins" / f"{name}.so" for name in PLUGINS]
    seen: set[str] = set()
    while todo:
        for soname in _needed(todo.pop()):
            if soname in seen or soname in TAKEN_FOR_GRANTED:
                continue
            seen.add(soname)
            shipped = [folder / soname for folder in folders if (folder / soname).exists()]
            todo += shipped[:1]
            if not shipped:
                yield soname


def _needed(file: Path) -> list[str]:
    """The sonames in an ELF file's dynamic section (64 bit, little endian: every platform of the wheels)."""
    data = file.read_bytes()
    assert data[:6] == b"\x7fELF\x02\x01", file

    def number(at: int, size: int = 8) -> int:
        return int.from_bytes(data[at : at + size], "little")

    headers, size, count = number(32), number(54, 2), number(56, 2)
    segments = [headers + index * size for index in range(count)]
    loads = [(number(at + 16), number(at + 8), number(at + 32)) for at in segments if number(at, 4) == 1]
    [dynamic] = [at for at in segments if number(at, 4) == 2]
    start, end = number(dynamic + 8), number(dynamic + 8) + number(dynamic + 32)
    entries = [(number(at), number(at + 8)) for at in range(start, end, 16)]
    [address] = [value for tag, value in entries if tag == 5]
    [strings] = [offset + address - base for base, offset, length in loads if base <= address < base + length]
    names = [strings + value for tag, value in entries if tag == 1]
    return [data[at : data.index(b"\0", at)].decode() for at in names]
