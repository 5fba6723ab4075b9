"""Launchers' logs: failed sign-ins and prompts with their times, and never a line of the file."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.adapters.machine.files import read_end, read_whole
from cockpit.adapters.machine.launcher_logs import (
    PLACE,
    SignIns,
    look_at_launcher_logs,
    parse_launcher_log,
    read_launcher_log,
)
from cockpit.domain import kinds
from cockpit.domain.facts import Facts, fold
from cockpit.domain.kinds import DAY

pytestmark = pytest.mark.plain

NEW_YORK = ZoneInfo("America/New_York")
NOON = datetime(2026, 6, 10, 12, 0, tzinfo=UTC).timestamp()


def line(at: float, words: str, zone: ZoneInfo | None = None) -> str:
    return f"{datetime.fromtimestamp(at, zone or UTC):%Y-%m-%d %H:%M:%S}:250 IBC: {words}\n"


def parsed(*lines: str, now: float = NOON) -> SignIns:
    return parse_launcher_log("".join(lines).encode(), now, UTC)


@pytest.mark.parametrize(
    "words",
    [
        "Login failed",
        "Unrecognized Username or Password",
        "Too many failed login attempts. Please wait 53 seconds before attempting to re-login again.",
    ],
)
def test_a_failed_sign_in_is_read_with_its_time(words: str) -> None:
    assert parsed(line(NOON - 600, words)) == SignIns((NOON - 599.75,), is_log=True)


@pytest.mark.parametrize(
    "text",
    [
        "Login failed\n",
        "2026-06-10 11:50:00:250 XYZ: Login failed\n",
        "2026-13-40 11:50:00:250 IBC: Login failed\n",
        "2026-06-10 11:50:00:250 IBC: Login failed to impress\n",
        "2026-06-10 11:50:00:250 IBC: Setting password\n",
        "2026-06-10 11:50:00:250 IBC: Login failed" + " " * 500 + "\n",
    ],
)
def test_other_lines_tell_nothing(text: str) -> None:
    assert parsed(text) in (SignIns(), SignIns(is_log=True))


def test_a_container_may_write_its_name_before_the_line() -> None:
    assert parsed("ib-gateway-1  | " + line(NOON - 60, "Login failed")).failed == (NOON - 59.75,)


def test_two_lines_about_one_attempt_count_once() -> None:
    text = line(NOON - 60, "Unrecognized Username or Password") + line(NOON - 59, "Login failed")
    assert len(parsed(text, line(NOON - 20, "Login failed")).failed) == 2


def test_what_is_older_than_a_day_or_ahead_of_the_clock_does_not_count() -> None:
    assert parsed(line(NOON - DAY - 60, "Login failed"), line(NOON + 60, "Login failed")) == SignIns(
        is_log=True
    )


def test_a_prompt_waits_until_its_window_closes() -> None:
    opened = line(NOON - 90, "Second Factor Authentication initiated")
    assert parsed(opened) == SignIns((), NOON - 89.75, 0.0, True)
    for end in (
        "Detected dialog entitled: Second Factor Authentication; event=Closed",
        "detected frame entitled: Second Factor Authentication; event=Closed",
        "Login has completed",
        "Login failed",
        "Exiting with exit code=1111",
    ):
        assert parsed(opened, line(NOON - 30, end)).ended == NOON - 29.75
    again = parsed(
        opened,
        line(NOON - 60, "Login has completed"),
        line(NOON - 9, "Second Factor Authentication initiated"),
    )
    assert again == SignIns((), NOON - 8.75, 0.0, True)


def test_times_are_local_and_the_repeated_hour_is_the_later_one_that_has_been() -> None:
    summer = NOON - 3600
    text = line(summer, "Login failed", NEW_YORK).encode()
    assert parse_launcher_log(text, NOON, NEW_YORK).failed == (summer + 0.25,)
    first = datetime(2026, 11, 1, 5, 30, tzinfo=UTC).timestamp()  # 01:30 in New York, and again an hour later
    text = line(first, "Login failed", NEW_YORK).encode()
    assert parse_launcher_log(text, first + 60, NEW_YORK).failed == (first + 0.25,)
    assert parse_launcher_log(text, first + 3660, NEW_YORK).failed == (first + 3600.25,)


@given(st.lists(st.floats(NOON - DAY + 60, NOON).map(round), max_size=20))
def test_as_many_failures_as_attempts_however_they_are_spread(times: list[int]) -> None:
    apart = sorted({at // 10 * 10 for at in times})
    assert len(parsed(*(line(at, "Login failed") for at in apart)).failed) == len(apart)


@given(st.binary(max_size=400))
def test_no_bytes_make_the_reader_fail(content: bytes) -> None:
    stamp = line(NOON - 5, "").strip().encode()
    assert isinstance(parse_launcher_log(content, NOON, UTC), SignIns)
    assert isinstance(parse_launcher_log(stamp + b" " + content, NOON, UTC), SignIns)


def looked(*paths: Path, now: float = NOON) -> Facts:
    return fold(Facts(), look_at_launcher_logs([str(path) for path in paths], now))


def failures(facts: Facts) -> list[str]:
    return sorted(facts.subjects(kinds.SIGN_IN_FAILED, "signin/"))


def logs_read(facts: Facts) -> int | None:
    seen = facts.look(kinds.LOGS_READ, "signin")
    return None if seen is None else seen.value


def local(at: float, words: str) -> str:
    return f"{datetime.fromtimestamp(at):%Y-%m-%d %H:%M:%S}:000 IBC: {words}\n"  # noqa: DTZ006


def test_each_failure_has_a_subject_of_its_own_that_stays_when_read_again(tmp_path: Path) -> None:
    log = tmp_path / "secret-user-name.txt"
    log.write_text(
        local(NOON - 600, "Login failed") + "password hunter2\n" + local(NOON - 60, "Login failed")
    )
    first, again = looked(log), looked(log, now=NOON + 30)
    subjects = failures(first)
    assert len(subjects) == 2
    assert subjects == failures(again)
    for subject in subjects:
        seen = first.look(kinds.SIGN_IN_FAILED, subject)
        assert seen
        assert seen.note == PLACE
        assert subject.count("/") == 2
    for secret in ("secret-user-name", "hunter2", str(tmp_path), "Login failed"):
        assert secret not in repr(first)


def test_the_same_log_named_twice_counts_once_and_two_logs_count_apart(tmp_path: Path) -> None:
    logs = (tmp_path / "a", tmp_path / "b")
    for log in logs:
        log.write_text(local(NOON - 60, "Login failed"))
    assert len(failures(looked(logs[0], logs[0]))) == 1
    assert len(failures(looked(*logs))) == 2


def test_a_waiting_prompt_counts_before_one_that_is_over_and_an_old_one_not_at_all(tmp_path: Path) -> None:
    over, waits, old = tmp_path / "over", tmp_path / "waits", tmp_path / "old"
    opened = "Second Factor Authentication initiated"
    over.write_text(local(NOON - 30, opened) + local(NOON - 10, "Login has completed"))
    waits.write_text(local(NOON - 90, opened))
    old.write_text(local(NOON - 7200, opened))
    for logs, value in (((over, waits), NOON - 90), ((over,), 0.0), ((over, old), 0.0)):
        seen = looked(*logs).look(kinds.PUSH_SENT, "signin")
        assert seen
        assert seen.value == value
    assert looked(old).look(kinds.PUSH_SENT, "signin") is None


def test_a_log_of_another_kind_does_not_count_as_read(tmp_path: Path) -> None:
    other, quiet = tmp_path / "other.log", tmp_path / "quiet.log"
    other.write_text("2026-06-10 11:50:00.250 [main] INFO  started\n")
    quiet.write_text(local(NOON - 60, "Login has completed"))
    assert logs_read(looked(other)) == 0
    assert logs_read(looked(other, quiet, quiet)) == 1


def test_a_folder_is_read_as_the_logs_of_its_last_day(tmp_path: Path) -> None:
    """IBC writes one file for each day of the week: which one is today's the trader should not have to say."""
    for name, age in (
        ("tuesday.txt", 20 * 3600),
        ("wednesday.txt", 60),
        ("old.txt", 5 * DAY),
        ("else.bin", 60),
    ):
        file = tmp_path / name
        file.write_text(local(NOON - min(age, DAY - 60), "Login failed"))
        os.utime(file, (NOON - age,) * 2)
    (tmp_path / "sub.txt").mkdir()
    seen = looked(tmp_path)
    assert [subject.rpartition("/")[2] for subject in failures(seen)] == [
        f"{NOON - 20 * 3600:.0f}",
        f"{NOON - 60:.0f}",
    ]
    assert logs_read(seen) == 1
    assert logs_read(looked(tmp_path / "sub.txt")) == 0


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in folders here")
def test_odd_files_give_nothing_and_never_hang(tmp_path: Path) -> None:
    good = tmp_path / "good"
    good.write_text(local(NOON - 60, "Login failed"))
    (tmp_path / "link").symlink_to(good)
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "binary").write_bytes(os.urandom(100_000))
    for name in ("link", "pipe", "binary"):
        assert read_launcher_log(tmp_path / name, NOON) == SignIns()
    odd = [tmp_path / name for name in ("link", "pipe", "binary", "none", "a\0b", "")]
    assert len(failures(looked(*odd, good))) == 1
    assert logs_read(looked(*odd, good)) == 1
    assert logs_read(looked(Path("/dev/zero"), Path("/dev/tty"))) == 0
    assert look_at_launcher_logs([], NOON) == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in folders here")
