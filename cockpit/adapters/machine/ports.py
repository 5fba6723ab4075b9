"""Who listens on a port of this PC, on which addresses, and whether the desk expects that program there."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Iterable

import psutil
from msgspec import Struct

from cockpit.adapters.machine.programs import Program, Running, describe, program_of
from cockpit.domain import kinds
from cockpit.domain.evidence import Observation, Provenance

_EVERYWHERE = ("0.0.0.0", "::")
_LOOKS = 3  # the list of sockets and that of processes are read one after the other: a look can miss an owner


class Listener(Struct, frozen=True):
    """A listening TCP socket. `owner` is None when the system does not say whose it is."""

    address: str
    port: int
    owner: Running | None


class Listeners(Struct, frozen=True):
    """The listening sockets that could be seen. `is_complete` says that a port without one is really free."""

    rows: tuple[Listener, ...]
    is_complete: bool


class Expected(Struct, frozen=True):
    """Who may own a port: which of the broker's programs, and parts of other names or command lines."""

    programs: frozenset[Program]
    patterns: tuple[str, ...] = ()


def listeners(ports: Collection[int]) -> Listeners:
    """List who listens on `ports`. Blocks; raises OSError when the system refuses altogether."""
    for _ in range(_LOOKS):
        seen = _look(ports)
        if all(row.owner is not None for row in seen.rows):
            break
    return seen


def _look(ports: Collection[int]) -> Listeners:
    try:
        bound = [
            (row.laddr.ip, row.laddr.port, row.pid)
            for row in psutil.net_connections(kind="tcp")
            if row.status == psutil.CONN_LISTEN and row.laddr
        ]
        is_complete = True
    except psutil.AccessDenied:  # macOS tells the whole list to root only
        bound = _own_listeners()
        is_complete = False
    rows, known = [], dict[int, Running | None]()
    for address, port, pid in bound:
        if port not in ports:
            continue
        if pid and pid not in known:
            known[pid] = _described(pid)
        rows.append(Listener(address, port, known.get(pid) if pid else None))
    return Listeners(tuple(dict.fromkeys(rows)), is_complete)


def judge_port(
    subject: str, host: str, port: int, expected: Expected, seen: Listeners, user: str, now: float
) -> list[Observation]:
    """Draw the observations about one port that the desk dials at `host`.

    Nothing is said about a port without a listener when the list is not complete. Where several programs
    share the address, the owner is known only when every one of them is expected.
    """
    here = [row for row in seen.rows if row.port == port]
    if not here:
        if not seen.is_complete:
            return []
        return [kinds.LISTENING.seen(subject, False, now, Provenance.MEASURED, f"port {port}")]
    answering = _answering(host, here)
    speakers = answering or here
    places = tuple(sorted({row.address for row in here}))
    note = f"port {port}" if answering else f"port {port}: only on {', '.join(places)}, not on {host}"
    # Nobody's name is better than a guess: the system may hide the owner, or have lost it between two looks.
    is_readable = all(row.owner is not None for row in speakers)
    owner = " and ".join(sorted({owner_words(row.owner, user) for row in speakers})) if is_readable else ""
    found = [
        kinds.LISTENING.seen(subject, bool(answering), now, Provenance.MEASURED, note),
        kinds.BOUND_TO.seen(subject, places, now, Provenance.MEASURED, reach(places)),
        kinds.PORT_OWNER.seen(subject, owner, now, Provenance.MEASURED, note),
    ]
    known = all(is_expected(row.owner, expected, user) for row in speakers)
    found.append(kinds.PORT_OWNER_KNOWN.seen(subject, known, now, Provenance.MEASURED, owner))
    return found


def is_expected(owner: Running | None, expected: Expected, user: str) -> bool:
    """Whether the desk expects this owner. A program of another user never counts, whatever its name."""
    if owner is None or (owner.user and user and owner.user != user):
        return False
    if program_of(owner) in expected.programs:
        return True
    texts = [owner.name, owner.executable, " ".join(owner.command or ())]
    return any(part.lower() in text.lower() for part in expected.patterns if part for text in texts)


def owner_words(owner: Running | None, user: str) -> str:
    """Name the owner: the broker's program or the file name, and the user when it is not ours; "" when unknown."""
    if owner is None:
        return ""
    program = program_of(owner)
    words = owner.name if program is None else f"{program.label} ({owner.name})"
    return f"{words}, user {owner.user}" if owner.user and owner.user != user else words


def reach(addresses: Iterable[str]) -> str:
    """Say in words from where the addresses can be reached: this PC only, or the network too."""
    outside = [address for address in addresses if not _is_loopback(address)]
    return "reachable from the network" if outside else "this PC only"


def is_this_machine(host: str) -> bool:
    """Whether a host of the plan is this PC, so that its ports can be looked up here. Asks no name server."""
    if host.lower() == "localhost" or _is_loopback(host):
        return True
    own = {address.address.split("%")[0] for rows in psutil.net_if_addrs().values() for address in rows}
    return host in own


def _answering(host: str, rows: list[Listener]) -> list[Listener]:
    """Return the listeners that a connection to `host` may reach: the exact address, else the wildcards."""
    wanted = "127.0.0.1" if host.lower() == "localhost" else host
    for address in (wanted, *(("::",) if ":" in wanted else _EVERYWHERE)):
        found = [row for row in rows if row.address in (address, f"::ffff:{address}")]
        if found:
            return found
    return []


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _described(pid: int) -> Running | None:
    try:
        return describe(psutil.Process(pid))
    except psutil.Error:
        return None


def _own_listeners() -> list[tuple[str, int, int | None]]:
    """List address, port and process of the listeners whose processes let us look."""
    found: list[tuple[str, int, int | None]] = []
    for process in psutil.process_iter():
        try:
            found += [
                (row.laddr.ip, row.laddr.port, process.pid)
                for row in process.net_connections(kind="tcp")
                if row.status == psutil.CONN_LISTEN and row.laddr
            ]
        except psutil.Error:
            continue
    return found
