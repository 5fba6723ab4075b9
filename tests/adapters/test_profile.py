"""The profile's folders are private, the demo has its own, and memory stays out of core files."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from cockpit.adapters.profile.folders import find_profile, make_private

pytestmark = pytest.mark.plain

posix_only = pytest.mark.skipif(os.name != "posix", reason="modes are a matter of POSIX")
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="a switch of Linux")


def in_a_child(program: str, *arguments: str) -> str:
    """Run a program: what it does to the whole process must not stay with the tests."""
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_the_demo_shares_no_folder_with_a_real_desk() -> None:
    desk, demo = find_profile(), find_profile(demo=True)
    assert {desk.data, desk.config, desk.log} & {demo.data, demo.config, demo.log} == set()
    assert {desk.name, demo.name} == {"access-cockpit", "access-cockpit-demo"}


def test_a_profile_of_ones_own_has_everything_in_its_folder(tmp_path: Path) -> None:
    profile = find_profile(folder=tmp_path)
    places = (profile.settings, profile.journal, profile.layout, profile.log)
    assert all(place.is_relative_to(tmp_path) for place in places)
    assert len(set(places)) == 4


def test_a_home_sign_in_a_folder_means_the_users_home() -> None:
    assert find_profile(folder=Path("~/desk")).data == Path.home() / "desk"


MAKE = (
    "import sys; from pathlib import Path\n"
    "from cockpit.adapters.profile.folders import find_profile, make_private\n"
    "profile = find_profile(folder=Path(sys.argv[1]))\n"
    "complaints = make_private(profile)\n"
    "profile.settings.write_text('')\n"
    "paths = (profile.data, profile.log, profile.settings)\n"
    "print(*(f'{path.stat().st_mode & 0o777:o}' for path in paths), *complaints)"
)


@posix_only
def test_folders_and_files_are_for_this_user_only(tmp_path: Path) -> None:
    assert in_a_child(MAKE, str(tmp_path / "deep" / "profile")) == "700 700 600"


@posix_only
def test_a_folder_that_was_there_is_left_as_it_is_and_our_files_in_it_are_private(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared").chmod(0o755)
    assert in_a_child(MAKE, str(tmp_path / "shared")) == "755 700 600"


@posix_only
def test_a_folder_in_which_others_could_exchange_files_is_named_with_its_cure(tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(0o777)
    answer = in_a_child(MAKE, str(folder))
    assert answer == f"777 700 600 {folder} can be written to by other users: type chmod go-w '{folder}'"


def test_a_folder_that_cannot_be_made_costs_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    before = os.umask(0o077)
    try:
        complaints = make_private(find_profile(folder=tmp_path / "file"))
    finally:
        os.umask(before)
    assert len(complaints) == 2
    assert complaints[0].startswith(f"{tmp_path / 'file'} cannot be used: ")
    assert stat.S_ISREG((tmp_path / "file").stat().st_mode)


@linux_only
def test_memory_is_kept_out_of_core_files_and_from_other_programs() -> None:
    answers = in_a_child(
        "import ctypes, resource\n"
        "from cockpit.adapters.profile.folders import guard_memory\n"
        "print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), end=' ')\n"
        "print(guard_memory(), resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"
    )
    assert answers == "1 [] (0, 0) 0"
