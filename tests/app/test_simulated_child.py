"""The simulated desk of the demo is a child process: it is there when the context begins and gone when it ends."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from cockpit.app.desk import read_desk
from cockpit.app.simulated_child import DemoTrouble, SimulatedChild

pytestmark = pytest.mark.desk

PATIENCE = 30.0  # seconds
HOLDER = """
import sys
from cockpit.app.simulated_child import SimulatedChild
with SimulatedChild("calm-morning") as child:
    sockets = child.settings_file.read_text(encoding="utf-8").split("[[sockets]]")[1]
    print(sockets.split("port = ")[1].split()[0], flush=True)
    sys.stdin.read()
"""


def test_the_child_listens_inside_its_context_and_nowhere_after_it() -> None:
    with SimulatedChild("calm-morning") as child:
        desk = read_desk(child.settings_file, is_demo=True)
        port = desk.plan.sockets[0].port
        client = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        assert desk.complaints == ()
        assert desk.plan.is_demo
    with client:
        assert client.recv(1) == b""
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    assert not child.folder.exists()


def test_a_given_folder_is_kept(tmp_path: Path) -> None:
    with SimulatedChild("calm-morning", tmp_path) as child:
        assert child.settings_file.parent == tmp_path
    assert (tmp_path / "demo-settings.toml").exists()


def test_a_desk_that_cannot_start_is_a_trouble_with_a_sentence() -> None:
    with pytest.raises(DemoTrouble, match="did not start"), SimulatedChild("no-such-scenario"):
        raise AssertionError("the context was entered")


def test_the_child_ends_when_its_parent_is_killed() -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", HOLDER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    assert parent.stdin is not None
    port = json.loads(parent.stdout.readline())
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as client:
        parent.kill()
        parent.wait(PATIENCE)
        assert client.recv(1) == b""  # only the end of the child closes this
    parent.stdout.close()
    parent.stdin.close()
