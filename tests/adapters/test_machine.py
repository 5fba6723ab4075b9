"""The look at this PC on real sockets, real processes and real files."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from cockpit.adapters.machine.local import LocalMachine
from cockpit.adapters.machine.ports import is_this_machine
from cockpit.adapters.machine.programs import Program, candidates, program_of
from cockpit.adapters.machine.threads import Aside
from cockpit.domain import kinds
from cockpit.domain.evidence import Observation
from cockpit.domain.facts import Facts, fold
from cockpit.domain.plan import Plan, Portal, Socket

pytestmark = pytest.mark.plain

TWS = "program/tws"


class Fixed:
    """A clock that stands at the start of the newest process plus a moment."""

    def __init__(self, now: float = 2_000_000_000.0) -> None:
        self.present = now

    def now(self) -> float:
        return self.present

    def monotonic(self) -> float:
        return self.present


def machine(tmp_path: Path, clock: Fixed | None = None) -> LocalMachine:
    return LocalMachine(clock or Fixed(), tmp_path / "not" / "there" / "yet", [tmp_path / "Jts"])


def facts(observations: list[Observation]) -> Facts:
    return fold(Facts(), observations)


@contextmanager
def listening(address: str, family: socket.AddressFamily = socket.AF_INET) -> Iterator[int]:
    with socket.socket(family, socket.SOCK_STREAM) as door:
        if family is socket.AF_INET6:
            door.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        door.bind((address, 0))
        door.listen()
        yield int(door.getsockname()[1])


@pytest.fixture
def no_tws_here() -> None:
    """Skip where a TWS runs already, as it does on a trader's own PC: what is counted would not be ours alone."""
    if any(program_of(process) is Program.TWS for process in candidates()):
        pytest.skip("TWS runs on this machine")


@contextmanager
def child(folder: Path, *arguments: str, name: str = "java") -> Iterator[int]:
    """Start a process that looks like a Java machine and waits until its input closes."""
    link = folder / name
    if not link.exists():
        link.symlink_to(sys.executable)
    code = "import sys; print('up', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [str(link), "-c", code, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stdout.readline() == "up\n"
        yield process.pid
        process.stdin.close()


def look_at_port(tmp_path: Path, port: int, *owners: str) -> Facts:
    plan = Plan(sockets=(Socket(port=port, owners=owners),), portal=None)
    return facts(list(asyncio.run(machine(tmp_path).look_at_ports(plan))))


@pytest.mark.parametrize(
    ("address", "reach"),
    [("127.0.0.1", "this PC only"), ("0.0.0.0", "reachable from the network")],
)
def test_a_listener_is_seen_with_its_address_and_its_owner(tmp_path: Path, address: str, reach: str) -> None:
    with listening(address) as port:
        seen = look_at_port(tmp_path, port)
    listens, bound, known = (
        seen.look(kinds.LISTENING, "tws/tws"),
        seen.look(kinds.BOUND_TO, "tws/tws"),
        seen.look(kinds.PORT_OWNER_KNOWN, "tws/tws"),
    )
    owner = seen.look(kinds.PORT_OWNER, "tws/tws")
    assert listens
    assert bound
    assert known
    assert owner
    assert listens.value is True
    assert bound.value == (address,)
    assert bound.note == reach
    assert owner.value == psutil.Process().name()
    assert known.value is False


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can start a stranger's program"
)
def test_a_listener_of_another_user_is_named_and_never_expected(tmp_path: Path) -> None:
    code = (
        "import socket, sys; s = socket.create_server(('127.0.0.1', 0)); "
        "print(s.getsockname()[1], flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        ["python3", "-S", "-c", code, "jclient.LoginFrame"],
        executable="/usr/bin/python3" if Path("/usr/bin/python3").exists() else sys.executable,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        user="nobody",
        cwd="/",
    ) as process:
        assert process.stdin
        assert process.stdout
        port = int(process.stdout.readline())
        seen = look_at_port(tmp_path, port, "python")
        process.stdin.close()
    owner, known = seen.look(kinds.PORT_OWNER, "tws/tws"), seen.look(kinds.PORT_OWNER_KNOWN, "tws/tws")
    assert owner
    assert known
    assert "user nobody" in owner.value
    assert known.value is False


def test_a_listener_on_version_six_only_does_not_answer_for_version_four(tmp_path: Path) -> None:
    if not socket.has_ipv6:
        pytest.skip("this system has no IPv6")
    try:
        with listening("::1", socket.AF_INET6) as port:
            seen = look_at_port(tmp_path, port).look(kinds.LISTENING, "tws/tws")
    except OSError:
        pytest.skip("::1 cannot be bound here")
    assert seen
    assert seen.value is False
    assert "::1" in seen.note


def test_the_desk_can_name_our_own_listener_as_expected(tmp_path: Path) -> None:
    with listening("127.0.0.1") as port:
        seen = look_at_port(tmp_path, port, "pytest").look(kinds.PORT_OWNER_KNOWN, "tws/tws")
    assert seen
    assert seen.value is True


def test_a_free_port_is_seen_as_free(tmp_path: Path) -> None:
    with listening("127.0.0.1") as port:
        pass
    plan = Plan(sockets=(), portal=Portal(port=port))
    seen = facts(list(asyncio.run(machine(tmp_path).look_at_ports(plan)))).look(kinds.LISTENING, "gateway")
    assert seen
    assert seen.value is False


def test_nothing_is_said_about_the_ports_of_another_machine(tmp_path: Path) -> None:
    plan = Plan(sockets=(Socket(host="192.0.2.77"),), portal=Portal(host="gateway.example"))
    assert list(asyncio.run(machine(tmp_path).look_at_ports(plan))) == []


