"""When the screen locks, from real settings files and from the words that systems print."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.adapters.machine.screen_lock import kde_files, kde_lock, parse_gnome, parse_mac, parse_windows

pytestmark = pytest.mark.plain


@pytest.mark.parametrize(
    ("enabled", "idle", "delay", "seconds"),
    [
        pytest.param("true\n", "uint32 300\n", "uint32 0\n", 300.0, id="at-once"),
        pytest.param("true", "uint32 300", "uint32 30", 330.0, id="with-delay"),
        pytest.param("false", "uint32 300", "uint32 0", 0.0, id="switched-off"),
        pytest.param("true", "uint32 0", "uint32 0", 0.0, id="never-idle"),
        pytest.param("", "", "", None, id="no-gsettings"),
        pytest.param("maybe", "uint32 1", "uint32 1", None, id="odd-word"),
    ],
)
def test_gnome_locks_after_idle_and_delay(enabled: str, idle: str, delay: str, seconds: float | None) -> None:
    assert parse_gnome(enabled, idle, delay) == seconds


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        pytest.param("[Daemon]\nTimeout=10\nLockGrace=0\n", 600.0, id="ten-minutes"),
        pytest.param("[Daemon]\nAutolock=false\nTimeout=10\n", 0.0, id="switched-off"),
        pytest.param("[Daemon]\nTimeout=0\n", 0.0, id="never-idle"),
        pytest.param("[Daemon]\nAutolock[$i]=false\n", 0.0, id="locked-down-key"),
        pytest.param("[Greeter]\nTheme=x\n", 305.0, id="as-shipped"),
        pytest.param("[Daemon]\nTimeout=soon\n", None, id="no-number"),
        pytest.param("[Daemon]\nTimeout=nan\n", None, id="not-a-number"),
        pytest.param("no section\n", None, id="no-ini"),
    ],
)
def test_plasma_locks_as_its_file_says(tmp_path: Path, text: str, seconds: float | None) -> None:
    file = tmp_path / "kscreenlockerrc"
    file.write_text(text)
    assert kde_lock([file]) == seconds


def test_plasmas_own_file_weighs_more_than_the_systems(tmp_path: Path) -> None:
    own, system = tmp_path / "own", tmp_path / "system"
    for folder, text in ((own, "[Daemon]\nTimeout=1\n"), (system, "[Daemon]\nTimeout=9\nLockGrace=2\n")):
        folder.mkdir()
        (folder / "kscreenlockerrc").write_text(text)
    files = kde_files({"XDG_CONFIG_HOME": str(own), "XDG_CONFIG_DIRS": f"{system}:/none"}, tmp_path)
    assert kde_lock(files) == 62.0
    assert kde_lock(files[1:]) == 542.0
    assert kde_files({}, tmp_path)[0] == tmp_path / ".config" / "kscreenlockerrc"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in folders here")
def test_an_odd_file_in_its_place_says_nothing(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "huge").write_bytes(b"[Daemon]\n" + b"a" * (1 << 19))
    (tmp_path / "link").symlink_to(tmp_path / "huge")
    for name in ("pipe", "huge", "link"):
        assert kde_lock([tmp_path / name]) is None


@pytest.mark.parametrize(
    ("lock", "dark", "saver", "seconds"),
    [
        pytest.param("x screenLock is off", " displaysleep 10\n", "", 0.0, id="off"),
        pytest.param(
            "screenLock delay is immediate", " displaysleep  10 (by x)\n", "300\n", 300.0, id="saver"
        ),
        pytest.param("screenLock delay is 60 seconds", " displaysleep 10\n", "0", 660.0, id="display"),
        pytest.param("screenLock delay is immediate", " displaysleep 0\n", "", 0.0, id="never-dark"),
        pytest.param("", " displaysleep 10\n", "", None, id="no-word"),
    ],
)
def test_macos_locks_once_it_is_dark(lock: str, dark: str, saver: str, seconds: float | None) -> None:
    assert parse_mac(lock, dark, saver) == seconds


@pytest.mark.parametrize(
    ("active", "secure", "timeout", "policy", "seconds"),
    [
        pytest.param("1", "1", "600", None, 600.0, id="saver-with-password"),
        pytest.param("1", "0", "600", None, 0.0, id="saver-without"),
        pytest.param("1", "1", "600", 300, 300.0, id="policy-first"),
        pytest.param("", "", "", 900, 900.0, id="policy-only"),
        pytest.param("", "", "", 0, 0.0, id="nothing"),
    ],
)
def test_windows_locks_by_saver_or_policy(
    active: str, secure: str, timeout: str, policy: int | None, seconds: float
) -> None:
    assert parse_windows(active, secure, timeout, policy) == seconds


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_no_words_of_a_system_make_a_reader_fail(one: str, two: str, three: str) -> None:
    for seconds in (
        parse_gnome(one, two, three),
        parse_mac(one, two, three),
        parse_windows(one, two, three, None),
    ):
        assert seconds is None or seconds >= 0
