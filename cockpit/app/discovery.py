"""First start on a real desk: which of the usual doors are there, without settings and without touching them."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from cockpit.adapters.machine.local import LocalMachine
from cockpit.app.clock import SystemClock
from cockpit.app.desk import Desk, with_plan
from cockpit.domain import kinds
from cockpit.domain.facts import Facts, fold
from cockpit.domain.plan import Mode, Plan, Portal, Socket
from cockpit.domain.socket_session import program_subject
from cockpit.services.ports import Machine

# The customary ports; each can be changed in the program, so they are places to look and prove nothing.
USUAL = (
    Socket("tws", port=7496, program="TWS", mode=Mode.LIVE),
    Socket("tws-paper", port=7497, program="TWS", mode=Mode.PAPER),
    Socket("gateway-live", port=4001, program="IB Gateway", mode=Mode.LIVE),
    Socket("gateway-paper", port=4002, program="IB Gateway", mode=Mode.PAPER),
)


class Door(Struct, frozen=True):
    """One usual door and what stands behind it."""

    title: str
    host: str
    port: int
    program: str
    owner: str
    is_listening: bool
    is_running: bool


async def look(machine: Machine, now: float) -> tuple[Facts, Plan]:
    """Look at the usual doors. Passive: ports and processes are read, nothing is connected to."""
    plan = Plan(sockets=USUAL, portal=Portal())
    programs = await machine.look_at_programs()
    ports = await machine.look_at_ports(plan)
    return fold(Facts(), [*programs, *ports]), plan


async def look_at_usual_doors(profile: Path) -> tuple[Facts, Plan]:
    """Look at the usual doors of this PC. `profile` is the folder of the profile."""
    clock = SystemClock()
    return await look(LocalMachine(clock, profile), clock.now())


def doors(facts: Facts, plan: Plan) -> tuple[Door, ...]:
    """Return the usual doors with what was seen of each."""
    rows = [
        _door(
            facts,
            socket.subject,
            f"{socket.program}, usual {socket.mode.value} port",
            socket.host,
            socket.port,
            socket.program,
        )
        for socket in plan.sockets
    ]
    if plan.portal is not None:
        portal = plan.portal
        program = "Client Portal gateway"
        rows.append(_door(facts, portal.subject, program, portal.host, portal.port, program))
    return tuple(rows)


def _door(facts: Facts, subject: str, title: str, host: str, port: int, program: str) -> Door:
    listening = facts.look(kinds.LISTENING, subject)
    owner = facts.look(kinds.PORT_OWNER, subject)
    running = facts.look(kinds.RUNNING, program_subject(program))
    return Door(
        title,
        host,
        port,
        program,
        owner.value if owner is not None else "",
        listening is not None and listening.value,
        running is not None and running.value,
    )


def with_found_doors(desk: Desk, facts: Facts, plan: Plan) -> Desk:
    """Return the desk with the doors that listen; with the first usual one when none does."""

    def listens(subject: str) -> bool:
        seen = facts.look(kinds.LISTENING, subject)
        return seen is not None and seen.value

    sockets = tuple(socket for socket in plan.sockets if listens(socket.subject)) or plan.sockets[:1]
    portal = plan.portal if plan.portal is not None and listens(plan.portal.subject) else None
    return with_plan(desk, replace(desk.plan, sockets=sockets, portal=portal))


def nothing_runs(facts: Facts, plan: Plan) -> bool:
    """Whether neither a program of the broker nor a listening door was seen."""
    return not any(door.is_listening or door.is_running for door in doors(facts, plan))
