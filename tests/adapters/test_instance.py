"""One cockpit for each profile, whatever happened to the one before, and a second start raises the first."""

from __future__ import annotations

import queue
import random
import socket
import stat
import sys
import tempfile
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from cockpit.adapters.profile.instance import Instance, raise_first
from cockpit.adapters.profile.instance_door import ANSWER, WORD
from cockpit.adapters.profile.instance_lock import FileLock
from tests.adapters.journals import PROCESSES

pytestmark = pytest.mark.plain

unix_only = pytest.mark.skipif(sys.platform == "win32", reason="Unix sockets")


def take_and_wait(folder: Path, line: Connection) -> None:
    """Try to be the one cockpit, say whether it is so, and stay until told to go or killed."""
    instance = Instance.take(folder)
    if instance is not None:
        instance.listen(lambda: None)
    line.send(instance is not None)
    line.recv()


@pytest.fixture
def first(tmp_path: Path) -> Iterator[tuple[Path, Instance, queue.SimpleQueue[str]]]:
    """The one cockpit of a profile, and where it notes that it was raised."""
    raised: queue.SimpleQueue[str] = queue.SimpleQueue()
    instance = Instance.take(tmp_path)
    assert instance is not None
    instance.listen(lambda: raised.put("raised"))
    yield tmp_path, instance, raised
    instance.release()


def test_a_second_start_raises_the_first_and_is_told_so(
    first: tuple[Path, Instance, queue.SimpleQueue[str]],
) -> None:
    folder, _, raised = first
    assert Instance.take(folder) is None
    assert raise_first(folder)
    assert raised.get(timeout=10) == "raised"
    assert raised.empty()


def test_two_profiles_have_a_cockpit_each(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one, two = Instance.take(tmp_path / "a"), Instance.take(tmp_path / "b")
    assert one is not None
    assert two is not None
    one.release()
    two.release()


def test_after_the_first_has_gone_the_next_is_the_first(tmp_path: Path) -> None:
    for _ in range(3):
        instance = Instance.take(tmp_path)
        assert instance is not None
        instance.listen(lambda: None)
        instance.release()
        assert not raise_first(tmp_path)


def test_without_a_first_there_is_nothing_to_raise(tmp_path: Path) -> None:
    assert not raise_first(tmp_path)
    assert not raise_first(tmp_path / "nowhere")


def kill_and_take(folder: Path, kills: int) -> None:
    for _ in range(kills):
        here, there = PROCESSES.Pipe()
        process = PROCESSES.Process(target=take_and_wait, args=(folder, there), daemon=True)
        process.start()
        there.close()
        assert here.recv() is True
        assert Instance.take(folder) is None
        assert raise_first(folder)
        process.kill()
        process.join()
        here.close()
    instance = Instance.take(folder)
    assert instance is not None
    instance.listen(lambda: None)
    assert raise_first(folder)
    instance.release()


def test_a_killed_cockpit_leaves_neither_lock_nor_door_behind(tmp_path: Path) -> None:
    kill_and_take(tmp_path, 5)


@pytest.mark.slow
def test_a_hundred_killed_cockpits_leave_nothing_behind(tmp_path: Path) -> None:
    kill_and_take(tmp_path, 100)


def test_of_many_starts_at_once_exactly_one_is_the_first(tmp_path: Path) -> None:
    lines = []
    processes = []
    for _ in range(6):
        here, there = PROCESSES.Pipe()
        processes.append(PROCESSES.Process(target=take_and_wait, args=(tmp_path, there), daemon=True))
        processes[-1].start()
        there.close()
        lines.append(here)
    assert [line.recv() for line in lines].count(True) == 1
    for line, process in zip(lines, processes, strict=True):
        line.send("go")
        process.join()
        line.close()


@pytest.mark.parametrize(
    "content", [b"", b"garbage\x00" * 100, b"12345\n"], ids=["empty", "garbage", "a pid"]
)
def test_what_stands_in_the_lock_file_does_not_matter(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "cockpit.lock").write_bytes(content)
    instance = Instance.take(tmp_path)
    assert instance is not None
    assert Instance.take(tmp_path) is None
    instance.release()


def test_a_lock_is_not_lost_when_somebody_reads_its_file(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    lock = FileLock.take(path)
    assert lock is not None
    path.read_bytes()
    assert FileLock.take(path) is None
    lock.release()
    lock.release()


@unix_only
def test_whatever_stands_in_the_place_of_the_door_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "cockpit.sock").write_text("not a socket")
    instance = Instance.take(tmp_path)
    assert instance is not None
    instance.listen(lambda: None)
    assert raise_first(tmp_path)
    instance.release()


@unix_only
def test_the_door_is_for_this_user_only(first: tuple[Path, Instance, queue.SimpleQueue[str]]) -> None:
    folder, _, _ = first
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert modes == {"cockpit.lock": 0o600, "cockpit.sock": 0o600}


def say(folder: Path, words: bytes) -> bytes:
    """Say something at the door, hang up our side, and return the answer."""
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(str(folder / "cockpit.sock"))
        try:
            line.sendall(words)
            line.shutdown(socket.SHUT_WR)
            return line.recv(100)
        except ConnectionError:
            return b""


@unix_only
def test_whatever_else_is_said_at_the_door_raises_nothing_and_closes_nothing(
    first: tuple[Path, Instance, queue.SimpleQueue[str]],
) -> None:
    folder, _, raised = first
    dice = random.Random(20261122)
    words = [b"", b"raise", b"RAISE\n", b"raise\nraise\n", b"quit\n", b"raise \n", b"\x00" * 100_000]
    words += [dice.randbytes(dice.randrange(1, 64)) for _ in range(1000)]
    assert {say(folder, one) for one in words if one != WORD} == {b""}
    assert raised.empty()
    assert say(folder, WORD) == ANSWER
    assert raised.get(timeout=10) == "raised"


@unix_only
def test_a_caller_that_says_nothing_keeps_nobody_out_for_long(
    first: tuple[Path, Instance, queue.SimpleQueue[str]],
) -> None:
    folder, _, raised = first
    with socket.socket(socket.AF_UNIX) as silent:
        silent.connect(str(folder / "cockpit.sock"))
        silent.settimeout(30)
        assert silent.recv(1) == b""  # it was hung up on
        assert raise_first(folder)
    assert raised.get(timeout=10) == "raised"


@unix_only
def test_a_profile_too_deep_for_a_socket_has_its_door_among_temporary_folders_if_that_is_its_own(
    tmp_path: Path,
) -> None:
    deep = tmp_path / ("x" * 120)
    deep.mkdir()
    before = set(Path(tempfile.gettempdir()).glob("access-cockpit-*"))
    instance = Instance.take(deep)
    assert instance is not None
    instance.listen(lambda: None)
    [place] = set(Path(tempfile.gettempdir()).glob("access-cockpit-*")) - before
    assert raise_first(deep)
    assert [path.name for path in deep.iterdir()] == ["cockpit.lock"]
    instance.release()
    place.chmod(0o777)  # as somebody else might have made it
    with pytest.raises(PermissionError):
        instance.listen(lambda: None)
    assert not raise_first(deep)
    place.rmdir()
