"""This PC as the Machine port: the desk, the broker's programs and the ports, looked at in threads."""

from __future__ import annotations

import asyncio
import getpass
from collections.abc import Callable, Hashable, Sequence
from functools import partial
from pathlib import Path

import psutil

from cockpit.adapters.machine import desk as machine_desk
from cockpit.adapters.machine import jts
from cockpit.adapters.machine.guards import guards
from cockpit.adapters.machine.ports import Expected, is_this_machine, judge_port, listeners
from cockpit.adapters.machine.programs import Program, Running, Starts, candidates, program_of
from cockpit.adapters.machine.threads import Aside
from cockpit.domain import kinds
from cockpit.domain.evidence import Observation, Provenance
from cockpit.domain.plan import Plan
from cockpit.services.ports import Clock

# Seconds; below the budgets of the lanes that ask (0.5 s for the desk, 1.5 s for processes and ports).
DESK_TIMEOUT = 0.45
PROGRAMS_TIMEOUT = 1.2
PORTS_TIMEOUT = 1.2

_SOCKET_OWNERS = frozenset({Program.TWS, Program.IB_GATEWAY})
_PORTAL_OWNERS = frozenset({Program.PORTAL})


class LocalMachine:
    """Looks at this PC. What the system does not say, or not in time, yields no observation at all.

    `profile` is the folder whose disk counts; `jts_folders` are settings folders of TWS, by default the
    usual ones; `ibc_file` is IBC's config.ini where the trader uses that launcher.
    """

    def __init__(
        self,
        clock: Clock,
        profile: Path,
        jts_folders: Sequence[Path] | None = None,
        ibc_file: Path | None = None,
    ) -> None:
        self._clock = clock
        self._profile = profile
        self._jts_folders = tuple(jts_folders) if jts_folders is not None else jts.usual_folders()
        self._ibc_file = ibc_file
        self._aside: Aside[list[Observation]] = Aside()
        self._starts = Starts()

    async def look_at_desk(self) -> Sequence[Observation]:
        """Look at disk, network, power, sleep plan, pending restart and clock, all at once."""
        now = self._clock.now()
        parts = machine_desk.looks(self._profile)
        seen = await asyncio.gather(
            *(self._look(name, partial(look, now), DESK_TIMEOUT) for name, look in parts.items())
        )
        return [observation for part in seen for observation in part]

    async def look_at_programs(self) -> Sequence[Observation]:
        """Look which of the broker's programs run and since when, and at the settings folder."""
        now = self._clock.now()
        programs, settings = await asyncio.gather(
            self._look("programs", lambda: self._programs(now), PROGRAMS_TIMEOUT),
            self._look("settings", lambda: _settings(self._jts_folders, now), PROGRAMS_TIMEOUT),
        )
        return [*programs, *settings]

    async def look_at_ports(self, plan: Plan) -> Sequence[Observation]:
        """Look who listens on the plan's ports, as far as they are on this PC."""
        now = self._clock.now()
        ports, launcher = await asyncio.gather(
            self._look(("ports", plan), lambda: _ports(plan, now), PORTS_TIMEOUT),
            self._look(("launcher", plan), lambda: _launcher(self._ibc_file, plan, now), PORTS_TIMEOUT),
        )
        return [*ports, *launcher]

    async def look_at_guards(self, plan: Plan) -> Sequence[Observation]:
        """Look what guards this PC and its doors, each guard for itself; one that stays silent is unknown."""
        now = self._clock.now()
        parts = guards(self._profile, self._jts_folders, plan)
        seen = await asyncio.gather(
            *(
                self._look(("guard", name, plan), partial(guard.look, now), guard.seconds)
                for name, guard in parts.items()
            )
        )
        return [observation for part in seen for observation in part]

    async def _look(
        self, key: Hashable, work: Callable[[], list[Observation]], seconds: float
    ) -> list[Observation]:
        try:
            return await self._aside.run(key, work, seconds)
        except (TimeoutError, OSError, psutil.Error):
            return []

    def _programs(self, now: float) -> list[Observation]:
        processes = candidates()
        # A Java machine whose command line is hidden may be any of the broker's Java programs.
        is_hidden = any(process.is_java and process.command is None for process in processes)
        seen: list[Observation] = []
        for program in Program:
            own = [process for process in processes if program_of(process) is program]
            seen += judge_program(program, own, self._starts.count(program, own, now), is_hidden, now)
        return seen


def judge_program(
    program: Program, own: Sequence[Running], starts: int, is_hidden: bool, now: float
) -> list[Observation]:
    """Draw the observations about one program from its processes.

    Without any it is said not to run, unless the command line of some Java machine is hidden: that may be it.
    """
    seen = [kinds.STARTS_TODAY.seen(program.subject, starts, now, Provenance.MEASURED)]
    if own:
        newest = max(process.started for process in own)
        note = f"{len(own)} of them" if len(own) > 1 else own[0].name
        seen.append(kinds.RUNNING.seen(program.subject, True, now, Provenance.MEASURED, note))
        seen.append(kinds.STARTED_AT.seen(program.subject, newest, now, Provenance.MEASURED))
    elif not is_hidden:
        seen.append(kinds.RUNNING.seen(program.subject, False, now, Provenance.MEASURED, "process list"))
    return seen


def _settings(folders: Sequence[Path], now: float) -> list[Observation]:
    """Read the first settings folder that there is. It serves TWS, and IB Gateway too if the file says so."""
    for folder in folders:
        settings = jts.read_settings(folder)
        if settings is None:
            continue
        token = jts.restart_token(folder)
        subjects = [Program.TWS.subject, *([Program.IB_GATEWAY.subject] if settings.has_gateway else [])]
        seen = []
        for subject in subjects:
            note = "autorestart file" if token is not None else "no autorestart file"
            seen.append(kinds.RESTART_TOKEN.seen(subject, token is not None, now, Provenance.MEASURED, note))
            if settings.mode:
                seen.append(
                    kinds.LAST_MODE.seen(
                        subject, settings.mode, now, Provenance.MEASURED, settings.sentence()
                    )
                )
        return seen
    return []


def _ports(plan: Plan, now: float) -> list[Observation]:
    doors = [
        (door.subject, door.host, door.port, Expected(_SOCKET_OWNERS, door.owners)) for door in plan.sockets
    ]
    if plan.portal is not None:
        portal = plan.portal
        doors.append((portal.subject, portal.host, portal.port, Expected(_PORTAL_OWNERS, portal.owners)))
    here = [door for door in doors if is_this_machine(door[1])]
    if not here:
        return []
    seen = listeners({port for _, _, port, _ in here})
    user = _own_user()
    return [row for door in here for row in judge_port(*door, seen, user, now)]


def _launcher(file: Path | None, plan: Plan, now: float) -> list[Observation]:
    """Read from IBC's settings whether it makes the API read-only: no question to TWS could raise a dialog."""
    read_only = jts.ibc_read_only(file) if file is not None else None
    if read_only is None:
        return []
    return [
        kinds.READ_ONLY.seen(socket.subject, read_only, now, Provenance.INFERRED, "IBC's config.ini")
        for socket in plan.sockets
        if is_this_machine(socket.host)
    ]


def _own_user() -> str:
    try:
        return psutil.Process().username()
    except psutil.Error:
        return getpass.getuser()
