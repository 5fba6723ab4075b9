"""A real Secret Service for tests: its own message bus, its own GNOME Keyring, its own home, no screen."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import secretstorage

PROGRAMS = ("dbus-daemon", "gnome-keyring-daemon")
MISSING = [name for name in PROGRAMS if shutil.which(name) is None]

# No folder of services: what is killed stays dead, and nothing of this machine's desktop is started.
_BUS = """\
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
  </policy>
</busconfig>
"""


@dataclass(slots=True)
class SecretService:
    """A running service; it can be locked, frozen, thawed and killed."""

    folder: Path
    environment: dict[str, str]
    daemon: subprocess.Popen[bytes] | None = None

    def start(self, *, unlock: bool = True) -> None:
        """Start the keyring; open, with the password `password`, or as the system would start it."""
        self.daemon = subprocess.Popen(
            ["gnome-keyring-daemon", "--foreground", "--components=secrets", *["--unlock"] * unlock],
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert self.daemon.stdin is not None
        assert self.daemon.stdout is not None
        self.daemon.stdin.write(b"password")
        self.daemon.stdin.close()
        self.daemon.stdout.readline()  # it says where its control socket is as soon as it serves

    def lock(self) -> None:
        """Lock the keyring, as a desktop does after a while."""
        with closing(secretstorage.dbus_init()) as bus:
            secretstorage.get_default_collection(bus).lock()

    def freeze(self) -> None:
        """Stop it so that it answers nothing."""
        assert self.daemon is not None
        self.daemon.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        assert self.daemon is not None
        self.daemon.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """End it at once."""
        if self.daemon is not None:
            self.daemon.kill()
            self.daemon.wait()
            assert self.daemon.stdout is not None
            self.daemon.stdout.close()
            self.daemon = None


@contextmanager
def secret_service(folder: Path) -> Iterator[SecretService]:
    """Start a message bus in `folder` and a keyring on it; this process finds them by its environment."""
    for name in ("home", "run"):
        (folder / name).mkdir(mode=0o700)
    socket = folder / "run" / "bus"
    (folder / "bus.conf").write_text(_BUS.format(socket=socket))
    ours = {
        "DBUS_SESSION_BUS_ADDRESS": f"unix:path={socket}",
        "HOME": str(folder / "home"),
        "XDG_RUNTIME_DIR": str(folder / "run"),
        "XDG_DATA_HOME": str(folder / "home" / "data"),
        "XDG_CONFIG_HOME": str(folder / "home" / "config"),
    }
    bus = subprocess.Popen(
        ["dbus-daemon", f"--config-file={folder / 'bus.conf'}", "--nofork", "--print-address"],
        env=os.environ | ours,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert bus.stdout is not None
    bus.stdout.readline()
    before = {name: os.environ.get(name) for name in ours}
    os.environ.update(ours)
    service = SecretService(
        folder, {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
    )
    try:
        service.start()
        yield service
    finally:
        service.kill()
        bus.terminate()
        bus.wait()
        bus.stdout.close()
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
