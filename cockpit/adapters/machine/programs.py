"""Which of the broker's programs run: known by main class or path of the executable, never by a bare word."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

import psutil
from msgspec import Struct, field

RECENT = 600.0  # seconds in which several starts count as a restart loop


class Program(StrEnum):
    """A program of the broker on this PC; the value ends its subject."""

    TWS = "tws"
    IB_GATEWAY = "ib-gateway"
    IBKR_DESKTOP = "ibkr-desktop"
    PORTAL = "client-portal-gateway"

    @property
    def subject(self) -> str:
        """The subject of its facts."""
        return f"program/{self.value}"

    @property
    def label(self) -> str:
        """The name on screen."""
        return _TITLES[self]


_TITLES = {
    Program.TWS: "TWS",
    Program.IB_GATEWAY: "IB Gateway",
    Program.IBKR_DESKTOP: "IBKR Desktop",
    Program.PORTAL: "Client Portal Gateway",
}


class Running(Struct, frozen=True):
    """A process. `command` may carry a password (start scripts pass one), so it is never shown nor kept.

    `command` is None when the system does not let us read it; `started` is UTC epoch seconds.
    """

    pid: int
    name: str
    executable: str
    user: str
    started: float
    command: tuple[str, ...] | None = None

    def __repr__(self) -> str:
        return f"Running({self.pid}, {self.name!r})"

    @property
    def is_java(self) -> bool:
        """Whether it is a Java machine, by the name it was started under."""
        first = self.command[0] if self.command else ""
        return any(_last(path) in _JAVA for path in (self.name, self.executable, first))


class _Pattern(Struct, frozen=True):
    """How one program is known. Main classes count as whole arguments of a Java machine."""

    program: Program
    main_classes: frozenset[str]
    executables: re.Pattern[str] | None = None


def _path(expression: str) -> re.Pattern[str]:
    return re.compile(expression, re.IGNORECASE)


# Main classes and file names: public start scripts (IBC, IBAutomater), cask files, the gateway's run script.
_PATTERNS = (
    _Pattern(
        Program.TWS,
        frozenset({"jclient.LoginFrame", "ibcalpha.ibc.IbcTws"}),
        _path(r"(^|.*/)tws1?\.exe$|.*/trader workstation[^/]*\.app/contents/macos/javaapplicationstub$"),
    ),
    _Pattern(
        Program.IB_GATEWAY,
        frozenset({"install4j.ibgateway.GWClient", "ibgateway.GWClient", "ibcalpha.ibc.IbcGateway"}),
        _path(r"(^|.*/)ibgateway1?\.exe$|.*/ib gateway[^/]*\.app/contents/macos/javaapplicationstub$"),
    ),
    _Pattern(
        Program.IBKR_DESKTOP,
        frozenset(),
        _path(r"(^|.*/)ibkr desktop\.exe$|.*/ibkr desktop[^/]*\.app/contents/macos/.*|.*/ibkrdesktop$"),
    ),
    _Pattern(Program.PORTAL, frozenset({"ibgroup.web.core.clientportal.gw.GatewayStart"})),
)
_JAVA = frozenset({"java", "javaw", "java.exe", "javaw.exe", "javaapplicationstub"})
# Only these are looked into: reading the command line of every process is slow and none of our business.
_CANDIDATES = _JAVA | {
    *(
        "tws.exe",
        "tws1.exe",
        "ibgateway.exe",
        "ibgateway1.exe",
        "ibkr desktop.exe",
        "ibkr desktop",
        "ibkrdesktop",
    ),
}


def program_of(process: Running) -> Program | None:
    """Say which of the broker's programs a process is; None for any other."""
    arguments = set(process.command or ())
    path = process.executable.replace("\\", "/")
    for pattern in _PATTERNS:
        if process.is_java and pattern.main_classes & arguments:
            return pattern.program
        if pattern.executables is not None and path and pattern.executables.match(path):
            return pattern.program
    return None


def candidates() -> list[Running]:
    """List the processes that could be one of the broker's programs. Blocks; raises psutil.Error, OSError."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.name().lower() in _CANDIDATES:
                found.append(describe(process))
        except psutil.Error:  # gone between two questions, or somebody else's
            continue
    return found


def describe(process: psutil.Process) -> Running:
    """Read what may be read of one process; raises psutil.NoSuchProcess when it has ended."""
    with process.oneshot():
        name, started = process.name(), process.create_time()
        try:
            executable = process.exe()
        except psutil.AccessDenied:
            executable = ""
        try:
            command: tuple[str, ...] | None = tuple(process.cmdline())
        except psutil.AccessDenied:
            command = None
        try:
            user = process.username()
        except (psutil.AccessDenied, KeyError):
            user = ""
    return Running(process.pid, name, executable, user, started, command)


class Starts(Struct):
    """Remembers when programs were started, so that a restart loop shows although each process ends."""

    _seen: dict[Program, set[tuple[int, float]]] = field(default_factory=dict)

    def count(self, program: Program, processes: Iterable[Running], now: float) -> int:
        """Take note of the running processes and return how many starts fall into the last RECENT seconds."""
        seen = self._seen.setdefault(program, set())
        seen |= {(process.pid, process.started) for process in processes}
        self._seen[program] = {start for start in seen if now - start[1] <= RECENT}
        return len(self._seen[program])


def _last(path: str) -> str:
    return path.replace("\\", "/").rsplit("/", 1)[-1].lower()