@pytest.mark.parametrize(
    ("host", "own"),
    [("127.0.0.1", True), ("localhost", True), ("::1", True), ("127.8.8.8", True), ("192.0.2.77", False)],
)
def test_loopback_is_this_machine_and_a_foreign_address_is_not(host: str, own: bool) -> None:
    assert is_this_machine(host) is own


@pytest.mark.usefixtures("no_tws_here")
def test_tws_is_seen_running_by_its_main_class_with_its_start_time(tmp_path: Path) -> None:
    with child(tmp_path, "jclient.LoginFrame", "/home/someone/Jts") as pid:
        started = psutil.Process(pid).create_time()
        seen = facts(list(asyncio.run(machine(tmp_path, Fixed(started + 60)).look_at_programs())))
    running, since = seen.look(kinds.RUNNING, TWS), seen.look(kinds.STARTED_AT, TWS)
    starts = seen.look(kinds.STARTS_TODAY, TWS)
    assert running
    assert since
    assert starts
    assert running.value is True
    assert since.value == started
    assert starts.value == 1


@pytest.mark.usefixtures("no_tws_here")
def test_a_process_that_only_mentions_tws_is_not_tws(tmp_path: Path) -> None:
    with child(tmp_path, "about", "jclient.LoginFrame.log", "tws"):
        seen = facts(list(asyncio.run(machine(tmp_path).look_at_programs()))).look(kinds.RUNNING, TWS)
    assert seen
    assert seen.value is False


@pytest.mark.usefixtures("no_tws_here")
def test_a_second_start_within_ten_minutes_is_counted(tmp_path: Path) -> None:
    looker = machine(tmp_path)
    clock = Fixed()
    looker = machine(tmp_path, clock)
    for expected in (1, 2):
        with child(tmp_path, "jclient.LoginFrame") as pid:
            clock.present = psutil.Process(pid).create_time() + 5
            seen = facts(list(asyncio.run(looker.look_at_programs()))).look(kinds.STARTS_TODAY, TWS)
        assert seen
        assert seen.value == expected


def test_the_settings_folder_speaks_for_tws_and_for_the_gateway_that_shares_it(tmp_path: Path) -> None:
    folder = tmp_path / "Jts"
    (folder / "dabcdefgh").mkdir(parents=True)
    (folder / "dabcdefgh" / "autorestart").touch()
    text = "[Logon]\ntradingMode=l\nUserNameToDirectory=secretuser,dabcdefgh\n[IBGateway]\nApiOnly=true\n"
    (folder / "jts.ini").write_text(text, encoding="utf-8")
    seen = facts(list(asyncio.run(machine(tmp_path).look_at_programs())))
    for subject in (TWS, "program/ib-gateway"):
        mode, token = seen.look(kinds.LAST_MODE, subject), seen.look(kinds.RESTART_TOKEN, subject)
        assert mode
        assert token
        assert mode.value == "live"
        assert token.value is True
    assert "secretuser" not in repr(seen)
    assert "dabcdefgh" not in repr(seen)


def test_without_a_settings_folder_mode_and_token_stay_unknown(tmp_path: Path) -> None:
    seen = facts(list(asyncio.run(machine(tmp_path).look_at_programs())))
    assert seen.look(kinds.LAST_MODE, TWS) is None
    assert seen.look(kinds.RESTART_TOKEN, TWS) is None


def test_the_desk_says_how_much_disk_is_free_and_how_it_is_connected(tmp_path: Path) -> None:
    seen = facts(list(asyncio.run(machine(tmp_path).look_at_desk())))
    disk, network = seen.look(kinds.DISK_FREE, "desk"), seen.look(kinds.NETWORK, "desk")
    assert disk
    assert network
    assert disk.value > 0
    assert network.value in ("wired", "wireless", "none", "unclear")


def test_every_observation_has_the_type_its_kind_promises(tmp_path: Path) -> None:
    async def everything() -> list[Observation]:
        looker = machine(tmp_path)
        with listening("127.0.0.1") as port:
            ports = await looker.look_at_ports(Plan(sockets=(Socket(port=port),)))
        return [*await looker.look_at_desk(), *await looker.look_at_programs(), *ports]

    types = {kind.name: kind.type for kind in kinds.ALL}
    for seen in asyncio.run(everything()):
        assert type(seen.value) is types[seen.fact]


def test_a_look_that_hangs_is_given_up_not_started_twice_and_its_late_answer_is_shared() -> None:
    gate, starts = threading.Event(), list[str]()

    def hang() -> str:
        starts.append("started")
        gate.wait(30)
        return "late"

    async def scene() -> list[str]:
        aside: Aside[str] = Aside()
        with pytest.raises(TimeoutError):
            await aside.run("hang", hang, 0.05)
        other = await aside.run("other", lambda: "other looks go on", 5.0)
        waiting = asyncio.ensure_future(aside.run("hang", hang, 30.0))
        gate.set()
        return [other, await waiting]

    assert asyncio.run(scene()) == ["other looks go on", "late"]
    assert starts == ["started"]


def test_looks_at_the_same_time_all_get_the_answer(tmp_path: Path) -> None:
    async def scene() -> list[int]:
        looker = machine(tmp_path)
        plan = Plan(sockets=(Socket(port=9),), portal=None)
        answers = await asyncio.gather(*(looker.look_at_ports(plan) for _ in range(3)))
        return [len(answer) for answer in answers]

    assert asyncio.run(scene()) == [1, 1, 1]


def test_what_a_look_raises_reaches_whoever_waits() -> None:
    def fail() -> None:
        raise OSError("no such luck")

    async def scene() -> None:
        aside: Aside[None] = Aside()
        await aside.run("fail", fail, 5.0)

    with pytest.raises(OSError, match="no such luck"):
        asyncio.run(scene())
