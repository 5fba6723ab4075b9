"""What guards this PC and its doors, put together: each look blocks, stands alone and fails alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

import psutil
from msgspec import Struct

from cockpit.adapters.machine import jts
from cockpit.adapters.machine.encryption import look_at_encryption
from cockpit.adapters.machine.gateway_settings import conf_file, read_gateway_settings
from cockpit.adapters.machine.launcher_logs import look_at_launcher_logs
from cockpit.adapters.machine.ports import is_this_machine, listeners
from cockpit.adapters.machine.programs import Program, Running, program_of
from cockpit.adapters.machine.remote_control import look_at_remote_control
from cockpit.adapters.machine.screen_lock import look_at_screen_lock
from cockpit.domain import kinds
from cockpit.domain.evidence import Observation, Provenance
from cockpit.domain.plan import Plan, Portal, Socket

# Seconds; the longest is for a system that must start a program of its own to answer.
ENCRYPTION_TIMEOUT = 5.0
SCREEN_LOCK_TIMEOUT = 4.0
REMOTE_CONTROL_TIMEOUT = 3.0
TRUSTED_TIMEOUT = 2.0
GATEWAY_TIMEOUT = 2.0
LAUNCHER_LOGS_TIMEOUT = 3.0

Look: TypeAlias = Callable[[float], list[Observation]]


class Guard(Struct, frozen=True):
    """One look: it takes UTC epoch seconds, blocks for at most `seconds`, may raise OSError or psutil.Error."""

    look: Look
    seconds: float


def guards(profile: Path, jts_folders: Sequence[Path], plan: Plan) -> Mapping[str, Guard]:
    """Return the looks by name."""
    logs = plan.register.launcher_logs
    return {
        "encryption": Guard(lambda now: look_at_encryption(profile, now), ENCRYPTION_TIMEOUT),
        "screen lock": Guard(look_at_screen_lock, SCREEN_LOCK_TIMEOUT),
        "remote control": Guard(look_at_remote_control, REMOTE_CONTROL_TIMEOUT),
        "trusted addresses": Guard(lambda now: look_at_trusted(jts_folders, plan, now), TRUSTED_TIMEOUT),
        "gateway settings": Guard(lambda now: look_at_gateway(plan, now), GATEWAY_TIMEOUT),
        "launcher logs": Guard(lambda now: look_at_launcher_logs(logs, now), LAUNCHER_LOGS_TIMEOUT),
    }


def look_at_trusted(folders: Sequence[Path], plan: Plan, now: float) -> list[Observation]:
    """Look whom IB Gateway trusts. TWS keeps its own list encrypted, so nothing is said about its doors."""
    settings = next((one for one in map(jts.read_settings, folders) if one is not None), None)
    if settings is None or settings.trusted is None:
        return []
    note = "TrustedIPs of IB Gateway in jts.ini"
    return [
        kinds.TRUSTED_ADDRESSES.seen(socket.subject, settings.trusted, now, Provenance.MEASURED, note)
        for socket in plan.sockets
        if is_this_machine(socket.host) and _is_gateways(socket)
    ]


def _is_gateways(socket: Socket) -> bool:
    """Whether IB Gateway keeps this door: by who listens there, else by what the plan says."""
    owners = {program_of(owner) for owner in _owners(socket.port)}
    return owners == {Program.IB_GATEWAY} if owners else socket.program != "TWS"


def look_at_gateway(plan: Plan, now: float) -> list[Observation]:
    """Look into the settings of the Client Portal gateway that listens on the plan's port.

    Settings changed after the gateway started are not yet those it obeys, so nothing is said about them.
    """
    portal = plan.portal
    if portal is None or not is_this_machine(portal.host):
        return []
    owners = [owner for owner in _owners(portal.port) if program_of(owner) is Program.PORTAL]
    if len(owners) != 1 or owners[0].command is None:
        return []
    file = conf_file(owners[0].command, Path(psutil.Process(owners[0].pid).cwd()))
    if file is None or file.stat().st_mtime > owners[0].started:
        return []
    settings = read_gateway_settings(file)
    if settings is None:
        return []
    seen = []
    if settings.allowed is not None:
        seen.append(
            kinds.ALLOWED_ADDRESSES.seen(
                Portal.subject, settings.allowed, now, Provenance.MEASURED, settings.filter_note
            )
        )
    if settings.any_origin is not None:
        seen.append(
            kinds.CROSS_ORIGIN.seen(
                Portal.subject, settings.any_origin, now, Provenance.MEASURED, settings.origin_note
            )
        )
    return seen


def _owners(port: int) -> list[Running]:
    """Return the programs that listen on a port, as far as the system names them."""
    return list(
        {row.owner.pid: row.owner for row in listeners({port}).rows if row.owner is not None}.values()
    )
