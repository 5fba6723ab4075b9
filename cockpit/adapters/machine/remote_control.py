"""Which programs for remote control run on this PC, known by the name of their process."""

from __future__ import annotations

import sys
from collections.abc import Iterable

import psutil
from msgspec import Struct

from cockpit.domain import kinds
from cockpit.domain.evidence import Observation, Provenance

if sys.platform == "win32":
    import winreg

_SUBJECT = "desk"
_RDP_PORTS = range(3389, 3400)  # the first is the usual one, servers beside one another take the next
_VNC_PORTS = range(5900, 6000)  # 5900 plus the number of the display


class Tool(Struct, frozen=True):
    """A program for remote control: what it is called, and its processes in small letters without `.exe`.

    One that `must_listen` is often started with the desktop and lets nobody in until it is switched on: only a
    listening socket counts. Of the others the bare process does, for they dial out and wait for callers there.
    """

    title: str
    processes: frozenset[str]
    must_listen: bool = False


def _tool(title: str, *processes: str, must_listen: bool = False) -> Tool:
    return Tool(title, frozenset(processes), must_listen)


# Names from the makers' packages and service files. Only the side that is driven counts, not viewers.
TOOLS = (
    _tool("AnyDesk", "anydesk"),
    _tool("TeamViewer", "teamviewer", "teamviewerd", "teamviewer_service", "teamviewer_desktop"),
    _tool("RustDesk", "rustdesk"),
    _tool("xrdp", "xrdp", "xrdp-sesman", must_listen=True),
    _tool("x11vnc", "x11vnc", must_listen=True),
    _tool("TigerVNC", "xtigervnc", "x0tigervncserver", "x0vncserver", "winvnc4", must_listen=True),
    _tool("Xvnc", "xvnc", must_listen=True),
    _tool("TightVNC", "tvnserver", "xtightvnc", must_listen=True),
    _tool("UltraVNC", "winvnc", must_listen=True),
    _tool("RealVNC", "vncserver", "vncserver-x11-core", "vncserverui", "vncserver-x11-serviced"),
    _tool("wayvnc", "wayvnc", must_listen=True),
    _tool("Vino", "vino-server", must_listen=True),
    _tool("GNOME Remote Desktop", "gnome-remote-desktop-daemon", must_listen=True),
    _tool("KDE remote desktop", "krfb", "krdpserver", must_listen=True),
    # Apple's ARDAgent runs on many Macs that let nobody in, and the socket of either is launchd's.
    _tool("macOS screen sharing", "screensharingd"),
    _tool("Chrome Remote Desktop", "chrome-remote-desktop-host", "remoting_host", "remoting_me2me_host"),
    _tool("Splashtop", "srserver", "srservice", "srstreamer", "splashtop-streamer"),
    _tool("Parsec", "parsecd", "pservice"),
    _tool("NoMachine", "nxserver.bin", "nxserver", "nxd"),
    _tool("ScreenConnect", "screenconnect.clientservice", "screenconnect.windowsclient"),
    _tool("LogMeIn", "logmein", "lmiguardiansvc"),
    _tool("GoTo", "g2comm", "g2svc", "gotoassist"),
    _tool("Remote Utilities", "rutserv", "rfusclient"),
    _tool("RemotePC", "remotepcservice", "remotepchost"),
    _tool("Zoho Assist", "zohours", "zohomeeting"),
    _tool("DWService", "dwagent", "dwagsvc"),
    _tool("MeshAgent", "meshagent"),
    _tool("Supremo", "supremo", "supremoservice"),
    _tool("UltraViewer", "ultraviewer_desktop", "ultraviewer_service"),
    _tool("AeroAdmin", "aeroadmin"),
    _tool("ToDesk", "todesk", "todesk_service"),
    _tool("HopToDesk", "hoptodesk"),
    _tool("Sunshine", "sunshine"),
    _tool("Quick Assist", "quickassist"),
    _tool("Windows Remote Assistance", "msra"),
)
_BY_PROCESS = {process: tool for tool in TOOLS for process in tool.processes}
WINDOWS_REMOTE_DESKTOP = "Windows Remote Desktop"


def look_at_remote_control(now: float) -> list[Observation]:
    """Look which programs for remote control run. Nothing is said when the processes of others are hidden."""
    found = set(running_tools(psutil.process_iter()))
    if sys.platform == "win32" and _lets_remote_desktop_in():
        found.add(WINDOWS_REMOTE_DESKTOP)
    # A system that hides the processes of others (hidepid) would make every PC look clean.
    if not found and sys.platform != "win32" and 1 not in psutil.pids():
        return []
    names = tuple(sorted(found, key=str.lower))
    return [kinds.REMOTE_DESKTOP.seen(_SUBJECT, names, now, Provenance.MEASURED, "process list")]


def running_tools(processes: Iterable[psutil.Process]) -> Iterable[str]:
    """Yield the titles of the tools among some processes."""
    for process in processes:
        try:
            tool = tool_called(process.name())
            if tool is not None and (not tool.must_listen or _listens(process)):
                yield tool.title
        except psutil.Error:  # gone between two questions
            continue


def tool_called(name: str) -> Tool | None:
    """Return the tool whose process has that name."""
    return _BY_PROCESS.get(name.lower().removesuffix(".exe"))


def _listens(process: psutil.Process) -> bool:
    """Whether a process listens. Of one that hides its sockets any listener on the usual ports is taken for its own."""
    try:
        sockets = process.net_connections(kind="tcp")
    except psutil.AccessDenied:
        return _somebody_listens()
    return any(one.status == psutil.CONN_LISTEN for one in sockets)


def _somebody_listens() -> bool:
    try:
        rows = psutil.net_connections(kind="tcp")
    except psutil.AccessDenied:  # macOS tells the whole list to root only
        return True
    return waits_for_callers(row.laddr.port for row in rows if row.status == psutil.CONN_LISTEN and row.laddr)


def waits_for_callers(ports: Iterable[int]) -> bool:
    """Whether one of some listening ports is a usual one of remote desktops (RDP, VNC)."""
    return any(port in _RDP_PORTS or port in _VNC_PORTS for port in ports)


if sys.platform == "win32":

    def _lets_remote_desktop_in() -> bool:
        """Whether Windows takes remote-desktop callers: its service always runs, the switch is in the registry."""
        path = r"SYSTEM\CurrentControlSet\Control\Terminal Server"
        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, path) as key:
                return bool(winreg.QueryValueEx(key, "fDenyTSConnections")[0] == 0)
        except OSError:
            return False
