"""What guards this PC, looked at on real processes, sockets and files."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from cockpit.adapters.machine.commands import ask_system
from cockpit.adapters.machine.guards import Guard, guards, look_at_gateway, look_at_trusted
from cockpit.adapters.machine.local import LocalMachine
from cockpit.adapters.machine.remote_control import (
    TOOLS,
    look_at_remote_control,
    running_tools,
    tool_called,
    waits_for_callers,
)
from cockpit.domain import kinds
from cockpit.domain.evidence import Observation
from cockpit.domain.facts import Facts, fold
from cockpit.domain.plan import Plan, Portal, Socket
from cockpit.domain.register import Register

pytestmark = [
    pytest.mark.plain,
    pytest.mark.skipif(sys.platform == "win32", reason="the processes are started through links"),
]

NOW = 2_000_000_000.0
YEAR = 365 * 24 * 3600.0
GATEWAY = "ibgroup.web.core.clientportal.gw.GatewayStart"
SHIPPED = """\
listenPort: 5000
sslPwd: "mywebapi"
cors:
  origin.allowed: "*"
  allowCredentials: false
ips:
  allow:
    - 192.*
    - 127.0.0.1
  deny:
    - 212.90.324.10
"""
_LISTEN = (
    "import socket, sys; s = socket.create_server(('127.0.0.1', 0)); "
    "print(s.getsockname()[1], flush=True); sys.stdin.read()"
)
_WAIT = "import sys; print(0, flush=True); sys.stdin.read()"


class Fixed:
    def now(self) -> float:
        return NOW

    def monotonic(self) -> float:
        return NOW


def facts(observations: Sequence[Observation]) -> Facts:
    return fold(Facts(), observations)


@contextmanager
def running(folder: Path, name: str, *arguments: str, code: str = _LISTEN) -> Iterator[tuple[int, int]]:
    """Start a process called `name` in `folder`; yield its number and the port it listens on, 0 for none."""
    link = folder / name
    link.symlink_to(sys.executable)
    with subprocess.Popen(
        [str(link), "-S", "-c", code, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=folder,
    ) as process:
        assert process.stdin
        assert process.stdout
        yield process.pid, int(process.stdout.readline())
        process.stdin.close()


def gateway_folder(tmp_path: Path, text: str = SHIPPED, name: str = "conf.yaml") -> Path:
    """Lay out a gateway as the vendor's zip does, its settings a year old."""
    file = tmp_path / "root" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    os.utime(file, (time.time() - YEAR,) * 2)
    return file


def started_gateway(folder: Path, *options: str) -> Facts:
    words = ("-cp", "root:dist/gw.jar:build/lib/runtime/*", GATEWAY, *options)
    with running(folder, "java", *words) as (_, port):
        return facts(look_at_gateway(Plan(portal=Portal(port=port)), NOW))


def test_the_gateway_that_listens_is_asked_by_its_own_settings_file(tmp_path: Path) -> None:
    gateway_folder(tmp_path)
    seen = started_gateway(tmp_path)
    allowed, cross = seen.look(kinds.ALLOWED_ADDRESSES, "gateway"), seen.look(kinds.CROSS_ORIGIN, "gateway")
    assert allowed
    assert cross
    assert allowed.value == ("192.*", "127.0.0.1")
    assert cross.value is True
    assert "mywebapi" not in repr(seen)


def test_the_settings_file_named_at_the_start_counts(tmp_path: Path) -> None:
    gateway_folder(tmp_path)
    gateway_folder(tmp_path, "ips:\n  allow:\n    - 10.*\n", "conf.beta.yaml")
    allowed = started_gateway(tmp_path, "--conf", "conf.beta.yaml").look(kinds.ALLOWED_ADDRESSES, "gateway")
    assert allowed
    assert allowed.value == ()


def test_settings_changed_since_the_start_are_not_what_the_gateway_obeys(tmp_path: Path) -> None:
    file = gateway_folder(tmp_path)
    os.utime(file, (time.time() + 60,) * 2)
    assert started_gateway(tmp_path) == Facts()


@pytest.mark.parametrize("place", ["link", "pipe", "huge", "binary", "absent"])
def test_an_odd_settings_file_says_nothing_and_keeps_nobody_waiting(tmp_path: Path, place: str) -> None:
    file = gateway_folder(tmp_path)
    other = tmp_path / "elsewhere.yaml"
    other.write_bytes(file.read_bytes())
    file.unlink()
    if place == "link":
        file.symlink_to(other)
    elif place == "pipe":
        os.mkfifo(file)
    elif place == "huge":
        file.write_text(SHIPPED + "# padding\n" * 50_000)
    elif place == "binary":
        file.write_bytes(SHIPPED.encode() + b"\0")
    if place in ("huge", "binary"):
        os.utime(file, (time.time() - YEAR,) * 2)
    assert started_gateway(tmp_path) == Facts()


def test_another_program_on_the_gateways_port_is_not_believed_to_be_one(tmp_path: Path) -> None:
    gateway_folder(tmp_path)
    with running(tmp_path, "java", "-cp", "root", "some.other.Main") as (_, port):
        assert look_at_gateway(Plan(portal=Portal(port=port)), NOW) == []


def test_a_gateway_elsewhere_or_none_is_not_looked_for() -> None:
    assert look_at_gateway(Plan(portal=None), NOW) == []
    assert look_at_gateway(Plan(portal=Portal(host="192.0.2.7")), NOW) == []