def test_what_lies_in_a_pipe_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    both_ends = os.open(tmp_path / "pipe", os.O_RDWR)
    try:
        os.write(both_ends, local(NOON - 60, "Login failed").encode())
        assert read_launcher_log(tmp_path / "pipe", NOON) == SignIns()
        assert read_whole(tmp_path / "pipe", 1000) is None
    finally:
        os.close(both_ends)


def test_of_a_huge_log_the_end_is_read(tmp_path: Path) -> None:
    log = tmp_path / "huge"
    with log.open("wb") as stream:
        stream.write(local(NOON - 600, "Login failed").encode())
        stream.truncate(1 << 25)  # a hole: where the system can, it takes no room
        stream.seek(0, os.SEEK_END)
        stream.write(b"\n" + local(NOON - 60, "Login failed").encode())
    assert read_launcher_log(log, NOON).failed == (NOON - 60,)


def test_a_file_is_read_whole_up_to_the_limit_and_its_end_from_the_start_of_a_line(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"one\ntwo\nthree\n")
    assert read_whole(file, 14) == b"one\ntwo\nthree\n"
    assert read_whole(file, 13) is None
    assert read_end(file, 14) == b"one\ntwo\nthree\n"
    assert read_end(file, 8) == b"three\n"
    assert read_whole(tmp_path, 10) is None
    with pytest.raises(FileNotFoundError):
        read_end(tmp_path / "none", 10)