def test_whom_ib_gateway_trusts_is_said_at_its_doors_only(tmp_path: Path) -> None:
    (tmp_path / "jts.ini").write_text("[IBGateway]\nTrustedIPs=127.0.0.1, 192.0.2.9\nApiOnly=true\n")
    doors = (
        Socket("tws", port=1),
        Socket("gateway", port=2, program="IB Gateway"),
        Socket("far", "192.0.2.7", 3, "IB Gateway"),
    )
    seen = look_at_trusted([tmp_path / "none", tmp_path], Plan(sockets=doors), NOW)
    assert [(one.subject, one.value) for one in seen] == [("tws/gateway", ("127.0.0.1", "192.0.2.9"))]


def test_who_listens_weighs_more_than_what_the_plan_says(tmp_path: Path) -> None:
    (tmp_path / "jts.ini").write_text("[IBGateway]\nTrustedIPs=\n")
    with running(tmp_path, "java", "ibgateway.GWClient") as (_, port):
        seen = look_at_trusted([tmp_path], Plan(sockets=(Socket(port=port),)), NOW)
    assert [(one.subject, one.value) for one in seen] == [("tws/tws", ())]


def test_a_settings_file_without_a_list_says_nothing_about_trust(tmp_path: Path) -> None:
    (tmp_path / "jts.ini").write_text("[IBGateway]\nApiOnly=true\n")
    assert look_at_trusted([tmp_path], Plan(sockets=(Socket(program="IB Gateway"),)), NOW) == []


def titles(pid: int) -> list[str]:
    return list(running_tools([psutil.Process(pid)]))


def test_a_program_that_dials_out_counts_by_running(tmp_path: Path) -> None:
    with running(tmp_path, "rustdesk", code=_WAIT) as (pid, _):
        assert titles(pid) == ["RustDesk"]
        seen = facts(look_at_remote_control(NOW)).look(kinds.REMOTE_DESKTOP, "desk")
        assert seen
        assert "RustDesk" in seen.value


def test_a_server_that_waits_for_nobody_does_not_count(tmp_path: Path) -> None:
    with running(tmp_path, "x11vnc", code=_WAIT) as (pid, _):
        assert titles(pid) == []


def test_a_server_counts_when_it_listens(tmp_path: Path) -> None:
    with running(tmp_path, "gnome-remote-desktop-daemon") as (pid, _):
        assert titles(pid) == ["GNOME Remote Desktop"]


@pytest.mark.parametrize(
    ("ports", "waits"), [((), False), ((22, 631), False), ((22, 3389), True), ((5901,), True)]
)
def test_a_hidden_server_counts_when_a_usual_port_is_open(ports: tuple[int, ...], waits: bool) -> None:
    assert waits_for_callers(ports) is waits


def test_a_program_that_ends_while_it_is_looked_at_is_passed_over(tmp_path: Path) -> None:
    with running(tmp_path, "anydesk", code=_WAIT) as (pid, _):
        gone = psutil.Process(pid)
    assert list(running_tools([gone])) == []


def test_every_process_name_is_written_as_it_is_looked_up_and_belongs_to_one_tool() -> None:
    names = [name for tool in TOOLS for name in tool.processes]
    assert len(names) == len(set(names))
    for name in names:
        assert tool_called(f"{name.upper()}.EXE") is tool_called(name)
        assert tool_called(name) is not None
    assert tool_called("vncviewer") is None
    assert tool_called("") is None


def test_all_guards_are_looked_at_at_once_and_tell_of_this_pc(tmp_path: Path) -> None:
    looker = LocalMachine(Fixed(), tmp_path / "not" / "yet", [tmp_path])
    log = tmp_path / "ibc.txt"
    log.write_text("nothing here\n")
    plan = Plan(register=Register(launcher_logs=(str(log),)), portal=None)
    seen = asyncio.run(looker.look_at_guards(plan))
    subjects = {one.subject for one in seen}
    assert subjects <= {"desk", "signin"}
    assert all(one.at == NOW for one in seen)


def test_one_guard_that_hangs_or_fails_leaves_the_others_alone(tmp_path: Path) -> None:
    """A pipe for a profile, a pipe for a log: nothing is waited for, and what can be said is said."""
    pipe = tmp_path / "log"
    os.mkfifo(pipe)
    (tmp_path / "jts.ini").write_text("[IBGateway]\nTrustedIPs=192.0.2.9\n")
    door = Socket("gateway", port=2, program="IB Gateway")
    register = Register(launcher_logs=(str(pipe), str(tmp_path), "/none", "~nobody-at-all/log", "a" * 5000))
    looker = LocalMachine(Fixed(), pipe / "profile", [tmp_path])
    seen = facts(asyncio.run(looker.look_at_guards(Plan(sockets=(door,), portal=None, register=register))))
    trusted = seen.look(kinds.TRUSTED_ADDRESSES, "tws/gateway")
    assert trusted
    assert trusted.value == ("192.0.2.9",)
    assert not [one for one in threading.enumerate() if "launcher logs" in one.name]


def test_every_guard_has_a_time_out_of_its_own(tmp_path: Path) -> None:
    for guard in guards(tmp_path, [], Plan()).values():
        assert isinstance(guard, Guard)
        assert 0 < guard.seconds <= 5


def test_a_program_of_the_system_that_hangs_is_ended() -> None:
    assert (
        ask_system(sys.executable, "-S", "-c", "import sys; sys.stdin.read(); print('up')", seconds=30)
        == "up\n"
    )
    assert ask_system(sys.executable, "-S", "-c", "while True: pass", seconds=0.1) == ""
    assert ask_system(sys.executable, "-S", "-c", "print('half'); raise SystemExit(1)", seconds=30) == ""
    assert ask_system("no-such-program-anywhere", seconds=1) == ""
